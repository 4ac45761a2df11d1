"""The list of accounts in force, told anew from signed changes each time it is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.actions import lists
from app.actions.desk import Desk, apart
from app.actions.lists import AccountList, Listed
from app.domain.accounts import mask_account
from app.domain.dates import PartialDate, show
from app.domain.in_force import LeftOff
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.ui.accounts_out import AccountsOut
from app.ui.link import Link
from app.ui.moments import show_moment
from app.ui.notices import Notice, NoticeSlot, WorkBar
from app.ui.papers.page import office_printer
from app.ui.parts.boxes import STRETCH, column, column_layout, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty
from app.ui.room import Room
from app.ui.tables.columns import Column, Group, MarkCell
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _
from app.words import ngettext

_FLAGS = ("moved", "rewritten", "recent", "shared")
LEFT = "left"


@dataclass(frozen=True)
class ListLine:
    """One line of the table, of whoever is paid or of whoever is left off."""

    name: str
    born: str = ""
    where: str = ""
    receives: str = ""
    amount: str = ""
    officers: str = ""
    mark: MarkCell | None = None


class AccountListRoom(Room):
    """Derived in a job with progress; filtered by what to look at twice."""

    section = "account-list"
    help_page = "danh-sach"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self.made: AccountList | None = None
        self._only_captures = False
        self._about: dict[str, Listed | LeftOff] = {}
        self.notice, self.bar, self.told, self.empty = NoticeSlot(), WorkBar(), Holder(), Holder()
        self.again = Button(_("Make anew"), icon="sync", on=self.make)
        self.pdf = Button(_("Save as PDF…"), icon="download", on=lambda: self._save("pdf"))
        self.printing = Button(_("Print"), icon="print", on=self._print)
        self.excel = Button(_("Save as Excel…"), "primary", icon="table", on=lambda: self._save("xlsx"))
        self.set_head(
            _("The list"),
            _("Accounts in force, told from signed changes"),
            actions=[self.again],
            back="today",
        )
        self.out = AccountsOut(self, window.jobs, desk, self.notice, self.bar)
        self.chips = {name: FilterChip(words, is_toggle=True) for name, words in _chip_words().items()}
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, name=name: self._choose(name))
        self.table = Table(_columns(), self._fetch)
        self.table.opened.connect(self._open_file)
        self._lay_out()

    def _lay_out(self) -> None:
        self._card = column(
            row(*self.chips.values(), STRETCH, margins=(12, 8), role="bar"),
            self.table,
            margins=1,
            role="card",
            grows=1,
        )
        self.under = label("", "second", wrap=True)
        foot = footer(self.under, self.pdf, self.printing, self.excel, grows=0)
        told = (self.notice, self.bar, self.told, self.empty)
        body = column(*told, self._card, gap=12, margins=(20, 16), grows=len(told))
        self.setLayout(column_layout(body, foot, grows=0))
        self._card.hide()
        self._allow()

    def enter(self, **_arguments: object) -> None:
        self.notice.clear()
        self.make()

    def make(self) -> None:
        """Read the journal again, whole."""
        self.again.busy(_("Making the list…"))
        self.shell.jobs.run(
            self,
            _derived,
            self._desk,
            title=_("List of accounts in force"),
            done=self._take,
            failed=self._failed,
            bar=self.bar,
        )

    def _failed(self, error: Exception) -> None:
        self.again.ready()
        self.notice.show_error(error)

    def _take(self, found: tuple[AccountList, bool]) -> None:
        made, self._only_captures = found
        self._show(made)

    def _show(self, made: AccountList) -> None:
        self.again.ready()
        self.made = made
        self._about = {
            **{each.line.person: each for each in made.lines},
            **{each.person: each for each in made.left},
        }
        self.told.put(_told(made, self._desk))
        self.under.setText(_under(made))
        self._choose("")
        self._allow()

    def _choose(self, name: str) -> None:
        """Only those with this flag, or who are left off; pressed again, everybody."""
        chosen = name if name and self.chips[name].isChecked() else ""
        for each, chip in self.chips.items():
            chip.setChecked(each == chosen)
            chip.update()
        self._fill(chosen)

    def _fill(self, chosen: str) -> None:
        made = self.made
        if made is None:
            return
        kept = [each.line.person for each in made.lines if chosen in ("", *each.flags)]
        left = [each.person for each in made.left if chosen in ("", LEFT)]
        ids: list[str | Group] = []
        for words, keys in ((_("On the list"), kept), (_("Left off"), left)):
            ids += [Group(words, words, show_amount(len(keys))), *keys] if keys else []
        self.table.set_ids(ids)
        self._card.setVisible(bool(self._about))
        self.empty.put(None if self._about or made.is_stopped else column(_nothing(), role="card"))

    def _fetch(self, ids: Sequence[str]) -> list[object]:
        return [self.line_of(each) for each in ids]

    def line_of(self, person: str) -> ListLine:
        """What the table shows of her, worded when it is looked at."""
        about = self._about[person]
        if isinstance(about, Listed):
            return _line(self._desk, about)
        name = self.made.names.get(person, "") if self.made is not None else ""
        return ListLine(name, mark=MarkCell(_(f"list.why.{about.why}"), "triangle", "warn"))

    def _allow(self) -> None:
        made, lacks = self.made, ""
        if made is None or not made.lines or made.is_stopped:
            lacks = _("No account is in force yet.")
        elif self._only_captures:
            lacks = _("Too long without the centre: sync first, or take a stick there.")
        for button in (self.pdf, self.excel, self.printing):
            button.forbid(lacks) if lacks else button.allow()
        if office_printer() is None and not lacks:
            self.printing.forbid(_("This laptop has no printer."))

    def _save(self, kind: str) -> None:
        if self.made is not None:
            self.out.save(self.made, kind)

    def _print(self) -> None:
        if self.made is not None:
            self.out.print(self.made)

    def _open_file(self, person: str) -> None:
        self.shell.go("person", person=person, tab="accounts")


def _derived(progress: Progress, desk: Desk) -> tuple[AccountList, bool]:
    """The list, and whether this laptop is too long without its centre to let it out."""
    return lists.accounts_in_force(progress, desk), apart(desk).only_captures


def _chip_words() -> dict[str, str]:
    """What each chip says; in large text as short as in a line."""
    is_large = look().factor >= 1.5
    words = {flag: _(f"list.mark.{flag}") if is_large else _(f"list.flag.{flag}") for flag in _FLAGS}
    return {**{flag: said[:1].upper() + said[1:] for flag, said in words.items()}, LEFT: _("Left off")}


def _columns() -> tuple[Column, ...]:
    shown = (
        Column("name", _("Full name"), 144, lambda it: it.name, kind="name", grows=True, is_sortable=False),
        Column("born", _("Born"), 104, lambda it: it.born, is_sortable=False),
        Column("where", _("Account"), 190, lambda it: it.where, is_sortable=False),
        Column("receives", _("Who receives"), 126, lambda it: it.receives, is_sortable=False),
        Column("amount", _("A month, đ"), 106, lambda it: it.amount, kind="number", is_sortable=False),
        Column(
            "officers", _("Wrote · approved"), 228, lambda it: it.officers, is_sortable=False, secondary=True
        ),
        Column("mark", _("To look at"), 198, lambda it: it.mark or "", grows=True, is_sortable=False),
    )
    if look().factor < 1.5:
        return shown
    return tuple(each for each in shown if each.name not in ("born", "receives", "officers"))


def _line(desk: Desk, each: Listed) -> ListLine:
    who, cells = each.line.who, each.line.cells
    born = who.get("birth")
    number = mask_account(str(cells.get("number") or ""))
    flags = ", ".join(_(f"list.mark.{flag}") for flag in each.flags)
    return ListLine(
        str(who.get("name") or ""),
        show(PartialDate.parse(str(born))) if born else "",
        f"{lists.provider_name(desk, cells.get('provider'))} {number}",
        str(cells.get("payee_name") or _("herself")),
        show_amount(each.line.amount) if each.line.amount else "–",
        f"{each.proposed_by} · {each.approved_by}",
        MarkCell(flags, "triangle", "warn") if flags else None,
    )


def _told(made: AccountList, desk: Desk) -> Notice | None:
    """What looking the register over found; what changed since the last list."""
    if made.is_stopped:
        words = _("The journal does not hold: no list can be made.")
        return Notice(words, _found_words(made), tone="bad")
    if not made.report.is_sound:
        words = _("Looking the register over found something, though not of anybody on this list.")
        return Notice(words, _found_words(made), tone="warn")
    if made.last is None:
        return Notice(_("No list has left this laptop before."), tone="info")
    at = show_moment(datetime.fromisoformat(made.last.at))
    words = ngettext(
        "Last list: {moment} by {officer}, {count} person, {total} đ.",
        "Last list: {moment} by {officer}, {count} people, {total} đ.",
        made.last.count,
    ).format(
        moment=at,
        officer=desk.officer.name if made.last.officer == desk.officer.id else _("another officer"),
        count=show_amount(made.last.count),
        total=show_amount(made.last.total),
    )
    same = _("The same people are paid the same as in the last list.")
    return Notice(words, same if made.last.digest == made.digest else "", tone="info")


def _found_words(made: AccountList) -> str:
    """What does not hold, each kind once, and what to do about it."""
    codes = dict.fromkeys(fault.code for fault in made.report.faults)
    return " ".join(f"{_(f'verify.{code}')} {_(f'verify.{code}.todo')}" for code in codes)


def _under(made: AccountList) -> str:
    counts = {"count": show_amount(len(made.lines)), "total": show_amount(made.total)}
    told = [
        ngettext(
            "{count} person, {total} đ a month", "{count} people, {total} đ a month", len(made.lines)
        ).format(**counts),
        _("Digest {digest}… at entry {seq} · made {moment}").format(
            digest=made.digest[:12], seq=made.seq, moment=show_moment(made.made)
        ),
    ]
    if made.lines and office_printer() is None:
        told.append(_("This laptop has no printer: save as PDF, and print it elsewhere."))
    return "\n".join(told)


def _nothing() -> Empty:
    why = _("No account is in force yet.")
    more = _("An account comes on the list once a second officer approved it and the centre has answered.")
    return Empty(why, icon="bank", more=more)
