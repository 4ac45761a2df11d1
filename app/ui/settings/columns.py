"""What the lists of officers and laptops show, column by column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from app.actions.officers import ALONE, CERTIFIED, GONE, OVER, WAITING, Colleague, Machine
from app.domain.terms import Term
from app.ui.moments import show_moment
from app.ui.tables.columns import Cell, Column, Kind, MarkCell
from app.ui.theme import look
from app.words import counted
from app.words import gettext as _


def officer_columns() -> tuple[Column, ...]:
    """Of officers; large text leaves out when each was last here."""
    shown = (
        _column("name", _("Full name"), lambda it: it.name, 150, kind="name", grows=True),
        _column("roles", _("Role"), _roles, 290),
        _column("here", _("At this laptop"), _here, 150),
        _column("last", _("Last here"), _last, 150),
        _column("key", _("Signing key"), _key, 190),
    )
    return shown if look().factor < 1.5 else tuple(each for each in shown if each.name != "last")


def machine_columns() -> tuple[Column, ...]:
    """Of laptops."""
    return (
        _column("id", _("Number"), lambda it: it.id, 170),
        _column("label", _("Where it stands"), lambda it: it.label, 220, grows=True),
        _column("state", _("Standing"), _standing, 150),
        _column("secret", _("Its own secret"), _secret, 200),
    )


def _column(
    name: str,
    words: str,
    show: Callable[[Any], Cell],
    width: int,
    *,
    kind: Kind = "text",
    grows: bool = False,
) -> Column:
    return Column(name, words, width, show, kind, grows=grows, is_sortable=False)


def _roles(it: Colleague) -> Cell:
    """What she holds; what the centre was asked for, while it has not answered."""
    if it.asked is not None:
        wanted = ", ".join(_(f"role.{role}") for role in it.asked.roles) or _("Leave")
        if it.asked.until:
            day = date.fromisoformat(it.asked.until)
            wanted = f"{wanted} · {_('until {day}').format(day=f'{day:%d/%m/%Y}')}"
        return MarkCell(_("Asked for: {roles}").format(roles=wanted), "clock", "warn")
    held = ", ".join(_(f"role.{role}") for role in it.roles) or _("None")
    return f"{held} · {', '.join(it.hamlets)}" if it.hamlets else held


def _here(it: Colleague) -> Cell:
    if it.wrong:
        return MarkCell(
            counted("{count} wrong password", "{count} wrong passwords", it.wrong),
            "triangle",
            "warn",
        )
    return MarkCell(_("Comes in here"), "tick", "ok") if it.is_here else MarkCell(_("Elsewhere"), "minus")


def _last(it: Colleague) -> Cell:
    return show_moment(datetime.fromisoformat(it.last_here)) if it.last_here else _("Never")


def _key(it: Colleague) -> Cell:
    if it.term is not None and it.key in (CERTIFIED, OVER) and (it.term.is_near or not it.renewed):
        return _term(it.term)
    if it.renewed and it.key == CERTIFIED:
        since = show_moment(datetime.fromisoformat(it.renewed)).split()[0]
        return MarkCell(_("New key since {day}").format(day=since), "key", "warn")
    said = {
        CERTIFIED: MarkCell(_("Certified"), "tick", "ok"),
        WAITING: MarkCell(_("Waits for the centre"), "clock", "warn"),
        GONE: MarkCell(_("Leave taken"), "cross"),
        ALONE: MarkCell(_("Of this laptop alone"), "ring"),
    }
    return said[it.key]


def _term(term: Term) -> MarkCell:
    day = f"{term.last:%d/%m/%Y}"
    if term.is_over:
        return MarkCell(_("Ended on {day}").format(day=day), "cross", "bad")
    words = _("Counts until {day}").format(day=day)
    return MarkCell(words, "clock", "warn") if term.is_near else MarkCell(words, "tick", "ok")


def _standing(it: Machine) -> Cell:
    if not it.is_active:
        return MarkCell(_("Revoked"), "cross")
    return MarkCell(_("This laptop"), "tick", "ok") if it.is_this else MarkCell(_("In use"), "tick", "ok")


def _secret(it: Machine) -> Cell:
    if not it.is_this:
        return ""
    weak = MarkCell(_("A plain file: weak"), "triangle", "warn")
    return weak if it.is_weak else MarkCell(_("Kept by the system"), "lock", "ok")
