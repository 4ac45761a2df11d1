"""A form as it is filled: pages, members of a house in rows, what is missing, what came of it."""

from __future__ import annotations

from app.store import fillings
from app.store.households import households
from app.ui.rooms.survey import SurveyRoom
from app.ui.survey.runner import Runner
from tests.ui.scenes import Stage

FORM = "poverty_review"


def review(stage: Stage) -> None:
    """The poverty review of a house with several people."""
    if stage.wanted and not any("survey" in name for name in stage.wanted):
        return
    runner, room = _begin(stage)
    stage.draw("survey-first-page")
    for number in range(2, 9):
        runner.go(runner.side.steps.lines[min(number, len(runner.side.steps.lines)) - 1].key)
        stage.draw(f"survey-page-{number}")
    del room


def _begin(stage: Stage) -> tuple[Runner, SurveyRoom]:
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    with desk.vault.read() as connection:
        large = next(each for each in households(connection) if each.members >= 3)
        about = fillings.about_household(connection, large.record)
    assert about is not None
    room = stage.window.go("survey", form=FORM, about=about)
    assert isinstance(room, SurveyRoom)
    stage.wait_until(lambda: room.runner is not None)
    assert room.runner is not None
    return room.runner, room


SCENES = (review,)
