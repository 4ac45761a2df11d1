"""What the window knows of a room: a head, a way in, and what it does with keys and scans.

    class Today(Room):
        def __init__(self, desk: Desk, window: Window) -> None:
            super().__init__(window)          # self.shell is the window
            self.set_head(_("Today"), "Thứ Hai, 23/11/2026", actions=[button])

        def enter(self, **arguments: object) -> None:   # each time window.go("today", …) comes here
            self.refresh()

Build widgets in `__init__`, read data in `enter`. A change of text size builds rooms anew and
enters them with the same arguments, so keep what must survive in the arguments or a draft.
`frame = "bare"` takes the whole window (unlock, first start, drive); "shell" sits beside the rail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.ui.window import Window

Frame = Literal["shell", "bare"]


@dataclass(frozen=True)
class Head:
    """The top bar while a room is shown; `back` names the room the arrow leads to."""

    title: str = ""
    subtitle: str = ""
    actions: Sequence[QWidget] = field(default_factory=tuple)
    back: str = ""
    has_search: bool = False


class Room(QWidget):
    """The base of every room of ui.md."""

    frame: ClassVar[Frame] = "shell"
    section: ClassVar[str] = ""  # the rail entry that stays marked while this room is shown
    help_page: ClassVar[str] = ""
    head_changed = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__()
        self.shell = window
        self.head = Head()

    def set_head(
        self,
        title: str,
        subtitle: str = "",
        *,
        actions: Sequence[QWidget] | None = None,
        back: str = "",
        has_search: bool = False,
    ) -> None:
        """Say what the top bar shows; `has_search` puts the search-from-anywhere box there.

        `actions` are kept from the last call when not given: their widgets stay the same.
        """
        kept = self.head.actions if actions is None else actions
        self.head = Head(title, subtitle, tuple(kept), back, has_search)
        self.head_changed.emit()

    def enter(self, **arguments: object) -> None:
        """Called each time the window comes here, with what `window.go` was given."""

    def leave(self) -> None:
        """Called before another room is shown, or this one goes; drafts keep themselves: nothing is asked."""

    def search(self) -> bool:
        """Ctrl+K: put the cursor in this room's search box; False when it has none."""
        return False

    def take_scan(self, text: str) -> bool:
        """A scanner typed `text`; True when this room knew what to do with it."""
        return False
