"""Random fillings: whatever an officer could do with a form, by a seed."""

from __future__ import annotations

import random

from app.domain.errors import Refusal
from app.survey.choices import SELECTS
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.session import Session
from app.survey.views import NodeView
from tests.survey.recorded import forms, recorded
from tests.survey.vectors import NOW

FORMS = forms(".xml")
WORLD = World(lambda: NOW, place=lambda: "21.33 103.9 600.0 5.0", officer="Lò Thị Hạnh", device="m01")
# What a form's own expressions may refuse while it is filled: the filling goes on as it was.
OWN_FAULTS = frozenset({"survey.point", "survey.rank", "survey.rows", "survey.fixed", "survey.int"})
BENEFICIARIES = """name,label,__version,__trunkVersion,__branchId,phone
b1,Lò Thị Pánh,3,2,x,0912345678
b2,Cà Văn Bình,1,,,
"""
_SAID = {
    "int": ("7", "-1", "250000", "x", ""),
    "decimal": ("540000", "0.5", "", "1e3"),
    "date": ("1948-03-12", "2026-11-29", "hôm nay", ""),
    "time": ("07:30", "24:01", ""),
    "dateTime": ("2026-11-29T07:30:00+07:00", ""),
    "geopoint": ("21.33 103.9 600 5", "x", ""),
    "boolean": ("true", "false", ""),
}
_AROUND = ("group", "repeat")
_TEXTS = ("Bản Nà Lụa", "Nguyễn Thị Ánh", "", "<&>", "'", "yes", "1", "a b")


def load(name: str) -> FormDefinition:
    """A form with the lists that lie beside it."""

    def fetch(src: str) -> bytes | None:
        if src.endswith("beneficiaries.csv"):
            return BENEFICIARIES.encode()
        return recorded().get(f"{name.rpartition('/')[0]}/{src.rpartition('/')[2]}")

    return FormDefinition.load(recorded()[name], fetch)


def step(session: Session, dice: random.Random) -> str:
    """One thing done; what it was, or the code of what was refused."""
    try:
        roll = dice.random()
        repeats = session.repeats()
        if repeats and roll < 0.15:
            ref = dice.choice(repeats).ref
            session.add_repeat(ref)
            return f"add {ref}"
        if repeats and roll < 0.2:
            chosen = dice.choice(repeats)
            if chosen.count:
                session.remove_repeat(f"{chosen.ref}[{dice.randint(1, chosen.count)}]")
            return f"remove {chosen.ref}"
        if session.form.languages and roll < 0.25:
            session.set_language(dice.choice(session.form.languages))
            return "language"
        return _answer(session, dice)
    except Refusal as refused:
        return refused.code


def _answer(session: Session, dice: random.Random) -> str:
    asked = [
        node
        for node in session.nodes()
        if node.control and node.is_relevant and not node.is_readonly and node.kind not in _AROUND
    ]
    if not asked:
        return "nothing"
    node = dice.choice(asked)
    text = _said(session, node, dice)
    session.answer(node.ref, text)
    return f"{node.ref} = {text!r}"


def _said(session: Session, node: NodeView, dice: random.Random) -> str:
    values = [choice.value for choice in session.choices(node.ref)]
    if node.kind in SELECTS and values:
        if node.kind == "rank":
            return " ".join(dice.sample(values, len(values)))
        return (
            " ".join(dice.sample(values, dice.randint(0, len(values))))
            if node.kind == "select"
            else dice.choice(values)
        )
    if node.kind == "trigger":
        return dice.choice(("OK", ""))
    return dice.choice(_SAID.get(node.type, _TEXTS))
