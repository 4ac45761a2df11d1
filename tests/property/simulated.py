"""A seeded world for as long as a schedule takes: what is patched around it, and put back after it."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from app.store import renewal
from tests.property.light import lightened, unlisted
from tests.property.pages import pages
from tests.property.remembered import remembered
from tests.property.world import World, centre_keys


@contextmanager
def simulated(seed: int) -> Iterator[World]:
    """A world, its pages small enough to turn, its new names out of its own chance."""
    marks = random.Random(~seed)
    centre_keys()  # made by true signatures
    page = marks.choice([2_500, 8_000, 30_000])
    with (
        patch.object(renewal, "_mark", lambda: f"{marks.getrandbits(32):08x}"),
        pages(page),
        unlisted(),
        lightened() if seed % 100 else nullcontext(),
        remembered(),
        _without_collecting(),
    ):
        world = World(seed)
        try:
            yield world
        finally:
            world.close()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A schedule is over before its garbage weighs anything; what was there before it stays for good."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
