"""Adding people and households, changing what is known of them, ending and undoing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions.approvals import turned_down
from app.actions.desk import Desk, require_lately_proved, save
from app.domain.changes import Edit
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.fitting import check
from app.domain.proposals import PROPOSAL, WITHDRAWN
from app.domain.records import KINDS, Merge, Type, Value, field_of
from app.domain.text import clean
from app.store import audit, history
from app.store.opened import Opened, open_record


@dataclass(frozen=True)
class Ending:
    """Why a person is no longer paid: `state` died, moved, ended or entered_by_mistake, from a day on."""

    state: str
    since: PartialDate
    reason: str


def add_person(
    desk: Desk, values: Mapping[str, Value], reason: str, right: Mapping[str, Value] | None = None
) -> str:
    """A new person, active from now, with her first right if there is one; returns her id.

    Refusal("person.name") without a name.
    """
    record = desk.ids.new()
    if not tidy("person", values).get("name"):
        raise Refusal("person.name", field="name")
    wanted = {"state": "active", **values}
    edits = Opened("person", record).edits(tidy("person", wanted))
    save(desk, reason, [*edits, *(_right(desk, record, right)[1] if right else ())])
    return record


def change_record(desk: Desk, opened: Opened, values: Mapping[str, Value], reason: str) -> bool:
    """Change a record as its form was opened; False when nothing differs. Refusal names the field at fault.

    What only an approving officer may write is refused here as the centre would;
    Refusal("record.reason") when a guarded field moves and nobody says why.
    """
    edits = opened.edits(tidy(opened.kind, values))
    for edit in edits:
        _check_writable(edit)
    if not reason and any(is_guarded(edit.kind, edit.field) for edit in edits):
        raise Refusal("record.reason", field="reason")
    if edits:
        save(desk, reason or "change", edits)
    return bool(edits)


def is_guarded(kind: str, cell: str) -> bool:
    """Whether two who change this cell apart must be heard by people, so that each says why."""
    field = field_of(kind, cell)
    return field is not None and field.merge is Merge.GUARDED


def end_person(
    desk: Desk, person: Opened, rights: Sequence[Opened], proposals: Sequence[Opened], ending: Ending
) -> None:
    """Close a person in one set: her rights end with that month, proposals that wait are taken back.

    Payment stops the month after a death or a move (Decree 20/2021/NĐ-CP). Records are as the
    officer saw them. Refusal("record.reason"); Refusal("person.ends_later") for a day still to come.
    """
    if not ending.reason:
        raise Refusal("record.reason", field="reason")
    if ending.since.earliest() > desk.clock.today():
        raise Refusal("person.ends_later", field="state_since")
    edits = person.edits({"state": ending.state, "state_since": ending.since.iso()})
    is_mistake = ending.state == "entered_by_mistake"
    for right in rights:
        if right.values.get("state") in ("active", "suspended"):
            last = {} if is_mistake else {"until": ending.since.iso()[:7]}
            edits += right.edits({"state": ending.state if is_mistake else "ended", **last})
    for proposal in proposals:
        if proposal.values.get("state") == "open":
            edits += proposal.edits({"state": turned_down(desk, proposal), "answer": ending.reason})
    save(desk, ending.reason, edits)


def add_entitlement(desk: Desk, person: str, values: Mapping[str, Value], reason: str) -> str:
    """A person's right to a monthly amount, decided by the commune chairman (Decree 147/2025, Art. 5)."""
    record, edits = _right(desk, person, values)
    save(desk, reason, edits)
    return record


def _right(desk: Desk, person: str, values: Mapping[str, Value]) -> tuple[str, list[Edit]]:
    record = desk.ids.new()
    if not values.get("group"):
        raise Refusal("right.group", field="group")
    wanted = {"person": person, "state": "active", **values}
    return record, Opened("entitlement", record).edits(tidy("entitlement", wanted))


def reveal(desk: Desk, kind: str, record: str, field: str) -> str:
    """A masked value in the clear; the look itself goes into the audit (security.md, The chain).

    Refusal("proof.wanted") when she typed her password too long ago.
    """
    require_lately_proved(desk)
    with desk.vault.read() as connection:  # as far as she sees
        opened = open_record(connection, kind, record)
    if opened is None or opened.values.get(field) is None:
        raise Refusal("record.gone")
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "reveal", kind=kind, record=record, detail=field)
    return str(opened.values[field])


def undo(desk: Desk, set_id: str, reason: str) -> bool:
    """Take a saved set back by a compensating set; cells that moved on since are left alone.

    A consent that came with it no longer stands from today on.

    False when nothing of it stands any more.
    """
    with desk.vault.read() as connection:
        found = history.change_set(connection, set_id)
        back: list[Edit] = []
        for edit in found.edits():
            opened = open_record(connection, edit.kind, edit.record)
            field = field_of(edit.kind, edit.field)
            if opened is None or field is None or opened.values.get(edit.field) != edit.new:
                continue
            if (edit.kind, edit.field) == ("consent", "given"):
                back += opened.edits({"withdrawn": desk.clock.today().isoformat()})
            if field.merge in (Merge.ONCE, Merge.APPROVED) or edit.kind == "conflict":
                continue  # what was decided stays decided; the value alone goes back
            before = _before(edit)
            if (edit.kind, edit.field) == (PROPOSAL, "state"):
                before = _state_before(desk, edit, opened)
            back += opened.edits({edit.field: before})
    if back:
        save(desk, reason, back)
    return bool(back)


def _before(edit: Edit) -> Value:
    """What undoing writes: nothing is deleted, so a record made by mistake is closed as that."""
    if edit.old is None and edit.field == "state":
        return "entered_by_mistake"
    return edit.old


def _state_before(desk: Desk, edit: Edit, proposal: Opened) -> Value:
    """A proposal made by mistake ends; her own that she took back waits again; another's answer stays."""
    if edit.old is None:
        return turned_down(desk, proposal)
    is_hers = turned_down(desk, proposal) == WITHDRAWN
    return edit.old if edit.new == WITHDRAWN and is_hers else edit.new


def tidy(kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """Values as they are stored: text cleaned to NFC, blank is nothing; Refusal for what may not stand."""
    tidied: dict[str, Value] = {}
    for name, value in values.items():
        field = KINDS[kind].field(name)
        if isinstance(value, str) and field is not None and field.type is not Type.SEALED:
            value = clean(value) or None
        check(kind, name, value)
        tidied[name] = value
    return tidied


def _check_writable(edit: Edit) -> None:
    field = field_of(edit.kind, edit.field)
    if field is not None and field.merge in ("approved", "once"):
        raise Refusal("record.not_editable", field=edit.field, kind=edit.kind)
