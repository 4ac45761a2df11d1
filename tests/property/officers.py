"""What officers do at a laptop: enrol, change, propose, decide, on forms opened now or long ago."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.changes import Atom, Edit, Read, SignedSet, canonical, lone
from app.domain.decisions import OPEN, contested, decision, needs_second
from app.domain.records import Value
from app.store.tables import changes, records
from tests.property.disks import going_down_after
from tests.property.proposals import (
    Words,
    answer,
    approve,
    cells_of,
    enrol_account,
    known,
    propose_merge,
    save_proposal,
)
from tests.property.straight import Crash
from tests.property.world import Form, Laptop, World

ORDINARY, GUARDED = ("phone", "note", "needs/visit"), ("name", "birth", "state")


def edit(world: World, laptop: Laptop) -> None:
    chance = world.chance
    people = known(laptop, "person")
    works = [_change, _change, _change, _decide, _forbidden]
    works += [enrol_account, propose_merge, answer, approve, approve]
    work = _new_person if not people or (len(people) < 5 and chance.random() < 0.15) else chance.choice(works)
    author = chance.choice(laptop.officers)
    try:
        if chance.random() < 0.02:
            with going_down_after(chance.randint(1, 12)):
                work(world, laptop, author, people)
        else:
            work(world, laptop, author, people)
    except Crash:
        return


def work_on(world: World, laptop: Laptop) -> None:
    for _ in range(5):
        edit(world, laptop)


def _form(world: World, laptop: Laptop, kind: str, record: str) -> Form:
    """Opened now, or long ago."""
    key = (kind, record)
    if key in laptop.forms and world.chance.random() < 0.3:
        return laptop.forms.pop(key)
    form = world.open(laptop, kind, record)
    if world.chance.random() < 0.15:
        laptop.forms[key] = form
    return form


def _value(world: World, name: str, author: str) -> Value:
    drawn = world.chance.randint(1, 3)
    match name:
        case "phone":
            return f"090000000{drawn}"
        case "note" | "name":
            return f"{name} {drawn}" if drawn < 3 else f"{name} {author}"
        case "birth":
            return f"194{drawn}"
        case "state":
            return world.chance.choice(["active", "moved"])
    return world.chance.choice([True, None])


def _new_person(world: World, laptop: Laptop, author: str, _people: list[str]) -> None:
    record = world.record_id()
    edits = [Edit("person", record, name, _value(world, name, author)) for name in ("name", "birth", "phone")]
    world.save(laptop, author, list(lone(edits)), [])


def _change(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    form = _form(world, laptop, "person", world.chance.choice(people))
    names = world.chance.sample([*ORDINARY, *ORDINARY, *GUARDED], world.chance.randint(1, 3))
    edits = form.opened.edits({name: _value(world, name, author) for name in names})
    if edits:
        together = len(edits) > 1 and world.chance.random() < 0.2
        world.save(laptop, author, [_with_reads(form, edits)] if together else list(lone(edits)), [form])


def _with_reads(form: Form, edits: list[Edit]) -> Atom:
    """What stands or falls together, on the ground of who she was on the form."""
    record, on = form.opened.record, form.opened.on
    others = [name for name in GUARDED if name not in {edit.field for edit in edits}]
    return Atom(tuple(edits), tuple(Read("person", record, name, on.get(name)) for name in others))


def _forbidden(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    """What no screen offers and the centre has to refuse."""
    accounts = known(laptop, "account")
    if accounts and world.chance.random() < 0.6:
        form = _form(world, laptop, "account", world.chance.choice(accounts))
        edit = Edit("account", form.opened.record, "number", "666", on=form.opened.on.get("number"))
    else:
        form = _form(world, laptop, "person", world.chance.choice(people))
        account = world.chance.choice(accounts) if accounts else world.record_id()
        on = form.opened.on.get("receiving_account")
        edit = Edit("person", form.opened.record, "receiving_account", account, on=on)
    world.save(laptop, author, [Atom((edit,))], [form])


def _decide(world: World, laptop: Laptop, author: str, people: list[str]) -> None:
    conflict = records["conflict"]
    with laptop.disk.read() as connection:
        rows = connection.execute(
            select(conflict).where(conflict.c.state == OPEN).order_by(conflict.c.id)
        ).all()
        row = world.chance.choice(rows) if rows else None
        body = connection.scalar(select(changes.c.body).where(changes.c.seq == row.seq)) if row else None
    if row is None or body is None:
        return _change(world, laptop, author, people)
    cells = contested(SignedSet(body, b"").set.atoms[row.atom])
    forms = {(cell.kind, cell.record): _form(world, laptop, cell.kind, cell.record) for cell in cells}
    state = _form(world, laptop, "conflict", row.id)
    edits = []
    for cell in cells:
        opened = forms[cell.kind, cell.record].opened
        stands = opened.values.get(cell.field)
        wanted = cell.new if world.chance.random() < 0.5 else stands
        edits.append(Edit(cell.kind, cell.record, cell.field, wanted, stands, opened.on.get(cell.field)))
    atom = decision({row.id: state.opened.on.get("state")}, edits)
    if not needs_second(edits):
        world.save(laptop, author, [atom], [*forms.values(), state])
        return None
    wants = canonical([[*edit.cell, edit.new, edit.on] for edit in atom.edits]).decode()
    saw = {
        cell: form.saw.get(cell[2], frozenset())
        for form in (*forms.values(), state)
        for cell in cells_of(atom)
        if cell[:2] == (form.opened.kind, form.opened.record)
    }
    return save_proposal(world, laptop, author, Words("decision", wants), saw)
