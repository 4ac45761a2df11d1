"""The answers of one filling: the form's element with its rows, and what holds of each of its nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.survey.model import ADDED, JAVAROSA, Field, name_of
from app.survey.nodes import Kind, Node
from app.survey.typed import canonical
from app.survey.xpath.paths import NAMESPACES

ROWS_MAX = 1_000
_SPACES = {prefix: NAMESPACES[prefix] for prefix in ("jr", "orx", "odk", "entities")}


class Answer(Node):
    """A node with its field. `is_own_relevant`: by its own expression alone; `is_blank`: not relevant."""

    __slots__ = ("field", "is_own_readonly", "is_own_relevant", "is_readonly", "is_required", "violation")

    def __init__(self, like: Node, known: Field) -> None:
        super().__init__(like.kind, like.name, like.namespace, "")
        self.prefix, self.field = like.prefix, known
        self.is_own_relevant, self.is_own_readonly = True, False
        self.is_readonly, self.is_required = False, False
        self.violation = ""

    @property
    def held(self) -> str:
        """The value that is kept, relevant or not."""
        if len(self.children) == 1:
            return self.children[0].value
        return self.value if self.kind == Kind.ATTRIBUTE else "".join(each.value for each in self.children)

    def keep(self, text: str) -> None:
        """Let it hold this."""
        if self.kind == Kind.ATTRIBUTE:
            self.value = text
        else:
            self.write(text)

    def inside(self) -> Iterator[Answer]:
        """Itself, its attributes that something is bound to, and all within."""
        yield self
        for each in (*self.attributes, *self.children):
            if isinstance(each, Answer):
                yield from each.inside()


@dataclass(frozen=True)
class Templates:
    """What a new row is made of, by the path of the repeat; `first`: rows that the form itself has."""

    rows: Mapping[str, Node]
    first: Mapping[str, tuple[Node, ...]]


def templates(template: Node, fields: Mapping[str, Field]) -> Templates:
    """Of every repeat: the row marked as its template, else the first one."""
    rows, first = dict[str, Node](), dict[str, tuple[Node, ...]]()
    for path, found in fields.items():
        if found.is_row:
            nodes = at_path(template, path)
            marked = [each for each in nodes if each.attribute("template", JAVAROSA) is not None]
            plain = [each for each in nodes if each not in marked]
            if nodes:
                rows[path] = (marked or plain)[0]
                outer = plain[0].parent if plain else None
                first[path] = tuple(each for each in plain if each.parent is outer)
    return Templates(rows, first)


def at_path(template: Node, path: str) -> list[Node]:
    """The form's own nodes of a path."""
    found = [template]
    for name in path.split("/")[2:]:
        found = [child for node in found for child in node.elements() if name_of(child) == name]
    return found


def plant(template: Node, path: str, fields: Mapping[str, Field], *, with_rows: bool = True) -> Answer:
    """The form's element, or one inside it, as an empty filling has it: without rows that are templates."""
    made = Answer(template, fields[path])
    for attribute in template.attributes:
        _plant_attribute(attribute, made, f"{path}/{name_of(attribute)}", fields)
    inside = list(template.elements())
    if not inside:
        made.write(canonical(fields[path].bind.type, template.text))
    for child in inside:
        below = f"{path}/{name_of(child)}"
        is_template = child.attribute("template", JAVAROSA) is not None
        if fields[below].is_row and (is_template or not with_rows):
            continue
        made.add(plant(child, below, fields))
    return made


def _plant_attribute(like: Node, made: Answer, path: str, fields: Mapping[str, Field]) -> None:
    if (like.name, like.namespace) in (("template", JAVAROSA), (ADDED, "")):
        return
    if path in fields:
        own = Answer(like, fields[path])
        own.value, own.parent = like.value, made
        made.attributes.append(own)
    else:
        made.set_attribute(like.name, like.value, like.namespace, like.prefix)


def row_of(
    found: Templates, path: str, fields: Mapping[str, Field], place: int, *, is_new: bool = False
) -> Answer:
    """The row at a place among its rows, from zero: as the form has it there, or `is_new` as its template is.

    Refusal("survey.rows").
    """
    if place >= ROWS_MAX:
        raise Refusal("survey.rows", most=ROWS_MAX)
    first = () if is_new else found.first[path]
    return plant(first[place] if place < len(first) else found.rows[path], path, fields)


def written(answers: Answer, *, whole: bool = False) -> bytes:
    """As XML: what is relevant, or with `whole` everything that is kept."""
    element = _element(answers, None, whole=whole)
    assert element is not None
    etree.cleanup_namespaces(element)
    content: bytes = etree.tostring(element, encoding="utf-8")
    return content


def _element(node: Node, parent: etree._Element | None, *, whole: bool) -> etree._Element | None:
    if node.is_blank and not whole:
        return None
    tag = f"{{{node.namespace}}}{node.name}" if node.namespace else node.name
    made = etree.Element(tag, nsmap=_SPACES) if parent is None else etree.SubElement(parent, tag)
    for each in node.attributes:
        if not each.is_blank or whole:
            made.set(f"{{{each.namespace}}}{each.name}" if each.namespace else each.name, each.value)
    for child in node.children:
        if child.kind == Kind.TEXT and child.value:
            made.text = (made.text or "") + child.value
        elif child.kind == Kind.ELEMENT:
            _element(child, made, whole=whole)
    return made
