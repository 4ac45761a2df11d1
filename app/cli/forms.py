"""`soansinh form check FILE`: an XLSForm looked over, tried and packed, before a commune fills it.

Exit code 2 when something forbids publishing it, 0 otherwise; warnings forbid nothing.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress, tell_lines
from app.words import gettext as _
from app.words import ngettext, say_finding

if TYPE_CHECKING:
    from app.survey.publish import Checked

_REFUSED = 2
_MARKS = {"error": "✗", "warning": "!"}


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `form check`."""
    verb = verbs.add_parser("form", help=_("forms of surveys: look one over before it is published"))
    inner = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    look = inner.add_parser("check", help=_("look an XLSForm over: what cannot run, what will be regretted"))
    look.add_argument("file", type=Path, metavar=_("FILE"), help=_("the workbook: .xlsx"))
    look.add_argument(
        "--xform", type=Path, metavar=_("FILE"), help=_("write the form that laptops would fill")
    )
    look.add_argument(
        "--pack", type=Path, metavar=_("FILE"), help=_("write what a centre publishes: central form publish")
    )
    look.add_argument("--json", action="store_true", help=_("one JSON object a finding, then a summary"))
    look.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Look, and tell."""
    from app.actions.surveys import check_form, write_packed
    from app.store.disk import write_whole

    progress = TellingProgress()
    found = check_form(args.file, progress)
    progress.clear()
    _tell_lines(found) if args.json else _tell(found)
    if args.xform is not None and found.may_be_published:
        write_whole(args.xform, found.xform)
    if args.pack is not None and found.may_be_published:
        write_packed(progress, found, args.pack)
    return 0 if found.may_be_published else _REFUSED


def _tell(found: Checked) -> None:
    for each in found.findings:
        place = f"{each.sheet}!{each.cell}" if each.cell else each.sheet
        print(f"{_MARKS[each.weight]} {place + ': ' if place else ''}{say_finding(each.code, each.facts)}")
    questions = ngettext("{count} question", "{count} questions", found.questions).format(
        count=found.questions
    )
    print(f"{found.title or found.id}: {questions}; {', '.join(found.languages) or _('one language')}")
    if found.cases:
        tried = ngettext("{count} case of the score sheet", "{count} cases of the score sheet", found.cases)
        print(tried.format(count=found.cases))
    print(
        _("The form may be published.") if found.may_be_published else _("The form cannot be published yet.")
    )


def _tell_lines(found: Checked) -> None:
    tell_lines(
        {
            "place": [each.sheet, each.cell],
            "weight": each.weight,
            "code": each.code,
            "facts": each.facts,
            "said": say_finding(each.code, each.facts),
        }
        for each in found.findings
    )
    about = {
        name: getattr(found, name) for name in ("id", "version", "title", "languages", "questions", "cases")
    }
    tell_lines([{"summary": {**about, "sha256": found.sha256, "may_be_published": found.may_be_published}}])
