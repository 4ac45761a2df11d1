"""What a list was asked for: filter chips, words typed, order. A fact that rooms pass to queries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MISTAKEN = "entered_by_mistake"


class Order(StrEnum):
    """What a list is sorted by; equals follow by name."""

    NAME = "name"
    BIRTH = "birth"
    HAMLET = "hamlet"
    GROUP = "group"
    AMOUNT = "amount"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Listing:
    """Filters narrow together, the values of one filter widen; an empty filter asks nothing.

    `accounts`: none, cash, proposed, in_force. `hamlets` and `groups` know "" for people
    without one. Records entered by mistake appear only when `states` names them; a person
    without a stated state is active.
    """

    hamlets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    text: str = ""
    order: Order = Order.NAME
    descending: bool = False

    @property
    def is_filtered(self) -> bool:
        """Whether any chip is on."""
        return bool(self.hamlets or self.groups or self.accounts or self.states)
