"""Sync and handover: how this laptop stands with the centre, what waits, what went and came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QFrame, QStackedWidget

from app.actions import exchange
from app.actions.desk import Desk
from app.actions.exchange import LinkState
from app.domain.progress import Progress
from app.store import disputes, divergences, exchanges, outstanding, returned
from app.store.disputes import Dispute
from app.store.divergences import Found as Divergence
from app.store.exchanges import WENT_WELL, Exchange
from app.store.outstanding import WaitingSet
from app.store.pointed import Pointed, read_pointed, references
from app.store.rescue import look as look_into
from app.sync.conversation import Summary
from app.ui import pill
from app.ui.exchange_columns import (
    conflict_columns,
    conflict_row,
    diverged_columns,
    diverged_row,
    past_columns,
    past_row,
    waiting_columns,
    waiting_row,
)
from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.link import Link, due_in_words, photos_in_words
from app.ui.moments import show_lead, show_moment, show_time
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.parts.tabs import Tab, Tabs
from app.ui.room import Room
from app.ui.tables.table import Table
from app.ui.theme import Tone, look
from app.ui.values import show_unread
from app.ui.window import Window
from app.words import counted, explain, explain_code
from app.words import gettext as _

_TABS = ("waiting", "conflicts", "past", "diverged")
_LOOKS: dict[pill.Kind, tuple[str, Tone]] = {
    "synced": ("tick", "ok"),
    "offline": ("offline", "neutral"),
    "waiting": ("ring", "neutral"),
    "syncing": ("sync", "neutral"),
    "failed": ("triangle", "warn"),
    "conflict": ("triangle", "bad"),
}


@dataclass(frozen=True)
class Found:
    """What the room shows, read in one view of the register."""

    state: LinkState
    waiting: Sequence[WaitingSet]
    conflicts: Sequence[Dispute]
    pointed: Pointed
    past: Sequence[Exchange]
    diverged: Sequence[Divergence]
    came_back: int
    rescued: int  # of the waiting saves, those that the capsule beside the vault holds


def look_up(progress: Progress, desk: Desk) -> Found:
    """Everything the room shows."""
    state, rescued = exchange.link_state(progress, desk), look_into(desk.folder).sets
    with desk.vault.read() as connection:
        conflicts = disputes.conflicts(connection)[::-1]  # the newest first
        cells = [(each.kind, each.field, value) for each in conflicts for value in (each.stands, each.came)]
        return Found(
            state,
            outstanding.waiting_sets(connection),
            conflicts,
            read_pointed(connection, references(cells)),
            exchanges.recent(connection, 200),
            divergences.found(connection),
            returned.waits(connection, desk.officer.id),
            rescued,
        )


class ExchangeRoom(Room):
    """Quiet and visible: nothing here must be watched for work to go on."""

    section = "sync"
    help_page = "dong-bo"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._found: Found | None = None
        self.sync_button = Button(_("Sync now"), "primary", icon="sync", on=self._sync)
        self.stick_button = Button(_("By stick"), icon="file", on=lambda: self.shell.go("handover"))
        self.set_head(_("Sync and handover"), actions=[self.stick_button, self.sync_button])
        self.notice, self.clock, self.differed = NoticeSlot(), NoticeSlot(), NoticeSlot()
        self.bar = WorkBar(at_edge=True)
        self.chip = Chip(_("Offline"), "offline", "neutral")
        self.facts = Holder()
        self.enrol_card = self._enrol_card()
        self.tabs = Tabs(_tabs(0, 0, 0))
        self.pages = QStackedWidget()
        self._rows: dict[str, dict[str, object]] = {name: {} for name in _TABS}
        columns = {
            "waiting": waiting_columns(),
            "conflicts": conflict_columns(),
            "past": past_columns(),
            "diverged": diverged_columns(),
        }
        self.lists = {name: Table(shown, partial(self._fetch, name)) for name, shown in columns.items()}
        self.lists["conflicts"].opened.connect(self._open_conflict)
        self.lists["diverged"].opened.connect(self._open_diverged)
        for name in _TABS:
            self.pages.addWidget(self.lists[name])
        self.empty = Holder()
        self.pages.addWidget(self.empty)
        self.tabs.chosen.connect(self._show_list)
        state = card(
            row(label(_("Link to the central register"), "card"), STRETCH, self.chip),
            self.facts,
            self.differed,
            self.clock,
        )
        lists = column(self.tabs, self.pages, margins=1, role="card")
        lists.setMinimumHeight(look().px(240))
        body = column_layout(self.notice, state, self.enrol_card, lists, gap=12, margins=20)
        body.setStretch(3, 1)
        whole = QFrame()
        whole.setLayout(body)
        self.setLayout(column_layout(scroll(whole), self.bar))
        link.changed.connect(self.refresh)
        link.synced.connect(self._synced)
        link.failed.connect(self._failed)

    def _fetch(self, name: str, ids: Sequence[str]) -> list[object]:
        return [self._rows[name][i] for i in ids]

    def _enrol_card(self) -> QFrame:
        hint = _("From the province's IT: type it, paste it, or scan its QR here")
        self.code = Field(_("Enrolment code"), TextBox(), hint=hint)
        self.code.control.returnPressed.connect(self._enrol)
        self.enrol_button = Button(_("Join the centre"), "primary", icon="link", size="form", on=self._enrol)
        enrol = card(
            label(_("This laptop does not know its centre yet"), "card"),
            label(_("All work goes on without it; what is saved waits here until then."), wrap=True),
            row(self.code, column(24, self.enrol_button, STRETCH), gap=12),
        )
        enrol.hide()
        return enrol

    def enter(self, **arguments: object) -> None:
        """`tab`: waiting, conflicts, past or diverged."""
        tab = arguments.get("tab")
        if isinstance(tab, str) and tab in _TABS:
            self.tabs.open(tab)
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.shell.jobs.run(self, look_up, self._desk, title="exchange", done=self._show)

    def take_scan(self, text: str) -> bool:
        """An enrolment code's QR, while the laptop knows no centre."""
        if self._found is None or self._found.state.enrolled:
            return False
        self.code.control.set_value(text)
        self._enrol()
        return True

    def _show(self, found: Found) -> None:
        self._found = found
        state = found.state
        self.enrol_card.setVisible(not state.enrolled)
        # The link speaks while another room has the top bar, where this button would cover its own.
        self.sync_button.setVisible(state.enrolled and self.isVisible())
        self._show_state(state)
        self._rows = {
            "waiting": {line.id: waiting_row(line) for line in found.waiting},
            "conflicts": {
                line.conflict: conflict_row(line, found.pointed, self._desk.reference)
                for line in found.conflicts
            },
            "past": {str(at): past_row(line) for at, line in enumerate(found.past)},
            "diverged": {str(line.no): diverged_row(line) for line in found.diverged},
        }
        for name, table in self.lists.items():
            table.set_ids(list(self._rows[name]))
        self.tabs.set_tabs(_tabs(state.waiting, state.conflicts, len(found.diverged)))
        self._show_list(self.tabs.key)

    def _show_state(self, state: LinkState) -> None:
        shown = self._link.standing
        self.chip.say(shown.words, *_LOOKS[shown.kind])
        if not self._link.is_running:
            self.sync_button.ready()
        last = show_moment(state.last_done) if state.last_done else _("never yet")
        if state.in_step and state.last_done:
            last = f"{last} · {_('same as the centre')}"
        facts: list[tuple[str, str | QFrame]] = [
            (_("Central register"), self._centre(state)),
            (_("Last exchange"), last),
            (_("Waiting to go"), counted("{count} save", "{count} saves", state.waiting)),
        ]
        if state.photos.count:
            words = _("{photos} wait; they follow the saves by themselves")
            facts.append((_("Photos, papers"), words.format(photos=photos_in_words(state.photos))))
        unread = self._link.unread
        if state.photos.count and unread.unread:
            facts.append((_("Stay behind"), show_unread(unread.unread, unread.whose)))
        facts += self._last_try(state)
        soon = self._link.next_at
        if state.enrolled and soon is not None:
            facts.append((_("Next try"), _("by itself at {time}").format(time=show_time(soon))))
        if due_in_words(state):
            facts.append((_("This month's list"), due_in_words(state)))
        facts += self._programme(state)
        facts += self._rescue(state)
        if self._found is not None and self._found.came_back:
            words = _("{count} to be looked at").format(count=self._found.came_back)
            way = Button(words, "link", icon="replaced", on=lambda: self.shell.go("returned"))
            facts.append((_("Came back"), row(way, STRETCH)))
        if state.arriving:
            words = _("on its way; saves to come: {count}").format(count=state.arriving)
            facts.append((_("History"), words))
        self.facts.put(Facts(facts, label_width=160))
        self._show_differed(state)
        self.clock.clear()
        if state.clock_is_off:
            self.clock.say(
                _("This machine's clock is {lead}: set it.").format(lead=show_lead(state.clock_ahead)),
                _("Compared with the centre at the last exchange. What was saved keeps its order."),
                tone="warn",
                icon="clock",
            )

    def _show_differed(self, state: LinkState) -> None:
        """Told until she has looked where; the list of it stays."""
        self.differed.clear()
        if state.diverged:
            kept = _("It was fetched anew. Nothing that was written here is lost.")
            if state.waiting:
                kept = _("It was fetched anew. Nothing written here is lost; waiting to go: {count}.")
            self.differed.say(
                _("This laptop's copy was not the centre's. Places: {count}.").format(count=state.diverged),
                kept.format(count=state.waiting),
                tone="warn",
                icon="triangle",
                action=Button(_("See where"), on=self._see_differed),
            )

    def _see_differed(self) -> None:
        self.tabs.open("diverged")
        self.shell.jobs.run(
            self,
            exchange.see_divergences,
            self._desk,
            lane="write",
            done=self._saw_differed,
        )

    def _saw_differed(self, _nothing: object) -> None:
        self._link.refresh()
        self.refresh()

    def _programme(self, state: LinkState) -> list[tuple[str, str | QFrame]]:
        """Of which day the data are that laws and banks change; nothing while they are the program's own."""
        if not state.programme:
            return []
        day = _("of {day}").format(day=show_moment(datetime.fromisoformat(state.programme))[:10])
        if self._desk.reference.published != state.programme:
            later = _("in use from the next unlock on; if this stays, the program is too old for them")
            day = f"{day} · {later}"
        return [(_("Programme data"), day)]

    def _last_try(self, state: LinkState) -> list[tuple[str, str | QFrame]]:
        """Why nothing went, and the way that needs no line."""
        if state.last is None or state.last.outcome in WENT_WELL:
            return []
        said = f"{show_moment(state.last.at)} · {explain_code(state.last.outcome)}"
        facts: list[tuple[str, str | QFrame]] = [(_("Last try"), said)]
        if state.waiting and not self._desk.training:
            words = counted("{count} save can go by stick", "{count} saves can go by stick", state.waiting)
            way = Button(words, "link", icon="arrow-right", on=lambda: self.shell.go("handover"))
            facts.append((_("No link?"), row(way, STRETCH)))
        return facts

    def _rescue(self, state: LinkState) -> list[tuple[str, str | QFrame]]:
        """What the capsule holds of what waits; its writing lags behind where the disk is full."""
        rescued = self._found.rescued if self._found is not None else 0
        if not state.enrolled or not (state.waiting or rescued):
            return []
        words = _("Sealed for the centre: {count}; photos and papers are not in it")
        if rescued > state.waiting:
            words = _(
                "Sealed: {count}, more than this register has: lock, choose “Cannot get in”, hand it in"
            )
        elif rescued < state.waiting:
            words = _("Sealed for the centre: {count}, others are missing: is the disk full?")
        return [(_("Rescue capsule"), words.format(count=rescued))]

    def _centre(self, state: LinkState) -> str:
        if self._desk.training:
            return _("the training centre, on this machine")
        return state.address.removeprefix("https://") or _("not joined yet")

    def _show_list(self, name: str) -> None:
        if self._rows.get(name):
            self.pages.setCurrentWidget(self.lists[name])
            return
        enrolled = self._found is not None and self._found.state.enrolled
        arrived = _("Nothing waits: everything saved here has reached the centre.")
        words = {
            "waiting": (arrived, "tick") if enrolled else (_("Nothing has been saved here yet."), "info"),
            "conflicts": (_("No conflicts: nobody wrote against anybody unseen."), "tick"),
            "past": (_("No exchange yet."), "info"),
            "diverged": (_("This copy never differed from the centre's."), "tick"),
        }
        why, icon = words[name]
        self.empty.put(Empty(why, icon=icon))
        self.pages.setCurrentWidget(self.empty)

    def _sync(self) -> None:
        self.notice.clear()
        self._link.sync_now()
        if self._link.is_running:
            self.sync_button.busy(_("Syncing…"))

    def _synced(self, done: Summary) -> None:
        if done.not_taken and self.isVisible():
            why = " ".join(explain_code(code) for code in dict.fromkeys(done.not_taken))
            words = _("Not taken by the centre: {count}.").format(count=done.waiting)
            self.notice.say(words, why, tone="warn")

    def _failed(self, error: Exception) -> None:
        if self.isVisible():
            self.notice.show_error(error)
        self.refresh()

    def _enrol(self) -> None:
        self.code.clear_error()
        self.enrol_button.busy(_("Joining…"))
        self.shell.jobs.run(
            self,
            exchange.enrol_laptop,
            self._desk,
            self.code.control.text(),
            lane="net",
            done=self._enrolled,
            failed=self._not_enrolled,
            bar=self.bar,
        )

    def _enrolled(self, name: str) -> None:
        self.enrol_button.ready()
        self.code.control.set_value("")
        self.notice.say(_("Joined the centre as {name}.").format(name=name), tone="ok", icon="tick")
        self._link.joined()
        self.refresh()

    def _not_enrolled(self, error: Exception) -> None:
        self.enrol_button.ready()
        said = explain(error)
        self.code.set_error(" ".join(part for part in (said.happened, said.todo) if part))

    def _open_diverged(self, key: str) -> None:
        for one in self._found.diverged if self._found is not None else ():
            if str(one.no) == key and one.person:
                self.shell.go("person", person=one.person)

    def _open_conflict(self, key: str) -> None:
        self.shell.go("conflicts", conflict=key)


def _tabs(waiting: int, conflicts: int, diverged: int) -> list[Tab]:
    always = [
        Tab("waiting", _("Waiting to go"), waiting),
        Tab("conflicts", _("Conflicts"), conflicts, "bad"),
        Tab("past", _("Exchanges")),
    ]
    return [*always, Tab("diverged", _("Where it differed"), diverged)] if diverged else always
