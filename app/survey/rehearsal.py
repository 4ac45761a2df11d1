"""A form tried before anybody fills it: answered to its end, and its score sheet reckoned.

The score sheet is ours: a sheet `score` beside the author's others. Its headings are names of questions,
in the order in which they are answered, and `name?` for what is expected of a question once all are; a row
is a case.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey.choices import SELECTS
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.findings import ERROR, Finding
from app.survey.session import Session
from app.survey.submission import finalise, violations
from app.survey.views import Delta, NodeView
from app.survey.workbook import Row, Workbook
from app.survey.xpath.context import VIETNAM
from app.survey.xpath.values import number_of

_ROUNDS = 3
_ROW = re.compile(r"\[\d+\]")
_ANSWERS_MAX = 5_000  # of one rehearsal
_SAID: dict[str, Sequence[str]] = {
    "int": ("0", "1", "2", "7", "18", "65"),
    "decimal": ("0", "1.5", "540000", "2000000"),
    "date": ("1948-03-12", "1990-11-30", "2020-02-29"),
    "time": ("07:30",),
    "dateTime": ("2026-11-29T07:30:00+07:00",),
    "geopoint": ("21.33 103.9 600 5",),
    "boolean": ("true", "false"),
    "binary": ("anh.jpg",),
}
_TEXTS = ("Lò Thị Pánh", "014148032213", "0912345678", "x")


def rehearse(form: FormDefinition, progress: Progress) -> list[Finding]:
    """Answered at random to its end, some times: what an expression refuses there. Always the same."""
    found = list[Finding]()
    for seed in range(_ROUNDS):
        progress.step(seed, _ROUNDS, "Trying the form")
        try:
            _fill(Session.new(form, World(_now)), random.Random(seed), found)
        except Refusal as refused:
            found.append(_refused(refused))
    return list({(each.code, each.facts.get("name")): each for each in found}.values())


def _now() -> datetime:
    return datetime(2026, 11, 29, 8, 0, tzinfo=VIETNAM)


def _fill(session: Session, dice: random.Random, found: list[Finding]) -> None:
    """Question after question, and again for those that answers brought into view; then handed in."""
    for repeat in session.repeats():
        if not repeat.count and repeat.is_relevant:
            _try(partial(session.add_repeat, repeat.ref), repeat.ref, found)
    answered = set[str]()
    while asked := [node.ref for node in session.nodes() if _is_asked(node) and node.ref not in answered]:
        for ref in asked[:_ANSWERS_MAX]:
            answered.add(ref)
            _answer(session, ref, dice, found)
        if len(answered) >= _ANSWERS_MAX:
            return
    if not violations(session):
        finalise(session)


def _is_asked(node: NodeView) -> bool:
    is_question = node.control is not None and node.kind not in ("group", "repeat")
    return is_question and node.is_relevant and not node.is_readonly


def _answer(session: Session, ref: str, dice: random.Random, found: list[Finding]) -> None:
    """The first of some that the form accepts; nothing where an answer before it took the question away."""
    try:
        node = session.node(ref)
    except Refusal:
        return
    for text in _answers(session, node, dice) if _is_asked(node) else ():
        if not _try(partial(session.answer, ref, text), ref, found):
            return
        if not session.node(ref).violation:
            return


def _answers(session: Session, node: NodeView, dice: random.Random) -> list[str]:
    if node.kind in SELECTS:
        values = [choice.value for choice in session.choices(node.ref)]
        return [" ".join(values)] if node.kind == "rank" else dice.sample(values, min(len(values), 5))
    if node.kind == "trigger":
        return ["OK"]
    said = _SAID.get(node.type, _TEXTS)
    return dice.sample(said, len(said))


def _try(change: Callable[[], Delta], ref: str, found: list[Finding]) -> bool:
    """Whether it was done, or refused for no fault of the form's."""
    try:
        change()
    except Refusal as refused:
        if refused.code in ("survey.fixed", "survey.int"):
            return True
        found.append(_refused(refused, ref))
        return False
    return True


def _refused(refused: Refusal, ref: str = "") -> Finding:
    """At the expression that refused, where it says so; else at the question that was answered."""
    path = refused.field or _ROW.sub("", ref)
    facts: dict[str, str | int] = {"name": path.rpartition("/")[2], "path": path, "why": refused.code}
    return Finding(ERROR, "rehearsal", facts={**facts, "property": refused.facts.get("property", "name")})


def score(form: FormDefinition, workbook: Workbook) -> tuple[int, list[Finding]]:
    """How many cases there are, and those that come out otherwise."""
    rows = workbook.sheet("score")
    return len(rows), [each for row in rows for each in _case(form, row)]


def _case(form: FormDefinition, row: Row) -> Iterator[Finding]:
    session = Session.new(form, World(_now))
    paths = {path.rpartition("/")[2]: path for path in form.fields}
    for heading in row.columns:
        name = heading.removesuffix("?").strip()
        if name not in paths:
            yield Finding(ERROR, "score_name", row.sheet, row.cell(heading), {"name": name})
            continue
        if name == heading:
            try:
                session.answer(paths[name], row.said(heading))
            except Refusal as refused:
                yield _refused(refused, paths[name])
            continue
        got, wanted = session.node(paths[name]).value, row.said(heading)
        if not _is_same(got, wanted):
            facts: dict[str, str | int] = {"name": name, "got": got, "expected": wanted}
            yield Finding(ERROR, "score", row.sheet, row.cell(heading), facts)


def _is_same(got: str, wanted: str) -> bool:
    numbers = number_of(got, VIETNAM), number_of(wanted, VIETNAM)
    return got == wanted or numbers[0] == numbers[1]
