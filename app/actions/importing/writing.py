"""All of a review that is settled into the register: one transaction, sets of at most 200 people.

What stands is never written over but where the officer said so; accounts become proposals that
wait for a second officer; rows that still ask stay in the draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from app.actions.accounts import proposal_edits
from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.comparing import as_person, compare
from app.actions.importing.facts import Fate, Ground, How, Review, Row, Written
from app.actions.importing.points import settled_of, who
from app.actions.importing.reviewing import register_beside, typing_of
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
from app.domain.changes import Edit, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.standing import RecordKey
from app.store import unit
from app.store.meant import House, Person
from app.store.opened import Opened, open_records
from app.words import gettext as _

PEOPLE_OF_A_SET = 200


def write(progress: Progress, desk: Desk, review: Review) -> tuple[Review, Written]:
    """Write what is settled; the review as it stands afterwards, and what was written.

    Cancelled, and every refusal, rolls all of it back. Refusal("import.moved") when somebody's record
    changed since the comparison (a sync came in between): compare again; ("import.nothing") when nothing
    is settled.
    """
    ground = review.ground
    rows = [row for row in ground.rows if review.fate(row.key) in (Fate.NEW, Fate.FILLS)]
    if not rows:
        raise Refusal("import.nothing")
    with desk.vault.write() as connection:
        _check_unmoved(connection, ground, rows)
        work = _Work(desk, connection, ground)
        for start in range(0, len(rows), PEOPLE_OF_A_SET):
            progress.step(start, len(rows), "Writing the people")
            work.write_set(rows[start : start + PEOPLE_OF_A_SET])
        progress.step(len(rows), len(rows), "Writing the people")
        known = {row.key: work.records[row.key] for row in rows}
        asked = review.count(Fate.ASKS)
        kept = replace(
            ground.kept,
            at=keeping.now(),
            records={**ground.kept.records, **known},
            sets=(*ground.kept.sets, *work.done.sets),
            people=ground.kept.people + work.done.people,
            open=asked,
        )
        keeping.keep(connection, kept, is_done=not asked)
    done = replace(work.done, asked=asked, skipped=review.count(Fate.SKIPPED), known=review.count(Fate.KNOWN))
    return replace(review, ground=replace(ground, kept=kept)), done


def _check_unmoved(connection: Connection, ground: Ground, rows: Sequence[Row]) -> None:
    people = [row.person for row in rows if row.person is not None]
    now = register_beside(connection, people, ground.kept)
    for record, person in now.by_id.items():
        if ground.register.by_id.get(record) != person:
            raise Refusal("import.moved")


class _Work:
    """One import being written: who was begun so far, and the cells of the set that is filling."""

    def __init__(self, desk: Desk, connection: Connection, ground: Ground) -> None:
        self._desk, self._connection, self._ground = desk, connection, ground
        self._typing: Typing = typing_of(desk)
        self._people: dict[str, Person] = {}
        self._houses = {key: house.record for house in ground.register.houses for key in _keys(house)}
        self._opened: dict[RecordKey, Opened] = {}
        self._cells: dict[tuple[str, str, str], Edit] = {}
        self.records: dict[str, str] = dict(ground.kept.records)
        self.done = Written()

    def write_set(self, rows: Sequence[Row]) -> None:
        """One change set."""
        self._cells.clear()
        self._open(rows)
        for row in rows:
            self._write_row(row)
        if self._cells:
            signed = unit.save(self._connection, self._desk.pen, "import", lone(list(self._cells.values())))
            self.done = replace(self.done, sets=(*self.done.sets, signed.id))

    def _open(self, rows: Sequence[Row]) -> None:
        """Whom this set adds to, as they stand now, sets of this import included."""
        keys: set[RecordKey] = set()
        for row in rows:
            record = self._record_of(row)
            held = self._held(record)
            if record and held is not None:
                keys.add(("person", record))
                keys.update(("entitlement", right.record) for right in held.rights if right.record)
        self._opened = open_records(self._connection, keys)

    def _record_of(self, row: Row) -> str:
        found = who(self._ground, row, settled_of(self._ground, row, self._typing))
        if found.row and found.row not in self.records:
            return self._record_of(self._ground.row(found.row))
        return found.record or self.records.get(found.row, "")

    def _held(self, record: str) -> Person | None:
        return self._people.get(record) or self._ground.register.by_id.get(record)

    def _put(self, edits: Sequence[Edit]) -> None:
        """A cell is written once in a set: a later value takes the earlier one's place."""
        for edit in edits:
            before = self._cells.get(edit.cell)
            self._cells[edit.cell] = edit if before is None else replace(before, new=edit.new)

    def _write_row(self, row: Row) -> None:
        settled = settled_of(self._ground, row, self._typing)
        record = self._record_of(row)
        held = self._held(record)
        if held is None:
            record = self.records[row.key] = self._desk.ids.new()
            self._begin(settled, record)
        else:
            self.records[row.key] = record
            self._add(row, settled, held)
        self._people[record] = as_person(settled, record, held)

    def _begin(self, settled: Settled, record: str) -> None:
        said = tidy("person", person_values(settled))
        house = house_said(settled.person)
        if house is not None:
            said["household"] = self._house(house, record)
        self._put(Opened("person", record).edits(filled(said)))
        self._begin_right(settled, record)
        self._propose(settled, record, None)
        self.done = replace(self.done, people=self.done.people + 1)

    def _begin_right(self, settled: Settled, record: str) -> None:
        said = right_values(settled)
        if said:
            values = tidy("entitlement", {"person": record, "state": "active", **said})
            self._put(Opened("entitlement", self._desk.ids.new()).edits(filled(values)))

    def _propose(self, settled: Settled, record: str, opened: Opened | None) -> None:
        mismatch = None
        if "problem:holder_differs" in self._answers_of(settled):
            mismatch = _("reason.workbook_holder")
        enrolled = enrolment(settled, record, mismatch)
        if enrolled is not None:
            self._put(proposal_edits(self._desk, enrolled, opened or Opened("person", record))[0])
            self.done = replace(self.done, accounts=self.done.accounts + 1)

    def _answers_of(self, settled: Settled) -> Mapping[str, object]:
        return self._ground.answers(f"{settled.person.sheet}!{settled.person.name_cell}")

    def _add(self, row: Row, settled: Settled, held: Person) -> None:
        """Blanks filled, and what the officer took from the workbook or added."""
        answers = self._ground.answers(row.key)
        how = {topic: answer.how for topic, answer in answers.items()}
        beside = compare(settled, held)
        opened = self._opened.get(("person", held.id)) or Opened("person", held.id)
        before = len(self._cells)
        said = {name: beside.fills[name] for name in beside.fills if opened.values.get(name) is None}
        said |= {
            name: both[0] for name, both in beside.differs.items() if how.get(f"differs:{name}") is How.TAKE
        }
        if beside.dies:
            said["state"] = "died"
        house = house_said(settled.person)
        if house is not None and not held.values.get("household"):
            said["household"] = self._house(house, held.id)
        self._put(opened.edits(tidy("person", said)))
        if beside.right is not None:
            self._add_to_right(beside.right.record, beside.right_fills, beside.right_differs, how)
        if beside.adds_right or (beside.other_right and how.get("second_right") is How.ADD):
            self._begin_right(settled, held.id)
        if beside.adds_account or (beside.other_account and how.get("other_account") is How.ADD):
            self._propose(settled, held.id, opened)
        self.done = replace(self.done, updated=self.done.updated + (len(self._cells) > before))

    def _add_to_right(
        self,
        record: str,
        fills: Mapping[str, Value],
        differs: Mapping[str, tuple[Value, Value]],
        how: Mapping[str, How],
    ) -> None:
        opened = self._opened.get(("entitlement", record))
        if opened is not None:
            said = {name: value for name, value in fills.items() if opened.values.get(name) is None}
            taken = [name for name in differs if how.get(f"differs:right.{name}") is How.TAKE]
            said |= {name: differs[name][0] for name in taken}
            self._put(opened.edits(tidy("entitlement", said)))

    def _house(self, said: HouseSaid, person: str) -> str:
        """The household a row names: one that is known, or a new one."""
        record = next((self._houses[key] for key in said.keys if key in self._houses), "")
        if not record:
            record = self._desk.ids.new()
            self._houses |= dict.fromkeys(said.keys, record)
            self._put(Opened("household", record).edits(tidy("household", said.values)))
            if said.is_head:
                self._put(Opened("household", record).edits({"head": person}))
        return record


def _keys(house: House) -> tuple[tuple[str, ...], ...]:
    return HouseSaid(house.code, house.head, house.hamlet, None, is_head=False).keys
