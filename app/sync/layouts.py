"""Layouts of sets read run by run as they are packed, without a list for each of a list's cells.

A set of two hundred new people is laid out like no other, and has eight thousand cells. Nearly all of them
are lone new values, in runs of one record each: those are told by their bytes.
"""

from __future__ import annotations

import re

from app.sync.columns import FRESH

# `[[name, slot, 1]]`, then more of the same slot; in MessagePack's shortest form, as it is always written.
_RUN = re.compile(
    rb"\x91\x93[\x00-\x7f]([\x00-\x7f]|\xcc[\x80-\xff]|\xcd[\x01-\xff].)\x01(?:\x91\x93[\x00-\x7f]\1\x01)*",
    re.DOTALL,
)
_BESIDE_SLOT = 4  # bytes of a cell; the name is the third of them
_FRONTS = {
    **dict.fromkeys(range(0x90, 0xA0), 1),
    0xDC: 3,
    0xDD: 5,
}  # how an array begins, how long its front is
assert FRESH == 1

Run = tuple[bytes, int]  # the numbers of the names of its cells, one a byte; the slot of its record


def fresh_runs(packed: bytes) -> list[Run] | None:
    """The runs of a layout, one whole value, of new values alone, each an atom; None for any other."""
    at, runs = _FRONTS.get(packed[0], len(packed) + 1), list[Run]()
    while at < len(packed):
        found = _RUN.match(packed, at)
        if found is None:
            return None
        slot, at = found[1], found.end()
        names = found[0][2 :: _BESIDE_SLOT + len(slot)]
        runs.append((names, int.from_bytes(slot[1:] or slot, "big")))
    return runs if at == len(packed) else None
