"""A submission as it was handed in: questions and answers, group by group; nothing of it can be changed.

view = AnswersView(jobs, desk, may_correct=True)
view.correct_wanted.connect(…)      # the submission's id
view.show_submission(record)        # read in a job
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.actions.desk import Desk
from app.actions.surveying.reading import Reading, read_submission
from app.domain.progress import Progress
from app.store.submissions import Submitted
from app.survey.answered import Line
from app.sync.policy import held_policy
from app.ui.approvals import heard
from app.ui.jobs import Jobs
from app.ui.moments import show_written
from app.ui.notices import Notice, NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.person.file import Names, known_names
from app.ui.survey.answer_words import answer_words, heading_words
from app.ui.theme import Tone, look
from app.ui.values import show_value
from app.words import gettext as _

_INDENT = 16
_STATES: dict[str, tuple[str, Tone]] = {
    "open": ("clock", "warn"),
    "accepted": ("tick", "ok"),
    "refused": ("cross", "bad"),
    "withdrawn": ("undo", "neutral"),
}


class AnswersView(QFrame):
    """One submission at a time. `correct_wanted` when she would hand in another in its place."""

    correct_wanted = Signal(str)

    def __init__(self, jobs: Jobs, desk: Desk, *, may_correct: bool = False) -> None:
        super().__init__()
        self._jobs, self._desk, self._may_correct = jobs, desk, may_correct
        self.record = ""
        self.reading: Reading | None = None
        self.notice, self._held = NoticeSlot(), Holder()
        self.correct_button: Button | None = None
        self.setLayout(column_layout(self.notice, self._held, gap=8))

    def show_submission(self, record: str) -> None:
        """Read it, and show it in the place of what is shown."""
        self.record = record
        self.notice.clear()
        self._jobs.run(
            self,
            _read,
            self._desk,
            record,
            title="submission",
            done=self._show,
            failed=self.notice.show_error,
        )

    def _show(self, found: tuple[Reading, Names]) -> None:
        reading, names = found
        if reading.submitted.record != self.record:
            return
        self.reading = reading
        came = [_proposed(reading)] if reading.proposed else []
        told = (self._head(reading, names), *self._told(reading), *came, *_groups(reading))
        self._held.put(column(*told, gap=12))

    def _head(self, reading: Reading, names: Names) -> QWidget:
        said = reading.submitted
        self.correct_button = None
        buttons: list[Button] = []
        if self._may_correct and reading.is_shown and reading.after is None:
            self.correct_button = Button(_("Correct"), icon="pencil", on=self._correct)
            buttons.append(self.correct_button)
        handed = _("Handed in by {officer} · {when}").format(
            officer=names.officer(said.officer), when=show_written(said.finished)
        )
        version = _("version {version}").format(version=said.version)
        words = column(
            label(reading.title, "pane", wrap=True), label(f"{handed} · {version}", "second", wrap=True)
        )
        return row(words, *buttons, gap=12, grows=0)

    def _told(self, reading: Reading) -> Iterator[QWidget]:
        """What else there is to know before it is read."""
        if reading.after is not None:
            yield self._way(_("Another filling has taken its place."), reading.after, "warn")
        if reading.before is not None:
            yield self._way(_("It takes the place of another filling."), reading.before, "info")
        if not reading.is_shown:
            yield Notice(_("Your role does not show these answers."), tone="neutral", icon="info")
        elif not reading.is_known:
            happened = _("The form that was filled is not on this laptop.")
            yield Notice(happened, _("Its questions are shown by their names."), tone="warn", icon="info")

    def _way(self, words: str, other: Submitted, tone: str) -> QWidget:
        when = show_written(other.finished)
        go = Button(_("Filling of {when}").format(when=when), "link")
        go.clicked.connect(lambda: self.show_submission(other.record))
        return row(label(words, "strong", tone=tone if tone == "warn" else ""), go, STRETCH, gap=8)

    def _correct(self) -> None:
        self.correct_wanted.emit(self.record)


def _read(progress: Progress, desk: Desk, record: str) -> tuple[Reading, Names]:
    reading = read_submission(progress, desk, record)
    with desk.vault.read() as connection:
        return reading, known_names(desk, held_policy(connection))


def _proposed(reading: Reading) -> QWidget:
    """What a second officer has to say to it, or said: its surveyor reads the reason of a refusal here."""
    lines: list[QWidget] = [label(_("Proposed by this filling"), "card")]
    for proposal, found in reading.proposed:
        state, why = str(proposal.values.get("state")), proposal.values.get("answer")
        icon, tone = _STATES.get(state, ("dash", "neutral"))
        fields = ", ".join(_(f"field.{found.kind}.{name}") for name in found.fields)
        chip = Chip(_(f"choice.proposal.state.{state}"), icon, tone)
        lines.append(row(label(heard.whom(found, ""), "strong"), chip, STRETCH))
        lines.append(label(f"{fields} · “{why}”" if why else fields, "second", wrap=True))
    return card(*lines, gap=4)


def _groups(reading: Reading) -> Iterator[QWidget]:
    """A card for each group at the top, and for what stands outside of one."""
    top = 0
    numbered = list[tuple[int, Line]]()
    for line in reading.lines:
        top += line.depth == 0 and (line.is_heading or not numbered or numbered[-1][1].depth > 0)
        numbered.append((top, line))
    for _number, lines in groupby(numbered, lambda each: each[0]):
        yield _card(reading, [line for _at, line in lines])


def _card(reading: Reading, lines: Sequence[Line]) -> QFrame:
    frame = QFrame()
    grid = QGridLayout(frame)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look().px(16))
    grid.setVerticalSpacing(look().px(6))
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    for at, line in enumerate(lines):
        if line.is_heading:
            grid.addWidget(_heading(line), at, 0, 1, 2)
            continue
        words = _answer(reading, line)
        answer = label(words, wrap=True)
        answer.setAccessibleName(f"{line.label}: {words}")
        answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(_set_in(label(line.label, "third", wrap=True), line.depth), at, 0)
        grid.addWidget(answer, at, 1, Qt.AlignmentFlag.AlignTop)
    return card(frame)


def _heading(line: Line) -> QWidget:
    return _set_in(label(heading_words(line), "strong" if line.depth else "card", wrap=True), line.depth)


def _set_in(widget: QWidget, depth: int) -> QWidget:
    return column(widget, margins=(_INDENT * max(0, depth - 1), 0, 0, 0)) if depth > 1 else widget


def _answer(reading: Reading, line: Line) -> str:
    """A number that is masked elsewhere is masked here."""
    masked = reading.masked.get(line.path)
    return show_value(*masked, line.words) if masked and line.words else answer_words(line)
