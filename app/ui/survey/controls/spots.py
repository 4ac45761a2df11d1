"""Places typed or pasted in degrees: `21.03, 105.85`, `21,03 105,85`, `21°01'42"N 105°51'12"E`.

Kept as `latitude longitude altitude accuracy`, degrees and metres; what nobody knows is zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.text import clean
from app.ui.survey.controls.reading import Reading
from app.words import gettext as _

_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
_DOTTED = re.compile(rf"({_NUMBER})(?:\s*[,;]\s*|\s+)({_NUMBER})(?:[\s,;]+(-?[0-9.]+))?(?:[\s,;]+([0-9.]+))?")
_COMMAED = re.compile(r"([+-]?[0-9]{1,3},[0-9]+)(?:\s*;\s*|\s+)([+-]?[0-9]{1,3},[0-9]+)")
_SECONDS = r"(?:([0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:[\"″”]|''))?"
_PART = rf"([0-9]{{1,3}})\s*°\s*([0-9]{{1,2}})\s*['′’]\s*{_SECONDS}\s*([A-Z\u0110])"
_DEGREES = re.compile(rf"{_PART}[\s,;]*{_PART}")
_SIGNS = {"N": 1, "S": -1, "E": 1, "W": -1}
_VIETNAMESE = {"B": 1, "N": -1, "Đ": 1, "T": -1}  # bắc, nam, đông, tây


@dataclass(frozen=True)
class Spot:
    """One point."""

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("Latitude, longitude: 21.0285, 105.8542")

    def read(self, text: str) -> Reading:
        """Latitude first."""
        typed = clean(text).strip("()")
        if not typed:
            return Reading()
        found = _degrees(typed) or _plain(typed)
        if found is None:
            return Reading(problem=_("Not a place. Write it as 21.0285, 105.8542."), is_whole=False)
        latitude, longitude, *rest = found
        if abs(float(latitude)) > 90 and abs(float(longitude)) <= 90:
            turned = f"{longitude}, {latitude}"
            return Reading(problem=_("The latitude stands first: {turned}?").format(turned=turned))
        if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
            return Reading(problem=_("There is no such place on earth: 90 and 180 degrees at most."))
        return Reading(" ".join([latitude, longitude, *rest]), is_whole="°" in typed)

    def show(self, value: str) -> str:
        """As maps write it."""
        return ", ".join(part.removesuffix(".0") for part in value.split()[:2])


@dataclass(frozen=True)
class Path:
    """Points one below the other. `is_closed`: they go round a piece of land."""

    is_closed: bool = False

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("One point a line: 21.0285, 105.8542")

    def read(self, text: str) -> Reading:
        """Each line a point; what goes round ends where it began."""
        points = list[str]()
        for place, line in enumerate(text.split("\n"), 1):
            point = Spot().read(line)
            if point.problem:
                told = _("Line {line}: {problem}").format(line=place, problem=point.problem)
                return Reading(problem=told, is_whole=False)
            points += [point.value] if point.value else []
        if self.is_closed and points and points[0] != points[-1]:
            points.append(points[0])
        if points and len(points) < (4 if self.is_closed else 2):
            few = _("Three points at least.") if self.is_closed else _("Two points at least.")
            return Reading(problem=few, is_whole=False)
        return Reading("; ".join(points), is_whole=False)

    def show(self, value: str) -> str:
        """A line each."""
        return "\n".join(Spot().show(point) for point in value.split(";") if point.strip())


def _plain(typed: str) -> list[str] | None:
    if found := _COMMAED.fullmatch(typed):
        return [part.replace(",", ".") for part in found.groups()] + ["0", "0"]
    if found := _DOTTED.fullmatch(typed):
        return [part or "0" for part in found.groups()]
    return None


def _degrees(typed: str) -> list[str] | None:
    found = _DEGREES.fullmatch(typed.upper())
    if not found:
        return None
    parts = found.groups()
    letters = {parts[3], parts[7]}
    signs = _VIETNAMESE if letters & {"B", "Đ", "T"} else _SIGNS
    if not letters <= set(signs):
        return None
    read = [_decimal(parts[at : at + 3], signs[str(parts[at + 3])]) for at in (0, 4)]
    return [*read, "0", "0"]


def _decimal(parts: tuple[str | None, ...], sign: int) -> str:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in parts)
    return f"{sign * (degrees + minutes / 60 + seconds / 3600):.6f}".rstrip("0").rstrip(".")
