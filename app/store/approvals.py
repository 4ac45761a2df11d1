"""What the vault looks at when an officer answers a proposal: the cells, and who signed the sets behind them.

The same facts that the centre's judge will ask for, out of this laptop's copy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from app.domain.aliases import ALIAS
from app.domain.approval import gather
from app.domain.changes import Atom, On, is_set_id, parse
from app.domain.standing import Cell, RecordKey, Standing, on_of
from app.store import rows
from app.store.among import among, listed
from app.store.tables import changes, records

_ALIASES = select(records[ALIAS].c.id)
_PLACE = select(changes.c.no, changes.c.seq).where(changes.c.id == bindparam("which"))
_BODY = select(changes.c.body).where(changes.c.seq == bindparam("at"))
_WAITING = select(-changes.c.no, changes.c.id, changes.c.author).where(among(changes.c.no, "numbers"))
_PASSED = select(changes.c.seq, changes.c.id, changes.c.author).where(among(changes.c.seq, "numbers"))


@dataclass(frozen=True)
class Ground:
    """What stands around some proposals as this laptop shows it, edits that still wait included.

    A set that waits is named by its local number below zero, as in `rows`.
    """

    connection: Connection
    standing: Standing
    ids: Mapping[int, str]
    authors: Mapping[int, str]

    def on_of(self, cell: Cell | None) -> On:
        """What an approver remembers of a cell that she was shown."""
        return on_of(cell, self.ids)

    def author_of(self, seq: int) -> str:
        """Who signed the set at a seq; empty while it has not come."""
        return self.authors.get(seq, "")

    def seq_of(self, set_id: str) -> int | None:
        """Where a set stands here, None where nobody has it."""
        if not is_set_id(set_id):
            return None
        row = self.connection.execute(_PLACE, {"which": bytes.fromhex(set_id)}).first()
        return None if row is None else -row.no if row.seq is None else row.seq

    def atom_at(self, seq: int, place: int) -> Atom | None:
        """One atom of a set, by its seq and place."""
        body = self.connection.scalar(_BODY, {"at": seq})
        atoms = parse(body).atoms if body is not None else ()
        return atoms[place] if 0 <= place < len(atoms) else None


def ground(connection: Connection, proposals: Collection[str]) -> Ground:
    """All that approvals of these proposals look at."""
    standing = Standing()

    def load(keys: set[RecordKey]) -> None:
        standing.records |= rows.load(connection, keys)

    load({(ALIAS, record) for record in connection.scalars(_ALIASES)})
    for proposal in proposals:
        gather(proposal, standing, load)
    behind = {seq for cells in standing.records.values() for cell in cells.values() for seq in cell.behind}
    ids, authors = dict[int, str](), dict[int, str]()
    for seq, set_id, author in _signed(connection, behind):
        ids[seq], authors[seq] = set_id, author
    return Ground(connection, standing, ids, authors)


def _signed(connection: Connection, behind: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Seq (or local number below zero), id and author of every set that is here."""
    for asked, numbers in (
        (_WAITING, [-seq for seq in behind if seq < 0]),
        (_PASSED, [seq for seq in behind if seq > 0]),
    ):
        found = connection.execute(asked, {"numbers": listed(numbers)}) if numbers else ()
        yield from ((seq, set_id.hex(), author) for seq, set_id, author in found)
