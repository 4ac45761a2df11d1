"""How long a workbook of 10,000 people takes to the review pane, beside openpyxl's plain read of the file.

The issue's bound is 1.5×: read in the child, understood, compared with an encrypted register of 3,000 people,
sorted by kind. All are taken in turn in one run, the best of each, for machines differ and other
work runs. Then the file is written into the register: one set a person, one transaction.
"""

from __future__ import annotations

import datetime
import gc
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from app.actions import training
from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.writing import write
from app.domain.progress import Progress
from app.sheets.reader import read_book
from app.sheets.reading import understand
from app.ui.importing.piles import piles_of
from tests import desks
from tests.sheets.invented import REFERENCE, Typist, people

PEOPLE = 10_000
BOUND = 1.5
_ROUNDS = 4
_HEADINGS = (
    ("STT", None),
    ("Họ và tên", "name"),
    ("Giới tính", "sex"),
    ("Ngày, tháng, năm sinh", "birth"),
    ("Số CCCD", "personal_id"),
    ("Địa chỉ", "hamlet"),
    ("Số điện thoại", "phone"),
    ("Nhóm đối tượng", "group"),
    ("Hệ số", "coefficient"),
    ("Mức trợ cấp", "amount"),
    ("Số tài khoản, nơi mở", "account"),
    ("Ghi chú", "note"),
)
_HABITS = {
    "capitals",
    "loose",
    "years",
    "zeros",
    "numbers",
    "spaced",
    "old",
    "missing",
    "broken",
    "phones",
    "dotted",
}
_HABITS |= {"commas", "remarks", "decomposed", "words", "sexes"}


def write_commune(path: Path, count: int = PEOPLE) -> None:
    """A commune's workbook as offices type it: shared strings, fonts, numbers among text."""
    typists = [Typist(1, _HABITS)] * 4 + [Typist(3, _HABITS | {"tcvn3"})]  # one cell in seventeen in .VnTime
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Tháng 11")
    fonts = {name: book.add_format({"font_name": name}) for name in (".VnTime", "Times New Roman")}
    for column, (heading, _) in enumerate(_HEADINGS):
        sheet.write(3, column, heading)
    for row, person in enumerate(people(2, count, tuple(f"Thôn {number}" for number in range(1, 25))), 4):
        typed = typists[row % len(typists)].type(person)
        sheet.write(row, 0, row - 3)
        for column, (_, key) in enumerate(_HEADINGS[1:], 1):
            cell = typed.cells[key or ""]
            if cell is not None:
                style = fonts[typed.fonts.get(key or "", "Times New Roman")]
                write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                write(row, column, cell, style)
    book.close()


def measure() -> list[tuple[str, float, str]]:
    """Name, ratio (or seconds), and what stands behind it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as cheap:
        desks.make_keys_cheap(cheap)
        desk = desks.desk_of(Path(folder, "home"))
        training.fill(Progress(), desk)
        path = Path(folder, "commune.xlsx")
        write_commune(path)
        works = (_read_plainly, _read, partial(_review, desk))
        taken = [tuple(_seconds(work, path) for work in works) for _ in range(_ROUNDS)]
        plain, reading, pane = (min(column) for column in zip(*taken, strict=True))
        review = reviewing.read(Progress(), desk, path)
        start = time.perf_counter()
        written = write(Progress(), desk, review)
        wrote = time.perf_counter() - start
        desk.vault.lock()
    detail = f"{PEOPLE} people: {{:.2f}} s, openpyxl's plain read {plain:.2f} s, bound {BOUND}"
    return [
        ("import, to the reading", reading / plain, detail.format(reading)),
        ("import, to the review pane", pane / plain, detail.format(pane)),
        ("import, written", wrote, f"s for {written.people} people, {written.accounts} accounts"),
    ]


def _seconds(work: Callable[[Path], object], path: Path) -> float:
    start = time.perf_counter()
    work(path)
    return time.perf_counter() - start


def _read_plainly(path: Path) -> int:
    book = openpyxl.load_workbook(path)
    return sum(len(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))


def _read(path: Path) -> int:
    book = read_book(path, Progress())
    return len(understand(book, REFERENCE, datetime.date(2026, 11, 24), Progress()).people)


def _review(desk: Desk, path: Path) -> int:
    """What the window does, in the lane and under the conditions of its job: see `ui.jobs`."""
    gc.disable()
    try:
        return len(piles_of(reviewing.read(Progress(), desk, path)))
    finally:
        gc.enable()
