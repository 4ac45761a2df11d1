"""A backup becomes this laptop's register, or is only tried: on the machine where it was made, or on another.

It opens as it opened then: by an officer's password where this laptop has the secret of that day and she
still has her key here, else by the printed code, which gives her a new password. All of it happens beside
what stands; the present register is put aside, not deleted, and only once the other one was verified. A
restored laptop goes on under a new id, so that no number is given twice, and a proposal tells everybody
that it was restored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec

from app.actions import backups as announcing
from app.bootstrap import entering
from app.bootstrap.entering import Entered, now_ms
from app.bootstrap.shelves import Shelf
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.seal.recovery import recovery_identity
from app.store import backups, device_secret, keyslots, rekeying, renewal, replacing, rescue, witness
from app.store.backups import Backup
from app.store.disk import flush_file, plain_words, read_whole, require_room, write_whole
from app.store.keyslots import Unlocked
from app.store.laptop import CommuneFolder
from app.store.rekeying import Register
from app.store.slots import Contents, decode, encode
from app.store.soundness import Soundness
from app.store.throttle import Moment
from app.store.vault import Vault, require_nobody_in

_SPARE_BYTES = 32 << 20
_PIECE_BYTES = 4 << 20


@dataclass(frozen=True)
class ByPassword:
    """An officer of that day, with her password of that day; on the laptop where it was made."""

    officer: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class ByCode:
    """The sheet from the safe, as it was that day; `password`: the officer's new one."""

    code: str = field(repr=False)
    officer: str
    password: str = field(repr=False)


Way = ByPassword | ByCode


@dataclass(frozen=True)
class Tried:
    """What a drill found: the backup opens, holds, and this program can work with it."""

    backup: Backup
    sound: Soundness
    photos: int


def officers(backup: Backup, at: Shelf) -> tuple[tuple[str, str], ...]:
    """Whose slots the backup holds, as id and name. Trouble("keyfile.…")."""
    content = read_whole(backup.path / backups.KEYS)
    if content is None:
        raise Trouble("keyfile.missing")
    return tuple((slot.officer, slot.name) for slot in decode(content, at.guard().least).slots)


def opens_by_password(at: Shelf) -> bool:
    """Whether this laptop has a secret under which the slots of a backup may open."""
    return read_whole(at.folder.path / device_secret.FILE) is not None


def rehearse(progress: Progress, at: Shelf, backup: Backup, way: Way) -> Tried:
    """Everything that restoring does, beside what stands, and away again: so a backup is known to be one.

    The refusals of `restore`.
    """
    with _opened(progress, at, backup, way) as (staged, _way_in, sound, vault):
        vault.lock()
        photos = len([*staged.folder.files.iterdir()]) if staged.folder.files.exists() else 0
        return Tried(backup, sound, photos)


def restore(progress: Progress, at: Shelf, backup: Backup, way: Way, reference: Reference) -> Entered:
    """The backup in the place of what stands here; the officer at her desk, with a new code to print if the
    old one was used.

    Refusal("backup.other_commune"); what unlocking or the printed code refuses; Trouble("backup.altered"),
    ("backup.unsound"), ("disk.no_room"), ("vault.in_use"). Whatever is raised, what stood here stands.
    """
    moment = now_ms()
    with _opened(progress, at, backup, way) as (staged, way_in, _sound, vault):
        try:
            unlocked, code = _let_in(progress, staged, vault, way, way_in)
            with vault.write() as connection:
                renewal.begin_anew(connection)
            announcing.announce(entering.desk_of(staged, unlocked, vault, reference), backup)
        finally:
            vault.lock()
        progress.step(1, 1, "Putting it in its place")
        require_nobody_in(at.folder.vault)
        rescue.carry(at.folder.path, staged.folder.path)
        replacing.swap(staged.folder.path, at.folder.path, moment)
    restored = Vault.open(at.folder.vault, unlocked.database_key)
    with restored.read() as connection:  # it knows less than it did, and is meant to
        witness.keep(at.folder.path, witness.stands(connection))
    return entering.enter(at, unlocked, restored, reference, code)


@contextmanager
def _opened(
    progress: Progress, at: Shelf, backup: Backup, way: Way
) -> Iterator[tuple[Shelf, Unlocked | bytes, Soundness, Vault]]:
    """The backup beside what stands: copied, opened, verified, brought up to date; gone again at the end."""
    if backup.about.commune != at.place.code:
        raise Refusal("backup.other_commune", theirs=backup.about.commune, ours=at.place.code)
    require_room(at.folder.path, 2 * backup.about.size + _SPARE_BYTES)
    with replacing.staged(at.folder.path, now_ms()) as beside:
        staged = Shelf(CommuneFolder(beside), at.place)
        _copy(progress, backup, beside)
        way_in = _way_in(at, staged, way)
        key = way_in if isinstance(way_in, bytes) else way_in.database_key
        sound = backups.verify(progress, Backup(beside, backup.about), key)
        for source in (backup.path.parent / backups.FILES, at.folder.files):
            backups.carry_files(progress, source, staged.folder.files)
        progress.step(0, 0, "Bringing it up to date")
        vault = Vault.open(staged.folder.vault, key, keeps_former=False)
        try:
            yield staged, way_in, sound, vault
        finally:
            vault.lock()


def _copy(progress: Progress, backup: Backup, beside: Path) -> None:
    total, (came, went) = backup.about.size, (each / backups.VAULT for each in (backup.path, beside))
    with plain_words():
        try:
            with came.open("rb") as source, went.open("xb") as copy:
                for at, piece in enumerate(iter(partial(source.read, _PIECE_BYTES), b"")):
                    progress.step(min(at * _PIECE_BYTES, total) >> 20, total >> 20, "Copying the backup")
                    copy.write(piece)
            flush_file(went)
        except FileNotFoundError as error:
            raise Trouble("backup.altered") from error
    keys = read_whole(backup.path / backups.KEYS)
    if keys is None:
        raise Trouble("keyfile.missing")
    write_whole(beside / keyslots.FILE, keys)


def _let_in(
    progress: Progress, staged: Shelf, vault: Vault, way: Way, way_in: Unlocked | bytes
) -> tuple[Unlocked, str]:
    """The officer as she signs from now on, and a new code to print where the old one was used."""
    if not isinstance(way_in, bytes):
        return way_in, ""
    register = Register(vault, staged.keyfile())
    return rekeying.let_in(register, way_in, way.officer, way.password, Moment.now(), progress)


def _way_in(at: Shelf, staged: Shelf, way: Way) -> Unlocked | bytes:
    """What her password gives, or the database key alone that the sheet from the safe gives."""
    secret = read_whole(at.folder.path / device_secret.FILE)
    if secret is not None:
        write_whole(staged.folder.path / device_secret.FILE, secret)
    keyfile = staged.keyfile()
    if isinstance(way, ByCode):
        rekeying.whose(keyfile.read(), way.officer)  # said before an hour of copying
        return keyfile.recoverable(recovery_identity(way.code))
    if secret is None:
        raise Refusal("backup.needs_code")
    _require_hers_still(at, keyfile.read(), way.officer)
    _carry_tries(at.folder.path, staged.folder.path, at)
    try:
        return keyfile.unlock(way.officer, way.password, Moment.now())
    except BaseException:  # a former password forgives no tries of the one that counts
        _carry_tries(staged.folder.path, at.folder.path, at)
        raise


def _require_hers_still(at: Shelf, then: Contents, officer: str) -> None:
    """Refusal("backup.needs_code") for who has left this laptop since, or came in by another key.

    Where the present key file does not read, nobody can tell; her slot and this laptop's secret let her in.
    """
    now = _decoded(at.folder.path, at)
    if now is not None and (officer, then.slot(officer).public) not in {
        (slot.officer, slot.public) for slot in now.slots
    }:
        raise Refusal("backup.needs_code")


def _carry_tries(source: Path, target: Path, at: Shelf) -> None:
    """A wrong password counts wherever it is typed: a backup is no way around the waiting."""
    there, here = _decoded(source, at), _decoded(target, at)
    if there is not None and here is not None:
        write_whole(target / keyslots.FILE, encode(msgspec.structs.replace(here, tries=there.tries)))


def _decoded(folder: Path, at: Shelf) -> Contents | None:
    """A key file; None for one that is missing or damaged, which may be the reason to restore."""
    content = read_whole(folder / keyslots.FILE)
    try:
        return None if content is None else decode(content, at.guard().least)
    except Trouble:
        return None
