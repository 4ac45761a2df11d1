"""The model of a form: the answers' element, what is bound to its paths, texts by language, lists inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from app.domain.errors import Refusal
from app.survey.nodes import Kind, Node
from app.survey.xpath.compiling import compile_expression
from app.survey.xpath.context import Evaluate
from app.survey.xpath.paths import NAMESPACES

JAVAROSA = NAMESPACES["jr"]
ENTITIES = NAMESPACES["entities"]
ORX = NAMESPACES["orx"]
HTML = NAMESPACES["h"]
ADDED = "added"  # marks the id that the form itself has not
_TYPES = frozenset(
    "string int decimal boolean date time dateTime geopoint geotrace geoshape binary barcode intent select1"
    " select list".split()
)


@contextmanager
def told_where(path: str, what: str) -> Iterator[None]:
    """Whatever is refused within says of which path and which of its properties."""
    try:
        yield
    except Refusal as refused:
        refused.field = refused.field or path
        refused.facts.setdefault("property", what)
        raise


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression and the function of it."""

    text: str
    evaluate: Evaluate

    @classmethod
    def of(cls, text: str | None) -> Expression | None:
        """None for none."""
        return cls(text, compile_expression(text)) if text and text.strip() else None


@dataclass(frozen=True, slots=True)
class Bind:
    """What is bound to a path (ODK XForms, Bindings). `type`: of the data, `string` where none is said."""

    type: str = "string"
    relevant: Expression | None = None
    calculate: Expression | None = None
    constraint: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint_message: str = ""
    required_message: str = ""
    preload: str = ""
    preload_params: str = ""
    save_to: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A path of the answers. `place`: its rank in the form.

    `is_row`: each node of it is a repeat's row; `is_in_rows`: it is one, or lies in one.
    """

    path: str
    place: int
    bind: Bind
    is_leaf: bool
    is_row: bool = False
    is_in_rows: bool = False
    control: object = None  # body.Control: body knows the model, not the other way round

    @property
    def is_note(self) -> bool:
        """Words for whoever fills the form, which nobody answers."""
        readonly = self.bind.readonly
        return readonly is not None and readonly.text.strip() == "true()" and self.bind.calculate is None

    @property
    def parent(self) -> str:
        """The path of what it lies in."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts of one language: by id, and within it by form (`""` plain, `long`, `short`, `image` …)."""

    language: str
    texts: Mapping[str, Mapping[str, Node]] = field(default_factory=dict)


def find(document: Node) -> Node:
    """The model element. Refusal("survey.form")."""
    found = next((each for each in document.walk() if _is(each, "model")), None)
    if found is None:
        raise Refusal("survey.form", what="model")
    return found


def body_of(document: Node) -> Node | None:
    """The body, where there is one."""
    return next((each for each in document.walk() if _is(each, "body", HTML)), None)


def title_of(document: Node) -> str:
    """As it is shown in a list of forms."""
    found = next((each for each in document.walk() if _is(each, "title", HTML)), None)
    return found.text.strip() if found else ""


def _is(node: Node, name: str, namespace: str = "") -> bool:
    return node.kind == Kind.ELEMENT and (node.name, node.namespace) == (name, namespace)


def _named(model: Node, name: str) -> Iterator[Node]:
    return (each for each in model.elements() if _is(each, name))


def answers(model: Node) -> Node:
    """The element of the answers: the only child of the first instance. Refusal("survey.form")."""
    first = next(_named(model, "instance"), None)
    inside = list(first.elements()) if first else []
    if len(inside) != 1:
        raise Refusal("survey.form", what="instance")
    _refuse_submission(model)
    _require_id(inside[0])
    return inside[0]


def _require_id(template: Node) -> None:
    """Every filling has an id (OpenRosa metadata): where the form has no place for it, one is added."""
    meta = next((each for each in template.elements() if each.name == "meta"), None)
    if meta is None:
        meta = template.add(Node(Kind.ELEMENT, "meta"))
    if not any(each.name == "instanceID" for each in meta.elements()):
        made = meta.add(Node(Kind.ELEMENT, "instanceID", meta.namespace))
        made.prefix = meta.prefix
        made.set_attribute(ADDED, "")


def _refuse_submission(model: Node) -> None:
    """ODK sends by post alone."""
    for said in _named(model, "submission"):
        if said.attribute("method") not in (None, "post", "form-data-post"):
            raise Refusal("survey.form", what="submission")


def instances(model: Node) -> dict[str, Node]:
    """The lists inside the form, by id."""
    return {
        name: each
        for each in list(_named(model, "instance"))[1:]
        if (name := each.attribute("id")) and not each.attribute("src")
    }


def outside(model: Node) -> dict[str, str]:
    """The lists that come beside the form: id → where from."""
    return {
        each.attribute("id") or "": src
        for each in list(_named(model, "instance"))[1:]
        if (src := each.attribute("src"))
    }


def name_of(node: Node) -> str:
    """As a path names it."""
    name = f"{node.prefix}:{node.name}" if node.prefix and node.namespace else node.name
    return f"@{name}" if node.kind == Kind.ATTRIBUTE else name


def fields(model: Node, template: Node) -> dict[str, Field]:
    """Every path of the answers with what is bound to it; publishing refuses what is bound to nothing."""
    binds = {_path(each): _bind(_path(each), each) for each in _named(model, "bind")}
    found = dict[str, Field]()
    _collect(template, "", binds, found)
    return found


def _path(bind: Node) -> str:
    said = (bind.attribute("nodeset") or bind.attribute("ref") or "").strip()
    return said if said.startswith("/") else f"/{said}"


def _collect(node: Node, above: str, binds: Mapping[str, Bind], found: dict[str, Field]) -> None:
    path = f"{above}/{name_of(node)}"
    inside = list(node.elements())
    if path not in found:
        bound = binds.get(path, Bind())
        if node.attribute(ADDED) is not None:
            bound = replace(bound, preload="uid")
        found[path] = Field(path, len(found), bound, is_leaf=not inside)
    for attribute in node.attributes:
        at = f"{path}/{name_of(attribute)}"
        if at in binds and at not in found:
            found[at] = Field(at, len(found), binds[at], is_leaf=True)
    for child in inside:
        _collect(child, path, binds, found)


def _bind(path: str, said: Node) -> Bind:
    def expression(name: str) -> Expression | None:
        with told_where(path, name):
            return Expression.of(said.attribute(name))

    kind = (said.attribute("type") or "string").rpartition(":")[2]
    return Bind(
        type=kind if kind in _TYPES else "string",
        relevant=expression("relevant"),
        calculate=expression("calculate"),
        constraint=expression("constraint"),
        required=expression("required"),
        readonly=expression("readonly"),
        constraint_message=said.attribute("constraintMsg", JAVAROSA) or "",
        required_message=said.attribute("requiredMsg", JAVAROSA) or "",
        preload=said.attribute("preload", JAVAROSA) or "",
        preload_params=said.attribute("preloadParams", JAVAROSA) or "",
        save_to=said.attribute("saveto", ENTITIES) or "",
    )


def translations(model: Node) -> tuple[dict[str, Translation], str]:
    """By language, and which one is shown first."""
    itext = next(_named(model, "itext"), None)
    found, default = dict[str, Translation](), ""
    for said in itext.elements() if itext else ():
        language = said.attribute("lang") or ""
        texts = {
            each.attribute("id") or "": {
                value.attribute("form") or "": value for value in each.elements() if _is(value, "value")
            }
            for each in said.elements()
        }
        found[language] = Translation(language, texts)
        if said.attribute("default") is not None and not default:
            default = language
    return found, default or next(iter(found), "")
