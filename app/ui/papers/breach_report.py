"""The report of a breach for the specialised body, from the log: counts and officers' names alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.actions.breach import Report
from app.domain.text import show_amount
from app.store.audit import Deed
from app.ui.papers.flow import Column, Made
from app.ui.papers.person_sheet import Facts, Ledger, PersonSheet, write_person
from app.ui.papers.vietnamese import gettext as _
from app.ui.person.file import Names
from app.ui.person.own_data import utc_words

Say = Callable[[str], str]


def write_report(report: Report, names: Names, made: Made, path: Path) -> None:
    """A PDF; Trouble("paper.not_written")."""
    write_person(sheet_of(report, names, made), path)


def sheet_of(report: Report, names: Names, made: Made) -> PersonSheet:
    """What stands on it; the signer adds what the log cannot know."""
    span = report.span
    return PersonSheet(
        made,
        _("Time looked at: {since} – {until}").format(since=_moment(span.since), until=_moment(span.until)),
        _("Found {found}; due at the specialised body by {due} (Law 91/2025/QH15, Art. 23).").format(
            found=_moment(span.found), due=_moment(report.due)
        ),
        [
            Facts(_("What the log of this laptop knows"), tuple(facts_of(report))),
            _acts(report, names),
            _deeds(report, names),
            _denied(report, names),
            _by_hand(),
        ],
        title=_("REPORT OF A BREACH OF PERSONAL DATA"),
        notice=_("Prepared from the chained log; entries of it are named by their numbers."),
    )


def _by_hand() -> Facts:
    asked = (
        _("What happened, and how it was found"),
        _("What harm may follow, and to whom"),
        _("What was done about it, and what will be done"),
        _("Who answers questions: name, office, telephone"),
    )
    return Facts(_("To be filled in by hand"), tuple((each, "…") for each in asked))


def facts_of(report: Report, _: Say = _) -> list[tuple[str, str]]:
    """The figures, for the paper; for the screen in its own language."""
    contact = _moment(report.last_contact) if report.last_contact else _("never")
    return [
        (_("Laptop"), report.device),
        (_("People in its register"), show_amount(report.held)),
        (_("People looked at one by one"), show_amount(report.people)),
        (_("Longest list that left"), show_amount(report.listed)),
        (_("Wrong passwords"), show_amount(report.wrong_tries)),
        (_("Refused by the rules"), show_amount(len(report.denied))),
        (_("Saves not sent yet"), show_amount(report.unsent)),
        (_("Last contact with the centre"), contact),
        (_("The log's chain"), _("unbroken") if report.log_holds else _("BROKEN: altered or cut short")),
    ]


def _acts(report: Report, names: Names) -> Ledger:
    rows = [
        (act_words(act), names.officer(officer) if officer else _("the program"), show_amount(count))
        for (act, officer), count in sorted(report.acts.items())
    ]
    heads = (Column(_("What")), Column(_("Who")), Column(_("Times"), is_figure=True))
    return Ledger(_("What was done"), heads, tuple(rows), _("nothing in the log"))


def _deeds(report: Report, names: Names) -> Ledger:
    rows = [
        (str(one.no), utc_words(one.at), names.officer(one.officer), act_words(one.act), one.detail)
        for one in report.deeds
    ]
    heads = (_("No."), _("When (UTC)"), _("Who"), _("What"), _("Of what"))
    return Ledger(_("Data that were shown whole or left"), tuple(map(Column, heads)), tuple(rows), _("none"))


def _denied(report: Report, names: Names) -> Ledger:
    rows = [
        (str(one.no), utc_words(one.at), names.officer(one.officer), *denied_words(one))
        for one in report.denied
    ]
    heads = (_("No."), _("When (UTC)"), _("Who"), _("Tried"), _("Why"))
    return Ledger(_("What the rules refused"), tuple(map(Column, heads)), tuple(rows), _("none"))


def denied_words(one: Deed, _: Say = _) -> tuple[str, str]:
    """What an officer tried, and why it was refused; a code that a newer part wrote stands as it is."""
    code, _space, deed = one.detail.partition(" ")
    verb, _space, field = deed.partition(" ")
    tried, why = _(f"deed.{verb}"), _(f"denied.{code}")
    return (
        deed if tried == f"deed.{verb}" else tried.format(what=_(f"field.{one.kind}.{field}")),
        code if why == f"denied.{code}" else why,
    )


def act_words(act: str) -> str:
    """An act of the log in words; one that a newer part wrote stands as it is."""
    words = _(f"act.{act}")
    return act if words == f"act.{act}" else words


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")
