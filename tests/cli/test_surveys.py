"""`soansinh survey list` and `export` at a laptop where forms are filled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.actions.people import add_person
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.cli import frame
from app.store import fillings
from app.store.fillings import About
from tests import desks
from tests.surveys import house_form, parcel, published

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>{title}</h:title><model><instance>
<data id="{id}" version="{version}"><a/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/a" type="string"/><bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
</model></h:head><h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"""


def test_forms_here_with_what_was_filled_of_each(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    desk = desks.found(home).desk
    old, new, other = (
        parcel(FORM.format(id=name, title=title, version=version))
        for name, title, version in (("b", "Hỏi B", "1"), ("b", "Hỏi B", "2"), ("a", "Hỏi A", "5"))
    )
    published(desk, old, other)
    begin(desk, "a", About())
    begin(desk, "b", About())
    filling = begin(desk, "b", About())
    filling.session.answer("/data/a", "xong")
    hand_in(desk, filling)
    published(desk, new)
    begin(desk, "b", About())
    desk.vault.lock()
    assert frame.run(["survey", "list", "--json"]) == 0
    assert [json.loads(line) for line in capfd.readouterr().out.splitlines()] == [
        {"form": "b", "title": "Hỏi B", "version": "2", "is_open": True, "drafts": 2, "submissions": 1},
        {"form": "a", "title": "Hỏi A", "version": "5", "is_open": False, "drafts": 1, "submissions": 0},
    ]
    assert frame.run(["survey", "list"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "b  Hỏi B · phiên bản 2: đang dùng; 2 nháp, 1 phiếu đã nộp",
        "a  Hỏi A · phiên bản 5: chỉ làm tiếp phiếu dở dang; 1 nháp, 0 phiếu đã nộp",
        "2 biểu mẫu trên máy này.",
    ]


def test_without_a_form_it_says_so(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    desks.found(home).desk.vault.lock()
    assert frame.run(["survey", "list", "--json"]) == 0
    assert capfd.readouterr().out == ""
    assert frame.run(["--language", "en", "survey", "list"]) == 0
    assert capfd.readouterr().out == "0 forms on this laptop.\n"


@pytest.fixture
def register(home: Path) -> Path:
    """Of one person with one form handed in."""
    desk = desks.found(home).desk
    published(desk, house_form())
    person = add_person(desk, {"name": "Lò Thị Pánh", "hamlet": "Bản Nà Lụa"}, "add")
    with desk.vault.read() as connection:
        about = fillings.about_person(connection, person)
    assert about
    filling = begin(desk, "hoi_ho", about)
    filling.session.answer("/data/note", "nhà dột")
    hand_in(desk, filling)
    desk.vault.lock()
    return home


@pytest.mark.parametrize(("way", "name"), [("--to", "a.xlsx"), ("--csv", "csv"), ("--openrosa", "odk")])
def test_each_way_leaves_its_file_behind(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str, name: str
) -> None:
    path = tmp_path / name
    assert frame.run(["survey", "export", "hoi_ho", way, str(path)]) == 0
    assert path.exists()
    assert "Đã ghi 1 phiếu" in capsys.readouterr().out


def test_one_way_must_be_said_and_the_form_be_known(register: Path, tmp_path: Path) -> None:
    assert frame.run(["survey", "export", "hoi_ho"]) == 2
    assert frame.run(["survey", "export", "khong_co", "--to", str(tmp_path / "a.xlsx")]) == 2
    assert not (tmp_path / "a.xlsx").exists()
