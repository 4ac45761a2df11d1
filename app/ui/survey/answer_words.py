"""An answer as people read it: labels of what was chosen, days, numbers with their points."""

from __future__ import annotations

from app.domain.dates import PartialDate, show
from app.domain.text import show_amount
from app.survey.answered import Line
from app.ui.moments import show_written
from app.words import gettext as _


def answer_words(line: Line) -> str:
    """`18/11/2026`, `1.250.000`, `3,5`; a dash where nothing was answered."""
    if not line.words:
        return "–"
    match line.type:
        case "date":
            return show_date(line.words)
        case "dateTime":
            return show_written(line.words)
        case "time":
            return line.words[:5]
        case "int" | "decimal" if line.kind not in ("select", "select1"):
            return show_number(line.words)
        case "geopoint":
            return ", ".join(line.words.split()[:2])
        case "binary":
            return _("a photo or paper, in her papers")
    return _("confirmed") if line.kind == "trigger" else line.words


def heading_words(line: Line) -> str:
    """`Thành viên 2`; of a row that the form gives no name, its number."""
    if not line.row:
        return line.label
    number = show_amount(line.row)
    return f"{line.label} {number}" if line.label else _("Row {number}").format(number=number)


def show_date(iso: str) -> str:
    """A day; what is none stands as it is written."""
    try:
        return show(PartialDate.parse(iso))
    except ValueError:
        return iso


def show_number(text: str) -> str:
    """`1250000.0` as `1.250.000`, `3.50` as `3,5`; what is none stands as it is written."""
    whole, _point, part = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdecimal() or (part and not part.isdecimal()):
        return text
    part = part.rstrip("0")
    return f"{sign}{show_amount(int(digits))}" + (f",{part}" if part else "")
