"""The kinds of part that a bundle's payload is made of, and the errands in which they travel."""

from __future__ import annotations

from enum import IntEnum


class Part(IntEnum):
    """What one part is. The numbers are written on sticks: none is ever given anew."""

    APPLICATION = 1  # laptop → centre: enrol me
    REQUEST = 2
    LACKING = 3  # how much of the past has not come
    PIECE = 4  # of an attachment
    WELCOME = 10  # centre → laptop: enrolled
    POLICY = 11
    SNAPSHOT = 12
    BLOCK = 13
    RESPONSE = 14
    HISTORY = 15
    HELD = 16  # an attachment that is whole at the centre
    CENTRE = 20  # laptop → laptop: who the centre is
    HEAD = 21  # as the centre signed it
    ENTRIES = 22
    WAITING = 23  # sets that the centre has not seen
    FILE = 24  # a piece of an attachment, as it is
    TRANSFER = 30  # commune → commune, by the centre
    MOVES = 31  # laptop → centre: by which sets people moved, whose parcels are asked for

    @property
    def word(self) -> str:
        """As manifests write it."""
        return self.name.lower()


# Signed one by one by whoever signed the manifest. (An application proves its key in its own way.)
MESSAGES = frozenset(
    {
        Part.REQUEST,
        Part.LACKING,
        Part.PIECE,
        Part.MOVES,
        Part.WELCOME,
        Part.SNAPSHOT,
        Part.RESPONSE,
        Part.HISTORY,
        Part.HELD,
    }
)
REQUEST, RESPONSE, LAPTOP, TRANSFER = "request", "response", "laptop", "transfer"
