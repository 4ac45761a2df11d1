"""What whoever attacks the two-officer rule does besides proposing, approving and forging by hand.

Roles change at the centre, several are approved at once, two people are joined and parted, conflicts are
decided, backups restored under a new id: each at any moment, by anybody's program.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import select

from app.central.office import certified_anew
from app.domain.approval import is_approval
from app.domain.changes import Edit, SignedSet, canonical, lone, unpack_verdicts
from app.domain.errors import Refusal
from app.domain.records import Value
from app.store import approvals, renewal, roster
from app.store.central_tables import journal
from tests.property import officers, proposals
from tests.property.attack import Attack
from tests.property.proposals import Words, approving_here, known
from tests.property.world import APPROVERS, CODE, World, centre_keys

_ROLES = (("approver",), ("officer",), ("auditor",), ("administrator",), ("officer", "approver"))
_CERTIFIED = ("o1", "o2", "o3", "o4")


def change_roles(at: Attack, roll: int, _author: str) -> None:
    """The centre certifies somebody anew: she may now, or may no more."""
    name = _CERTIFIED[roll % len(_CERTIFIED)]
    with at.world.book.write() as connection:
        held = replace(roster.officers(connection, CODE)[name], roles=_ROLES[roll % len(_ROLES)])
        roster.certify_officer(connection, CODE, certified_anew(centre_keys(), CODE, held, at.world.now))


def approve_batch(at: Attack, roll: int, author: str) -> None:
    """Several in one set, hers among them."""
    laptop = at.laptop(roll)
    found = known(laptop, "proposal")[-3:]
    atoms = [atom for each in found if (atom := approving_here(laptop, each)) is not None]
    if atoms:
        with suppress(Refusal):  # one and the same cell by two of them: no program saves that
            at.world.save(laptop, author, proposals._apart(atoms), [])


def approve_own(at: Attack, roll: int, _author: str) -> None:
    """Whoever has a hand in one of the newest, in its words or in its account, approves it herself."""
    laptop = at.laptop(roll)
    found = known(laptop, "proposal")[-3:]
    if not found:
        return
    proposal = found[roll % len(found)]
    with laptop.disk.read() as connection:
        ground = approvals.ground(connection, [proposal])
    mine = [key for key in ground.standing.records if key[0] == "account" or key == ("proposal", proposal)]
    seqs = {seq for key in mine for cell in ground.standing.records[key].values() for seq in cell.behind}
    authors = sorted({ground.author_of(seq) for seq in seqs} & set(_CERTIFIED), reverse=True)
    atom = approving_here(laptop, proposal)
    if atom is not None and authors:
        at.world.save(laptop, authors[roll % len(authors)], [atom], [])


def propose_anothers(at: Attack, roll: int, author: str) -> None:
    """An account that an approver wrote, or whoever it was, proposed by another, in whosever name."""
    laptop, people = at.laptop(roll), known(at.laptop(roll), "person")
    if roll % 2:
        account, person = at.world.record_id(), people[roll % len(people)]
        whole: dict[str, Value] = {"person": person, "number": f"55{roll}", **proposals.BANK}
        edits = [Edit("account", account, *each) for each in whole.items()]
        at.world.save(laptop, APPROVERS[roll // 2 % len(APPROVERS)], list(lone(edits)), [])
    elif accounts := known(laptop, "account"):
        account = accounts[-1 - roll % min(3, len(accounts))]
        person = str(at.world.open(laptop, "account", account).opened.values.get("person"))
    else:
        return
    proposal = at.world.record_id()
    seen = at.world.open(laptop, "person", person).opened.on.get("receiving_account")
    says: dict[str, Value] = {
        "person": person,
        "subject": "account",
        "wants": canonical([["person", person, "receiving_account", account, seen]]).decode(),
        "proposer": author if roll % 3 else _CERTIFIED[roll % len(_CERTIFIED)],
        "state": "open",
    }
    at.world.proposed[proposal] = {}
    with suppress(Refusal):
        edits = [Edit("proposal", proposal, *each) for each in says.items()]
        at.world.save(laptop, author, list(lone(edits)), [])


def merge(at: Attack, roll: int, author: str) -> None:
    """Two people to be one, or one of two to be herself again: proposed."""
    laptop = at.laptop(roll)
    proposals.propose_merge(at.world, laptop, author, known(laptop, "person"))


def decide(at: Attack, roll: int, author: str) -> None:
    """A conflict, if there is one; else a change of somebody's that may become one."""
    laptop = at.laptop(roll)
    officers._decide(at.world, laptop, author, known(laptop, "person"))


def rename(at: Attack, roll: int, author: str) -> None:
    """Whom an approval is about is changed beside it, so that it lands on something else."""
    laptop, people = at.laptop(roll), known(at.laptop(roll), "person")
    form = at.world.open(laptop, "person", people[roll % len(people)])
    edits = form.opened.edits({"name": f"Lò Thị {roll}", "birth": f"19{10 + roll}"})
    if edits:
        at.world.save(laptop, author, list(lone(edits)), [form])


def restore(at: Attack, roll: int, author: str) -> None:
    """A kept file in the place of a laptop, under a new id as a restored backup is, and announced."""
    if not at.kept:
        return
    old = at.kept[roll % len(at.kept)]
    laptop, machines = old.copy(), [one.machine for one in at.world.laptops]
    with laptop.disk.write() as connection:
        renewal.begin_anew(connection)
    at.world.laptops[machines.index(old.machine)] = laptop
    at.world.doubled.add(old.machine)
    said = {"from": old.machine, "made": "2026-11-28T09:00:00+00:00", "waiting": 1}
    proposals.save_proposal(at.world, laptop, author, Words("restore", canonical(said).decode()), {})


def write_alone(at: Attack, roll: int, author: str) -> None:
    """Who is paid where, or who is whom, by one set of hers, with what she saw."""
    laptop = at.laptop(roll)
    people, accounts = (known(laptop, kind) for kind in ("person", "account"))
    if not accounts:
        return
    person, other = people[roll % len(people)], people[(roll + 1) % len(people)]
    kind, name, value = [
        ("person", "receiving_account", accounts[roll % len(accounts)]),
        ("person", "receiving_account", None),
        ("alias", "survivor", other),
    ][roll % 3]
    form = at.world.open(laptop, kind, person)
    stood, seen = form.opened.values.get(name), form.opened.on.get(name)
    at.world.save(laptop, author, list(lone([Edit(kind, person, name, value, stood, seen)])), [form])


def told(world: World, since: int) -> Counter[str]:
    """What the centre said of approvals after a seq: whether the rule was tried, and not only kept."""
    with world.book.read() as connection:
        rows = connection.execute(select(journal).where(journal.c.seq > since)).all()
    found = Counter[str]()
    for row in rows:
        atoms = SignedSet(row.body, row.signature).set.atoms
        for atom, verdict in zip(atoms, unpack_verdicts(row.verdicts), strict=True):
            if is_approval(atom):
                found[verdict.why or str(verdict.outcome)] += 1
    return found


def may_approve(world: World, author: str) -> bool:
    """Whether the centre's certificate of this moment lets her."""
    with world.book.read() as connection:
        found = roster.officers(connection, CODE).get(author)
    return found is not None and "approver" in found.roles
