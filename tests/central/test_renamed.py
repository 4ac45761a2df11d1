"""Somebody who is paid is renamed by one officer: the list holds her back until two have looked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.central.keys import Keys
from app.domain.in_force import RENAMED, Line
from app.domain.progress import Progress
from app.domain.records import Value
from app.resources import load_rights
from app.sync.verifying import InForce, Register
from tests.central.conftest import TRAINING
from tests.central.laptops import Laptop
from tests.central.paying import TwoHands, approve, pay, propose, seated

TODAY = date(2026, 11, 29)


class Office(TwoHands):
    """What its officers do to somebody who is paid, and what the list says then."""

    def written(self, her: str, **values: Value) -> None:
        """One officer writes, and everybody hears of it."""
        self.maker.change(her, **values)
        self.sync(self.maker, self.checker)

    def paid_anew(self, her: str, **account: Value) -> None:
        """Proposed by one, approved by the other."""
        _account, proposal = propose(self.maker, her, **account)  # type: ignore[arg-type]
        self.sync(self.maker, self.checker)
        approve(self.checker, proposal)
        self.sync(self.checker, self.maker)

    def listed(self) -> InForce:
        with self.maker.vault.read() as connection:
            register = Register.of(connection, Path("nowhere"), self.maker.officer, load_rights())
            return register.in_force(Progress(), TODAY)

    def line(self) -> Line:
        (line,) = self.listed().lines
        return line

    def left(self) -> list[str]:
        return [each.why for each in self.listed().left]


@pytest.fixture
def office(keys: Keys, tmp_path: Path) -> Iterator[Office]:
    with seated(Office, keys, tmp_path) as made:
        yield made


@pytest.fixture
def her(office: Office) -> str:
    return pay(office.maker, office.checker, office.sync)  # Lò Thị Pánh, at LO THI PANH's


def test_another_name_holds_her_back_until_it_is_mended(office: Office, her: str) -> None:
    assert office.line().rewritten == {}
    office.written(her, name="Cà Thị Khác")
    assert (office.left(), office.listed().lines) == ([RENAMED], ())
    office.written(her, name="Lò Thị Panh")  # as the bank reads it, it is hers
    assert office.line().rewritten.keys() == {"name"}
    assert office.left() == []


def test_another_name_holds_her_back_until_a_second_officer_looked(office: Office, her: str) -> None:
    office.written(her, name="Cà Thị Khác")
    assert office.left() == [RENAMED]
    office.paid_anew(her, mismatch_reason="Ngân hàng ghi tên cũ")
    assert office.line().rewritten == {}
    office.written(her, name="Vi Thị Khác")  # and that was another name than the one they looked at
    assert office.left() == [RENAMED]


def test_birth_and_number_are_shown_and_keep_nobody_off(office: Office, her: str) -> None:
    before = office.listed().seq
    office.written(her, birth="1958", personal_id="014148032213")
    line = office.line()
    assert line.rewritten.keys() == {"birth", "personal_id"}
    assert line.rewritten_since(before)
    assert not line.rewritten_since(office.listed().seq)  # a list that left since has shown it


def test_what_a_third_wrote_the_same_and_brought_late_was_looked_at(
    office: Office, her: str, tmp_path: Path
) -> None:
    """Her other name stood when two approved; that somebody far off had written it too changes nothing."""
    third = Laptop.new(tmp_path, TRAINING, office.found.clock)
    office.found.enrol(third)
    office.sync(third)
    third.change(her, name="Cà Thị Khác")
    office.written(her, name="Cà Thị Khác")
    office.paid_anew(her, mismatch_reason="Ngân hàng ghi tên cũ")
    office.sync(third)
    office.sync(office.maker)
    third.vault.lock()
    assert (office.left(), office.line().rewritten) == ([], {})


def test_whoever_receives_in_her_place_is_named_by_the_account(office: Office, her: str) -> None:
    office.paid_anew(her, payee="authorised", payee_name="Lò Văn Nhận", holder="LO VAN NHAN")
    office.written(her, name="Cà Thị Khác")
    assert office.line().rewritten.keys() == {"name"}
