"""Seed → what happens: edits, exchanges that break, sticks, doubles, backups, clocks, people who leave."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select

from app.domain.changes import ChangeSet, Edit, SignedSet, lone
from app.domain.errors import Coded
from app.seal.keys import CHANGE_SET, MESSAGE, sign
from app.store import place, renewal, roster
from app.store.central_tables import journal
from app.sync import messages
from app.sync.conversation import Sent
from app.sync.messages import SyncRequest
from tests.property.disks import going_down_after
from tests.property.officers import edit, work_on
from tests.property.pages import long_pages
from tests.property.proposals import known
from tests.property.straight import Crash
from tests.property.truth import Violation, check_centre, check_end, check_laptop, check_screen
from tests.property.world import CODE, Laptop, Stick, World

STEPS = 200
_PLACE = """SELECT name, value FROM place WHERE name IN ('cursor', 'policy_version', 'device')
UNION ALL SELECT 'waiting', count(*) FROM changes WHERE seq IS NULL"""
_HARMLESS = {"sync.gap", "sync.other_laptop"}


def run(world: World, steps: int = STEPS) -> None:
    """The whole schedule; raises Violation for the first rule that does not hold."""
    work(world, steps)
    check_end(world)


def work(world: World, steps: int) -> None:
    """So much happens, then everybody hears of all of it."""
    for _ in range(steps):
        step(world)
    with long_pages():
        finish(world)


def step(world: World) -> None:
    """One thing happens."""
    world.now += world.chance.randint(1, 40)
    alive = [laptop for laptop in world.laptops if not laptop.dead]
    laptop = world.chance.choice(alive)
    happening = world.chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    happening(world, laptop)


def finish(world: World) -> None:
    """Everybody meets the centre until nothing moves; sticks on their way arrive first."""
    for stick in [one for one in world.sticks if one.answer is None]:
        _deliver(world, stick.sent)
    alive = [laptop for laptop in world.laptops if not laptop.dead]
    quiet = 0
    for _ in range(60):
        moved = [_whole_sync(world, laptop) for laptop in alive if not _is_at_rest(world, laptop)]
        quiet = 0 if any(moved) else quiet + 1
        # Sets to be signed anew wait until their author happens to be the one who sits there.
        if quiet > (12 if any(_place(laptop)[3] for laptop in alive) else 0):
            return
    raise Violation("the exchange never comes to rest")


def _is_at_rest(world: World, laptop: Laptop) -> bool:
    """Whether it has all that the centre has to say, and nothing to say itself."""
    cursor, policy, _device, waiting = _place(laptop)
    return not waiting and (cursor, policy) == (len(world.ids), world.policy_version())


def _place(laptop: Laptop) -> tuple[int, int, str, int]:
    """Its cursor, the policy it has heard, its id, and how many sets wait."""
    with laptop.disk.read() as connection:
        found: dict[str, Any] = dict(connection.exec_driver_sql(_PLACE).all())
    cursor, policy = (int(found.get(name) or 0) for name in ("cursor", "policy_version"))
    return cursor, policy, found["device"].decode(), found["waiting"]


# What lines and sticks do


def _deliver(world: World, sent: Sent) -> bytes:
    world.delivered |= {SignedSet(body, signature).id for body, signature in sent.request.sets}
    answer = world.arrive(sent.carried)
    if sent.request.sets:
        check_centre(world)
    return answer


def _take(world: World, laptop: Laptop, sent: Sent, answer: bytes) -> None:
    """An answer is absorbed, or refused for a reason that harms nobody."""
    try:
        world.absorb(laptop, sent, answer)
    except Coded as error:
        _expect(world, laptop, error)
    check_screen(world, laptop)


def _expect(world: World, laptop: Laptop, error: Coded) -> None:
    if error.code == "sync.unknown_own_set":
        if laptop.machine not in world.doubled:
            raise Violation("an honest laptop is taken for a double") from error
        with laptop.disk.write() as connection:
            renewal.mark(connection)
    elif error.code not in _HARMLESS:
        raise Violation(f"a true answer is refused: {error}") from error


def _exchange(world: World, laptop: Laptop) -> None:
    """One round trip over a line that may break anywhere."""
    chance = world.chance
    luck = chance.random()
    sent = world.compose(laptop)
    if luck < 0.08:  # before the centre
        return
    if luck < 0.14:  # inside the centre
        try:
            with going_down_after(chance.randint(1, 25)):
                world.service.sync(sent.carried)
        except Crash:  # in the middle of taking them, or of what it does once they are taken
            world.note_arrivals()
            return
        world.delivered |= {SignedSet(body, b"").id for body, _ in sent.request.sets}
        world.note_arrivals()
        return
    answer = _deliver(world, sent)
    if luck < 0.24:  # after it
        return
    if luck < 0.32:  # inside the laptop
        with laptop.disk.read() as connection:
            before = place.cursor(connection)
        try:
            with going_down_after(chance.randint(1, 30)):
                world.absorb(laptop, sent, answer)
        except Crash:
            _after_crash(world, laptop, before)
            return
        except Coded as error:
            _expect(world, laptop, error)
        return
    _take(world, laptop, sent, answer)
    if luck > 0.9:  # twice
        _take(world, laptop, sent, answer)


def _after_crash(world: World, laptop: Laptop, before: int) -> None:
    with laptop.disk.read() as connection:
        if place.cursor(connection) != before:
            raise Violation("rule 4: the cursor moved and the rows did not")
    check_laptop(world, laptop)


def _whole_sync(world: World, laptop: Laptop) -> bool:
    """Until nothing moves any more; whether anything did."""
    for turn in range(40):
        if turn and _is_at_rest(world, laptop):
            return True
        world.now += 5
        before = _place(laptop), len(world.ids)
        sent = world.compose(laptop)
        _take(world, laptop, sent, _deliver(world, sent))
        handed_in = laptop.machine in world.revoked and sent.request.sets
        if (_place(laptop), len(world.ids)) == before and not handed_in:
            return turn > 0
    return True


def _fill(world: World, laptop: Laptop) -> None:
    """A laptop is filled anew from a snapshot, whatever it holds and whatever waits on it."""
    try:
        world.fill(laptop)
    except Coded as error:
        if error.code != "sync.unknown_device" or laptop.machine not in world.revoked:
            raise Violation(f"a laptop is not filled: {error}") from error
        return
    check_screen(world, laptop)
    check_laptop(world, laptop)


def _stick_leaves(world: World, laptop: Laptop) -> None:
    """One stick, or what waits on two of them, to arrive in any order."""
    sent = world.compose(laptop)
    sets = sent.request.sets
    if len(sets) > 1 and world.chance.random() < 0.4:
        cut = world.chance.randrange(1, len(sets))
        world.sticks += [Stick(laptop, _with_sets(laptop, sent, part)) for part in (sets[:cut], sets[cut:])]
    else:
        world.sticks.append(Stick(laptop, sent))


def _stick_comes(world: World, _laptop: Laptop) -> None:
    chance = world.chance
    if not world.sticks:
        return
    stick = world.sticks[chance.randrange(len(world.sticks))]
    if chance.random() < 0.75:
        world.sticks.remove(stick)
    if stick.answer is None:
        world.sticks.append(Stick(stick.owner, stick.sent, _deliver(world, stick.sent)))
        return
    alive = [laptop for laptop in world.laptops if not laptop.dead]
    reader = chance.choice(alive) if chance.random() < 0.1 else stick.owner
    if not reader.dead:
        _take(world, reader, stick.sent, stick.answer)


def _carry(world: World, laptop: Laptop) -> None:
    """A laptop hands in what another one put on a stick, in any order."""
    waiting = [stick for stick in world.sticks if stick.answer is None and stick.sent.request.sets]
    if not waiting:
        return
    sent = world.compose(laptop)
    sets = [*world.chance.choice(waiting).sent.request.sets, *sent.request.sets]
    if world.chance.random() < 0.5:
        sets.reverse()
    sent = _with_sets(laptop, sent, sets)
    _take(world, laptop, sent, _deliver(world, sent))


def _with_sets(laptop: Laptop, sent: Sent, sets: list[tuple[bytes, bytes]]) -> Sent:
    request = msgspec.structs.replace(sent.request, sets=sets)
    return dataclasses.replace(sent, request=request, carried=_signed(laptop, request))


def _signed(laptop: Laptop, request: SyncRequest) -> bytes:
    sender = f"{CODE}/{laptop.machine}"
    return messages.write(request, sender, partial(sign, laptop.key.key, MESSAGE))


def _forge(world: World, laptop: Laptop) -> None:
    """Somebody sends sets that no officer signed: one of her own making, and true ones spoilt."""
    sent = world.compose(laptop)
    with world.book.read() as connection:
        newest = connection.execute(
            select(journal.c.number, journal.c.id)
            .where(journal.c.device == sent.request.device)
            .order_by(journal.c.number.desc())
        ).first()
    number, previous = (newest.number, newest.id.hex()) if newest else (0, "")
    person = world.chance.choice(known(laptop, "person") or [world.record_id()])
    false = ChangeSet(
        CODE,
        laptop.officers[0],
        sent.request.device,
        number + 1,
        previous,
        world.now << 16,
        "evil",
        lone([Edit("person", person, "phone", "0666")]),
    )
    signature = sign(laptop.key.key, CHANGE_SET, false.body)
    carried = [stick.sent.request.sets for stick in world.sticks]
    true = [*sent.request.sets, *(world.chance.choice(carried) if carried else [])]
    spoilt = [(body, bytes(64)) for body, _ in true]
    request = msgspec.structs.replace(sent.request, sets=[(false.body, signature), *spoilt])
    world.arrive(_signed(laptop, request))
    check_centre(world)
    if false.id in world.ids:
        raise Violation("a set that nobody signed is in the journal")


# What happens to machines and people


def _backup(world: World, laptop: Laptop) -> None:
    world.backups.append(laptop.copy())


def _restore(world: World, laptop: Laptop) -> None:
    """A backup is opened on another machine by the program, which knows that it is one."""
    if not world.backups or len(world.laptops) >= 8:
        return
    found = world.chance.choice(world.backups).copy()
    with found.disk.write() as connection:
        renewal.begin_anew(connection)
    world.calm = False
    world.laptops.append(found)


def _put_back(world: World, laptop: Laptop) -> None:
    """An old vault is put back under the program, which does not know."""
    mine = [backup for backup in world.backups if backup.machine == laptop.machine]
    if mine:
        world.doubled.add(laptop.machine)
        world.calm = False
        laptop.dead = True
        world.laptops.append(world.chance.choice(mine).copy())


def _clone(world: World, laptop: Laptop) -> None:
    if len(world.laptops) < 8:
        world.doubled.add(laptop.machine)
        world.calm = False
        world.laptops.append(laptop.copy())


def _revoke(world: World, laptop: Laptop) -> None:
    name = world.chance.choice([laptop.machine, laptop.officers[0]])
    if len([one for one in world.revoked if one[0] == name[0]]) < 2:
        world.set_standing(name, "revoked")


def _take_back(world: World, _laptop: Laptop) -> None:
    if world.revoked:
        world.set_standing(world.chance.choice(sorted(world.revoked)), roster.ACTIVE)


def _newcomer(world: World, _laptop: Laptop) -> None:
    if len(world.laptops) < 8:
        world.enrol()


def _jump(world: World, laptop: Laptop) -> None:
    laptop.skew = world.chance.choice([0, 0, -90_000_000, -300, 400, 86_400_000_000])


def _die(world: World, laptop: Laptop) -> None:
    if len([one for one in world.laptops if not one.dead]) > 2:
        laptop.dead = True


_WEIGHTS: dict[Callable[[World, Laptop], object], float] = {
    edit: 55,
    work_on: 3,
    _exchange: 28,
    _whole_sync: 3,
    _fill: 0.7,
    _stick_leaves: 8,
    _stick_comes: 14,
    _carry: 2,
    _forge: 0.7,
    _backup: 1.5,
    _restore: 0.8,
    _put_back: 0.5,
    _clone: 0.6,
    _revoke: 0.6,
    _take_back: 0.6,
    _newcomer: 0.5,
    _jump: 2,
    _die: 0.5,
}
