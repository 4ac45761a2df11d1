"""`soansinh accounts --in-force`: who is paid where, told from signed sets; on the screen or as a workbook.

Exit code 0 for a list, 3 when the journal does not hold, so that there is none.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress, tell_lines
from app.domain.text import show_amount
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.actions.lists import AccountList, Listed

TROUBLED = 3


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `accounts`."""
    verb = verbs.add_parser("accounts", help=_("list the accounts in force, told from signed change sets"))
    verb.add_argument(
        "--in-force",
        action="store_true",
        required=True,
        help=_("those that money goes to (the only list yet)"),
    )
    verb.add_argument("--out", type=Path, metavar=_("FILE.xlsx"), help=_("write a workbook"))
    verb.add_argument("--json", action="store_true", help=_("one JSON object for each line, then one of all"))
    verb.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Derive it, and tell, write or print it."""
    from app.actions import lists
    from app.cli.unlocking import unlocked

    progress = TellingProgress()
    with unlocked(args) as desk:
        made = lists.accounts_in_force(progress, desk)
        progress.clear()
        if args.out:
            lists.write_accounts(progress, desk, made, args.out)
            progress.clear()
        elif args.json and not made.is_stopped:
            lists.issue(desk, made)
        if args.json:
            _tell_lines(made, desk)
        else:
            _tell(made, desk, args.out)
    return TROUBLED if made.is_stopped else 0


def _tell(made: AccountList, desk: Desk, out: Path | None) -> None:
    from app.actions.lists import titles

    if made.is_stopped:
        print("✗ " + _("The journal does not hold: no list can be made. Run `soansinh verify`."))
        return
    for line in titles(desk, made)[1:]:
        print(line)
    for flag in ("moved", "rewritten", "recent", "shared"):
        print(f"  {_(f'list.flag.{flag}')}: {show_amount(len(made.flagged(flag)))}")
    for each in made.left:
        print(f"  − {made.names.get(each.person, '')} ({each.person}): {_(f'list.why.{each.why}')}")
    if not made.report.is_sound:
        print("! " + _("Looking the register over found something: run `soansinh verify`."))
    if out:
        print(_("Written to {file}.").format(file=out))


def _tell_lines(made: AccountList, desk: Desk) -> None:
    summary = {
        "commune": desk.commune.code,
        "seq": made.seq,
        "count": len(made.lines),
        "total": made.total,
        "digest": made.digest,
        "left": len(made.left),
        "last": made.last.digest if made.last else "",
        "stopped": made.is_stopped,
        "faults": len(made.report.faults),
    }
    left = [
        {
            "left": one.person,
            "name": made.names.get(one.person, ""),
            "why": one.why,
            "said": _(f"list.why.{one.why}"),
        }
        for one in made.left
    ]
    tell_lines((*map(_line, made.lines), *left, summary))


def _line(each: Listed) -> dict[str, object]:
    who = {name: each.line.who.get(name) for name in ("name", "birth", "personal_id", "hamlet")}
    by = {"proposed_by": each.proposed_by, "approved_by": each.approved_by, "seq": each.line.paid.seq}
    said = {"person": each.line.person, **who, "account": dict(each.line.cells), "amount": each.line.amount}
    return {**said, **by, "approved": each.approved.isoformat(timespec="seconds"), "flags": list(each.flags)}
