"""`soansinh handover`, `soansinh central handover`: a commune without a link, from its code to an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.actions.people import add_person
from app.cli import frame
from app.store import outbox, roster
from app.store.centre import Centre
from app.sync import enrolment
from tests import desks
from tests.central.laptops import ADDRESS


@pytest.fixture
def place(postgres_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> tuple[str, ...]:
    """A centre with the commune's register, and which it is."""
    keys = str(tmp_path / "keys")
    told = ("--database", postgres_url, "--keys", keys)
    assert frame.run(["central", "init", "--keys", keys, "--address", ADDRESS]) == 0
    assert frame.run(["central", "commune", "add", desks.COMMUNE, *told]) == 0
    capfd.readouterr()
    return told


def said(capfd: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    """What a command answers in JSON."""
    assert frame.run([*map(str, words), "--json"]) == code
    return json.loads(capfd.readouterr().out.splitlines()[-1])


def test_a_commune_without_a_link_joins_and_closes_the_loop(
    home: Path, place: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = desks.found(home).desk
    desks.enrolled(desk, add_person(desk, {"name": "Lò Thị Pánh"}, "enrol"), "LO THI PANH")
    desk.vault.lock()
    stick, answers = tmp_path / "stick", tmp_path / "answers"
    stick.mkdir()
    answers.mkdir()
    paper = tmp_path / "trung-tam.json"
    code = said(capfd, "central", "device", "enrol", desks.COMMUNE, *place, "--statement", paper)["code"]

    made = said(capfd, "handover", "make", stick, "--code", code, "--centre", paper)
    assert made["sets"] == 2
    assert "LO" not in Path(made["file"]).name.upper()
    [row] = said(capfd, "central", "handover", stick, answers, *place)
    assert (row["counts"]["sets"], row["number"], row["again"]) == (2, 1, False)
    answer = answers / row["file"]

    looked = said(capfd, "handover", "inspect", answer)
    assert (looked["counts"]["in_force"], looked["enrolled"], looked["again"]) == (2, True, False)
    assert looked["number"] == row["answer"]
    done = said(capfd, "handover", "open", answer)
    assert (done["own"], done["waiting"]) == ({"1": "in_force", "2": "in_force"}, 0)
    assert said(capfd, "handover", "open", answer)["again"]
    assert said(capfd, "central", "handover", stick, answers, *place)[0]["again"]

    entered = desks.found_again(home)
    with entered.vault.read() as connection:
        assert enrolment.is_enrolled(connection)
        assert outbox.waiting(connection) == 0
    entered.vault.lock()
    book = Centre.open(place[1])
    with book.read() as connection:
        assert roster.communes(connection)[0].seq == 2
    book.close()


def test_what_is_no_bundle_is_said_and_holds_no_other_up(
    home: Path, place: tuple[str, ...], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    desks.found(home).desk.vault.lock()
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "a.bangiao").write_bytes(b"nothing")
    [row] = said(capfd, "central", "handover", stick, tmp_path, *place, code=frame.REFUSED)
    assert row["refused"] == "bundle.header"
    assert frame.run(["handover", "open", str(stick / "a.bangiao")]) == frame.REFUSED
    assert "không đúng dạng" in capfd.readouterr().err
    assert frame.run(["handover", "make", str(stick)]) == frame.REFUSED  # it knows no centre yet
    assert [file.name for file in stick.iterdir()] == ["a.bangiao"]
