"""One form: begin it, how far each hamlet is, who goes where, what the answers come to, and out they go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.desk import Desk, may_write
from app.store.fillings import About
from app.store.forms import Form
from app.ui.charts import HamletBars, Progressed
from app.ui.jobs import Bar
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.surveys.beginning import WhomField
from app.ui.surveys.found import Found, look_hamlets
from app.ui.surveys.going import GoingCard
from app.ui.surveys.leaving import AnswersOut
from app.ui.surveys.starting import begin
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _


class FormPage(QFrame):
    """`giving_wanted`: assign it; `summary_wanted`: what its answers come to; `written`: it was saved."""

    giving_wanted = Signal()
    summary_wanted = Signal()
    written = Signal()

    def __init__(self, window: Window, desk: Desk, found: Found, form: Form, bar: Bar) -> None:
        super().__init__()
        self._window, self._desk, self._found, self.form = window, desk, found, form
        self.notice = NoticeSlot()
        self.out = AnswersOut(self, window.jobs, desk, self.notice, bar)
        self.begin = Button(_("Begin a form"), "primary", size="form", icon="clipboard", on=self._begin)
        self.assign = Button(_("Assign…"), size="form", icon="people", on=self.giving_wanted.emit)
        self.summary = Button(_("Summary"), size="form", icon="chart", on=self.summary_wanted.emit)
        self.save = Button(_("Save the answers"), size="form", icon="download", trailing="chevron-down")
        self.save.clicked.connect(lambda: self.out.open_menu(self.save, form.id))
        self.whom: WhomField | None = None
        self._asking = Holder()
        self.bars = HamletBars(words_width=190)
        self.going = GoingCard(window, desk)
        self.going.written.connect(self.written)
        self._figures = label("", "second")
        self._lay_out()
        self.show_found(found, form)

    def _lay_out(self) -> None:
        state = Chip(_("published"), "tick", "ok") if self.form.is_open else Chip(_("withdrawn"), "dash")
        version = label(_("version {version}").format(version=self.form.version), "second")
        title = label(self.form.title, "page", wrap=True)
        about = row(state, version, self._figures, STRETCH, gap=12)
        buttons = [self.begin, *([self.assign] if self._found.may_assign else [])]
        acts = row(*buttons, STRETCH, self.summary, self.save, gap=8)
        if look().factor >= 1.5:
            acts = column(row(*buttons, STRETCH, gap=8), row(self.summary, self.save, STRETCH), gap=8)
        self.hamlets = card(label(_("Asked, by hamlet"), "card"), self.bars)
        parts = (self.notice, title, about, acts, self._asking, self.going, self.hamlets, STRETCH)
        fill(QVBoxLayout(self), scroll(column(*parts, gap=12, margins=(20, 14))))

    def show_found(self, found: Found, form: Form) -> None:
        """The same form, read again."""
        self._found, self.form = found, form
        count = found.counts.get(form.id, 0)
        about = {
            "household": _("One filling for each household"),
            "person": _("One filling for each person"),
        }.get(form.about, _("Of nobody in the register"))
        handed = counted("{count} handed in", "{count} handed in", count)
        self._figures.setText(f"{about} · {handed}")
        self._weigh(count)
        self.hamlets.setVisible(bool(form.about))
        self.going.show_errands([each for each in found.errands if each.value("form") == form.id], found)
        work = (self._desk, form.id, form.about)
        self._window.jobs.run(self, look_hamlets, *work, title="hamlets", done=self._show_bars)

    def _weigh(self, count: int) -> None:
        if not self.form.is_open:
            self.begin.forbid(_("This form is published no more."))
            self.assign.forbid(_("This form is published no more."))
        elif not may_write(self._desk, "submission", "content"):
            self.begin.forbid(_("Your role fills no forms."))
        if self.form.is_open and not self.form.about:
            self.assign.forbid(_("This form is of nobody in the register: there is nobody to send her to."))
        for button in (self.summary, self.save):
            if count:
                button.allow()
            else:
                button.forbid(_("Nobody has handed in this form yet."))

    def _show_bars(self, hamlets: Sequence[tuple[str, int, int]]) -> None:
        """The least done first."""
        lines = sorted(hamlets, key=lambda line: line[1] / line[2] if line[2] else 1.0)
        self.bars.set_rows(
            [Progressed(hamlet or _("no hamlet"), done, total, key=hamlet) for hamlet, done, total in lines]
        )

    def _begin(self) -> None:
        if not self.form.about:
            begin(self._window, self._found, self.form.id, About())
        elif self.whom is None:
            words = _("For which household") if self.form.about == "household" else _("For whom")
            self.whom = WhomField(self._window.jobs, self._desk, self.form.about, words)
            self.whom.picked.connect(self.begin_for)
            close = Button.only_icon("cross", _("Close"), bare=True, on=self.close_asking)
            self._asking.put(card(row(self.whom, column(close, STRETCH), gap=8, grows=0)))
            self.whom.control.setFocus()
        else:
            self.whom.control.setFocus()

    def close_asking(self) -> None:
        """Nobody, after all."""
        self.whom = None
        self._asking.put(None)
        self.begin.setFocus()

    def begin_for(self, about: About) -> None:
        """Begin it for her, or go on with her draft."""
        begin(self._window, self._found, self.form.id, about)
