"""Small breaks of a source file, one at a time: what a slip of the hand could have written instead."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_AT_THE_EDGE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_BYTES = {"to_bytes", "from_bytes"}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
Path = tuple[tuple[str, int | None], ...]  # from a node to one below: field, and place in it


@dataclass(frozen=True)
class Mutant:
    """One break. `key` names it by what it does and not by where, so that it outlives edits elsewhere.

    `function`: the outermost function or method that it is in; empty for a statement of the module.
    `lines`: of the statement, first and last: whatever runs one of them runs it.
    """

    file: str
    function: str
    lines: tuple[int, int]
    key: str
    path: Path
    node: ast.AST

    def tree(self, module: ast.Module) -> ast.Module:
        """The module with this break in it."""
        broken = copy.deepcopy(module)
        above: ast.AST = broken
        for name, at in self.path[:-1]:
            above = _below(above, name, at)
        name, at = self.path[-1]
        node = ast.copy_location(copy.deepcopy(self.node), _below(above, name, at))
        if at is None:
            setattr(above, name, node)
        else:
            getattr(above, name)[at] = node
        return ast.fix_missing_locations(broken)


def mutants(file: str, module: ast.Module) -> list[Mutant]:
    """Every break of a file, in its order; two that read alike are told apart by number."""
    found, met = list[Mutant](), Counter[str]()
    for mutant in _of(_Place(file), module):
        met[mutant.key] += 1
        number = met[mutant.key]
        found.append(mutant if number == 1 else replace(mutant, key=f"{mutant.key} #{number}"))
    return found


def _below(node: ast.AST, name: str, at: int | None) -> ast.AST:
    found = getattr(node, name)
    below: ast.AST = found if at is None else found[at]
    return below


@dataclass(frozen=True)
class _Place:
    """Where in a file a node is: the outermost function, the innermost, the lines of its statement."""

    file: str
    path: Path = ()
    function: str = ""
    named: str = ""
    lines: tuple[int, int] = (0, 0)

    def below(self, name: str, at: int | None, node: ast.AST) -> _Place:
        """The place of a child."""
        found = replace(self, path=(*self.path, (name, at)), lines=_lines_of(node) or self.lines)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found = replace(found, named=f"{self.named}.{node.name}" if self.named else node.name)
            if isinstance(node, ast.FunctionDef) and not self.function:
                found = replace(found, function=found.named)
        return found


def _of(place: _Place, node: ast.AST) -> Iterator[Mutant]:
    is_mutable = place.function or not place.named  # a class's own lines are declarations
    for name, at, below in _children(node):
        here = place.below(name, at, below)
        for new in _breaks(below) if is_mutable else ():
            said = f"{place.file} {place.named or '-'}: {_said(below)} → {_said(new)}"
            yield Mutant(place.file, place.function, here.lines, said, here.path, new)
        yield from _of(here, below)


def _lines_of(node: ast.AST) -> tuple[int, int] | None:
    """The lines of a statement, of one with a body those of its head; None for any other node."""
    if isinstance(node, ast.match_case):
        return node.pattern.lineno, max(node.pattern.lineno, node.body[0].lineno - 1)
    if not isinstance(node, ast.stmt | ast.ExceptHandler):
        return None
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
    return node.lineno, last


def _said(node: ast.AST) -> str:
    """What a node reads as, its first line alone for what has a body."""
    if isinstance(node, ast.ExceptHandler):
        return f"except {ast.unparse(node.type)}" if node.type else "except"
    return ast.unparse(node).split("\n", 1)[0]


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """What lies below, but types, docstrings, decorators, defaults, names of errors' facts."""
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
        return
    for name, found in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args", "bases") and not isinstance(
            node, ast.Call
        ):
            continue
        if isinstance(found, ast.AST):
            yield name, None, found
        elif isinstance(found, list):
            for at, below in enumerate(found):
                is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                if isinstance(below, ast.AST) and not is_text and not _is_type(node, name, at):
                    yield name, at, below


def _is_type(node: ast.AST, name: str, at: int) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (node.func.id, name, at) == ("cast", "args", 0)
    )


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        if value > 1:
            yield ast.Constant(value - 1)
    elif isinstance(value, str):
        yield ast.Constant("!" if value != "!" else "?")
    elif isinstance(value, bytes):
        yield ast.Constant(b"!" if value != b"!" else b"?")


def _joined(node: ast.BoolOp) -> Iterator[ast.AST]:
    other: ast.boolop = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield ast.BoolOp(other, node.values)
    for at in range(len(node.values)):
        left = node.values[:at] + node.values[at + 1 :]
        yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)


def _turned(node: ast.UnaryOp) -> Iterator[ast.AST]:
    is_number = isinstance(node.operand, ast.Constant)
    if isinstance(node.op, ast.Not) or (isinstance(node.op, ast.USub) and not is_number):
        yield node.operand


def _computed(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in _OTHER and not _is_union(node):
        yield ast.BinOp(node.left, _OTHER[type(node.op)](), node.right)


def _asked(node: ast.If | ast.While | ast.IfExp) -> Iterator[ast.AST]:
    if isinstance(node.test, ast.Name | ast.Call | ast.Attribute):  # others are broken inside
        broken = copy.copy(node)
        broken.test = ast.UnaryOp(ast.Not(), node.test)
        yield broken


def _sifted(node: ast.comprehension) -> Iterator[ast.AST]:
    for at in range(len(node.ifs)):
        yield ast.comprehension(node.target, node.iter, node.ifs[:at] + node.ifs[at + 1 :], node.is_async)


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for at, op in enumerate(node.ops):
        for table in (_NEGATED, _AT_THE_EDGE):
            if type(op) in table:
                ops = [*node.ops[:at], table[type(op)](), *node.ops[at + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    for at in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, node.keywords[:at] + node.keywords[at + 1 :])
    is_number = (
        isinstance(node.func, ast.Attribute) and node.func.attr in _BYTES
    )  # "big" is their own default
    if len(node.args) > 1 and not is_number:
        yield ast.Call(node.func, node.args[:-1], node.keywords)
    if isinstance(node.func, ast.Name) and node.func.id in _NAMES:
        yield ast.Call(ast.Name(_NAMES[node.func.id], ast.Load()), node.args, node.keywords)
    if isinstance(node.func, ast.Name) and node.func.id == "sorted":
        yield ast.Call(ast.Name("list", ast.Load()), node.args[:1], [])


def _slices(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _statements(node: ast.stmt | ast.ExceptHandler) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.Delete():
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case ast.AugAssign():
            yield ast.Pass()
            if type(node.op) in _OTHER:
                yield ast.AugAssign(node.target, _OTHER[type(node.op)](), node.value)
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.ExceptHandler(type=ast.Tuple(elts=elts)):
            for at in range(len(elts)):
                less = ast.Tuple(elts[:at] + elts[at + 1 :], ast.Load())
                yield ast.ExceptHandler(less, node.name, node.body)


def _is_union(node: ast.BinOp) -> bool:
    """Types joined: `Cell | None`."""
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(side, ast.Constant) and side.value is None for side in (node.left, node.right)
    )


_OPERATORS: tuple[tuple[tuple[type[ast.AST], ...], Callable[[Any], Iterator[ast.AST]]], ...] = (
    ((ast.Constant,), _constants),
    ((ast.Compare,), _comparisons),
    ((ast.BoolOp,), _joined),
    ((ast.UnaryOp,), _turned),
    ((ast.BinOp,), _computed),
    ((ast.Call,), _calls),
    ((ast.Slice,), _slices),
    ((ast.If, ast.While, ast.IfExp), _asked),
    ((ast.comprehension,), _sifted),
    ((ast.stmt, ast.ExceptHandler), _statements),
)


def _breaks(node: ast.AST) -> Iterator[ast.AST]:
    for kinds, operator in _OPERATORS:
        if isinstance(node, kinds):
            yield from operator(node)
