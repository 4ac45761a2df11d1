"""One file of a commune → Book. Strangers' bytes are parsed in the sandbox's child only."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sandbox.children import call
from app.sheets.book import Book
from app.sheets.gate import Format, admit


def read_book(path: Path, progress: Progress) -> Book:
    """Everything located in the workbook at `path`.

    Raises Refusal("workbook.…") for what is no workbook or too much of one,
    Refusal("child.…") when the reading child met its limits, Trouble("file.unreadable"), Cancelled.
    """
    kind = admit(path)
    return call(parse, str(path), kind.value, progress=progress, returns=Book)


def parse(path: str, kind: str, progress: Progress) -> Book:
    """Parse an admitted file. Runs in the child; each reader is imported where it is needed."""
    try:
        with Path(path).open("rb") as file:
            match Format(kind):
                case Format.XLSX:
                    from app.sheets.xlsx import read_xlsx as read
                case Format.ODS:
                    from app.sheets.ods import read_ods as read
                case Format.XLS:
                    from app.sheets.xls import read_xls as read
                case Format.TEXT | _:
                    from app.sheets.separated import read_separated as read
            return read(file, progress)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, IndexError) as error:
        raise Refusal("workbook.damaged") from error
