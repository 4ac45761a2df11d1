"""A conflict about where somebody is paid, as another officer would have it decided."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.actions.desk import Desk
from app.ui.approvals import wording
from app.ui.approvals.found import DecisionCase
from app.ui.approvals.page import ApprovalPage, Looked
from app.ui.conflicts import wording as contests
from app.ui.conflicts.sides import sides
from app.ui.jobs import Jobs
from app.ui.notices import Notice
from app.words import gettext as _


class DecisionPage(ApprovalPage):
    """Both sides as whoever decided saw them, and what would stand."""

    def __init__(
        self, desk: Desk, jobs: Jobs, case: DecisionCase, looked_at: Looked, open_file: Callable[[], object]
    ) -> None:
        self._decision = case
        super().__init__(desk, jobs, case, looked_at, open_file)
        cautions = [wording.caution_notice(each) for each in case.asked.cautions]
        self.lay_out(*self._shown(), *cautions)

    def own_words(self) -> str:
        return _("I have looked at both sides and the reason.")

    def _shown(self) -> list[QWidget]:
        contest, found = self._decision.contest, self._decision.contests
        if contest is None:
            return [Notice(_("The conflict is open no more: nothing is left to decide."), tone="warn")]
        told = [
            f"{contests.field_words(cell.kind, cell.field)}: "
            f"{contests.value_words(found, cell, value, self.desk.reference)}"
            for cell, value in zip(contest.cells, self._decision.values, strict=True)
        ]
        happened = _("Would stand: {values}.").format(values="; ".join(told))
        why = _("Reason given: “{why}”.").format(why=self.case.asked.why) if self.case.asked.why else ""
        return [Notice(happened, why, icon="clock"), sides(self.desk, found, contest)]
