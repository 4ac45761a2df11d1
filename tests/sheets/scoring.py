"""How well a workbook was read: people found, fields right, problems raised, against its truth."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.domain.progress import Progress
from app.sheets.proposed import Proposed, Reading
from app.sheets.reader import parse, read_book
from app.sheets.reading import Overrides, understand
from tests.sheets.invented import REFERENCE

TODAY = datetime.date(2026, 11, 24)
FIELDS = (
    *("name", "sex", "birth", "personal_id", "phone", "hamlet", "group"),
    *("coefficient", "amount", "account"),
)


@dataclass(frozen=True)
class Score:
    """What came out of one comparison; `faults` says where, for whoever reads a failing test."""

    missing: list[tuple[str, int]]
    extra: list[tuple[str, int]]
    fields: float
    precision: float
    recall: float
    faults: list[str]


def read(path: Path, overrides: Overrides | None = None, *, kind: str = "") -> Reading:
    """Read a workbook as the window does; with `kind` without a child, for speed."""
    book = parse(str(path), kind, Progress()) if kind else read_book(path, Progress())
    return understand(book, REFERENCE, TODAY, Progress(), overrides)


def truth_of(path: Path) -> list[dict[str, Any]]:
    """The truth file beside a sample."""
    lines = path.with_name(f"{path.stem}.truth.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def facts(person: Proposed) -> dict[str, Any]:
    """A person's facts as the truth files tell them."""
    account = person.account
    told = account and {"kind": account.kind, "provider": account.identifier, "number": account.number}
    return {
        "name": person.name,
        "sex": person.sex,
        "birth": person.birth.iso() if person.birth else None,
        "personal_id": person.personal_id,
        "phone": person.phone,
        "hamlet": person.hamlet,
        "group": person.group,
        "coefficient": float(person.coefficient) if person.coefficient else None,
        "amount": person.amount,
        "account": told,
    }


def score(reading: Reading, truth: Iterable[Mapping[str, Any]]) -> Score:
    """Compare; `...` in the truth asks nothing.

    Two tables side by side may have two people in a row, told apart by name.
    """
    wanted = {(told["sheet"], told["row"], told["name"]): told for told in truth}
    by_place = {(person.sheet, person.row, person.name): person for person in reading.people}
    lone: dict[
        tuple[str, int], list[tuple[str, int, str]]
    ] = {}  # a misread name is a wrong field, not somebody missing
    for place in by_place:
        lone.setdefault(place[:2], []).append(place)
    faults, wrong, right, surplus, lacking = [], 0, 0, 0, 0
    missing = []
    for place, told in wanted.items():
        person = by_place.get(place)
        if person is None and len(lone.get(place[:2], [])) == 1:
            person = by_place[lone[place[:2]][0]]
        if person is None:
            missing.append(place[:2])
            continue
        read_as = facts(person)
        differing = [name for name in FIELDS if told[name] is not ... and read_as[name] != told[name]]
        wrong += len(differing)
        faults += [f"{place[:2]} {name}: {read_as[name]!r} for {told[name]!r}" for name in differing]
        raised, due = {problem.kind for problem in person.problems}, set(told["problems"])
        right += len(raised & due)
        surplus += len(raised - due)
        lacking += len(due - raised)
        faults += [f"{place[:2]} problems: {sorted(raised)} for {sorted(due)}"] * (raised != due)
    extra = sorted(set(lone) - {place[:2] for place in wanted})
    return Score(
        missing,
        extra,
        1 - wrong / max(1, len(FIELDS) * (len(wanted) - len(missing))),
        right / (right + surplus) if right + surplus else 1.0,
        right / (right + lacking) if right + lacking else 1.0,
        faults,
    )
