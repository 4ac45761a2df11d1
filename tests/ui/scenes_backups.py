"""Backups: kept, tried, and the room before the lock in which one is restored."""

from __future__ import annotations

from app.actions import backups as acting
from app.domain.progress import Progress
from app.ui.rooms.backups import BackupsRoom
from app.ui.rooms.breach import BreachRoom
from app.ui.rooms.restore import Restore
from tests.desks import PASSWORD
from tests.ui.scenes import Stage


def backups(stage: Stage) -> None:
    """What is kept; a wrong password at the drill; the way back before the lock."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    acting.make(Progress(), desk, "import")
    acting.make(Progress(), desk)
    stage.window.go("breach")
    breach = stage.room
    assert isinstance(breach, BreachRoom)
    stage.draw("breach")
    breach._prepare()
    stage.settle()
    stage.draw("breach-found")
    stage.window.go("backups")
    stage.settle()
    stage.draw("backups")
    room = stage.room
    assert isinstance(room, BackupsRoom)
    room.opening.password.control.setText("không phải")
    room._try()
    stage.settle()
    stage.draw("backups-wrong")
    room.opening.password.control.setText(PASSWORD)
    room._try()
    stage.settle()
    stage.draw("backups-tried")
    room._restore()
    stage.settle()
    stage.draw("restore")
    restore = stage.room
    assert isinstance(restore, Restore)
    assert restore._opening is not None
    restore._opening.way.control.set_value("code")
    restore._opening._show()
    stage.draw("restore-by-code")
    stage.doors.show_restore()
    stage.draw("restore-nothing")
    stage.doors.knock()
    stage.settle()
