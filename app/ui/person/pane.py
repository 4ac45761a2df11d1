"""The pane beside the list: who she is, what she is paid, where, and the next step."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from app.actions.desk import Desk
from app.store import dossier
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Empty, Pane, section
from app.ui.person import summary
from app.ui.person.facts import STATE_MARKS, who
from app.ui.window import Window
from app.words import gettext as _

_LABEL = 104


class PersonPane(Pane):
    """Filled off one person; every look at a masked number is audited."""

    def __init__(self, window: Window, desk: Desk) -> None:
        self._file = Button(_("Open the file"), "primary", on=self._open_file)
        self._account = Button(_("Enrol an account"), icon="bank", on=self._open_drive)
        super().__init__(row(self._file, self._account, STRETCH, gap=8, margins=(16, 12), role="footer"))
        self._window, self._desk = window, desk
        self._record = ""
        self.show_person(None)

    def show_person(self, person: dossier.Person | None) -> None:
        """Show her, or nobody."""
        self._record = person.row.id if person is not None else ""
        self._file.setEnabled(person is not None)
        self._account.setEnabled(person is not None and person.row.state == "active")
        if person is None:
            self.show_parts(Empty(_("Nobody is chosen."), icon="person"))
            return
        head = person.household.head if person.household else ""
        self.show_parts(
            self._head(person),
            summary.identity(self._desk, person, head, _LABEL),
            summary.rights(self._desk, person),
            summary.accounts(self._desk, person, _LABEL),
        )

    def _head(self, person: dossier.Person) -> QFrame:
        known = person.row
        icon, tone = STATE_MARKS.get(known.state, ("dash", "neutral"))
        chips = [Chip(_(f"choice.person.state.{known.state}"), icon, tone)]
        if person.conflicts:
            chips.append(Chip(_("Conflict"), "triangle", "bad"))
        elif known.is_waiting:
            chips.append(Chip(_("Waiting to go"), "ring", "neutral"))
        line = who(known.sex, known.birth, known.hamlet, self._desk.clock.today())
        words = (label(known.name, "pane", wrap=True), label(line, "second", wrap=True))
        told = column(*words, 4, row(*chips, STRETCH, gap=6), STRETCH)
        return section("", row(summary.portrait(), told, gap=12))

    def _open_file(self) -> None:
        self._window.go("person", person=self._record)

    def _open_drive(self) -> None:
        self._window.go("drive", person=self._record)
