"""Fillings of forms as ODK's engines do them, step by step, as they were recorded."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import cache
from typing import Any

from lxml import etree

from app.domain.errors import Refusal
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.session import Session
from app.survey.views import Delta
from tests.survey.recorded import recorded
from tests.survey.vectors import NOW

PHOENIX = timezone(-timedelta(hours=7))
_ADDED = re.compile(r"<meta><instanceID>.*?</instanceID></meta>")  # the recorder left it out of most
_UUID = re.compile(r"(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_STRICT = ("value", "relevant", "required", "readonly", "violation", "choices", "count")
_WORDS = ("label", "message")
_PROPERTIES = {"calculate": "value"}
State = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Scenario:
    """One form and what is done with it."""

    id: str
    said: dict[str, Any]


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All of them."""
    lines = recorded()["scenarios.jsonl"].decode().splitlines()
    return tuple(Scenario(said["id"], said) for said in map(json.loads, lines))


def begin(said: dict[str, Any]) -> Session:
    """Its form, opened."""
    beside: dict[str, dict[str, str]] = said.get("attachments") or {}
    form = FormDefinition.load(
        said["xform"].encode(), lambda src: beside[src]["text"].encode() if src in beside else None
    )
    points = iter(["38.295 21.7567 110.0 5.0", "38.333 21.766 150.0 3.0"] * 9)
    return Session.new(form, World(lambda: NOW, place=lambda: next(points)))


def play(scenario: Scenario) -> list[str]:
    """What came out otherwise than is expected, each in words; none: as expected."""
    said = scenario.said
    if "expect_load_error" in said:
        try:
            begin(said)
        except Refusal:
            return []
        return ["loads"]
    session = begin(said)
    state = state_of(session)
    found = _differences("at first", _plain(said["initial"]), state, whole=True)
    for number, step in enumerate(said["steps"]):
        before, state = state, _step(session, step, found, number)
        if "expect" in step:
            found += _held_against(f"step {number}", step["expect"], before, state)
        if step["op"] == "check":
            found += _checked(step, state, number)
    return found + _xml_differences(said, session)


def _step(session: Session, step: dict[str, Any], found: list[str], number: int) -> State:
    ref, before, delta = step.get("ref", ""), state_of(session), None
    try:
        match step["op"]:
            case "answer":
                delta = session.answer(ref, _answered(step))
            case "create_repeat":
                delta = session.add_repeat(ref)
            case "remove_repeat":
                delta = session.remove_repeat(ref)
            case "set_language":
                session.set_language(step["language"])
            case "save_and_resume":
                session.__dict__.update(
                    Session.resume(session.form, World(lambda: NOW), session.draft()).__dict__
                )
        if "error" in step:
            found.append(f"step {number}: no error")
    except Refusal as refused:
        if "error" not in step:
            found.append(f"step {number}: {refused}")
    state = state_of(session)
    if delta is not None:
        found += [f"step {number}: not told of {each}" for each in _untold(delta, before, state)]
    return state


def _untold(delta: Delta, before: State, state: State) -> list[str]:
    """What changed where nodes stayed, and the delta does not name; the rows after one that went move up."""
    if delta.removed:
        return []
    told = {ref: {_PROPERTIES.get(each, each) for each in names} for ref, names in delta.nodes.items()}
    new = tuple(f"{ref}/" for ref in delta.added)
    return [
        f"{ref} {name}"
        for ref in set(state) & set(before)
        for name in set(state[ref]) & set(_STRICT) - {"count"}
        if state[ref][name] != before[ref][name]
        and name not in told.get(ref, ())
        and not ref.endswith("#range")
        and not f"{ref}/".startswith(new or ("//",))
    ]


def _answered(step: dict[str, Any]) -> str:
    """A file is chosen by its name."""
    return "upload.txt" if step["value"] == "[object File]" else str(step["value"])


def state_of(session: Session) -> State:
    """All that can be seen."""
    state: State = {}
    for view in session.nodes():
        value = _UUID.sub("@uuid", view.value)
        state[view.ref] = {
            "value": {"OK": "true", "": "false"}[value] if view.kind == "trigger" else value,
            "relevant": view.is_relevant,
            "required": view.is_required,
            "readonly": view.is_readonly,
            "violation": view.violation or None,
            "choices": [[choice.value, choice.label] for choice in session.choices(view.ref)],
            "label": view.label or None,
            "message": view.message or None,
        }
    for rows in session.repeats():
        state[f"{rows.ref}#range"] = {"relevant": rows.is_relevant, "count": rows.count}
    return state


def _plain(state: State) -> State:
    return {
        ref: {name: each.get(name) for name in (*_STRICT, *_WORDS) if name in each}
        for ref, each in state.items()
    }


def _differences(when: str, expected: State, state: State, *, whole: bool = False) -> list[str]:
    found = list[str]()
    for ref, each in expected.items():
        if ref not in state:
            found.append(f"{when}: {ref} is not there")
            continue
        for name, value in each.items():
            said = state[ref].get(name)
            if not _is_same(name, value, said):
                found.append(f"{when}: {ref} {name}: {said!r}, expected {value!r}")
    if whole:
        found += [f"{when}: {ref} is there" for ref in set(state) - set(expected) if "/meta" not in ref]
    return found


def _is_same(name: str, expected: Any, said: Any) -> bool:
    if name in _WORDS:
        return _words(expected) == _words(said)
    if name == "choices":
        return [[value, _words(label)] for value, label in expected or []] == [
            [value, _words(label)] for value, label in said or []
        ]
    return bool((expected or None) == (said or None))


def _words(text: Any) -> str:
    return " ".join(str(text or "").split())


def _held_against(when: str, expected: dict[str, Any], before: State, state: State) -> list[str]:
    """Exactly these nodes changed, and exactly so."""
    changed = _plain(expected.get("changed", {}))
    found = _differences(when, changed, state)
    gone = set(expected.get("removed", ()))
    found += [f"{when}: {ref} is still there" for ref in gone if ref in state]
    for ref in set(state) | set(before):
        if ref in changed or "/meta" in ref:
            continue
        if (ref in state) != (ref in before) and ref not in gone:
            found.append(f"{when}: {ref} came or went")
        elif ref in state and ref in before:
            found += [
                f"{when}: {ref} {name} became {state[ref][name]!r}"
                for name in state[ref]
                if not _is_same(name, before[ref][name], state[ref][name])
            ]
    return found


def _checked(step: dict[str, Any], state: State, number: int) -> list[str]:
    ref = step["ref"]
    at = state.get(f"{ref}#range") if "count" in step or ref not in state else state[ref]
    if at is None:
        return [f"step {number}: {ref} is not there"]
    return [
        f"step {number}: {ref} {name}: {at.get(name)!r}, expected {step[name]!r}"
        for name in _STRICT
        if name in step and not _is_same(name, step[name], at.get(name))
    ]


def _xml_differences(said: dict[str, Any], session: Session) -> list[str]:
    found = session.xml().decode()
    if "meta>" not in said["final_xml"]:
        found = _ADDED.sub("", found)
    expected, found = _canonical(said["final_xml"]), _canonical(found)
    return [] if expected == found else [f"xml: {found}, expected {expected}"]


def _canonical(text: str) -> str:
    element = etree.fromstring(_UUID.sub("@uuid", text))
    etree.cleanup_namespaces(element)
    return etree.tostring(element, method="c14n").decode()
