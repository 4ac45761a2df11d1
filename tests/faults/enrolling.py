"""The victim: an officer at work who says each save aloud once it was reported as saved.

Run as `python -m tests.faults.enrolling HOME SEED [enrol|import]`; killed by `test_sigkill.py`.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from app import bootstrap
from app.actions import accounts
from app.actions.accounts import Enrolment
from app.actions.desk import Desk
from app.actions.invented.people import people
from app.actions.invented.writing import Consented, atoms
from app.actions.people import add_person
from app.domain.changes import lone
from app.resources import load_reference
from app.store import unit
from app.store.keyslots import Guard
from app.store.laptop import Laptop
from tests import desks
from tests.store.office import CHEAP


def open_desk(home: Path) -> Desk:
    """The officer's desk, unlocked at the cost of a test's key."""
    bootstrap._guard = lambda _place: Guard(CHEAP, ask_system=False)  # type: ignore[assignment]
    reference = load_reference()
    at = bootstrap.shelf(Laptop(home), bootstrap.place_of(reference, desks.COMMUNE))
    officer = at.keyfile().officers[0].officer
    return bootstrap.unlock(at, officer, desks.PASSWORD, reference).desk


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


def _bank(desk: Desk) -> str:
    return next(p.code for p in desk.reference.providers.search("agribank"))


def write_many(desk: Desk, chance: random.Random) -> None:
    """What an import writes: many sets in one transaction, all of them or none."""
    invented = people(chance.randrange(1000), 240, desk.clock.today())
    consented = Consented(desk.officer.id, "Đồng ý", desk.clock.today())
    ids = []
    with desk.vault.write() as connection:
        for edits in atoms(desk.ids, invented, consented):
            ids.append(unit.save(connection, desk.pen, "import", lone(edits)).id)
    say("import", *ids)


def main(home: Path, seed: int, work: str) -> None:
    """Work until killed."""
    desk, chance = open_desk(home), random.Random(seed)
    say("ready")
    while True:
        (write_many if work == "import" else enrol)(desk, chance)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
