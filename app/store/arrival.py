"""What happens first in a vault that an officer has just unlocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.store import audit, place
from app.store.keyslots import Unlocked


@dataclass(frozen=True)
class Arrival:
    """For the line that greets her: when she was last here (UTC, empty for never), and wrong tries since."""

    last_here: str
    wrong_tries: int


def slot_number(officer: str) -> str:
    """Under which name the vault remembers the number of an officer's newest slot."""
    return f"slot_number.{officer}"


def role_of(officer: str) -> str:
    """Under which name the vault keeps the roles an officer began with, until the centre certifies some."""
    return f"role/{officer}"


def began(connection: Connection, officer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that an officer has here while no centre has certified any, and a surveyor's hamlets."""
    roles, *hamlets = place.read_text(connection, role_of(officer)).split("\n")
    return tuple(roles.split()) or ("officer",), tuple(hamlets)


def begin(connection: Connection, officer: str, roles: Sequence[str], hamlets: Sequence[str] = ()) -> None:
    """Have her begin with these."""
    place.write(connection, role_of(officer), "\n".join([" ".join(roles), *hamlets]).encode())


def arrive(connection: Connection, unlocked: Unlocked) -> Arrival:
    """Note that the officer is here.

    Refusal("keyfile.put_back") when the vault has seen a newer slot of hers: an older key file,
    with an older password, lies beside it.
    """
    officer = unlocked.officer.id
    name = slot_number(officer)
    if unlocked.slot_number < int(place.read_text(connection, name) or 0):
        raise Refusal("keyfile.put_back")
    place.write(connection, name, str(unlocked.slot_number).encode())
    for spoilt in unlocked.spoilt:  # on the screen it looked like a wrong password
        audit.note(connection, officer, "slot_spoilt", kind="officer", record=spoilt)
    arrival = Arrival(audit.last_time(connection, officer, "unlock"), unlocked.wrong_tries)
    detail = f"wrong_tries={unlocked.wrong_tries}" if unlocked.wrong_tries else ""
    audit.note(connection, officer, "unlock", detail=detail)
    return arrival
