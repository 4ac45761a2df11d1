"""Officers whose roles change: asked of this laptop, asked of the centre, and put out to the door."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import officers
from app.actions.officers import Wish
from app.actions.training import PASSWORD as TRAINING_PASSWORD
from app.domain.progress import Progress
from app.ui.proving import ProofDialog
from app.ui.rooms.settings import SettingsRoom
from app.ui.rooms.unlock import Unlock
from app.ui.settings.appointing import Appointing
from tests.desks import PASSWORD
from tests.ui.scenes import Stage


def roles_here(stage: Stage) -> None:
    """Before the centre knows her, this laptop says what she may do; her password is asked for."""
    settings = _officers(stage)
    page = settings.officers
    page.officers.selectRow(1)
    stage.settle()
    page.roles.click()
    stage.settle()
    assert isinstance(page.form.held, Appointing)
    page.form.held.roles.boxes["surveyor"].click()
    stage.draw("officers-roles")
    page.form.held.roles.boxes["surveyor"].click()
    page.form.held.go.click()
    asked = stage.app.activeModalWidget()
    assert isinstance(asked, ProofDialog)
    stage.draw_over("proof", asked)
    asked.field.control.setText("không phải")
    asked.go.click()
    stage.settle()
    stage.draw_over("proof-wrong", asked)
    asked.reject()
    page.form.put(None)
    stage.settle()
    stage.window.activateWindow()  # with no desktop nobody gives the keyboard back
    stage.settle()


def put_out(stage: Stage) -> None:
    """The centre changed her roles while she worked: the unlock screen says why she is there."""
    assert stage.doors.session is not None
    stage.doors.session.role_changed.emit()
    stage.settle()
    unlock = stage.room
    assert isinstance(unlock, Unlock)
    stage.draw("role-changed")
    unlock.password.control.setText(PASSWORD)
    unlock._unlock()
    stage.settle()


def roles_at_the_centre(stage: Stage) -> None:
    """Certified: the centre is asked about another officer, and until it answers the list says so."""
    settings = _officers(stage)
    page = settings.officers
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    assert page._office is not None
    other = next(at for at, one in enumerate(page._office.officers) if one.id != desk.officer.id)
    page.officers.selectRow(other)
    stage.settle()
    page.roles.click()
    stage.settle()
    form = page.form.held
    assert isinstance(form, Appointing)
    form.roles.boxes["surveyor"].setChecked(True)
    for chip in form.hamlets.chips[2:5]:
        chip.click()
    stage.draw("officers-roles-asked")
    page.form.put(None)
    if page._office.officers[other].asked is None:
        proof = desk.prove(TRAINING_PASSWORD)
        wish = Wish(("surveyor",), ("Bản Nà Lụa", "Bản Pá Khôm"), "Đi rà soát hai bản", "2027-01-31")
        officers.appoint(Progress(), desk, proof, page._office.officers[other].id, wish)
    page.refresh()
    stage.settle()
    stage.draw("officers-asked")
    stage.window.go("settings", page="roles")
    stage.draw("roles-training")


def _officers(stage: Stage) -> SettingsRoom:
    stage.window.go("settings", page="officers")
    stage.settle()
    settings = stage.room
    assert isinstance(settings, SettingsRoom)
    return settings


SCENES: tuple[Callable[[Stage], None], ...] = (roles_at_the_centre,)
