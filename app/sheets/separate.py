"""Lists out as separated text (RFC 4180): UTF-8 with the mark by which Excel knows it, nothing that runs.

Text that begins like a formula gets an apostrophe before it, also after what another Excel takes for the end
of a cell or of a line: one that separates by semicolons reads quotes inside a line as letters (security.md,
Files in, files out). Numbers that are numbers stay as they are.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.domain.dates import PartialDate
from app.sheets.writer import FORMULA_STARTS, Value

_STARTS = "".join(re.escape(sign) for sign in FORMULA_STARTS)
_SIGNS = "".join(re.escape(sign) for sign in FORMULA_STARTS if not sign.isspace())
_RUNS = re.compile(rf"\A(?=[{_STARTS}])|(?<=[;\t\r\n])(?=\s*[{_SIGNS}])")


def harmless(text: str) -> str:
    """Text that no spreadsheet runs."""
    return _RUNS.sub("'", text)


@contextmanager
def separated(path: Path) -> Iterator[Callable[[Sequence[Value]], None]]:
    """A new file, and a function that writes a row to it; OSError as the disk says it."""
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file, lineterminator="\r\n").writerow
        yield lambda row: write([_text(value) for value in row])


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case PartialDate():
            return value.iso()
        case datetime.datetime():
            return value.isoformat(timespec="milliseconds")
        case str():
            return harmless(value)
        case _:
            return repr(value)
