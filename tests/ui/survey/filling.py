"""A filling without a runner: controls stand in it, answer it, and see what became of their answers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.domain.identity import CardQr
from app.survey.choices import Choice
from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.ui.jobs import Jobs
from app.ui.pictures import Source
from app.ui.survey.asking import Brought, Read
from app.ui.survey.controls.choosing import control_for
from app.ui.survey.controls.control import Control
from tests.survey.walks import WORLD

TODAY = datetime.date(2026, 11, 29)
_FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head>
<h:title>x</h:title><model><instance><data id="x">{nodes}</data></instance>{binds}</model></h:head>
<h:body>{body}</h:body></h:html>"""


class Filling:
    """Stands where the runner does."""

    def __init__(self, form: FormDefinition, jobs: Jobs) -> None:
        self.session = Session.new(form, WORLD)
        self.jobs = jobs
        self.offered: Sequence[Choice] | None = None  # in place of what the form offers
        self.files: dict[str, bytes] = {}
        self.complaints: list[str] = []
        self._coming = 0
        self._made: Control | None = None
        self.cards: list[tuple[str, CardQr]] = []
        self.answers: list[str] = []
        self.refusals: list[str] = []

    def choices(self, ref: str) -> Sequence[Choice]:
        return self.session.choices(ref) if self.offered is None else self.offered

    def bring(self, ref: str, read: Read, source: Source) -> None:
        assert self._made is not None
        self._coming += 1
        self.jobs.run(self._made, read, source, done=self._keep, failed=lambda e: self.complain(ref, str(e)))
        self._made.show_node(self.session.node(ref))

    def is_bringing(self, _ref: str) -> bool:
        return self._coming > 0

    def complain(self, ref: str, sentence: str) -> None:
        self._coming = 0
        self.complaints.append(sentence)
        assert self._made is not None
        self._made.show_node(self.session.node(ref))

    def _keep(self, brought: Brought) -> None:
        assert self._made is not None
        self._coming = 0
        self.files[brought.name] = brought.content
        self._made.answered.emit(brought.name)

    def file(self, name: str) -> bytes | None:
        return self.files.get(name)

    def scanned_card(self, ref: str, card: CardQr) -> None:
        self.cards.append((ref, card))

    def control(self, ref: str) -> Control:
        """The question's control, which answers the filling and sees each answer come back."""
        made = self._made = control_for(self.session.node(ref), self, lambda: TODAY)

        def answer(value: str) -> None:
            self.answers.append(value)
            self.session.answer(ref, value)
            made.show_node(self.session.node(ref))

        made.answered.connect(answer)
        made.refused.connect(self.refusals.append)
        return made


def form_of(kind: str, control: str, bind: str = "") -> FormDefinition:
    """A form of one question `/data/q` of a type, beside `/data/other`, a text that binds may ask."""
    binds = f'<bind nodeset="/data/q" type="{kind}" {bind}/><bind nodeset="/data/other" type="string"/>'
    body = f'{control}<input ref="/data/other"><label>Khác</label></input>'
    return FormDefinition.load(_FORM.format(nodes="<q/><other/>", binds=binds, body=body).encode())


def question(kind: str, appearance: str = "") -> str:
    """An input with its label."""
    return f'<input ref="/data/q" appearance="{appearance}"><label>Câu hỏi</label><hint>Gợi ý</hint></input>'


def select(kind: str, words: Sequence[str], appearance: str = "") -> str:
    """A `select1`, `select` or `rank` of these, kept as a, b, c …, from the 27th on as n26 …"""
    items = "".join(
        f"<item><label>{each}</label><value>{chr(97 + place) if place < 26 else f'n{place}'}</value></item>"
        for place, each in enumerate(words)
    )
    name = "odk:rank" if kind == "rank" else kind
    return f'<{name} ref="/data/q" appearance="{appearance}"><label>Câu hỏi</label>{items}</{name}>'


def type_text(box: QWidget, text: str) -> None:
    """Key by key, letters beyond ASCII too."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QCoreApplication.sendEvent(box, event)
