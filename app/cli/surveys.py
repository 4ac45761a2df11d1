"""`soansinh survey list|export`: forms on this laptop, how much of each was filled, answers as files.

soansinh survey export poverty_review --to answers.xlsx
soansinh survey export poverty_review --csv FOLDER
soansinh survey export poverty_review --openrosa FOLDER

The password is asked for, and the log keeps that it was done.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict
from functools import partial
from pathlib import Path

from app.cli.telling import TellingProgress, tell_lines
from app.cli.unlocking import add_whose, unlocked
from app.domain.text import show_amount
from app.words import counted, ngettext
from app.words import gettext as _


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `survey` and what is done with it."""
    verb = verbs.add_parser("survey", help=_("surveys: what was filled on this laptop"))
    acts = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listed = acts.add_parser("list", help=_("the forms here, their drafts and submissions"))
    listed.add_argument("--json", action="store_true", help=_("one JSON object for each form"))
    add_whose(listed)
    listed.set_defaults(run=_list)
    add_export(acts)


def _list(args: Namespace) -> int:
    from app.actions.surveying.tallying import tally

    with unlocked(args) as desk:
        found = tally(desk)
    if args.json:
        tell_lines(asdict(each) for each in found)
        return 0
    for each in found:
        state = _("may be begun") if each.is_open else _("only what was begun is finished")
        drafts = counted("{count} draft", "{count} drafts", each.drafts)
        done = counted("{count} submission", "{count} submissions", each.submissions)
        named = _("{title} · version {version}").format(
            title=each.title or each.form, version=each.version or "?"
        )
        print(f"{each.form}  {named}: {state}; {drafts}, {done}")
    print(counted("{count} form on this laptop.", "{count} forms on this laptop.", len(found)))
    return 0


def add_export(inner: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `survey export`."""
    export = inner.add_parser("export", help=_("write the answers of a form into files"))
    export.add_argument("form", metavar=_("FORM"), help=_("its id: poverty_review"))
    add_whose(export)
    way = export.add_mutually_exclusive_group(required=True)
    way.add_argument("--to", type=Path, metavar=_("FILE"), help=_("a workbook: .xlsx"))
    way.add_argument("--csv", type=Path, metavar=_("FOLDER"), help=_("a folder of CSV files"))
    way.add_argument(
        "--openrosa", type=Path, metavar=_("FOLDER"), help=_("a folder that an ODK Central takes, or a .zip")
    )
    export.set_defaults(run=run_export)


def run_export(args: Namespace) -> int:
    """Write them."""
    from app.actions import survey_out
    from app.actions.survey_out import Asked
    from app.actions.surveying.taken import fetch_file, read_answers

    progress, missing = TellingProgress(), tuple[str, ...]()
    path: Path = args.to or args.csv or args.openrosa
    with unlocked(args) as desk:
        answers = read_answers(progress, desk, args.form)
        asked = Asked(answers.form, answers.taken)
        if args.to:
            count = survey_out.write_workbook(progress, desk, asked, path)
        elif args.csv:
            count = survey_out.write_separated(progress, desk, asked, path)
        else:
            out = survey_out.write_openrosa(progress, desk, asked, partial(fetch_file, desk), path)
            count, missing = out.count, out.missing
    progress.clear()
    words = ngettext("{count} submission saved to {file}.", "{count} submissions saved to {file}.", count)
    print(words.replace("{count}", show_amount(count)).replace("{file}", str(path)))
    if missing:
        told = _("Photos that are not on this laptop: {count}; fetch them from the centre first.")
        print(told.format(count=show_amount(len(missing))))
    return 0
