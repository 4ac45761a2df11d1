"""What the answers to each question of a form come to, over many submissions, in one pass.

A question that was not relevant was not asked, and is told apart from one that was left open; in a repeat it
was asked once a row. Whose place another submission took does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.survey.body import QUESTIONS, Control
from app.survey.definition import FormDefinition
from app.survey.figures import Bar, Counted, Counting, Days, Numbers, Plain, Sizes, Texts
from app.survey.labels import Labels, root_path
from app.survey.model import Field
from app.survey.nodes import Node, read_root
from app.survey.table_layout import holds
from app.survey.taken import Taken, replaced, standing, twice
from app.survey.walking import repeated, rows
from app.survey.xpath.context import VIETNAM
from app.survey.xpath.moments import read_moment

_PLAIN = frozenset({"binary", "geopoint", "geotrace", "geoshape"})
_NUMBERS = frozenset({"int", "decimal"})
_DATES = frozenset({"date", "dateTime"})
_CHOICES = {"select1": "one", "select": "many", "rank": "rank"}
_OFFERED_MAX = 30  # of a longer list, only what somebody chose is shown
_COUNTINGS: dict[str, Callable[[], Counting]] = {
    "number": Sizes,
    "date": Days,
    "text": Texts,
    "plain": Plain,
}


@dataclass(frozen=True)
class Figure:
    """One question. `kind`: `one` or `many` of choices, `rank` (what came first), `number`, `date`, `text`,
    `plain`; `asked`: how often it was relevant; `others`: answers that stand in no bar.

    The bars of `many` add up to more than was answered: each is a share of `answered`.
    """

    path: str
    name: str
    label: str
    kind: str
    asked: int
    answered: int
    bars: tuple[Bar, ...] = ()
    numbers: Numbers | None = None
    others: int = 0


class _Chosen:
    """Choices by their words, in the form's order; what the form does not offer comes after."""

    def __init__(self, control: Control, labels: Labels) -> None:
        self._control, self._labels = control, labels
        self._offered = [each.value for each in labels.offered(control)]
        self._counts = Counter[str](dict.fromkeys(self._offered, 0))
        self._words = {each.value: each.label for each in labels.offered(control)}

    def take_at(self, said: str, node: Node) -> None:
        """An answer, and where it stands."""
        words = [said] if self._control.kind == "select1" else said.split()
        for value in words[:1] if self._control.kind == "rank" else dict.fromkeys(words):
            self._counts[value] += 1
            if value not in self._words:
                self._words[value] = self._labels.label(self._control, value, node)

    def counted(self) -> Counted:
        """A bar a choice; of a long list those that somebody chose."""
        is_long = len(self._offered) > _OFFERED_MAX
        shown = (value for value in self._counts if self._counts[value] or not is_long)
        return Counted(tuple(Bar(self._counts[value], self._words[value]) for value in shown))


class _Question:
    """One question while answers come in."""

    def __init__(self, field: Field, labels: Labels) -> None:
        control = field.control if isinstance(field.control, Control) else None
        self.path, self.label = field.path, labels.heading(control)
        self.kind, self._type = _kind_of(field, control), field.bind.type
        self.asked = self.answered = 0
        self._chosen = _Chosen(control, labels) if control and control.kind in _CHOICES else None
        self._counting = _COUNTINGS.get(self.kind, Plain)()

    def take(self, node: Node) -> None:
        """One node of it: it was asked."""
        self.asked += 1
        said = holds(node)
        if not said:
            return
        self.answered += 1
        if self._chosen is not None:
            self._chosen.take_at(said, node)
        else:
            self._counting.take(_day(said) if self._type == "dateTime" else said)

    def figure(self) -> Figure:
        """What came of it."""
        made = (self._chosen or self._counting).counted()
        name = self.path.rpartition("/")[2]
        known = (self.path, name, self.label or name, self.kind, self.asked, self.answered)
        return Figure(*known, made.bars, made.numbers, made.others)


def _kind_of(field: Field, control: Control | None) -> str:
    if control is not None and control.kind in _CHOICES:
        return _CHOICES[control.kind]
    kind = field.bind.type
    if kind in _NUMBERS:
        return "number"
    if kind in _DATES:
        return "date"
    return "plain" if kind in _PLAIN or (control and control.kind == "trigger") else "text"


def _is_told(field: Field) -> bool:
    """A question, or a number that the form reckons."""
    if isinstance(field.control, Control):
        return field.is_leaf and field.control.kind in QUESTIONS and not field.is_note
    return field.is_leaf and field.bind.calculate is not None and field.bind.type in _NUMBERS


def _day(said: str) -> str:
    """The day of a moment in Vietnam."""
    at = read_moment(said, VIETNAM).at
    return said if at is None else at.astimezone(VIETNAM).date().isoformat()


def summary(form: FormDefinition, taken: Iterable[Taken], language: str = "") -> list[Figure]:
    """A figure for each question, and for each number that the form reckons, in the form's order.

    Refusal("survey.xml"); ValueError for an iterator, for `taken` is gone over twice.
    """
    labels, top = Labels(form, language), root_path(form)
    questions = {path: _Question(each, labels) for path, each in form.fields.items() if _is_told(each)}
    repeats = {path for path, each in form.fields.items() if each.is_row}
    for each in standing(twice(taken), replaced(taken)):
        root = read_root(each.xml)
        for row in rows(root, top, repeats.union(repeated(root, top)), each.id):
            for path, node in row.answers.items():
                if path in questions:
                    questions[path].take(node)
    return [each.figure() for each in questions.values()]
