"""An account that came without its holder's name: asked for in her file; and her own data given."""

from __future__ import annotations

from collections.abc import Callable

from app.actions.accounts import Enrolment, proposal_edits
from app.actions.desk import Desk, save
from app.actions.training import PASSWORD
from app.store.opened import open_record
from app.ui.person import own_data
from app.ui.person.holder import Holder
from app.ui.rooms.person import PersonRoom
from tests.ui.pictures import keep
from tests.ui.scenes import Stage
from tests.ui.scenes_desk import first_people
from tests.ui.scenes_papers import first_page


def holder(stage: Stage) -> None:
    """As it is opened; another's name typed, with the reason wanted."""
    desk = _desk(stage)
    person = first_people(desk, "tong thi", 1, account="none")[0]
    with desk.vault.read() as connection:
        her = open_record(connection, "person", person)
    bank = desk.reference.providers.find("Agribank")
    assert her is not None
    assert bank is not None
    nameless = Enrolment(person, "bank", bank.code, "3906205123456", "", "workbook", "", "")
    save(desk, "import", proposal_edits(desk, nameless, her)[0])
    room = stage.window.go("person", person=person, tab="accounts")
    assert isinstance(room, PersonRoom)
    stage.settle()
    stage.draw("holder")
    (asked,) = room.findChildren(Holder)
    asked.name.control.set_value("NGUYEN VAN AN")
    asked._fit()
    asked._ask()
    stage.draw("holder-another")
    asked.name.control.set_value(str(her.values["name"]))
    asked._fit()
    asked._ask()
    stage.settle()
    stage.draw("holder-completed")
    stage.window.go("today")


def given(stage: Stage) -> None:
    """Both files written: where they are is said in her file."""
    desk = _desk(stage)
    desk.prove(PASSWORD)
    person = first_people(desk, "quang thi", 1, account="proposed")[0]
    room = stage.window.go("person", person=person)
    assert isinstance(room, PersonRoom)
    stage.settle()
    folder = stage.home / "given"
    folder.mkdir(exist_ok=True)
    own_data.give_into(room, stage.window.jobs, desk, (person, folder), room.notice)
    stage.settle()
    stage.draw("own-data")
    if stage.wants("own-data-paper") and not stage.suffix:
        (paper,) = folder.glob("*.pdf")
        stage.drawn.append(keep(first_page(paper), "own-data-paper"))


def _desk(stage: Stage) -> Desk:
    assert stage.doors.session is not None
    return stage.doors.session.desk


SCENES: tuple[Callable[[Stage], None], ...] = (holder, given)
