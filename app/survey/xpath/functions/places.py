"""Functions of places on earth: points are `latitude longitude altitude accuracy`, lines join them by `;`."""

from __future__ import annotations

import math
from itertools import pairwise

from app.domain.errors import Refusal
from app.survey.xpath.functions.declaring import Functions, as_it_is, as_text
from app.survey.xpath.values import Value, text_of

FUNCTIONS = Functions()
_RADIUS_M = 6_378_100.0  # as JavaRosa and web-forms take it
Point = tuple[float, float]


def _read(said: str) -> list[Point] | None:
    """Latitude and longitude of each, in degrees; None where one is none."""
    points = list[Point]()
    for part in said.split(";"):
        try:
            latitude, longitude = map(float, part.split()[:2])
        except ValueError:
            return None
        points.append((latitude, longitude))
    return points


def _points(said: str) -> list[Point] | None:
    """The same of a line that may end in a semicolon, and lies on earth."""
    points = _read(said.strip().removesuffix(";"))
    on_earth = all(-90 <= latitude <= 90 and -180 <= longitude <= 180 for latitude, longitude in points or ())
    return points if on_earth else None


def _texts(given: tuple[Value, ...]) -> list[str]:
    """Of nodes, every one's."""
    found = list[str]()
    for one in given:
        found += [node.text for node in one] if isinstance(one, list) else [text_of(one)]
    return found


def _apart(one: Point, other: Point) -> float:
    """Metres along the sphere."""
    (north, east), (north2, east2) = (tuple(map(math.radians, point)) for point in (one, other))
    turned = math.sin(north) * math.sin(north2) + math.cos(north) * math.cos(north2) * math.cos(east2 - east)
    return math.acos(max(-1.0, min(1.0, turned))) * _RADIUS_M


@FUNCTIONS.add("distance", as_it_is, more=as_it_is)
def distance(*given: Value) -> Value:
    """Metres along the line; NaN of none, or off the earth. Refusal("survey.point") for what is no point."""
    texts = [text for text in _texts(given) if text.strip()]
    if not texts:
        return math.nan
    line = ";".join(texts)
    if _read(line) is None:
        raise Refusal("survey.point")
    points = _points(line)
    if points is None:
        return math.nan
    total = math.fsum(_apart(*pair) for pair in pairwise(points))
    return math.floor(total * 100 + 0.5) / 100


@FUNCTIONS.add("area", as_it_is)
def area(given: Value) -> Value:
    """Square metres inside the line; 0 of no area."""
    points = _points(";".join(text for text in _texts((given,)) if text.strip()))
    if points is None or len(points) < 3:
        return 0.0
    if points[0] != points[-1]:
        points.append(points[0])
    total = 0.0
    for (north, east), (north2, east2) in pairwise(points):
        width = math.radians(east2) - math.radians(east)
        total += width * (2 + math.sin(math.radians(north)) + math.sin(math.radians(north2)))
    return math.floor(abs(total * _RADIUS_M * _RADIUS_M / 2) * 100 + 0.5) / 100


@FUNCTIONS.add("geofence", as_text, as_text)
def geofence(point: str, fence: str) -> Value:
    """Whether a point lies inside a closed line (the rule of even and odd crossings)."""
    points, corners = _points(point), _points(fence)
    if points is None or corners is None or len(corners) < 4 or corners[0] != corners[-1]:
        return False
    (north, east), is_inside = points[0], False
    for (north1, east1), (north2, east2) in pairwise(corners):
        if (east1 > east) != (east2 > east):
            is_inside ^= north < (north2 - north1) * (east - east1) / (east2 - east1) + north1
    return is_inside
