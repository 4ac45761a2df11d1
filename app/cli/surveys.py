"""`soansinh survey list`: the forms on this laptop, and how much of each was filled."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict

from app.cli.telling import tell_lines
from app.cli.unlocking import add_whose, unlocked
from app.words import counted
from app.words import gettext as _


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `survey` and what is done with it."""
    verb = verbs.add_parser("survey", help=_("surveys: what was filled on this laptop"))
    acts = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listed = acts.add_parser("list", help=_("the forms here, their drafts and submissions"))
    listed.add_argument("--json", action="store_true", help=_("one JSON object for each form"))
    add_whose(listed)
    listed.set_defaults(run=_list)


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
