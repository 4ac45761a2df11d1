"""Who goes where with a form: whole hamlets ticked, or single households and persons; by when."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from app.actions.desk import Desk
from app.actions.officers import Colleague
from app.actions.surveying.assigning import assign
from app.domain.appointments import SURVEYOR
from app.domain.dates import PartialDate
from app.domain.progress import Progress
from app.store.fillings import About
from app.store.forms import Form
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.forms.field import Form as FieldForm
from app.ui.forms.text import DateBox, TextBox
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.surveys.beginning import WhomField
from app.ui.surveys.found import Found, look_hamlets
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

Wish = tuple[str, tuple[About, ...], str, PartialDate | None, str]


def give_out(_progress: Progress, desk: Desk, wish: Wish) -> int:
    """Assign; how many assignments that made. The refusals of `assign`."""
    form, to, officer, due, note = wish
    return len(assign(desk, form, to, officer, due, note))


def officer_answers(colleagues: Sequence[Colleague]) -> list[tuple[str, str]]:
    """Whom one may send: everybody who has a role, by name and role."""
    return [
        (each.id, f"{each.name} · {_(f'role.{each.roles[0]}')}" if each.roles else each.name)
        for each in colleagues
    ]


class GivingPane(QFrame):
    """`given(count)` once it is saved, `closed` when nothing is to be assigned."""

    given = Signal(int)
    closed = Signal()

    def __init__(self, window: Window, desk: Desk, found: Found, form: Form) -> None:
        super().__init__()
        self._window, self._desk, self._form = window, desk, form
        self._colleagues = {each.id: each for each in found.officers}
        self.hamlets: dict[str, QCheckBox] = {}
        self.singles: dict[str, About] = {}
        self.notice = NoticeSlot()
        self._ticks, self._chosen = Holder(), Holder()
        self.whom = WhomField(window.jobs, desk, form.about, self._words_for_one())
        self.whom.picked.connect(self._add)
        answers = officer_answers(found.officers)
        self.officer = Field(_("Who goes"), Dropdown(answers, hint=_("Choose an officer")), required=True)
        self.officer.control.changed.connect(self._weigh)
        self.due = Field(_("Due"), DateBox(desk.clock.today()), hint=_("Empty for no day"))
        self.note = Field(_("Note"), TextBox(hint=_("What she should know")))
        self.fields = FieldForm({"officer": self.officer, "due": self.due, "note": self.note}, columns=3)
        self.give = Button(_("Assign"), "primary", size="form", icon="tick", on=self._give)
        self.back = Button(_("Give up"), "quiet", size="form", on=self.closed.emit)
        self.told = label("", "second", wrap=True)
        self._lay_out()
        window.jobs.run(self, look_hamlets, desk, form.id, form.about, title="hamlets", done=self._know)

    def _words_for_one(self) -> str:
        return _("Or single households") if self._form.about == "household" else _("Or single persons")

    def _lay_out(self) -> None:
        title = label(_("Assign: {form}").format(form=self._form.title), "pane", wrap=True)
        every = Button(_("Tick all that are left"), "link", on=self._tick_all)
        places = card(row(label(_("Whole hamlets"), "card"), STRETCH, every), self._ticks)
        ones = card(self.whom, self._chosen)
        body = column(self.notice, title, self.fields, places, ones, STRETCH, gap=12, margins=(20, 14))
        foot = footer(self.back, self.told, self.give, grows=1)
        fill(QVBoxLayout(self), scroll(body), foot, grows=0)
        self._weigh()

    def _know(self, hamlets: Sequence[tuple[str, int, int]]) -> None:
        boxes = []
        for hamlet, done, total in hamlets:
            if hamlet:
                words = _("{hamlet} · {left} of {total} left")
                box = QCheckBox(words.format(hamlet=hamlet, left=total - done, total=total))
                box.setProperty("left", total - done)
                box.toggled.connect(self._weigh)
                box.setMinimumHeight(look().px(28))
                self.hamlets[hamlet] = box
                boxes.append(box)
        none = label(_("Nobody in the register has a hamlet."), "second")
        half = (len(boxes) + 1) // 2
        sides = row(column(*boxes[:half], STRETCH), column(*boxes[half:], STRETCH), STRETCH, gap=32)
        self._ticks.put(sides if boxes else none)
        self._weigh()

    def _tick_all(self) -> None:
        for box in self.hamlets.values():
            box.setChecked(bool(box.property("left")))

    def take(self, about: About) -> None:
        """One more household or person, whose card was scanned."""
        self._add(about)

    def _add(self, about: About) -> None:
        self.singles[about.record] = about
        self._show_singles()

    def _drop(self, record: str) -> None:
        self.singles.pop(record, None)
        self._show_singles()

    def _show_singles(self) -> None:
        lines = [
            row(
                label(f"{one.name or '…'} · {one.hamlet}" if one.hamlet else one.name),
                STRETCH,
                Button.only_icon("cross", _("Leave out"), bare=True, on=partial(self._drop, record)),
            )
            for record, one in self.singles.items()
        ]
        self._chosen.put(column(*lines, gap=2) if lines else None)
        self._weigh()

    @property
    def to(self) -> tuple[About, ...]:
        """Where to: hamlets, then single ones."""
        ticked = [About(hamlet=name) for name, box in self.hamlets.items() if box.isChecked()]
        return (*ticked, *self.singles.values())

    def _weigh(self, *_ignored: object) -> None:
        to = self.to
        if to:
            self.give.allow()
        else:
            self.give.forbid(_("Tick a hamlet, or choose a household or person."))
        chosen = self._colleagues.get(self.officer.control.value() or "")
        unseen = self._unseen(chosen, to)
        words = counted("{count} assignment", "{count} assignments", len(to)) if to else ""
        if unseen:
            told = _("{name} does not see {hamlets}: her role is bounded to other hamlets.")
            words = told.format(name=chosen.name if chosen else "", hamlets=", ".join(unseen))
        self.told.setText(words)

    @staticmethod
    def _unseen(chosen: Colleague | None, to: Sequence[About]) -> list[str]:
        if chosen is None or chosen.roles != (SURVEYOR,):
            return []
        hamlets = dict.fromkeys(each.hamlet for each in to)
        return [each for each in hamlets if each not in chosen.hamlets]

    def _give(self) -> None:
        self.fields.clear_errors()
        if problem := self.due.control.problem():
            self.due.set_error(problem)
            self.due.control.setFocus()
            return
        officer = self.officer.control.value() or ""
        wish: Wish = (self._form.id, self.to, officer, self.due.control.value(), self.note.control.value())
        self.give.busy(_("Saving…"))
        self._window.jobs.run(
            self, give_out, self._desk, wish, lane="write", done=self._given, failed=self._not_given
        )

    def _given(self, count: int) -> None:
        self.give.ready()
        self.given.emit(count)

    def _not_given(self, error: Exception) -> None:
        self.give.ready()
        if not self.fields.show_error(error):
            self.notice.show_error(error)
