"""A document as expressions see it: elements, their attributes, text, comments, in document order.

An element of a form's own kind (the XForms namespace, inherited by everything inside a model) has no
namespace here: ODK's expressions name such elements without a prefix.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum

from lxml import etree

from app.domain.errors import Refusal

XFORMS = "http://www.w3.org/2002/xforms"
NODES_MAX = 1_000_000
_DEPTH_MAX = 200
_MANY = 12  # from so many children on, they are looked up by their names


class Kind(IntEnum):
    """What a node is."""

    ROOT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5


class Node:
    """One node. `value`: of text, attributes and the like; `is_blank`: not relevant, so read as empty.

    `columns`: of a node whose inside never changes, where its rows are by what they hold; else None.
    """

    __slots__ = (
        "_named",
        "attributes",
        "children",
        "columns",
        "is_blank",
        "kind",
        "name",
        "namespace",
        "parent",
        "prefix",
        "value",
    )

    def __init__(self, kind: Kind, name: str = "", namespace: str = "", value: str = "") -> None:
        self.kind, self.name, self.namespace, self.value = kind, name, namespace, value
        self.prefix = ""
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.attributes: list[Node] = []
        self.is_blank = False
        self.columns: dict[tuple[str, str], dict[str, list[Node]]] | None = None
        self._named: dict[str, list[Node]] | None = None

    def __repr__(self) -> str:
        return f"<{self.kind.name.lower()} {self.name}>"

    @property
    def text(self) -> str:
        """The string-value (XPath 1.0, 5): of an element, all text inside it."""
        if self.is_blank:
            return ""
        children = self.children
        if not children:
            return self.value
        if len(children) == 1:
            return children[0].text if children[0].kind <= Kind.TEXT else ""
        return "".join([child.text for child in children if child.kind <= Kind.TEXT])

    def write(self, text: str) -> None:
        """Let an element without elements inside hold this text."""
        if self.children:
            self.children[0].value = text
        elif text:
            self.add(Node(Kind.TEXT, value=text))

    def add(self, child: Node, at: int | None = None) -> Node:
        """The child, put in as the last one or at a place among the children."""
        child.parent, self._named = self, None
        if at is None:
            self.children.append(child)
        else:
            self.children.insert(at, child)
        return child

    def remove(self, child: Node) -> None:
        """Away with a child."""
        self._named, child.parent = None, None
        self.children.remove(child)

    def named(self, name: str) -> list[Node]:
        """Its element children of a name, without a namespace."""
        if len(self.children) < _MANY:
            return [
                each
                for each in self.children
                if each.name == name and each.kind == Kind.ELEMENT and not each.namespace
            ]
        if self._named is None:
            self._named = {}
            for each in self.children:
                if each.kind == Kind.ELEMENT and not each.namespace:
                    self._named.setdefault(each.name, []).append(each)
        return self._named.get(name, [])

    def rows_by(self, name: str, column: str) -> dict[str, list[Node]] | None:
        """Its children of a name by what a child of theirs holds; None where they may change."""
        if self.columns is None:
            return None
        held = self.columns.get((name, column))
        if held is None:
            held = self.columns[name, column] = {}
            for row in self.named(name):
                for text in dict.fromkeys(cell.text for cell in row.named(column)):
                    held.setdefault(text, []).append(row)
        return held

    def fix(self) -> None:
        """Nothing inside will change any more."""
        self.columns = {}
        for each in self.elements():
            each.fix()

    def set_attribute(self, name: str, value: str, namespace: str = "", prefix: str = "") -> None:
        """Give it an attribute, or the one that it has another value."""
        for held in self.attributes:
            if (held.name, held.namespace) == (name, namespace):
                held.value = value
                return
        made = Node(Kind.ATTRIBUTE, name, namespace, value)
        made.parent, made.prefix = self, prefix
        self.attributes.append(made)

    def attribute(self, name: str, namespace: str = "") -> str | None:
        """An attribute's value; None where it has none of that name."""
        found = (each.value for each in self.attributes if (each.name, each.namespace) == (name, namespace))
        return next(found, None)

    def elements(self) -> Iterator[Node]:
        """Its element children."""
        return (child for child in self.children if child.kind == Kind.ELEMENT)

    def walk(self) -> Iterator[Node]:
        """Itself and whatever is inside, in document order, attributes apart."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in its document: places of two nodes compare as document order."""
        steps, node = list[int](), self
        while (parent := node.parent) is not None:
            if node.kind == Kind.ATTRIBUTE:
                steps.append(parent.attributes.index(node) - len(parent.attributes))  # ahead of the children
            else:
                steps.append(parent.children.index(node))
            node = parent
        return tuple(reversed(steps))

    def is_in(self, outer: Node) -> bool:
        """Whether it is another, or lies in it."""
        at: Node | None = self
        while at is not None and at is not outer:
            at = at.parent
        return at is not None

    @property
    def top(self) -> Node:
        """The root of its tree."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node


def read_document(content: bytes) -> Node:
    """A document's root. Refusal("survey.xml") for what is no XML, defines entities, or is too large or deep.

    Nothing outside the document is ever fetched; a document type is read over, its entities refused.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(content, parser).getroottree()
    except etree.XMLSyntaxError as error:
        raise Refusal("survey.xml", line=error.lineno or 0) from error
    if tree.docinfo.internalDTD is not None and any(tree.docinfo.internalDTD.iterentities()):
        raise Refusal("survey.xml", line=1)
    root = Node(Kind.ROOT)
    budget = iter(range(NODES_MAX))
    for outer in _outer(tree.getroot()):
        _take(outer, root, budget, 0)
    return root


def read_root(content: bytes) -> Node:
    """The document's element: of a submission or a draft, its answers. The refusals of `read_document`."""
    return next(read_document(content).elements())


def _outer(element: etree._Element) -> Iterable[etree._Element]:
    """The document element, and comments and instructions beside it."""
    yield from reversed(list(element.itersiblings(preceding=True)))
    yield element
    yield from element.itersiblings()


def _take(found: etree._Element, parent: Node, budget: Iterator[int], depth: int) -> None:
    """One of lxml's nodes, with all inside."""
    if next(budget, None) is None or depth > _DEPTH_MAX:
        raise Refusal("survey.xml", line=found.sourceline or 0)
    tag = found.tag
    if not isinstance(tag, str):
        parent.add(_unnamed(found))
        return
    node = parent.add(_element(found, tag))
    text = found.text
    if text:
        node.add(Node(Kind.TEXT, value=text))
    for child in found:
        _take(child, node, budget, depth + 1)
        tail = child.tail
        if tail:
            node.add(Node(Kind.TEXT, value=tail))


def _unnamed(found: etree._Element) -> Node:
    if isinstance(found, etree._Comment):
        return Node(Kind.COMMENT, value=found.text or "")
    if isinstance(found, etree._ProcessingInstruction):
        return Node(Kind.INSTRUCTION, found.target or "", value=found.text or "")
    raise Refusal("survey.xml", line=found.sourceline or 0)  # an entity that was not resolved


def _element(found: etree._Element, tag: str) -> Node:
    """Without `etree.QName` and `nsmap`, but where they are needed: they took half of the time of reading."""
    namespace, name = _split(tag)
    node = Node(Kind.ELEMENT, name, "" if namespace == XFORMS else namespace)
    node.prefix = found.prefix or ""
    for key, value in found.items():
        uri, said = _split(str(key))
        prefixes = {held: prefix for prefix, held in found.nsmap.items() if prefix} if uri else {}
        node.set_attribute(said, str(value), uri, prefixes.get(uri, ""))
    return node


def _split(tag: str) -> tuple[str, str]:
    """Namespace and name, as lxml writes them together: `{uri}name`."""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:], name
