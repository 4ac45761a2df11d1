"""What the pages of duplicates share: what will follow, said in the foot, and the buttons beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions.desk import Desk
from app.ui.duplicates.found import Found
from app.ui.parts.buttons import Button
from app.words import gettext as _


class Page(QFrame):
    """One page. `wanted` asks for a write: function, arguments after the desk, what to say when done."""

    changed = Signal()
    later = Signal()
    wanted = Signal(object, tuple, str)

    def __init__(self, desk: Desk, found: Found) -> None:
        super().__init__()
        self.desk, self.found = desk, found
        self.buttons: Sequence[Button] = ()

    @property
    def primary(self) -> Button | None:
        """What Ctrl Enter presses."""
        return self.buttons[-1] if self.buttons else None

    def follows(self) -> str:
        """What will follow, in one line."""
        return ""

    def begin(self) -> None:
        """Put the cursor where the work begins."""

    def ask(self, act: Callable[..., str], *work: object, said: str) -> None:
        """Ask for a write."""
        self.wanted.emit(act, work, said)

    def allow(self, reason: str, *buttons: Button) -> None:
        """Let these be pressed once a reason is given."""
        for button in buttons:
            if reason:
                button.allow()
            else:
                button.forbid(_("Say why first."))
