"""The enrolment drive: its four steps, what it asks, what it says."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtMultimedia import QVideoFrame

from app.actions.invented.people import vietqr
from app.store import queries
from app.store.listing import Listing
from app.store.queries import PersonRow
from app.ui.drive.stage import CONSENT
from app.ui.rooms.drive import Drive
from tests.ui.drive.hall import picture_of
from tests.ui.pictures import LAPTOP
from tests.ui.scenes import Stage

WINDOWED, LARGE = QSize(1366, 690), QSize(1920, 1080)
AGRIBANK, LPBANK = "970405", "970449"


def drive(stage: Stage) -> None:
    """One after another at the table."""
    if stage.wanted and not any("drive" in name for name in stage.wanted):
        return
    room = stage.window.go("drive")
    assert isinstance(room, Drive)
    stage.settle()
    queue = waiting(stage)
    searching(stage, room)
    questions(stage, room, queue)
    ways(stage, room, queue)
    accounts(stage, room, queue)
    consent(stage, room, queue)
    camera(stage, room)
    stage.window.resize(LAPTOP)


def waiting(stage: Stage) -> list[PersonRow]:
    """People with a number and without an account."""
    assert stage.doors.session is not None
    with stage.doors.session.desk.vault.read() as connection:
        nos = queries.ids(connection, Listing(text="lo thi", accounts=("none",)))[:60]
        rows = [row for row in queries.person_rows(connection, nos) if row is not None]
    return [row for row in rows if row.personal_id and row.birth and row.sex and row.state == "active"]


def card_of(row: PersonRow, **changes: str) -> str:
    """The code on her card, as the register knows her."""
    assert row.birth is not None
    born = "".join(reversed(row.birth.iso().split("-")))
    said = {"number": row.personal_id or "", "old": row.old_id or "", "name": row.name, **changes}
    sex = "Nữ" if row.sex == "female" else "Nam"
    return f"{said['number']}|{said['old']}|{said['name']}|{born}|{sex}|{row.address or row.hamlet}|01012022"


def scan(stage: Stage, room: Drive, code: str) -> None:
    room.take_scan(code)
    stage.settle()


def write(stage: Stage, box: object, words: str) -> None:
    """What an officer types into a line."""
    box.setText(words)  # type: ignore[attr-defined]
    box.textEdited.emit(words)  # type: ignore[attr-defined]
    stage.settle()


def searching(stage: Stage, room: Drive) -> None:
    scanner = room.stage.scan
    write(stage, scanner.called.place.control, "Nhà văn hoá Bản Nà Lụa")
    for chip in scanner.called._chips[:3]:
        chip.setChecked(True)
    stage.settle()
    stage.draw("drive-scan")
    stage.window.resize(WINDOWED)
    stage.settle()
    if stage.wants("drive-scan"):
        stage.drawn.append(_sized(stage, "drive-scan-windowed", WINDOWED))
        stage.drawn.append(_sized(stage, "drive-scan-large", LARGE))
    stage.window.resize(LAPTOP)
    write(stage, scanner.box, "lo thi 19")
    stage.settle(0.4)
    stage.draw("drive-search")
    scanner.box.set_text("")
    scan(stage, room, "HTTPS://EXAMPLE.VN/")
    stage.draw("drive-error")


def questions(stage: Stage, room: Drive, queue: list[PersonRow]) -> None:
    scan(stage, room, "014054000888||Vì Văn Khụt|1954|Nam|Bản Co Mạ, Mộc Sơn, Sơn La|01012025")
    stage.draw("drive-new")
    room.back()
    row = queue[0]
    scan(stage, room, card_of(row, name=f"{row.name} Lan", old="145123456"))
    stage.draw("drive-differs")
    room.back()
    assert stage.doors.session is not None
    with stage.doors.session.desk.vault.read() as connection:
        nos = queries.ids(connection, Listing())
        everybody = [each for each in queries.person_rows(connection, nos[:1500]) if each is not None]
    nameless = [each for each in everybody if not each.personal_id and each.birth and each.sex]
    scan(stage, room, card_of(nameless[0], number="014148777213"))
    stage.draw("drive-asks")
    room.back()
    stage.settle()


def ways(stage: Stage, room: Drive, queue: list[PersonRow]) -> None:
    scan(stage, room, card_of(queue.pop(0)))
    stage.draw("drive-way")
    room.stage.way.ways.set_value("cash")
    room.stage.way.why.control.set_value("Xa chỗ rút tiền")
    stage.draw("drive-cash")
    if stage.wants("drive-way"):
        stage.drawn.append(_sized(stage, "drive-way-windowed", WINDOWED))
    room.forward()
    stage.settle()


def accounts(stage: Stage, room: Drive, queue: list[PersonRow]) -> None:
    step = room.stage.account
    row = queue.pop(0)
    scan(stage, room, card_of(row))
    room.stage.way.ways.set_value("mobile_money")
    room.forward()
    stage.draw("drive-wallet")
    room.back()
    scan(stage, room, vietqr(AGRIBANK, f"39062051{row.no:05d}"))
    stage.draw("drive-account")
    write(stage, step.holder.control, "Quang Van Son")
    room.forward()
    stage.settle()
    stage.draw("drive-mismatch")
    if stage.wants("drive-mismatch"):
        stage.drawn.append(_sized(stage, "drive-mismatch-windowed", WINDOWED))
    step.payee.kind.set_value("authorised")
    step.payee.texts["payee_name"].set_value("Quàng Văn Sơn")
    step.payee._changed()
    room.forward()
    stage.settle()
    stage.draw("drive-payee")
    room.put_off()
    stage.settle()
    stage.draw("drive-put-off")
    room.kept.strike(row.id)  # the next look begins with an empty table


def consent(stage: Stage, room: Drive, queue: list[PersonRow]) -> None:
    for size in (LAPTOP, WINDOWED):
        row = queue.pop(0)
        stage.window.resize(size)
        stage.settle()
        scan(stage, room, card_of(row))
        scan(stage, room, vietqr(LPBANK, f"0391{row.no:08d}"))
        write(stage, room.stage.account.holder.control, row.name)
        room.forward()
        stage.settle()
        assert room.stage.at == CONSENT
        if size == LAPTOP:
            stage.draw("drive-consent")
        assert room.stage.consent.agreed is not None
        room.stage.consent.agreed.setChecked(True)
        room.stage.consent.change_sign()
        if size == LAPTOP:
            stage.draw("drive-agreed")
        elif stage.wants("drive-agreed"):
            stage.drawn.append(_sized(stage, "drive-agreed-windowed", WINDOWED))
            stage.drawn.append(_sized(stage, "drive-agreed-large", LARGE))
        room.save(prints=True)
        stage.settle()
        stage.draw("drive-saved")
    number = vietqr(LPBANK, f"0391{row.no:08d}")
    last = queue.pop(0)
    scan(stage, room, card_of(last))
    scan(stage, room, number)
    write(stage, room.stage.account.holder.control, last.name)
    room.forward()
    stage.settle()
    stage.draw("drive-shared")
    room.back()
    room.back()
    stage.settle()
    room.kept.strike(last.id)


def camera(stage: Stage, room: Drive) -> None:
    """A frame is handed to the finder: a machine that draws pictures has no camera."""
    room.stage.camera.toggle()
    stage.settle()
    stage.draw("drive-no-camera")
    room.stage.notice.clear()
    finder = room.stage.camera._show_finder()
    seen = QImage(1280, 720, QImage.Format.Format_RGB32)
    seen.fill(QColor("#8a8f96"))
    painter = QPainter(seen)
    painter.drawImage(480, 180, picture_of("nobody's").scaled(360, 360))
    painter.end()
    finder.sink.setVideoFrame(QVideoFrame(seen))
    stage.draw("drive-camera")
    room.stage.camera.close_camera()


def _sized(stage: Stage, name: str, size: QSize):  # type: ignore[no-untyped-def]
    from tests.ui.pictures import draw

    stage.window.resize(size)
    stage.settle()
    made = draw(stage.window, f"{name}{stage.suffix}", size)
    stage.window.resize(LAPTOP)
    stage.settle()
    return made
