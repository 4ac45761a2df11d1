"""The enrolment drive: scan her card, scan her VietQR, ask the name, read the consent, save; next.

Scanner and keyboard alone: a scan goes to whatever step wants it, wherever the focus is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions import accounts, scanned
from app.actions.accounts import Enrolled, Enrolment
from app.actions.desk import Desk
from app.actions.scanned import CardFound
from app.domain.errors import Refusal
from app.domain.identity import mask_personal_id
from app.domain.progress import Progress
from app.store import history, queries
from app.store.history import Done
from app.store.opened import Opened
from app.store.queries import HamletProgress, PersonRow
from app.ui.charts import HamletBars, Progressed
from app.ui.enrolment_form import EnrolmentForm
from app.ui.forms.picking import Pick, PickBox
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, fill, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Pane, scroll, section
from app.ui.person_facts import born, who
from app.ui.pictures import read_codes
from app.ui.room import Room
from app.ui.slips import print_slip_of, slip_of
from app.ui.values import show_value
from app.ui.window import Window
from app.words import gettext as _

_SCAN, _FORM = range(2)


@dataclass(frozen=True)
class Side:
    """What the side panel shows."""

    done: Sequence[Done]
    hamlets: Sequence[HamletProgress]


def look_up(_progress: Progress, desk: Desk, since: datetime) -> Side:
    """Read it."""
    with desk.vault.read() as connection:
        return Side(history.drive(connection, desk.pen.device, since), queries.progress(connection))


def enrol(_progress: Progress, desk: Desk, enrolment: Enrolment) -> Enrolled:
    """One account proposed."""
    return accounts.enrol(desk, enrolment)


def cash(_progress: Progress, desk: Desk, person: str, why: str) -> None:
    """She chose cash."""
    accounts.prefer_cash(desk, person, why)


class Drive(Room):
    """20 seconds a person without touching the mouse."""

    section = "drive"
    help_page = "dot-dang-ky"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._since = desk.clock.now()
        self._person: PersonRow | None = None
        self._card: CardFound | None = None
        self._prints = False
        picture = Button(_("Read from a picture"), icon="image", on=self._choose_picture)
        self.set_head(_("Enrolment drive"), desk.clock.now().strftime("%d/%m/%Y"), actions=[picture])
        self.notice, self.bar = NoticeSlot(), WorkBar()
        hint = _("Or type her name, year of birth, last 4 digits")
        self.search_box = PickBox(self._find, hint=hint, opens_empty=False)
        self.search_box.changed.connect(self._picked)
        self.found = Holder()
        self.form = EnrolmentForm(desk)
        self.pages = QStackedWidget()
        self.pages.addWidget(self._scan_page())
        self.pages.addWidget(self._form_page())
        self.side = Pane(width=332)
        self._lay_out()
        for key, act in (("Esc", self._start_over), ("F8", self._start_over), ("F9", self._save)):
            QShortcut(QKeySequence(key), self, act)

    def _scan_page(self) -> QWidget:
        words = Empty(
            _("Scan the QR on her ID card."),
            icon="scan",
            more=_("The scanner is ready wherever the cursor is. Without one, type below."),
        )
        return column(card(words, self.search_box, gap=8), self.found, STRETCH, gap=12)

    def _form_page(self) -> QWidget:
        self.name = label("", "drivename")
        self.line = label("", "drive")
        head = card(self.name, self.line, gap=2)
        return column(head, scroll(self.form), gap=12)

    def _lay_out(self) -> None:
        self.back = Button(_("Back"), key="Esc", size="drive", on=self._start_over)
        self.later = Button(_("Later"), key="F8", size="drive", on=self._start_over)
        self.save = Button(_("Save without a slip"), key="F9", size="drive", on=self._save)
        words = _("Save and print the slip")
        self.save_print = Button(words, "primary", icon="print", key="Enter", size="drive")
        self.save_print.clicked.connect(self._save_and_print)
        self.foot = footer(self.back, self.later, STRETCH, self.save, self.save_print, height=88)
        work = QWidget()
        inside = QVBoxLayout(work)
        fill(inside, column(self.notice, self.pages, self.bar, gap=12, margins=20), self.foot)
        inside.setStretch(0, 1)
        body = QHBoxLayout(self)
        fill(body, work, self.side)
        body.setStretch(0, 1)

    def enter(self, **arguments: object) -> None:
        """`person`: begin with her; else wait for a scan."""
        person = arguments.get("person")
        self._start_over()
        if isinstance(person, str):
            self._open(person)
        self._refresh_side()

    def search(self) -> bool:
        self.search_box.setFocus()
        return True

    def take_scan(self, text: str) -> bool:
        self.notice.clear()
        match scanned.kind(text):
            case "card":
                self.shell.jobs.run(
                    self, scanned.find_by_card, self._desk, text, done=self._card_found, failed=self._failed
                )
            case "vietqr" if self.pages.currentIndex() == _FORM:
                try:
                    self.form.take_account(scanned.read_account(self._desk, text))
                except Refusal as refusal:
                    self._failed(refusal)
            case "vietqr":
                self.notice.say(_("That is an account. Scan her ID card first."), tone="warn")
            case _:
                self.search_box.setText(text)
                self.search_box.textEdited.emit(text)
        return True

    def _run(self, act: Callable[..., Any], *work: object, done: Callable[[Any], None]) -> None:
        """One save in the writing lane."""
        self.shell.jobs.run(self, act, *work, lane="write", done=done, failed=self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves from wherever the cursor is."""
        is_enter = event.key() in {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}
        if is_enter and self.pages.currentIndex() == _FORM:
            self._save_and_print()
            return
        super().keyPressEvent(event)

    def _find(self, text: str) -> Sequence[Pick]:
        if len(text.strip()) < 2:
            return []
        rows = scanned.find_by_words(Progress(), self._desk, text)
        return [Pick(r.id, r.name, f"{born(r.birth)} · {r.hamlet}") for r in rows]

    def _picked(self) -> None:
        person = self.search_box.value()
        if person:
            self._open(person)

    def _card_found(self, found: CardFound) -> None:
        self._card = found
        shown = f"{found.card.name} · {born(found.card.birth)} · {mask_personal_id(found.card.personal_id)}"
        if not found.record:
            create = Button(
                _("Enter her as a new person"), "primary", icon="plus", size="drive", on=self._create
            )
            more = _("Nobody in the register has this number, or this name and birth.")
            self.found.put(card(Empty(shown, create, icon="id-card", more=more)))
            create.setFocus()
        elif found.by == "name":
            same = Button(_("Yes, it is she"), "primary", size="drive", on=lambda: self._open(found.record))
            other = Button(_("No: a new person"), size="drive", on=self._create)
            more = _("The register has this name and birth without a number. Is it she?")
            self.found.put(card(Empty(shown, same, other, icon="id-card", more=more)))
            same.setFocus()
        else:
            self._open(found.record)

    def _create(self) -> None:
        if self._card is not None:
            work = (self._desk, self._card.card, None)
            self._run(scanned.create, *work, done=self._created)

    def _created(self, person: str) -> None:
        self._link.saved()
        self._open(person)

    def _open(self, person: str) -> None:
        self.shell.jobs.run(
            self, scanned.open_person, self._desk, person, done=self._opened, failed=self._failed
        )

    def _opened(self, found: tuple[Opened, PersonRow]) -> None:
        opened, self._person = found
        person = self._person
        self.name.setText(person.name)
        number = mask_personal_id(person.personal_id or "")
        line = who(person.sex, person.birth, person.hamlet, self._desk.clock.today())
        self.line.setText(" · ".join(part for part in (line, number) if part))
        self.form.begin(person)
        self._show(_FORM)
        self._offer_card(opened)
        if person.account == "proposed":
            words = _("An account of hers already waits for approval. A new one will stand beside it.")
            self.notice.say(words, tone="warn")

    def _offer_card(self, opened: Opened) -> None:
        """What the card says and the register lacks is offered, never taken silently."""
        found = self._card
        if found is None or found.record != opened.record:
            return
        lacking = scanned.missing(found.card, opened.values)
        if lacking:
            take = Button(_("Take over"), on=lambda: self._take_over(opened.record))
            said = [f"{_(f'field.person.{n}')} {show_value('person', n, v)}" for n, v in lacking.items()]
            fields = ", ".join(said)
            self.notice.say(_("Her card says more than the register."), fields, action=take)

    def _take_over(self, record: str) -> None:
        if self._card is not None and self._person is not None:
            values = scanned.card_values(self._card.card)
            values.pop("name", None)
            work = (self._desk, record, values)
            self.shell.jobs.run(
                self,
                scanned.take_over,
                *work,
                lane="write",
                done=lambda _changed: self._taken(),
                failed=self._failed,
            )

    def _taken(self) -> None:
        self.notice.clear()
        self._link.saved()

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.foot.setVisible(page == _FORM)

    def _start_over(self) -> None:
        self._person, self._card = None, None
        self.found.put(None)
        self.search_box.set_value(None)
        self._show(_SCAN)
        self.search_box.setFocus()

    def _save_and_print(self) -> None:
        self._prints = True
        self._submit()

    def _save(self) -> None:
        self._prints = False
        self._submit()

    def _submit(self) -> None:
        if self._person is None or self.pages.currentIndex() != _FORM:
            return
        way = self.form.way.control.value()
        if way is None:
            self.form.way.set_error(_("Choose how she wants to be paid."))
            return
        if way == "cash":
            work = (self._desk, self._person.id, self.form.cash.control.value())
            self._run(cash, *work, done=lambda _none: self._saved(None))
            return
        enrolment = self.form.enrolment()
        self._run(enrol, self._desk, enrolment, done=lambda made: self._saved((enrolment, made)))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Refusal) and error.code == "account.shared":
            self.form.show_shared(int(error.facts.get("people", 1)))
        elif not self.form.show_error(error):
            self.notice.show_error(error)

    def _saved(self, made: tuple[Enrolment, Enrolled] | None) -> None:
        person = self._person
        if person is None:
            return
        self._link.saved()
        undo = (lambda: self._withdraw(made[1].proposal)) if made else None
        words = _("Saved {name}: waits for approval") if made else _("Saved {name}: cash")
        self.shell.toast.say(words.format(name=person.name), undo)
        if made and self._prints:
            self._print(person, *made)
        self._start_over()
        self._refresh_side()

    def _print(self, person: PersonRow, enrolment: Enrolment, made: Enrolled) -> None:
        slip = slip_of(self._desk, person, enrolment, made)
        if not print_slip_of(slip):
            title, name = _("Save the slip"), f"{_('slip')}-{slip.reference}.pdf"
            path, _kind = QFileDialog.getSaveFileName(self, title, name, "PDF (*.pdf)")
            if path:
                print_slip_of(slip, Path(path))

    def _withdraw(self, proposal: str) -> None:
        self.shell.jobs.run(
            self,
            _withdraw,
            self._desk,
            proposal,
            lane="write",
            done=lambda _none: self._undone(),
            failed=self._failed,
        )

    def _undone(self) -> None:
        self._link.saved()
        self._refresh_side()

    def _refresh_side(self) -> None:
        self.shell.jobs.run(self, look_up, self._desk, self._since, title="drive", done=self._show_side)

    def _show_side(self, found: Side) -> None:
        left = [hamlet for hamlet in found.hamlets if hamlet.left]
        minutes = max((self._desk.clock.now() - self._since).total_seconds() / 60, 1)
        pace = _("{count} an hour").format(count=round(60 * len(found.done) / minutes)) if found.done else ""
        bars = HamletBars(words_width=120)
        bars.set_rows([_progressed(hamlet) for hamlet in left[:12]])
        names = [_done_line(done) for done in found.done[:8]]
        figure = row(label(str(len(found.done)), "count"), label(pace, "caption"), STRETCH)
        parts = [section(_("Done in this drive"), figure)]
        parts.append(section(_("Left by hamlet"), bars))
        if names:
            parts.append(section(_("Just done"), *names))
        self.side.show_parts(*parts)

    def _choose_picture(self) -> None:
        kinds = _("Pictures") + " (*.png *.jpg *.jpeg *.bmp)"
        path, _kind = QFileDialog.getOpenFileName(self, _("Read from a picture"), "", kinds)
        if path:
            self.shell.jobs.run(self, read_codes, Path(path), done=self._picture_read, failed=self._failed)

    def _picture_read(self, codes: Sequence[str]) -> None:
        for code in codes:
            self.take_scan(code)


def _progressed(hamlet: HamletProgress) -> Progressed:
    words = hamlet.hamlet or _("no hamlet")
    return Progressed(words, hamlet.people - hamlet.left, hamlet.people, key=hamlet.hamlet)


def _done_line(done: Done) -> QWidget:
    how = _("cash") if done.how == "cash" else _("account")
    return label(f"{done.name} · {how}")


def _withdraw(_progress: Progress, desk: Desk, proposal: str) -> None:
    accounts.withdraw(desk, proposal, "")
