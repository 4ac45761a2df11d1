"""The type of the window: Inter, shipped with the program, and the roles of design/look/look.md.

Inter is cut to Latin, Vietnamese, punctuation and arrows (three weights, 320 kB); figures
stand in columns (`tnum`) in running text and proportional in headings.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase

from app.resources import resource

FAMILIES = ("Inter", "Noto Sans", "Segoe UI")


@dataclass(frozen=True)
class Role:
    """Size and line height in px at 100 %, weight, and whether figures are tabular."""

    size: int
    line: int
    weight: QFont.Weight = QFont.Weight.Normal
    tabular: bool = True


_MEDIUM, _SEMIBOLD = QFont.Weight.Medium, QFont.Weight.DemiBold

ROLES = {
    "body": Role(13, 20),
    "button": Role(13, 20, _MEDIUM),
    "strong": Role(13, 20, _SEMIBOLD),
    "caption": Role(12, 16, _MEDIUM),
    "small": Role(12, 16),
    "smallstrong": Role(12, 16, _SEMIBOLD),
    "key": Role(11, 16, _MEDIUM),
    "label": Role(14, 20, _MEDIUM),
    "input": Role(14, 20),
    "card": Role(14, 20, _SEMIBOLD),
    "page": Role(20, 28, _SEMIBOLD, tabular=False),
    "pane": Role(18, 24, _SEMIBOLD, tabular=False),
    "queue": Role(20, 28, _SEMIBOLD),
    "sum": Role(22, 28, _SEMIBOLD),
    "count": Role(44, 48, _SEMIBOLD, tabular=False),
    "drive": Role(16, 24),
    "driveheading": Role(18, 26, _SEMIBOLD),
    "drivename": Role(30, 38, _SEMIBOLD, tabular=False),
    "driveaccount": Role(24, 32, _SEMIBOLD),
    "cover": Role(34, 42, _SEMIBOLD, tabular=False),
}


def install() -> None:
    """Load the shipped weights; needs a running application."""
    for weight in ("Regular", "Medium", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource(f"fonts/Inter-{weight}.ttf")))


def font(role: str, factor: float = 1.0) -> QFont:
    """The font of a role, its size multiplied by the factor."""
    shape = ROLES[role]
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(round(shape.size * factor))
    made.setWeight(shape.weight)
    if shape.tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    # Hinted advances at 13 px set Vietnamese marks unevenly; Inter is drawn to be unhinted.
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made
