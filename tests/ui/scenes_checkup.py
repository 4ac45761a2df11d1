"""The self-test of a laptop that has joined a training centre."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.rooms.checkup import CheckupRoom
from tests.ui.scenes import Stage


def checkup(stage: Stage) -> None:
    """As it comes out in training."""
    room = stage.window.go("checkup")
    assert isinstance(room, CheckupRoom)
    stage.settle()
    stage.draw("checkup")


SCENES: tuple[Callable[[Stage], None], ...] = (checkup,)
