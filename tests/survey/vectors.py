"""What ODK's own engines answer, as it was recorded: documents, expressions, expected values."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any

from app.survey.nodes import Node, read_document
from app.survey.xpath.compiling import compile_expression
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import Value, number_of, text_of, truth_of
from tests.survey.recorded import recorded

PHOENIX, VIETNAM = timezone(-timedelta(hours=7)), timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 29, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Vector:
    """One expression. `said`: the whole record."""

    id: str
    tier: int
    said: dict[str, Any]


@cache
def _held() -> dict[str, Any]:
    return dict(json.loads(recorded()["xpath.json"]))


def vectors() -> list[Vector]:
    """All of them."""
    return [Vector(each["id"], each["tier"], each) for each in _held()["vectors"]]


def answers(vector: Vector) -> bool:
    """Whether the engine says what is expected; what it raises comes through unless an error is."""
    said = vector.said
    document = read_document(_held()["docs"][said["doc"]].encode())
    scope = _scope(document, said)
    context = Context(_at(document, said["context"], scope), scope)
    if said["result_type"] == "error":
        try:
            compile_expression(said["expression"])(context)
        except Exception:  # noqa: BLE001 - whichever
            return True
        return False
    found = compile_expression(said["expression"])(context)
    return _is_as_expected(found, said, document, scope)


def _scope(document: Node, said: dict[str, Any]) -> Scope:
    zone: tzinfo = VIETNAM if said.get("tz") == "+07:00" else PHOENIX
    scope = Scope(document, zone, lambda: NOW)
    if "root" in said:
        scope.root = _at(document, said["root"], scope)
    instances = {each.attribute("id"): each for each in document.walk() if each.name == "instance"}
    scope.instance = instances.get
    scope.itext = lambda name, _node: _itext(document, name, said.get("language"))
    return scope


def _itext(document: Node, name: str, language: str | None) -> str | None:
    translations = [each for each in document.walk() if each.name == "translation"]
    default = [each for each in translations if each.attribute("default") is not None]
    chosen = [each for each in translations if each.attribute("lang") == language] or default or translations
    for text in chosen[0].elements():
        if text.attribute("id") == name:
            plain = [each for each in text.elements() if each.attribute("form") is None]
            return plain[0].text if plain else None
    return None


def _at(document: Node, path: str, scope: Scope) -> Node:
    found = compile_expression(path)(Context(document, Scope(document, scope.zone)))
    assert isinstance(found, list)
    return found[0]


def _is_as_expected(found: Value, said: dict[str, Any], document: Node, scope: Scope) -> bool:
    expected = said["expected"]
    match said["result_type"]:
        case "boolean":
            return bool(truth_of(found) == expected)
        case "string":
            return bool(text_of(found) == expected)
        case "string-match":
            return re.search(expected, text_of(found)) is not None
        case "string-length":
            return bool(len(text_of(found)) == expected)
        case "number":
            return _is_near(number_of(found, scope.zone), float(expected), said.get("rounded_to"))
    assert isinstance(found, list)
    wanted = [_at(document, path, scope) for path in expected]
    if said.get("unordered"):
        return {id(node) for node in found} == {id(node) for node in wanted}
    return [id(node) for node in found] == [id(node) for node in wanted]


def _is_near(found: float, expected: float, rounded_to: float | None) -> bool:
    if math.isnan(expected) or math.isnan(found):
        return math.isnan(expected) and math.isnan(found)
    if rounded_to:
        return math.floor(found * rounded_to + 0.5) / rounded_to == expected
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12)
