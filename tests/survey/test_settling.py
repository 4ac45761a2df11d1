"""What one answer moves is what reckoning everything anew would move: on random forms, at every step."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.survey.definition import FormDefinition
from app.survey.nodes import read_document
from app.survey.session import Session
from tests.survey.scenarios import state_of
from tests.survey.test_session import HEAD
from tests.survey.walks import WORLD

PLAIN, IN_GROUP, IN_ROW, IN_INNER_ROW = "/data/{}", "/data/g/{}", "/data/r/{}", "/data/r/s/{}"
COUNT = 14
STEPS = 12


class Invented:
    """A random form: each expression asks only what stands before it, so that none goes in a circle."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.paths = [self._path(number) for number in range(COUNT)]
        self.calculated = {path for path in self.paths[3:] if dice.random() < 0.4}
        self.is_counted = dice.random() < 0.3

    def _path(self, number: int) -> str:
        places = (PLAIN, PLAIN, IN_GROUP, IN_ROW, IN_ROW, IN_INNER_ROW)
        place = PLAIN if number == 0 else self._dice.choice(places)
        return place.format(f"f{number}")

    def content(self) -> bytes:
        """As XML."""
        plain, group, row, inner = map(self._nodes, ("/data", "/data/g", "/data/r", "/data/r/s"))
        nodes = f'{plain}<g>{group}</g><r jr:template="">{row}<s jr:template="">{inner}</s></r>'
        count = ' jr:count="/data/f0 * 3"' if self.is_counted else ""
        inputs = "".join(f'<input ref="{path}"/>' for path in self.paths if not path.startswith("/data/r/"))
        inside = "".join(f'<input ref="{path}"/>' for path in self.paths if path.startswith("/data/r/"))
        body = f'{inputs}<repeat nodeset="/data/r"{count}>{inside}<repeat nodeset="/data/r/s"/></repeat>'
        binds = "".join(self._bind(number) for number in range(COUNT)) + self._of_places()
        model = f'<instance><data id="x">{nodes}</data></instance>{binds}'
        return f"{HEAD}{model}</model></h:head><h:body>{body}</h:body></h:html>".encode()

    def _nodes(self, place: str) -> str:
        split = (path.rpartition("/") for path in self.paths)
        return "".join(f"<{name}/>" for around, _, name in split if around == place)

    def _bind(self, number: int) -> str:
        path, said = self.paths[number], [f'nodeset="{self.paths[number]}"', 'type="int"']
        if path in self.calculated:
            said.append(f'calculate="{self._number(number)}"')
        for name, chance in (("relevant", 0.3), ("required", 0.2), ("readonly", 0.2)):
            if number and self._dice.random() < chance:
                said.append(f'{name}="{self._number(number)} &gt; {self._dice.randint(0, 6)}"')
        if self._dice.random() < 0.2:
            said.append('constraint=". &lt; 7"')
        return f"<bind {' '.join(said)}/>"

    def _of_places(self) -> str:
        """The group, and the rows, may be relevant or not by the first question."""
        chosen = [place for place in ("/data/g", "/data/r", "/data/r/s") if self._dice.random() < 0.3]
        return "".join(f'<bind nodeset="{place}" relevant="/data/f0 &lt; 4"/>' for place in chosen)

    def _number(self, number: int) -> str:
        """An expression of what stands before."""
        asked = self._dice.choice(self.paths[:number])
        shapes = [
            f"{asked} + 1",
            f"coalesce({asked}, 3)",
            f"if({asked} &gt; 2, 5, {asked})",
            f"sum({asked}[. != ''])",
            f"sum(//{asked.rpartition('/')[2]}[. != ''])",
        ]
        own = self.paths[number]
        if own.startswith("/data/r/"):
            shapes += ["position(..) * 2", "count(/data/r)"]
            same = [path for path in self.paths[:number] if path.rpartition("/")[0] == own.rpartition("/")[0]]
            shapes += [f"../{path.rpartition('/')[2]} + position(..)" for path in same] * 2
        if asked.startswith("/data/r/"):
            row, _, name = asked.rpartition("/")
            shapes += [
                f"count({row}[{name} &gt; 1])",
                f"indexed-repeat({asked}, /data/r, 2)",
                f"count({row})",
            ]
            if not any(path.startswith(f"{row}/") for path in self.calculated):
                shapes.append(f"count-non-empty({row}/*)")  # else it would ask what comes after it
        return self._dice.choice(shapes)


def change(session: Session, form: Invented, dice: random.Random) -> None:
    roll = dice.random()
    try:
        if roll < 0.25:
            session.add_repeat(dice.choice([rows.ref for rows in session.repeats()]))
        elif roll < 0.35 and (full := [rows for rows in session.repeats() if rows.count]):
            rows = dice.choice(full)
            session.remove_repeat(f"{rows.ref}[{dice.randint(1, rows.count)}]")
        else:
            free = [node for node in session.nodes() if node.control and node.kind == "input"]
            asked = [
                node for node in free if session.form.fields[path_of(node.ref)].path not in form.calculated
            ]
            session.answer(dice.choice(asked).ref, str(dice.choice((0, 1, 2, 3, 5, 8, ""))))
    except Refusal as refused:
        if refused.code != "survey.fixed":
            raise


def path_of(ref: str) -> str:
    return "/".join(step.partition("[")[0] for step in ref.split("/"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32))
def test_an_answer_moves_what_reckoning_everything_anew_would_move(seed: int) -> None:
    dice = random.Random(seed)
    invented = Invented(dice)
    form = FormDefinition.load(invented.content())
    session = Session.new(form, WORLD)
    for _ in range(STEPS):
        change(session, invented, dice)
        held = next(read_document(session.draft()).elements())
        anew = Session.over(form, WORLD, held)
        anew._settling.begin()
        assert anew.draft() == session.draft()
        assert state_of(anew) == state_of(session)
