"""A form as it is filled: pages, members of a house in rows, what is missing, what came of it."""

from __future__ import annotations

from app.store import fillings
from app.store.households import households
from app.survey.pages import REVIEW
from app.ui.rooms.survey import SurveyRoom
from app.ui.survey.runner import Runner
from tests.ui.scenes import Stage

FORM = "poverty_review"


def review(stage: Stage) -> None:
    """The poverty review of a house with several people."""
    if stage.wanted and not any("survey" in name for name in stage.wanted):
        return
    runner = _begin(stage)
    runner.go(runner.side.steps.lines[0].key)  # another look goes on with the same draft
    stage.draw("survey")
    runner.forth()
    stage.draw("survey-missing")
    for name, text in (
        ("area", "rural"),
        ("review_kind", "yearly"),
        ("quick_signs", "none"),
        ("continue_b", "yes"),
    ):
        _answer(runner, name, text)
    runner.forth()
    runner.add_row()
    stage.draw("survey-members")
    _answer(runner, "name", "Cà Thị Hà Vy")
    runner.forth()
    stage.draw("survey-row-missing")
    runner.go(REVIEW)
    stage.draw("survey-review")


def _answer(runner: Runner, name: str, text: str) -> None:
    """The last question of this name that is asked."""
    nodes = [node for node in runner.live.session.nodes() if node.ref.rpartition("/")[2] == name]
    if nodes and nodes[-1].is_relevant:
        runner.live.answer(nodes[-1].ref, text)


def _begin(stage: Stage) -> Runner:
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    with desk.vault.read() as connection:
        large = max(households(connection), key=lambda each: each.members)
        about = fillings.about_household(connection, large.record)
    assert about is not None
    room = stage.window.go("survey", form=FORM, about=about)
    assert isinstance(room, SurveyRoom)
    stage.wait_until(lambda: room.runner is not None)
    assert room.runner is not None
    return room.runner


SCENES = (review,)
