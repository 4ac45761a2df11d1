"""The slip of one enrolment: made of what was saved, printed, or put into a file."""

from __future__ import annotations

from pathlib import Path

from app.actions.accounts import Enrolled, Enrolment
from app.actions.desk import Desk
from app.store.queries import PersonRow
from app.ui.papers.page import office_printer
from app.ui.papers.slip import Slip, print_slip, write_slip


def slip_of(desk: Desk, person: PersonRow, enrolment: Enrolment, made: Enrolled) -> Slip:
    """Facts as they were saved."""
    return Slip(
        desk.commune.name,
        desk.commune.province,
        made.proposal[:8].upper(),
        person.name,
        person.sex,
        person.birth,
        person.personal_id,
        person.hamlet or None,
        desk.reference.providers.by_code[enrolment.provider],
        enrolment.number,
        enrolment.holder,
        desk.officer.name,
        desk.clock.now(),
        enrolment.sign,
        enrolment.payee,
        bool(enrolment.vneid_wording),
        desk.training,
    )


def print_slip_of(slip: Slip, path: Path | None = None) -> bool:
    """On the office's printer, or into `path`; False when neither is there."""
    if path is not None:
        write_slip(slip, path)
        return True
    printer = office_printer()
    if printer is None:
        return False
    print_slip(slip, printer)
    return True
