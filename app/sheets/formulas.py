"""The value of a formula nobody stored: `=540000*2.0`, `=I14*$J$3`, `="0"&E7`.

Programs that write workbooks without calculating leave such cells. What people need is
arithmetic, references, and a handful of functions; anything else has no value here and
becomes a question, never a guess.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.sheets.book import TEXT_MAX, Scalar, address, column_of

Lookup = Callable[[str, int, int], Scalar | None]
"""The value at (sheet name or "", row, column), None when the cell is blank."""

Value = Scalar | None | list["Value"]
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<ref>(?:(?:'(?:[^']|'')+'|[\w.]+)!)?\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?)(?![\w(])
    |(?P<name>[A-Za-z_][\w.]*)
    |(?P<sign><>|<=|>=|[-+*/^&=<>(),;%])
    )""",
    re.VERBOSE,
)
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_SHIFTED = re.compile(r"(\"[^\"]*\")|(?<![\w.])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w(.])")
_ODS_REFERENCE = re.compile(r"\[(\$?(?:'[^']+'|[^\].']*))\.([^\]:]+)(?::(?:[^\].]*)\.([^\]]+))?\]")
_AREA_MAX = 20_000
_DEPTH_MAX = 40
_LENGTH_MAX = 8_192  # of a formula in Excel


class NoValueError(Exception):
    """This formula is beyond us."""


def shifted(formula: str, rows: int, columns: int) -> str:
    """A shared formula as it reads `rows` below and `columns` right of where it is written."""

    def move(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        column = column_of(found[3]) + (0 if found[2] else columns)
        row = int(found[5]) + (0 if found[4] else rows)
        if column < 0 or row < 1:
            return found[0]
        letters = address(row, column).rstrip("0123456789")
        return f"{found[2]}{letters}{found[4]}{row}"

    return _SHIFTED.sub(move, formula)


def evaluate(formula: str, lookup: Lookup) -> Scalar | None:
    """The value of a formula (with or without `=`), or None when it has none we can tell."""
    if len(formula) > _LENGTH_MAX:
        return None
    text = _from_ods(formula) if formula.startswith(("of:", "oooc:")) else formula
    try:
        tokens = list(_tokens(text.removeprefix("=")))
        parser = _Parser(tokens, lookup)
        value = parser.comparison()
        if parser.at < len(tokens):
            return None
        return _one(value)
    except (NoValueError, ArithmeticError, ValueError, RecursionError, TypeError, IndexError):
        return None


def _from_ods(formula: str) -> str:
    def place(found: re.Match[str]) -> str:
        sheet = found[1].strip("$'")
        end = f":{found[3]}" if found[3] else ""
        return (f"'{sheet}'!" if sheet else "") + found[2] + end

    return _ODS_REFERENCE.sub(place, formula.partition(":")[2])


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or found.lastgroup is None:
            raise NoValueError
        yield _Token(found.lastgroup, found[found.lastgroup])
        at = found.end()


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, tokens: list[_Token], lookup: Lookup) -> None:
        self._tokens, self._lookup = tokens, lookup
        self.at = 0
        self._depth = 0

    def _takes(self, *signs: str) -> str:
        if self.at < len(self._tokens):
            token = self._tokens[self.at]
            if token.kind == "sign" and token.text in signs:
                self.at += 1
                return token.text
        return ""

    def comparison(self) -> Value:
        """The lowest rung: `a = b`."""
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise NoValueError
        left = self._joined()
        while sign := self._takes("=", "<>", "<", ">", "<=", ">="):
            left = int(_compares(_one(left), sign, _one(self._joined())))
        self._depth -= 1
        return left

    def _joined(self) -> Value:
        left = self._sum()
        while self._takes("&"):
            left = _short(_said(_one(left)) + _said(_one(self._sum())))
        return left

    def _sum(self) -> Value:
        left = self._product()
        while sign := self._takes("+", "-"):
            right = _figure(self._product())
            left = _figure(left) + (right if sign == "+" else -right)
        return left

    def _product(self) -> Value:
        left = self._power()
        while sign := self._takes("*", "/"):
            right = _figure(self._power())
            left = _figure(left) * right if sign == "*" else _figure(left) / right
        return left

    def _power(self) -> Value:
        left = self._signed()
        if self._takes("^"):
            exponent = _figure(self._signed())
            if abs(exponent) > 20:
                raise NoValueError
            left = _figure(left) ** exponent
        return left

    def _signed(self) -> Value:
        if self._takes("-"):
            return -_figure(self._signed())
        if self._takes("+"):
            return self._signed()
        value = self._atom()
        while self._takes("%"):
            value = _figure(value) / 100
        return value

    def _atom(self) -> Value:
        if self._takes("("):
            value = self.comparison()
            if not self._takes(")"):
                raise NoValueError
            return value
        token = self._tokens[self.at]
        self.at += 1
        match token.kind:
            case "number":
                return float(token.text)
            case "text":
                return token.text[1:-1].replace('""', '"')
            case "ref":
                return self._referred(token.text)
            case "name" if self._takes("("):
                return _call(token.text.upper().removeprefix("_XLFN."), self._arguments())
        raise NoValueError

    def _arguments(self) -> list[Value]:
        arguments: list[Value] = []
        while not self._takes(")"):
            arguments.append(self.comparison())
            if not self._takes(",", ";") and not (
                self.at < len(self._tokens) and self._tokens[self.at].text == ")"
            ):
                raise NoValueError
        return arguments

    def _referred(self, text: str) -> Value:
        sheet, _, place = text.rpartition("!")
        sheet = sheet.strip("'").replace("''", "'")
        corners = [(int(row), column_of(letters.upper())) for letters, row in _PLACE.findall(place)]
        if len(corners) == 1:
            return self._lookup(sheet, *corners[0])
        (top, left), (bottom, right) = corners
        if (bottom - top + 1) * (right - left + 1) > _AREA_MAX:
            raise NoValueError
        return [
            self._lookup(sheet, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def _one(value: Value) -> Scalar | None:
    if isinstance(value, list):
        raise NoValueError
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _figure(value: Value) -> float:
    value = _one(value)
    if value is None:
        return 0.0
    if isinstance(value, str):
        return float(value.strip().replace(",", "."))
    return float(value)


def _said(value: Scalar | None) -> str:
    return "" if value is None else str(value)


def _short(text: str) -> str:
    """The text, if a cell can hold it: doubled row by row it would fill the memory."""
    if len(text) > TEXT_MAX:
        raise NoValueError
    return text


def _figures(arguments: list[Value]) -> list[float]:
    """Numbers of arguments and areas; text in areas counts for nothing, as in Excel."""
    found: list[float] = []
    for argument in arguments:
        if isinstance(argument, list):
            found += [float(value) for value in argument if isinstance(value, (int, float))]
        else:
            found.append(_figure(argument))
    return found


def _compares(left: Scalar | None, sign: str, right: Scalar | None) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        a: str | float = _said(left).casefold()
        b: str | float = _said(right).casefold()
    else:
        a, b = left or 0, right or 0
    if sign in ("=", "<>"):
        return (a == b) is (sign == "=")
    less = a < b  # type: ignore[operator]  # both text or both numbers, by the branch above
    return {"<": less, ">": not less and a != b, "<=": less or a == b, ">=": not less}[sign]


def _product(arguments: list[Value]) -> float:
    result = 1.0
    for figure in _figures(arguments):
        result *= figure
    return result


def _rounded(number: float, places: float = 0) -> float:
    """Half away from zero, as Excel rounds."""
    scale = 10.0 ** int(places)
    whole = int(abs(number) * scale + 0.5)
    return (whole if number >= 0 else -whole) / scale


def _formatted(number: Value, pattern: Value) -> str:
    """TEXT with zeros alone (`000000000000`) or a day."""
    code = _said(_one(pattern))
    if code and not code.strip("0"):
        return f"{int(_figure(number)):0{len(code)}d}"
    if code.lower() in ("dd/mm/yyyy", "d/m/yyyy"):
        return f"{datetime.date(1899, 12, 30) + datetime.timedelta(days=int(_figure(number))):%d/%m/%Y}"
    raise NoValueError


def _texts(arguments: list[Value]) -> str:
    parts = [part for item in arguments for part in (item if isinstance(item, list) else [item])]
    return _short("".join(_said(_one(part)) for part in parts))


def _chosen(arguments: list[Value]) -> Value:
    is_so = bool(_figure(arguments[0]))
    return arguments[1] if is_so else (arguments[2] if len(arguments) > 2 else 0)


def _serial(arguments: list[Value]) -> float:
    year, month, day = (int(_figure(argument)) for argument in arguments)
    return float((datetime.date(year, month, day) - datetime.date(1899, 12, 30)).days)


_FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "SUM": lambda given: sum(_figures(given)),
    "PRODUCT": _product,
    "MIN": lambda given: min(_figures(given)),
    "MAX": lambda given: max(_figures(given)),
    "ROUND": lambda given: _rounded(*(_figure(item) for item in given)),
    "INT": lambda given: float(int(_figure(given[0]) // 1)),
    "IF": _chosen,
    "CONCATENATE": _texts,
    "CONCAT": _texts,
    "TEXT": lambda given: _formatted(given[0], given[1]),
    "VALUE": lambda given: _figure(given[0]),
    "TRIM": lambda given: " ".join(_said(_one(given[0])).split()),
    "UPPER": lambda given: _said(_one(given[0])).upper(),
    "LOWER": lambda given: _said(_one(given[0])).lower(),
    "PROPER": lambda given: _said(_one(given[0])).title(),
    "LEFT": lambda given: _said(_one(given[0]))[: int(_figure(given[1]))],
    "RIGHT": lambda given: _said(_one(given[0]))[-int(_figure(given[1])) :],
    "MID": lambda given: _said(_one(given[0]))[int(_figure(given[1])) - 1 :][: int(_figure(given[2]))],
    "DATE": _serial,
}


def _call(name: str, arguments: list[Value]) -> Value:
    function = _FUNCTIONS.get(name)
    if function is None:
        raise NoValueError
    return function(arguments)
