"""The bar under a page: back, what was kept, what is wrong, and the next step."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, fill, footer, label
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import gettext as _
from app.words import ngettext

_HEIGHT, _TITLE_WIDTH = 60, 240
_GAPS = 112  # margins, and between what stands in the bar


class Footing(QFrame):
    """`back`, `forth`: pressed. The next step is named; on the review it hands in."""

    back = Signal()
    forth = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.back_button = Button(_("Previous page"), icon="chevron-left", size="unlock", on=self.back.emit)
        self.next_button = Button("", "primary", trailing="chevron-right", size="unlock", on=self.forth.emit)
        self._tick, self._cross = IconLabel("tick", 14, "ok"), IconLabel("triangle", 14, "bad")
        self._said, self._brief = "", ""
        self._kept = label("", "second")
        self._kept.setMinimumWidth(1)
        self._errors = label("", tone="bad")
        kept = (self._tick, self._cross, self._kept)
        bar = footer(self.back_button, *kept, STRETCH, self._errors, self.next_button, height=_HEIGHT)
        fill(QVBoxLayout(self), bar)
        self.say("", is_kept=None)

    def show_step(self, following: str, errors: int, *, is_first: bool) -> None:
        """What comes next, empty for handing in; how much is wrong on this page."""
        self.back_button.setText(_("Leave for now") if is_first else _("Previous page"))
        self.next_button.setText(
            _("Next page: {title}").format(title=_fitting(following)) if following else _("Hand in the sheet")
        )
        said = ngettext("{errors} error on this page", "{errors} errors on this page", errors)
        self._errors.setText(said.format(errors=errors) if errors else "")
        for button in (self.back_button, self.next_button):
            button.updateGeometry()
        self._fit()

    def show_kept(self, at: datetime) -> None:
        """When the draft was last kept."""
        time = f"{at:%H:%M:%S}"
        self.say(_("Draft kept {time}").format(time=time), is_kept=True, brief=time)

    def say(self, words: str, *, is_kept: bool | None, brief: str = "") -> None:
        """Words about the draft, with a tick or a warning before them; `brief` where they have no room."""
        self._said, self._brief = words, brief
        self._kept.setToolTip(words)
        self._tick.setVisible(is_kept is True)
        self._cross.setVisible(is_kept is False)
        self._fit()

    @property
    def kept(self) -> str:
        """What is said of the draft."""
        return self._said

    @property
    def errors(self) -> str:
        """What is said of this page."""
        return self._errors.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As much of the words as there is room for beside the buttons, and no half of a time."""
        beside = (self.back_button, self.next_button, self._errors, self._tick)
        room = self.width() - sum(each.sizeHint().width() for each in beside) - look().px(_GAPS)
        metrics = QFontMetrics(self._kept.font())
        shown = self._said
        if metrics.horizontalAdvance(shown) > room:
            shown = self._brief or metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(room, 0))
        self._kept.setText(shown if metrics.horizontalAdvance(shown) <= room else "")


def _fitting(title: str) -> str:
    metrics = QFontMetrics(look().font("strong"))
    return metrics.elidedText(title, Qt.TextElideMode.ElideRight, look().px(_TITLE_WIDTH))
