"""From one change to all that follows: relevance, calculations, rows, choices; then what is valid.

What is looked at again is found by path; relevance and calculations run in the form's order, each after
what it asks. A change of rows or of choices may move values again: so round by round, until nothing does.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from app.domain.errors import Refusal
from app.survey.answers import Answer
from app.survey.definition import FormDefinition
from app.survey.model import told_where
from app.survey.references import (
    CALCULATE,
    CHOICES,
    COUNT,
    RELEVANT,
    Use,
    above,
)
from app.survey.typed import canonical
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import text_of, truth_of

_ROUNDS_MAX = 50
TEXT_MAX = 100_000  # letters of an answer: calculations that double each other come to an end
Changed = Callable[[Answer, str], None]


class Dependents:
    """Who looks at a path, of one form."""

    def __init__(self, form: FormDefinition) -> None:
        self.by_key = {(use.path, use.what): use for use in form.uses}
        self.by_path: dict[str, list[Use]] = {}
        self._exact: dict[str, list[Use]] = {}
        self._deep: dict[str, list[Use]] = {}
        for use in form.uses:
            self.by_path.setdefault(use.path, []).append(use)
            for asked in use.asks:
                held = self._deep if asked.is_deep else self._exact
                held.setdefault(asked.path, []).append(use)

    def of(self, path: str) -> Iterator[Use]:
        """Those of the path itself, and those of everything inside a path it lies in."""
        yield from self._exact.get(path, ())
        for outer in (*above(path), ""):
            yield from self._deep.get(outer, ())


def _reckoned(_node: Answer) -> bool:
    return False


class Settling:
    """One filling's round: what is due, and how it is done. `changed` is told of each node and property."""

    def __init__(
        self,
        form: FormDefinition,
        scope: Scope,
        nodes: Mapping[str, Sequence[Answer]],
        changed: Changed,
        follow: Callable[[Use, Answer], bool],
    ) -> None:
        self._form, self._scope, self._nodes = form, scope, nodes
        self._changed, self._follow = changed, follow
        self._dependents = Dependents(form)
        self._due: set[Use] = set()
        self._fresh: list[Use] = []  # of these, what came since it was last looked at
        self._stands: Callable[[Answer], bool] = _reckoned
        self.undo: list[Callable[[], None]] = []  # takes back what was written since it was last emptied

    def note(self, path: str) -> None:
        """Something at this path is not what it was."""
        self._add(self._dependents.of(path))

    def _add(self, uses: Iterable[Use]) -> None:
        for use in uses:
            if use not in self._due:
                self._due.add(use)
                self._fresh.append(use)

    def note_rows(self, path: str) -> None:
        """Rows came or went: everything inside is new, and whoever looks at it sees another list."""
        for each in self._form.fields:
            if each == path or each.startswith(f"{path}/"):
                self.note(each)
                self._add(self._dependents.by_path.get(each, ()))

    def begin(self, stands: Callable[[Answer], bool] = _reckoned) -> None:
        """All of a filling that begins; `stands`: whether a node's calculation is left as it is."""
        self._stands = stands
        try:
            self._add(self._form.uses)
            self.run()
        finally:
            self._stands = _reckoned

    def restore(self) -> None:
        """All but the calculations, of a filling that was left: an officer may have changed their answers."""
        self.begin(lambda _node: True)

    def run(self) -> None:
        """Until nothing moves any more. Refusal("survey.circle") where that never happens."""
        for _round in range(_ROUNDS_MAX):
            self._reckon()
            if not self._move():
                self._judge()
                return
        raise Refusal("survey.circle", what="jr:count")

    def _reckon(self) -> None:
        """Relevance and calculations, each after what it asks; what comes to be due again is done again."""
        order = self._form.order
        waiting, looked_at = list[tuple[int, str, str]](), 0
        self._fresh = list(self._due)
        while True:
            for use in self._fresh:
                rank = order.get((use.path, use.what))
                if rank is not None:
                    heapq.heappush(waiting, (rank, use.path, use.what))
            self._fresh = []
            if not waiting:
                return
            _rank, path, what = heapq.heappop(waiting)
            looked_at += 1
            if looked_at > _ROUNDS_MAX * (len(order) + 1):
                raise Refusal("survey.circle", what=path)
            use = self._dependents.by_key[path, what]
            self._due.discard(use)
            with told_where(path, what):
                for node in self._nodes.get(path, ()):
                    self._evaluate(use, node)

    def _evaluate(self, use: Use, node: Answer) -> None:
        bind = node.field.bind
        if use.what == RELEVANT and bind.relevant is not None:
            node.is_own_relevant = truth_of(bind.relevant.evaluate(Context(node, self._scope)))
            self.spread_relevance(node)
        elif bind.calculate is not None and not node.is_blank and not self._stands(node):
            said = text_of(bind.calculate.evaluate(Context(node, self._scope)))
            self.write(node, canonical(bind.type, "" if said == "NaN" else said))

    def write(self, node: Answer, text: str) -> bool:
        """Keep a value; whether it is another one."""
        held = node.held
        if held == text:
            return False
        if len(text) > TEXT_MAX:
            raise Refusal("survey.text", most=TEXT_MAX)
        self.undo.append(partial(node.keep, held))
        node.keep(text)
        self._changed(node, "value")
        self.note(node.field.path)
        self._add(self._own(node.field.path, ("required", "constraint")))
        return True

    def _own(self, path: str, properties: Iterable[str]) -> Iterator[Use]:
        found = (self._dependents.by_key.get((path, what)) for what in properties)
        return (use for use in found if use is not None)

    def spread_relevance(self, node: Answer) -> None:
        """Down from a node; whatever becomes relevant is reckoned anew."""
        around = node.parent
        is_blank = not node.is_own_relevant or (isinstance(around, Answer) and around.is_blank)
        if is_blank == node.is_blank:
            return
        node.is_blank = is_blank
        self._changed(node, RELEVANT)
        if node.field.is_leaf and node.held:
            self._changed(node, "value")
        self.note(node.field.path)
        self._add(self._own(node.field.path, (CALCULATE, "required", "constraint", CHOICES)))
        for each in (*node.attributes, *node.children):
            if isinstance(each, Answer):
                self.spread_relevance(each)
            else:
                each.is_blank = is_blank

    def _move(self) -> bool:
        """Rows and choices; whether values or rows moved, so that all must be reckoned again."""
        moving = [use for use in self._due if use.what in (COUNT, CHOICES)]
        moved = False
        for use in sorted(moving, key=lambda use: self._form.fields[use.path].place):
            self._due.discard(use)
            of = use.path if use.what == CHOICES else self._form.fields[use.path].parent
            with told_where(use.path, use.what):
                for node in tuple(self._nodes.get(of, ())):
                    moved |= self._follow(use, node)
        return moved or any(_is_ranked(use) for use in self._due)

    def _judge(self) -> None:
        """Readonly, required, valid: nothing in the form can ask for them."""
        due, self._due = self._due, set()
        for use in sorted(due, key=lambda use: self._form.fields[use.path].place):
            with told_where(use.path, use.what):
                for node in self._nodes.get(use.path, ()):
                    self.judge(use.what, node)

    def judge(self, what: str, node: Answer) -> None:
        """One property of one node."""
        bind = node.field.bind
        if what == "readonly" and bind.readonly is not None:
            node.is_own_readonly = truth_of(bind.readonly.evaluate(Context(node, self._scope)))
            self.spread_readonly(node)
        elif what == "required" and bind.required is not None:
            is_required = truth_of(bind.required.evaluate(Context(node, self._scope)))
            if is_required != node.is_required:
                node.is_required = is_required
                self._changed(node, "required")
        self._weigh(node)

    def spread_readonly(self, node: Answer) -> None:
        """Down from a node."""
        around = node.parent
        is_readonly = node.is_own_readonly or (isinstance(around, Answer) and around.is_readonly)
        if is_readonly == node.is_readonly:
            return
        node.is_readonly = is_readonly
        self._changed(node, "readonly")
        for each in (*node.attributes, *node.children):
            if isinstance(each, Answer):
                self.spread_readonly(each)

    def _weigh(self, node: Answer) -> None:
        found = self.violation(node)
        if found != node.violation:
            node.violation = found
            self._changed(node, "violation")

    def violation(self, node: Answer) -> str:
        """`required`, `constraint` or neither: of nothing, a constraint says nothing."""
        if node.is_blank or not node.field.is_leaf:
            return ""
        constraint = node.field.bind.constraint
        if not node.held:
            return "required" if node.is_required else ""
        is_met = constraint is None or truth_of(constraint.evaluate(Context(node, self._scope)))
        return "" if is_met else "constraint"


def _is_ranked(use: Use) -> bool:
    return use.what in (RELEVANT, CALCULATE)
