"""What a review's rows say, as change sets: one a person, in the order in which people first appear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.actions.accounts import proposal_edits
from app.actions.approvals import turned_down
from app.actions.desk import Desk
from app.actions.importing.comparing import Beside, as_person, compare
from app.actions.importing.facts import Ground, How, Row
from app.actions.importing.points import settled_of, who
from app.actions.importing.settling import Typing
from app.actions.importing.values import (
    HouseSaid,
    Settled,
    enrolment,
    filled,
    house_said,
    person_values,
    right_values,
)
from app.actions.people import tidy
from app.domain.changes import Edit
from app.domain.records import Value
from app.domain.standing import RecordKey
from app.store.meant import House, Person
from app.store.opened import Opened
from app.words import gettext as _

_PAID = ("active", "suspended")


@dataclass(frozen=True)
class Placed:
    """A row and whose it is: a person of the register, or the one whom the row `root` begins."""

    row: Row
    settled: Settled
    record: str
    root: str


@dataclass(frozen=True)
class Composed:
    """The edits of each person, whose rows became which record, and what it comes to."""

    sets: Sequence[Sequence[Edit]]
    records: Mapping[str, str]
    people: int
    updated: int
    accounts: int


def place(ground: Ground, rows: Sequence[Row], typing: Typing) -> list[Placed]:
    """Say of every row whose it is."""
    return [_placed(ground, row, typing) for row in rows]


def _placed(ground: Ground, row: Row, typing: Typing) -> Placed:
    settled = settled_of(ground, row, typing)
    found, root = who(ground, row, settled), row.key
    while found.row:
        root = found.row
        above = ground.row(root)
        found = who(ground, above, settled_of(ground, above, typing))
    return Placed(row, settled, found.record, "" if found.record else root)


def opened_keys(ground: Ground, placed: Sequence[Placed]) -> set[RecordKey]:
    """The records of the register that the rows may add to."""
    people = [ground.register.by_id[record] for record in {each.record for each in placed} if record]
    keys: set[RecordKey] = {("person", person.id) for person in people}
    keys |= {("proposal", record) for person in people for record in person.proposals}
    return keys | {("entitlement", right.record) for person in people for right in person.rights}


def compose(
    desk: Desk, ground: Ground, placed: Sequence[Placed], opened: Mapping[RecordKey, Opened]
) -> Composed:
    """The change sets of these rows, laid on the records as they stand."""
    work = _Composer(desk, ground, opened)
    for each in placed:
        work.add(each)
    sets = {record: list(cells.values()) for record, cells in work.cells.items() if cells}
    known = sum(record in ground.register.by_id for record in sets)
    return Composed(list(sets.values()), work.records, len(sets) - known, known, work.accounts)


class _Composer:
    """Who was begun so far, and the cells of each person's set."""

    def __init__(self, desk: Desk, ground: Ground, opened: Mapping[RecordKey, Opened]) -> None:
        self._desk, self._ground, self._opened = desk, ground, opened
        self._people: dict[str, Person] = {}
        self._houses = {key: house.record for house in ground.register.houses for key in _keys(house)}
        self._headless: set[str] = set()
        self._now: dict[tuple[str, str, str], Edit] = {}
        self.cells: dict[str, dict[tuple[str, str, str], Edit]] = {}
        self.records: dict[str, str] = {}
        self.accounts = 0

    def add(self, placed: Placed) -> None:
        """One row more."""
        record = placed.record or self.records.get(placed.root, "") or self._desk.ids.new()
        self.records[placed.row.key] = self.records[placed.root or placed.row.key] = record
        self._now = self.cells.setdefault(record, {})
        held = self._people.get(record) or self._ground.register.by_id.get(record)
        right = self._begin(placed.settled, record) if held is None else self._fill(placed, held)
        self._people[record] = as_person(placed.settled, record, held, right)

    def _put(self, edits: Sequence[Edit]) -> None:
        """A cell is written once in a set: a later value takes the earlier one's place."""
        for edit in edits:
            before = self._now.get(edit.cell)
            self._now[edit.cell] = edit if before is None else replace(before, new=edit.new)

    def _open(self, kind: str, record: str) -> Opened:
        return self._opened.get((kind, record)) or Opened(kind, record)

    def _begin(self, settled: Settled, record: str) -> str:
        self._put(Opened("person", record).edits(filled(tidy("person", person_values(settled)))))
        self._join(settled, record)
        right = self._begin_right(settled, record)
        self._propose(settled, record)
        return right

    def _begin_right(self, settled: Settled, person: str) -> str:
        said = right_values(settled)
        if not said:
            return ""
        record = self._desk.ids.new()
        values = tidy("entitlement", {"person": person, "state": "active", **said})
        self._put(Opened("entitlement", record).edits(filled(values)))
        return record

    def _propose(self, settled: Settled, record: str) -> None:
        key = f"{settled.person.sheet}!{settled.person.name_cell}"
        is_other = "problem:holder_differs" in self._ground.answers(key)
        enrolled = enrolment(settled, record, _("reason.workbook_holder") if is_other else None)
        if enrolled is not None:
            self._put(proposal_edits(self._desk, enrolled, self._open("person", record))[0])
            self.accounts += 1

    def _fill(self, placed: Placed, held: Person) -> str:
        """Blanks filled, and what the officer took from the workbook or added; the id of a right begun."""
        how = {topic: answer.how for topic, answer in self._ground.answers(placed.row.key).items()}
        settled, beside = placed.settled, compare(placed.settled, held)
        said = dict(beside.fills)
        said |= {
            name: both[0] for name, both in beside.differs.items() if how.get(f"differs:{name}") is How.TAKE
        }
        if beside.dies:
            said["state"] = "died"
            self._end(held)
        self._put(self._open("person", held.id).edits(tidy("person", said)))
        if beside.joins_house:
            self._join(settled, held.id)
        self._fill_right(beside, how)
        adds = beside.adds_account or (beside.other_account and how.get("other_account") is How.ADD)
        if adds and not beside.dies:
            self._propose(settled, held.id)
        adds = beside.adds_right or (beside.other_right and how.get("second_right") is How.ADD)
        return self._begin_right(settled, held.id) if adds else ""

    def _fill_right(self, beside: Beside, how: Mapping[str, How]) -> None:
        if beside.right is None:
            return
        said: dict[str, Value] = dict(beside.right_fills)
        taken = [name for name in beside.right_differs if how.get(f"differs:right.{name}") is How.TAKE]
        said |= {name: beside.right_differs[name][0] for name in taken}
        self._put(self._open("entitlement", beside.right.record).edits(tidy("entitlement", said)))

    def _end(self, held: Person) -> None:
        """Nobody is paid after her death, nor waits to be; the month is for the officer to write."""
        for right in held.rights:
            if right.values.get("state") in _PAID:
                self._put(self._open("entitlement", right.record).edits({"state": "ended"}))
        for record in held.proposals:
            proposal = self._open("proposal", record)
            ended = {"state": turned_down(self._desk, proposal), "answer": _("reason.workbook_died")}
            self._put(proposal.edits(ended))

    def _join(self, settled: Settled, person: str) -> None:
        """Her household: one that is known, or a new one."""
        said = house_said(settled.person)
        if said is None:
            return
        record = next((self._houses[key] for key in said.keys if key in self._houses), "")
        if not record:
            record = self._desk.ids.new()
            self._houses |= dict.fromkeys(said.keys, record)
            self._headless.add(record)
            self._put(Opened("household", record).edits(tidy("household", said.values)))
        if said.is_head and record in self._headless:
            self._headless.discard(record)
            self._put(Opened("household", record).edits({"head": person}))
        self._put(self._open("person", person).edits({"household": record}))


def _keys(house: House) -> tuple[tuple[str, ...], ...]:
    return HouseSaid(house.code, house.head, house.hamlet, None, is_head=False).keys
