"""Who runs the centre, and what each of them did: of the centre as a whole, in no exchange."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from app.domain.errors import Refusal
from app.store.central_tables import deed, operator
from app.store.roster import ACTIVE, REVOKED

COMMAND_LINE = "root"  # whoever can read the centre's keys needs no sign-in


@dataclass(frozen=True)
class Operator:
    """An operator. `session` moves on when she signs out: older cookies are none.

    `wrong`: passwords in a row; `wait_until`: when the next is looked at (milliseconds since 1970).
    """

    operator: str
    name: str
    password: str = field(repr=False)
    standing: str = ACTIVE
    session: int = 0
    wrong: int = 0
    wait_until: int = 0


@dataclass(frozen=True)
class Deed:
    """What an operator did, when (milliseconds since 1970); `subject` of commune `about`."""

    at: int
    operator: str
    act: str
    about: str = ""
    subject: str = ""
    detail: str = ""


def add_operator(connection: Connection, found: Operator) -> None:
    """Let somebody sign in. Refusal("central.operator_known") when the name is taken."""
    if find_operator(connection, found.operator):
        raise Refusal("central.operator_known")
    row = {"operator": found.operator, "name": found.name, "standing": found.standing}
    connection.execute(insert(operator).values(password=found.password, **row))


def find_operator(connection: Connection, name: str, *, lock: bool = False) -> Operator | None:
    """One operator; with `lock`, nobody else counts her tries until the transaction ends."""
    mine = select(operator).where(operator.c.operator == name)
    row = connection.execute(mine.with_for_update() if lock else mine).first()
    return Operator(**row._mapping) if row else None


def operators(connection: Connection) -> list[Operator]:
    """Every operator, also those who left."""
    rows = connection.execute(select(operator).order_by(operator.c.operator))
    return [Operator(**row._mapping) for row in rows]


def dismiss(connection: Connection, name: str) -> None:
    """Let an operator sign in no more. Refusal("central.no_such_operator")."""
    if find_operator(connection, name) is None:
        raise Refusal("central.no_such_operator")
    mine = update(operator).where(operator.c.operator == name)
    connection.execute(mine.values(standing=REVOKED, session=operator.c.session + 1))


def count_try(connection: Connection, name: str, wrong: int, wait_until: int) -> None:
    """Remember how many wrong passwords in a row there were, and from when the next one is looked at."""
    mine = update(operator).where(operator.c.operator == name)
    connection.execute(mine.values(wrong=wrong, wait_until=wait_until))


def end_sessions(connection: Connection, name: str) -> None:
    """Sign an operator out wherever she is signed in."""
    mine = update(operator).where(operator.c.operator == name)
    connection.execute(mine.values(session=operator.c.session + 1))


def note(connection: Connection, found: Deed) -> None:
    """Write a deed down, in the transaction that does it."""
    row = {"at": found.at, "operator": found.operator, "act": found.act, "about": found.about}
    connection.execute(insert(deed).values(subject=found.subject, detail=found.detail, **row))


def deeds(connection: Connection, limit: int = 200) -> list[Deed]:
    """The newest deeds, newest first."""
    columns = [deed.c[name] for name in ("at", "operator", "act", "about", "subject", "detail")]
    rows = connection.execute(select(*columns).order_by(deed.c.no.desc()).limit(limit))
    return [Deed(*row) for row in rows]
