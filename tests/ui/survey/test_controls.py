"""Every question of real forms gets a control that shows it, says its words aloud and can be drawn."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.survey.session import Session
from app.survey.views import NodeView
from app.ui.jobs import Jobs
from app.ui.survey.controls.control import Control
from app.ui.survey.controls.select import Select
from app.ui.theme import make_look, wear
from tests.survey.walks import load
from tests.ui.survey.conftest import Ask
from tests.ui.survey.filling import Filling, question, select

FORMS = (
    "forms/xform/all-question-types-v2024091201-3.xml",
    "forms/xform/date-and-time/date-and-time.xml",
    "forms/xform/select/4-appearances.xml",
    "forms/xform/socio-economic-survey-v20240515.xml",
    "forms/xform/notes/2-all-possible-notes.xml",
    "forms/xform/value-types/numeric-value-types.xml",
    "forms/xlsform/own_entity_repeat_sample.xml",
)
LEAST_TARGET = 28
XFORM_KINDS = {
    "input": '<input ref="/data/q"><label>Câu hỏi</label></input>',
    "range": '<range ref="/data/q" start="0" end="10" step="1"><label>Câu hỏi</label></range>',
    "trigger": '<trigger ref="/data/q"><label>Câu hỏi</label></trigger>',
    "image": '<upload ref="/data/q" mediatype="image/*"><label>Câu hỏi</label></upload>',
    "file": '<upload ref="/data/q" mediatype="audio/*"><label>Câu hỏi</label></upload>',
    "select1": select("select1", ["Có", "Không"]),
    "select": select("select", ["Có", "Không"]),
    "rank": select("rank", ["Có", "Không"]),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("factor", [1.0, 1.75])
def test_every_question_of_a_form_has_its_control(
    qtbot: QtBot, qapp: QApplication, jobs: Jobs, name: str, factor: float
) -> None:
    wear(qapp, make_look(dark=factor > 1, factor=factor))
    filling = Filling(load(name), jobs)
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    made = [filling.control(node.ref) for node in _questions(filling.session)]
    for control in made:
        layout.addWidget(control)
    page.resize(900, page.sizeHint().height())
    page.show()
    page.grab()
    assert made
    assert filling.answers == []
    for control in made:
        assert control.node is not None
        if control.node.label and isinstance(control, Select) and not control.boxes():
            continue  # nothing to choose from before another question is answered
        assert _said(control) == control.node.label or not control.node.label
        _holds_targets(control)


def _questions(session: Session) -> list[NodeView]:
    return [node for node in session.nodes() if node.kind not in ("group", "repeat", "value")]


def _said(control: Control) -> str:
    return control.boxes()[0].accessibleName().partition(": ")[2] or control.boxes()[0].accessibleName()


def _holds_targets(control: Control) -> None:
    for button in control.findChildren(QAbstractButton):
        if button.isVisible():
            assert min(button.width(), button.height()) >= LEAST_TARGET, (control.node, button)


@pytest.mark.parametrize("kind", XFORM_KINDS)
def test_an_error_at_its_field_outlines_what_is_filled(ask: Ask, kind: str) -> None:
    _filling, control = ask("string", XFORM_KINDS[kind])
    control.setProperty("error", "true")
    assert all(box.property("error") == "true" for box in control.boxes())
    control.setProperty("error", "false")
    assert all(box.property("error") == "false" for box in control.boxes())


@pytest.mark.parametrize("kind", XFORM_KINDS)
def test_read_only_is_words_without_a_box(ask: Ask, kind: str) -> None:
    _filling, control = ask("string", XFORM_KINDS[kind], 'readonly="/data/other = 1"')
    assert control.editor.isVisible()
    _filling.session.answer("/data/other", "1")
    control.show_node(_filling.session.node("/data/q"))
    assert not control.editor.isVisible()


@pytest.mark.parametrize(
    ("kind", "asked", "value", "said"),
    [
        ("int", question("int"), "1250000", "1.250.000"),
        ("date", question("date"), "1950-03-05", "05/03/1950"),
        ("string", select("select1", ["Có", "Không"]), "b", "Không"),
        ("string", select("select", ["Điện", "Nước", "Đường"]), "a c", "Điện, Đường"),
        ("string", select("rank", ["Điện", "Nước"]), "b a", "1. Nước\n2. Điện"),
        ("string", XFORM_KINDS["trigger"], "OK", "Đã đọc và hiểu"),
        ("int", XFORM_KINDS["range"], "7", "7"),
        ("int", question("int"), "", "—"),
        ("string", question("string"), "", ""),  # a note: its label says all
        ("string", question("string", "masked"), "0123", "••••"),
    ],
)
def test_what_may_only_be_read_is_said_in_words(
    ask: Ask, kind: str, asked: str, value: str, said: str
) -> None:
    _filling, control = ask(kind, asked, 'readonly="true()"', value)
    assert (control.plain.text() if control.plain else "") == said
    assert control.plain is None or control.plain.isVisible()
