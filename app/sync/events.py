"""Events: the centre says that a commune stands at another place; the laptop answers with an exchange.

Server-sent events, a line each: `data: <seq> <policy's version>`; a lone colon is a heartbeat. An event
says nothing else and changes nothing, so a lost, late or invented one does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from app.domain.errors import Trouble
from app.sync import messages
from app.sync.messages import PROTOCOL, Sign

MEDIA = "text/event-stream"
HEARTBEAT, HEARTBEAT_SECONDS = b":\n\n", 40.0
SILENCE_SECONDS = 100.0  # so long without a heartbeat, and the line is dead whatever TCP believes
_LINE_BYTES_MAX = 1_000
_EVENT = re.compile(rb"data: ([0-9]{1,10}) ([0-9]{1,10})")


class ListenRequest(msgspec.Struct, array_like=True, frozen=True):
    """Who wishes to hear of its commune."""

    protocol: int
    commune: str
    device: str


@dataclass(frozen=True)
class Told:
    """Where the centre says to stand."""

    seq: int
    policy: int


NOWHERE = Told(0, 0)


def ask(commune: str, device: str, sign: Sign) -> bytes:
    """The signed words of a laptop that wishes to listen."""
    return messages.write(ListenRequest(PROTOCOL, commune, device), f"{commune}/{device}", sign)


def written(told: Told) -> bytes:
    """An event."""
    return b"data: %d %d\n\n" % (told.seq, told.policy)


def read(chunks: Iterable[bytes]) -> Iterator[Told]:
    """The events out of what came over the line; Trouble("sync.offline") for what is none."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > _LINE_BYTES_MAX:
            raise Trouble("sync.offline")
        for line in lines:
            found = _EVENT.fullmatch(line)
            if found:
                yield Told(int(found[1]), int(found[2]))
            elif line.strip(b":\r"):
                raise Trouble("sync.offline")  # somebody's page, not the centre's line
