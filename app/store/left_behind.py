"""What a laptop left behind that can speak no more: read by the recovery that its register was sealed to.

Its folder holds the vault and, since it left, `recovery.json`; the key file of one that broke, or of a
backup, does as well. Nothing in the folder is changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.domain.changes import SignedSet
from app.domain.errors import Refusal, Trouble
from app.seal.sealing import Identity
from app.store import attachments, place
from app.store.backups import VAULT, opened
from app.store.disk import read_whole
from app.store.keyslots import FILE
from app.store.leaving import RECOVERY
from app.store.slots import read_kept
from app.store.tables import changes

_WAITS = select(changes.c.body, changes.c.signature).where(changes.c.seq.is_(None)).order_by(changes.c.no)


@dataclass(frozen=True)
class LeftBehind:
    """A register as it was left. `photos`: attachments that were never sent, which only it has."""

    commune: str
    device: str
    sets: tuple[SignedSet, ...]
    photos: int


def read_left(folder: Path, identity: Identity) -> LeftBehind:
    """What still waited in it.

    Refusal("left.not_a_register"), ("recovery.another_code") when it was not sealed to this identity;
    Trouble("keyfile.damaged"), ("vault.…").
    """
    content = read_whole(folder / RECOVERY) or read_whole(folder / FILE)
    if content is None or not (folder / VAULT).exists():
        raise Refusal("left.not_a_register")
    try:
        kept = read_kept(content)
    except Trouble as error:
        raise Refusal("left.not_a_register") from error
    with opened(folder / VAULT, kept.open(identity)) as connection:
        commune, device = (place.read_text(connection, name) for name in ("commune", "device"))
        sets = tuple(SignedSet(*row) for row in connection.execute(_WAITS))
        photos = attachments.load(connection).count
    if commune != kept.commune:
        raise Trouble("keyfile.damaged")
    return LeftBehind(commune, device, sets, photos)
