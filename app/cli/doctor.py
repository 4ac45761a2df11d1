"""`soansinh doctor`: the self-test of this laptop, offline and before unlock for what that can tell.

Exit code 3 when something is bad, 0 otherwise.
"""

from __future__ import annotations

import datetime
from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress, tell_lines
from app.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.actions.checkup import Finding

_MARKS = {"well": "✓", "attention": "!", "bad": "✗"}
TROUBLED = 3


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `doctor`."""
    verb = verbs.add_parser("doctor", help=_("look whether all is well with this laptop"))
    verb.add_argument(
        "--unlock", action="store_true", help=_("ask for the password and look inside the register too")
    )
    verb.add_argument("--json", action="store_true", help=_("one JSON object for each thing looked at"))
    verb.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Look, and tell."""
    from app.actions import checkup
    from app.bootstrap import shelves

    laptop = shelves.laptop(args.profile)
    found = checkup.before_unlock(laptop, datetime.datetime.now().astimezone())
    if args.unlock:
        found = [*(each for each in found if each.about not in ("disk", "backup")), *_inside(args)]
    _tell_lines(found) if args.json else _tell(found)
    return TROUBLED if checkup.worst(found) == "bad" else 0


def _inside(args: Namespace) -> Sequence[Finding]:
    from app.actions import checkup
    from app.cli.unlocking import unlocked

    progress = TellingProgress()
    with unlocked(args) as desk:
        found = checkup.at_the_desk(progress, desk)
    progress.clear()
    return found


def _tell(found: Sequence[Finding]) -> None:
    for each in found:
        words = _(f"doctor.{each.code}").format(**each.facts)
        print(f"{_MARKS[each.standing]} {_(f'doctor.about.{each.about}')}: {words}")
        if each.standing != "well":
            print("  → " + _(f"doctor.{each.code}.todo").format(**each.facts))


def _tell_lines(found: Sequence[Finding]) -> None:
    lines = []
    for each in found:
        said = _(f"doctor.{each.code}").format(**each.facts)
        todo = _(f"doctor.{each.code}.todo").format(**each.facts) if each.standing != "well" else ""
        line = {"about": each.about, "code": each.code, "standing": each.standing, "facts": each.facts}
        lines.append({**line, "said": said, "todo": todo})
    tell_lines(lines)
