"""A laptop that was restored from a backup, as another officer is told of it."""

from __future__ import annotations

from collections.abc import Callable

from app.actions.desk import Desk
from app.ui.approvals.found import RestoreCase
from app.ui.approvals.page import ApprovalPage, Looked
from app.ui.jobs import Jobs
from app.ui.moments import show_written
from app.ui.notices import Notice
from app.ui.parts.boxes import card
from app.ui.parts.panes import Facts
from app.words import gettext as _


class RestorePage(ApprovalPage):
    """From when the backup was, from which laptop, by whom; nothing of the register waits for the answer."""

    def __init__(
        self, desk: Desk, jobs: Jobs, case: RestoreCase, looked_at: Looked, open_file: Callable[[], object]
    ) -> None:
        super().__init__(desk, jobs, case, looked_at, open_file)
        backup, names = case.backup, case.names
        facts = [
            (_("Backup of"), show_written(str(backup.get("made") or ""))),
            (_("Laptop"), names.machine(str(backup.get("from") or ""))),
            (_("Changes that had not been sent"), str(backup.get("waiting") or 0)),
        ]
        told = _("What that laptop saved after the backup, and had not sent, is not on it any more.")
        happened = _("Ask who restored it, and why; what the centre has came back by itself.")
        self.lay_out(card(Facts(facts, label_width=220)), Notice(happened, told, icon="info"))

    def own_words(self) -> str:
        return _("I know of this and why it was done.")

    def phrases(self) -> list[str]:
        return [_("Nobody here knows why")]
