"""One sequence of attacks on the two-officer rule: a commune forked from how it was, and files kept aside."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass, field

from app.central.service import Service
from tests.property.world import Laptop, World, centre_keys


@dataclass
class Attack:
    """One sequence: the commune as it began, and files of laptops that were kept aside."""

    world: World
    kept: list[Laptop] = field(default_factory=list)
    is_spoilt: bool = False  # rows were edited: her own program may break on them
    might: dict[int, bool] = field(default_factory=dict)  # by seq: whether its author might approve then

    def laptop(self, roll: int) -> Laptop:
        return self.world.laptops[roll % len(self.world.laptops)]


def forked(world: World) -> World:
    """The same commune on other disks."""
    made = copy.copy(world)
    made.chance = random.Random(7)  # or a sequence would not come out twice the same
    made.book = world.book.copy()
    made.service = Service(made.book, centre_keys(), lambda: made.now)  # type: ignore[arg-type]
    made.laptops = [laptop.copy() for laptop in world.laptops]
    made.made, made.arrivals, made.ids = dict(world.made), dict(world.arrivals), [*world.ids]
    made.delivered, made.doubled, made.revoked = set(), set(), set()
    made.proposed, made.spoilt, made.renamed = dict(world.proposed), set(), {}
    return made


def close(at: Attack) -> None:
    for laptop in (*at.world.laptops, *at.kept):
        laptop.disk.close()
    at.world.book.close()
