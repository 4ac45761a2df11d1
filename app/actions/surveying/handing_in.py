"""A filling handed in: one change set of the submission, what it writes, what it proposes, and its photos.

A value is written where the map lets it be, its field stands as it did when the filling began, and whoever
hands it in may write it; else it is proposed, with both values, to a second officer (design/sync.md,
Proposal). What stands as it was filled in from the register says nothing new. A submission is never edited:
a correction is another one, and takes back what its forerunner proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.actions.approvals import turned_down
from app.actions.desk import Desk, rights_now
from app.actions.people import tidy
from app.actions.surveying.filling import Filling, subject_of
from app.actions.surveying.knowing import record_of, said_of, told_key
from app.domain import attachments as attaching
from app.domain.changes import Atom, Edit, canonical, lone
from app.domain.errors import Refusal
from app.domain.fitting import SEALED_LENGTH_MAX
from app.domain.proposals import OPEN, PROPOSAL, SURVEY
from app.domain.records import Value
from app.domain.roles import Author, fault_of_edit, owners
from app.domain.save_to import cells_said
from app.domain.standing import RecordKey, Standing, touched
from app.store import attachments, drafts, rows, submissions, unit
from app.store.opened import Opened, open_record
from app.store.submissions import Submitted
from app.survey.submission import Entity, Submission, finalise

_DATASETS = ("person", "household")
Cell = tuple[str, str, str]  # kind, record, field


@dataclass(frozen=True)
class Handed:
    """What came of it: the submission, how many values were written, the proposals that wait.

    `unfit`: kind and field of answers that the register cannot hold; they stand in the submission alone.
    """

    record: str
    set_id: str
    written: int
    proposals: tuple[str, ...]
    unfit: tuple[tuple[str, str], ...]


@dataclass
class _Found:
    """What the answers say of the register: cells to write, cells to propose by record, what fits nowhere.

    Each cell once: where two rows speak of one, the later of them counts.
    """

    written: dict[Cell, Edit] = field(default_factory=dict)
    proposed: dict[RecordKey, dict[str, tuple[Edit, Value]]] = field(default_factory=dict)
    unfit: dict[tuple[str, str], None] = field(default_factory=dict)

    def write(self, edit: Edit) -> None:
        """She may put it in force herself."""
        self.written[edit.cell] = edit

    def propose(self, edit: Edit, seen: Value) -> None:
        """`seen`: what stood there when the filling began."""
        self.written.pop(edit.cell, None)
        self.proposed.setdefault((edit.kind, edit.record), {})[edit.field] = (edit, seen)


def hand_in(desk: Desk, filling: Filling) -> Handed:
    """Save it, and drop the draft, in one transaction.

    Refusal("survey.violations") while something is missing or wrong, ("survey.too_large"),
    ("survey.replaced") where another correction came first; Denied for what is not hers to hand in.
    """
    said = finalise(filling.session)
    if len(said.xml) > SEALED_LENGTH_MAX:
        raise Refusal("survey.too_large")
    record = desk.ids.new()
    # Read before anybody is made to wait for the register.
    photos = list(_photos(desk, filling, record, said))
    with desk.vault.write() as connection:
        before = _before(connection, filling)
        edits = _submission(desk, filling, record, said, before)
        for opened, values in photos:
            attachments.note_here(connection, str(values["sha256"]), sent=False)
            edits += opened.edits(values)
        found = _of_entities(connection, desk, filling, said)
        _weigh(connection, desk, found, edits)
        proposing = [_proposal(desk, filling, record, found, key) for key in found.proposed]
        back = list(_taken_back(connection, desk, before))
        written = list(found.written.values())
        atoms = lone([*edits, *written, *(edit for _id, made in proposing for edit in made)])
        signed = unit.save(connection, desk.pen, "survey", [*atoms, *back])
        drafts.drop(connection, subject_of(desk, filling.kept.id))
    proposals = tuple(proposal for proposal, _edits in proposing)
    return Handed(record, signed.id, len(written), proposals, tuple(found.unfit))


def _before(connection: Connection, filling: Filling) -> Submitted | None:
    """What it takes the place of."""
    if not filling.kept.corrects:
        return None
    found = submissions.one(connection, filling.kept.corrects)
    if found is not None and submissions.is_replaced(connection, found.instance):
        raise Refusal("survey.replaced")
    return found


def _submission(
    desk: Desk, filling: Filling, record: str, said: Submission, before: Submitted | None
) -> list[Edit]:
    about = filling.kept.about
    values: dict[str, Value] = {
        "form": filling.kept.form,
        "version": filling.kept.version,
        "definition": filling.kept.definition,
        "instance": said.id,
        "corrects": before.instance if before else None,
        "household": about.household or None,
        "person": about.person or None,
        # Of nobody whom the register knows: where she goes round, so that it is hers to hand in and to see.
        "hamlet": about.hamlet or next(iter(desk.officer.scope), None),
        "officer": desk.officer.id,
        "finished": desk.clock.now().isoformat(timespec="seconds"),
        "state": "active",
    }
    whole: dict[str, Value] = {"content": said.xml.decode(), "sha256": said.sha256}
    return Opened("submission", record).edits({**tidy("submission", values), **whole})


def _photos(
    desk: Desk, filling: Filling, record: str, said: Submission
) -> Iterator[tuple[Opened, dict[str, Value]]]:
    for name in dict.fromkeys(said.files):
        sha256 = name.partition(".")[0]
        if sha256 not in filling.files:
            continue  # a form's own calculation may name any file
        content = desk.files.read(sha256)
        values: dict[str, Value] = {
            "person": filling.kept.about.person or None,
            "about": record,
            "purpose": "other",
            "sha256": sha256,
            "size": len(content),
            "media": attaching.check(content),
            "taken": desk.clock.today().isoformat(),
            "state": "active",
        }
        yield Opened("attachment", desk.ids.new()), tidy("attachment", values)


def _of_entities(connection: Connection, desk: Desk, filling: Filling, said: Submission) -> _Found:
    found, known = _Found(), filling.kept.told
    seen = {(each.kind, each.record): each.opened for each in filling.kept.seen}
    made = {at: record_of(entity) for at, entity in enumerate(said.entities)}
    for at, entity in enumerate(said.entities):
        if entity.dataset not in _DATASETS:
            continue
        record = made[at]
        base = seen.get((entity.dataset, record))
        now = open_record(connection, entity.dataset, record) or Opened(entity.dataset, record)
        if not now.values:
            _begin(found, filling, entity, now, made, said.entities)
        for name, text in said_of(entity).items():
            if text != known.get(told_key(entity.dataset, record, name), ""):
                _say(desk, found, (entity.dataset, name, text), base, now)
    return found


def _say(desk: Desk, found: _Found, answer: tuple[str, str, str], base: Opened | None, now: Opened) -> None:
    """One answer, into what it writes or proposes."""
    dataset, name, text = answer
    destination = desk.reference.save_map.of(dataset, name)
    if destination is None:
        return
    try:
        cells = cells_said(destination.kind, destination.field, text)
    except Refusal:
        found.unfit[destination.kind, destination.field] = None
        return
    for edit in now.edits(cells):
        stood = base.values.get(edit.field) if base else None
        is_current = base is not None and stood == edit.old
        if destination.is_proposed or not is_current:
            found.propose(edit, stood)
        else:
            found.write(edit)


def _begin(
    found: _Found,
    filling: Filling,
    entity: Entity,
    new: Opened,
    made: Mapping[int, str],
    entities: tuple[Entity, ...],
) -> None:
    """Somebody whom the register has not: proposed whole, for people must look whether she is there twice."""
    wanted: dict[str, Value] = {"state": "active"}
    if entity.dataset == "person":
        households = (made[at] for at, each in enumerate(entities) if each.dataset == "household")
        wanted["household"] = filling.kept.about.household or next(households, None)
    wanted["hamlet"] = filling.kept.about.hamlet or None
    for edit in new.edits(wanted):
        found.propose(edit, None)


def _weigh(connection: Connection, desk: Desk, found: _Found, beside: Iterable[Edit]) -> None:
    """What is not hers to write becomes a proposal."""
    rights, officer = rights_now(desk), desk.officer
    author = Author(officer.id, officer.roles, officer.scope)
    written = (*beside, *found.written.values())
    standing = Standing(rows.load(connection, touched(written)))
    standing.records.update(rows.load(connection, owners(written, standing)))
    for edit in list(found.written.values()):
        if fault_of_edit(rights, author, edit, written, standing):
            found.propose(edit, edit.old)


def _proposal(
    desk: Desk, filling: Filling, record: str, found: _Found, key: RecordKey
) -> tuple[str, list[Edit]]:
    """One for each person or household: what it would change, what stood there, and the submission."""
    proposal, edits = desk.ids.new(), found.proposed[key].values()
    kind, about = key
    wants = [[edit.kind, edit.record, edit.field, edit.new, edit.on] for edit, _seen in edits]
    evidence = {
        "submission": record,
        "form": filling.kept.form,
        "title": filling.kept.title,
        "seen": {edit.field: stood for edit, stood in edits},
    }
    values: dict[str, Value] = {
        "person": about if kind == "person" else filling.kept.about.person or None,
        "subject": SURVEY,
        "wants": canonical(wants).decode(),
        "evidence": canonical(evidence).decode(),
        "proposer": desk.officer.id,
        "state": OPEN,
    }
    return proposal, Opened(PROPOSAL, proposal).edits(values)


def _taken_back(connection: Connection, desk: Desk, before: Submitted | None) -> Iterator[Atom]:
    """What the forerunner of a correction proposed, and nobody answered yet."""
    for proposal in submissions.proposals_of(connection, before.record) if before else ():
        opened = open_record(connection, PROPOSAL, proposal)
        if opened is not None:
            yield Atom(tuple(opened.edits({"state": turned_down(desk, opened)})))
