"""The stick's screen: handed over and answered, through a real window and a real centre."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app import words
from app.actions import handover, moving
from app.actions.desk import Desk
from app.actions.people import add_person
from app.central.deeds import Operating, revoke_laptop
from app.central.keys import Keys
from app.domain.changes import lone
from app.domain.errors import Cancelled, Trouble
from app.domain.progress import Progress
from app.domain.reasons import Move
from app.store import outbox, parcels, unit
from app.store.laptop import Laptop as Machine
from app.store.opened import open_record
from app.sync import outgoing, stick
from app.sync.minutes import minute_of
from app.sync.stick import SUFFIX
from app.ui.handover.columns import inside
from app.ui.handover.minute import sheet_of
from app.ui.link import Link
from app.ui.papers.minute import write_minute
from app.ui.rooms.handover import HandoverRoom
from app.ui.window import Window
from tests import desks
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house, new_keys
from tests.central.sticks import Stick
from tests.ui import pdf_text

WAIT_MS = 30_000


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return new_keys(tmp_path_factory.mktemp("centre") / "keys")


@dataclass
class Village:
    """A laptop without a link, its window on the stick's screen, and the centre far away."""

    desk: Desk
    centre: House
    link: Link
    room: HandoverRoom
    folder: Path
    carrier: Stick
    qtbot: QtBot

    def save(self, *names: str) -> None:
        for name in names:
            add_person(self.desk, {"name": f"Lò Thị {name}"}, "add")

    def send(self) -> Path:
        """Written to the stick through the window."""
        self.room.enter(errand="send")
        self.room.sending.choose_folder(self.folder)
        self.room.sending.write_button.click()
        self.qtbot.waitUntil(lambda: "Rút USB được rồi" in self.room.sending.notice.text, timeout=WAIT_MS)
        (file,) = self.folder.glob(f"*{SUFFIX}")
        return file

    def open(self, file: Path) -> None:
        """Chosen and checked through the window."""
        self.room.enter(file=file)
        self.room.opening.check_button.click()
        self.qtbot.waitUntil(lambda: not self.room.opening.is_running, timeout=WAIT_MS)

    def waiting(self) -> int:
        with self.desk.vault.read() as connection:
            return outbox.waiting(connection)


@pytest.fixture
def village(
    keys: Keys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_window: Callable[[], Window],
    qtbot: QtBot,
) -> Iterator[Village]:
    desks.make_keys_cheap(monkeypatch)
    desk = desks.found(tmp_path / "home", code=TRAINING).desk
    window = make_window()
    link = Link(window, desk)
    monkeypatch.setattr(link, "sync_now", lambda: None)  # there is none
    window.furnish({"handover": lambda made: HandoverRoom(made, desk, link)})
    folder = tmp_path / "KINGSTON"
    folder.mkdir()
    with house(tmp_path / "centre.db", keys, TRAINING) as centre:
        centre.enrol(_laptop(desk))
        room = window.go("handover")
        assert isinstance(room, HandoverRoom)
        window.show()
        stick = Stick(tmp_path / "carried")
        yield Village(desk, centre, link, room, folder, stick, qtbot)
        stick.child.close()
    qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)
    link.end()
    window.close()
    desk.vault.lock()


def test_the_loop_closes_without_a_network(village: Village) -> None:
    village.save("An", "Bình")
    request = village.send()
    assert village.waiting() == 2  # they stay until the centre answers
    assert [step.state for step in village.room.sending.steps()] == ["done"] * 4
    answer = village.carrier.handle(village.centre, request)

    village.open(answer.file)
    opening = village.room.opening
    assert {line.verdict for line in opening.said} == {"in_force"}
    assert [line.saved.names for line in opening.said if line.saved] == [("Lò Thị Bình",), ("Lò Thị An",)]
    assert village.waiting() == 2  # a dry run
    assert village.room.tabs.key == "said"
    assert opening.take_button.isVisible()
    assert not opening.check_button.isVisible()
    opening.take_button.click()
    village.qtbot.waitUntil(lambda: opening.done is not None, timeout=WAIT_MS)
    assert village.waiting() == 0
    assert "Không còn gì chờ gửi" in opening.notice.text
    rows = village.room._rows["parcels"]
    village.qtbot.waitUntil(lambda: len(village.room._rows["parcels"]) == 2, timeout=WAIT_MS)
    rows = village.room._rows["parcels"]
    assert {row["state"].words for row in rows.values()} == {"Đã nhận", "Đã có trả lời"}  # type: ignore[index]


def test_both_sides_print_the_same_minute(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Pánh", "An"):  # the whole register comes back; then what is new
        village.save(name)
        village.room.sending.again()
        file = village.send()
        handled = village.carrier.handle(village.centre, file)
        village.open(handled.file)
        village.room.opening.take_button.click()
        village.qtbot.waitUntil(lambda: village.room.opening.done is not None, timeout=WAIT_MS)
        file.unlink()
    desk = village.desk
    here = f"{TRAINING}/{desk.device_key.id}"
    ours = {minute_of(each, here) for each in handover.parcels_of(Progress(), desk)}
    with village.centre.centre.read() as connection:
        theirs = {minute_of(each, "centre") for each in parcels.recent(connection, commune=TRAINING)}
    assert ours == theirs
    assert len(ours) == 4
    assert any(("minute.in_force", "1") in each.lines for each in ours)

    parcel = village.room.opening.parcel()
    assert parcel is not None
    write_minute(sheet_of(desk, parcel), tmp_path / "minute.pdf")
    text = "\n".join(pdf_text.pages((tmp_path / "minute.pdf").read_bytes())).replace("\n", " ")
    assert "BIÊN BẢN BÀN GIAO" in text
    assert "BÊN GIAO" in text
    assert "BÊN NHẬN" in text
    assert parcel.digest[:8] in text
    assert parcel.id in text
    assert "Lò Thị An" not in text

    nowhere, room = tmp_path / "gone" / "minute.pdf", village.room
    monkeypatch.setattr("app.ui.papers.page.office_printer", lambda: None)
    monkeypatch.setattr("app.ui.papers.page.QFileDialog.getSaveFileName", lambda *_: (str(nowhere), ""))
    room.print_button.click()
    village.qtbot.waitUntil(lambda: words.explain(Trouble("paper.not_written")).happened in room.notice.text)


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "đầy"), (errno.EROFS, "khoá"), (errno.EIO, "rút")]
)
def test_a_bad_stick_says_so_and_keeps_nothing_half(
    village: Village, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    village.save("An")

    def fails(_descriptor: int) -> None:
        raise OSError(number, "stick")

    sending = village.room.sending
    sending.choose_folder(village.folder)
    with monkeypatch.context() as broken:
        broken.setattr("app.store.stick.os.fsync", fails)
        sending.write_button.click()
        village.qtbot.waitUntil(lambda: bool(sending.notice.text), timeout=WAIT_MS)
    assert said in sending.notice.text
    assert not list(village.folder.iterdir())
    assert village.waiting() == 1
    assert sending.done is None
    village.send()  # and the next try succeeds


def test_cancel_really_stops(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.save("An")
    sending = village.room.sending
    sending.choose_folder(village.folder)
    monkeypatch.setattr(Progress, "step", _stop)
    sending.write_button.click()
    village.qtbot.waitUntil(lambda: "Đã dừng" in sending.notice.text, timeout=WAIT_MS)
    assert not list(village.folder.iterdir())


def _stop(progress: Progress, _done: int, _total: int, what: str = "") -> None:
    """Somebody presses Cancel while it is written."""
    if what == "Writing the stick":
        progress.cancel()
        raise Cancelled


def test_an_altered_parcel_is_refused_and_changes_nothing(village: Village) -> None:
    village.save("An")
    answer = village.carrier.handle(village.centre, village.send())
    content = bytearray(answer.file.read_bytes())
    content[-40] ^= 1
    answer.file.write_bytes(content)
    village.open(answer.file)
    opening = village.room.opening
    assert opening.notice.text
    assert opening.checked is None
    assert not opening.take_button.isVisible()
    assert village.waiting() == 1


def test_the_answer_to_a_revoked_laptop_makes_it_leave(village: Village) -> None:
    village.save("An")
    centre = village.centre
    at = Operating(centre.centre, centre.keys, "huy", centre.clock())
    revoke_laptop(at, TRAINING, village.desk.device_key.id, "stolen")
    answer = village.carrier.handle(centre, village.send())
    village.open(answer.file)
    with village.qtbot.waitSignal(village.link.revoked, timeout=WAIT_MS):
        village.room.opening.take_button.click()
    assert Machine(village.desk.folder.parent.parent).left()


def test_a_register_is_handed_on_to_a_new_laptop(village: Village, tmp_path: Path) -> None:
    new = desks.found(tmp_path / "new", code=TRAINING).desk
    village.centre.enrol(_laptop(new))
    village.carrier.round(village.centre, _laptop(village.desk))  # the old one hears of the new one
    village.save("An")
    room = village.room
    room.enter(errand="move")
    village.qtbot.waitUntil(lambda: room.sending._heir is not None, timeout=WAIT_MS)
    room.sending.choose_folder(village.folder)
    room.sending.write_button.click()
    village.qtbot.waitUntil(lambda: bool(room.sending.notice.text), timeout=WAIT_MS)
    assert "Mở trên máy mới" in room.sending.notice.text
    (file,) = village.folder.glob(f"*{SUFFIX}")
    handover.take(Progress(), new, handover.look(Progress(), new, file))
    with new.vault.read() as connection:
        assert outbox.waiting(connection) == 1
    new.vault.lock()


def _laptop(desk: Desk) -> Laptop:
    return Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)


def test_a_laptop_that_no_centre_knows_is_asked_for_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_window: Callable[[], Window], qtbot: QtBot
) -> None:
    desks.make_keys_cheap(monkeypatch)
    desk = desks.found(tmp_path / "home").desk
    window = make_window()
    link = Link(window, desk)
    window.furnish({"handover": lambda made: HandoverRoom(made, desk, link)})
    room = window.go("handover")
    assert isinstance(room, HandoverRoom)
    window.show()
    qtbot.waitUntil(room.sending.joining.isVisible, timeout=WAIT_MS)
    room.sending.choose_folder(tmp_path)
    room.sending.write_button.click()
    qtbot.waitUntil(lambda: bool(room.sending.notice.text), timeout=WAIT_MS)
    assert not list(tmp_path.glob(f"*{SUFFIX}"))
    link.end()
    window.close()
    desk.vault.lock()


@pytest.mark.parametrize(
    ("way", "said"),
    [(parcels.IN, "2 người chuyển đến"), (parcels.OUT, "2 người chuyển đi, 7 lần ghi")],
)
def test_a_parcel_about_somebody_who_moves_says_so(way: str, said: str) -> None:
    at, counts = "2026-11-12T02:40:00Z", {"people": 2, "sets": 7}
    moves = parcels.Parcel("0" * 32, way, "transfer", "centre", 1, at, "ab" * 32, 9_000, counts)
    assert inside(moves) == said


def test_the_fourth_errand_closes_a_file_here_and_the_other_commune_opens_it(
    village: Village, tmp_path: Path
) -> None:
    desk, room = village.desk, village.room
    person = add_person(desk, {"name": "Lò Thị Pánh"}, "add", {"group": "pension", "amount": 540_000})
    village.centre.open_commune("T0002")
    there = Laptop.new(tmp_path, "T0002", village.centre.clock)
    village.centre.enrol(there)
    room.enter(errand="leave")
    room.sending.choose_folder(village.folder)
    leaving = room.sending.leaving
    assert leaving.isVisible()
    assert not room.sending.write_button.isEnabled()
    leaving.add(person)
    village.qtbot.waitUntil(lambda: person in leaving.people, timeout=WAIT_MS)
    [pick] = [each for each in leaving._find_communes("t0002") if each.key == "T0002"]
    leaving.to.control.set_value(pick)
    leaving.to.control.changed.emit()
    assert room.sending.write_button.isEnabled()
    room.sending.write_button.click()
    village.qtbot.waitUntil(lambda: room.sending.done is not None, timeout=WAIT_MS)
    [file] = village.folder.glob("*.bangiao")
    handled = village.carrier.handle(village.centre, file)
    assert handled.came.errand == "transfer"
    [(parcel, for_other)] = handled.moved
    ours = minute_of(parcels_sent(desk)[0], f"{TRAINING}/{desk.device_key.id}")
    assert dict(ours.lines)["minute.people"] == "1"
    assert minute_of(parcel, "centre").receiver == "T0002"
    village.open(handled.file)
    room.opening.take_button.click()
    village.qtbot.waitUntil(lambda: room.opening.done is not None, timeout=WAIT_MS)
    assert village.waiting() == 0
    told = village.carrier.take(there, for_other)
    assert [one.name for one in told.comers] == ["Lò Thị Pánh"]


def parcels_sent(desk: Desk) -> list[parcels.Parcel]:
    return [each for each in handover.parcels_of(Progress(), desk) if each.way == parcels.OUT]


def test_who_comes_is_shown_before_her_file_is_opened(village: Village, tmp_path: Path) -> None:
    village.centre.open_commune("T0002")
    away = Laptop.new(tmp_path, "T0002", village.centre.clock)
    village.centre.enrol(away)
    person = away.new_person(name="Quàng Thị Hương")
    away.sync(village.centre)
    with away.vault.write() as connection:
        opened = open_record(connection, "person", person)
        assert opened is not None
        move = Move(TRAINING, moving.months_within_reach(village.desk)[1])
        closed = lone(opened.edits({"state": "moved", "state_since": move.month}))
        gone = unit.save(connection, away.pen, move.reason, closed).id
    away.sync(village.centre)
    with away.vault.write() as connection:
        asked = outgoing.request(
            connection, away.end, away.applicant, village.centre.clock(), with_photos=False, moves=[gone]
        )
    made = stick.write(
        asked.draft, away.device.key, [asked.centre.sealing], village.carrier.place(), Progress()
    )
    [(_parcel, file)] = village.carrier.handle(village.centre, made.written.path).moved
    village.open(file)
    opening = village.room.opening
    shown = [each.text() for each in opening.coming.findChildren(QLabel)]
    assert "Quàng Thị Hương" in shown
    assert any("T0002" in each for each in shown)
    opening.take_button.click()
    village.qtbot.waitUntil(lambda: opening.done is not None, timeout=WAIT_MS)
    assert "Đã mở 1 hồ sơ" in opening.notice.text
    with village.desk.vault.read() as connection:
        found = open_record(connection, "person", person)
    assert found is not None
    assert found.values["state"] == "active"
