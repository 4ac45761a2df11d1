"""What came back: values that gave way, sets refused or not taken; each with what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.actions import returned as acts
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import disputes, returned
from app.store.disputes import Dispute
from app.store.pointed import Pointed, read_pointed, references_of, said_by
from app.store.returned import Returned
from app.sync.policy import held_policy
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty
from app.ui.person.file import Names, known_names
from app.ui.returned import ReturnedLine, line_of_lost, line_of_returned, returned_columns
from app.ui.room import Room
from app.ui.tables.columns import Group
from app.ui.tables.table import Table
from app.ui.window import Window
from app.words import gettext as _


@dataclass(frozen=True)
class Found:
    """All that came back, read in one view of the register."""

    lost: Sequence[Dispute]
    refused: Sequence[Returned]
    waiting: Sequence[Returned]
    names: Names
    pointed: Pointed


def read_found(_progress: Progress, desk: Desk) -> Found:
    """Everything that somebody here still has to see."""
    with desk.vault.read() as connection:
        lost = disputes.gave_way(connection, desk.officer.id)
        refused, waiting = returned.refusals(connection, desk.officer.id), returned.not_taken(connection)
        edits = [edit for each in (*refused, *waiting) for atom in each.atoms for edit in atom.edits]
        known = read_pointed(connection, references_of(edits))
        pointed = Pointed({**said_by(edits), **known.values}, known.heads)
        policy = held_policy(connection)
    return Found(lost, refused, waiting, known_names(desk, policy), pointed)


class ReturnedRoom(Room):
    """Nothing an officer wrote is lost silently: here it says what became of it."""

    section = "sync"
    help_page = "tra-ve"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self.set_head(_("Came back"), back="sync")
        self.notice, self.empty, self.foot = NoticeSlot(), Holder(), Holder()
        self.lines: Mapping[str, ReturnedLine] = {}
        self._lost: dict[str, Dispute] = {}
        self._refused: dict[str, Returned] = {}
        self.table = Table(returned_columns(), self._fetch)
        self.table.followed.connect(self._follow)
        self.table.opened.connect(self._open_file)
        self._card = column(self.table, self.foot, margins=1, role="card", grows=0)
        self.setLayout(column_layout(self.notice, self.empty, self._card, gap=12, margins=(20, 16), grows=2))
        link.changed.connect(self.refresh)

    def enter(self, **_arguments: object) -> None:
        self.notice.clear()
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.shell.jobs.run(self, read_found, self._desk, title="returned", done=self._show)

    def _fetch(self, ids: Sequence[str]) -> list[object]:
        return [self.lines[each] for each in ids]

    def _show(self, found: Found) -> None:
        self._lost = {f"{each.seq}/{each.kind}/{each.record}/{each.field}": each for each in found.lost}
        self._refused = {each.set_id: each for each in found.refused}
        waiting = {each.set_id: each for each in found.waiting}
        names, desk = found.names, self._desk
        lost = {key: line_of_lost(each, names, desk.reference) for key, each in self._lost.items()}
        came = {**self._refused, **waiting}.items()
        known = (names, found.pointed, desk.reference, desk.officer.id)
        rest = {key: line_of_returned(each, *known) for key, each in came}
        self.lines = {**lost, **rest}
        groups = (
            (_("Another value stands"), list(lost)),
            (_("Refused by the centre"), list(self._refused)),
            (_("Not taken by the centre yet"), list(waiting)),
        )
        ids: list[str | Group] = []
        for words, keys in groups:
            ids += [Group(words, words, str(len(keys))), *keys] if keys else []
        self.table.set_ids(ids)
        self._card.setVisible(bool(self.lines))
        self.empty.put(None if self.lines else self._nothing())
        if self.table.current_id not in self.lines:
            self.table.go_to_first()
        self._follow(self.table.current_id or "")

    def _nothing(self) -> Empty:
        more = _("When a value written here gives way or is refused, it is told here with the reason.")
        return Empty(_("Everything written here stands, or waits to be sent."), icon="tick", more=more)

    def _follow(self, key: str) -> None:
        """What to do about the chosen line."""
        line = self.lines.get(key)
        if line is None:
            self.foot.put(None)
            return
        ways = [Button(_("Open the file"), on=lambda: self._open_file(key))] if line.person else []
        ways += self._ways(key)
        told = column(
            label(line.whole, "strong", wrap=True), label(line.next_step, "second", wrap=True), gap=2
        )
        buttons = [column(STRETCH, way, STRETCH) for way in ways]
        foot = row(told, *buttons, gap=12, margins=(16, 10), role="footer", grows=0)
        self.foot.put(foot)

    def _ways(self, key: str) -> list[Button]:
        lost, refused = self._lost.get(key), self._refused.get(key)
        seen, again = _("I have seen it"), _("Write mine again")
        if lost is not None:
            return [
                Button(seen, icon="tick", on=partial(self._do, acts.see_gave_way, lost)),
                Button(again, "primary", icon="pencil", on=partial(self._do, acts.write_again, lost)),
            ]
        if refused is None:
            return []
        ways = [Button(seen, icon="tick", on=partial(self._do, acts.see_refused, refused))]
        if refused.may_adopt(self._desk.officer.id):
            adopt = partial(self._do, acts.adopt, refused)
            ways.append(Button(_("Adopt and write"), "primary", icon="pencil", on=adopt))
        return ways

    def _open_file(self, key: str) -> None:
        line = self.lines.get(key)
        if line is not None and line.person:
            self.shell.go("person", person=line.person, tab="history")

    def _do(self, act: Callable[..., object], about: Dispute | Returned) -> None:
        self.notice.clear()
        self.shell.jobs.run(
            self,
            _done,
            self._desk,
            act,
            about,
            lane="write",
            done=lambda _said: self._link.saved(),
            failed=self.notice.show_error,
        )


def _done(_progress: Progress, desk: Desk, act: Callable[..., object], about: Dispute | Returned) -> None:
    act(desk, about)
