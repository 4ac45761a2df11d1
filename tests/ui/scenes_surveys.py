"""Surveys: hamlets given to officers, a visit in vain, drafts, forms that were handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from app.actions.desk import Desk, save
from app.actions.surveying.assigning import Visit, assign, note_visit
from app.actions.surveying.filling import begin, drop, keep
from app.domain.dates import PartialDate
from app.domain.ids import derived_id
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import assignments, fillings, households
from app.store.fillings import About
from app.store.opened import Opened
from app.ui.rooms.surveys import SurveysRoom
from tests.ui.scenes import Stage

REVIEW, WISH = "poverty_review", "account_wish"


def give_some(stage: Stage) -> None:
    """Two hamlets and a household are hers; some are done, one was away, one is half answered."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    today = desk.clock.today()
    with desk.vault.read() as connection:
        hamlets = [name for name, _done, _total in assignments.by_hamlet(connection, REVIEW, "household")]
        lines = [each for each in households.households(connection) if each.hamlet == hamlets[1]]
        abouts = [fillings.about_household(connection, each.record) for each in lines]
    known = [about for about in abouts if about is not None]
    soon, later = today + timedelta(2), today + timedelta(20)
    mine = [About(hamlet=hamlets[1])]
    assign(desk, REVIEW, mine, desk.officer.id, day(soon), "Gặp trưởng bản trước khi đi")
    assign(desk, REVIEW, [About(hamlet=hamlets[2])], desk.officer.id, day(later))
    assign(desk, WISH, [About(hamlet=hamlets[3]), known[0]], desk.officer.id)
    note_visit(desk, REVIEW, known[2], Visit("absent", day(later), "Đi nương, tối mới về"))
    note_visit(desk, REVIEW, known[4], Visit("refused"))
    for about in known[5:9]:
        hand_in(desk, about)
    for about, answered in ((known[1], 12), (known[3], 31)):
        filling = begin(desk, REVIEW, about)
        keep(Progress(), desk, filling.kept_now("", answered, 62))


def hand_in(desk: Desk, about: About) -> None:
    """A submission as it lies in the register; how it came about is the runner's picture."""
    filling = begin(desk, REVIEW, about)
    drop(Progress(), desk, filling.kept.id)
    dice = Random(about.household)
    for node in list(filling.session.nodes()):
        offered = [choice.value for choice in filling.session.choices(node.ref)]
        if offered and node.control and node.kind in ("select", "select1"):
            filling.session.answer(node.ref, dice.choice(offered))
    values: dict[str, Value] = {
        "form": REVIEW,
        "version": filling.kept.version,
        "definition": filling.kept.definition,
        "instance": f"uuid:{about.household}",
        "household": about.household,
        "hamlet": about.hamlet,
        "officer": desk.officer.id,
        "finished": desk.clock.now().isoformat(timespec="seconds"),
        "content": filling.session.xml().decode(),
        "state": "active",
    }
    save(desk, "survey", Opened("submission", derived_id("entity", "scene", about.household)).edits(values))


def day(at: object) -> PartialDate:
    """A day of the calendar."""
    return PartialDate.parse(str(at))


def surveys(stage: Stage) -> None:
    """To do, who is left, a visit, drafts, what was handed in, a form with who goes where."""
    room = stage.window.go("surveys", tab="todo")
    assert isinstance(room, SurveysRoom)
    stage.settle()
    stage.draw("surveys")
    room.todo.open(room.todo.errands.line)
    stage.settle()
    stage.draw("surveys-left")
    left = room.todo.left
    assert left is not None
    left.in_vain.click()
    stage.draw("surveys-visit")
    room.todo.close_left()
    for tab in ("drafts", "done", "forms"):
        room.tabs.open(tab)
        stage.settle()
        if tab == "forms":
            room.forms.choose(REVIEW)
        stage.draw(f"surveys-{tab}")
    page = room.forms.page
    assert page is not None
    page.assign.click()
    stage.draw("surveys-assign")
    room.forms.close_over()
    page.summary.click()
    stage.draw("surveys-summary")
    room.forms.close_over()


SCENES: tuple[Callable[[Stage], None], ...] = (surveys,)
