"""`soansinh survey export`: the answers of a form as a workbook, as CSV, as files for an ODK Central."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.people import add_person
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.cli import frame
from app.store import fillings
from tests import desks
from tests.surveys import house_form, published


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
