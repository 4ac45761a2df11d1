"""What the laptop remembers of its vault outside of it: how far it was when it was last put away.

A page or a whole file of the database put back alone knows less than the mark says, and is found when
the vault is opened. The mark lies where the device secret lies: with the system's key store where that
keeps it, else beside it (design/security.md, The chain). Both put back together are found at the next
contact with the centre. It follows whatever the log tells besides saves (approvals, looks, exports, who came
in) at once, so that no kill of the program and no knife leaves any of that out unseen; plain saves, which
device chain and rescue capsule hold too, every twenty writes, and before the centre is spoken with, on lock,
and about a second after the last of them: whoever sits at the window calls `settle`. So a kill within that
second leaves the saves of that second out, and nothing else.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from sqlalchemy import Connection, select

from app.domain.changes import canonical, head_over
from app.domain.errors import Coded, Refusal
from app.seal.statements import read_object
from app.store import audit, device_secret, past, place
from app.store.tables import audit as log
from app.store.tables import changes, replaced

if TYPE_CHECKING:
    from app.store.vault import Vault

_EVERY = 20
_BEHIND = ("root", "seq", "head")  # a contact that left it so healed nothing
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # as the vault can hold it
_Hash = Annotated[str, msgspec.Meta(pattern=r"^(?:[0-9a-f]{2})*\Z", max_length=64)]
Older = Literal["root", "seq", "head", "own", "log", "mark", ""]


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a vault stood: seq and head; the newest set made here; the log. Hashes in hexadecimal.

    `root`: the centre that it believed, empty before it was enrolled. Whoever is in can write another into
    its rows, and with it officers and verdicts of her own.
    """

    seq: _Count
    head: _Hash
    device: str
    number: _Count
    newest: _Hash
    log: _Count
    log_hash: _Hash
    root: str = ""

    @property
    def log_head(self) -> audit.Head:
        """Where the log stood."""
        return audit.Head(self.log, bytes.fromhex(self.log_hash))


def stands(connection: Connection) -> Mark:
    """Where the vault stands now."""
    here, at = place.here(connection), audit.head(connection)
    query = select(changes.c.number, changes.c.id).where(changes.c.device == here.device)
    row = connection.execute(query.order_by(changes.c.number.desc()).limit(1)).first()
    number, newest = (row.number, row.id.hex()) if row else (0, "")
    root = place.read_text(connection, "root")
    return Mark(here.cursor, here.head.hex(), here.device, number, newest, at.no, at.hash.hex(), root)


def keep(folder: Path, mark: Mark) -> None:
    """Remember it; what was remembered before goes."""
    device_secret.keep_beside(folder, canonical(msgspec.to_builtins(mark)).decode())


def recall(folder: Path) -> Mark | None:
    """What is remembered; None where nothing is, or nothing that reads."""
    try:
        return msgspec.convert(read_object(device_secret.recall_beside(folder).encode()), Mark)
    except (Refusal, ValueError):
        return None


def older(connection: Connection, mark: Mark | None) -> Older:
    """What the vault no longer knows of that which the mark says; empty when it knows all.

    `mark`: the vault says that there was one, and there is none.
    """
    if mark is None:
        return "mark" if place.read(connection, place.MARKED) else ""
    here = place.here(connection)
    if _believes_another(connection, mark):
        return "root"
    if here.cursor < mark.seq:
        return "seq"
    if not _leads_on(connection, mark, here.cursor, here.head):
        return "head"
    own = bytes.fromhex(mark.newest)
    known = (
        connection.scalar(select(changes.c.no).where(changes.c.id == own)),
        connection.scalar(select(replaced.c.why).where(replaced.c.id == own)),
    )
    if own and known == (None, None):
        return "own"
    noted = connection.scalar(select(log.c.hash).where(log.c.no == mark.log))
    return "log" if mark.log and noted != bytes.fromhex(mark.log_hash) else ""


def _believes_another(connection: Connection, mark: Mark) -> bool:
    return bool(mark.root) and place.read_text(connection, "root") != mark.root


def _leads_on(connection: Connection, mark: Mark, cursor: int, head: bytes) -> bool:
    """Whether the journal leads from the mark's head to the vault's: what a crash left unmarked is short.

    A laptop filled anew lacks the lines between, and is as far as the centre has signed.
    """
    found, at = bytes.fromhex(mark.head), mark.seq
    lines = select(changes.c.seq, changes.c.id, changes.c.verdicts).where(changes.c.seq > mark.seq)
    for row in connection.execute(lines.order_by(changes.c.seq)):
        found, at = head_over(found, row.seq, row.id, row.verdicts or b""), at + 1
    if at != cursor:
        return mark.seq < past.below(connection)
    return found == head


class Witness:
    """Beside an open vault: looks when it is opened; remembers what the log tells, every twenty writes, when
    told to settle, on lock. `is_behind`: something was written since it last remembered.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._writes, self._told = folder, 0, 0
        self.is_behind, self._settles = False, False

    def arrive(self, connection: Connection) -> Older:
        """Before anything is written: what the vault no longer knows; noted until the centre has told it."""
        mark = recall(self._folder)
        found, self._told = older(connection, mark), audit.head(connection).no
        if found and place.read(connection, place.PUT_BACK) is None:
            place.write(connection, place.PUT_BACK, found.encode())
            audit.note(connection, "", place.PUT_BACK, detail=found)
        if mark is not None:  # it was kept once: from now on its absence is told
            place.write(connection, place.MARKED, b"yes")
        return found

    def follow(self, connection: Connection) -> None:
        """After a commit."""
        since, self._told = self._told, audit.head(connection).no
        self.is_behind = self.is_behind or self._told > since
        self._writes += 1
        if self._settles or self._writes % _EVERY == 0 or audit.besides_saves(connection, since):
            self.remember(connection)

    def settle(self, vault: Vault) -> None:
        """Remember now what was written since; nothing where nothing was."""
        if self.is_behind:
            self._settles = True
            try:
                with vault.write():  # its end is the moment at which nobody else writes
                    pass
            finally:
                self._settles = False

    def remember(self, connection: Connection) -> None:
        """Keep where the vault stands; while it is known to be older than it was, what was known stays, and
        while another centre stands in it than the one that was known.
        """
        with suppress(Coded):  # nobody's save fails for it: the next one tells
            mark = recall(self._folder)
            is_anothers = mark is not None and _believes_another(connection, mark)
            if place.read(connection, place.PUT_BACK) is None and not is_anothers:
                keep(self._folder, stands(connection))
            self.is_behind = False


def heal(connection: Connection, folder: Path) -> bool:
    """In step with the centre: whether a vault that was put back knows again all that the centre does.

    What had been written here and sent nowhere is lost with what was put back; the log says so.
    """
    place.write(connection, place.RESTORED, None)
    if place.read(connection, place.PUT_BACK) is None or older(connection, recall(folder)) in _BEHIND:
        return False
    place.write(connection, place.PUT_BACK, None)
    audit.note(connection, "", place.PUT_BACK, detail="healed")
    keep(folder, stands(connection))
    return True
