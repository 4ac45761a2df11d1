"""What a form calls its questions and choices where no filling is at hand: headings of tables and charts.

What a label quotes of the answers stands as `…`. A choice is named out of the whole of its list, filtered or
not; only where a list names one value in two ways is it asked of the submission itself.
"""

from __future__ import annotations

from app.domain.errors import Refusal
from app.survey.body import Control, Itemset, Words
from app.survey.choices import Choice
from app.survey.definition import FormDefinition
from app.survey.model import name_of
from app.survey.nodes import Kind, Node
from app.survey.wording import Wording
from app.survey.xpath.compiling import compile_unfiltered
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.values import text_of

QUOTED = "…"


class _Headings(Wording):
    """The texts of a form, nothing answered."""

    def said(self, words: Words | None, node: Node, scope: Scope) -> str:
        pieces = words.pieces if words else ()
        context = Context(node, scope)
        said = (
            piece
            if isinstance(piece, str)
            else text_of(piece.evaluate(context))
            if piece.text.lstrip().startswith("jr:itext(")
            else QUOTED
            for piece in pieces
        )
        return " ".join("".join(said).split())


class Labels:
    """In one language; empty for the form's own."""

    def __init__(self, form: FormDefinition, language: str = "") -> None:
        self._form = form
        self._words = _Headings(form, language or form.default_language)
        self._nobody = Node(Kind.ROOT)
        self._scope = Scope(self._nobody, instance=self._instance)
        self._scope.itext = lambda name, node: self._words.itext(name, node, self._scope)
        self._known: dict[str, tuple[list[Choice], dict[str, str | None]]] = {}

    def heading(self, control: Control | None) -> str:
        """A question's label on one line; empty where it has none."""
        try:
            return self._words.said(control.label if control else None, self._nobody, self._scope)
        except Refusal:
            return ""

    def offered(self, control: Control) -> list[Choice]:
        """Every choice that its list has, in the form's order, each value once."""
        return self._of(control)[0]

    def label(self, control: Control, value: str, node: Node) -> str:
        """What was chosen at a node of a submission, in words; the value where the form has no words."""
        known = self._of(control)[1].get(value)
        return known if known is not None else self._asked(control, value, node) or value

    def _of(self, control: Control) -> tuple[list[Choice], dict[str, str | None]]:
        held = self._known.get(control.path)
        if held is None:
            listed = self._listed(control)
            labels = dict[str, str | None]()
            for each in listed:
                is_other = labels.setdefault(each.value, each.label) != each.label
                labels[each.value] = None if is_other else labels[each.value]
            once = {each.value: each for each in reversed(listed)}
            held = [once[value] for value in labels], labels
            self._known[control.path] = held
        return held

    def _listed(self, control: Control) -> list[Choice]:
        found = control.choices
        if isinstance(found, Itemset):
            try:
                items = compile_unfiltered(found.nodes.text)(Context(self._nobody, self._scope))
                return self._choices(found, items if isinstance(items, list) else [], self._nobody)
            except Refusal:
                return []  # its list comes out of the answers
        said = self._words.said
        return [Choice(value, said(words, self._nobody, self._scope)) for value, words in found or ()]

    def _asked(self, control: Control, value: str, node: Node) -> str:
        """Out of the choices as they stood in the submission that the node is of."""
        found = control.choices
        if not isinstance(found, Itemset):
            return ""
        self._scope.root = node.top
        try:
            items = found.nodes.evaluate(Context(node, self._scope))
            offered = self._choices(found, items if isinstance(items, list) else [], node)
            return next((each.label for each in offered if each.value == value), "")
        except Refusal:
            return ""
        finally:
            self._scope.root = self._nobody

    def _choices(self, itemset: Itemset, items: list[Node], node: Node) -> list[Choice]:
        beside = [Context(item, self._scope, current=node) for item in items]
        return [
            Choice(text_of(itemset.value.evaluate(each)), text_of(itemset.label.evaluate(each)))
            for each in beside
        ]

    def _instance(self, name: str) -> Node | None:
        found = self._form.instances.get(name)
        return self._scope.root if found is None and name == self._form.template.attribute("id") else found


def plain_name(name: str) -> str:
    """Of a node or a step, without the prefix of its namespace: `orx:meta` is `meta`."""
    sign, bare = ("@", name[1:]) if name.startswith("@") else ("", name)
    return sign + bare.rpartition(":")[2]


def root_path(form: FormDefinition) -> str:
    """Where the answers of a form begin."""
    return f"/{name_of(form.template)}"
