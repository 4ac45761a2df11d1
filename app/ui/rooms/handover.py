"""Handing over by stick: choose the errand, see what goes, write, read again; and open what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from app.actions.desk import Desk
from app.store.parcels import Parcel
from app.sync.incoming import Answered
from app.sync.parts import LAPTOP, REQUEST, TRANSFER
from app.sync.stick import Made
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.handover.columns import parcel_columns, parcel_row, said_columns, said_row
from app.ui.handover.coming import ComingCard
from app.ui.handover.drives import Plugged, plugged
from app.ui.handover.minute import print_minute
from app.ui.handover.opening import Opening
from app.ui.handover.overview import Overview, look_over
from app.ui.handover.sending import Sending
from app.ui.handover.steps import StepList
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, column_layout, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.tabs import Tab, Tabs
from app.ui.room import Room
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

SEND, OPEN, MOVE, LEAVE = "send", "open", "move", "leave"
_LOOK_MS = 3_000  # how soon a stick that was plugged in is seen
_SIDE_FROM = 980  # of the room's width at 100 %: narrower, the steps give way


class HandoverRoom(Room):
    """One screen for all of it. The window goes on working meanwhile; nothing here changes a save."""

    section = "sync"
    help_page = "ban-giao"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._found: Overview | None = None
        self._plugged = Plugged()
        self.set_head(_("Handover by stick"), desk.commune.name, back="sync")
        self.errands = ChoiceCards(
            [
                Choice(SEND, _("Send to the centre"), _("What was saved on this laptop"), "arrow-up"),
                Choice(
                    OPEN,
                    _("Open a parcel"),
                    _("The centre's answer, an old laptop's register"),
                    "arrow-down",
                ),
                Choice(MOVE, _("To a new laptop"), _("The register and what waits"), "laptop"),
                Choice(LEAVE, _("To another commune"), _("Who moves there, and from when"), "people"),
            ],
            SEND,
        )
        self.errands.changed.connect(self._show_errand)
        self.sending, self.opening = Sending(window.jobs, desk), Opening(window.jobs, desk)
        for page in (self.sending, self.opening):
            page.moved.connect(self._moved)
        self.sending.made.connect(self._made)
        self.opening.taken.connect(self._taken)
        self.opening.left.connect(link.revoked)
        self.coming = ComingCard(window.jobs, desk)
        self.coming.opened.connect(link.changed.emit)
        self.steps, self.notice = StepList(), NoticeSlot()
        self.side = card(label(_("Steps"), "card"), self.steps, STRETCH, gap=8)
        self.side.setFixedWidth(look().px(300))
        self.hint = label("", "second", wrap=True)
        self.print_button = Button(_("Print the handover minute"), icon="print", on=self._print)
        self._lay_out()
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self._look_for_sticks)
        link.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        self.tabs = Tabs([Tab("parcels", _("Earlier parcels"))])
        self.tabs.chosen.connect(self._show_list)
        self._rows: dict[str, dict[str, object]] = {"parcels": {}, "said": {}}
        self.lists = {
            "parcels": Table(parcel_columns(), partial(self._fetch, "parcels")),
            "said": Table(said_columns(), partial(self._fetch, "said")),
        }
        self.lists["parcels"].followed.connect(self._choose_parcel)
        self._chosen = ""  # of the earlier parcels, whose minute can be printed again
        self.shelf, self.empty = QStackedWidget(), Holder()
        for each in (*self.lists.values(), self.empty):
            self.shelf.addWidget(each)
        below = column(self.tabs, self.shelf, margins=1, role="card")
        below.setMinimumHeight(look().px(210))
        middle = row(column(self.coming, self.sending, self.opening, gap=12), self.side, gap=12)
        body = column(self.notice, self.errands, middle, below, gap=12, margins=20, grows=3)
        sending, opening = self.sending, self.opening
        buttons = (sending.again_button, opening.again_button, self.print_button, sending.write_button)
        self.hint.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        foot = footer(self.hint, *buttons, opening.check_button, opening.take_button)
        self.setLayout(column_layout(scroll(body), foot, grows=0))

    def _fetch(self, name: str, ids: Sequence[str]) -> list[object]:
        return [self._rows[name][each] for each in ids]

    def enter(self, **arguments: object) -> None:
        """`errand`: send, open, move or leave; `file`: a parcel to open; `people`: ids of who leaves."""
        errand, file = arguments.get("errand"), arguments.get("file")
        if isinstance(file, Path):
            self.opening.choose_file(file)
            errand = OPEN
        people = arguments.get("people")
        if isinstance(people, Sequence):
            self.sending.leaving.add(*people)
            errand = LEAVE
        if errand in (SEND, OPEN, MOVE, LEAVE):
            self.errands.set_value(str(errand))
        self._show_errand()
        self.refresh()
        self._look_for_sticks()
        self._looks.start()

    def leave(self) -> None:
        self._looks.stop()

    def refresh(self) -> None:
        """Read again what waits, went and came."""
        self.shell.jobs.run(
            self, look_over, self._desk, title="handover", done=self._show, failed=self.notice.show_error
        )

    def _look_for_sticks(self) -> None:
        if not self.is_running:
            self.shell.jobs.run(self, plugged, lane="stick", title="sticks", done=self._take_sticks)

    def _take_sticks(self, found: Plugged) -> None:
        seen = ([each.path for each in found.drives], list(found.bundles))
        if seen != ([each.path for each in self._plugged.drives], list(self._plugged.bundles)):
            self._plugged = found
            self.sending.show_drives(found.drives)
            self.opening.show_bundles(found.bundles)

    @property
    def is_running(self) -> bool:
        """Whether a stick is being written or read."""
        return self.sending.is_running or self.opening.is_running

    def _show(self, found: Overview) -> None:
        self._found = found
        self.sending.show_found(found)
        self.coming.show_found(found.coming, found.late)
        self._rows["parcels"] = {each.id: parcel_row(each, found.answered) for each in found.parcels}
        self.lists["parcels"].set_ids(list(self._rows["parcels"]))
        self._show_said()
        self._moved()

    def _show_said(self) -> None:
        said = self.opening.said if self.errands.value() == OPEN else ()
        self._rows["said"] = {str(line.number): said_row(line) for line in said}
        self.lists["said"].set_ids(list(self._rows["said"]))
        tabs = [Tab("parcels", _("Earlier parcels"))]
        if said:
            tabs.insert(0, Tab("said", _("Each save"), len(said)))
        self.tabs.set_tabs(tabs)
        self._show_list(self.tabs.key)

    def _show_list(self, name: str) -> None:
        if self._rows.get(name):
            self.shelf.setCurrentWidget(self.lists[name])
            return
        self.empty.put(Empty(_("No parcel went or came yet."), icon="info"))
        self.shelf.setCurrentWidget(self.empty)

    def _show_errand(self) -> None:
        is_open = self.errands.value() == OPEN
        self.sending.set_errand({MOVE: LAPTOP, LEAVE: TRANSFER}.get(str(self.errands.value()), REQUEST))
        self.sending.setVisible(not is_open)
        self.opening.setVisible(is_open)
        self._show_said()
        self._moved()

    def _moved(self) -> None:
        """Steps, buttons and the word at the foot, as the errand now stands."""
        is_open = self.errands.value() == OPEN
        sending, opening = self.sending, self.opening
        self.steps.set_steps(opening.steps() if is_open else sending.steps())
        self.errands.set_running(self.is_running)
        if is_open and opening.checked is not None and not self._rows["said"] and opening.said:
            self._show_said()
            self.tabs.open("said")
        is_sent, is_taken = sending.done is not None, opening.done is not None
        sending.write_button.setVisible(not is_open and not is_sent)
        sending.write_button.setEnabled(sending.can_write)
        sending.again_button.setVisible(not is_open and is_sent)
        opening.check_button.setVisible(is_open and opening.checked is None)
        opening.check_button.setEnabled(opening.can_check)
        opening.take_button.setVisible(is_open and opening.checked is not None and not is_taken)
        opening.take_button.setEnabled(opening.can_take)
        opening.again_button.setVisible(is_open and opening.checked is not None)
        self.print_button.setVisible(self._parcel() is not None)
        self.print_button.set_role("primary" if (is_taken if is_open else is_sent) else "")
        self.hint.setText(self._hint())

    def _hint(self) -> str:
        if self.is_running:
            return _("Do not pull the stick now. If you do, it holds no parcel, and nothing here is lost.")
        if self._parcel() is not None:
            return _("The minute in two copies: who hands over and who receives sign both.")
        if self.errands.value() == LEAVE and self.sending.leaving.value() is None:
            return _("Choose who moves and to which commune, then write the stick.")
        return _("File names hold no names of people. Whoever finds the stick cannot open it.")

    def _made(self, _made: Made) -> None:
        self.refresh()

    def _taken(self, done: Answered) -> None:
        if done.enrolled:
            self._link.joined()
        else:
            self._link.refresh()
        self._link.changed.emit()

    def _choose_parcel(self, parcel: str) -> None:
        self._chosen = parcel
        self._moved()

    def _parcel(self) -> Parcel | None:
        """Of which a minute can be printed: what was just written or taken in, else the chosen line."""
        if self.errands.value() == OPEN and self.opening.done is not None:
            return self.opening.parcel()
        made = self.sending.done if self.errands.value() != OPEN else None
        wanted = made.manifest.id if made is not None else self._chosen
        parcels = self._found.parcels if self._found is not None else ()
        return next((each for each in parcels if each.id == wanted), None)

    def _print(self) -> None:
        parcel = self._parcel()
        if parcel is not None:
            print_minute(self, self.shell.jobs, self._desk, parcel, self.notice)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setVisible(self.width() >= look().px(_SIDE_FROM))
