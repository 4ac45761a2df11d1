"""A forgotten password: the sheet from the safe, and a new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.bootstrap.shelves import Shelf
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.forms.text import TextBox
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.bootstrap.entering import Entered

_ABOUT_THE_CODE = {"code.form", "code.mistyped", "code.mistyped_group", "recovery.another_code"}


@dataclass(frozen=True)
class Ways:
    """Where recovery leads."""

    opened: Callable[[Entered], object]
    back: Callable[[], object]
    rescue: Callable[[], object]


class Forgotten(Room):
    """The code opens the register; her old signing key is gone with her password, and everyone sees it."""

    frame = "bare"
    help_page = "quen-mat-khau"

    def __init__(self, window: Window, shelf: Shelf, reference: Reference, ways: Ways) -> None:
        super().__init__(window)
        self._shelf, self._reference, self._ways = shelf, reference, ways
        officers = [(slot.officer, slot.name) for slot in shelf.keyfile().officers]
        self.officer = Field(_("Who are you"), Dropdown(officers), required=True)
        self.code = Field(
            _("Recovery code"),
            TextBox(hint="K7QM-2F9T-…"),
            required=True,
            hint=_("From the sheet in the safe; capitals do not matter"),
        )
        self.password = Field(_("New password"), PasswordBox(), required=True)
        self.again = Field(_("New password once more"), PasswordBox(), required=True)
        self.form = Form(
            {"officer": self.officer, "code": self.code, "password": self.password, "again": self.again}
        )
        self.notice, self.bar = NoticeSlot(), WorkBar(at_edge=True)
        self.open_button = Button(_("Set the password and open"), "primary", size="form", on=self._recover)
        page = card(self.form, margins=16)
        page.setFixedWidth(look().px(460))
        words = _("What was saved stays. A new code is made; the old sheet opens nothing any more.")
        title = label(_("Forgot the password"), "page")
        body = column(self.notice, row(page, STRETCH), gap=12)
        told = label(words, "second", wrap=True)
        cover = Cover(place_lines(shelf.place.name, shelf.place.province), width=360)
        away = Button(_("No sheet either"), "link", on=ways.rescue)
        foot = (away, STRETCH, Button(_("Back"), size="form", on=ways.back), self.open_button)
        self.setLayout(covered(cover, (title, told, 12, body, STRETCH), [self.bar], foot))

    def enter(self, **arguments: object) -> None:
        self.code.control.setFocus()

    def _recover(self) -> None:
        self.form.clear_errors()
        if self.password.control.value() != self.again.control.value():
            self._failed(Refusal("password.differs", field="again"))
            return
        self.open_button.busy(_("Opening…"))
        officer = self.officer.control.value() or ""
        typed = (self.code.control.text(), self.password.control.value(), self._reference)
        self.shell.jobs.run(
            self,
            _open,
            self._shelf,
            officer,
            *typed,
            lane="write",
            done=self._opened,
            failed=self._failed,
            bar=self.bar,
        )

    def _opened(self, opened: Entered) -> None:
        self.open_button.ready()
        self._ways.opened(opened)

    def _failed(self, error: Exception) -> None:
        self.open_button.ready()
        if isinstance(error, Refusal) and error.code in _ABOUT_THE_CODE:
            error = Refusal(error.code, field="code", **error.facts)
        if not self.form.show_error(error):
            self.notice.show_error(error)


def _open(
    progress: Progress, shelf: Shelf, officer: str, code: str, password: str, reference: Reference
) -> Entered:
    from app.bootstrap.entering import recover

    return recover(shelf, officer, code, password, reference, progress)
