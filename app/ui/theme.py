"""The look: every colour, type role and size of the window, light, dark and training.

Nobody else writes a colour or a pixel. A room gives a widget a role (`give(label, role="hint")`)
and the style sheet does the rest; what paints itself asks `look()` *while painting*, so that a
change of theme or text size reaches it by a plain repaint:

    from app.ui.theme import give, look
    painter.setPen(look().colours.ink2)
    painter.setFont(look().font("caption"))
    height = look().px(28)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from string import Template
from typing import Literal, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.resources import resource
from app.ui import fonts

Tone = Literal["ok", "warn", "bad", "neutral", "info"]
FACTORS = (1.0, 1.1, 1.25, 1.5, 1.75)


@dataclass(frozen=True)
class Colours:
    """The tokens of design/look/look.md, by name."""

    canvas: QColor
    surface: QColor
    sunk: QColor
    hover: QColor
    line: QColor
    line2: QColor
    ink: QColor
    ink2: QColor
    ink3: QColor
    accent: QColor
    accentFill: QColor
    accentHover: QColor
    accentPress: QColor
    accentSoft: QColor
    accentLine: QColor
    bar: QColor
    bar2: QColor
    track: QColor
    ok: QColor
    okSoft: QColor
    warn: QColor
    warnSoft: QColor
    bad: QColor
    badSoft: QColor
    neutral: QColor
    neutralSoft: QColor
    spine: QColor
    spineSelected: QColor
    spineInk: QColor
    spineEdge: QColor
    spineRule: QColor
    spineMark: QColor
    paper: QColor
    paperInk: QColor
    selection: QColor
    scroll: QColor
    toastLink: QColor
    focusOnFill: QColor
    onFill: QColor


def _colours(table: str) -> Colours:
    return Colours(*(QColor(word) for word in table.split()))


LIGHT = _colours(
    "#F4F3F0 #FFFFFF #FAF9F7 #F1EFEB #E0DDD7 #8E8B85 #1D2129 #4A515C #606772 "
    "#2456A6 #2456A6 #1D4789 #173A70 #E7EEF9 #AFC4E6 #2456A6 #88A9DC #E4E1DB "
    "#1B6A3B #E2F1E7 #845000 #FBEED6 #A1261D #FBE7E4 #4A515C #ECEAE6 "
    "#1B2E4B #2D4569 #C8D3E4 #14233A #31476A #8FB4EC #FDFCF9 #1B2E4B #C9DAF5 #B9B5AE #AFC4E6 #14233A #FFFFFF"
)
DARK = _colours(
    "#14171C #1B1F26 #20252D #242A33 #323945 #74808F #E6E9EE #B6BDC8 #929BA8 "
    "#8AB4F4 #2F64BC #3B73D1 #2856A3 #22334E #41608F #8AB4F4 #4C6FA8 #333A45 "
    "#7FCE9C #1C3628 #EBBA62 #3A2E16 #F49C92 #44221F #B6BDC8 #2B313B "
    "#0E1218 #22334E #A9B4C4 #0A0D12 #262D38 #8AB4F4 #FDFCF9 #1B2E4B #35507C #4A525F #2456A6 #E6E9EE #FFFFFF"
)


def _training(colours: Colours) -> Colours:
    """Training wears brown where real work wears chàm, so nobody takes one for the other."""
    return replace(
        colours,
        spine=QColor("#5C3B10"),
        spineSelected=QColor("#7A5220"),
        spineInk=QColor("#EBD9BE"),
        spineEdge=QColor("#482D0B"),
        spineRule=QColor("#7A5220"),
        spineMark=QColor("#F0C27A"),
    )


@dataclass(frozen=True)
class Look:
    """One whole look: colours, the factor of all sizes (1.0-1.75), and whether it is training."""

    colours: Colours = LIGHT
    factor: float = 1.0
    is_dark: bool = False
    is_training: bool = False
    _fonts: dict[str, QFont] = field(default_factory=dict, compare=False, repr=False)

    def px(self, size: float) -> int:
        """A size given at 100 % in pixels of this look."""
        return round(size * self.factor)

    def font(self, role: str) -> QFont:
        """The font of a type role (`fonts.ROLES`) at this look's size."""
        font = self._fonts.get(role)
        if font is None:
            font = self._fonts[role] = fonts.font(role, self.factor)
        return font

    def tone(self, tone: Tone) -> tuple[QColor, QColor]:
        """Text and soft fill of a state."""
        colours = self.colours
        match tone:
            case "ok":
                return colours.ok, colours.okSoft
            case "warn":
                return colours.warn, colours.warnSoft
            case "bad":
                return colours.bad, colours.badSoft
            case "info":
                return colours.accent, colours.accentSoft
            case "neutral":
                return colours.neutral, colours.neutralSoft


def make_look(*, dark: bool = False, factor: float = 1.0, training: bool = False) -> Look:
    """The look for these wishes; the factor is held within 1.0-1.75."""
    colours = DARK if dark else LIGHT
    return Look(
        _training(colours) if training else colours,
        min(max(factor, FACTORS[0]), FACTORS[-1]),
        dark,
        training,
    )


_current = Look()


def look() -> Look:
    """The look being worn now; ask again at each paint rather than keeping it."""
    return _current


def wear(app: QApplication, new: Look) -> None:
    """Dress the whole application in one step: font, palette, style sheet."""
    global _current
    _current = new
    app.setFont(new.font("body"))
    app.setPalette(palette(new.colours))
    app.setStyleSheet(style_sheet(new))


def palette(colours: Colours) -> QPalette:
    """Our tokens in the roles Qt's own drawing asks for."""
    made = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, colours.canvas),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.sunk),
        (role.Button, colours.surface),
        (role.Text, colours.ink),
        (role.WindowText, colours.ink),
        (role.ButtonText, colours.ink),
        (role.PlaceholderText, colours.ink3),
        (role.Highlight, colours.accentSoft),
        (role.HighlightedText, colours.ink),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.Light, colours.surface),
        (role.Midlight, colours.hover),
        (role.Mid, colours.line),
        (role.Dark, colours.line2),
        (role.ToolTipBase, colours.ink),
        (role.ToolTipText, colours.surface),
    ):
        made.setColor(target, colour)
    for target in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, target, colours.ink3)
    return made


def style_sheet(new: Look) -> str:
    """The one style sheet, its `$tokens` and `12u` sizes filled in."""
    text = resource("theme/window.qss").read_text("utf-8")
    names = {item.name: getattr(new.colours, item.name).name() for item in fields(Colours)}

    def sized(match: re.Match[str]) -> str:
        return f"{new.px(int(match[1])) + int(match[2] or 0)}px"

    return re.sub(r"\b(\d+)u(-\d+)?\b", sized, Template(text).substitute(names))


W = TypeVar("W", bound=QWidget)


def give(widget: W, **properties: str | bool) -> W:
    """Set what the style sheet selects by (`role`, `type`, `tone`, `fit`, `error`) and re-polish."""
    changed = False
    for name, value in properties.items():
        word = str(value).lower() if isinstance(value, bool) else value
        if widget.property(name) != word:
            widget.setProperty(name, word)
            changed = True
    # Before the first show the style polishes by itself; doing it twice doubles the cost of a form.
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()
    return widget
