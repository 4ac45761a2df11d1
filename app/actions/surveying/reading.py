"""A submission as somebody reads it, its questions in words; a masked number that one of its proposals wants.

Read by the form that it was filled on, which this laptop may not have: then by names, as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.actions.desk import Desk, require_lately_proved
from app.actions.surveying.filling import read_definition, world_of
from app.actions.surveying.knowing import with_lists
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.proposals import wanted_cells
from app.domain.records import Type, field_of
from app.store import audit, fillings, forms, submissions, surveyed
from app.store.fillings import About
from app.store.opened import Opened, open_record
from app.store.submissions import Submitted
from app.store.surveyed import Heard
from app.survey.answered import Line, answered, raw
from app.survey.definition import FormDefinition
from app.survey.entities import declared
from app.survey.session import Session
from app.sync.forms import read_parcel


@dataclass(frozen=True)
class Reading:
    """A submission in words. `is_known`: whether its form is here; `is_shown`: whether she may read answers.

    `masked`: which field of the register a question speaks of, by path, where that is masked;
    `before`, `after`: what it takes the place of, and what has taken its own; `proposed`: what came of it
    that a second officer answers, with what each would change.
    """

    submitted: Submitted
    title: str
    lines: Sequence[Line]
    is_known: bool
    masked: dict[str, tuple[str, str]]
    before: Submitted | None
    after: Submitted | None
    proposed: Sequence[tuple[Opened, Heard]] = ()

    @property
    def is_shown(self) -> bool:
        """A role may hide all answers but her own."""
        return bool(self.submitted.content)


def read_submission(_progress: Progress, desk: Desk, record: str) -> Reading:
    """One of them in words. Refusal("survey.no_submission") where it is gone, or she does not see it."""
    with desk.vault.read() as connection:
        found = submissions.one(connection, record)
        if found is None:
            raise Refusal("survey.no_submission")
        form = forms.one(connection, found.definition)
        about = About(found.household, found.person, found.hamlet, found.name)
        seen = fillings.seen_of(connection, about)
        before = submissions.of_instance(connection, found.corrects) if found.corrects else None
        after = submissions.correction_of(connection, found.instance)
        proposed = surveyed.of_submission(connection, record)
    title = form.title if form else found.form
    known = None if form is None else _definition(desk, form.parcel, seen)
    lines = _lines(desk, known, found)
    masked = dict(_masked(desk, known)) if known else {}
    return Reading(found, title, lines, known is not None, masked, before, after, proposed)


def reveal_heard(desk: Desk, proposal: str, field: str) -> str:
    """A masked number that a survey's proposal wants, in the clear; the look goes into the log as hers.

    Refusal("proof.wanted"), ("record.gone").
    """
    require_lately_proved(desk)
    with desk.vault.read() as connection:
        opened = open_record(connection, "proposal", proposal)
    wants = wanted_cells(str(opened.values.get("wants") or "")) if opened else ()
    edit = next((each for each in wants if each.field == field and each.new is not None), None)
    if edit is None:
        raise Refusal("record.gone")
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "reveal", kind=edit.kind, record=edit.record, detail=field)
    return str(edit.new)


def _definition(desk: Desk, parcel: bytes, seen: Sequence[Opened]) -> FormDefinition | None:
    """None for a form that an older program kept and this one reads no more."""
    try:
        return with_lists(read_definition(read_parcel(parcel)), seen, desk.reference.save_map)
    except Refusal:
        return None


def _lines(desk: Desk, form: FormDefinition | None, found: Submitted) -> list[Line]:
    if not found.content:
        return []
    content = found.content.encode()
    if form is not None:
        try:
            return answered(Session.handed_in(form, world_of(desk), content))
        except Refusal:  # a label that asks what is not there: names and values say as much
            return raw(content)
    return raw(content)


def _masked(desk: Desk, form: FormDefinition) -> Iterator[tuple[str, tuple[str, str]]]:
    for entity in declared(form):
        for path, name in entity.saved.items():
            to = desk.reference.save_map.of(entity.dataset, name)
            field = field_of(to.kind, to.field) if to else None
            if to is not None and field is not None and field.masked and field.type is Type.DIGITS:
                yield path, (to.kind, to.field)
