"""Tokens → the tree of an expression (XPath 1.0, 2 and 3)."""

from __future__ import annotations

from functools import lru_cache

from app.domain.errors import Refusal
from app.survey.xpath.lexer import Sort, Token, tokens
from app.survey.xpath.syntax import (
    Call,
    Chain,
    Expression,
    Filter,
    Negation,
    NodeTest,
    Number,
    Path,
    Step,
    Text,
    Union,
)

_DEPTH_MAX = 80  # expressions within expressions; each costs eight calls of Python's thousand
_RANKS = {
    op: rank
    for rank, ops in enumerate(("or", "and", "= !=", "< <= > >=", "+ -", "* div mod"))
    for op in ops.split()
}
_AXES = frozenset(
    "ancestor ancestor-or-self attribute child descendant descendant-or-self following following-sibling "
    "namespace parent preceding preceding-sibling self".split()
)
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_ANY = NodeTest("node")
_DEEP = Step("descendant-or-self", _ANY)


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expression:
    """The tree. Refusal("survey.syntax") with the place where it stops making sense."""
    parser = _Parser(tokens(text))
    found = parser.expression()
    parser.require(Sort.END)
    return found


class _Parser:
    """Reads from left to right, one token ahead."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens, self._at, self._depth = found, 0, 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _is(self, *texts: str, sort: Sort = Sort.SIGN) -> bool:
        return self._now.sort is sort and self._now.text in texts

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, text: str) -> bool:
        if not self._is(text):
            return False
        self._at += 1
        return True

    def _fail(self) -> Refusal:
        return Refusal("survey.syntax", at=self._now.at)

    def require(self, sort: Sort, text: str | None = None) -> Token:
        """The next token, which has to be this."""
        if self._now.sort is not sort or text not in (None, self._now.text):
            raise self._fail()
        return self._take()

    def expression(self) -> Expression:
        """From `or` down."""
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise self._fail()
        found = self._joined(0)
        self._depth -= 1
        return found

    def _joined(self, lowest: int) -> Expression:
        """Operands and the operators between them, of this rank or higher ones."""
        found = self._signed()
        while (rank := self._rank()) >= lowest:
            rest = list[tuple[str, Expression]]()
            while self._rank() == rank:
                rest.append((self._take().text, self._joined(rank + 1)))
            found = Chain(found, tuple(rest))
        return found

    def _rank(self) -> int:
        return _RANKS.get(self._now.text, -1) if self._now.sort is Sort.OPERATOR else -1

    def _signed(self) -> Expression:
        minuses = 0
        while self._is("-", sort=Sort.OPERATOR):
            self._take()
            minuses += 1
        found = self._union()
        if not minuses:
            return found
        return Negation(found) if minuses % 2 else Negation(Negation(found))

    def _union(self) -> Expression:
        parts = [self._path()]
        while self._is("|", sort=Sort.OPERATOR):
            self._take()
            parts.append(self._path())
        return Union(tuple(parts)) if len(parts) > 1 else parts[0]

    def _path(self) -> Expression:
        if self._is("/", "//"):
            deep = self._take().text == "//"
            if deep or self._begins_step():
                return Path("/", ((_DEEP,) if deep else ()) + self._steps())
            return Path("/", ())
        if self._begins_primary():
            found = self._filtered()
            if self._is("/", "//"):
                return Path(found, self._more_steps())
            return found
        return Path(None, self._steps())

    def _begins_step(self) -> bool:
        return self._is(".", "..", "@") or self._now.sort is Sort.NAME

    def _begins_primary(self) -> bool:
        if self._now.sort in (Sort.NUMBER, Sort.TEXT) or self._is("("):
            return True
        after = self._tokens[self._at + 1] if self._now.sort is Sort.NAME else None
        return (
            after is not None
            and (after.sort, after.text) == (Sort.SIGN, "(")
            and self._now.text not in _NODE_TYPES
        )

    def _filtered(self) -> Expression:
        base, predicates = self._primary(), self._predicates()
        return Filter(base, predicates) if predicates else base

    def _primary(self) -> Expression:
        token = self._take()
        if token.sort is Sort.NUMBER:
            return Number(float(token.text))
        if token.sort is Sort.TEXT:
            return Text(token.text)
        if token.sort is Sort.SIGN:
            found = self.expression()
            self.require(Sort.SIGN, ")")
            return found
        self.require(Sort.SIGN, "(")
        return Call(token.text, self._arguments(), token.at)

    def _arguments(self) -> tuple[Expression, ...]:
        given = list[Expression]()
        if not self._skip(")"):
            given.append(self.expression())
            while self._skip(","):
                given.append(self.expression())
            self.require(Sort.SIGN, ")")
        return tuple(given)

    def _steps(self) -> tuple[Step, ...]:
        return (self._step(), *self._more_steps())

    def _more_steps(self) -> tuple[Step, ...]:
        steps = list[Step]()
        while self._is("/", "//"):
            if self._take().text == "//":
                steps.append(_DEEP)
            steps.append(self._step())
        return tuple(steps)

    def _step(self) -> Step:
        if self._skip("."):
            return Step("self", _ANY)
        if self._skip(".."):
            return Step("parent", _ANY)
        axis = "attribute" if self._skip("@") else "child"
        after = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        if self._now.sort is Sort.NAME and (after.sort, after.text) == (Sort.SIGN, "::"):
            axis = self._take().text
            self._take()
            if axis not in _AXES:
                raise self._fail()
        return Step(axis, self._test(), self._predicates())

    def _test(self) -> NodeTest:
        name = self.require(Sort.NAME).text
        if name in _NODE_TYPES and self._skip("("):
            target = self._take().text if self._now.sort is Sort.TEXT else ""
            self.require(Sort.SIGN, ")")
            return NodeTest(name, target)
        prefix, colon, local = name.rpartition(":")
        return NodeTest("name", local, prefix if colon else "")

    def _predicates(self) -> tuple[Expression, ...]:
        found = list[Expression]()
        while self._skip("["):
            found.append(self.expression())
            self.require(Sort.SIGN, "]")
        return tuple(found)
