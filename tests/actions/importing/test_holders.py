"""An account that a workbook brings without its holder: said beforehand, completed, approved by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions import holders
from app.actions.desk import Desk
from app.actions.holders import Completion
from app.actions.importing import reviewing
from app.actions.importing.facts import Answer, How, Review, Side
from app.actions.importing.writing import write
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import dossier, queries
from app.store.listing import Listing
from app.ui.approvals.found import read_found
from tests.actions.importing.books import HEADINGS, PANH, PEOPLE, write_book
from tests.actions.importing.conftest import Look
from tests.actions.importing.test_reviewing import point
from tests.desks import make_keys_cheap
from tests.offices import Commune, approve, commune

WHOLE = (*PEOPLE[0], "LO THI PANH")


def her(desk: Desk) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, queries.ids(connection, Listing(text="pánh"))[0])
    assert found is not None
    return found


def test_the_review_says_it_before_anything_is_written(desk: Desk, look: Look, tmp_path: Path) -> None:
    review = look(PEOPLE)
    found = point(review, "holder_missing")
    assert (found.side, found.field, found.value) == (Side.KNOW, "holder", "")
    named = reviewing.answer(desk, review, [(found, Answer(How.VALUE, "LO THI PANH"))])
    assert point(named, "holder_missing").value == "LO THI PANH"
    write(Progress(), desk, named)
    (account,) = her(desk).accounts
    assert account.opened.values["holder"] == "LO THI PANH"


def test_a_column_of_holders_leaves_nothing_to_say(desk: Desk, tmp_path: Path) -> None:
    path = write_book(tmp_path / "co chu.xlsx", [WHOLE], [*HEADINGS, "Chủ tài khoản"])
    review = reviewing.read(Progress(), desk, path)
    assert not [each for each in review.every_point() if each.kind == "holder_missing"]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commune]:
    make_keys_cheap(monkeypatch)
    with commune(tmp_path) as made:
        made.desk()
        yield made


def imported(desk: Desk, tmp_path: Path) -> dossier.Account:
    path = write_book(tmp_path / "khong chu.xlsx", [(*PANH, "Agribank 3906205123456")])
    review: Review = reviewing.read(Progress(), desk, path)
    write(Progress(), desk, review)
    (account,) = her(desk).accounts
    return account


def test_from_an_imported_account_to_one_in_force(two: Commune, tmp_path: Path) -> None:
    (first,) = two.desks
    account, boss = imported(first, tmp_path), two.approver(first)
    two.sync(first)
    (asked,) = read_found(Progress(), boss).asked
    assert asked.barred == "incomplete"
    holders.complete(first, Completion(account.opened.record, "LO THI PANH"))
    two.sync(first)
    (asked,) = read_found(Progress(), boss).asked
    assert asked.barred == ""
    assert read_found(Progress(), first).asked[0].barred == "own"  # who completed it does not approve it
    approve(boss, asked.record)
    two.sync(first)
    standings = [each.standing for each in her(first).accounts]
    assert standings == ["in_force", "withdrawn"]
    assert her(first).accounts[0].opened.values["holder"] == "LO THI PANH"


def test_an_approver_may_complete_it_and_then_somebody_else_approves(two: Commune, tmp_path: Path) -> None:
    (first,) = two.desks
    account, boss = imported(first, tmp_path), two.approver(first)
    two.sync(first)
    holders.complete(boss, Completion(account.opened.record, "LO THI PANH"))
    two.sync(first)
    assert [each.standing for each in her(first).accounts] == ["proposed", "refused"]
    (asked,) = read_found(Progress(), boss).asked
    assert asked.barred == "own"


def test_a_name_is_asked_for_and_another_one_explained(desk: Desk, tmp_path: Path) -> None:
    record = imported(desk, tmp_path).opened.record
    for holder, why, code in (
        ("", "", "account.holder"),
        ("NGUYEN VAN AN", " ", "account.mismatch"),
    ):
        with pytest.raises(Refusal) as refused:
            holders.complete(desk, Completion(record, holder, why))
        assert refused.value.code == code
    holders.complete(desk, Completion(record, "NGUYEN VAN AN", "con trai nhận hộ"))
    newest = her(desk).accounts[0]
    assert newest.opened.values["mismatch_reason"] == "con trai nhận hộ"
    for gone in (newest.opened.record, "0" * 32):
        with pytest.raises(Refusal, match=r"account\.gone"):
            holders.complete(desk, Completion(gone, "LO THI PANH"))
