"""Valid files with bytes changed at random: refused by name or read whole, never anything else.

`MUTATIONS=2000` runs more of them than the suite does.
"""

from __future__ import annotations

import os
import random
import zipfile
from pathlib import Path

import msgspec
import pytest

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets.gate import admit
from app.sheets.reader import parse
from app.sheets.reading import understand
from tests.sheets.invented import REFERENCE
from tests.sheets.scoring import TODAY
from tests.sheets.workbooks import PlanSheet, write_csv, write_ods, write_xlsx

SAMPLES = Path(__file__).with_name("samples")
ROUNDS = int(os.environ.get("MUTATIONS", "60"))
TOKENS = (b"<", b">", b"&", b'"', b"\0", b"-1", b"99999999999", b"</row>", b"<c>", b"A1:XFD1048576", b"1e999")


def valid(folder: Path, kind: str) -> Path:
    path = folder / f"valid.{kind}"
    if kind == "xls":
        path.write_bytes((SAMPLES / "old-list.xls").read_bytes())
        return path
    sheet = PlanSheet("Thôn 1")
    sheet.row(["DANH SÁCH THÔN NÀ LỐC"])
    sheet.head("STT | Họ và tên | Năm sinh | Số CCCD | Mức hưởng | Số tài khoản")
    for number in range(1, 13):
        account = f"39062051218{number:02d} - Agribank"
        sheet.row([number, f"Lò Thị Hạnh {number}", 1950, f"0141500322{number:02d}", "=540000*1.5", account])
    sheet.merge(1, 0, 1, 5)
    sheet.hidden_columns = {4}
    match kind:
        case "xlsx":
            write_xlsx([sheet], path)
        case "ods":
            write_ods([sheet], path)
        case "csv":
            write_csv([sheet], path, coding="utf-8", separator=";")
    return path


def changed(content: bytes, rng: random.Random) -> bytes:
    """A few bytes flipped, cut out, put in or said twice."""
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(content) + 1), rng.choice((1, 1, 2, 8, 40))
        piece = content[at : at + length]
        put = rng.choice((b"", piece * 2, rng.choice(TOKENS), bytes(rng.choices(range(256), k=length))))
        content = content[:at] + put + content[at + (0 if put == piece * 2 else length) :]
    return content


def mutated(path: Path, rng: random.Random) -> None:
    """The file changed outside, or inside one part of its archive."""
    if path.suffix in (".xls", ".csv") or rng.random() < 0.2:
        path.write_bytes(changed(path.read_bytes(), rng))
        return
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice([name for name in parts if name.endswith(("sheet1.xml", "Strings.xml", "content.xml"))])
    name = name if rng.random() < 0.7 else rng.choice(sorted(parts))
    parts[name] = changed(parts[name], rng)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "csv"])
def test_a_changed_file_is_refused_or_read_whole(tmp_path: Path, kind: str) -> None:
    original = valid(tmp_path, kind).read_bytes()
    read = 0
    for seed in range(ROUNDS):
        path = tmp_path / f"changed.{kind}"
        path.write_bytes(original)
        mutated(path, random.Random(f"{kind} {seed}"))
        try:
            book = parse(str(path), admit(path).value, Progress())
        except Refusal:
            continue
        msgspec.msgpack.encode(book)  # as it crosses from the child
        for sheet in book.sheets:
            numbers = [row.number for row in sheet.rows]
            assert numbers == sorted(set(numbers)), f"a row would be lost: {kind} {seed}"
            assert all(row.columns == sorted(set(row.columns)) for row in sheet.rows), f"{kind} {seed}"
        try:
            reading = understand(book, REFERENCE, TODAY, Progress())
        except Refusal:  # no table is left of it
            continue
        for total in reading.sums:
            counted = total.people + total.headings + total.totals + total.questions + total.other
            assert total.rows == counted + total.blank, f"{kind} {seed}"
        read += 1
    assert read > (0 if kind == "xls" else ROUNDS // 20), "the changes are too harsh to prove anything"
