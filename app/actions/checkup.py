"""The self-test: what is well on this laptop, what is not, and for each a plain remedy.

Before unlocking it looks at what lies open: disk, files, clock, copies. With a desk it looks further:
every page of the database, the centre's address and certificate, this laptop's standing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from app.actions.backups import carried
from app.actions.desk import Desk
from app.actions.exchange import CLOCK_OFF_FROM_S, link_state
from app.actions.officers import own_term
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.store import backups, place
from app.store.connections import require_encrypted
from app.store.disk import free_bytes, plain_words
from app.store.laptop import CommuneFolder, Laptop
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of, held_policy

Standing = Literal["well", "attention", "bad"]
_LOW_BYTES, _FULL_BYTES = 2 << 30, 128 << 20
_HOUR_S = 3600
_LONG_AGO_DAYS = 7
_OLD_DAYS, _CARRIED_DAYS = 4, 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Words are `doctor.<code>`, the remedy `doctor.<code>.todo`; `facts` fill both.
    """

    code: str
    standing: Standing = "well"
    facts: dict[str, int | str] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """What was looked at: disk, database, clock, address …; words `doctor.about.<about>`."""
        return self.code.partition(".")[0]


def before_unlock(laptop: Laptop, now: datetime) -> list[Finding]:
    """What can be told without a password, offline. Not while this process holds the register open."""
    folders = laptop.communes()
    found = [_disk(laptop.home)]
    if not folders:
        return [*found, Finding("register.none", "attention")]
    for folder in folders:
        found += [_file(folder), _last_write(folder, now)]
    return [*found, _backup(folders[0].path, now)]


def at_the_desk(progress: Progress, desk: Desk) -> list[Finding]:
    """Everything, the centre included; each step can be cancelled."""
    found = [_disk(desk.folder)]
    progress.step(1, 4, "Reading every page of the register")
    faults = desk.vault.faults()
    found.append(
        Finding("database.damaged", "bad", {"count": len(faults)}) if faults else Finding("database.sound")
    )
    progress.step(2, 4, "Asking the centre")
    found += [*_centre(desk)]
    progress.step(3, 4, "Looking at this machine's standing")
    found += [*_standing(desk), _synced(progress, desk)]
    if not desk.training:  # nobody keeps what was invented to be tried out
        found += [_backup(desk.folder, desk.clock.now()), _carried(desk)]
    progress.step(4, 4)
    return found


def worst(found: Sequence[Finding]) -> Standing:
    """What the whole comes to."""
    standings = {each.standing for each in found}
    return "bad" if "bad" in standings else "attention" if "attention" in standings else "well"


def _disk(folder: Path) -> Finding:
    try:
        free = free_bytes(folder)
    except Trouble as trouble:
        return Finding("disk.unreadable", "bad", {"code": trouble.code})
    facts: dict[str, int | str] = {"gb": f"{free / (1 << 30):.1f}".replace(".", ",")}
    if free < _FULL_BYTES:
        return Finding("disk.full", "bad", facts)
    return (
        Finding("disk.low", "attention", facts) if free < _LOW_BYTES else Finding("disk.roomy", facts=facts)
    )


def _file(folder: CommuneFolder) -> Finding:
    facts: dict[str, int | str] = {"commune": folder.code}
    try:
        with plain_words():
            require_encrypted(folder.vault)
    except Trouble as trouble:
        code = "files.plain" if trouble.code == "vault.not_encrypted" else "files.unreadable"
        return Finding(code, "bad", facts)
    return Finding("files.encrypted", facts=facts)


def _last_write(folder: CommuneFolder, now: datetime) -> Finding:
    """A clock set back is seen by files that were written after now."""
    ahead = folder.vault.stat().st_mtime - now.timestamp()
    if ahead > _HOUR_S:
        return Finding("clock.behind", "bad", {"hours": round(ahead / _HOUR_S)})
    return Finding("clock.plausible")


def _centre(desk: Desk) -> Iterator[Finding]:
    with desk.vault.read() as connection:
        address = place.read_text(connection, "address")
        pins = centre_of(connection).tls if address else ()
    if not address:
        yield Finding("address.none", "attention")
        return
    where: dict[str, int | str] = {"address": address.removeprefix("https://")}
    with HttpsCarrier(address, pins) as carrier:
        try:
            carrier.statement()
        except Coded as error:
            yield _unreached(error, where)
            return
        yield Finding("address.answers", facts=where)
        yield Finding("certificate.ours")
        ahead = carrier.clock_ahead
    if ahead is not None:
        minutes: dict[str, int | str] = {"minutes": max(1, round(abs(ahead) / 60))}
        is_off = abs(ahead) >= CLOCK_OFF_FROM_S
        yield Finding("clock.off", "bad", minutes) if is_off else Finding("clock.right")


def _unreached(error: Coded, where: dict[str, int | str]) -> Finding:
    if isinstance(error, Refusal) and error.code == "sync.not_the_centre":
        return Finding("certificate.another", "bad", where)
    code = "address.silent" if error.code == "sync.offline" else "address.troubled"
    return Finding(code, "attention", where)


def _standing(desk: Desk) -> Iterator[Finding]:
    with desk.vault.read() as connection:
        policy = held_policy(connection)
    if policy is None:
        return
    device, officer = policy.devices.get(desk.device_key.id), policy.officers.get(desk.officer.id)
    is_known = device is not None and device.is_active
    yield Finding("device.active") if is_known else Finding("device.revoked", "bad")
    if officer is None or not officer.is_active:
        yield Finding("officer.revoked", "bad")
        return
    term = own_term(desk)
    facts: dict[str, int | str] = {"day": f"{term.last:%d/%m/%Y}"} if term else {}
    if term is not None and term.is_over:
        yield Finding("officer.ended", "bad", facts)
    elif term is not None and term.is_near:
        yield Finding("officer.ends", "attention", facts)
    else:
        yield Finding("officer.active")


def _synced(progress: Progress, desk: Desk) -> Finding:
    state = link_state(progress, desk)
    facts: dict[str, int | str] = {"waiting": state.waiting}
    if not state.enrolled:
        return Finding("sync.alone", "attention", facts)
    if state.last_done is None:
        return Finding("sync.never", "attention", facts)
    days = (desk.clock.now() - state.last_done).days
    facts["days"] = days
    if days >= _LONG_AGO_DAYS:
        return Finding("sync.long_ago", "attention", facts)
    return Finding("sync.in_step") if state.in_step else Finding("sync.waiting", facts=facts)


def _backup(folder: Path, now: datetime) -> Finding:
    """How old the newest is, and whether it was sound when it was made."""
    kept = backups.listed(folder / backups.FOLDER)
    if not kept:
        return Finding("backup.none", "attention")
    days = (now - kept[0].made).days
    facts: dict[str, int | str] = {"days": days, "count": len(kept)}
    if kept[0].about.faults:
        return Finding("backup.unsound", "bad", facts)
    return Finding("backup.old" if days >= _OLD_DAYS else "backup.fresh", _aged(days, _OLD_DAYS), facts)


def _carried(desk: Desk) -> Finding:
    """A backup on the disk that dies with the laptop is half a backup."""
    last = carried(desk)
    if last is None:
        return Finding("stick.never", "attention")
    days = (desk.clock.now() - last).days
    code = "stick.long_ago" if days >= _CARRIED_DAYS else "stick.carried"
    return Finding(code, _aged(days, _CARRIED_DAYS), {"days": days})


def _aged(days: int, limit: int) -> Standing:
    return "attention" if days >= limit else "well"
