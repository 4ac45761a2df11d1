"""Makes a filling of one question and shows its control."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.jobs import Jobs
from app.ui.survey.controls.control import Control
from tests.ui.survey.filling import Filling, form_of

Asked = tuple[Filling, Control]
Ask = Callable[..., Asked]


@pytest.fixture
def ask(qtbot: QtBot, jobs: Jobs) -> Ask:
    """`ask(type, question, bind="", value="")`: the filling, and the control in a window of its own."""
    pages: list[QWidget] = []

    def asked(kind: str, control: str, bind: str = "", value: str = "") -> Asked:
        filling = Filling(form_of(kind, control, bind), jobs)
        if value:
            filling.session.answer("/data/q", value)
        made = filling.control("/data/q")
        page = QWidget()
        qtbot.addWidget(page)
        pages.append(page)
        layout = QVBoxLayout(page)
        layout.addWidget(made)
        layout.addStretch(1)
        page.resize(480, 400)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        return filling, made

    return asked
