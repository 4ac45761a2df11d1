"""What was handed in, form by form: looked for, opened, corrected."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent

from app.actions.desk import Desk, may_write
from app.ui.forms.choices import Dropdown
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty
from app.ui.surveys.columns import done_columns
from app.ui.surveys.found import DoneLine, Found, look_done
from app.ui.surveys.list_page import ListPage
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _


class DonePage(ListPage[DoneLine]):
    """The list of one form at a time; that of which most was handed in comes first."""

    def __init__(self, window: Window, desk: Desk) -> None:
        self._window, self._desk = window, desk
        self._found: Found | None = None
        self._shown, self._standing = "", 0  # of which form the list is; how many no other has replaced
        self.form = Dropdown([])
        self.form.setMinimumWidth(look().px(220))
        self.form.setAccessibleName(_("Form"))
        self.correct = Button(_("Correct"), size="form", icon="pencil", on=self._correct)
        self.open = Button(
            _("Read the filling"), "primary", size="form", icon="clipboard", key="Enter", on=self._open
        )
        super().__init__(
            done_columns(),
            _("Name, hamlet, officer"),
            tools=[self.form],
            buttons=[self.correct, self.open],
            narrow=("finished", "whom", "state"),
        )
        self.form.changed.connect(self.read)

    def show_found(self, found: Found) -> None:
        """What was read; the list of the chosen form is read again."""
        self._found = found
        chosen = self.form.value()
        known = list(dict.fromkeys(form.id for form in found.forms))
        known += [each for each in found.counts if each not in known]
        titles = [
            (each, _title(found, each)) for each in known if found.counts.get(each) or _is_open(found, each)
        ]
        self.form.blockSignals(True)
        self.form.clear()
        for key, words in titles:
            self.form.addItem(words, key)
        self.form.set_value(chosen if chosen in dict(titles) else _first(found, list(dict(titles))))
        self.form.blockSignals(False)
        self.form.setVisible(bool(titles))
        if self.isVisible():
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        """A form may have 20,000 of them: they are read once somebody looks."""
        super().showEvent(event)
        self.read()

    def read(self) -> None:
        """Ask what was handed in of the chosen form."""
        form, found = self.form.value(), self._found
        if form is None or found is None:
            self._show("", [])
            return
        names = {each.id: each.name for each in found.officers}
        self._window.jobs.run(
            self,
            look_done,
            self._desk,
            form,
            names,
            title="done",
            done=lambda lines: self._show(form, lines) if form == self.form.value() else None,
        )

    def _show(self, form: str, lines: list[DoneLine]) -> None:
        self._shown, self._standing = form, sum(not each.is_replaced for each in lines)
        known = {each.submitted.record: each for each in lines}
        self.show_lines(known, {key: each.sought for key, each in known.items()})

    def empty(self) -> Empty:
        way = Button(_("Who is to be asked"), on=lambda: self._window.go("surveys", tab="todo"))
        if not self._shown:
            return Empty(
                _("No form is here yet."), more=_("Sync to receive the forms that the province publishes.")
            )
        return Empty(_("Nobody has handed in this form yet."), way, icon="clipboard")

    def weigh(self) -> None:
        line = self.line
        words = counted("{count} handed in", "{count} handed in", self._standing)
        self.figures.setText(words if self._lines else "")
        self.open.setEnabled(line is not None)
        if line is None:
            self.correct.setEnabled(False)
        elif line.is_replaced:
            self.correct.forbid(_("Another has taken its place; correct that one."))
        elif not may_write(self._desk, "submission", "content"):
            self.correct.forbid(_("Your role fills no forms."))
        else:
            self.correct.allow()

    def _open(self) -> None:
        if self.line is not None:
            self._window.go("survey", read=self.line.submitted.record)

    def _correct(self) -> None:
        if self.line is not None:
            self._window.go("survey", correct=self.line.submitted.record)


def _title(found: Found, form: str) -> str:
    known = found.form(form)
    title = known.title if known else form
    return f"{title} · {found.counts.get(form, 0)}"


def _is_open(found: Found, form: str) -> bool:
    return any(each.id == form for each in found.open_forms)


def _first(found: Found, forms: list[str]) -> str | None:
    """The form of which most was handed in."""
    return max(forms, key=lambda form: found.counts.get(form, 0), default=None)
