"""Old pages and old files put back under the program: no list is ever made of what they say.

Those that leave the vault and what the laptop remembers of it disagreeing are stopped when it is opened, or
before a list; both put back together, at the next contact with the centre (design/security.md, The chain).
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest
from sqlalchemy import Connection, Executable

from app.actions.desk import Desk
from app.bootstrap import entering, shelves
from app.bootstrap.entering import Entered
from app.central.keys import Keys
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.resources import load_reference, load_rights
from app.seal.certificates import certify
from app.seal.keys import HEAD, POLICY, sign
from app.seal.statements import Json, state
from app.store import ground, past, place, witness
from app.store.laptop import Laptop as Shelves
from app.store.tables import changes
from app.store.throttle import Moment
from app.store.vault import Vault
from app.store.witness import Witness
from app.sync.messages import head_message
from app.sync.policy import Member, held_policy, keep_centre
from app.sync.verifying import Register
from tests import desks
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.paying import approve, may_approve, pay, propose

SHARE = 500 if os.environ.get("SOAK") else 45
PAGE = 4096
TODAY = date(2026, 11, 29)
RIGHTS = load_rights()
FILES = ("vault.db", "device.mark", "device.secret", "keys.json")


class Rolled(Exception):
    """Nothing of an attack stays."""


@dataclass
class Lair:
    """A desk's folder as it was, and as it is after money moved to other accounts."""

    found: House
    home: Path
    desk: Desk
    was: Path
    now: Path
    truth: dict[str, str]
    former: dict[str, str]
    key: bytes

    @property
    def folder(self) -> Path:
        return self.desk.folder

    def lay(self, source: Path, *names: str) -> None:
        """Put these files of one time in their place; what a write-ahead log held goes."""
        for name in names:
            shutil.copy2(source / name, self.folder / name)
        for ending in ("-wal", "-shm"):
            (self.folder / f"vault.db{ending}").unlink(missing_ok=True)

    def enter(self) -> Entered:
        return enter(self.home, self.desk)


def as_laptop(desk: Desk) -> Laptop:
    """The desk, to be driven like the other laptops."""
    return Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)


@pytest.fixture(scope="module")
def lair(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lair]:
    base = tmp_path_factory.mktemp("lair")
    with pytest.MonkeyPatch.context() as patch, house(base / "centre.db", keys, TRAINING) as found:
        desks.make_keys_cheap(patch)
        desk = desks.found(base / "home", code=TRAINING).desk
        checker = Laptop.new(base, TRAINING, found.clock)
        maker = as_laptop(desk)
        for laptop in (maker, checker):
            found.enrol(laptop)
        may_approve(found, checker)
        people = [pay(maker, checker, lambda it: it.sync(found), name=f"Vi Văn {at}") for at in range(6)]
        former = paid(desk)
        desk.vault.lock()
        was = kept_as(desk, base / "was")
        entered = enter(base / "home", desk)
        maker = as_laptop(entered.desk)
        for person in people[:3]:
            _account, proposal = propose(maker, person, number=f"9{int(person[-6:], 16):09d}")
            maker.sync(found)
            checker.sync(found)
            approve(checker, proposal)
            checker.sync(found)
            maker.sync(found)
        truth = paid(entered.desk)
        entered.desk.vault.lock()
        now = kept_as(desk, base / "now")
        keyfile = shelves.shelf(Shelves(base / "home"), desk.commune).keyfile()
        key = keyfile.unlock(desk.officer.id, desks.PASSWORD, Moment.now()).database_key
        yield Lair(found, base / "home", desk, was, now, truth, former, key)
        checker.vault.lock()


@pytest.mark.parametrize(
    "damage",
    [
        {"head": "zz"},
        {"head": "ab" * 33},
        {"newest": "abc"},
        {"log_hash": "ab\n"},
        {"seq": 10**30},
        {"log": 2**63},
        {"number": -1},
    ],
)
def test_a_damaged_mark_is_none(tmp_path: Path, damage: dict[str, str | int]) -> None:
    mark = witness.Mark(7, "ab" * 32, "m1", 3, "", 9, "cd" * 32)
    witness.keep(tmp_path, mark)
    assert witness.recall(tmp_path) == mark
    witness.keep(tmp_path, msgspec.structs.replace(mark, **damage))
    assert witness.recall(tmp_path) is None


def enter(home: Path, desk: Desk) -> Entered:
    reference = load_reference()
    at = shelves.shelf(Shelves(home), shelves.place_of(reference, TRAINING))
    return entering.unlock(at, desk.officer.id, desks.PASSWORD, reference)


def kept_as(desk: Desk, where: Path) -> Path:
    where.mkdir()
    for name in FILES:
        shutil.copy2(desk.folder / name, where / name)
    return where


def paid(desk: Desk) -> dict[str, str]:
    """Person → number, as a list made now would say."""
    with desk.vault.read() as connection:
        found = Register.of(connection, desk.folder, desk.officer_key, RIGHTS).in_force(Progress(), TODAY)
    assert not found.is_stopped, found.report.faults
    return {line.person: str(line.cells["number"]) for line in found.lines}


def test_money_moved(lair: Lair) -> None:
    assert lair.truth.keys() == lair.former.keys()
    assert sum(lair.truth[person] != lair.former[person] for person in lair.truth) == 3


def test_a_vault_put_back_alone_is_said_at_open_and_makes_no_list(lair: Lair) -> None:
    lair.lay(lair.now, *FILES)
    lair.lay(lair.was, "vault.db")
    entered = lair.enter()
    assert entered.put_back == "seq"
    with entered.desk.vault.read() as connection:
        found = Register.of(connection, lair.folder, lair.desk.officer_key, RIGHTS).in_force(
            Progress(), TODAY
        )
    assert found.is_stopped
    assert found.lines == ()
    entered.desk.vault.lock()
    again = lair.enter()
    assert again.put_back == "seq"  # what was remembered is not forgotten for it
    again.desk.vault.lock()


def test_it_heals_by_the_next_contact(lair: Lair) -> None:
    lair.lay(lair.now, *FILES)
    lair.lay(lair.was, "vault.db")
    entered = lair.enter()
    with entered.desk.vault.write() as connection:
        assert not witness.heal(connection, lair.folder)  # not while it knows less than was remembered
    as_laptop(entered.desk).sync(lair.found)
    with entered.desk.vault.write() as connection:
        assert witness.heal(connection, lair.folder)
        assert not witness.heal(connection, lair.folder)
    assert paid(entered.desk) == lair.truth
    entered.desk.vault.lock()
    again = lair.enter()
    assert again.put_back == ""
    again.desk.vault.lock()


def test_from_what_was_remembered_the_journal_leads_to_where_it_stands(lair: Lair) -> None:
    """As after a crash, which left the mark behind. Filled anew it lacks the lines between, and says so."""
    lair.lay(lair.now, *FILES)
    lair.lay(lair.was, "device.mark")
    mark = witness.recall(lair.folder)
    assert mark
    after = changes.c.seq > mark.seq
    attacks: dict[str, list[Executable]] = {
        "sound": [],
        "taken out": [changes.delete().where(changes.c.seq == mark.seq + 2)],
        "edited": [changes.update().where(changes.c.seq == mark.seq + 2).values(verdicts=b"[1,1,[]]")],
        "cut off": [changes.delete().where(after)],
    }
    said = {}
    with Vault.open(lair.folder / "vault.db", lair.key) as vault:
        for name, attack in attacks.items():
            with suppress(Rolled), vault.write() as connection:
                for statement in attack:
                    connection.execute(statement)
                said[name] = witness.older(connection, mark)
                if name == "cut off":
                    here = place.here(connection)
                    past.begin(connection, here.cursor, here.head)
                    said["filled anew"] = witness.older(connection, mark)
                raise Rolled
    assert said == {"sound": "", "taken out": "head", "edited": "head", "cut off": "head", "filled anew": ""}


def test_both_put_back_together_are_said_at_the_next_contact(lair: Lair) -> None:
    lair.lay(lair.was, *FILES)
    entered = lair.enter()
    assert entered.put_back == ""
    assert paid(entered.desk) == lair.former  # true once; nothing here can know better
    as_laptop(entered.desk).sync(lair.found)
    with entered.desk.vault.read() as connection:
        assert place.read(connection, place.PUT_BACK) == b"contact"
    assert paid_or_stopped(entered.desk) is None
    with entered.desk.vault.write() as connection:
        assert witness.heal(connection, lair.folder)
    assert paid(entered.desk) == lair.truth
    entered.desk.vault.lock()


def test_another_centre_written_into_the_rows_makes_no_list(lair: Lair, tmp_path: Path) -> None:
    """Whoever is in has the register's key: her own root, her own policy, every head signed by her."""
    rogue = new_keys(tmp_path / "rogue")
    lair.lay(lair.now, *FILES)
    entered = lair.enter()
    with entered.desk.vault.write() as connection:
        forge(connection, rogue)
    assert paid_or_stopped(entered.desk) is None
    entered.desk.vault.lock()
    again = lair.enter()
    assert again.put_back == "root"
    assert paid_or_stopped(again.desk) is None
    again.desk.vault.lock()


def forge(connection: Connection, rogue: Keys) -> None:
    policy, here = held_policy(connection), ground.ground(connection)
    assert policy is not None

    def listed(members: Mapping[str, Member]) -> list[Json]:
        anew = [(certify(rogue.policy, each.certificate), each.standing) for each in members.values()]
        return [[base64.b64encode(certificate).decode(), standing] for certificate, standing in anew]

    said: dict[str, Json] = {
        "version": policy.version + 1,
        "commune": policy.commune,
        "issued": policy.issued,
        "officers": listed(policy.officers),
        "devices": listed(policy.devices),
        "centre": [],
    }
    keep_centre(connection, rogue.root_fingerprint, rogue.certificates)
    head = head_message(here.commune, here.cursor, here.head, here.digest)
    place.write(connection, "policy", state(rogue.policy, POLICY, said))
    ground.keep_signed(connection, here.digest, sign(rogue.register, HEAD, head))


def paid_or_stopped(desk: Desk) -> dict[str, str] | None:
    with desk.vault.read() as connection:
        found = Register.of(connection, desk.folder, desk.officer_key, RIGHTS).in_force(Progress(), TODAY)
    return None if found.is_stopped else {line.person: str(line.cells["number"]) for line in found.lines}


FOUND_HERE = SHARE * 3 // 5  # of the first class; the rest are of the second


@pytest.mark.parametrize("run", range(3))
def test_pages_put_back_never_reach_a_list(lair: Lair, run: int) -> None:
    """One old page, several beside each other, or all the pages that differ but some."""
    was, now = ((folder / "vault.db").read_bytes() for folder in (lair.was, lair.now))
    differing = [at for at in range(len(was) // PAGE) if was[at * PAGE :][:PAGE] != now[at * PAGE :][:PAGE]]
    lair.lay(lair.now, *FILES)
    outcomes: dict[str, int] = {}
    for seed in range(FOUND_HERE // 3):
        chance = Random(f"{run}/{seed}")
        made = bytearray(now)
        for at in chosen(differing, run, chance):
            made[at * PAGE : (at + 1) * PAGE] = was[at * PAGE : (at + 1) * PAGE]
        lair.lay(lair.now, "device.mark")
        (lair.folder / "vault.db").write_bytes(made)
        for ending in ("-wal", "-shm"):
            (lair.folder / f"vault.db{ending}").unlink(missing_ok=True)
        outcome = tried(lair)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert outcomes.keys() <= {"whole", "left off", "stopped", "broken"}
    assert outcomes.get("stopped", 0) + outcomes.get("broken", 0) > 0


def test_files_put_back_beside_a_newer_vault_or_an_older_never_reach_a_list(lair: Lair) -> None:
    """Any of the files that lie beside each other out of the older time, the vault among them or not."""
    outcomes: dict[str, int] = {}
    for seed in range(SHARE // 5):
        older = [name for name in FILES if Random(f"files {seed} {name}").random() < 0.5]
        if {"vault.db", "device.mark"} <= set(older):  # that is both together: below
            older.remove("device.mark")
        lair.lay(lair.now, *FILES)
        lair.lay(lair.was, *older)
        outcome = tried(lair)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        assert outcome == ("stopped" if "vault.db" in older else "whole")
    assert outcomes.keys() == {"stopped", "whole"}


def test_vault_and_mark_put_back_together_with_newer_pages_are_known_at_the_next_contact(lair: Lair) -> None:
    """The second class: nothing here can know better, but what is not whole; the centre does."""
    was, now = ((folder / "vault.db").read_bytes() for folder in (lair.was, lair.now))
    differing = [at for at in range(len(was) // PAGE) if was[at * PAGE :][:PAGE] != now[at * PAGE :][:PAGE]]
    outcomes: dict[str, int] = {}
    for seed in range(SHARE // 5):
        chance, made = Random(f"both {seed}"), bytearray(was)
        if seed % 3:
            for at in chosen(differing, seed % 2, chance):
                made[at * PAGE : (at + 1) * PAGE] = now[at * PAGE : (at + 1) * PAGE]
        lair.lay(lair.was, *FILES)
        (lair.folder / "vault.db").write_bytes(made)
        outcome = tried_with_contact(lair)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert outcomes.keys() <= {"broken", "told at contact", "stopped", "whole"}
    assert outcomes["told at contact"] >= SHARE // 15


def tried_with_contact(lair: Lair) -> str:
    """Whatever it believed before it spoke with the centre, a list made afterwards is true or is none."""
    desk = lair.desk
    try:
        with Vault.open(lair.folder / "vault.db", lair.key) as vault:
            with vault.write() as connection:
                Witness(lair.folder).arrive(connection)
            replace(as_laptop(desk), vault=vault).sync(lair.found)
            with vault.read() as connection:
                register = Register.of(connection, lair.folder, desk.officer_key, RIGHTS)
                found = register.in_force(Progress(), TODAY)
                said = place.read(connection, place.PUT_BACK)
    except Coded:
        return "broken"
    on = {line.person: str(line.cells["number"]) for line in found.lines}
    assert on.items() <= lair.truth.items()
    if said is not None:
        return "told at contact"
    assert found.is_stopped or on.keys() | {left.person for left in found.left} == lair.truth.keys()
    return "stopped" if found.is_stopped else "whole"


def chosen(differing: list[int], run: int, chance: Random) -> list[int]:
    if run == 0:
        return [chance.choice(differing)]
    if run == 1:
        start = chance.randrange(len(differing))
        return differing[start : start + chance.randint(2, 6)]
    return chance.sample(differing, chance.randint(len(differing) // 2, len(differing)))


def tried(lair: Lair) -> str:
    """Opened as the program opens it, and a list asked for: who is on it is paid where she is to be."""
    try:
        with Vault.open(lair.folder / "vault.db", lair.key) as vault:
            with vault.write() as connection:
                older = Witness(lair.folder).arrive(connection)
            with vault.read() as connection:
                register = Register.of(connection, lair.folder, lair.desk.officer_key, RIGHTS)
                found = register.in_force(Progress(), TODAY)
    except Trouble as trouble:
        return "broken" if trouble.code == "vault.damaged" else trouble.code
    except Refusal as refusal:  # the half of an old policy: no list without a signed one
        return "stopped" if refusal.code == "signature.invalid" else refusal.code
    if found.is_stopped:
        assert found.lines == ()
        return "stopped"
    assert not older
    on = {line.person: str(line.cells["number"]) for line in found.lines}
    assert on.items() <= lair.truth.items()
    assert on.keys() | {left.person for left in found.left} >= lair.truth.keys()
    return "whole" if on == lair.truth else "left off"
