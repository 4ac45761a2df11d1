"""The look: contrast, sizes, one step from light to dark, and no colour written elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.resources import resource
from app.ui import fonts, icons
from app.ui.application import Wardrobe, Wishes
from app.ui.theme import DARK, LIGHT, Colours, give, look, make_look, style_sheet, wear

UI = Path(fonts.__file__).parent


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(colour: QColor) -> float:
        parts = []
        for part in (colour.redF(), colour.greenF(), colour.blueF()):
            parts.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK, make_look(training=True).colours])
def test_words_can_be_read(colours: Colours) -> None:
    fills = (colours.canvas, colours.surface, colours.sunk, colours.hover, colours.accentSoft)
    for ink in (colours.ink, colours.ink2, colours.ink3):
        assert min(contrast(ink, fill) for fill in fills) >= 4.5
    for ink, fill in (
        (colours.ok, colours.okSoft),
        (colours.warn, colours.warnSoft),
        (colours.bad, colours.badSoft),
        (colours.neutral, colours.neutralSoft),
        (colours.accent, colours.surface),
        (colours.onFill, colours.accentFill),
        (colours.onFill, colours.accentHover),
        (colours.onFill, colours.accentPress),
        (colours.spineInk, colours.spine),
        (colours.spineInk, colours.spineSelected),
        (colours.paperInk, colours.paper),
        (colours.surface, colours.ink),
        (colours.toastLink, colours.ink),
    ):
        assert contrast(ink, fill) >= 4.5, (ink.name(), fill.name())


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_controls_and_focus_can_be_seen(colours: Colours) -> None:
    for outline in (colours.line2, colours.accent):
        assert contrast(outline, colours.surface) >= 3
    assert contrast(colours.bar, colours.track) >= 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("factor", [1.0, 1.25, 1.75])
def test_the_style_sheet_is_filled_whole(dark: bool, factor: float) -> None:
    sheet = style_sheet(make_look(dark=dark, factor=factor))
    assert "$" not in sheet
    assert not re.search(r"\d+u\b", sheet)


def test_sizes_grow_with_the_text(qapp: QApplication, qtbot: QtBot) -> None:
    heights = []
    for factor in (1.0, 1.5):
        wear(qapp, make_look(factor=factor))
        button, box = QPushButton("Ghi"), give(QLineEdit(), fit="form")
        for widget in (button, box):
            qtbot.addWidget(widget)
            widget.ensurePolished()
        heights.append((button.sizeHint().height(), box.sizeHint().height()))
    assert heights == [(32, 36), (48, 54)]


def test_a_focused_box_is_as_large_as_before(qapp: QApplication, qtbot: QtBot) -> None:
    wear(qapp, make_look(factor=1.25))
    box = give(QLineEdit("Lò Thị Pánh"), fit="form")
    qtbot.addWidget(box)
    box.show()
    before = box.sizeHint()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert box.sizeHint() == before


def test_inter_is_shipped_with_every_letter_and_figures_in_columns(qapp: QApplication) -> None:
    body = fonts.font("body")
    assert QFontInfo(body).family() == "Inter"
    metrics = QFontMetrics(body)
    for sign in "ẬẶỘỢỰỹđĐơưỐấÁ•→←✓␣⇥↵…–“”·₫×":
        assert QRawFont.fromFont(body).supportsCharacter(ord(sign)), sign
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1
    assert {"Medium", "SemiBold"} <= set(QFontDatabase.styles("Inter"))
    assert "SIL Open Font License" in resource("fonts/Inter-LICENSE.txt").read_text("utf-8")


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    for file in sorted(resource("icons").glob("*.svg")):
        image = icons.pixmap(file.stem, 20, QColor("#ff0000")).toImage()
        drawn = [
            image.pixelColor(x, y)
            for x in range(20)
            for y in range(20)
            if image.pixelColor(x, y).alpha() > 200
        ]
        assert drawn, file.stem
        if file.stem != "soansinh":
            assert all(colour.red() > 200 and colour.blue() < 60 for colour in drawn), file.stem


def test_icons_named_in_the_window_exist() -> None:
    have = {file.stem for file in resource("icons").glob("*.svg")}
    for source in UI.rglob("*.py"):
        text = source.read_text("utf-8")
        named = re.findall(r'(?:icon=|trailing=|only_icon\(|set_icon\(|IconLabel\()"([a-z-]+)"', text)
        assert set(named) <= have, source


def test_nobody_else_writes_a_colour() -> None:
    for source in UI.rglob("*.py"):
        if source.name != "theme.py":
            found = re.findall(
                r"#[0-9A-Fa-f]{6}\b|rgba?\(\d|GlobalColor\.(?!transparent)", source.read_text("utf-8")
            )
            assert not found, source


def test_changing_clothes_tells_only_of_sizes(qapp: QApplication, qtbot: QtBot) -> None:
    wardrobe = Wardrobe(qapp, Wishes(theme="light"))
    told: list[float] = []
    wardrobe.changed.connect(lambda: told.append(look().factor))
    wardrobe.wear(Wishes(theme="dark"))
    assert look().is_dark
    assert qapp.palette().window().color() == DARK.canvas
    assert told == []
    wardrobe.wear(Wishes(theme="light", factor=9))
    assert told == [1.75]
    wardrobe.setParent(None)
