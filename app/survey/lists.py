"""Lists that come beside a form, as instances: CSV with a heading, XML, GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from app.domain.errors import Refusal
from app.survey import model
from app.survey.nodes import Kind, Node, read_root

OF_REGISTER = frozenset({"person.csv", "household.csv"})  # entity lists: a laptop hands in whom it is about
_ROWS_MAX = 200_000
_DELIMITERS = ",;\t|"


def external(found: Node, fetch: Callable[[str], bytes | None]) -> dict[str, Node]:
    """By id, those that the form names and that came. Refusal("survey.list") for one that cannot be read."""
    lists = dict[str, Node]()
    for name, src in model.outside(found).items():
        content = fetch(src)
        if content is not None:
            lists[name] = read_list(src, content)
    return lists


def read_list(src: str, content: bytes) -> Node:
    """`root/item/column` as ODK names them, whatever the file is."""
    around = Node(Kind.ELEMENT, "instance")
    try:
        if src.endswith(".geojson"):
            around.add(_of_places(json.loads(content)))
        elif src.endswith(".xml"):
            around.add(read_root(content))
        else:
            around.add(_of_rows(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, ValueError, csv.Error, LookupError, TypeError) as error:
        raise Refusal("survey.list", name=src.rpartition("/")[2]) from error
    return around


def _of_rows(text: str) -> Node:
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    heading = text.replace("\r", "\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    names = next(rows, [])
    root = Node(Kind.ELEMENT, "root")
    for count, row in enumerate(rows):
        if count >= _ROWS_MAX:
            raise ValueError("rows")
        if any(row):
            root.add(_item(dict(zip(names, row, strict=False))))
    return root


def _of_places(said: dict[str, Any]) -> Node:
    """Features: their properties, and the geometry as ODK writes points."""
    root = Node(Kind.ELEMENT, "root")
    for feature in said["features"][:_ROWS_MAX]:
        values = {name: _told(value) for name, value in (feature.get("properties") or {}).items()}
        if "id" in feature:
            values.setdefault("id", _told(feature["id"]))
        root.add(_item({**values, "geometry": _geometry(feature["geometry"])}))
    return root


def _told(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _geometry(said: dict[str, Any]) -> str:
    kind, places = said["type"], said["coordinates"]
    points = [places] if kind == "Point" else places[0] if kind == "Polygon" else places
    return "; ".join(f"{place[1]} {place[0]} 0 0" for place in points)


def _item(values: dict[str, str]) -> Node:
    item = Node(Kind.ELEMENT, "item")
    for name, value in values.items():
        item.add(Node(Kind.ELEMENT, name)).write(value)
    return item
