"""A centre that lets an approval land by somebody who might not any more is found from the file alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.central.deeds import Operating, certify_officer
from app.central.keys import Keys
from app.domain.in_force import MISMATCH
from app.domain.progress import Progress
from app.resources import load_rights
from app.sync.verifying import InForce, Register
from tests.central.conftest import TRAINING
from tests.central.laptops import House
from tests.central.paying import PaidOffice, approve, propose, seated

TODAY = date(2026, 11, 29)
DAY_MS = 24 * 3600 * 1000


class Office(PaidOffice):
    """An account of the person who is not paid is approved here, and not yet handed in."""

    def __init__(self, found: House, folder: Path) -> None:
        super().__init__(found, folder)
        self.propose()

    def propose(self) -> None:
        _account, proposal = propose(self.maker, self.person, number="5555555555")
        self.sync(self.maker, self.checker)
        approve(self.checker, proposal)

    def certify(self, *roles: str, before_ms: int = 0) -> None:
        """The checker's roles, as a centre says that it gave them so long before."""
        at = Operating(self.found.centre, self.found.keys, "root", self.found.clock() - before_ms)
        certify_officer(at, TRAINING, self.checker.officer.id, roles)

    def found_by_maker(self) -> InForce:
        self.sync(self.checker)
        self.sync(self.maker)
        with self.maker.vault.read() as connection:
            register = Register.of(connection, Path("nowhere"), self.maker.officer, load_rights())
            return register.in_force(Progress(), TODAY)


@pytest.fixture
def office(keys: Keys, tmp_path: Path) -> Iterator[Office]:
    with seated(Office, keys, tmp_path) as made:
        yield made


def said(found: InForce) -> tuple[set[str], set[tuple[str, str]], set[tuple[str, str]]]:
    """Who is on the list, who is left off and why, what was found of whom."""
    return (
        {line.person for line in found.lines},
        {(each.person, each.why) for each in found.left},
        {(each.code, each.record) for each in found.report.faults},
    )


@pytest.mark.parametrize("roles", [(), ("officer",), ("auditor", "administrator")])
def test_what_landed_after_her_role_was_taken_pays_nobody(office: Office, roles: tuple[str, ...]) -> None:
    """Of one whose role was taken a day ago, by a centre that judged as if it had not been."""
    office.sync(office.checker)
    office.certify(*roles, before_ms=DAY_MS)
    both = {office.paid, office.person}  # of whom each was approved within that day
    faults = {("approver", person) for person in both}
    assert said(office.found_by_maker()) == (set(), {(person, MISMATCH) for person in both}, faults)


def test_what_she_approved_while_she_might_stays_in_force(office: Office) -> None:
    both = {office.paid, office.person}
    office.sync(office.checker)
    for roles in (("officer",), ("approver",), ()):
        office.certify(*roles)
        assert said(office.found_by_maker()) == (both, set(), set())


def test_nobody_is_doubted_before_her_newest_certificate(office: Office) -> None:
    """She had no role, and has one again: what lay between, this laptop cannot tell."""
    office.certify("officer", before_ms=2 * DAY_MS)
    office.certify("approver", before_ms=DAY_MS)
    assert said(office.found_by_maker()) == ({office.paid, office.person}, set(), set())
