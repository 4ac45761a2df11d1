"""A workbook's people into the register: who is new, who is known, what only a person can answer.

Nobody is matched silently by a name that could be another's, nothing that stands is overwritten:
a known person is filled where the register has a blank, and what differs is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from app.actions.accounts import Enrolment, Payee, proposal_edits
from app.actions.desk import Desk
from app.actions.people import tidy
from app.domain.changes import Edit, lone
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.text import canonical
from app.sheets.proposed import Proposed, Reading
from app.sheets.reader import read_book
from app.sheets.reading import understand
from app.sheets.vocabulary import Meaning
from app.store import known, layouts, queries, unit
from app.store.known import Known
from app.store.opened import Opened, open_record

PEOPLE_OF_A_SET = 200
_FILLED = (
    "personal_id",
    "old_id",
    "phone",
    "hamlet",
    "address",
    "sex",
    "birth",
    "ethnicity",
    "current_address",
)


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"  # in the register with nothing to add
    FILLS = "fills"  # in the register, with blanks that this row fills
    ASKS = "asks"  # could be somebody the register, or the workbook, already has
    SKIPPED = "skipped"  # left out by the officer


@dataclass(frozen=True)
class Line:
    """One person of the workbook beside the register. `near` are ids she could be."""

    person: Proposed
    fate: Fate
    record: str = ""
    fills: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Where she stands: sheet and the cell of her name (two tables may share a row)."""
        return self.person.sheet, self.person.name_cell


@dataclass(frozen=True)
class Review:
    """A workbook read and compared; nothing is written yet."""

    path: Path
    reading: Reading
    lines: tuple[Line, ...]

    def of(self, fate: Fate) -> list[Line]:
        """The lines that meet this fate."""
        return [line for line in self.lines if line.fate is fate]

    def answered(self, key: tuple[str, str], fate: Fate, record: str = "") -> Review:
        """The officer's answer for one row: new, the known person `record`, or skipped."""
        lines = tuple(
            replace(line, fate=fate, record=record) if line.key == key else line for line in self.lines
        )
        return replace(self, lines=lines)


@dataclass(frozen=True)
class Written:
    """What one import wrote; `sets` undo it."""

    people: int = 0
    filled: int = 0
    accounts: int = 0
    sets: tuple[str, ...] = field(default=())


def review(progress: Progress, desk: Desk, path: Path) -> Review:
    """Read a workbook and compare its people with the register. The refusals of `read_book`."""
    book = read_book(path, progress)
    with desk.vault.read() as connection:
        corrected = {
            fingerprint: tuple(Meaning(meaning) for meaning in meanings)
            for fingerprint, meanings in layouts.remembered(connection).items()
        }
    reading = understand(book, desk.reference, desk.clock.today(), progress, corrected)
    with desk.vault.read() as connection:
        register = known.everybody(connection)
    progress.step(0, len(reading.people), "Comparing with the register")
    return Review(path, reading, tuple(_compared(person, register) for person in reading.people))


def correct(progress: Progress, desk: Desk, path: Path, fingerprint: str, meanings: Sequence[str]) -> Review:
    """Remember what the columns of a layout mean, and read the workbook by it."""
    with desk.vault.write() as connection:
        layouts.remember(connection, fingerprint, tuple(meanings))
    return review(progress, desk, path)


def _compared(person: Proposed, register: Known) -> Line:
    numbers = [number for number in (person.personal_id, person.old_id) if number]
    for number in numbers:
        if number in register.by_number:
            return _beside(person, register, register.by_number[number])
    birth = person.birth.iso() if person.birth else ""
    alike = register.by_name.get(canonical(person.name), ())
    same = [each for each in alike if each.birth == birth and birth and _agrees(person, each)]
    exact = [each for each in same if each.hamlet == (person.hamlet or "")]
    if len(exact) == 1:
        return _beside(person, register, exact[0].id)
    near = tuple(each.id for each in same)
    if near or any(problem.kind == "possible_duplicate" for problem in person.problems):
        return Line(person, Fate.ASKS, near=near)
    return Line(person, Fate.NEW)


def _agrees(person: Proposed, other: known.Person) -> bool:
    """Two different whole numbers are two people, whatever their names."""
    return not (person.personal_id and other.personal_id and person.personal_id != other.personal_id)


def _beside(person: Proposed, register: Known, record: str) -> Line:
    held, said = register.by_id[record].values, _person_values(person)
    fills = tuple(name for name in _FILLED if said.get(name) and not held.get(name))
    differs = tuple(
        name for name in _FILLED if said.get(name) and held.get(name) and said[name] != held[name]
    )
    return Line(person, Fate.FILLS if fills else Fate.KNOWN, record, fills, differs)


def write(progress: Progress, desk: Desk, reviewed: Review) -> Written:
    """Write what is new and what fills blanks, in one transaction; questions are left out.

    Cancelled rolls everything back. Accounts become proposals: none is in force.
    """
    lines = [line for line in reviewed.lines if line.fate in (Fate.NEW, Fate.FILLS)]
    done = Written()
    with desk.vault.write() as connection:
        filled = {line.record for line in lines if line.fate is Fate.FILLS}
        opened = {record: open_record(connection, "person", record) for record in filled}
        for start in range(0, len(lines), PEOPLE_OF_A_SET):
            edits: list[Edit] = []
            for line in lines[start : start + PEOPLE_OF_A_SET]:
                more, has_account = _edits(desk, line, opened.get(line.record))
                edits += more
                done = replace(
                    done,
                    people=done.people + (line.fate is Fate.NEW),
                    filled=done.filled + (line.fate is Fate.FILLS),
                    accounts=done.accounts + has_account,
                )
            if edits:
                signed = unit.save(connection, desk.pen, "import", lone(edits))
                done = replace(done, sets=(*done.sets, signed.id))
            progress.step(start, len(lines), "Writing the people")
    return done


def _edits(desk: Desk, line: Line, opened: Opened | None) -> tuple[list[Edit], bool]:
    said = tidy("person", _person_values(line.person))
    if line.fate is Fate.FILLS:
        return (opened.edits({name: said[name] for name in line.fills}) if opened else []), False
    record = desk.ids.new()
    person = Opened("person", record)
    edits = person.edits({"state": "active", **said})
    paid = _entitlement_values(line.person)
    if paid:
        values = tidy("entitlement", {"person": record, "state": "active", **paid})
        edits += Opened("entitlement", desk.ids.new()).edits(_filled(values))
    enrolment = _enrolment(line.person, record)
    if enrolment is not None:
        edits += proposal_edits(desk, enrolment, person)[0]
    return edits, enrolment is not None


def _filled(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}


def _person_values(person: Proposed) -> dict[str, Value]:
    details = person.details
    typed = person.name_typed if person.name_typed.strip() != person.name else None
    values: dict[str, Value] = {
        "name": person.name,
        "name_typed": typed,
        "sex": person.sex,
        "birth": person.birth.iso() if person.birth else None,
        "personal_id": person.personal_id,
        "old_id": person.old_id,
        "id_issued": details.id_issued.iso() if details.id_issued else None,
        "id_issuer": details.id_issuer,
        "ethnicity": details.ethnicity,
        "phone": person.phone,
        "hamlet": person.hamlet,
        "address": person.address,
        "current_address": details.current_address,
        "relation": details.relation,
        "note": _note(person),
    }
    return _filled(values)


def _note(person: Proposed) -> str | None:
    """What the row said that no field holds: remarks, other columns, and what could not be read."""
    extra = (f"{heading}: {text}" for heading, text in person.details.extra)
    unread = (person.group_typed,) if person.group_typed and not person.group else ()
    parts = (person.remark, person.details.note, *unread, *extra)
    return "; ".join(part.strip() for part in parts if part and part.strip()) or None


def _entitlement_values(person: Proposed) -> dict[str, Value]:
    details = person.details
    values: dict[str, Value] = {
        "group": person.group,
        "coefficient": person.coefficient,
        "amount": person.amount,
        "since": details.since.iso() if details.since else None,
        "until": details.until.iso() if details.until else None,
        "decision": details.decision,
        "decided": details.decided.iso() if details.decided else None,
    }
    return _filled(values) if person.group or person.amount else {}


def _enrolment(person: Proposed, record: str) -> Enrolment | None:
    """The account a row names, if the provider is known: proposed, with the workbook as its evidence."""
    account = person.account
    if account is None or account.provider is None:
        return None
    payee = Payee()
    if person.payee is not None and person.payee.name:
        said = person.payee
        payee = Payee("authorised", said.name, said.personal_id, said.phone, said.relation)
    holder = account.holder or ""
    return Enrolment(
        record, account.kind, account.provider, account.number, holder, "workbook", "", "", payee
    )


def undo(progress: Progress, desk: Desk, sets: Sequence[str]) -> int:
    """Take an import back: its people are closed as entered by mistake, its proposals withdrawn."""
    taken = 0
    with desk.vault.write() as connection:
        for at, set_id in enumerate(sets):
            back: list[Edit] = []
            for edit in queries.change_set(connection, set_id).edits():
                if edit.field != "state" or edit.old is not None:
                    continue
                opened = open_record(connection, edit.kind, edit.record)
                if opened is None or opened.values.get("state") != edit.new:
                    continue
                ended = "withdrawn" if edit.kind == "proposal" else "entered_by_mistake"
                back += opened.edits({"state": ended})
                taken += edit.kind == "person"
            if back:
                unit.save(connection, desk.pen, "undo", lone(back))
            progress.step(at, len(sets), "Taking the import back")
    return taken
