"""A desk at which surveys are filled."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs
from tests.ui.survey.household import Desk


@pytest.fixture
def desk_of_surveys(qtbot: QtBot, jobs: Jobs) -> Desk:
    """Nothing is opened yet."""
    return Desk(qtbot, jobs)
