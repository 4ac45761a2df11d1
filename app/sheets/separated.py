"""Lists saved as separated text (.csv): which encoding, which separator, which rows."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import IO, Literal

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.book import Book, Filling, Kind, Row, Sheet

_SEPARATORS = ",;\t|"
_QUOTED = re.compile(r'^"([^"]+)"$')  # where quotes are read as letters
_SAMPLE_LINES = 60
_FIELD_CHARACTERS_MAX = 100_000
_CP1258_MARKS = frozenset("\u0300\u0309\u0303\u0301\u0323")
_TONED_BASE = frozenset("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY")
_DECLARED = re.compile(r"sep=(.)\r?\n")


def read_separated(file: IO[bytes], progress: Progress) -> Book:
    """The one table of a text file, as a sheet named after it; every cell is text."""
    progress.step(0, 0, "Reading the sheets")
    text = _decoded(file.read())
    declared = _DECLARED.match(text)
    separator = declared[1] if declared else _separator(text)
    first_row = 2 if declared else 1
    csv.field_size_limit(_FIELD_CHARACTERS_MAX)
    sheet, filling = Sheet(Path(file.name).stem), Filling()
    body = text[declared.end() if declared else 0 :]
    try:
        quoting: Literal[0, 3] = csv.QUOTE_NONE if _has_stray_quotes(body, separator) else csv.QUOTE_MINIMAL
        lines = csv.reader(io.StringIO(body, newline=""), delimiter=separator, quoting=quoting)
        for number, fields in enumerate(lines, first_row):
            filling.add(sheet, _row(number, fields))
    except csv.Error as error:
        raise Refusal("workbook.damaged") from error
    return Book([sheet])


def _has_stray_quotes(text: str, separator: str) -> bool:
    """Whether quotes stand for themselves: from one ditto mark to the next they would swallow a person."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return True
    width, _ = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    return any(
        "\n" in field and field.count(separator) >= max(width - 1, 2) for fields in rows for field in fields
    )


def _row(number: int, fields: list[str]) -> Row:
    found = [(column, _QUOTED.sub(r"\1", value)) for column, value in enumerate(fields) if value.strip()]
    columns, values = [column for column, _ in found], [value for _, value in found]
    return Row(number, False, columns, Kind.TEXT * len(columns), [*values])


def _decoded(content: bytes) -> str:
    """By its mark, else by where zeros lie, else UTF-8, else the Windows code page that fits.

    Windows-1258 is Vietnamese with separate tone marks. Text in TCVN3 or VNI comes as
    Windows-1252 and is decoded cell by cell later.
    """
    for mark, coding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return content[len(mark) :].decode(coding, "replace")
    start = content[:4096]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even or odd:
        return content.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    for coding in ("utf-8", "cp1258"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if coding == "utf-8" or _is_vietnamese_1258(text):
            return unicodedata.normalize("NFC", text)
    return "".join(_western(byte) for byte in content)


def _western(byte: int) -> str:
    """Windows-1252, whose five holes are used by TCVN3."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _is_vietnamese_1258(text: str) -> bool:
    """Whether tone marks follow vowels, as they only do when this is the right code page."""
    places = [at for at, letter in enumerate(text) if letter in _CP1258_MARKS]
    bases = (unicodedata.normalize("NFD", text[at - 1])[0] if at else " " for at in places)
    right = sum(base in _TONED_BASE for base in bases)
    return bool(places) and right > len(places) * 0.95


def _separator(text: str) -> str:
    """The one that cuts the first lines into the most columns, most evenly."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES])
    best, best_score = ",", 0.0
    for separator in _SEPARATORS:
        try:
            widths = [
                len(fields) for fields in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
            ]
        except csv.Error:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        score = (common - 1) * widths.count(common) / max(len(widths), 1)
        if score > best_score:
            best, best_score = separator, score
    return best
