"""What whoever holds the database key can do to a journal and to the log: seeded, by direct SQL."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random

from sqlalchemy import Connection, text

Attack = Callable[[Connection, Random], None]
_COLUMNS = ("id", "body", "signature", "verdicts")
_SAID = ("device", "number", "author", "clock", "reason")


def _seqs(connection: Connection) -> list[int]:
    return list(connection.scalars(text("SELECT seq FROM changes WHERE seq > 0 ORDER BY seq")))


def _bent(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]


def edit_a_byte(connection: Connection, chance: Random) -> None:
    """One bit of one blob of one line, of those that wait too."""
    no = chance.choice(list(connection.scalars(text("SELECT no FROM changes"))))
    name = chance.choice(_COLUMNS)
    found = connection.scalar(text(f"SELECT {name} FROM changes WHERE no = :no"), {"no": no})
    if found is None:  # no verdicts yet
        name = "signature"
        found = connection.scalar(text("SELECT signature FROM changes WHERE no = :no"), {"no": no})
    assert found is not None
    bent = _bent(found, chance)
    connection.execute(text(f"UPDATE changes SET {name} = :bent WHERE no = :no"), {"bent": bent, "no": no})


def edit_a_body_and_its_hash(connection: Connection, chance: Random) -> None:
    """The body altered, and the id made to fit it."""
    seq = chance.choice(_seqs(connection))
    body = connection.scalar(text("SELECT body FROM changes WHERE seq = :seq"), {"seq": seq})
    assert body is not None
    bent = _bent(body, chance)
    made = {"body": bent, "id": hashlib.sha256(bent).digest(), "seq": seq}
    connection.execute(text("UPDATE changes SET body = :body, id = :id WHERE seq = :seq"), made)


def edit_what_is_said(connection: Connection, chance: Random) -> None:
    """A column that repeats what was signed."""
    seq, name = chance.choice(_seqs(connection)), chance.choice(_SAID)
    bent = "x" if name in ("device", "author", "reason") else chance.randrange(1 << 40)
    connection.execute(
        text(f"UPDATE changes SET {name} = :bent WHERE seq = :seq"), {"bent": bent, "seq": seq}
    )


def leave_another_type(connection: Connection, chance: Random) -> None:
    """A text where bytes or a number were, bytes where a text was: SQLite keeps either."""
    said = ("device", "author", "reason", "number", "clock")
    column = chance.choice(("id", "body", "signature", "verdicts", *said))
    other = "x'c3'" if column in said[:3] else "'x'"
    edit = f"UPDATE changes SET {column} = {other} WHERE seq = :seq"
    connection.execute(text(edit), {"seq": chance.choice(_seqs(connection))})


def delete_a_line(connection: Connection, chance: Random) -> None:
    """Any line, of those that wait too."""
    no = chance.choice(list(connection.scalars(text("SELECT no FROM changes"))))
    connection.execute(text("DELETE FROM changes WHERE no = :no"), {"no": no})


def close_the_gap(connection: Connection, chance: Random) -> None:
    """A line deleted, and those after it moved down, the cursor with them."""
    seqs = _seqs(connection)
    gone = chance.choice(seqs)
    connection.execute(text("DELETE FROM changes WHERE seq = :seq"), {"seq": gone})
    for seq in seqs[gone:]:
        connection.execute(text("UPDATE changes SET seq = :to WHERE seq = :seq"), {"to": seq - 1, "seq": seq})
    _move_cursor(connection, len(seqs) - 1)


def swap_two_lines(connection: Connection, chance: Random) -> None:
    """Two lines change places."""
    one, other = chance.sample(_seqs(connection), 2)
    for seq, to in ((one, -9), (other, one), (-9, other)):
        connection.execute(text("UPDATE changes SET seq = :to WHERE seq = :seq"), {"to": to, "seq": seq})


def swap_what_was_signed(connection: Connection, chance: Random) -> None:
    """Two lines exchange bodies and signatures, everything else stays."""
    one, other = chance.sample(_seqs(connection), 2)
    query = "SELECT body, signature FROM changes WHERE seq = :seq"
    held = {seq: connection.execute(text(query), {"seq": seq}).one() for seq in (one, other)}
    for seq, taken in ((one, held[other]), (other, held[one])):
        made = {"body": taken.body, "signature": taken.signature, "seq": seq}
        connection.execute(text("UPDATE changes SET body=:body, signature=:signature WHERE seq=:seq"), made)


def truncate(connection: Connection, chance: Random) -> None:
    """The newest lines go; half the time the cursor says so too."""
    seqs = _seqs(connection)
    last = chance.randrange(len(seqs))
    connection.execute(text("DELETE FROM changes WHERE seq > :last"), {"last": last})
    if chance.random() < 0.5:
        _move_cursor(connection, last)


def let_a_refused_one_in(connection: Connection, chance: Random) -> None:
    """Verdicts exchanged for others that read well."""
    seq = chance.choice(_seqs(connection))
    packed = connection.scalar(text("SELECT verdicts FROM changes WHERE seq = :seq"), {"seq": seq})
    assert packed is not None
    count = packed[1:].split(b",")[0]
    made = b"[%s,%d,[]]" % (count, chance.randrange(1 << 60))
    connection.execute(
        text("UPDATE changes SET verdicts = :made WHERE seq = :seq"), {"made": made, "seq": seq}
    )


def edit_the_log(connection: Connection, chance: Random) -> None:
    """An entry of the log: who, what, when, or its hash."""
    no = chance.choice(list(connection.scalars(text("SELECT no FROM audit"))))
    name = chance.choice(("at", "officer", "act", "kind", "record", "detail", "previous", "hash"))
    bent = chance.randbytes(32) if name in ("previous", "hash") else "x"
    connection.execute(text(f"UPDATE audit SET {name} = :bent WHERE no = :no"), {"bent": bent, "no": no})


def delete_from_the_log(connection: Connection, chance: Random) -> None:
    """An entry goes, or all from it on."""
    no = chance.choice(list(connection.scalars(text("SELECT no FROM audit"))))
    sign = chance.choice(("=", ">="))
    connection.execute(text(f"DELETE FROM audit WHERE no {sign} :no"), {"no": no})


def swap_in_the_log(connection: Connection, chance: Random) -> None:
    """Two entries change places."""
    one, other = chance.sample(list(connection.scalars(text("SELECT no FROM audit"))), 2)
    for no, to in ((one, -9), (other, one), (-9, other)):
        connection.execute(text("UPDATE audit SET no = :to WHERE no = :no"), {"to": to, "no": no})


def _move_cursor(connection: Connection, to: int) -> None:
    connection.execute(text("UPDATE place SET value=:to WHERE name='cursor'"), {"to": str(to).encode()})


ATTACKS: tuple[Attack, ...] = (
    edit_a_byte,
    edit_a_body_and_its_hash,
    edit_what_is_said,
    leave_another_type,
    delete_a_line,
    close_the_gap,
    swap_two_lines,
    swap_what_was_signed,
    truncate,
    let_a_refused_one_in,
    edit_the_log,
    delete_from_the_log,
    swap_in_the_log,
)
