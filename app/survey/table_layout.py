"""How the tables of a form are laid out: which there are, their columns, how an answer fills them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.survey import cells
from app.survey.body import Control
from app.survey.cells import PLACE, Cell
from app.survey.definition import FormDefinition
from app.survey.labels import Labels, plain_name, root_path
from app.survey.model import name_of
from app.survey.nodes import Node, read_root
from app.survey.taken import Taken, replaced, standing
from app.survey.walking import repeated, rows

SENT, KEY, PARENT, OFFICER, ABOUT = "SubmissionDate", "KEY", "PARENT_KEY", "SubmitterName", "About"
VERSION, REPLACED = "FormVersion", "ReplacedBy"
_SPLIT_MAX = 100  # a longer list is split into what was chosen of it


@dataclass(frozen=True)
class Shape:
    """How answers are shown. `language`: of labels, empty for the form's own.

    `values`: beside what was chosen, in words, its value; `split`: of several choices a column of 0 and 1
    each; `replaced`: those too whose place another took.
    """

    language: str = ""
    values: bool = False
    split: bool = False
    replaced: bool = False


AS_IT_IS = Shape()


@dataclass(frozen=True)
class Column:
    """`name`: as ODK Central heads it; `label`: as the form says it; `path`: empty of what is no answer."""

    name: str
    label: str = ""
    path: str = ""


@dataclass(frozen=True)
class Part:
    """The columns of one path and how its node fills them, when it holds something."""

    path: str
    columns: tuple[Column, ...]
    fill: Callable[[Node], Sequence[Cell]]


@dataclass(frozen=True)
class Frame:
    """A table without its rows. `path`: of the repeat, or of the form's root; `name`: no other's."""

    name: str
    path: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]


@dataclass
class Found:
    """What submissions hold that their form does not say."""

    repeats: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    chosen: dict[str, dict[str, None]] = field(default_factory=dict)  # by path, what is offered nowhere else
    replaced: Mapping[str, str] = field(default_factory=dict)
    count: int = 0


def holds(node: Node) -> str:
    """What it holds; empty for spaces alone."""
    text = node.text
    return text if text.strip() else ""


def look_over(form: FormDefinition, taken: Iterable[Taken], shape: Shape) -> Found:
    """Go over all of them once. Refusal("survey.xml")."""
    top = root_path(form)
    found = Found({path for path, each in form.fields.items() if each.is_row}, replaced=replaced(taken))
    constant = dict(_constants(form.template, top))
    for each in listed(taken, found, shape):
        found.count += 1
        root = read_root(each.xml)
        found.repeats.update(repeated(root, top))
        for row in rows(root, top, found.repeats, each.id):
            for path, node in row.answers.items():
                _note(form, path, node, constant, found)
    return found


def listed(taken: Iterable[Taken], found: Found, shape: Shape) -> Iterator[Taken]:
    """Those that are in the tables."""
    return standing(taken, () if shape.replaced else found.replaced)


def _note(form: FormDefinition, path: str, node: Node, constant: Mapping[str, str], found: Found) -> None:
    known, text = form.fields.get(path), holds(node)
    if not text:
        return
    if known is None or not known.is_leaf:
        if constant.get(path) != text:
            found.unknown.add(path)
    elif isinstance(known.control, Control) and known.control.kind == "select":
        found.chosen.setdefault(path, {}).update(dict.fromkeys(text.split()))


def _constants(template: Node, path: str) -> Iterator[tuple[str, str]]:
    """Attributes that the form itself wrote: the same in every submission."""
    for attribute in template.attributes:
        yield f"{path}/{name_of(attribute)}", attribute.value
    for child in template.elements():
        yield from _constants(child, f"{path}/{name_of(child)}")


def frames(form: FormDefinition, found: Found, shape: Shape) -> list[Frame]:
    """The tables: the form's own, then one for each repeat, in the form's order."""
    top, making = root_path(form), _Parts(form, found, shape)
    known = [path for path, each in form.fields.items() if each.is_leaf]
    unknown = sorted(found.unknown - {f"{top}/@id", f"{top}/@version"})
    repeats = [path for path in form.fields if path in found.repeats]
    repeats += sorted(found.repeats - set(repeats))
    inside = {path: list[Part]() for path in [top, *repeats]}
    for path in dict.fromkeys([*known, *unknown]):
        owner = owner_of(path, found.repeats, top)
        inside[owner].append(making.part(path, owner))
    names = _unlike([form.id or "form", *(plain_name(path.rpartition("/")[2]) for path in repeats)], "~")
    return [
        _frame(name, path, inside[path], is_first=path == top, shape=shape)
        for name, path in zip(names, inside, strict=True)
    ]


def owner_of(path: str, repeats: Iterable[str], top: str) -> str:
    """The nearest repeat that a path lies in, or is."""
    around = [each for each in repeats if f"{path}/".startswith(f"{each}/")]
    return max(around, key=len, default=top)


def _frame(name: str, path: str, parts: list[Part], *, is_first: bool, shape: Shape) -> Frame:
    before, after = list[Column](), [Column(PARENT), Column(KEY)]
    if is_first:
        before = [Column(SENT)]
        after = [Column(each) for each in (KEY, OFFICER, ABOUT, VERSION)]
        after += [Column(REPLACED)] if shape.replaced else []
    columns = [*before, *(column for part in parts for column in part.columns), *after]
    own = {each.name for each in (*before, *after)}
    heads = _unlike([each.name if not each.path else _apart(each, own) for each in columns], " ")
    named = [Column(head, each.label, each.path) for head, each in zip(heads, columns, strict=True)]
    return Frame(name, path, tuple(named), tuple(parts))


def _apart(column: Column, own: set[str]) -> str:
    """A question may be called as a column of ours is."""
    return f"{column.name} (form)" if column.name in own else column.name


def _unlike(names: Iterable[str], sign: str) -> list[str]:
    """Each once, letters' case apart: what comes again is numbered."""
    given, made = set[str](), list[str]()
    for name in names:
        at, unlike = 1, name
        while unlike.casefold() in given:
            at += 1
            unlike = f"{name}{sign}{at}"
        given.add(unlike.casefold())
        made.append(unlike)
    return made


class _Parts:
    """Makes the columns of each path."""

    def __init__(self, form: FormDefinition, found: Found, shape: Shape) -> None:
        self._form, self._found, self._shape = form, found, shape
        self._labels = Labels(form, shape.language)

    def part(self, path: str, owner: str) -> Part:
        """Of a path in the table of `owner`."""
        known = self._form.fields.get(path)
        steps = path[len(owner) + 1 :].split("/") if path != owner else [path.rpartition("/")[2]]
        name = "-".join(plain_name(step) for step in steps)
        if known is None or not known.is_leaf:
            return Part(path, (Column(name, "", path),), lambda node: (holds(node),))
        control = known.control if isinstance(known.control, Control) else None
        label, kind = self._labels.heading(control), known.bind.type
        if control is not None and control.kind == "select1":
            return self._one(path, name, label, control)
        if control is not None and control.kind == "select" and self._shape.split:
            return self._many(path, name, label, control)
        names = [f"{name}-{each}" for each in PLACE] if kind == "geopoint" else [name]
        columns = tuple(Column(each, label, path) for each in names)
        return Part(path, columns, lambda node: cells.cells(kind, holds(node)))

    def _one(self, path: str, name: str, label: str, control: Control) -> Part:
        def fill(node: Node) -> Sequence[Cell]:
            value = holds(node)
            said = self._labels.label(control, value, node)
            return (said, value) if self._shape.values else (said,)

        beside = [Column(f"{name}-value", label, path)] if self._shape.values else []
        return Part(path, (Column(name, label, path), *beside), fill)

    def _many(self, path: str, name: str, label: str, control: Control) -> Part:
        offered = {each.value: each.label for each in self._labels.offered(control)}
        chosen = self._found.chosen.get(path, {})
        if len(offered) > _SPLIT_MAX:
            offered = {value: said for value, said in offered.items() if value in chosen}
        offered |= {value: value for value in chosen if value not in offered}

        def fill(node: Node) -> Sequence[Cell]:
            text = holds(node)
            words = text.split()
            return (text, *(int(value in words) for value in offered))

        split = [Column(f"{name}/{value}", f"{label}: {said}", path) for value, said in offered.items()]
        return Part(path, (Column(name, label, path), *split), fill)
