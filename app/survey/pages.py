"""The pages of one filling: which there are, how far each is, what is wrong, and the way forth and back.

    pages = Pages(session)
    pages.touch("/data/name")       # answered: what is wrong with it is shown from now on
    pages.next()                    # False while the page has violations; then they are all shown
    pages.pages(), pages.progress(), pages.problems(pages.current)

A question that nobody has touched is not wrong yet, though the engine knows already that it is required.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import Refusal
from app.survey.answers import Answer
from app.survey.body import QUESTIONS
from app.survey.choices import control_of
from app.survey.layout import Part, Plan, plans
from app.survey.session import Session

REVIEW = "review"
State = Literal["new", "begun", "errors", "done"]
Fault = Literal["required", "constraint", "refused"]


@dataclass(frozen=True)
class Page:
    """A page as it stands. `refs`: what stands on it in order: questions, groups and repeats, not their rows.

    `asked`: relevant questions that may be answered, in rows too; `errors`: of those that are shown.
    `number`: among the pages that there are now, from one. `title`: empty where the form has none.
    """

    key: str
    number: int
    title: str
    hint: str
    refs: tuple[str, ...]
    state: State
    answered: int
    asked: int
    errors: int


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer. `message`: the form's words, or what a screen said of what was typed.

    `page`: empty of what stands on none. `is_shown`: she touched it, or tried to leave its page.
    """

    ref: str
    page: str
    fault: Fault
    message: str
    is_shown: bool


@dataclass(frozen=True)
class Count:
    """How far a page, a row or the whole filling is. `missing`: required and not answered."""

    answered: int = 0
    asked: int = 0
    errors: int = 0  # those that are shown
    missing: int = 0
    wrong: int = 0

    @classmethod
    def of(cls, counts: Iterable[Count]) -> Count:
        """Of all together."""
        rows = [(each.answered, each.asked, each.errors, each.missing, each.wrong) for each in counts]
        return cls(*(sum(column) for column in zip(*rows, strict=True)))


class Pages:
    """The way through one session; begins at page `at`, or at the first that has anything to show."""

    def __init__(self, session: Session, at: str = "") -> None:
        self._session = session
        self._plans = {plan.key: plan for plan in plans(session.form)}
        self._page_of = {
            part.path: plan.key
            for plan in self._plans.values()
            for top in plan.parts
            for part in top.inside()
            if part.kind == "question"
        }
        self._touched = set[Answer]()
        self._refused = dict[Answer, str]()
        self._passed = set[str]()
        there = self._relevant()
        self.current = at if at in (*there, REVIEW) else next(iter(there), REVIEW)
        self._passed.update(there[: there.index(at)] if at in there else there if at == REVIEW else ())

    # What there is

    def plan(self, key: str) -> Plan:
        """What stands on a page. Refusal("survey.form") for none."""
        try:
            return self._plans[key]
        except KeyError:
            raise Refusal("survey.form", what=key) from None

    def pages(self) -> tuple[Page, ...]:
        """Those that hold anything relevant."""
        counts = self._counts()
        return tuple(
            self._page(key, number, counts.get(key, Count()))
            for number, key in enumerate(self._relevant(), 1)
        )

    def progress(self) -> Count:
        """Of the whole filling."""
        return Count.of(self._counts().values())

    def row(self, ref: str) -> Count:
        """Of a repeat's row. Refusal("survey.form")."""
        return self._count(node for node in self._session.at(ref).inside() if _is_question(node))

    def problems(self, key: str = "") -> tuple[Problem, ...]:
        """Everything that is wrong on a page, or with no key in the whole filling, in the form's order."""
        wrong = (node for node in self._session.root.inside() if self._fault(node))
        return tuple(
            self._problem(node) for node in wrong if not key or self._page_of.get(node.field.path) == key
        )

    def problem(self, ref: str) -> Problem | None:
        """What is shown to be wrong with one question; None for nothing."""
        node = self._session.at(ref)
        return self._problem(node) if self._fault(node) and self._is_shown(node) else None

    def is_there(self, part: Part, row: str = "", row_path: str = "") -> bool:
        """Whether a part has anything to show, within a row or outside of rows."""
        ref = part.ref(row, row_path) if row else part.path
        if part.kind == "repeat":
            return self._has_rows(ref, part)
        if self._session.at(ref).is_blank:
            return False
        return part.kind == "question" or any(self.is_there(each, row, row_path) for each in part.parts)

    # What happens

    def touch(self, ref: str) -> None:
        """She answered it: whatever was typed there before and was no answer is gone."""
        node = self._session.at(ref)
        self._touched.add(node)
        self._refused.pop(node, None)

    def refuse(self, ref: str, sentence: str) -> None:
        """What she typed there is no answer: the screen says why, and the page is not left with it."""
        node = self._session.at(ref)
        self._touched.add(node)
        self._refused[node] = sentence

    def next(self) -> bool:
        """To the page after; False while this one has violations, which are shown from now on."""
        there = self._way()
        at = there.index(self.current)
        if not self._may_leave(self.current):
            return False
        self._come_to(there[min(at + 1, len(there) - 1)])
        return True

    def previous(self) -> bool:
        """To the page before, whatever stands on this one; False at the first."""
        there = self._way()
        at = there.index(self.current)
        if at:
            self._come_to(there[at - 1])
        return at > 0

    def go(self, key: str) -> bool:
        """To a page: to the review and back always, forward as far as nothing that lies between is wrong.

        False where that ends, or for no page that is there.
        """
        there = self._way()
        if key not in there:
            return False
        ahead = there[there.index(self.current) : there.index(key)] if key != REVIEW else []
        for passing in ahead:
            if not self._may_leave(passing):
                self._come_to(passing)
                return False
        if key == REVIEW:
            self.show_all()
        self._come_to(key)
        return True

    def show_all(self) -> None:
        """Everything that is wrong is shown from now on."""
        self._touched.update(self._session.at(each.ref) for each in self.problems())

    def _may_leave(self, key: str) -> bool:
        found = self.problems(key) if key != REVIEW else ()
        self._touched.update(self._session.at(each.ref) for each in found)
        if not found:
            self._passed.add(key)
        return not found

    def _come_to(self, key: str) -> None:
        if key != self.current:
            self._refused.clear()  # what was no answer was not kept: it is not there when one comes back
        self.current = key

    # Underneath

    def _way(self) -> list[str]:
        """Pages and review; the one she is on stays there while what it asks is no longer relevant."""
        there = set(self._relevant()) | {self.current}
        return [*(key for key in self._plans if key in there), REVIEW]

    def _relevant(self) -> list[str]:
        return [key for key, plan in self._plans.items() if any(map(self.is_there, plan.parts))]

    def _has_rows(self, ref: str, part: Part) -> bool:
        rows = self._session.rows(ref)
        is_free = not part.control.is_fixed and part.control.count is None
        return rows.is_relevant and (is_free or rows.count > 0)

    def _page(self, key: str, number: int, count: Count) -> Page:
        plan = self._plans[key]
        return Page(
            key=key,
            number=number,
            title=self._session.said(plan.label, _heading_of(plan)).strip(),
            hint=self._session.said(plan.hint, _heading_of(plan)).strip(),
            refs=tuple(self._refs(plan.parts)),
            state=self._state(key, count),
            answered=count.answered,
            asked=count.asked,
            errors=count.errors,
        )

    def _refs(self, parts: Iterable[Part]) -> Iterator[str]:
        for part in parts:
            if self.is_there(part):
                if part.kind != "group" or part.control.path:
                    yield part.path
                if part.kind == "group":
                    yield from self._refs(part.parts)

    def _state(self, key: str, count: Count) -> State:
        if count.errors:
            return "errors"
        is_whole = count.asked > 0 and count.answered == count.asked
        if not count.wrong and (key in self._passed or is_whole):
            return "done"
        return "begun" if count.answered else "new"

    def _counts(self) -> dict[str, Count]:
        by_page = dict[str, list[Answer]]()
        for node in self._session.root.inside():
            if _is_question(node):
                by_page.setdefault(self._page_of.get(node.field.path, ""), []).append(node)
        return {key: self._count(nodes) for key, nodes in by_page.items()}

    def _count(self, nodes: Iterable[Answer]) -> Count:
        asked = answered = errors = missing = wrong = 0
        for node in nodes:
            if not node.is_readonly:
                asked += 1
                answered += bool(node.held)
            if fault := self._fault(node):
                wrong += 1
                errors += self._is_shown(node)
                missing += fault == "required"
        return Count(answered, asked, errors, missing, wrong)

    def _fault(self, node: Answer) -> Fault | None:
        if node in self._refused and not node.is_blank:
            return "refused"
        return "required" if node.violation == "required" else "constraint" if node.violation else None

    def _is_shown(self, node: Answer) -> bool:
        return node in self._touched

    def _problem(self, node: Answer) -> Problem:
        ref, fault = self._session.ref_of(node), self._fault(node)
        assert fault is not None
        message = self._refused[node] if fault == "refused" else self._session.node(ref).message
        return Problem(ref, self._page_of.get(node.field.path, ""), fault, message, self._is_shown(node))


def _is_question(node: Answer) -> bool:
    control = control_of(node)
    return node.field.is_leaf and not node.is_blank and control is not None and control.kind in QUESTIONS


def _heading_of(plan: Plan) -> str:
    """Where a page's heading is said: of a repeat, in what it lies in, for there may be no row."""
    only = plan.parts[0]
    is_repeat = len(plan.parts) == 1 and only.kind == "repeat" and plan.path == only.path
    return plan.path.rpartition("/")[0] if is_repeat else plan.path
