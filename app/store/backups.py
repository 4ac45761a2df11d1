"""Backups of a register: copies that were opened, read through and verified before they count.

<place>/<moment>/  vault.db  keys.json  about.json       one backup, readable alone
<place>/files/                                           sealed attachments, each copied once (`carry_files`)

A backup is made in a folder whose name no reader takes and gets its own name last. What it opens with is
what opened the register then: the officers' slots of that day, or the recovery identities. `about.json`
says what it holds and is vouched for under its key, so that a page or a file put in later is found.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from app.domain.changes import canonical
from app.domain.errors import Refusal, Trouble
from app.domain.ids import machine_of
from app.domain.progress import Progress
from app.seal.statements import read_object
from app.seal.wrapping import Hardness, derived_key, unwrap, wrap
from app.store import keyslots, place, schema
from app.store.connections import COPY, PAGE, make_engine, plainly
from app.store.copying import copy_whole
from app.store.disk import (
    flush_file,
    flush_folder,
    make_folder,
    plain_words,
    read_whole,
    require_room,
    sha256_of,
    write_whole,
)
from app.store.replacing import BACKUPS
from app.store.rotation import outlived
from app.store.slots import decode
from app.store.soundness import Soundness, look_through

FOLDER = BACKUPS
VAULT, KEYS, ABOUT, FILES = keyslots.VAULT, keyslots.FILE, "about.json", "files"
DAILY, IMPORT, MIGRATION, REKEY, ASKED = "daily", "import", "migration", "rekey", "asked"
_FORM = 1
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")
_SPARE_BYTES = 32 << 20
_ANY = Hardness(memory_kib=0, passes=0, lanes=0)  # how hard its slots are is asked where they open


@dataclass(frozen=True)
class Original:
    """What is copied: the vault's file and its key; the key file lies beside it."""

    vault: Path
    key: bytes = field(repr=False)


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself: no person, no place but the commune's code."""

    form: int
    commune: str
    device: str
    made: str
    why: str
    revision: str
    size: int
    sha256: str
    people: int
    cursor: int
    waiting: int
    log: int
    faults: int = 0
    vouched: str = ""

    @property
    def said(self) -> bytes:
        """What the vouching covers."""
        return canonical(msgspec.to_builtins(msgspec.structs.replace(self, vouched="")))


@dataclass(frozen=True)
class Backup:
    """One that has its name, and so was verified when it was made."""

    path: Path
    about: About

    @property
    def made(self) -> datetime:
        """When."""
        return datetime.fromisoformat(self.about.made)


def make(progress: Progress, original: Original, where: Path, why: str) -> Backup:
    """Copy, verify, name; then the ones that outlived their use go.

    Trouble("disk.…") or ("backup.unsound") when what was copied does not hold, or its key file opens it not;
    nothing half is left, and every backup that stood before stands. Before a migration an unsound one is
    kept too, and says so: it is all there is.
    """
    make_folder(where)
    _sweep(where)
    require_room(where, _size(original.vault) + _SPARE_BYTES)
    part = where / f".{datetime.now(UTC):%Y%m%dT%H%M%S%f}.part"
    try:
        with plain_words():
            part.mkdir(mode=0o700)
        _copy(progress, original, part / VAULT)
        _copy_keys(original.vault.parent / KEYS, part)
        about = _about(progress, original, part, why)
        if about.faults and why != MIGRATION:
            raise Trouble("backup.unsound", count=about.faults)  # noqa: TRY301 - swept like any other
        write_whole(part / ABOUT, canonical(msgspec.to_builtins(about)))
        whole = _named(part, where)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for old in outlived(_rotating(where, about), datetime.now(UTC)):
        remove(old)
    return Backup(whole, about)


def _rotating(where: Path, made: About) -> dict[Path, datetime]:
    """Those that a new one may take the place of: another laptop's are not, nor does one with faults."""
    if made.faults:
        return {}
    return {
        each.path: each.made
        for each in listed(where)
        if not each.about.faults and machine_of(each.about.device) == machine_of(made.device)
    }


def listed(where: Path) -> list[Backup]:
    """The backups in a place, the newest first; what does not read, or is a newer program's, is left out."""
    found = []
    with plain_words():
        folders = sorted(where.iterdir(), reverse=True) if where.is_dir() else []
    for folder in folders:
        if _MOMENT.fullmatch(folder.name):
            with suppress(Trouble, Refusal):
                found.append(read(folder))
    return found


def read(folder: Path) -> Backup:
    """What a folder says of itself.

    Trouble("backup.none") for one that is no backup, Refusal("backup.newer") for a newer program's.
    """
    try:
        said = read_object(read_whole(folder / ABOUT) or b"")
    except Refusal as error:
        raise Trouble("backup.none") from error
    if isinstance(form := said.get("form"), int) and form > _FORM:  # it may say other things too
        raise Refusal("backup.newer")
    try:
        about = msgspec.convert(said, About)
        datetime.fromisoformat(about.made)
    except (ValueError, msgspec.ValidationError) as error:
        raise Trouble("backup.none") from error
    return Backup(folder, about)


def verify(progress: Progress, backup: Backup, key: bytes) -> Soundness:
    """Everything that can be told with its key: that it is as it was made, and holds by the chain.

    Trouble("backup.altered") when a byte is not as it was, ("backup.unsound") when it does not hold,
    Trouble("vault.wrong_key") for another key.
    """
    about = backup.about
    vault = backup.path / VAULT
    progress.step(0, 0, "Comparing the copy with what it was")
    if not vault.exists() or sha256_of(vault) != about.sha256:
        raise Trouble("backup.altered")
    with opened(vault, key) as connection:
        schema.revision_of(connection)  # a wrong key is said to be one
    try:
        unwrap(derived_key(key, b"backup"), bytes.fromhex(about.vouched), about.said)
    except (Refusal, ValueError) as error:
        raise Trouble("backup.altered") from error
    with opened(vault, key) as connection:
        found = look_through(progress, connection)
    if found.faults:
        raise Trouble("backup.unsound", count=len(found.faults))
    return found


def remove(folder: Path) -> None:
    """Take a backup away: its name first, so that a power cut leaves none that is half."""
    with plain_words():
        gone = folder.with_name(f".{folder.name}.part")
        os.replace(folder, gone)
        shutil.rmtree(gone)


def carry_files(progress: Progress, source: Path, target: Path) -> int:
    """Sealed attachments that are not there yet, each whole under its name; how many were copied."""
    with plain_words():
        names = sorted(each.name for each in source.iterdir()) if source.is_dir() else []
        lacking = [name for name in names if not (target / name).exists()]
    if not lacking:
        return 0
    make_folder(target)
    with plain_words():
        require_room(target, sum((source / name).stat().st_size for name in lacking) + _SPARE_BYTES)
        for at, name in enumerate(lacking):
            progress.step(at, len(lacking), "Copying photos and papers")
            part = target / f".{name}.part"
            shutil.copyfile(source / name, part)
            flush_file(part)
            os.replace(part, target / name)
        flush_folder(target)
    return len(lacking)


@contextmanager
def opened(vault: Path, key: bytes) -> Iterator[Connection]:
    """A copy, to be read. Trouble("vault.wrong_key") when the key is another's."""
    engine = make_engine(vault, key, PAGE)
    try:
        with plainly(vault.parent), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _size(vault: Path) -> int:
    beside = vault.with_name(f"{vault.name}-wal")
    with plain_words():
        return vault.stat().st_size + (beside.stat().st_size if beside.exists() else 0)


def _copy(progress: Progress, original: Original, target: Path) -> None:
    progress.step(0, 0, "Copying the register")
    copy_whole((original.vault, original.key), (target, original.key), progress, COPY)


def _copy_keys(keys: Path, part: Path) -> None:
    content = read_whole(keys)
    if content is not None:
        write_whole(part / KEYS, content)


def _is_way_in(keys: bytes | None, key: bytes) -> bool:
    """Whether a key file reads, and was vouched for by a holder of the register's key."""
    try:
        held = decode(keys or b"", _ANY)
        held.recovery.require_vouched(held.file, key)
    except Trouble:
        return False
    return True


def _about(progress: Progress, original: Original, part: Path, why: str) -> About:
    with opened(part / VAULT, original.key) as connection:
        found = look_through(progress, connection)
        said = {name: place.read_text(connection, name) for name in ("commune", "device", "cursor")}
        revision = schema.revision_of(connection)
    about = About(
        _FORM,
        said["commune"],
        said["device"],
        datetime.now(UTC).isoformat(timespec="seconds"),
        why,
        revision,
        (part / VAULT).stat().st_size,
        sha256_of(part / VAULT),
        found.people,
        int(said["cursor"] or 0) if said["cursor"].isdecimal() else 0,
        found.waiting,
        found.log,
        len(found.faults) + (not _is_way_in(read_whole(part / KEYS), original.key)),
    )
    vouched = wrap(derived_key(original.key, b"backup"), b"", about.said)
    return msgspec.structs.replace(about, vouched=vouched.hex())


def _named(part: Path, where: Path) -> Path:
    with plain_words():
        flush_folder(part)
        whole = where / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        while whole.exists():  # two within a second
            whole = where / f"{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        os.replace(part, whole)
        flush_folder(where)
    return whole


def _sweep(where: Path) -> None:
    """What a power cut left of one that was being made or taken away."""
    with plain_words():
        for left in where.glob(".*.part"):
            shutil.rmtree(left, ignore_errors=True)
