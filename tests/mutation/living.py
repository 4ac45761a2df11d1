"""A mutant put into this very process: nothing is imported again, so trying one takes milliseconds.

What stands in functions is changed by giving the living function another code; what stands outside them
is worked out anew, with whatever of its module was made of it, and handed to all who imported it.
"""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from tests.mutation.operators import Mutant


@dataclass(frozen=True)
class Living:
    """The functions of this process that may be broken, by file and name, and what remembers answers."""

    functions: Mapping[tuple[str, str], list[FunctionType]]
    remembered: Sequence[functools._lru_cache_wrapper[object]]

    @classmethod
    def found(cls, files: Iterable[str], root: Path) -> Living:
        """Looked for once: it costs more than most tests."""
        named = {str(root / file): file for file in files}
        functions: dict[tuple[str, str], list[FunctionType]] = {}
        every = gc.get_objects()
        for each in every:
            if isinstance(each, FunctionType) and each.__code__.co_filename in named:
                place = named[each.__code__.co_filename], each.__code__.co_qualname
                functions.setdefault(place, []).append(each)
        return cls(functions, [each for each in every if isinstance(each, functools._lru_cache_wrapper)])

    def put(self, mutant: Mutant, module: ast.Module) -> None:
        """Break this process, for good. Whatever the broken module raises while it is made comes through."""
        if mutant.function:
            self._exchange(mutant, compile(mutant.tree(module), mutant.file, "exec"))
        else:
            _work_out_anew(mutant, mutant.tree(module))
        for each in self.remembered:
            each.cache_clear()

    def _exchange(self, mutant: Mutant, broken: CodeType) -> None:
        """LookupError where nobody lives under that name."""
        codes = [code for code in _codes(broken) if code.co_qualname == mutant.function]
        lines = [code.co_firstlineno for code in codes]
        for function in self.functions[mutant.file, mutant.function]:
            function.__code__ = codes[lines.index(function.__code__.co_firstlineno)]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _work_out_anew(mutant: Mutant, broken: ast.Module) -> None:
    module = sys.modules[mutant.file.removesuffix(".py").replace("/", ".")]
    begun = mutant.path[0][1]
    assert begun is not None
    names, space = set[str](), dict(vars(module))
    for at, statement in enumerate(broken.body[begun:]):
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            continue
        used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if at == 0 or used & names:
            exec(compile(ast.Module([statement], []), mutant.file, "exec"), space)
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            names |= {node.id for each in targets for node in ast.walk(each) if isinstance(node, ast.Name)}
    for name in names:
        _hand_out(module, name, space[name])


def _hand_out(module: ModuleType, name: str, new: object) -> None:
    old = vars(module)[name]
    for each in list(sys.modules.values()):
        if name in vars(each) and vars(each)[name] is old:
            setattr(each, name, new)
