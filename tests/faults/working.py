"""The victim: an officer at work who says each save aloud once it was reported as saved.

Run as `python -m tests.faults.working HOME SEED enrol|WORKBOOK [NORMAL]`; killed by `test_sigkill.py`,
watched by `test_power_cut.py`. NORMAL keeps the disk less strictly than the program does, to show
that the watching notices.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from sqlalchemy import event

from app.actions import accounts, attachments
from app.actions.accounts import Enrolment
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.actions.importing import reviewing, writing
from app.actions.importing.facts import Fate
from app.actions.people import add_person
from app.bootstrap import entering, shelves
from app.domain.progress import Progress
from app.resources import load_reference
from app.store.keyslots import Guard
from app.store.laptop import Laptop
from tests import desks
from tests.store.office import CHEAP


def open_desk(home: Path) -> Desk:
    """The officer's desk, unlocked at the cost of a test's key."""
    shelves.Shelf.guard = lambda _shelf: Guard(CHEAP, ask_system=False)  # type: ignore[method-assign, assignment]
    reference = load_reference()
    at = shelves.shelf(Laptop(home), shelves.place_of(reference, desks.COMMUNE))
    officer = at.keyfile().officers[0].officer
    return entering.unlock(at, officer, desks.PASSWORD, reference).desk


def say(*words: str) -> None:
    """One line, out at once: what is said here must be found again."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def enrol(desk: Desk, chance: random.Random) -> None:
    """Create a person, enrol her account: two saves, each said when it is done."""
    name = f"Lò Thị {chance.choice(('Pánh', 'Lả', 'Dung'))}"
    person = add_person(desk, {"name": name, "birth": str(chance.randrange(1930, 1960))}, "add")
    say("person", person)
    number = str(chance.randrange(10**12, 10**13))
    enrolled = accounts.enrol(
        desk,
        Enrolment(person, "bank", _bank(desk), number, name, "typed", "Đồng ý", "fingerprint"),
    )
    say("enrolled", enrolled.set_id, enrolled.account, enrolled.proposal)
    signed = b"%PDF-1.7 " + chance.randbytes(90_000)
    say("attached", attachments.attach(desk, person, Paper(signed, "consent", about=enrolled.consent)))


def _bank(desk: Desk) -> str:
    return next(p.code for p in desk.reference.providers.search("agribank"))


def import_book(desk: Desk, path: Path) -> None:
    """A workbook into the register: how many people it will write, then the id they all bear."""
    say("reading")
    review = reviewing.read(Progress(), desk, path)
    say("writing", str(review.count(Fate.NEW, Fate.FILLS)))
    written = writing.write(Progress(), desk, review)
    say("import", written.id)


def main(home: Path, seed: int, work: str, strictness: str = "FULL") -> None:
    """Work until killed."""
    desk, chance = open_desk(home), random.Random(seed)
    if strictness != "FULL":
        engine = desk.vault._engine("write")
        engine.dispose()  # the next connection hears this after its own settings
        event.listen(
            engine, "connect", lambda raw, _record: raw.execute(f"PRAGMA synchronous = {strictness}")
        )
    say("ready")
    if work != "enrol":
        import_book(desk, Path(work))
    while True:
        enrol(desk, chance)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
