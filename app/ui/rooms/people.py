"""Beneficiaries: the list, instant search, filters as chips, a detail pane beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.desk import Desk, may_write
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.store import dossier, queries
from app.store.listing import Listing, Order
from app.store.queries import Counts, PersonRow
from app.ui.filters import Filter, FilterBar
from app.ui.link import Link
from app.ui.list_out import Chosen, ListOut
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.beside import Beside
from app.ui.parts.boxes import STRETCH, column, fill, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty
from app.ui.parts.search import SearchField
from app.ui.people_columns import SHOWN_AT_FIRST, choose_columns, people_columns
from app.ui.person.facts import ACCOUNT_MARKS, group_words
from app.ui.person.pane import PersonPane
from app.ui.room import Room
from app.ui.tables.columns import Group
from app.ui.tables.table import FOLLOW_MS, Table
from app.ui.theme import give, look
from app.ui.window import Window
from app.words import gettext as _
from app.words import ngettext


@dataclass(frozen=True)
class Listed:
    """A listing answered: ids in order, then those with a slip forgiven, and the counts."""

    listing: Listing
    nos: Sequence[int]
    approximate: Sequence[int]
    counts: Counts


def list_people(_progress: Progress, desk: Desk, listing: Listing) -> Listed:
    """Everybody the listing asks for."""
    with desk.vault.read() as connection:
        found = queries.listed(connection, listing)
        return Listed(listing, found.nos, found.approximate, queries.counts(connection, listing))


class People(Room):
    """100,000 people scroll like 100."""

    section = "people"
    help_page = "tim-nguoi"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._listing = Listing()
        self._lookup = 0
        self._listed: Listed | None = None
        self.import_button = Button(_("Import a workbook"), icon="table", on=lambda: window.go("import"))
        self.add_button = Button(_("Add a person"), icon="plus", on=lambda: window.go("person", add=True))
        if not may_write(desk, "person", "name"):
            for button in (self.import_button, self.add_button):
                button.forbid(_("Your role adds nobody."))
        self.set_head(_("Beneficiaries"), actions=[self.import_button, self.add_button])
        self.notice, self.finding, self.bar = NoticeSlot(), NoticeSlot(), WorkBar(at_edge=True)
        self.box = SearchField(_("lan 1954, ntl, last 4 digits…"), key="Ctrl K")
        self.box.setMinimumWidth(look().px(160))
        self.box.setMaximumWidth(look().px(300))
        self.filters = FilterBar(
            {
                "hamlets": Filter(_("Hamlet"), lambda value: value or _("no hamlet")),
                "groups": Filter(_("Group"), lambda code: group_words((code,), desk.reference) or _("none")),
                "accounts": Filter(_("Account"), lambda state: _(ACCOUNT_MARKS[state][0])),
                "states": Filter(_("State"), lambda state: _(f"choice.person.state.{state}")),
            }
        )
        self.columns_button = Button.only_icon("columns", _("Choose columns"), on=self._choose_columns)
        self.print_button = Button.only_icon("print", _("Print or save this list"), on=self._print)
        self.table = Table(people_columns(desk.reference), self._fetch, ticks=True)
        self.table.show_columns(SHOWN_AT_FIRST)
        self.table.show_sort("name")
        self.empty = Holder()
        self.pane = PersonPane(window, desk)
        self.figures = label("", "caption")
        self.rest = label("", "caption")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = (self.columns_button, self.print_button)
        tools_bar = row_layout(self.box, self.filters, STRETCH, *tools, gap=8, margins=(16, 10))
        tools_bar.setStretch(0, 100)  # as wide as it may be, before space is left over
        bar = give(QFrame(), role="bar")
        bar.setLayout(tools_bar)
        foot = row(self.figures, STRETCH, self.rest, margins=(16, 6), role="footer")
        told = column(self.notice, self.finding)
        lists = column(told, self.empty, self.table, STRETCH, self.bar, foot, role="surface")
        inside = lists.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.setStretch(2, 1)
        inside.setStretch(3, 0)  # the space below the empty state; beside the table it gets nothing
        self.beside = Beside(lists, self.pane)
        layout = QVBoxLayout(self)
        fill(layout, bar, self.beside)
        layout.setStretch(1, 1)

    def _connect(self) -> None:
        self.box.searched.connect(lambda text: self._ask(replace(self._listing, text=text)))
        self.box.emptied_again.connect(self.filters.clear_last)
        self.box.moved_down.connect(self._enter_table)
        self.filters.changed.connect(lambda chosen: self._ask(replace(self._listing, **chosen)))
        self.table.followed.connect(self._follow)
        self.table.opened.connect(self._open)
        self.table.sort_wanted.connect(self._sort)
        self.table.ticked_changed.connect(lambda _count: self._show_figures())
        self._link.changed.connect(self.refresh)

    def enter(self, **arguments: object) -> None:
        """`text` (words), `hamlet`, `account`: what to show at once; without any, what was shown last."""
        sought = arguments.get("text")
        chosen = {
            name: (value,)
            for name, value in (("hamlets", arguments.get("hamlet")), ("accounts", arguments.get("account")))
            if isinstance(value, str)
        }
        if chosen or isinstance(sought, str):
            text = sought if isinstance(sought, str) else ""
            self.box.set_text(text)
            self.filters.set_chosen(chosen)
            self._listing = Listing(
                text=text,
                order=self._listing.order,
                hamlets=chosen.get("hamlets", ()),
                accounts=chosen.get("accounts", ()),
            )
        self._ask(self._listing)
        self.box.setFocus()

    def search(self) -> bool:
        self.box.setFocus()
        self.box.selectAll()
        return True

    def refresh(self) -> None:
        """Ask the same again: rows changed under the list."""
        self._ask(self._listing)

    def _ask(self, listing: Listing) -> None:
        """Look up in a reading lane; only the newest question is answered."""
        self._listing = listing
        self._lookup += 1
        number = self._lookup
        self.shell.jobs.run(
            self,
            list_people,
            self._desk,
            listing,
            done=lambda found: self._show(found) if number == self._lookup else None,
        )

    def _show(self, listed: Listed) -> None:
        self._listed = listed
        items: list[str | Group] = [str(no) for no in listed.nos]
        if listed.approximate:
            items.append(Group("approximate", _("Nearly the same"), _("one letter forgiven")))
            items += [str(no) for no in listed.approximate]
        self.table.set_ids(items)
        self.filters.set_counts(
            {
                "hamlets": listed.counts.hamlets,
                "groups": listed.counts.groups,
                "accounts": listed.counts.accounts,
                "states": listed.counts.states,
            }
        )
        self._show_empty(not items)
        self._show_unfound()
        self._show_figures()
        if self.table.current_id is None:
            self.table.go_to_first()
        else:
            # Who was chosen stays so, and her row may have changed: once the list is painted, as after a key.
            QTimer.singleShot(FOLLOW_MS, self, self._show_current)
        if not items:
            self.pane.show_person(None)

    def _show_unfound(self) -> None:
        """After a first fill the list is whole before the index is: nobody must think that it finds all."""
        self.finding.clear()
        unfound = self._link.state.unfound if self._link.state is not None else 0
        if unfound and (self._listing.text or self._listing.is_filtered):
            words = ngettext(
                "Search and filters do not know everybody yet: {count} person is still to come.",
                "Search and filters do not know everybody yet: {count} people are still to come.",
                unfound,
            )
            self.finding.say(words.format(count=show_amount(unfound)), icon="clock")

    def _show_empty(self, is_empty: bool) -> None:
        self.table.setVisible(not is_empty)
        if not is_empty:
            self.empty.put(None)
            return
        listing = self._listing
        if listing.text:
            why = _("Nobody matches “{text}”.").format(text=listing.text)
        elif listing.is_filtered:
            why = _("Nobody is left by these filters.")
        else:
            why = _("The register is empty.")
        may_add = may_write(self._desk, "person", "name")
        adding = Button(_("Add a person"), icon="plus", on=lambda: self.shell.go("person", add=True))
        ways = [adding] if may_add else []
        is_bare = not listing.text and not listing.is_filtered
        if is_bare and may_add:
            take = Button(_("Import a workbook"), "primary", icon="table", on=lambda: self.shell.go("import"))
            ways.insert(0, take)
        if listing.is_filtered:
            ways.insert(0, Button(_("Drop the filters"), icon="cross", on=self.filters.clear_all))
        self.empty.put(Empty(why, *ways, icon="people" if is_bare else "search"))

    def _show_figures(self) -> None:
        if self._listed is None:
            return
        counts, ticked = self._listed.counts, len(self.table.rows.ticked)
        words = ngettext(
            "{people} person · {amount} đ a month", "{people} people · {amount} đ a month", counts.people
        )
        shown = words.format(people=show_amount(counts.people), amount=show_amount(counts.monthly))
        if self._listed.approximate:
            like = _("{count} nearly the same").format(count=show_amount(len(self._listed.approximate)))
            shown = f"{shown} · {like}" if self._listed.nos else like
        if ticked:
            shown = _("{count} ticked · {rest}").format(count=show_amount(ticked), rest=shown)
        self.figures.setText(shown)
        without = _("Without account {count}").format(count=show_amount(counts.without_account))
        self.rest.setText(without if self._listed.nos else "")

    def _fetch(self, ids: Sequence[str]) -> Sequence[PersonRow | None]:
        with self._desk.vault.page() as connection:
            return queries.person_rows(connection, [int(no) for no in ids])

    def _show_beside(self, item: str) -> None:
        with self._desk.vault.page() as connection:
            found = dossier.person(connection, int(item))
        self.pane.show_person(found)

    def _show_current(self) -> None:
        if self.isVisible() and self.table.current_id is not None:
            self._show_beside(self.table.current_id)

    def _follow(self, item: str) -> None:
        self._show_beside(item)
        if self.table.hasFocus():
            self.beside.open_pane()

    def _open(self, item: str) -> None:
        found = self._fetch([item])[0]
        if found is not None:
            self.shell.go("person", person=found.id)

    def _enter_table(self) -> None:
        self.table.setFocus()
        if self.table.current_id is None:
            self.table.go_to_first()

    def _sort(self, name: str, descending: bool) -> None:
        self.table.show_sort(name, descending=descending)
        self._ask(replace(self._listing, order=Order(name), descending=descending))

    def _choose_columns(self) -> None:
        choose_columns(self.columns_button, self.table)

    def _print(self) -> None:
        if self._listed is None:
            return
        ticked = self.table.rows.ticked
        nos = [int(no) for no in self.table.rows.ids if not ticked or no in ticked]
        ways = ListOut(self, self.shell.jobs, self._desk, self.notice, self.bar)
        ways.open_menu(self.print_button, Chosen(nos, self.figures.text()))
