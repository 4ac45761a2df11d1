"""The queue where something is in force already: another payee for an account, a decision about money."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from app.actions.accounts import Enrolment, Payee, enrol, proposal_edits
from app.actions.conflicts import decide
from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.domain.accounts import bank_name
from app.store.contest import open_contests
from app.store.opened import open_record
from app.store.tables import records
from app.ui.link import Link
from app.ui.rail import Officer
from app.ui.rooms.approvals import ApprovalsRoom
from app.words import gettext as _
from tests.desks import make_keys_cheap
from tests.offices import Commune, approve, change, commune
from tests.ui.scenes import Stage

_WORDS = "Tôi đồng ý nhận tiền qua tài khoản này."


def two_hands(stage: Stage) -> None:
    """A small office of two laptops, each with somebody who approves."""
    with pytest.MonkeyPatch.context() as patch:
        make_keys_cheap(patch)
        with commune(stage.home / "office") as office:
            first, second = office.desk(), office.desk()
            boss, other = office.approver(second), office.approver(first)
            _another_payee(office, first, boss)
            _decision(office, first, boss, other)
            _nameless(office, first)
            office.sync(second, first)
            _draw(stage, boss)


def _enrolment(desk: Desk, person: str, number: str, holder: str) -> Enrolment:
    bank = desk.reference.providers.find("Agribank")
    assert bank is not None
    return Enrolment(person, "bank", bank.code, number, holder, "vietqr", _WORDS, "fingerprint")


def _propose(office: Commune, made: Enrolment) -> str:
    """Written at the first laptop and carried to the other; the proposal."""
    first, second = office.desks
    known = _proposals(first)
    enrol(first, made)
    office.sync(first, second)
    (fresh,) = _proposals(first) - known
    return fresh


def _proposals(desk: Desk) -> set[str]:
    with desk.vault.read() as connection:
        column = records["proposal"].c.id
        return set(connection.scalars(records["proposal"].select().with_only_columns(column)))


def _another_payee(office: Commune, desk: Desk, boss: Desk) -> None:
    """Her account stands; from now on her son receives, by a paper that ends."""
    who = add_person(desk, {"name": "Cầm Thị Bua", "birth": "1944", "hamlet": "Bản Nà Lụa"}, "add")
    own = _enrolment(desk, who, "3601205006150", bank_name("Cầm Thị Bua"))
    approve(boss, _propose(office, own))
    office.sync(*reversed(office.desks))
    payee = Payee("authorised", "Cầm Văn Hợp", None, "0388417290", "con trai", "Số 31/UQ", None, "2027-06-30")
    why = "Thẻ đứng tên bà, con giữ hộ"
    _propose(office, replace(own, payee=payee, mismatch_reason=why))


def _decision(office: Commune, first: Desk, boss: Desk, other: Desk) -> None:
    """Approved at one laptop while his birth was corrected at the other: somebody says what stands."""
    who = add_person(first, {"name": "Tòng Văn Kẹo", "birth": "1951", "hamlet": "Bản Co Mạ"}, "add")
    proposal = _propose(office, _enrolment(first, who, "3601205112240", bank_name("Tòng Văn Kẹo")))
    approve(boss, proposal)
    change(first, who, "Theo thẻ căn cước", birth="1952")
    office.sync(first, office.desks[1], first)
    with first.vault.read() as connection:
        (asked,) = open_contests(connection)
    decide(other, asked, asked.came.values, "Đã gặp ông Kẹo ngày 23/11: năm sinh sai, tài khoản đúng.")


def _nameless(office: Commune, desk: Desk) -> None:
    """As workbooks bring them."""
    who = add_person(desk, {"name": "Lường Thị Xuân", "birth": "1950", "hamlet": "Bản Nà Lụa"}, "import")
    with desk.vault.read() as connection:
        her = open_record(connection, "person", who)
    assert her is not None
    save(desk, "import", proposal_edits(desk, _enrolment(desk, who, "3306205123306", ""), her)[0])
    office.sync(desk)


def _draw(stage: Stage, boss: Desk) -> None:
    window = stage.window
    link = Link(window, boss)
    window.prove = boss.prove
    window.set_place(boss.commune.name)
    window.set_officer(Officer(boss.officer.name, _("role.approver"), "QQ"))
    window.furnish({"approvals": partial(_room, boss, link)})
    room = window.go("approvals")
    assert isinstance(room, ApprovalsRoom)
    pane = room.approvals
    stage.settle()
    assert pane.found is not None
    for asked in pane.found.asked:
        pane.list.choose(asked.record)
        stage.settle()
        stage.draw(f"approvals-{asked.barred or asked.kind}")
    link.end()
    window.furnish({})
    window.prove = None


def _room(desk: Desk, link: Link, window: object) -> ApprovalsRoom:
    return ApprovalsRoom(window, desk, link)  # type: ignore[arg-type]
