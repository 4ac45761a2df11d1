"""Backups as an officer meets them: each day by itself, before anything large, now, and onto a stick."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.actions.desk import Desk, require_her_word
from app.domain.changes import canonical, lone
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.seal.statements import read_object
from app.store import audit, backups, keyslots, place, unit
from app.store.backups import Backup
from app.store.disk import make_folder, plain_words, read_whole
from app.store.opened import Opened

_CARRIED = "backup_carried"  # when one was last written somewhere else than beside the register
_OUTSIDE = "SoAnSinh"


@dataclass(frozen=True)
class Shown:
    """What the room of backups shows. `carried`: when one was last written onto something else."""

    kept: tuple[Backup, ...]
    carried: datetime | None


def own_place(desk: Desk) -> Path:
    """Where this laptop keeps its own."""
    return desk.folder / backups.FOLDER


def look_up(_progress: Progress, desk: Desk) -> Shown:
    """Those that are kept, and when one was last carried away."""
    return Shown(tuple(backups.listed(own_place(desk))), carried(desk))


def make_daily(progress: Progress, desk: Desk) -> Backup | None:
    """One a day, at the day's first unlocking; another when what it opens with has changed since."""
    kept = backups.listed(own_place(desk))
    is_fresh = bool(kept) and kept[0].made.astimezone().date() == desk.clock.today()
    if desk.training or (is_fresh and not _opens_otherwise(desk, kept[0])):
        return None
    return make(progress, desk, backups.DAILY)


def make_before(progress: Progress, desk: Desk, why: str) -> Backup | None:
    """Before something large; None where nothing was written since the last one."""
    kept = backups.listed(own_place(desk))
    with desk.vault.read() as connection:
        log = audit.head(connection).no
    if desk.training or (kept and kept[0].about.log >= log - 1 and not _opens_otherwise(desk, kept[0])):
        return None
    return make(progress, desk, why)


def make(progress: Progress, desk: Desk, why: str = backups.ASKED) -> Backup:
    """One now, beside the register; the refusals of `backups.make`."""
    with desk.vault.original(progress) as original:
        made = backups.make(progress, original, own_place(desk), why)
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "backup", detail=why)
    return made


def carry(progress: Progress, desk: Desk, folder: Path) -> Backup:
    """One onto a stick or another disk, with the photos and papers that are not there yet.

    Refusal("proof.wanted"); Trouble("backup.same_disk") where it would die with the register.
    """
    require_her_word(desk)
    if not desk.training and _is_same_disk(folder, desk.folder):
        raise Trouble("backup.same_disk")
    where = folder / f"{_OUTSIDE}-{desk.commune.code}"
    make_folder(where)
    backups.carry_files(progress, desk.folder / backups.FILES, where / backups.FILES)
    with desk.vault.original(progress) as original:
        made = backups.make(progress, original, where, backups.ASKED)
    with desk.vault.write() as connection:
        place.write(connection, _CARRIED, made.about.made.encode())
        audit.note(connection, desk.officer.id, "backup", detail="carried")
    return made


def carried(desk: Desk) -> datetime | None:
    """When one was last written somewhere else."""
    with desk.vault.read() as connection:
        moment = place.read_text(connection, _CARRIED)
    return datetime.fromisoformat(moment) if moment else None


def found_in(folder: Path) -> list[Backup]:
    """The backups in a folder that somebody chose: one itself, a place of them, or a stick with places."""
    if (folder / backups.ABOUT).exists():
        return [backups.read(folder)]
    within = backups.listed(folder)
    for beside in sorted(folder.glob(f"{_OUTSIDE}-*")):
        within += backups.listed(beside)
    return sorted(within, key=lambda each: each.made, reverse=True)


def announce(desk: Desk, backup: Backup) -> str:
    """Say to everybody that this laptop was restored, from when; a second officer confirms it."""
    about = backup.about
    said = {"made": about.made, "from": about.device, "cursor": about.cursor, "waiting": about.waiting}
    record = desk.ids.new()
    edits = Opened("proposal", record).edits(
        {
            "subject": "restore",
            "wants": canonical(said).decode(),
            "evidence": canonical({"why": about.why, "sha256": about.sha256}).decode(),
            "proposer": desk.officer.id,
            "state": "open",
        }
    )
    with desk.vault.write() as connection:
        signed = unit.save(connection, desk.pen, "restored", lone(edits))
        device = place.read_text(connection, "device")
        audit.note(
            connection, desk.officer.id, "restore", kind="device", record=device, detail=f"made={about.made}"
        )
    return signed.id


def _opens_otherwise(desk: Desk, backup: Backup) -> bool:
    """Whether slots or recovery changed since: a forgotten password must not be all that opens it."""
    return _slots(desk.folder) != _slots(backup.path)


def _slots(folder: Path) -> object:
    """The key file but for the tries, which move with every wrong password."""
    try:
        held = read_object(read_whole(folder / keyslots.FILE) or b"{}")
    except Refusal:
        return None
    return {name: value for name, value in held.items() if name != "tries"}


def _is_same_disk(folder: Path, register: Path) -> bool:
    with plain_words():
        return os.stat(folder).st_dev == os.stat(register).st_dev
