"""What the law on personal data asks of an office, from the command line.

soansinh data give PERSON FOLDER                    one person's own data, as JSON
soansinh data breach --since 2026-11-20T08:00 FILE  the report of a breach, as JSON

The window writes the papers to both. The password is asked for, and the log keeps that it was done.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import datetime
from pathlib import Path

from app.cli.telling import TellingProgress
from app.domain.errors import Refusal
from app.domain.text import show_amount
from app.words import gettext as _
from app.words import ngettext


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `data`."""
    verb = verbs.add_parser("data", help=_("what the law on personal data asks for"))
    acts = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    give = acts.add_parser("give", help=_("write all that is held of one person, for herself"))
    give.add_argument("person", metavar=_("PERSON"), help=_("her number, or her record's id"))
    give.add_argument("folder", type=Path, metavar=_("FOLDER"))
    give.set_defaults(run=run_give)
    report = acts.add_parser("breach", help=_("prepare the report of a breach from the log"))
    for name, about in (
        ("since", _("from when")),
        ("until", _("until when")),
        ("found", _("found out when")),
    ):
        report.add_argument(f"--{name}", default="", metavar=_("MOMENT"), help=f"{about}: 2026-11-28T08:00")
    report.add_argument("file", type=Path, metavar=_("FILE"))
    report.set_defaults(run=run_breach)


def run_give(args: Namespace) -> int:
    """Her own data into a folder."""
    from app.actions import own_data
    from app.cli.unlocking import unlocked
    from app.store.enrolments import by_number

    with unlocked(args) as desk:
        with desk.vault.read() as connection:
            known = by_number(connection, args.person)
        person = known[0].id if len(known) == 1 else args.person
        path = args.folder / f"{_('own-data')}-{desk.clock.now():%Y%m%d-%H%M%S}.json"
        data = own_data.write_for_machines(TellingProgress(), desk, person, path)
    said = _("Records {count}, lines of history {lines}: {file}")
    print(said.format(count=len(data.records), lines=show_amount(len(data.lines)), file=path))
    return 0


def run_breach(args: Namespace) -> int:
    """What the log knows of a time."""
    from app.actions import breach
    from app.actions.breach import Span
    from app.cli.unlocking import unlocked

    now = datetime.now().astimezone()
    span = Span(_moment(args.since, now), _moment(args.until, now), _moment(args.found, now))
    with unlocked(args) as desk:
        report = breach.prepare(TellingProgress(), desk, span)
        breach.write_for_machines(TellingProgress(), desk, report, args.file)
    due = f"{report.due.astimezone():%d/%m/%Y %H:%M}"
    words = ngettext(
        "{people} person looked at, longest list {listed}; due by {due}: {file}",
        "{people} people looked at, longest list {listed}; due by {due}: {file}",
        report.people,
    )
    print(words.format(people=report.people, listed=show_amount(report.listed), due=due, file=args.file))
    return 0


def _moment(typed: str, now: datetime) -> datetime:
    """Refusal("breach.moment") for what is no moment; now where nothing was typed."""
    try:
        return datetime.fromisoformat(typed).astimezone() if typed else now
    except ValueError as error:
        raise Refusal("breach.moment") from error
