"""`soansinh approvals` at one laptop that two officers share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.actions.people import add_person
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.cli import frame, unlocking
from app.store import place
from app.store.keyslots import Guard, KeyFile
from app.store.throttle import Moment
from tests import desks
from tests.actions.test_surveying import of
from tests.offices import change
from tests.store.office import CHEAP
from tests.surveys import house_form, house_of, published

BOSS = "Quàng Văn Quyết"


@pytest.fixture
def proposal(home: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """One account that waits; a second officer of the laptop may approve."""
    desk = desks.found(home).desk
    keyfile, now = KeyFile.load(desk.folder, Guard(CHEAP, ask_system=False)), Moment.now()
    first = keyfile.unlock(desk.officer.id, desks.PASSWORD, now)
    boss = keyfile.add_officer(first, BOSS, desks.PASSWORD, now)
    with desk.vault.write() as connection:
        place.write(connection, f"role/{boss.officer.id}", b"approver")
    lan = add_person(desk, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    desks.enrolled(desk, lan, "LO THI LAN")
    desk.vault.lock()
    assert frame.run(["approvals", "list", "--json"]) == 0
    (line,) = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    assert (line["name"], line["subject"], line["barred"]) == ("Lò Thị Lan", "account", "own")
    assert "12610001845" not in str(line)
    return str(line["proposal"])


def run(*words: str, officer: str = BOSS) -> int:
    return frame.run(["approvals", *words, "--officer", officer])


def test_shown_whole_and_accepted_by_a_password(proposal: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("show", proposal) == 0
    assert "12610001845" in capfd.readouterr().out
    assert run("accept", proposal, officer=desks.OFFICER) == 2
    assert "Vai trò của cán bộ này" in capfd.readouterr().err
    assert run("accept", proposal) == 0
    said = capfd.readouterr().out
    assert "Lò Thị Lan" in said
    assert "chờ trung tâm" not in said
    assert run("list") == 0
    assert "0 đề nghị" in capfd.readouterr().out
    assert run("show", proposal) == 2  # it waits no longer


def test_refused_with_the_reason(proposal: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("refuse", proposal, "--why", "số của người khác") == 0
    assert run("list", "--json") == 0
    assert "proposal" not in capfd.readouterr().out


def test_whose_desk(proposal: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("list", officer="Nobody") == 2
    assert run("list", "--commune", "00001") == 2
    assert run("list", "--commune", desks.COMMUNE) == 0
    assert proposal in capfd.readouterr().out


def test_a_wrong_password_approves_nothing(
    proposal: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    typed = iter([desks.PASSWORD, "not hers at all", desks.PASSWORD])
    monkeypatch.setattr(unlocking, "getpass", lambda _asked: next(typed))
    assert run("accept", proposal) == 2
    assert run("list") == 0
    assert proposal in capfd.readouterr().out


@pytest.fixture
def surveyed(home: Path) -> tuple[str, str]:
    """What a survey found of a household and of its head's telephone; a second officer may approve."""
    desk = desks.found(home).desk
    keyfile, now = KeyFile.load(desk.folder, Guard(CHEAP, ask_system=False)), Moment.now()
    first = keyfile.unlock(desk.officer.id, desks.PASSWORD, now)
    boss = keyfile.add_officer(first, BOSS, desks.PASSWORD, now)
    with desk.vault.write() as connection:
        place.write(connection, f"role/{boss.officer.id}", b"approver")
    published(desk, house_form())
    house = house_of(desk)
    filling = begin(desk, "hoi_ho", house)
    change(desk, house.person, phone="0900000999")
    filling.session.answer("/data/poverty", "poor")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    by_kind = {
        json.loads(str(of(desk, "proposal", each).values["wants"]))[0][0]: each
        for each in hand_in(desk, filling).proposals
    }
    desk.vault.lock()
    return by_kind["household"], by_kind["person"]


def test_what_surveys_found_is_told_in_words_and_accepted_together(
    surveyed: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    household, person = surveyed
    assert run("list") == 0
    said = capfd.readouterr().out
    assert "Cà Văn Inh · Khảo sát: Hỏi hộ – 1 mục" in said
    assert "0987000222" not in said
    assert run("show", person) == 0
    said = capfd.readouterr().out
    assert "→ 0987000222" in said
    assert "(khi khảo sát: " in said
    assert run("show", household, "--json") == 0
    (line,) = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    assert line["fields"] == [["poverty", "–", "Hộ nghèo"]]
    assert (line["form"], line["new"], line["moved"]) == ("Hỏi hộ", False, [])
    assert run("accept", household, person) == 0
    assert run("list") == 0
    assert "0 đề nghị" in capfd.readouterr().out
