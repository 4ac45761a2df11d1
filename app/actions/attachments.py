"""Photos and papers of a person: taken in, looked at, copied out, sent to the centre and fetched from it.

The bytes are on the disk before the set that cites them is saved; a save that is cut off leaves bytes
that nothing speaks of, and an unlock sweeps them when they are old (`store/files.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.actions.desk import Desk, require_lately_proved, require_way_out
from app.actions.line import to_centre
from app.actions.people import tidy
from app.domain import attachments as attaching
from app.domain.attachments import Cited
from app.domain.changes import lone
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import attachments, audit, unit
from app.store.disk import write_whole
from app.store.opened import Opened
from app.sync import attachments as line
from app.sync.attachments import Laptop, Sent


@dataclass(frozen=True)
class Paper:
    """What is attached: its bytes as they will be kept, what it shows, which record of hers it bears out."""

    content: bytes
    purpose: str
    note: str = ""
    about: str | None = None


def attach(desk: Desk, person: str, paper: Paper) -> str:
    """Keep a photo or paper in a person's file; the id of its record.

    Refusal("attachment.kind"), ("attachment.too_large"), ("attachment.purpose"); Trouble("disk.…").
    """
    media = attaching.check(paper.content)
    if not paper.purpose:
        raise Refusal("attachment.purpose", field="purpose")
    sha256 = desk.files.keep(paper.content)
    record = desk.ids.new()
    values: dict[str, Value] = {
        "person": person,
        "about": paper.about,
        "purpose": paper.purpose,
        "sha256": sha256,
        "size": len(paper.content),
        "media": media,
        "taken": desk.clock.today().isoformat(),
        "note": paper.note or None,
        "state": "active",
    }
    edits = Opened("attachment", record).edits(tidy("attachment", values))
    with desk.vault.write() as connection:
        attachments.note_here(connection, sha256, sent=False)
        unit.save(connection, desk.pen, "attach", lone(edits))
    return record


def look_at(desk: Desk, cited: Cited) -> bytes:
    """The bytes, to be shown large: after her password, and audited, like any masked value.

    Trouble("attachment.damaged"): if the centre has them they can be fetched again.
    Refusal("proof.wanted"); ("attachment.kind") for what should never have been taken in.
    """
    require_lately_proved(desk)
    content = _read(desk, cited)
    _note(desk, cited, "reveal")
    return content


def save_copy(desk: Desk, cited: Cited, path: Path) -> None:
    """A copy in the clear, outside the register, where the officer said: after her password, and audited."""
    require_way_out(desk)
    content = _read(desk, cited)
    _note(desk, cited, "export")
    write_whole(path, content)


def let_print(desk: Desk, cited: Cited) -> None:
    """It may go to a printer: after her password, and audited."""
    require_way_out(desk)
    _note(desk, cited, "print")


def _read(desk: Desk, cited: Cited) -> bytes:
    try:
        content = desk.files.read(cited.sha256)
    except Trouble as trouble:
        if trouble.code == "attachment.damaged":
            with desk.vault.write() as connection:
                attachments.note_gone(connection, cited.sha256)
        raise
    attaching.check(content)  # another laptop took it in: whatever it called it, this is what it is
    return content


def _note(desk: Desk, cited: Cited, act: str) -> None:
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, act, kind="attachment", record=cited.record, detail="file")


def send(progress: Progress, desk: Desk) -> Sent:
    """Send what waits, after the sets; the errors of `exchange.exchange`."""
    with to_centre(desk, progress) as carrier:
        return line.send(_laptop(desk), carrier, progress)


def fetch(progress: Progress, desk: Desk, cited: Cited) -> None:
    """Have an attachment here that lies at the centre; the errors of `sync.attachments.fetch`."""
    with to_centre(desk, progress) as carrier:
        line.fetch(_laptop(desk), carrier, progress, cited)


def _laptop(desk: Desk) -> Laptop:
    return Laptop(desk.vault, desk.files, desk.device_key)
