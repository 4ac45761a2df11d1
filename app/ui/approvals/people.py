"""Two people to be joined or parted, side by side; a batch of pairs as a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.actions.desk import Desk
from app.domain.aliases import UNMERGE
from app.store.twins import Candidate
from app.ui.approvals import wording
from app.ui.approvals.found import PeopleCase
from app.ui.approvals.page import ApprovalPage, Looked
from app.ui.duplicates.sides import entered_of, facts_of
from app.ui.duplicates.wording import entered_at
from app.ui.jobs import Jobs
from app.ui.parts.chips import Chip
from app.ui.parts.comparison import Comparison
from app.ui.tables.columns import Column
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _

_ROW, _TALLEST, _TALLEST_LARGE = 32, 384, 208


class PeoplePage(ApprovalPage):
    """Who stays, who goes into her, what both records say."""

    def __init__(
        self, desk: Desk, jobs: Jobs, case: PeopleCase, looked_at: Looked, open_file: Callable[[], object]
    ) -> None:
        self._people = case
        super().__init__(desk, jobs, case, looked_at, open_file)
        cautions = [wording.caution_notice(each) for each in case.asked.cautions]
        self.lay_out(self._shown(), *cautions)

    def about(self) -> Sequence[str]:
        why = self.case.asked.why
        return (*super().about(), f"“{why}”" if why else "")

    def own_words(self) -> str:
        count = len(self._people.pairs)
        if count != 1:
            return counted(
                "I have looked through the {count} pair.", "I have looked through all {count} pairs.", count
            )
        return _("I have looked at both records.")

    def phrases(self) -> list[str]:
        return [_("Two people, asked both"), _("Ask her again")]

    def _shown(self) -> QWidget:
        if len(self._people.pairs) != 1:
            return _list(self._people, self.desk)
        stays, goes = self._people.pairs[0]
        is_unmerge = self.case.asked.kind == UNMERGE
        left = (_("Stays"), Chip(entered_at(stays), "tick", "ok"))
        words = _("Parted from it") if is_unmerge else _("Goes into it")
        right = (words, Chip(entered_at(goes), "undo" if is_unmerge else "merge", "neutral"))
        lines = [*facts_of(self.desk, stays, goes), *entered_of(self.case.names, stays, goes)]
        return Comparison(left, right, lines)


def _list(case: PeopleCase, desk: Desk) -> Table:
    pairs = {goes.record: (stays, goes) for stays, goes in case.pairs}

    def told(name: str, words: str, width: int, *, grows: bool = False) -> Column:
        def show(pair: tuple[Candidate, Candidate]) -> str:
            value = pair[0].values.get(name)
            return show_value("person", name, value, desk.reference) if value is not None else ""

        return Column(
            name, words, width, show, kind="name" if grows else "text", grows=grows, is_sortable=False
        )

    table = Table(
        (
            told("name", _("field.person.name"), 140, grows=True),
            told("birth", _("field.person.birth"), 104),
            told("personal_id", _("field.person.personal_id"), 124),
            told("hamlet", _("field.person.hamlet"), 118),
            Column("stays", _("Stays"), 144, lambda pair: entered_at(pair[0]), is_sortable=False),
            Column("goes", _("Goes into it"), 144, lambda pair: entered_at(pair[1]), is_sortable=False),
        ),
        lambda ids: [pairs.get(each) for each in ids],
    )
    tallest = _TALLEST if look().factor < 1.5 else _TALLEST_LARGE
    table.setFixedHeight(look().px(min(_ROW * (len(pairs) + 1) + 4, tallest)))
    if look().factor >= 1.5:
        table.show_columns(("name", "birth", "stays"))
    table.set_ids(list(pairs))
    return table
