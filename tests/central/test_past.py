"""What follows a first fill: evidence, then history, page after page, each believed only when it fits."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise

import msgspec
import pytest
from sqlalchemy import func, select, update

from app.domain.changes import Edit, Entry, SignedSet
from app.domain.errors import Refusal, Trouble
from app.seal.keys import CHANGE_SET, MESSAGE, sign
from app.store import outbox, past, place
from app.store.central_tables import journal
from app.store.history import history
from app.store.tables import awaited, changes, records
from app.sync import blocks, conversation, messages, snapshot
from app.sync.blocks import BLOCK_BYTES_MAX
from app.sync.messages import History
from tests.central.laptops import House, Laptop, all_agree


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few people are enough for a snapshot, and a few sets for a page."""
    for end in (conversation, snapshot):
        monkeypatch.setattr(end, "FAR", 1)
    monkeypatch.setattr(snapshot, "SEQS", 3)


@dataclass
class Line:
    """A carrier of snapshots that may break, and may bring another page than the centre wrote."""

    served: House
    pages_left: int = 1_000
    spoil: Callable[[History], History] = lambda found: found
    sizes: list[int] = field(default_factory=list)

    def exchange(self, request: bytes) -> bytes:
        return self.served.exchange(request)

    def snapshot(self, asked: bytes) -> bytes:
        return self.served.snapshot(asked)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        return self.served.blocks(asked, seq, first)

    def history(self, asked: bytes) -> bytes:
        if self.pages_left == 0:
            raise Trouble("sync.offline")
        self.pages_left -= 1
        carried = self.served.history(asked)
        self.sizes.append(len(carried))
        _, found = messages.read(carried, History, lambda *_: True)
        keys = self.served.keys
        return messages.write(self.spoil(found), "centre", partial(sign, keys.register, MESSAGE))


@dataclass
class Village:
    """A person with an account, changed often, at the centre; and a laptop filled after all that."""

    served: House
    old: Laptop
    new: Laptop
    person: str
    account: str

    def fetch(self, line: Line, *, gives_way: bool = False) -> int:
        found = self.new
        return conversation.fetch_history(found.vault, line, found.device, 60, gives_way=gives_way)

    def left(self) -> int:
        with self.new.vault.read() as connection:
            return past.lacking(connection)

    def held(self) -> list[int]:
        with self.new.vault.read() as connection:
            return list(connection.scalars(select(changes.c.seq).order_by(changes.c.no)))

    def unproven(self) -> set[str]:
        with self.new.vault.read() as connection:
            return past.unproven(connection, [self.account])


@pytest.fixture
def village(trained: House, trained_pair: list[Laptop]) -> Village:
    old, new = trained_pair
    person, account = old.new_person(phone="0388123417"), old.ids.new()  # 1
    for number in range(4):
        old.change(person, note=f"{number}")  # 2, 3, 4, 5
    old.save(Edit("account", account, "person", person), Edit("account", account, "number", "12345678"))  # 6
    old.change(person, birth="1949")  # 7
    old.new_person(name="Giàng A Pó")  # 8
    for number in range(4):
        old.change(person, address=f"{number}")  # 9, 10, 11, 12
    old.sync(trained)
    assert new.sync(trained).in_step
    return Village(trained, old, new, person, account)


def test_the_evidence_comes_first_then_the_rest_each_newest_first(village: Village) -> None:
    assert village.held() == []
    assert village.left() == 12
    assert village.unproven() == {village.account}
    with village.new.vault.read() as connection:
        evidence = list(connection.scalars(select(awaited.c.seq).distinct().order_by(awaited.c.seq.desc())))
    assert {1, 6, 7, 8} <= set(evidence) < set(range(1, 13))
    assert village.fetch(Line(village.served)) == 0
    rest = [seq for seq in range(12, 0, -1) if seq not in evidence]
    held = village.held()
    assert held == [*evidence, *rest]
    assert village.unproven() == set()
    with village.new.vault.read() as connection, village.old.vault.read() as theirs:
        assert history(connection, village.person) == history(theirs, village.person)
        assert place.read(connection, "history_head") is None


def test_a_break_costs_one_page(village: Village) -> None:
    line, seen = Line(village.served, 0), [12]
    while seen[-1]:
        line.pages_left = 1
        with suppress(Trouble):
            village.fetch(line)
        seen.append(village.left())
    assert all(3 >= before - after > 0 for before, after in pairwise(seen) if after > 1)
    assert max(line.sizes) <= BLOCK_BYTES_MAX


def test_it_gives_way_to_what_waits(village: Village) -> None:
    village.new.change(village.person, note="mine")
    assert village.fetch(Line(village.served), gives_way=True) == 12
    village.new.sync(village.served)
    assert village.fetch(Line(village.served), gives_way=True) == 0
    all_agree([village.new])


def entries(found: History) -> list[Entry]:
    read = blocks.read(found.block)
    assert isinstance(read, list)
    return read


def with_entries(found: History, changed: list[Entry]) -> History:
    return msgspec.structs.replace(found, block=blocks.entry_block(changed))


def reordered(_village: Village, found: History) -> History:
    return with_entries(found, entries(found)[::-1])


def first_lacking(_village: Village, found: History) -> History:
    return with_entries(found, entries(found)[1:])


def one_in_anothers_place(_village: Village, found: History) -> History:
    first, *others = entries(found)
    return with_entries(found, [replace(first, signed=others[-1].signed), *others])


def badly_signed(_village: Village, found: History) -> History:
    first, *others = entries(found)
    signed = SignedSet(first.signed.body, bytes(64))
    return with_entries(found, [replace(first, signed=signed), *others])


def forged(village: Village, found: History) -> History:
    """An officer of the commune, truly, signs another value than the one that stands."""
    first, *others = entries(found)
    body = first.signed.body
    values = [(f'"{number}"', f'"{number + 4}"') for number in range(4)]
    for true, false in (*values, ("Giàng A Pó", "Somebody"), ("12345678", "87654321"), ("1949", "1950")):
        body = body.replace(true.encode(), false.encode())
    assert body != first.signed.body
    signed = SignedSet(body, sign(village.old.officer.key, CHANGE_SET, body))
    return with_entries(found, [replace(first, signed=signed), *others])


def cut_short(_village: Village, found: History) -> History:
    return msgspec.structs.replace(found, block=found.block[:-3])


SPOILT = [reordered, first_lacking, one_in_anothers_place, badly_signed, forged, cut_short]


@pytest.mark.parametrize("spoil", SPOILT)
@pytest.mark.parametrize("pages", [0, 3])
def test_a_page_that_does_not_fit_is_refused_with_nothing_taken(
    village: Village, spoil: Callable[[Village, History], History], pages: int
) -> None:
    line = Line(village.served, pages)
    with pytest.raises(Trouble):
        village.fetch(line)
    before = village.held(), village.left()
    bad = Line(village.served, spoil=partial(spoil, village))
    with pytest.raises(Refusal, match=r"sync\.(history|forged_set|message)"):
        village.fetch(bad)
    assert village.held() == before[0]
    assert village.fetch(Line(village.served)) == 0
    assert sorted(village.held()) == list(range(1, 13))


def test_a_wrong_set_among_what_was_held_is_found_and_displaced(village: Village) -> None:
    with pytest.raises(Trouble):
        village.fetch(Line(village.served, 1))
    with village.new.vault.write() as connection:
        highest = connection.scalar(select(func.max(changes.c.seq)))
        connection.execute(update(changes).where(changes.c.seq == highest).values(verdicts=b"[1,1,[]]"))
    with pytest.raises(Refusal, match=r"sync\.history"):
        village.fetch(Line(village.served))
    assert village.fetch(Line(village.served)) == 0
    with village.new.vault.read() as connection, village.served.centre.read() as theirs:
        ours = connection.execute(
            select(changes.c.seq, changes.c.id, changes.c.verdicts).order_by(changes.c.seq)
        )
        true = theirs.execute(select(journal.c.seq, journal.c.id, journal.c.verdicts).order_by(journal.c.seq))
        assert ours.all() == true.all()


def test_own_sets_that_a_snapshot_passed_over_find_their_place(
    trained: House, trained_pair: list[Laptop]
) -> None:
    """Pushed, and the answer lost: the snapshot holds them, the history says where."""
    old, new = trained_pair
    old.new_person()
    old.sync(trained)
    record = new.new_person(name="Vàng Thị Mỵ")
    trained.exchange(new.signed(new.compose()))
    assert new.sync(trained).in_step
    assert conversation.fetch_history(new.vault, trained, new.device, 60) == 0
    with new.vault.read() as connection:
        assert outbox.waiting(connection) == 0
        table = records["person"]
        assert connection.scalar(select(table.c.name).where(table.c.id == record)) == "Vàng Thị Mỵ"
        assert list(connection.scalars(select(changes.c.seq).order_by(changes.c.seq))) == [1, 2]
    all_agree([new])
