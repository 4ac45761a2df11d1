"""What officers propose and answer at a laptop: accounts, merges, money conflicts, alone and in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.domain.aliases import MERGE, UNMERGE, Seen, joining, pack, parting
from app.domain.approval import approving
from app.domain.changes import Atom, Edit, Read, canonical, lone
from app.domain.errors import Refusal
from app.domain.proposals import value_of, wanted
from app.domain.records import Value
from app.store import approvals
from app.store.approvals import Ground
from app.store.tables import records
from tests.property.world import ALL, APPROVERS, Behind, Laptop, Saw, Where, World


@dataclass(frozen=True)
class Words:
    """What a proposal says: about what, and what it wants, of whom."""

    subject: str
    wants: str
    person: str | None = None


BANK = {"kind": "bank", "provider": "BIDV", "holder": "LO THI LAN"}


_OPEN = select(records["proposal"].c.id).where(records["proposal"].c.state == "open").order_by("id")


def known(laptop: Laptop, kind: str) -> list[str]:
    with laptop.disk.read() as connection:
        return list(connection.scalars(ALL[kind]))


def _open(laptop: Laptop) -> list[str]:
    with laptop.disk.read() as connection:
        return list(connection.scalars(_OPEN))


def cells_of(atom: Atom) -> list[Where]:
    edits: list[Edit | Read] = [*atom.edits, *atom.reads]
    return [(cell.kind, cell.record, cell.field) for cell in edits]


def enrol_account(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    person, account = world.chance.choice(people), world.record_id()
    form = world.open(laptop, "person", person)
    saw = {("person", person, name): ids for name, ids in form.saw.items()}
    written: dict[str, Value] = {"person": person, "number": f"10{world.chance.randint(1, 99)}", **BANK}
    edits = [Edit("account", account, *each) for each in written.items()]
    wants = [["person", person, "receiving_account", account, form.opened.on.get("receiving_account")]]
    save_proposal(
        world, laptop, author, Words("account", canonical(wants).decode(), person), saw, lone(edits)
    )


def save_proposal(
    world: World,
    laptop: Laptop,
    author: str,
    words: Words,
    saw: Saw,
    besides: Sequence[Atom] = (),
) -> None:
    """`saw`: what stood behind the cells that it names, when they were read."""
    proposal = world.record_id()
    named = author if world.chance.random() < 0.9 else world.chance.choice(["o1", "o2", "o3", "o4"])
    says: dict[str, Value] = {
        "subject": words.subject,
        "wants": words.wants,
        "proposer": named,
        "state": "open",
    }
    if words.person:
        says["person"] = words.person
    edits = [Edit("proposal", proposal, *each) for each in says.items()]
    world.proposed[proposal] = saw
    world.save(laptop, author, [*besides, *lone(edits)], [])


def propose_merge(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    """Two people to be one; or one of two to be herself again."""
    with laptop.disk.read() as connection:
        at = approvals.ground(connection, [])
        aliases = [key for key in at.standing.records if key[0] == "alias"]
        stands = {key[1]: at.standing.cell(*key, "survivor") for key in aliases}
        joined = {one: str(cell.value) for one, cell in stands.items() if cell and cell.value}
    if joined and world.chance.random() < 0.4:
        other = world.chance.choice(list(joined))
        seen = _seen(world, laptop, other)[0]
        atom = parting(other, joined[other], seen.alias_on, "undo")
        return _propose_joining(world, laptop, author, Words(UNMERGE, pack([atom]), joined[other]), atom)
    if len(people) < 2:
        return None
    pair = world.chance.sample(people, 2)
    stays, goes = (_seen(world, laptop, one)[0] for one in pair)
    atom = joining(stays, goes, "twice")
    return _propose_joining(world, laptop, author, Words(MERGE, pack([atom]), stays.record), atom)


def _propose_joining(world: World, laptop: Laptop, author: str, words: Words, atom: Atom) -> None:
    saw: dict[Where, Behind] = {}
    for record in {cell[1] for cell in cells_of(atom)}:
        saw |= _seen(world, laptop, record)[1]
    save_proposal(world, laptop, author, words, saw)


def _seen(world: World, laptop: Laptop, person: str) -> tuple[Seen, Saw]:
    forms = {kind: world.open(laptop, kind, person) for kind in ("person", "alias")}
    saw = {(kind, person, name): ids for kind, form in forms.items() for name, ids in form.saw.items()}
    return Seen(person, forms["person"].opened.on, forms["alias"].opened.on), saw


def answer(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    """Refused or taken back; now and then by somebody who may not, or what is answered already."""
    waiting = _open(laptop) if world.chance.random() < 0.8 else known(laptop, "proposal")
    if not waiting or not people:
        return
    form = world.open(laptop, "proposal", world.chance.choice(waiting))
    state = "withdrawn" if form.opened.values.get("proposer") == author else "refused"
    if world.chance.random() < 0.15:
        state = world.chance.choice(["withdrawn", "refused", "open"])
    edits = form.opened.edits({"state": state})
    if edits:
        world.save(laptop, author, list(lone(edits)), [form])


def approve(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    """One or a few, as they lie here; sometimes her own, sometimes not what she was shown."""
    waiting = _open(laptop) if people else []
    if world.chance.random() < 0.85:
        author = next((one for one in laptop.officers if one in APPROVERS), author)
    chosen = world.chance.sample(waiting, min(len(waiting), world.chance.choice([1, 1, 1, 3])))
    with laptop.disk.read() as connection:
        at = approvals.ground(connection, chosen)
        atoms = [each for each in (_approving(at, proposal) for proposal in chosen) if each is not None]
        names = world.names_of(connection, at.standing)
    atoms = _apart(atoms)
    if not atoms:
        return
    accounts = [key for key in at.standing.records if key[0] == "account"]
    shown = [(*key, name) for key in accounts for name in at.standing.records[key]]
    saw = {cell: _behind(at, names, cell) for cell in shown}
    for atom in atoms:
        saw |= {cell: _behind(at, names, cell) for cell in cells_of(atom)}
        proposal = atom.edits[-1].record
        wants = wanted(proposal, at.standing)
        if wants is not None and value_of(at.standing, proposal, "subject") != "account":
            named: list[Edit | Read] = [*wants.edits, *wants.reads]
            for cell in named:
                where = (cell.kind, cell.record, cell.field)
                saw[where] = world.proposed[proposal].get(where, frozenset())
    spoilt = world.chance.random() < 0.08
    signed = world.save(laptop, author, [_spoilt(atom) if spoilt else atom for atom in atoms], [], saw)
    stood = [
        ((*key, name), cell) for key, cells in at.standing.records.items() for name, cell in cells.items()
    ]
    world.made[signed.id] = replace(world.made[signed.id], shown={where: cell.value for where, cell in stood})
    if spoilt:
        world.spoilt.add(signed.id)


def approving_here(laptop: Laptop, proposal: str) -> Atom | None:
    """The approving atom as this laptop would compose it, open or not; None where nothing could be."""
    with laptop.disk.read() as connection:
        at = approvals.ground(connection, [proposal])
        try:
            return approving(proposal, at.standing, at.on_of)
        except Refusal:
            return None


def _approving(at: Ground, proposal: str) -> Atom | None:
    state = at.standing.cell("proposal", proposal, "state")
    if state is None or state.value != "open":
        return None
    try:
        return approving(proposal, at.standing, at.on_of)
    except Refusal:
        return None


def _apart(atoms: Sequence[Atom]) -> list[Atom]:
    """No two of one set name one cell: what stood behind it is remembered once a set."""
    kept, met = list[Atom](), set[Where]()
    for atom in atoms:
        cells = set(cells_of(atom))
        if not cells & met:
            kept.append(atom)
            met |= cells
    return kept


def _behind(at: Ground, names: dict[int, str], cell: Where) -> Behind:
    stands = at.standing.cell(*cell)
    behind = stands.behind if stands is not None else ()
    return frozenset(names[seq] if seq < 0 else seq for seq in behind)


def _spoilt(atom: Atom) -> Atom:
    """The digest of something else than what stands."""
    *edits, seal = atom.edits
    return Atom((*edits, Edit(*seal.cell, "0" * 64, seal.old, seal.on)), atom.reads)
