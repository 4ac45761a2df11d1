"""A person's own data, given to her on request: all that the register holds of her, and who looked at it.

A request under Law 91/2025/QH15: her numbers stand whole in it, so the officer's password must have been
typed lately, and that it left is in the log. What others wrote of themselves (an officer's key, a
proposal's sealed words) is not hers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.actions.desk import Desk, require_everybody, require_lately_proved
from app.actions.surveying.reading import Reading, read_submission
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Type, Value, field_of
from app.store import audit, dossier, submissions
from app.store.audit import Deed
from app.store.disk import write_whole
from app.store.history import Line, history
from app.store.opened import open_record
from app.store.submissions import Submitted

FORM = "soansinh.own-data.1"
_HERS = ("person", "household", "entitlement", "account", "consent", "attachment", "submission")


@dataclass(frozen=True)
class Held:
    """One record about her, as it stands."""

    kind: str
    record: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class OwnData:
    """All of it. `looks`: whole numbers shown, sheets and lists that left, newest first; `surveys`: her
    submissions in words, by record, those about her household where she is its head.
    """

    person: str
    name: str
    made: datetime
    records: tuple[Held, ...]
    lines: tuple[Line, ...]
    looks: tuple[Deed, ...]
    surveys: Mapping[str, Reading] = field(default_factory=dict)


def gather(progress: Progress, desk: Desk, person: str) -> OwnData:
    """What is held of her. Denied("right.sight"), Refusal("proof.wanted"), ("record.gone")."""
    require_everybody(desk, "own_data")
    require_lately_proved(desk)
    with desk.vault.read() as connection:
        found = dossier.person(connection, person)
        if found is None:
            raise Refusal("record.gone")
        keys = [key for key in dossier.records_of(connection, found.row.id) if key[0] in _HERS]
        if found.household is not None:
            keys.append(("household", found.household.opened.record))
        people = [key[1] for key in keys if key[0] in ("person", "household")]
        hers = submissions.of_records(connection, people)
        handed = [each.record for each in _submissions(hers, found)]
        keys += [("submission", record) for record in handed]
        opened = [(kind, open_record(connection, kind, record)) for kind, record in dict.fromkeys(keys)]
        held = [Held(kind, each.record, _plain(kind, each.values)) for kind, each in opened if each]
        ordered = sorted(held, key=lambda one: (_HERS.index(one.kind), one.record))
        lines = tuple(line for line in history(connection, found.row.id) if line.kind in _HERS)
        looks = tuple(audit.about(connection, {key[1] for key in keys}, ("reveal", "export", "print")))
    surveys = {record: read_submission(progress, desk, record) for record in handed}
    return OwnData(found.row.id, found.row.name, desk.clock.now(), tuple(ordered), lines, looks, surveys)


def write_for_machines(progress: Progress, desk: Desk, person: str, path: Path) -> OwnData:
    """As JSON that another register can read; whole on the disk, and in the log. The refusals of `gather`."""
    data = gather(progress, desk, person)
    write_whole(path, packed(data, desk.commune.code))
    note_given(desk, data, "json")
    return data


def note_given(desk: Desk, data: OwnData, form: str) -> None:
    """That her data left, in which form."""
    with desk.vault.write() as connection:
        detail = f"own_data={form}"
        audit.note(connection, desk.officer.id, "export", kind="person", record=data.person, detail=detail)


def packed(data: OwnData, commune: str) -> bytes:
    """UTF-8 JSON: `form`, `records`, `history`, `looks`; moments in ISO 8601, money in đồng."""
    said = {
        "form": FORM,
        "commune": commune,
        "made": data.made.isoformat(timespec="seconds"),
        "person": data.person,
        "records": [
            {"kind": one.kind, "id": one.record, "values": one.values, **_answers(data, one.record)}
            for one in data.records
        ],
        "history": [
            {
                "at": line.hand.at.isoformat(timespec="seconds"),
                "officer": line.hand.author,
                "laptop": line.hand.device,
                "reason": line.hand.reason,
                "kind": line.kind,
                "id": line.record,
                "field": line.field,
                "old": line.old,
                "new": line.new,
            }
            for line in data.lines
            if _is_plain(line.kind, line.field)
        ],
        "looks": [
            {"at": deed.at, "officer": deed.officer, "act": deed.act, "what": deed.detail}
            for deed in data.looks
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _submissions(hers: Iterable[Submitted], found: dossier.Person) -> Iterator[Submitted]:
    """What is about a household speaks of everybody in it: it is its head's."""
    household = found.household.opened if found.household else None
    led = household.record if household and household.values.get("head") == found.row.id else ""
    return (each for each in hers if not each.household or each.household == led)


def _answers(data: OwnData, record: str) -> dict[str, list[list[str]]]:
    """Question and answer of a submission, in the form's words; headings have no answer."""
    reading = data.surveys.get(record)
    return {"answers": [[line.label, line.words] for line in reading.lines]} if reading else {}


def _plain(kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None and _is_plain(kind, name)}


def _is_plain(kind: str, cell: str) -> bool:
    declared = field_of(kind, cell)
    return declared is not None and declared.type is not Type.SEALED
