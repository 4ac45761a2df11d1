"""Photos taken into a person's file: bytes before the set, every look on record, a cut-off save swept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from app.actions import attachments, people
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.bootstrap import entering, shelves
from app.domain.errors import Refusal, Trouble
from app.resources import load_reference
from app.store import attachments as held
from app.store import dossier, unit
from app.store.attachments import Attachment, Load
from app.store.laptop import CommuneFolder
from app.store.tables import audit
from tests.desks import PASSWORD
from tests.ui.person.room import PANH

CONTENT = b"\xff\xd8\xff" + b"photo" * 100


@pytest.fixture
def panh(desk: Desk) -> str:
    return people.add_person(desk, PANH, "add")


def hers(desk: Desk, person: str) -> list[Attachment]:
    with desk.vault.read() as connection:
        found = dossier.person(connection, person)
    assert found is not None
    return list(found.attachments)


def acts(desk: Desk, record: str) -> list[str]:
    with desk.vault.read() as connection:
        return list(connection.scalars(select(audit.c.act).where(audit.c.record == record)))


def test_a_photo_is_kept_cited_and_waits(desk: Desk, panh: str) -> None:
    record = attachments.attach(desk, panh, Paper(CONTENT, "id_front", "Căn cước mới"))
    (found,) = hers(desk, panh)
    assert (found.opened.record, found.is_here, found.is_waiting, found.is_active) == (
        record,
        True,
        True,
        True,
    )
    assert found.opened.values["media"] == "jpeg"
    assert desk.files.read(found.cited.sha256) == CONTENT
    with desk.vault.read() as connection:
        assert held.load(connection) == Load(1, len(CONTENT))


def test_the_same_bytes_twice_wait_once(desk: Desk, panh: str) -> None:
    for purpose in ("id_front", "other"):
        attachments.attach(desk, panh, Paper(CONTENT, purpose))
    with desk.vault.read() as connection:
        assert held.load(connection) == Load(1, len(CONTENT))
        assert len(held.waiting(connection)) == 1


@pytest.mark.parametrize(
    ("content", "purpose", "code"),
    [
        (b"MZ program", "other", "attachment.kind"),
        (CONTENT + bytes(5 << 20), "other", "attachment.too_large"),
        (CONTENT, "", "attachment.purpose"),
        (CONTENT, "passport", "record.value"),
    ],
)
def test_what_may_not_be_attached_changes_nothing(
    desk: Desk, panh: str, content: bytes, purpose: str, code: str
) -> None:
    with pytest.raises(Refusal, match=code.replace(".", r"\.")):
        attachments.attach(desk, panh, Paper(content, purpose))
    assert hers(desk, panh) == []


def test_each_look_copy_and_print_is_on_record(desk: Desk, panh: str, tmp_path: Path) -> None:
    record = attachments.attach(desk, panh, Paper(CONTENT, "consent"))
    cited = hers(desk, panh)[0].cited
    assert attachments.look_at(desk, cited) == CONTENT
    attachments.save_copy(desk, cited, tmp_path / "copy.jpg")
    attachments.let_print(desk, cited)
    assert (tmp_path / "copy.jpg").read_bytes() == CONTENT
    assert acts(desk, record) == ["reveal", "export", "print"]


def test_undone_it_is_closed_and_does_not_go(desk: Desk, panh: str) -> None:
    attachments.attach(desk, panh, Paper(CONTENT, "other"))
    with desk.vault.read() as connection:
        newest = unit.last_of_device(connection, desk.pen.device)[1]
    assert people.undo(desk, newest, "undo")
    (found,) = hers(desk, panh)
    assert found.opened.values["state"] == "entered_by_mistake"
    with desk.vault.read() as connection:
        assert held.load(connection) == Load()
    assert desk.files.read(found.cited.sha256) == CONTENT  # nothing is deleted


def test_a_save_cut_off_leaves_nothing_after_the_next_unlock(
    desk: Desk, panh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachments.attach(desk, panh, Paper(CONTENT, "other"))
    other = CONTENT + b"never saved"

    def fails(*_: object) -> None:
        raise Trouble("disk.full")

    with monkeypatch.context() as patch:
        patch.setattr(unit, "save", fails)
        with pytest.raises(Trouble, match=r"disk\.full"):
            attachments.attach(desk, panh, Paper(other, "other"))
    assert len(list((desk.folder / "files").iterdir())) == 2
    assert len(hers(desk, panh)) == 1
    desk.vault.lock()
    for path in (desk.folder / "files").iterdir():
        os.utime(path, (0, 0))  # long ago
    at = shelves.Shelf(CommuneFolder(desk.folder), desk.commune)
    again = entering.unlock(at, desk.officer.id, PASSWORD, load_reference()).desk
    assert len(list((desk.folder / "files").iterdir())) == 1
    assert again.files.read(hers(again, panh)[0].cited.sha256) == CONTENT
    again.vault.lock()


def test_damaged_bytes_that_the_centre_has_are_to_be_fetched(desk: Desk, panh: str) -> None:
    attachments.attach(desk, panh, Paper(CONTENT, "other"))
    cited = hers(desk, panh)[0].cited
    next((desk.folder / "files").iterdir()).write_bytes(b"worn out")
    with pytest.raises(Trouble, match=r"attachment\.damaged"):
        attachments.look_at(desk, cited)
    assert hers(desk, panh)[0].is_here  # nobody else has it: it is not said to lie at the centre
    with desk.vault.write() as connection:
        held.note_sent(connection, cited.sha256)
    with pytest.raises(Trouble):
        attachments.look_at(desk, cited)
    assert not hers(desk, panh)[0].is_here
    assert acts(desk, cited.record) == []
