"""A laptop that has not heard of its centre for long: warned, then capturing alone, then masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.actions.desk import Desk
from app.domain.terms import Term
from app.store import leave, place
from app.store.throttle import Moment
from app.ui.forms.masked import MaskedValue
from app.ui.rooms.account_list import AccountListRoom
from app.ui.rooms.approvals import ApprovalsRoom
from tests.ui.scenes import Stage
from tests.ui.scenes_approvals import sit_as_approver
from tests.ui.scenes_desk import first_people

_DAY_S = 86_400


def apart(stage: Stage) -> None:
    """What the bar says, and what the rooms then refuse."""
    desk = _desk(stage)
    last_signed(stage, 95)
    stage.window.go("person", person=first_people(desk, "lo thi", 1)[0], tab="profile")
    stage.settle()
    shown = next(each for each in stage.room.findChildren(MaskedValue) if each.isVisible())
    shown._show.click()
    stage.draw("leave-lapsed")
    last_signed(stage, 52)
    room = stage.window.go("approvals")
    assert isinstance(room, ApprovalsRoom)
    with sit_as_approver(room.approvals, desk):
        stage.settle()
        stage.draw("leave-capture")
    listed = stage.window.go("account-list")
    assert isinstance(listed, AccountListRoom)
    stage.draw("leave-list")
    last_signed(stage, 38)
    stage.window.go("today")
    stage.draw("leave-warned")
    last_signed(stage, 0)
    for name, left in (("near", 9), ("over", -2)):
        today = desk.clock.today()
        stage.window.leave_bar.show_term(Term(today + timedelta(left), left))
        stage.draw(f"term-{name}")
    stage.window.leave_bar.show_term(None)


def last_signed(stage: Stage, days: int) -> None:
    """The clock is moved: the centre signed so many days ago, and the laptop ran all that while."""
    now = Moment.now()
    signed = datetime.fromtimestamp(now.wall - days * _DAY_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with _desk(stage).vault.write() as connection:
        place.write(connection, "leave", None)
        leave.renew(connection, signed, Moment(now.wall - days * _DAY_S, now.up - days * _DAY_S, now.boot))
    assert stage.doors.session is not None
    stage.doors.session.refresh_counts()
    stage.settle()


def _desk(stage: Stage) -> Desk:
    assert stage.doors.session is not None
    return stage.doors.session.desk


SCENES: tuple[Callable[[Stage], None], ...] = (apart,)
