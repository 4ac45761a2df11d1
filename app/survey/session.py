"""One filling of a form: answer, add and remove rows, change language; each says what it changed.

    session = Session.new(form, world)
    delta = session.answer("/data/member[2]/age", "15")

A reference names rows: `/data/member[2]/age`; where it names none, the first. Whatever is refused leaves
everything as it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from zlib import crc32

from app.domain.errors import Refusal
from app.survey import choices as choosing
from app.survey import filling, views
from app.survey.answers import Answer, plant, written
from app.survey.body import Action, Control, Words
from app.survey.choices import SELECTS, Choice, control_of
from app.survey.definition import FormDefinition
from app.survey.filling import World
from app.survey.model import Expression, name_of, told_where
from app.survey.nodes import Kind, Node, read_root
from app.survey.references import COUNT, Use
from app.survey.settling import Settling
from app.survey.tree import Tree
from app.survey.typed import canonical
from app.survey.views import Delta, NodeView, Rows
from app.survey.wording import Wording
from app.survey.xpath.context import VIETNAM, Context, Scope
from app.survey.xpath.values import number_of, text_of


class Session:
    """Begun with `new` or `resume`."""

    def __init__(self, form: FormDefinition, world: World, root: Answer, language: str = "") -> None:
        self.form, self.world = form, world
        self._tree = Tree(form, root)
        self._changes: dict[Answer, set[str]] = {}
        self._added, self._removed = list[str](), list[str]()
        self._wording = Wording(form, language or form.default_language)
        self._scope = Scope(self._tree.around, VIETNAM, world.clock, instance=self._instance)
        self._scope.itext = lambda name, node: self._wording.itext(name, node, self._scope)
        self._scope.choice_name = self._choice_name
        self._settling = Settling(form, self._scope, self._tree.nodes, self._noted, self._follow)

    @classmethod
    def new(
        cls,
        form: FormDefinition,
        world: World,
        language: str = "",
        prefill: Mapping[str, str] | None = None,
        rows: Mapping[str, int] | None = None,
    ) -> Session:
        """A filling with what the form itself puts into it, and what is known before: value by reference.

        `rows`: how many a repeat begins with, by its path; a form that counts them itself decides. What the
        form's own first event sets stands over what was known. Refusal("survey.form"), ("survey.rows").
        """
        self = cls(form, world, plant(form.template, f"/{name_of(form.template)}", form.fields), language)
        self._tree.add_first_rows()
        for path, count in (rows or {}).items():
            self._begin_with(path, count)
        filling.preload(self._tree.root, world)
        for ref, text in (prefill or {}).items():
            node = self._tree.find(ref)
            node.keep(canonical(node.field.bind.type, text))
        self._shuffle()
        self._settling.begin()
        self._happened({"odk-instance-first-load", "odk-instance-load"})
        return self

    @classmethod
    def resume(cls, form: FormDefinition, world: World, draft: bytes, language: str = "") -> Session:
        """A filling as `draft` left it. Refusal("survey.draft") for one of another form."""
        return cls.over(form, world, read_root(draft), language)

    @classmethod
    def over(cls, form: FormDefinition, world: World, held: Node, language: str = "") -> Session:
        """A filling that begins with answers which are there already; the errors of `resume`."""
        self = cls(form, world, filling.of_draft(form, held), language)
        self._shuffle()
        self._settling.restore()
        self._happened({"odk-instance-load"})
        return self

    @classmethod
    def anew(
        cls, form: FormDefinition, world: World, root: Answer, standing: Collection[Answer], language: str
    ) -> Session:
        """A filling of answers that were brought together; but for those `standing`, all is reckoned anew."""
        self = cls(form, world, root, language)
        self._shuffle()
        self._settling.begin(standing.__contains__)
        self._happened({"odk-instance-load"})
        return self

    @classmethod
    def handed_in(cls, form: FormDefinition, world: World, content: bytes) -> Session:
        """A submission to be read: nothing is reckoned anew, and what it leaves out is not relevant.

        Refusal("survey.xml"), ("survey.draft") for what is no submission of this form.
        """
        held = read_root(content)
        root = filling.of_draft(form, held)
        filling.blank_unsaid(root, held)
        self = cls(form, world, root)
        self._shuffle()
        return self

    def _begin_with(self, path: str, count: int) -> None:
        """Rows for those who are known; none is taken away."""
        outer = self._tree.find(self.form.field(path).parent)
        for _ in range(len(self._tree.rows_in(path, outer)), count):
            self._tree.add_row(path, outer, [], is_new=True)

    def _shuffle(self) -> None:
        """By the filling's own id: a draft shows choices in the order in which they were left."""
        ids = (node.held for node in self._tree.root.inside() if node.name == "instanceID")
        self._scope.shuffle = float(crc32(next(ids, "").encode()) or 1)

    def _happened(self, events: Collection[str]) -> None:
        for action in self.form.actions:
            if action.events & set(events):
                for node in self._tree.nodes.get(action.source or self._tree.root.field.path, ()):
                    self._act(action, node)
        self._settling.run()
        self._settling.undo.clear()
        self._taken()

    # What an officer does

    def answer(self, ref: str, text: str) -> Delta:
        """Write a value; what is none of its type, or is not offered, stands as nothing.

        Refusal("survey.form") for no such question, ("survey.rank"), ("survey.int"), and whatever an
        expression that depends on it refuses.
        """
        node = self._tree.find(ref)
        return self._whole(partial(self._answer, node, self._accepted(node, text)))

    def add_repeat(self, ref: str) -> Delta:
        """A row at the end of a repeat's rows. Refusal("survey.rows"), ("survey.fixed")."""
        outer, path = self._outer(ref)
        self._require_free(path)
        return self._whole(partial(self._add_row, path, outer))

    def remove_repeat(self, ref: str) -> Delta:
        """That row. Refusal("survey.fixed") where the form counts them."""
        node = self._tree.find(ref)
        self._require_free(node.field.path)
        return self._whole(partial(self._remove_row, node))

    def take_back(self) -> None:
        """Everything as it was before the last change; nothing where that was taken back already.

        What it moved is not told: whoever shows the filling asks anew.
        """
        self._undo()

    def set_language(self, language: str) -> None:
        """Show another language. No value changes, not even one that quotes the form's texts."""
        if language not in self.form.translations:
            raise Refusal("survey.form", what=language)
        self._wording.language = language

    # What is there

    @property
    def root(self) -> Answer:
        """The answers' element."""
        return self._tree.root

    @property
    def language(self) -> str:
        """Which one is shown."""
        return self._wording.language

    def node(self, ref: str) -> NodeView:
        """A node as it stands. Refusal("survey.form")."""
        return views.view(self._tree.find(ref), self._tree, self._scope, self._wording)

    def at(self, ref: str) -> Answer:
        """The node itself: it stays the same when rows before it come and go. Refusal("survey.form")."""
        return self._tree.find(ref)

    def ref_of(self, node: Answer) -> str:
        """The other way round."""
        return self._tree.ref_of(node)

    def said(self, words: Words | None, ref: str) -> str:
        """Words of the form that are no node's own, as they are said there: a heading's."""
        return self._wording.said(words, self._tree.find(ref), self._scope)

    def quotes(self, ref: str) -> bool:
        """Whether a node's words may change with any answer: those that do not are told of by a Delta."""
        control = self.form.fields[self._tree.find(ref).field.path].control
        if not isinstance(control, Control):
            return False
        listed = control.choices if isinstance(control.choices, tuple) else ()
        return self._wording.quotes(control.label, control.hint, *(words for _value, words in listed))

    def choices(self, ref: str) -> list[Choice]:
        """What may be chosen there, as it stands; none of what is no select. Refusal("survey.form")."""
        return choosing.choices(self._tree.find(ref), self._scope, self._wording)

    def nodes(self) -> Iterator[NodeView]:
        """Every node, in the form's order."""
        inside = (node for node in self._tree.root.inside() if node.kind == Kind.ELEMENT)
        return (views.view(node, self._tree, self._scope, self._wording) for node in inside)

    def repeats(self) -> list[Rows]:
        """Every repeat, in every node that has one."""
        return views.repeats(self._tree, self._scope)

    def rows(self, ref: str) -> Rows:
        """One of them. Refusal("survey.form")."""
        outer, path = self._outer(ref)
        return views.rows(path, outer, self._tree, self._scope)

    def draft(self) -> bytes:
        """All that is kept, relevant or not: `resume` takes it."""
        return written(self._tree.root, whole=True)

    def xml(self) -> bytes:
        """What a submission holds: what is relevant."""
        return written(self._tree.root)

    # Underneath

    def _outer(self, ref: str) -> tuple[Answer, str]:
        """What a repeat lies in, and its path."""
        above, _, name = ref.rpartition("/")
        outer = self._tree.find(above)
        return outer, f"{outer.field.path}/{name.partition('[')[0]}"

    def _whole(self, change: Callable[[], None]) -> Delta:
        """All that follows from a change, or nothing of it."""
        self._settling.undo.clear()
        try:
            change()
            self._settling.run()
        except Refusal:
            self._undo()
            raise
        return self._taken()

    def _undo(self) -> None:
        undo = self._settling.undo
        while undo:
            undo.pop()()
        self._tree.index()
        self._settling.restore()
        self._taken()

    def _taken(self) -> Delta:
        standing = {node: found for node, found in self._changes.items() if node.is_in(self._tree.root)}
        nodes = {self._tree.ref_of(node): frozenset(found) for node, found in standing.items()}
        delta = Delta(nodes, tuple(self._added), tuple(self._removed))
        self._changes, self._added, self._removed = {}, [], []
        return delta

    def _noted(self, node: Answer, what: str) -> None:
        self._changes.setdefault(node, set()).add(what)

    def _accepted(self, node: Answer, text: str) -> str:
        """As it is kept."""
        if not node.field.is_leaf:
            raise Refusal("survey.form", what=node.field.path)
        control, said = control_of(node), filling.fitting(node, text)
        if control is not None and control.kind in SELECTS:
            return choosing.kept(node, said, choosing.values(node, self._scope))
        return said

    def _answer(self, node: Answer, text: str) -> None:
        if self._settling.write(node, text):
            for action in self.form.actions:
                if action.source == node.field.path and "xforms-value-changed" in action.events:
                    self._act(action, node)

    def _act(self, action: Action, node: Answer) -> None:
        what = "default" if "odk-instance-first-load" in action.events else "calculate"
        with told_where(action.target, what):
            self._set(action, node)

    def _set(self, action: Action, node: Answer) -> None:
        for target in self._tree.near(action.target, node):
            if action.is_place:
                text = self.world.place()
            elif isinstance(action.value, Expression):
                text = text_of(action.value.evaluate(Context(target, self._scope)))
            else:
                text = action.value or ""
            self._settling.write(target, canonical(target.field.bind.type, text))

    def _require_free(self, path: str) -> None:
        """Whether an officer may add and remove the rows of a path."""
        found = self.form.field(path)
        control = found.control
        counted = isinstance(control, Control) and (control.is_fixed or control.count is not None)
        if not found.is_row or counted:
            raise Refusal("survey.fixed")

    def _add_row(self, path: str, outer: Answer) -> None:
        row = self._plant_row(path, outer, is_new=True)
        self._settling.run()
        for action in self.form.actions:
            if "odk-new-repeat" in action.events and f"{action.source}/".startswith(f"{path}/"):
                self._act(action, row)

    def _plant_row(self, path: str, outer: Answer, *, is_new: bool) -> Answer:
        row = self._tree.add_row(path, outer, self._settling.undo, is_new=is_new)
        filling.preload(row, self.world)
        self._settling.note_rows(path)
        self._added.append(self._tree.ref_of(row))
        return row

    def _remove_row(self, row: Answer) -> None:
        self._removed.append(self._tree.ref_of(row))
        self._tree.remove_row(row, self._settling.undo)
        self._settling.note_rows(row.field.path)

    def _follow(self, use: Use, node: Answer) -> bool:
        """Rows as the form counts them; answers as the choices leave them. Whether anything moved."""
        if use.what == COUNT:
            return self._count_rows(use.path, node)
        self._noted(node, "choices")
        if not node.held or control_of(node) is None:
            return False
        return self._settling.write(node, choosing.left(node, choosing.values(node, self._scope)))

    def _count_rows(self, path: str, outer: Answer) -> bool:
        control = self.form.fields[path].control
        assert isinstance(control, Control)
        assert control.count is not None
        said = control.count.evaluate(Context(self._tree.standing_for_rows(path, outer), self._scope))
        number = number_of(said, VIETNAM)
        wanted = max(0, int(number)) if math.isfinite(number) else 0
        rows = self._tree.rows_in(path, outer)
        for _ in range(len(rows), wanted):
            self._plant_row(path, outer, is_new=False)
        for row in reversed(rows[wanted:]):
            self._remove_row(row)
        return len(rows) != wanted

    def _instance(self, name: str) -> Node | None:
        found = self.form.instances.get(name)
        return self._tree.around if found is None and name == self.form.template.attribute("id") else found

    def _choice_name(self, value: str, node: Node) -> str | None:
        control = control_of(node) if isinstance(node, Answer) else None
        if not isinstance(node, Answer) or control is None or control.choices is None:
            raise Refusal("survey.form", what=name_of(node))
        offered = choosing.choices(node, self._scope, self._wording)
        return next((choice.label for choice in offered if choice.value == value), None)
