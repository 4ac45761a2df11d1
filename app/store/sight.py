"""What an officer may see, laid over a reading connection: views of the same names as the tables.

SQLite resolves a bare name to `temp` before `main`, so every query, of whichever room, list, count, search
or export, reads her part of the register without knowing: none can forget to ask. What is not hers is not
there; a field that does not show to her is empty. What must read all (sync, sticks, looking the register
over) says so: `Vault.whole`. The writing connection sees all too; there her pen is asked (`rights.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, event

from app.domain.sight import WHOLE, Sight
from app.store import drafts
from app.store.tables import records, replica

# Reckoned from fields: whoever does not see those does not see these.
_RECKONED = {
    ("person", "group_codes"): ("entitlement", "group"),
    ("person", "monthly_amount"): ("entitlement", "amount"),
    ("person", "account_state"): ("person", "receiving_account"),
}
_OWN = ("submission", "content")  # hers shows to her, for she asked: she may correct it
_HAMLETS = "(SELECT value FROM temp.sight WHERE what = 'hamlet')"
_OFFICER = "(SELECT value FROM temp.sight WHERE what = 'officer')"
_HER_SETS = f"(SELECT seq FROM main.changes WHERE author = {_OFFICER} AND seq IS NOT NULL)"
# Whether anybody lives outside of her hamlets: by the index, hamlet by hamlet, not person by person.
_OUTSIDE = f"""
    WITH RECURSIVE states(name) AS (
        SELECT min(state) FROM main.person
        UNION ALL SELECT (SELECT min(state) FROM main.person WHERE state > states.name)
        FROM states WHERE name IS NOT NULL
    ), places(state, hamlet) AS (
        SELECT name, (SELECT min(hamlet) FROM main.person WHERE state = states.name)
        FROM states WHERE name IS NOT NULL
        UNION ALL SELECT state, (
            SELECT min(hamlet) FROM main.person WHERE state = places.state AND hamlet > places.hamlet
        ) FROM places WHERE hamlet IS NOT NULL
    )
    SELECT 1 FROM places WHERE hamlet NOT IN {_HAMLETS}
    UNION ALL SELECT 1 FROM states
    WHERE EXISTS (SELECT 1 FROM main.person WHERE state = states.name AND hamlet IS NULL)
    UNION ALL SELECT 1 WHERE EXISTS (SELECT 1 FROM main.person WHERE state IS NULL)
    LIMIT 1
"""
_ALL_HERS = "EXISTS (SELECT 1 FROM temp.sight WHERE what = 'all')"
_OF_RECORDS = ("touched", "accepted", "diverged")
_HINT = re.compile(r" INDEXED BY \w+")
_INFO = "sight"


def bound(engine: Engine, sight: Sight, officer: str) -> None:
    """Every connection of this engine sees that much from now on."""

    @event.listens_for(engine, "connect")
    def lay(raw: Any, record: Any) -> None:
        raw.execute("PRAGMA query_only = OFF")  # views of one's own are writes too
        for statement, values in _statements(sight, officer):
            raw.execute(statement, values)
        raw.execute("PRAGMA query_only = ON")
        record.info[_INFO] = sight

    @event.listens_for(engine, "begin")
    def look(connection: Connection) -> None:
        """In the very view of the register that is read: another's save may have brought a hamlet."""
        raw = connection.connection.dbapi_connection
        if raw is not None and sight.hamlets and raw.execute(_OUTSIDE).fetchone() is None:
            raw.execute("PRAGMA query_only = OFF")
            raw.execute("INSERT INTO temp.sight VALUES ('all', '')")  # taken back when the reading ends
            raw.execute("PRAGMA query_only = ON")

    # A view has no index of its own; SQLite finds those beneath by itself.
    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def unhinted(*said: Any) -> tuple[str, Any]:
        _connection, _cursor, statement, parameters, *_rest = said
        return _HINT.sub("", statement), parameters


def shows(connection: Connection, kind: str, cell: str) -> bool:
    """Whether a field shows on this connection: for what is read out of sets, where no view hides it."""
    sight: Sight = connection.info.get(_INFO, WHOLE)
    return sight.shows(kind, cell.partition("/")[0])


def hamlets(connection: Connection) -> tuple[str, ...]:
    """The only hamlets whose people show on this connection; none of them for who sees everybody.

    For what finds faster where it knows: it hides nothing, the views do.
    """
    sight: Sight = connection.info.get(_INFO, WHOLE)
    return () if sight.everybody else sight.hamlets


def _statements(sight: Sight, officer: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "CREATE TEMP TABLE sight (what TEXT NOT NULL, value TEXT NOT NULL)", ()
    said = [("officer", officer), *(("hamlet", hamlet) for hamlet in sight.hamlets)]
    yield from (("INSERT INTO temp.sight VALUES (?, ?)", line) for line in said)
    for name, table in records.items():
        yield _view(table, sight, _seen_records(name, sight)), ()
    if not sight.everybody:
        for name, rule in _seen_rest(sight).items():
            yield _view(replica.tables[name], sight, rule), ()


def _view(table: Table, sight: Sight, rule: str) -> str:
    shown = ", ".join(_column(table.name, column.name, sight) for column in table.columns)
    return f'CREATE TEMP VIEW "{table.name}" AS SELECT {shown} FROM main."{table.name}" WHERE {rule}'


def _column(table: str, column: str, sight: Sight) -> str:
    field = _RECKONED.get((table, column), (table, column))
    if (table, column) == _OWN and not sight.shows(*_OWN):
        return f'CASE WHEN officer = {_OFFICER} THEN "{column}" END AS "{column}"'
    is_hidden = table in records and column not in ("no", "id", "behind") and not sight.shows(*field)
    if is_hidden and column == "account_state":  # who is shown as somebody else is no secret, and not two
        return "CASE account_state WHEN 'joined' THEN 'joined' END AS account_state"
    return f'NULL AS "{column}"' if is_hidden else f'"{column}"'


def _seen_records(kind: str, sight: Sight) -> str:
    """Whose records: by the hamlet that a person lives in now."""
    if sight.everybody:
        # What two wrote apart is shown whole or not at all.
        return "0" if kind == "conflict" and sight.hidden else "1"
    match kind:
        case "person":
            return f"hamlet IN {_HAMLETS}"
        case "household":
            return f"(hamlet IN {_HAMLETS} OR (hamlet IS NULL AND {_lives('household.id', 'household')}))"
        case "pair":
            return f"{_lives('pair.person')} AND {_lives('pair.other')}"
        case "alias":
            return f"{_lives('alias.id')} AND {_lives('alias.survivor')}"
        case "assignment" | "visit" | "submission":
            return f"hamlet IN {_HAMLETS}"
        case "seen":
            return f"officer = {_OFFICER}"
        case "appointment":
            return "1"  # of officers, not of people
        case _ if "person" in records[kind].c:
            return _lives(f'"{kind}".person')
    return "0"


def _lives(whose: str, column: str = "id") -> str:
    lives = f"hers.{column} = {whose} AND hers.hamlet IN {_HAMLETS}"
    return f"EXISTS (SELECT 1 FROM main.person AS hers WHERE {lives})"


def _seen_rest(sight: Sight) -> dict[str, str]:
    """What lies beside the records: by the record it is about, or by who wrote it."""
    theirs = "0" if sight.is_nobody else "(seq IS NOT NULL AND why IS NULL)"
    own_drafts = "0" if sight.is_nobody else f"subject LIKE '%{drafts.OWN}' || {_OFFICER}"
    return {
        **{name: _any_of("record") for name in _OF_RECORDS},
        # By each row, not by a list of all of hers: a key finds two hundred. Where everybody is hers, nobody
        # is looked up: the names are laid out from people's own rows.
        "name_order": f"({_ALL_HERS} OR {_lives('name_order.person', 'no')})",
        "alike": " AND ".join(_lives(f'alike."{side}"', "no") for side in ("first", "second")),
        "uncompared": _lives("uncompared.person", "no"),
        "overwritten": f"lost IN {_HER_SETS}",
        "refused": f"seq IN {_HER_SETS}",
        "replaced": "0",
        "changes": f"(author = {_OFFICER} OR {theirs})",
        "drafts": own_drafts,
    }


def _any_of(column: str) -> str:
    asked = (f'EXISTS (SELECT 1 FROM temp."{kind}" AS hers WHERE hers.id = {column})' for kind in records)
    return f"({' OR '.join(asked)})"
