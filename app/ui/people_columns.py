"""The columns a list of people may show, and the menu that chooses among them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.identity import mask_personal_id, mask_phone
from app.domain.reference import Reference
from app.store.queries import PersonRow
from app.ui.person.facts import account_mark, born, group_words, monthly
from app.ui.tables.columns import Cell, Column, MarkCell
from app.ui.tables.table import Table
from app.words import gettext as _

SHOWN_AT_FIRST = ("name", "birth", "hamlet", "group", "amount", "account")


def people_columns(reference: Reference) -> tuple[Column, ...]:
    """Every column; numbers are masked before they reach a cell."""

    def groups(person: PersonRow | None) -> Cell:
        return group_words(person.groups, reference) if person else ""

    return (
        Column("name", _("Full name"), 148, _name, "name", grows=True),
        Column("birth", _("Born"), 100, lambda p: born(p.birth) if p else "", secondary=True),
        Column("hamlet", _("Hamlet"), 132, lambda p: p.hamlet if p else "", secondary=True),
        Column("group", _("Group"), 158, groups, grows=True, secondary=True),
        Column("amount", _("A month, đ"), 98, lambda p: monthly(p) if p else "", "number"),
        Column("account", _("Account"), 112, lambda p: account_mark(p.account) if p else ""),
        Column("state", _("State"), 120, _state, is_sortable=False),
        _plain("personal_id", _("Personal ID"), 130, lambda p: mask_personal_id(p.personal_id or "")),
        _plain("old_id", _("Old number"), 110, lambda p: mask_personal_id(p.old_id or "")),
        _plain("phone", _("Phone"), 110, lambda p: mask_phone(p.phone or "")),
        _plain("sex", _("Sex"), 60, lambda p: _(f"choice.person.sex.{p.sex}") if p.sex else ""),
        _plain("ethnicity", _("Ethnicity"), 90, lambda p: p.ethnicity or ""),
        _plain("address", _("Address"), 200, lambda p: p.address or ""),
        _plain("note", _("Note"), 200, lambda p: p.note or ""),
    )


def _plain(name: str, words: str, width: int, show: Callable[[PersonRow], str]) -> Column:
    return Column(name, words, width, lambda p: show(p) if p else "", is_sortable=False, secondary=True)


def _name(person: PersonRow | None) -> Cell:
    return person.name if person else _("no longer here")


def _state(person: PersonRow | None) -> Cell:
    if person is None:
        return ""
    if person.is_waiting:
        return MarkCell(_("Waiting to go"), "ring")
    return _(f"choice.person.state.{person.state}")


def choose_columns(beside: QWidget, table: Table) -> None:
    """A menu of columns below a button; ticking one shows it at once."""
    menu = QMenu(beside)
    first = int(table.rows.has_ticks)
    for place, column in enumerate(table.rows.columns):
        action = menu.addAction(column.words)
        action.setCheckable(True)
        action.setChecked(not table.isColumnHidden(place + first))
        action.setEnabled(column.name != "name")
        action.toggled.connect(partial(_show_column, table, column.name))
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(beside.mapToGlobal(QPoint(0, beside.height() + 4)))


def _show_column(table: Table, name: str, is_shown: bool) -> None:
    first = int(table.rows.has_ticks)
    shown = {c.name for place, c in enumerate(table.rows.columns) if not table.isColumnHidden(place + first)}
    table.show_columns(shown | {name} if is_shown else shown - {name})
