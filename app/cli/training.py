"""`soansinh training`: the training commune's main job, told in the console.

What an officer does in the window, through the same actions, for a machine without a screen:
the register is made, a person found, her account enrolled, the centre told, and a second
laptop of the commune shows it. All in a folder that is removed at the end.
"""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress
from app.domain.errors import Trouble
from app.domain.text import show_amount
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.domain.reference import Reference
    from app.store.queries import PersonRow

SOUGHT = "ng thi lan 54"  # one of the people whom the guide names
_BANK, _NUMBER = "970405", "1500205120045"  # Agribank, and a number that nobody has


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `training`."""
    said = _("go through the training commune's main job in the console")
    verbs.add_parser("training", help=said).set_defaults(run=run)


def run(_args: Namespace) -> int:
    """Do the job and say what happened; Trouble when the local centre does not start."""
    from app.resources import load_reference

    progress, reference = TellingProgress(), load_reference()
    with tempfile.TemporaryDirectory(prefix="soansinh-") as name:
        home = Path(name)
        with opened(home, reference, progress) as desk:
            person = found(desk, SOUGHT)
            enrol(desk, person)
            sync(desk, progress)
            with opened(home / "profiles" / "second", reference, progress) as other:
                sync(other, progress)
                there = found(other, SOUGHT)
        progress.clear()
    state = _(f"choice.person.account_state.{there.account}")
    print(_("The second laptop shows {name}: {state}.").format(name=there.name, state=state))
    print(_("Nothing of it is left on this machine."))
    return 0


@contextmanager
def opened(home: Path, reference: Reference, progress: TellingProgress) -> Iterator[Desk]:
    """A laptop's training desk and the local centre; both are let go at the end."""
    from app.bootstrap.training import begin_training
    from app.store.laptop import Laptop

    day = begin_training(progress, Laptop(home), reference)
    progress.clear()
    desk = day.entered.desk
    try:
        if day.centre is None:
            raise day.trouble or Trouble("training.centre")
        told = {
            "commune": desk.commune.name,
            "people": show_amount(people(desk)),
            "address": day.centre.ready.address,
        }
        print(_("{commune}: {people} people, central register at {address}").format(**told))
        yield desk
    finally:
        day.entered.desk.vault.lock()
        if day.centre is not None:
            day.centre.service.stop()


def people(desk: Desk) -> int:
    """How many the register holds."""
    from app.store import queries
    from app.store.listing import Listing

    with desk.vault.read() as connection:
        return len(queries.ids(connection, Listing()))


def found(desk: Desk, sought: str) -> PersonRow:
    """Type what an officer remembers; the first answer."""
    from app.store import queries
    from app.store.listing import Listing

    with desk.vault.read() as connection:
        nos = queries.ids(connection, Listing(text=sought))
        row = queries.person_rows(connection, nos[:1])[0]
    if row is None:
        raise Trouble("training.nobody")
    told = {"sought": sought, "name": row.name, "hamlet": row.hamlet, "count": len(nos)}
    print(_("Typed “{sought}”, found {count}: {name}, {hamlet}").format(**told))
    return row


def enrol(desk: Desk, person: PersonRow) -> None:
    """Read her VietQR and save account, consent and proposal, as the drive does."""
    from app.actions.accounts import Enrolment
    from app.actions.accounts import enrol as save
    from app.actions.invented.people import vietqr
    from app.actions.wording import Asked, address_key, consent
    from app.domain.accounts import bank_name, mask_account, parse_vietqr, vietqr_provider

    scanned = vietqr(_BANK, _NUMBER)
    code = parse_vietqr(scanned)
    provider, today = vietqr_provider(code, desk.reference.providers), desk.clock.today()
    asked = Asked(_(address_key(person.sex, person.birth, today)), person.name, desk.commune.name)
    enrolment = Enrolment(
        person=person.id,
        kind=provider.kind,
        provider=provider.code,
        number=code.number,
        holder=bank_name(person.name),
        evidence="vietqr",
        wording=consent("account_payment", today).record(asked),
        sign="signature",
        scanned=scanned,
    )
    save(desk, enrolment)
    told = {"bank": provider.short_name, "number": mask_account(code.number)}
    print(_("Scanned her VietQR: {bank} {number}. Enrolled; it waits for a second officer").format(**told))


def sync(desk: Desk, progress: TellingProgress) -> None:
    """Press Sync."""
    from app.actions import exchange

    done = exchange.exchange(progress, desk)
    exchange.fetch_past(progress, desk)
    progress.clear()
    same = _("same as the centre") if done.in_step else _("not yet the same as the centre")
    told = {"pushed": done.pushed, "pulled": done.pulled, "waiting": done.waiting, "same": same}
    print(_("Synced: {pushed} sent, {pulled} received, {waiting} waiting; {same}").format(**told))
