"""An unfinished filling taken over to another version of its form: all that it keeps and has a place there.

Relevant or not, seen or not: what she finds again when she changes an answer back, whom it is about, which
submission it corrects. Calculations are reckoned anew, but for those that draw lots or look at a clock, and
those that she may have answered herself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.errors import Refusal
from app.survey.answers import Answer, at_path
from app.survey.body import Control
from app.survey.choices import control_of
from app.survey.definition import FormDefinition
from app.survey.filling import World, fitting
from app.survey.model import name_of
from app.survey.nodes import Kind, Node
from app.survey.session import Session
from app.survey.tree import Tree
from app.survey.typed import canonical
from app.survey.xpath.parser import parse
from app.survey.xpath.syntax import Call, inside

_ONCE = frozenset({"uuid", "random", "once", "now", "today"})  # reckoned again, these say something else


def carried(old: Session, form: FormDefinition, world: World) -> tuple[Session, list[str]]:
    """A filling of `form` with what another version's holds, and the questions whose answer is not in it.

    The refusals of `Session.new`.
    """
    language = old.language if old.language in form.translations else ""
    begun = Session.new(form, world, language)
    _add_rows(old, begun)
    way = _Way(old.form, Tree(form, begun.root))
    way.go(old.root, begun.root)
    new = Session.anew(form, world, begun.root, way.standing, language)
    return new, [old.ref_of(node) for node, at, text in way.answers if not _holds(new, at, text)]


def _add_rows(old: Session, begun: Session) -> None:
    """As many rows as there were, outer repeats first; those that a form counts come with their answers."""
    for each in old.repeats():
        ref = f"{begun.ref_of(begun.root)}/{each.ref.split('/', 2)[2]}"
        try:
            for _ in range(begun.rows(ref).count, each.count):
                begun.add_repeat(ref)
        except Refusal:
            continue


def _holds(new: Session, at: Answer | None, text: str) -> bool:
    return bool(text) and at is not None and at.is_in(new.root) and not at.is_blank and at.held == text


@dataclass
class _Way:
    """From one version's answers to another's.

    `answers`: hers, each with its place there and what was put in; `standing`: what is not reckoned anew.
    """

    old: FormDefinition
    new: Tree
    answers: list[tuple[Answer, Answer | None, str]] = field(default_factory=list)
    standing: set[Answer] = field(default_factory=set)

    def go(self, given: Answer, into: Answer) -> None:
        """What a node holds, into the one of the same place."""
        self._put_attributes(given, into)
        if given.field.is_leaf:
            self._put(given, into)
            return
        places = self._places(given, into)
        for child in given.elements():
            at = next((each for each in places if name_of(each) == name_of(child)), None)
            if at is not None:
                places.remove(at)
            if not isinstance(child, Answer):
                _copy(child, into)
            elif at is None or at.field.is_leaf != child.field.is_leaf:
                self.answers += [(each, None, "") for each in child.inside() if _is_hers(each)]
            else:
                self.go(child, at)

    def _put_attributes(self, given: Answer, into: Answer) -> None:
        own = {name_of(each): each for each in into.attributes if isinstance(each, Answer)}
        for each in given.attributes:
            if isinstance(each, Answer) and name_of(each) in own:
                self._put(each, own[name_of(each)])

    def _put(self, given: Answer, into: Answer) -> None:
        if self._is_constant(given, into):
            return
        try:
            text = fitting(into, given.held)
        except Refusal:
            text = ""
        into.keep(text)
        if self._stands(given, into):
            self.standing.add(into)
        if _is_hers(given):
            self.answers.append((given, into, text))

    def _is_constant(self, given: Answer, into: Answer) -> bool:
        """Whether a form itself says it, one thing in the one version and another in the other."""
        if given.kind == Kind.ATTRIBUTE or (control_of(given) is not None and not given.is_readonly):
            return False
        before, now = _said(self.old, given.field.path), _said(self.new.form, into.field.path)
        return given.held == before != now

    def _stands(self, given: Answer, into: Answer) -> bool:
        before, now = given.field.bind.calculate, into.field.bind.calculate
        if before is None or now is None or before.text != now.text:
            return False
        is_asked = control_of(into) is not None and not given.is_readonly
        return is_asked or any(
            isinstance(part, Call) and part.name in _ONCE for part in inside(parse(now.text))
        )

    def _places(self, given: Answer, into: Answer) -> list[Answer]:
        """Where what lies in a node may go: rows as many as there were, unless the form has its own."""
        for path, found in self.new.form.fields.items():
            was = self.old.fields.get(f"{given.field.path}/{path.rpartition('/')[2]}")
            if found.is_row and found.parent == into.field.path and was is not None and was.is_row:
                wanted = sum(isinstance(each, Answer) and each.field is was for each in given.elements())
                self._count(path, into, wanted)
        return [each for each in into.elements() if isinstance(each, Answer)]

    def _count(self, path: str, outer: Answer, wanted: int) -> None:
        control = self.new.form.fields[path].control
        if isinstance(control, Control) and control.is_fixed and control.count is None:
            return
        rows = self.new.rows_in(path, outer)
        for row in rows[wanted:]:
            self.new.remove_row(row, [])
        for _ in range(len(rows), wanted):
            self.new.add_row(path, outer, [], is_new=False)


def _is_hers(node: Answer) -> bool:
    """Whether an officer answered it."""
    is_asked = control_of(node) is not None and not node.is_readonly and node.field.bind.calculate is None
    return is_asked and node.field.is_leaf and not node.is_blank and bool(node.held)


def _said(form: FormDefinition, path: str) -> str:
    return canonical(form.fields[path].bind.type, at_path(form.template, path)[0].text)


def _copy(node: Node, into: Node) -> None:
    """What no form has a place for: `deprecatedID`, as `filling` reads it too."""
    made = into.add(Node(Kind.ELEMENT, node.name, node.namespace))
    made.prefix = node.prefix
    made.write(node.text)
