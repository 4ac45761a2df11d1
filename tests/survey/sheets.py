"""XLSForms made for a test: rows of cells by sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]
HEADINGS = (
    "type",
    "name",
    "label::Tiếng Việt (vi)",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
)


def xlsform(
    survey: Rows,
    *,
    choices: Rows = (),
    score: Rows = (),
    entities: Rows = (),
    headings: Sequence[str] = HEADINGS,
) -> bytes:
    """A workbook with these rows below the headings; the form is `thu`, version 1."""
    book = Workbook()
    _fill(book.active, [headings, *survey])
    _fill(book.create_sheet("choices"), [("list_name", "name", "label::Tiếng Việt (vi)"), *choices])
    _fill(book.create_sheet("settings"), [("form_id", "form_title", "version"), ("thu", "Phiếu thử", "1")])
    for name, rows in (("score", score), ("entities", entities)):
        if rows:
            _fill(book.create_sheet(name), rows)
    book["Sheet"].title = "survey"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: object, rows: Rows) -> None:
    for row in rows:
        sheet.append(list(row))  # type: ignore[attr-defined]
