"""What happened, what was kept, what to do: said in place, never in a pop-up.

    Notice(_("The number belongs to another person."), _("Nothing was saved."), tone="bad")
    self.notice = NoticeSlot(); layout.addWidget(self.notice)
    jobs.run(self, …, failed=self.notice.show_error)       # Refusal, Trouble; Cancelled clears it
    self.bar = WorkBar(); jobs.run(self, …, bar=self.bar)  # a bar in the pane, with Cancel

A Refusal that names a field belongs at that field (`app.ui.forms`); the slot is for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import Cancelled, Refusal
from app.domain.text import show_amount
from app.ui import icons
from app.ui.charts import Progressbar
from app.ui.parts.boxes import STRETCH, column_layout, fill, label
from app.ui.parts.buttons import Button
from app.ui.theme import Tone, give, look
from app.words import explain, ngettext
from app.words import gettext as _

_ICONS = {"ok": "tick", "warn": "triangle", "bad": "triangle", "info": "info", "neutral": "info"}
TOAST_S = 8


class IconLabel(QLabel):
    """An icon that changes colour with the theme; for icons that stand beside words."""

    def __init__(self, name: str, size: int = 16, token: str = "ink") -> None:
        super().__init__()
        self._name, self._size, self._token = name, size, token
        self.setFixedSize(look().px(size), look().px(size))
        self._draw()

    def _draw(self) -> None:
        colour = getattr(look().colours, self._token)
        self.setPixmap(icons.pixmap(self._name, look().px(self._size), colour, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


class Notice(QFrame):
    """3 px edge, soft fill, icon, one bold sentence, then the rest; `action` stands at the right."""

    def __init__(
        self,
        happened: str,
        rest: str = "",
        *,
        tone: Tone = "info",
        icon: str = "",
        action: QWidget | None = None,
    ) -> None:
        super().__init__()
        give(self, role="notice", tone=tone)
        token = {"info": "accent"}.get(tone, tone)
        self.picture = IconLabel(icon or _ICONS[tone], 16, token)
        self.words = label(_sentences(happened, rest), wrap=True, rich=True)
        self.words.setMinimumWidth(1)
        layout = QHBoxLayout(self)
        picture = column_layout(1, self.picture, STRETCH)
        fill(layout, picture, column_layout(self.words, STRETCH), gap=8, margins=(10, 8, 12, 8))
        layout.setStretch(1, 1)
        if action is not None:
            layout.addWidget(action)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(f"{happened} {rest}".strip())


def _sentences(happened: str, rest: str) -> str:
    def plain(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    words = f'<span style="font-weight:600">{plain(happened)}</span> {plain(rest)}'.strip()
    return f'<div style="line-height:114%">{words}</div>'


class NoticeSlot(QFrame):
    """A place in a pane where at most one notice stands; takes no room while empty.

    `at_edge`: nothing around it keeps its distance.
    """

    def __init__(self, *, at_edge: bool = False) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._margins = (20, 8) if at_edge else (0, 0)
        fill(self._layout, margins=self._margins)
        self._notice: Notice | None = None
        self.hide()

    def say(
        self,
        happened: str,
        rest: str = "",
        *,
        tone: Tone = "info",
        icon: str = "",
        action: QWidget | None = None,
    ) -> None:
        """Show a notice instead of the one that stands here."""
        self.clear()
        fill(self._layout, margins=self._margins)  # the window's own outlives a change of the text's size
        self._notice = Notice(happened, rest, tone=tone, icon=icon, action=action)
        self._layout.addWidget(self._notice)
        self.show()

    def show_error(self, error: BaseException) -> None:
        """Say an error in the officer's words; Cancelled only clears (nothing went wrong)."""
        if isinstance(error, Cancelled):
            self.clear()
            return
        told = explain(error)
        tone: Tone = "warn" if isinstance(error, Refusal) else "bad"
        self.say(told.happened, told.rest, tone=tone)

    def clear(self) -> None:
        """Take the notice away."""
        if self._notice is not None:
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
        self.hide()

    @property
    def text(self) -> str:
        """What is being said, for tests and screen readers."""
        return self._notice.accessibleName() if self._notice else ""


class Cancellable(Protocol):
    """What a bar can stop: a `jobs.Job`."""

    title: str

    def cancel(self) -> None: ...


_COUNTED_BELOW = 150_000  # people and rows are counted; nobody reads more than that


class WorkBar(QFrame):
    """Long work in a pane's footer: what, 214/371, time left, Cancel. Give it to `jobs.run(bar=…)`.

    `at_edge`: it stands at the edge of a room, where nothing around it keeps its distance.
    """

    def __init__(self, *, at_edge: bool = False) -> None:
        super().__init__()
        self._job: Cancellable | None = None
        self._title = label("", "strong")
        self._bar = Progressbar()
        self._left = label("", "second")
        self._stop = Button(_("Cancel"), size="small", on=self._cancel)
        layout = QHBoxLayout(self)
        parts = (self._title, self._bar, self._left, self._stop)
        fill(layout, *parts, gap=12, margins=(20, 8) if at_edge else 0)
        layout.setStretch(1, 1)
        self.hide()

    def begin(self, job: Cancellable) -> None:
        """Called by the jobs when 600 ms have passed."""
        self._job = job
        self._title.setText(job.title)
        self._left.setText("")
        self._stop.setEnabled(True)
        self._bar.set_parts(0, 0)
        self.show()

    def tell(self, done: int, total: int, what: str, elapsed_s: float) -> None:
        """The state of the work, ten times a second."""
        title = _(what) if what else self._job.title if self._job else ""
        self._title.setText(f"{title} {how_far(done, total)}".strip())
        if total:
            self._bar.set_parts(done, total)
        else:
            self._bar.set_moving(elapsed_s)
        self._left.setText(time_left(done, total, elapsed_s))

    def end(self) -> None:
        """The work is over."""
        self._job = None
        self.hide()

    def _cancel(self) -> None:
        if self._job is not None:
            self._stop.setEnabled(False)
            self._job.cancel()


def how_far(done: int, total: int) -> str:
    """“214/371”; of so many that they are bytes or pages, the share; empty while nobody knows of how many."""
    if total >= _COUNTED_BELOW:
        return f"{min(done * 100 // total, 100)} %"
    return f"{show_amount(done)}/{show_amount(total)}" if total else ""


def time_left(done: int, total: int, elapsed_s: float) -> str:
    """“9 seconds left” from the pace so far; empty until 2 s have shown a pace."""
    if not done or not total or elapsed_s < 2:
        return ""
    left_s = elapsed_s / done * (total - done)
    if left_s < 60:
        return _("{seconds} seconds left").format(seconds=max(1, round(left_s)))
    return ngettext("about {minutes} minute left", "about {minutes} minutes left", round(left_s / 60)).format(
        minutes=round(left_s / 60)
    )


class Toast(QFrame):
    """Bottom left for 8 s, only for undo: “Saved Lò Thị Pánh · Undo”."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        give(self, role="toast")
        self._words = label()
        self._undo: Callable[[], object] | None = None
        self._button = Button(_("Undo"), "toastlink", on=self._press)
        layout = QHBoxLayout(self)
        fill(layout, self._words, self._button, gap=12, margins=(14, 8))
        self._timer = QTimer(self, singleShot=True, interval=TOAST_S * 1000)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """Show `words`; `undo` runs once if pressed in time."""
        self._words.setText(words)
        self._undo = undo
        self._button.setVisible(undo is not None)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def _press(self) -> None:
        undo, self._undo = self._undo, None
        self._timer.stop()
        self.hide()
        if undo is not None:
            undo()

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            gap = look().px(16)
            self.move(gap, parent.height() - self.height() - gap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
