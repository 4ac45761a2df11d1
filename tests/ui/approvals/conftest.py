"""A desk at the queue of approvals, and the one who may sign there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.ui.rooms.approvals import ApprovalsRoom
from app.ui.window import Window
from tests.offices import Commune
from tests.ui.queueing import Elsewhere, Sit, sitting


@pytest.fixture
def sit(make_window: Callable[[], Window], qtbot: QtBot) -> Iterator[Sit]:
    yield from sitting(make_window, qtbot, {"approvals": ApprovalsRoom, "person": Elsewhere}, at="approvals")


@pytest.fixture
def boss(office: Commune) -> Desk:
    """Who may approve, at the second laptop."""
    return office.approver(office.desks[1])
