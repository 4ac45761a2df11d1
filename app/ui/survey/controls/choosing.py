"""Which control a question gets, by its kind, its type and how its form wants it to look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.survey.views import NodeView
from app.ui.survey.asking import Asking
from app.ui.survey.controls.barcode import Barcode
from app.ui.survey.controls.control import Control
from app.ui.survey.controls.days import DayLine
from app.ui.survey.controls.files import FileControl
from app.ui.survey.controls.line import Line
from app.ui.survey.controls.moments import AsKnown, Day, DayAndTime, Month, Time, Year
from app.ui.survey.controls.numbers import Fraction, Whole
from app.ui.survey.controls.pictures import PictureControl
from app.ui.survey.controls.ranking import Ranking
from app.ui.survey.controls.reading import Digits
from app.ui.survey.controls.select import SelectMany, SelectOne
from app.ui.survey.controls.sliding import Sliding
from app.ui.survey.controls.spots import Path, Spot
from app.ui.survey.controls.text import TextLine, TextSheet
from app.ui.survey.controls.ticking import Acknowledged

Clock = Callable[[], date]
PARTIAL = "partial-date"  # ours: of a text, kept as the register keeps dates; other programs show a line


def control_for(node: NodeView, asking: Asking, clock: Clock) -> Control:
    """Showing the node already. `clock` says today. What nobody knows is a line of text."""
    made = _made(node, asking, clock)
    made.show_node(node)
    return made


def _made(node: NodeView, asking: Asking, clock: Clock) -> Control:
    match node.kind:
        case "select1":
            return SelectOne(asking)
        case "select":
            return SelectMany(asking)
        case "rank":
            return Ranking(asking)
        case "range":
            return Sliding(node.control)
        case "trigger":
            return Acknowledged()
        case "upload":
            return _upload(node, asking)
    return _typed(node, asking, clock)


def _upload(node: NodeView, asking: Asking) -> Control:
    media = node.control.media.partition("/")[0] if node.control else ""
    return PictureControl(asking) if media == "image" else FileControl(asking, media)


def _typed(node: NodeView, asking: Asking, clock: Clock) -> Control:
    looks = frozenset(node.control.appearance if node.control else ())
    match node.type:
        case "int" | "long":
            return Line(Whole("thousands-sep" in looks))
        case "decimal":
            return Line(Fraction("thousands-sep" in looks))
        case "date":
            return _date(looks, clock)
        case "time":
            return Line(Time())
        case "dateTime" | "datetime":
            return DayLine(DayAndTime(clock), clock)
        case "geopoint":
            return Line(Spot())
        case "geotrace" | "geoshape":
            return TextSheet(Path(node.type == "geoshape"))
        case "barcode":
            return Barcode(asking)
    return DayLine(AsKnown(clock), clock) if PARTIAL in looks else _text(looks)


def _date(looks: frozenset[str], clock: Clock) -> Control:
    if "year" in looks:
        return Line(Year(clock))
    return Line(Month(clock)) if "month-year" in looks else DayLine(Day(clock), clock)


def _text(looks: frozenset[str]) -> Control:
    if "multiline" in looks:
        return TextSheet()
    return TextLine(Digits() if "numbers" in looks else None, is_masked="masked" in looks)
