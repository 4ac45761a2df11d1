"""Answers on their way out: whole or not at all, as they were given, nothing that runs, and in the log."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from lxml import etree

from app.actions.desk import Desk
from app.actions.survey_out import Asked, write_openrosa, write_separated, write_workbook
from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.store import audit
from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.survey.submission import correct, finalise
from app.survey.table_layout import Shape
from app.survey.taken import Taken
from tests.survey.handed_in import filled, house, other_version
from tests.survey.test_submission import VISIT, handed_in
from tests.survey.test_tables import ANSWERS
from tests.survey.walks import WORLD

DATA = Path(__file__).parents[1] / "data"
SIGNS = tuple("=+-@＝＋－＠")
PAYLOADS = [
    *(DATA / "csv-injection.txt").read_text("utf-8").splitlines(),
    *(text for text in json.loads((DATA / "blns.json").read_text("utf-8")) if text.startswith(SIGNS)),
]
FORM = house()
ASKED = Asked(FORM, [filled(ANSWERS), filled({}, "2")])


def exported(desk: Desk) -> list[str]:
    with desk.vault.read() as connection:
        since = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
        deeds = audit.between(connection, since, datetime.datetime.now(datetime.UTC))
    return [deed.detail for deed in deeds if (deed.act, deed.kind) == ("export", "submission")]


def hostile() -> Iterator[Taken]:
    for at, payload in enumerate(PAYLOADS):
        said = etree.Element("name")
        said.text = payload
        yield other_version(etree.tostring(said, encoding="unicode"), str(at))


def rows_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def test_a_workbook_has_a_sheet_for_each_repeat(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "house.xlsx"
    assert write_workbook(Progress(), desk, ASKED, path) == 2
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["house", "member", "illness"]
    names, labels, first, second = book["house"].iter_rows()
    held = {name.value: cell for name, cell in zip(names, first, strict=True)}
    said = {name.value: label.value for name, label in zip(names, labels, strict=True)}
    assert (said["name"], said["g-water"], said["SubmissionDate"]) == ("Họ tên", "Nguồn nước", "Ngày nộp")
    assert held["born"].value == datetime.datetime(1948, 3, 12)
    assert (held["kids"].value, held["income"].value) == (3, 5_400_000_000)
    assert held["place-Latitude"].value == 21.33
    assert held["SubmissionDate"].value == datetime.datetime(2026, 11, 29, 8, 30)
    assert held["g-water"].value == "Suối"
    assert second[1].value is None
    assert [[cell.value for cell in row] for row in book["illness"].iter_rows(min_row=3)] == [
        ["sốt", "uuid:1/member[2]", "uuid:1/member[2]/illness[1]"],
        ["ho", "uuid:1/member[2]", "uuid:1/member[2]/illness[2]"],
    ]
    assert exported(desk) == ["as=xlsx count=2 form=house"]
    assert [file.name for file in tmp_path.iterdir() if file.name != "home"] == ["house.xlsx"]


def test_separated_text_is_a_file_a_table_that_excel_opens(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "house"
    assert write_separated(Progress(), desk, replace(ASKED, has_labels=False), folder) == 2
    assert sorted(file.name for file in folder.iterdir()) == [
        "house-illness.csv",
        "house-member.csv",
        "house.csv",
    ]
    assert (folder / "house.csv").read_bytes().startswith(b"\xef\xbb\xbfSubmissionDate,name,born")
    names, first, second = rows_of(folder / "house.csv")
    held = dict(zip(names, first, strict=True))
    assert [held[name] for name in ("born", "kids", "place-Altitude", "income", "seen")] == [
        "1948-03-12",
        "3",
        "600",
        "5400000000",
        "2026-11-29T07:30:00.000+07:00",
    ]
    assert dict(zip(names, second, strict=True))["kids"] == ""
    assert rows_of(folder / "house-member.csv")[2][-2:] == ["uuid:1", "uuid:1/member[2]"]
    assert exported(desk) == ["as=csv count=2 form=house"]


def test_what_would_run_comes_out_as_text(desk: Desk, tmp_path: Path) -> None:
    asked = Asked(FORM, list(hostile()))
    write_workbook(Progress(), desk, asked, tmp_path / "house.xlsx")
    for row in openpyxl.load_workbook(tmp_path / "house.xlsx")["house"].iter_rows(min_row=3):
        assert row[1].data_type in ("s", "inlineStr")
        assert row[1].quotePrefix == str(row[1].value).startswith(SIGNS)
    write_separated(Progress(), desk, asked, tmp_path / "house")
    said = [row[1] for row in rows_of(tmp_path / "house" / "house.csv")[2:]]
    assert len(said) == len(PAYLOADS) > 20
    assert not [text for text in said if text[0] in "=+-@＝＋－＠\t\r\n"]
    assert [text.removeprefix("'") for text in said if ";" not in text] == [
        text for text in PAYLOADS if ";" not in text
    ]


def test_a_number_below_nothing_stays_a_number(desk: Desk, tmp_path: Path) -> None:
    asked = Asked(FORM, [other_version("<kids>-5</kids><name>-5</name>")])
    write_separated(Progress(), desk, asked, tmp_path / "house")
    names, _labels, first = rows_of(tmp_path / "house" / "house.csv")
    held = dict(zip(names, first, strict=True))
    assert (held["kids"], held["name"]) == ("-5", "'-5")


Way = Callable[[Progress, Desk, Asked, Path], object]


def packed(progress: Progress, desk: Desk, asked: Asked, path: Path) -> object:
    return write_openrosa(progress, desk, asked, lambda _name: b"", path)


class Stopping(Progress):
    """Somebody presses Cancel while the second submission is written."""

    def step(self, done: int, total: int, what: str = "") -> None:
        if (done, what) == (1, "Writing the answers"):
            self.cancel()
        super().step(done, total, what)


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.zip"])
def test_what_is_cancelled_leaves_nothing_and_the_old_file(desk: Desk, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if "." in name:
        (out / name).write_bytes(b"old")
    form, said = visits()
    ways: dict[str, Way] = {"a.xlsx": write_workbook, "a": write_separated, "a.zip": packed}
    with pytest.raises(Cancelled):
        ways[name](Stopping(), desk, Asked(form, said), out / name)
    assert [(file.name, file.read_bytes()) for file in out.iterdir()] == (
        [(name, b"old")] if "." in name else []
    )


def test_a_folder_that_holds_something_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    write_separated(Progress(), desk, ASKED, folder)  # an empty one is hers to fill
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(Refusal, match=r"folder\.taken"):
        write_separated(Progress(), desk, ASKED, folder)
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
    with pytest.raises(Trouble, match=r"disk\."):
        write_separated(Progress(), desk, ASKED, tmp_path / "gone" / "a")


def visits() -> tuple[FormDefinition, list[Taken]]:
    """A visit with a photo, and its correction."""
    form = FormDefinition.load(VISIT.encode())
    first = handed_in(Session.new(form, WORLD))
    again = correct(form, WORLD, first.xml)
    again.answer("/data/phone", "0987654321")
    said = [first, finalise(again)]
    at = "2026-11-29T08:30:00.000+07:00"
    return form, [Taken(each.xml, each.id, each.corrects, "Hạnh", at, "Pánh", each.files) for each in said]


@pytest.mark.parametrize("name", ["visit", "visit.zip"])
def test_what_a_central_takes_is_what_was_handed_in(desk: Desk, tmp_path: Path, name: str) -> None:
    form, said = visits()
    path = tmp_path / name
    made = write_openrosa(Progress(), desk, Asked(form, said), {"anh.jpg": b"\xff\xd8\xffphoto"}.get, path)
    assert (made.count, made.files, made.missing) == (2, 2, ())
    if name.endswith(".zip"):
        with ZipFile(path) as file:
            file.extractall(tmp_path / "unpacked")
        path = tmp_path / "unpacked"
    for each in said:
        folder = path / each.id.replace(":", "")
        content = (folder / "submission.xml").read_bytes()
        assert hashlib.sha256(content).hexdigest() == hashlib.sha256(each.xml).hexdigest()
        assert (folder / "anh.jpg").read_bytes() == b"\xff\xd8\xffphoto"
        root = etree.fromstring(content)
        assert (root.get("id"), root.get("version")) == ("visit", "7")
        assert root.findtext("{*}meta/{*}instanceID") == each.id
        assert (root.findtext("{*}meta/{*}deprecatedID") or "") == each.corrects
    assert len(list(path.iterdir())) == 2
    assert exported(desk) == ["as=openrosa count=2 form=visit"]


def test_a_file_that_is_not_here_is_named(desk: Desk, tmp_path: Path) -> None:
    form, said = visits()
    made = write_openrosa(Progress(), desk, Asked(form, said[:1]), lambda _name: None, tmp_path / "v")
    assert made.missing == (f"{said[0].id.replace(':', '')}/anh.jpg",)


def test_what_no_central_takes_is_not_written(desk: Desk, tmp_path: Path) -> None:
    form, said = visits()
    for wrong in ([said[0], said[0]], [replace(said[0], files=("../../anh.jpg",))]):
        with pytest.raises(Refusal, match=r"survey\.openrosa"):
            write_openrosa(Progress(), desk, Asked(form, wrong), lambda _name: b"", tmp_path / "v")
    assert not (tmp_path / "v").exists()
    assert exported(desk) == []


def test_choices_are_split_where_that_is_asked(desk: Desk, tmp_path: Path) -> None:
    asked = replace(ASKED, shape=Shape(language="en", split=True))
    write_separated(Progress(), desk, asked, tmp_path / "house")
    names, labels, first, _second = rows_of(tmp_path / "house" / "house.csv")
    at = names.index("g-goods/bike")
    assert (labels[at], first[at]) == ("Đồ dùng: Xe máy", "1")
