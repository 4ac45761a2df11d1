"""Photos and files while a filling goes on: sealed away from the window, answered from the disk."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.attachments import BYTES_MAX
from app.domain.progress import Progress
from app.survey.pages import REVIEW
from app.ui.forming.trying import Nowhere
from app.ui.jobs import Jobs
from app.ui.survey.asking import Brought
from app.ui.survey.controls.upload import Upload
from app.ui.survey.runner import Runner
from tests.ui.survey.household import Desk, Kept, begun

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>x</h:title><model><instance><data id="x">
<one><who><photo/></who></one><two><note/></two></data></instance>
<bind nodeset="/data/one/who/photo" type="binary"/><bind nodeset="/data/two/note" type="string"/></model>
</h:head><h:body><group ref="/data/one"><label>Một</label>
<group ref="/data/one/who"><label/><repeat nodeset="/data/one/who">
<upload ref="/data/one/who/photo" mediatype="image/*"><label>Ảnh</label></upload></repeat></group></group>
<group ref="/data/two"><label>Hai</label><input ref="/data/two/note"><label>Ghi</label></input></group>
</h:body></h:html>"""
PHOTO = "/data/one/who[1]/photo"


class Slow(Kept):
    """Keeps a photo when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.threads: list[str] = []

    def keep_file(self, progress: Progress, content: bytes, name: str) -> str:
        self.may.wait(10)
        self.threads.append(threading.current_thread().name)
        return super().keep_file(progress, content, name)


@pytest.fixture
def desk(qtbot: QtBot, jobs: Jobs) -> Desk:
    return Desk(qtbot, jobs)


@pytest.fixture
def slow(desk: Desk) -> Slow:
    desk.kept = kept = Slow()
    return kept


def bring(runner: Runner, ref: str = PHOTO) -> None:
    runner.live.bring(ref, lambda _progress, _source: Brought(b"%PDF-1.7", "a.pdf"), Path("a.pdf"))


def answered(runner: Runner, ref: str = PHOTO) -> str:
    return runner.live.session.node(ref).value


def test_a_photo_is_sealed_where_writes_are_and_answered_afterwards(
    desk: Desk, slow: Slow, qtbot: QtBot
) -> None:
    runner = desk.open(begun(FORM))
    bring(runner)
    control = desk.question(PHOTO).control
    assert isinstance(control, Upload)
    assert not control.pick.isEnabled()
    assert answered(runner) == ""
    slow.may.set()
    qtbot.waitUntil(lambda: answered(runner) == "a.pdf")
    (thread,) = slow.threads
    assert thread.startswith("soansinh-write")
    assert control.pick.isEnabled()
    assert b"a.pdf" in slow.drafts[-1][0]


def test_a_photo_is_answered_though_its_page_was_left_and_nothing_is_handed_in_before(
    desk: Desk, slow: Slow, qtbot: QtBot
) -> None:
    runner = desk.open(begun(FORM))
    handed: list[bool] = []
    runner.handed_in.connect(partial(handed.append, True))
    bring(runner)
    runner.forth()
    runner.forth()
    assert runner.pages.current == REVIEW
    assert not runner.footing.next_button.isEnabled()
    runner.forth()
    assert handed == []
    slow.may.set()
    qtbot.waitUntil(runner.footing.next_button.isEnabled)
    assert answered(runner) == "a.pdf"
    runner.forth()
    assert handed == [True]


def test_a_photo_follows_its_row_and_goes_with_it(desk: Desk, slow: Slow, qtbot: QtBot) -> None:
    runner = desk.open(begun(FORM))
    runner.live.add_row("/data/one/who")
    bring(runner, "/data/one/who[2]/photo")
    runner.live.remove_row("/data/one/who[1]")
    slow.may.set()
    qtbot.waitUntil(lambda: answered(runner) == "a.pdf")

    slow.may.clear()
    bring(runner)
    runner.live.add_row("/data/one/who")
    runner.live.remove_row("/data/one/who[1]")
    slow.may.set()
    qtbot.waitUntil(lambda: not runner.live.is_bringing())
    assert answered(runner) == ""


def test_a_photo_that_cannot_be_kept_is_said_and_keeps_nobody_on_the_page(desk: Desk, qtbot: QtBot) -> None:
    desk.kept = Nowhere()  # type: ignore[assignment]
    runner = desk.open(begun(FORM))
    too_much = Brought(b"%PDF-" + bytes(BYTES_MAX), "a.pdf")
    runner.live.bring(PHOTO, lambda _progress, _source: too_much, Path("a.pdf"))
    qtbot.waitUntil(lambda: bool(desk.question(PHOTO).error))
    runner.forth()
    assert runner.sheet.title == "2. Hai"
    runner.back()
    assert not desk.question(PHOTO).error
