"""A person's own data are all of them and whole; a breach report counts what the log knows, and no more."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.actions import breach, own_data
from app.actions.breach import Span
from app.actions.desk import Desk
from app.actions.people import add_person, change_record, reveal
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.cli import frame
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import audit, fillings
from app.store.fillings import About
from app.store.opened import Opened, open_record
from app.store.tables import records
from app.ui.person.own_data import write_both
from app.ui.rooms.breach import save_report
from tests.desks import PASSWORD, enrolled
from tests.surveys import house_form, house_of, published
from tests.ui import pdf_text

PHONE, LINE = "0388000111", "014148032213"


@pytest.fixture
def her(desk: Desk) -> str:
    """Somebody with a number, a telephone, an account, a change and a look."""
    person = add_person(
        desk,
        {"name": "Lò Thị Pánh", "birth": "1948", "phone": PHONE, "personal_id": LINE, "note": "cũ"},
        "new",
    )
    add_person(desk, {"name": "Giàng A Của", "birth": "1950"}, "new")
    enrolled(desk, person, "LO THI PANH")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    change_record(desk, opened, {"note": "mới"}, "đổi ghi chú")
    reveal(desk, "person", person, "phone")
    return person


@pytest.fixture
def stale(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Her password was typed long ago."""

    def refuse(*_args: object) -> None:
        raise Refusal("proof.wanted")

    monkeypatch.setattr(type(desk.prove.latest), "require", refuse)


def _said(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def test_all_of_hers_whole_and_nobody_elses(desk: Desk, her: str, tmp_path: Path) -> None:
    own_data.write_for_machines(Progress(), desk, her, tmp_path / "her.json")
    said = _said(tmp_path / "her.json")
    assert [one["kind"] for one in said["records"]] == ["person", "account", "consent"]
    assert said["records"][0]["values"]["phone"] == PHONE
    assert said["records"][0]["values"]["personal_id"] == LINE
    assert {(one["old"], one["new"]) for one in said["history"] if one["field"] == "note"} == {
        (None, "cũ"),
        ("cũ", "mới"),
    }
    assert [(one["act"], one["what"]) for one in said["looks"]] == [("reveal", "phone")]
    assert "Giàng" not in json.dumps(said, ensure_ascii=False)
    own_data.write_for_machines(Progress(), desk, her, tmp_path / "again.json")
    newest = _said(tmp_path / "again.json")["looks"][0]
    assert (newest["act"], newest["what"]) == ("export", "own_data=json")


@pytest.fixture
def house(desk: Desk) -> About:
    """A household that was surveyed, and its second member by herself."""
    published(desk, house_form())
    house = house_of(desk)
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/member[1]/phone", "0987000222")
    filling.session.answer("/data/note", "nhà dột")
    hand_in(desk, filling)
    return house


def test_a_head_is_given_what_her_household_answered(desk: Desk, house: About, tmp_path: Path) -> None:
    own_data.write_for_machines(Progress(), desk, house.person, tmp_path / "head.json")
    (handed,) = [one for one in _said(tmp_path / "head.json")["records"] if one["kind"] == "submission"]
    assert ["Ghi chú", "nhà dột"] in handed["answers"]
    assert ["Điện thoại", "0987000222"] in handed["answers"]
    assert "<note>nhà dột</note>" in handed["values"]["content"]


def test_a_member_is_given_what_she_answered_herself(desk: Desk, house: About, tmp_path: Path) -> None:
    mother = next(
        each.record
        for each in _everybody(desk)
        if each.record != house.person and each.values.get("household") == house.household
    )
    with desk.vault.read() as connection:
        about = fillings.about_person(connection, mother)
    assert about
    alone = begin(desk, "hoi_ho", about)
    alone.session.answer("/data/note", "đau chân")
    own = hand_in(desk, alone).record
    own_data.write_for_machines(Progress(), desk, mother, tmp_path / "her.json")
    handed = [one for one in _said(tmp_path / "her.json")["records"] if one["kind"] == "submission"]
    assert [one["id"] for one in handed] == [own]
    assert "0987000222" not in (tmp_path / "her.json").read_text("utf-8")


def test_answers_stand_on_paper_with_their_questions(
    desk: Desk, house: About, tmp_path: Path, qapp: object
) -> None:
    write_both(Progress(), desk, house.person, tmp_path)
    [pdf] = tmp_path.glob("*.pdf")
    words = "\n".join(pdf_text.pages(pdf.read_bytes()))
    assert "nhà dột" in words
    assert "Ghi chú" in words
    assert "0987000222" in words


def _everybody(desk: Desk) -> list[Opened]:
    with desk.vault.read() as connection:
        ids = connection.scalars(select(records["person"].c.id)).all()
        return [each for each in (open_record(connection, "person", one) for one in ids) if each]


def test_on_paper_too(desk: Desk, her: str, tmp_path: Path, qapp: object) -> None:
    names = write_both(Progress(), desk, her, tmp_path)
    [pdf] = tmp_path.glob("*.pdf")
    assert sorted(names.split(", ")) == sorted(each.name for each in tmp_path.glob("*.*"))
    words = "\n".join(pdf_text.pages(pdf.read_bytes()))
    assert all(each in words for each in ("Lò Thị Pánh", PHONE, LINE, "12610001845", "Ai đã xem"))
    assert "Pánh" not in pdf.name


def test_only_with_her_password_lately(desk: Desk, her: str, stale: None, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        own_data.write_for_machines(Progress(), desk, her, tmp_path / "her.json")
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        breach.prepare(Progress(), desk, _span(desk))
    assert not (tmp_path / "her.json").exists()


def test_of_nobody_there_is_nothing(desk: Desk, her: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"record\.gone"):
        own_data.write_for_machines(Progress(), desk, "a" * 32, tmp_path / "her.json")


def _span(desk: Desk) -> Span:
    now = desk.clock.now() + timedelta(seconds=2)
    return Span(now - timedelta(hours=1), now, now)


def test_the_report_counts_what_the_log_knows(desk: Desk, her: str, tmp_path: Path, qapp: object) -> None:
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "export", kind="person", detail="people=412")
        audit.note(connection, desk.officer.id, "unlock", detail="wrong_tries=3")
    report = breach.prepare(Progress(), desk, _span(desk))
    assert (report.people, report.listed, report.wrong_tries, report.held) == (1, 412, 3, 2)
    assert report.acts["reveal", desk.officer.id] == 1
    assert report.log_holds
    assert report.due - report.span.found == timedelta(hours=72)
    save_report(Progress(), desk, report, tmp_path)
    [pdf], [figures] = tmp_path.glob("*.pdf"), tmp_path.glob("*.json")
    words = "\n".join(pdf_text.pages(pdf.read_bytes()))
    assert all(each in words for each in ("412", "Điều 23", desk.officer.name))
    for content in (words, figures.read_text("utf-8")):
        assert not any(each in content for each in ("Pánh", "Của", PHONE, LINE, her))


def test_a_log_that_was_cut_is_said(desk: Desk, her: str) -> None:
    with desk.vault.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE no = 2")
    assert not breach.prepare(Progress(), desk, _span(desk)).log_holds


def test_what_lies_outside_the_time_is_not_counted(desk: Desk, her: str) -> None:
    now = desk.clock.now()
    early = Span(now - timedelta(days=9), now - timedelta(days=8), now)
    assert not breach.prepare(Progress(), desk, early).acts
    with pytest.raises(Refusal, match=r"breach\.span"):
        breach.prepare(Progress(), desk, Span(now, now - timedelta(days=1), now))
    with pytest.raises(Refusal, match=r"breach\.span"):
        breach.prepare(Progress(), desk, Span(now - timedelta(days=1), now, now - timedelta(hours=1)))


def test_from_the_command_line(
    desk: Desk, her: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.vault.lock()
    monkeypatch.setenv("SOANSINH_HOME", str(desk.folder.parent.parent))
    monkeypatch.setattr("app.cli.unlocking.getpass", lambda _asked: PASSWORD)
    assert frame.run(["data", "give", LINE, str(tmp_path)]) == 0
    assert frame.run(["data", "breach", "--since", "2020-01-01T00:00", str(tmp_path / "breach.json")]) == 0
    assert _said(tmp_path / "breach.json")["people"] == 1
    assert "Pánh" not in capsys.readouterr().out
    assert frame.run(["data", "breach", "--since", "hôm qua", str(tmp_path / "x.json")]) == 2
