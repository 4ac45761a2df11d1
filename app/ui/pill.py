"""The pill at the top right: how this copy stands with the centre, in a few words.

    window.pill.show_state(offline(waiting=12))

Offline is neutral, never red: it is a normal day. It never moves, blinks or takes focus, and
grows to the left. Green is for a caller who knows that the centre's digest equals ours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from app.ui import icons
from app.ui.parts.chips import FIXED, paint_pill
from app.ui.theme import Tone, look
from app.words import gettext as _
from app.words import ngettext

Kind = Literal["synced", "offline", "waiting", "syncing", "failed", "conflict"]
_ICONS = {
    "synced": "tick",
    "offline": "offline",
    "waiting": "ring",
    "failed": "triangle",
    "conflict": "triangle",
}
_TONES: dict[str, Tone] = {"failed": "warn", "conflict": "bad"}


@dataclass(frozen=True)
class Link:
    """What the pill shows; `why` unfolds on hover."""

    kind: Kind
    words: str
    why: str = ""

    def with_why(self, more: str) -> Link:
        """The same with one sentence more on hover."""
        return replace(self, why=" ".join(part for part in (self.why, more) if part))


def before_the_list(shown: Link, days: int, changes: int, why: str) -> Link:
    """The same while the list's deadline leads: what it still waits for comes first."""
    words = ngettext(
        "{days} day left · {changes} for the list", "{days} days left · {changes} for the list", days
    )
    words = words if days else _("Due today · {changes} for the list")
    return replace(shown, words=words.format(days=days, changes=changes)).with_why(why)


def synced(minutes: int) -> Link:
    """All sent, all received, and the digests agree."""
    if minutes < 1:
        return Link("synced", _("Synced just now"))
    if minutes < 60:
        return Link(
            "synced",
            ngettext("Synced {minutes} minute ago", "Synced {minutes} minutes ago", minutes).format(
                minutes=minutes
            ),
        )
    return Link(
        "synced",
        ngettext("Synced {hours} hour ago", "Synced {hours} hours ago", minutes // 60).format(
            hours=minutes // 60
        ),
    )


def offline(waiting: int) -> Link:
    """No link; so many changes wait here."""
    if not waiting:
        return Link("offline", _("Offline"))
    return Link(
        "offline",
        ngettext("Offline · {waiting} change waiting", "Offline · {waiting} changes waiting", waiting).format(
            waiting=waiting
        ),
    )


def waiting(changes: int) -> Link:
    """A link, and changes that have not gone yet."""
    return Link(
        "waiting",
        ngettext("{waiting} change waiting", "{waiting} changes waiting", changes).format(waiting=changes),
    )


def syncing(done: int = 0, total: int = 0) -> Link:
    """An exchange is under way."""
    if not total:
        return Link("syncing", _("Syncing…"))
    return Link("syncing", _("Syncing {done}/{total}").format(done=done, total=total))


def failed(reason: str, next_try: str = "") -> Link:
    """The last exchange failed; the reason and when it tries again show on hover."""
    return Link("failed", _("Not synced yet"), " ".join(part for part in (reason, next_try) if part))


def fetched_anew() -> Link:
    """This copy had differed from the centre's and was fetched anew; nobody has looked where yet."""
    why = _("This copy had differed from the centre's: see where in Sync.")
    return Link("failed", _("Fetched anew"), why)


def conflicts(count: int, pronoun: str = "") -> Link:
    """So many conflicts wait for this officer; `pronoun` is chị or anh from her profile."""
    words = (
        ngettext("{count} conflict needs you", "{count} conflicts need you", count)
        if pronoun
        else ngettext("{count} conflict waiting", "{count} conflicts waiting", count)
    )
    return Link("conflict", words.format(count=count, pronoun=pronoun))


class Pill(QAbstractButton):
    """28 px high; a click opens the sync room. `on_spine` for the drive's dark header.

    `said` gives each state it shows, for a second pill in a room that has its own header.
    """

    said = Signal(object)

    def __init__(self, *, on_spine: bool = False) -> None:
        super().__init__()
        self.link = Link("offline", "")
        self._on_spine = on_spine
        self._is_short = False
        self._angle = 0
        self._turn = QTimer(self, interval=120)
        self._turn.timeout.connect(self._step)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(FIXED, FIXED)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def show_state(self, link: Link) -> None:
        """Show how things stand."""
        self.link = link
        self.setAccessibleName(link.words)
        self.setToolTip(link.why)
        if link.kind == "syncing":
            self._turn.start()
        else:
            self._turn.stop()
        self.setVisible(bool(link.words))
        self.updateGeometry()
        self.update()
        self.said.emit(link)

    def set_short(self, short: bool) -> None:
        """Icon alone, the words on hover, where there is no room for them."""
        self._is_short = short
        self.setToolTip(f"{self.link.words} {self.link.why}".strip() if short else self.link.why)
        self.updateGeometry()

    def _step(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()

    def sizeHint(self) -> QSize:
        px = look().px
        words = QFontMetrics(look().font("caption")).horizontalAdvance(self.link.words)
        if self._is_short:
            return QSize(px(12) + px(13) + px(12), px(28))
        return QSize(px(12) + px(13) + px(6) + words + px(13), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        kind = self.link.kind
        if self._on_spine:
            ink, fill, outline = colours.onFill, colours.spineSelected, None
        elif kind in _TONES:
            (ink, fill), outline = look().tone(_TONES[kind]), None
        elif kind == "offline":
            ink, fill, outline = colours.ink2, colours.neutralSoft, None
        else:
            ink, fill, outline = colours.ink2, colours.surface, colours.line
        paint_pill(painter, self.rect(), fill, outline)
        box = QRect(px(12), (self.height() - px(13)) // 2, px(13), px(13))
        if kind == "syncing":
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(QRectF(box).adjusted(1, 1, -1, -1), -self._angle * 16, 270 * 16)
        else:
            icons.paint(
                painter, box, _ICONS[kind], colours.ok if kind == "synced" and not self._on_spine else ink
            )
        if self._is_short:
            return
        painter.setPen(ink)
        painter.setFont(look().font("caption"))
        words = self.rect().adjusted(px(12) + px(13) + px(6), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.link.words)
