"""What is said of a signature: why it cannot be given in the capture stage, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt

from app.actions.desk import Desk
from app.store import leave, place
from app.store.throttle import Moment
from tests.offices import Commune, change
from tests.ui.approvals.seen import page
from tests.ui.approvals.test_queue import paid, sign
from tests.ui.queueing import Sit

DAY_S = 86_400


def last_signed(desk: Desk, days: int) -> None:
    """The centre signed so many days ago, and the laptop ran all that while."""
    now = Moment.now()
    then = Moment(now.wall - days * DAY_S, now.up - days * DAY_S, now.boot)
    with desk.vault.write() as connection:
        place.write(connection, "leave", None)
        leave.renew(connection, datetime.fromtimestamp(then.wall, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), then)


def test_too_long_without_the_centre_the_signing_is_grey_and_says_why(
    office: Commune, boss: Desk, sit: Sit
) -> None:
    paid(office)
    last_signed(boss, 52)
    at = sit(boss)
    at.press(Qt.Key.Key_Space)
    signing = page(at).signing
    assert signing is not None
    signing.password.control.setText("gì đó")
    signing.password.control.changed.emit()
    button = page(at).signing_button
    assert not button.isEnabled()
    assert "đồng bộ trước" in button.toolTip()
    assert "đã thôi duyệt" in at.pane.follows.text()
    assert page(at).refusing in page(at).buttons  # refusing goes on


def test_the_green_line_follows_the_centres_answer(office: Commune, boss: Desk, sit: Sit) -> None:
    first, second = office.desks
    paid(office)
    at = sit(boss)
    at.press(Qt.Key.Key_Space)
    sign(at)
    at.pane.refresh()
    at.settle()
    assert "đang chờ" in at.told.lower() or "chờ trung tâm" in at.told
    office.sync(second, first)
    at.pane.refresh()
    at.settle()
    assert "Đã duyệt và ký: Lò Thị Lan" in at.told
    assert "đã có hiệu lực" in at.told
    assert "chờ" not in at.told.lower()
    at.pane.refresh()
    at.settle()
    assert "đã có hiệu lực" in at.told  # and stays until she goes on


def test_what_the_centre_did_not_put_in_force_is_said_so(office: Commune, boss: Desk, sit: Sit) -> None:
    """Somebody wrote, unseen here, what the approver had looked at."""
    first, second = office.desks
    lan = paid(office)
    change(first, lan, name="Cà Thị Khác")
    office.sync(first)
    at = sit(boss)
    at.press(Qt.Key.Key_Space)
    sign(at)
    office.sync(second, first)
    at.pane.refresh()
    at.settle()
    assert "chưa cho có hiệu lực" in at.told
