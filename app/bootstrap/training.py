"""The training day: invented people, a local centre that starts and ends with the window."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from app.actions import exchange, training
from app.actions.invented.officers import Seats
from app.actions.training import TrainingCentre
from app.bootstrap.entering import Entered, found, unlock
from app.bootstrap.shelves import Shelf, training_seats, training_shelf
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.store.laptop import Laptop


@dataclass(frozen=True)
class TrainingDay:
    """A training desk; `centre` is None when it would not start, and `trouble` says why."""

    entered: Entered
    centre: TrainingCentre | None = None
    trouble: Trouble | None = None


def begin_training(
    progress: Progress, where: Laptop, reference: Reference, *, approves: bool = False
) -> TrainingDay:
    """The training desk and its centre; the register opens even when the centre does not start.

    The invented people are written by the first laptop; a second one has them from the centre. `approves`:
    the second officer sits down; what the one proposed the other may approve. Whoever comes to approve on the
    first day finds it written by the other: nobody approves what is his own.
    """
    if approves and not training_shelf(where, reference).folder.vault.exists():
        first = begin_training(progress, where, reference)
        first.entered.desk.vault.lock()
        if first.centre is not None:
            first.centre.service.stop()
    seats = training_seats(where, reference)
    entered = _seated(training_shelf(where, reference), reference, seats, approves=approves)
    try:
        return _train(progress, where, entered)
    except BaseException:
        entered.desk.vault.lock()
        raise


def _seated(at: Shelf, reference: Reference, seats: Seats, *, approves: bool) -> Entered:
    officer = seats.approver if approves else seats.officer
    if at.folder.vault.exists():
        known = {slot.name: slot.officer for slot in at.keyfile().officers}
        if officer in known:
            return unlock(at, known[officer], training.PASSWORD, reference)
        first = unlock(at, known[seats.officer], training.PASSWORD, reference)
    else:
        first = found(at, seats.officer, training.PASSWORD, "officer", reference)
    if not approves:
        return first
    training.seat_approver(first.desk, seats.approver)
    first.desk.vault.lock()
    return _seated(at, reference, seats, approves=True)


def _train(progress: Progress, where: Laptop, entered: Entered) -> TrainingDay:
    desk, centre, trouble = entered.desk, None, None
    try:
        folder = where.machine / "training-centre"
        centre = training.start_centre(progress, folder, desk.commune.code, desk.commune.name)
        training.join_centre(progress, desk, centre.ready)
    except Trouble as error:
        trouble = error
    try:
        if not training.is_filled(desk):
            training.fill(progress, desk)
            if centre is not None:
                # Before anybody works: a second laptop that opens now must find these people there.
                with suppress(Trouble):  # the link tries again, and says so
                    exchange.exchange(progress, desk)
    except BaseException:
        if centre is not None:
            centre.service.stop()
        raise
    return TrainingDay(replace(entered, recovery_code=""), centre, trouble)
