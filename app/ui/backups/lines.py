"""A backup in the columns of a list, and in the facts of a pane."""

from __future__ import annotations

from app.domain.text import show_amount
from app.store.backups import Backup
from app.ui.moments import show_moment
from app.ui.tables.columns import Cell, Column, MarkCell, cell_column
from app.ui.theme import look
from app.ui.values import show_size
from app.words import counted, ngettext
from app.words import gettext as _


def backup_columns() -> tuple[Column, ...]:
    """When, why, how much, whether it was sound; in large text what the pane beside it says anyway goes."""
    shown = (
        cell_column("made", _("Made"), 152),
        cell_column("why", _("Why"), 150, grows=True),
        cell_column("people", _("People"), 76, "number"),
        cell_column("waiting", _("Not sent yet"), 104, "number"),
        cell_column("size", _("Size"), 88, "number"),
        cell_column("state", _("When it was made"), 150),
    )
    if look().factor < 1.5:
        return shown
    return tuple(each for each in shown if each.name in ("made", "why", "state"))


def backup_row(backup: Backup) -> dict[str, Cell]:
    """One line."""
    about = backup.about
    sound = MarkCell(_("Read and verified"), "tick", "ok")
    return {
        "made": show_moment(backup.made),
        "why": _(f"backup.why.{about.why}"),
        "people": show_amount(about.people),
        "waiting": show_amount(about.waiting) if about.waiting else "",
        "size": show_size(about.size),
        "state": MarkCell(_("Not sound"), "triangle", "bad") if about.faults else sound,
    }


def backup_facts(backup: Backup) -> list[tuple[str, str]]:
    """What the pane says of it."""
    about = backup.about
    return [
        (_("Made"), show_moment(backup.made)),
        (_("Why"), _(f"backup.why.{about.why}")),
        (_("People"), show_amount(about.people)),
        (
            _("Not sent then"),
            counted("{count} change", "{count} changes", about.waiting),
        ),
        (_("Size"), show_size(about.size)),
    ]


def backup_words(backup: Backup) -> str:
    """One line of words, where there is a list to choose from."""
    words = ngettext(
        "{moment} · {why} · {people} person", "{moment} · {why} · {people} people", backup.about.people
    )
    why, people = _(f"backup.why.{backup.about.why}"), show_amount(backup.about.people)
    return words.format(moment=show_moment(backup.made), why=why, people=people)
