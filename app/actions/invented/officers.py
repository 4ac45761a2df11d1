"""Who sits at a training laptop: an officer and whoever approves; at each laptop of a machine two others.

Two laptops of one invented commune show what syncing does, and "who wrote this" tells nothing where both
officers have one name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Seats:
    """Two invented officers by their names."""

    officer: str
    approver: str  # the second pair of eyes, who types the same password


SEATS = (
    Seats("Lò Thị Hạnh", "Quàng Văn Quyết"),
    Seats("Vàng Thị Mỷ", "Cà Văn Thưởng"),
    Seats("Tòng Thị Inh", "Giàng A Sùng"),
    Seats("Lường Thị Xôm", "Vì Văn Định"),
)


def seats(own: Collection[str], others: Collection[str]) -> Seats:
    """As they sit here already (`own`, by name), else the first whom no other laptop of this machine has."""
    known = next((each for each in SEATS if each.officer in own), None)
    free = next((each for each in SEATS if each.officer not in others), SEATS[-1])
    return known or free
