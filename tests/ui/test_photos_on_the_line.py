"""A photo from desk to desk: the link sends it after its set, over TLS, to a centre in its own process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.actions import attachments, exchange, people
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.actions.invented.people import TRAINING_CODE
from app.domain.progress import Progress
from app.store import dossier, exchanges
from app.store.attachments import Attachment, Load
from app.ui.link import Link
from app.ui.window import Window
from tests import desks
from tests.sync.serving import served
from tests.ui.person.room import PANH

PHOTO = b"\xff\xd8\xff" + bytes(range(256)) * 900
WAIT_MS = 60_000


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Desk]]:
    """Two laptops of one commune that know its centre, which listens."""
    desks.make_keys_cheap(monkeypatch)
    made = [desks.found(tmp_path / name, code=TRAINING_CODE).desk for name in ("first", "second")]
    folder = tmp_path / "centre"
    folder.mkdir()
    with served(folder) as first:
        exchange.enrol_laptop(Progress(), made[0], first.code.text())
    with served(folder) as again:  # each start of a training centre gives one code
        exchange.enrol_laptop(Progress(), made[1], again.code.text())
        exchange.move_centre(made[0], again.code.address)
        yield made
    for desk in made:
        desk.vault.lock()


def hers(desk: Desk, person: str) -> Attachment:
    with desk.vault.read() as connection:
        found = dossier.person(connection, person)
    assert found is not None
    return found.attachments[0]


def waits(desk: Desk) -> Load:
    return exchange.link_state(Progress(), desk).photos


def test_it_goes_after_its_set_gives_way_and_comes_when_asked_for(
    pair: list[Desk], make_window: Callable[[], Window], qtbot: QtBot
) -> None:
    first, second = pair
    person = people.add_person(first, PANH, "add")
    attachments.attach(first, person, Paper(PHOTO, "id_front"))
    assert waits(first) == Load(1, len(PHOTO))
    window = make_window()
    link = Link(window, first)
    link.refresh()
    qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)
    assert "1 " in window.pill.link.why  # one still waits
    link.sync_now()
    qtbot.waitUntil(lambda: waits(first) == Load() and window.jobs.is_idle, timeout=WAIT_MS)
    assert not hers(first, person).is_waiting
    assert not window.pill.link.why
    with first.vault.read() as connection:
        past = exchanges.recent(connection)
    assert [(each.outcome, each.files) for each in past[:2]] == [("files", 1), ("done", 0)]
    exchange.exchange(Progress(), second)
    assert not hers(second, person).is_here
    attachments.fetch(Progress(), second, hers(second, person).cited)
    assert hers(second, person).is_here
    assert attachments.look_at(second, hers(second, person).cited) == PHOTO
    # A sync stops the sending, and it goes on afterwards.
    for seed in range(4):
        attachments.attach(first, person, Paper(PHOTO + bytes([seed]), "other"))
    link.sync_now()
    qtbot.waitUntil(lambda: link._sending is not None, timeout=WAIT_MS)
    link.sync_now()
    qtbot.waitUntil(lambda: waits(first) == Load() and window.jobs.is_idle, timeout=WAIT_MS)
    assert link._sending is None
    link.end()
    window.close()
