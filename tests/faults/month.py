"""A month of a commune with canaries in it, in a process of its own that ends by SIGKILL.

`python -m tests.faults.month PEOPLE OPEN WATCHED`: what is meant to be read by people (workbooks, papers,
the centre's book) lies in OPEN; everything the program keeps for itself lies in WATCHED. On the last line
of its output stand the keys, in hexadecimal.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import backups as acting
from app.actions import handover, lists
from app.actions.accounts import Enrolment, enrol
from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.writing import write
from app.bootstrap import entering, shelves
from app.domain.changes import Edit, lone
from app.domain.errors import Cancelled
from app.domain.places import Place
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import place, queries, unit
from app.store.laptop import Laptop as Machine
from app.store.listing import Listing
from app.store.tables import records
from tests.actions.importing.books import GROUP, HAMLET, write_book
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.paying import approve, may_approve
from tests.desks import OFFICER, make_keys_cheap

NAME, LINE, NUMBER, PHONE = "Khuyễng Thị", "0141487", "39062051", "0388123"
PASSWORD, WRONG = "mật khẩu khuyễng số 7315", "sai mật khuyễng số 7316"
PLACE = Place("T0099", "Xã Thử", "Tỉnh Thử")  # a centre in a file takes invented communes alone


def people(count: int) -> list[tuple[object, ...]]:
    """As a workbook has them: each with a name, a number, a telephone and an account of nobody's."""
    return [
        (
            *(at, f"{NAME} {_word(at)}", f"{1 + at % 28:02d}/03/1948", "Nữ", f"{LINE}{at:05d}"),
            *(f"{PHONE}{at:03d}", HAMLET, GROUP, 540000, f"Agribank {NUMBER}{at:05d}"),
        )
        for at in range(count)
    ]


def _word(at: int) -> str:
    """A given name that no other has."""
    first, second = divmod(at, 26)
    return f"{chr(65 + second)}{'aeiou'[first % 5]}{'mnpt'[first // 5 % 4]}{'aeiou'[first // 20 % 5]}nh"


def _joined(home: House, desk: Desk) -> Laptop:
    laptop = Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)
    home.enrol(laptop)
    return laptop


@dataclass
class _StopsLate(Progress):
    """Somebody presses Cancel when a third is done."""

    def step(self, done: int, total: int, what: str = "") -> None:
        super().step(done, total, what)
        if total and done * 3 >= total:
            raise Cancelled


def _papers(desk: Desk, opened: Path, watched: Path) -> None:
    """A list printed, and the export of one cancelled."""
    from app.ui.application import make_application
    from app.ui.list_out import Chosen, export_people, write_people

    make_application(["month"])
    with desk.vault.read() as connection:
        nos = queries.ids(connection, Listing())
    write_people(Progress(), desk, Chosen(nos, "tất cả"), opened / "list.pdf")
    for stopped in (export_people, write_people):
        try:
            stopped(_StopsLate(), desk, Chosen(nos, "tất cả"), watched / "tmp" / f"{stopped.__name__}.out")
        except Cancelled:
            continue
        raise AssertionError(f"{stopped.__name__} was not cancelled")


def _carried(desk: Desk, opened: Path, watched: Path) -> None:
    """A stick written and one given up; a list of who is paid."""
    desk.prove(PASSWORD)
    handover.make(Progress(), desk, watched / "stick")
    paid = lists.accounts_in_force(Progress(), desk)
    assert len(paid.lines) == 12
    lists.write_accounts(Progress(), desk, paid, opened / "paid.xlsx")
    with suppress(Cancelled):
        handover.make(_StopsLate(), desk, watched / "stick")


def _approved(home: House, proposer: Laptop, opened: Path) -> None:
    """A colleague at another laptop puts some accounts in force."""
    checker = Laptop.new(opened, PLACE.code, home.clock)
    home.enrol(checker)
    may_approve(home, checker)
    checker.sync(home)
    with checker.vault.read() as connection:
        table = records["proposal"]
        waiting = list(connection.scalars(select(table.c.id).order_by(table.c.id.desc()).limit(12)))
    for proposal in waiting:
        approve(checker, proposal)
    checker.sync(home)
    proposer.sync(home)
    checker.vault.lock()


def _crash_report(watched: Path) -> None:
    """A bug with a person in its hands, saved as the officer would save it."""
    from app.ui.bugs import details

    try:
        dict[str, int]()[f"{NAME} {LINE}00001"]
    except KeyError as error:
        (watched / "crash.txt").write_text(details(error), "utf-8")
        logging.getLogger("soansinh").warning(details(error))


def _keys(desk: Desk) -> list[str]:
    with desk.vault.read() as connection:
        files, device = place.read(connection, "files_key"), place.read(connection, "device_key")
    assert files is not None
    assert device is not None
    with desk.vault.original(Progress()) as original:
        return [each.hex() for each in (original.key, desk.officer_key.key.seed, files, device)]


def _enrol(desk: Desk) -> None:
    """A few more accounts, as the drive would."""
    bank = desk.reference.providers.find("BIDV")
    assert bank is not None
    with desk.vault.read() as connection:
        rows = queries.person_rows(connection, queries.ids(connection, Listing())[:20])
    for at, row in enumerate(row for row in rows if row is not None):
        number = f"{NUMBER}9{at:04d}"
        enrol(desk, Enrolment(row.id, "bank", bank.code, number, row.name, "typed", "Đồng ý", "fingerprint"))


def live(count: int, opened: Path, watched: Path) -> None:
    """Found, import, enrol, sync, print, cancel, back up; then killed in the middle of a save."""
    reference = load_reference()
    shelf = shelves.shelf(Machine(watched / "home"), PLACE)
    entered = entering.found(shelf, OFFICER, PASSWORD, "officer", reference)
    shelf.keyfile().confirm_recovery()
    at = entered.desk
    book = write_book(opened / "book.xlsx", people(count))
    review = reviewing.read(Progress(), at, book)
    write(Progress(), at, review)
    _enrol(at)
    with house(opened / "centre.db", new_keys(opened / "central-keys"), PLACE.code) as centre:
        laptop = _joined(centre, at)
        laptop.sync(centre)
        _approved(centre, laptop, opened)
    at.files.keep(b"\xff\xd8\xff" + f"{NAME} {LINE}".encode() * 1000)
    _papers(at, opened, watched)
    _crash_report(watched)
    acting.make(Progress(), at)
    (watched / "stick").mkdir()
    _carried(at, opened, watched)
    acting.carry(Progress(), at, watched / "stick")
    sys.stdout.write(json.dumps([entered.recovery_code, *_keys(at)]) + "\n")
    sys.stdout.flush()
    with at.vault.write() as connection:
        unit.save(connection, at.pen, "new", lone([Edit("person", at.ids.new(), "name", f"{NAME} Cuối")]))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        make_keys_cheap(patch)
        patch.setattr(acting, "_is_same_disk", lambda _folder, _register: False)
        logging.basicConfig(level=logging.INFO)
        live(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
