"""An account proposed at one laptop and put in force at another, as the actions write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from app.central.deeds import Operating, certify_officer
from app.central.keys import Keys
from app.domain.approval import approving, gather
from app.domain.changes import Atom, Edit, canonical
from app.domain.records import Value
from app.domain.standing import Cell, RecordKey, Standing
from app.store import beneath
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house


def may_approve(found: House, laptop: Laptop, *others: str) -> None:
    """The centre lets this laptop's officer approve."""
    at = Operating(found.centre, found.keys, "root", found.clock())
    certify_officer(at, found.code, laptop.officer.id, ("officer", "approver", *others))


def propose(laptop: Laptop, person: str, number: str = "1500205120045", **more: Value) -> tuple[str, str]:
    """An account enrolled: ids of account and proposal."""
    account, proposal = laptop.ids.new(), laptop.ids.new()
    cells: dict[str, Value] = {
        "person": person,
        "kind": "bank",
        "provider": "970405",
        "number": number,
        "holder": "LO THI PANH",
        "payee": "self",
        "evidence": "typed",
        **more,
    }
    seen = _on_of(_standing_of(laptop, {("person", person)}).cell("person", person, "receiving_account"))
    wants = canonical([["person", person, "receiving_account", account, seen]]).decode()
    said: dict[str, Value] = {
        "person": person,
        "subject": "account",
        "wants": wants,
        "evidence": canonical({"how": "typed"}).decode(),
        "proposer": laptop.officer.id,
        "state": "open",
    }
    laptop.save(
        *[Edit("account", account, name, value) for name, value in cells.items()],
        *[Edit("proposal", proposal, name, value) for name, value in said.items()],
    )
    return account, proposal


def approval_of(laptop: Laptop, proposal: str) -> Atom:
    """What another officer would sign over what stands here."""
    standing = Standing()

    def load(keys: set[RecordKey]) -> None:
        standing.records.update(_standing_of(laptop, keys).records)

    gather(proposal, standing, load)
    return approving(proposal, standing, _on_of)


def approve(laptop: Laptop, proposal: str) -> str:
    """Signed and saved; the set's id."""
    return laptop.save(approval_of(laptop, proposal)).id


def pay(proposer: Laptop, approver: Laptop, sync: Callable[[Laptop], object], **person: Value) -> str:
    """A person written, her account proposed, approved, and told to everybody; her id."""
    record = proposer.new_person(**person)
    _account, proposal = propose(proposer, record, number=f"15{int(record[-12:], 16) % 10**11:011d}")
    sync(proposer)
    sync(approver)
    approve(approver, proposal)
    sync(approver)
    sync(proposer)
    return record


def _standing_of(laptop: Laptop, keys: set[RecordKey]) -> Standing:
    with laptop.vault.read() as connection:
        return Standing(beneath.accepted_cells(connection, keys))


def _on_of(cell: Cell | None) -> int | None:
    return cell.behind[-1] if cell is not None and cell.behind else None


class TwoHands:
    """Two officers of a commune, a laptop each; the second may approve."""

    def __init__(self, found: House, folder: Path) -> None:
        self.found, self.folder = found, folder
        self.maker, self.checker = (Laptop.new(folder, found.code, found.clock) for _ in range(2))
        for laptop in (self.maker, self.checker):
            found.enrol(laptop)
        may_approve(found, self.checker)

    def sync(self, *laptops: Laptop) -> None:
        """With their centre, one after the other."""
        for laptop in laptops:
            laptop.sync(self.found)


class PaidOffice(TwoHands):
    """One person is paid, another was written here and is not."""

    def __init__(self, found: House, folder: Path) -> None:
        super().__init__(found, folder)
        self.paid = pay(self.maker, self.checker, self.sync, name="Vi Văn Một")
        self.person = self.maker.new_person(name="Vi Văn Hai")


Hands = TypeVar("Hands", bound=TwoHands)


@contextmanager
def seated(office: type[Hands], keys: Keys, folder: Path) -> Iterator[Hands]:
    """Such an office at a training centre of its own, its laptops locked afterwards."""
    with house(folder / "centre.db", keys, TRAINING) as found:
        made = office(found, folder)
        yield made
        for laptop in (made.maker, made.checker):
            laptop.vault.lock()
