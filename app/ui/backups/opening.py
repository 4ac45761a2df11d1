"""By what a backup is opened: an officer's password of that day, or the sheet from the safe."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.bootstrap.restoring import ByCode, ByPassword, Way
from app.domain.errors import Refusal
from app.ui.forms.choices import Dropdown, Joined
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import fill
from app.words import gettext as _

_ABOUT_THE_CODE = {"code.form", "code.mistyped", "code.mistyped_group", "recovery.another_code"}


class Opening(QFrame):
    """Which way, who, and what is typed; `sets_password` asks for the one that she gets by the code."""

    changed = Signal()

    def __init__(
        self, officers: Sequence[tuple[str, str]], *, sets_password: bool, by_password: bool = True
    ) -> None:
        super().__init__()
        self._sets_password, self._is_alone = sets_password, len(officers) == 1
        ways = [("code", _("Sheet from the safe"))]
        if by_password:
            ways.insert(0, ("password", _("Password")))
        self.way = Field(_("Open it with"), Joined(ways))
        self.officer = Field(_("Who are you"), Dropdown(officers), required=True)
        hint = _("The one of the day of the backup")
        self.password = Field(_("Password"), PasswordBox(), required=True, hint=hint)
        of_the_sheet = _("The sheet of the day of the backup; capitals do not matter")
        self.code = Field(_("Recovery code"), TextBox(hint="K7QM-2F9T-…"), required=True, hint=of_the_sheet)
        self.new = Field(_("New password"), PasswordBox(), required=True)
        self.again = Field(_("New password once more"), PasswordBox(), required=True)
        self.form = Form(
            {
                "way": self.way,
                "officer": self.officer,
                "password": self.password,
                "code": self.code,
                "new": self.new,
                "again": self.again,
            }
        )
        fill(QVBoxLayout(self), self.form)
        self.way.control.set_value(ways[0][0])
        self.way.control.changed.connect(self._show)
        self.way.control.changed.connect(self.begin)
        for field in (self.password, self.code, self.new, self.again):
            field.control.textChanged.connect(lambda _text: self.changed.emit())
        self._show()

    @property
    def by_code(self) -> bool:
        """Whether the sheet opens it."""
        return self.way.control.value() == "code"

    def lacks(self) -> str:
        """What is not typed yet, in words for who wonders at a grey button; empty when nothing is."""
        if not self.by_code:
            return "" if self.password.control.text() else _("Type the password first.")
        if not self.code.control.text().strip():
            return _("Type the code of the sheet first.")
        is_new = not self._sets_password or (self.new.control.text() and self.again.control.text())
        return "" if is_new else _("Type the new password twice.")

    def wished(self) -> Way | None:
        """What was typed; None when it cannot be meant, which is said at the field."""
        self.form.clear_errors()
        officer = self.officer.control.value() or ""
        if not self.by_code:
            return ByPassword(officer, self.password.control.text())
        if self._sets_password and self.new.control.value() != self.again.control.value():
            self.form.show_error(Refusal("password.differs", field="again"))
            return None
        return ByCode(self.code.control.text(), officer, self.new.control.value())

    def show_error(self, error: Exception) -> bool:
        """Say a refusal at the field that it is about; False when it is about none."""
        if isinstance(error, Refusal):
            field = error.field
            if error.code in _ABOUT_THE_CODE:
                field = "code"
            elif field == "password" and self.by_code:
                field = "new"
            error = Refusal(error.code, field=field, **error.facts)
        return self.form.show_error(error)

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.password, self.code, self.new, self.again):
            field.control.clear()

    def _show(self) -> None:
        by_code = self.by_code
        self.password.setVisible(not by_code)
        self.code.setVisible(by_code)
        self.officer.setVisible(not self._is_alone and (not by_code or self._sets_password))
        for field in (self.new, self.again):
            field.setVisible(by_code and self._sets_password)
        self.changed.emit()

    def begin(self) -> None:
        """The keyboard goes to what is typed first."""
        (self.code if self.by_code else self.password).control.setFocus()
