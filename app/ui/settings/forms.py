"""The forms of surveys that this laptop has, and the way to look over one that is being written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import forms
from app.store.forms import Form
from app.ui.parts.boxes import STRETCH, card, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Mark
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts
from app.ui.window import Window
from app.words import gettext as _

_LABEL_WIDTH = 320


class FormsCard(QFrame):
    """Those that may be begun, then those that are only finished and read."""

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self.lines = Holder()
        self.look = Button(_("Check a form…"), icon="checklist", on=lambda: window.go("form-check"))
        told = _(
            "They come with a sync, when the province publishes one. Whoever writes one looks it over here."
        )
        whole = card(
            label(_("Survey forms"), "card"),
            label(told, "second", wrap=True),
            self.lines,
            row(self.look, STRETCH),
        )
        self.setLayout(column_layout(whole))

    def refresh(self) -> None:
        """Read again."""
        self._window.jobs.run(self, _known, self._desk, title="forms", done=self._show)

    def _show(self, found: Sequence[Form]) -> None:
        if not found:
            self.lines.put(label(_("This laptop has no form yet.")))
            return
        shown = sorted(found, key=lambda each: not each.is_open)
        self.lines.put(Facts([(_named(each), _standing(each)) for each in shown], label_width=_LABEL_WIDTH))


def _known(_progress: Progress, desk: Desk) -> list[Form]:
    with desk.vault.read() as connection:
        return forms.known(connection)


def _named(form: Form) -> str:
    return _("{title} · version {version}").format(title=form.title or form.id, version=form.version)


def _standing(form: Form) -> QFrame:
    used = Mark(_("may be begun"), "tick", "ok")
    return row(
        used if form.is_open else Mark(_("only what was begun is finished"), "dash", "neutral"), STRETCH
    )
