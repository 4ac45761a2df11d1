"""An XLSForm as its author wrote it: the rows of each sheet, and the cell of every value."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from app.domain.errors import Refusal

_SHEETS = ("survey", "choices", "settings", "entities", "score")
_ROWS_MAX = 50_000  # of a sheet; a province has 11,000 villages to choose from
_COLUMNS_MAX = 200


@dataclass(frozen=True)
class Row:
    """A row below the headings. `values`: by heading as it is written, those that are not empty."""

    sheet: str
    number: int
    values: Mapping[str, str]
    columns: Mapping[str, str]

    def cell(self, heading: str = "") -> str:
        """`E7`; of a heading that is not there, the row's first column."""
        return f"{self.columns.get(heading, 'A')}{self.number}"

    def said(self, *headings: str) -> str:
        """The first of these that is said."""
        return next((self.values[heading] for heading in headings if heading in self.values), "")


@dataclass(frozen=True)
class Workbook:
    """The sheets that ODK knows, and the score sheet that is ours; a sheet that is not there has no rows."""

    rows: Mapping[str, tuple[Row, ...]]

    def sheet(self, name: str) -> tuple[Row, ...]:
        """Its rows."""
        return self.rows.get(name, ())

    def row(self, path: str) -> Row | None:
        """Where the author wrote what is at a path of the answers."""
        return self.places.get("/".join(path.split("/")[2:]))

    @cached_property
    def places(self) -> dict[str, Row]:
        """The row of each question, group and repeat by its path below the answers' element: `member/age`."""
        found, around = dict[str, Row](), list[str]()
        for row in self.sheet("survey"):
            kind, name = row.said("type").replace("_", " ").split(), row.said("name")
            if kind[:1] == ["end"]:
                if around:
                    around.pop()
                continue
            if name:
                found.setdefault("/".join([*around, name]), row)
            if kind[:1] == ["begin"]:
                around.append(name)
        return found


def read_workbook(content: bytes) -> Workbook:
    """Refusal("survey.workbook") for what is no workbook, or has more rows than a form may have."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        named = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        return Workbook({name: tuple(_rows(name, named[name])) for name in _SHEETS if name in named})
    except (BadZipFile, InvalidFileException, KeyError, OSError, TypeError, ValueError) as error:
        raise Refusal("survey.workbook") from error


def _rows(name: str, sheet: object) -> Iterator[Row]:
    places = dict[str, int]()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
        if number > _ROWS_MAX:
            raise Refusal("survey.workbook")
        if not places:
            texts = [_text(cell) for cell in cells[:_COLUMNS_MAX]]
            places = {text: at for at, text in enumerate(texts) if text}
            columns = {text: get_column_letter(at + 1) for text, at in places.items()}
            continue
        values = {heading: _text(cells[at]) for heading, at in places.items() if at < len(cells)}
        said = {heading: text for heading, text in values.items() if text}
        if said:
            yield Row(name, number, said, columns)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
