"""`soansinh verify`: the register looked over from its file alone, offline.

Exit code 0 when all holds, 3 when something does not.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import TYPE_CHECKING

from app.cli.telling import TellingProgress, tell_lines
from app.domain.text import show_amount
from app.words import counted, ngettext
from app.words import gettext as _

if TYPE_CHECKING:
    from app.domain.walk import Fault
    from app.sync.verifying import Report

TROUBLED = 3
_TOLD_MAX = 50  # of one kind; --json tells all


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `verify`."""
    verb = verbs.add_parser("verify", help=_("look over journal, signatures, chains and rows, offline"))
    verb.add_argument(
        "--json", action="store_true", help=_("one JSON object for each thing found, then one of all")
    )
    verb.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Look, and tell."""
    from app.actions.verifying import look_over
    from app.cli.unlocking import unlocked

    progress = TellingProgress()
    with unlocked(args) as desk:
        report = look_over(progress, desk)
    progress.clear()
    _tell_lines(report) if args.json else _tell(report)
    return 0 if report.is_sound else TROUBLED


def _tell(report: Report) -> None:
    counts = {"sets": show_amount(report.sets), "records": show_amount(report.records)}
    print(_("Looked over: change sets {sets}, records {records}.").format(**counts))
    for code in dict.fromkeys(fault.code for fault in report.faults):
        faults = [fault for fault in report.faults if fault.code == code]
        print(f"✗ {_(f'verify.{code}')}")
        for fault in faults[:_TOLD_MAX]:
            print(f"    {_where(fault)}")
        if len(faults) > _TOLD_MAX:
            print("    " + _("… and {count} more").format(count=show_amount(len(faults) - _TOLD_MAX)))
        print("  → " + _(f"verify.{code}.todo"))
    if report.arriving:
        words = ngettext(
            "{count} earlier set has not come yet; until it is here it cannot be looked over.",
            "{count} earlier sets have not come yet; until they are here they cannot be looked over.",
            report.arriving,
        )
        print("! " + words.format(count=show_amount(report.arriving)))
    if report.waiting:
        print(
            "! "
            + counted(
                "{count} set waits for the centre.", "{count} sets wait for the centre.", report.waiting
            )
        )
    if report.is_sound:
        print("✓ " + _("All that is here holds."))


def _where(fault: Fault) -> str:
    """Which set, which cell: by number and id, for the console is no place for names."""
    said = []
    if fault.seq:
        said.append(_("entry {seq}").format(seq=fault.seq))
    if fault.device:
        said.append(_("set {number} of {device}").format(number=fault.number, device=fault.device))
    elif fault.number:
        said.append(_("line {number}").format(number=fault.number))
    if fault.kind:
        said.append(f"{_(f'kind.{fault.kind}')} {fault.record}".strip())
    if fault.field:
        said.append(_(f"field.{fault.kind}.{fault.field.partition('/')[0]}"))
    return " · ".join(said)


def _tell_lines(report: Report) -> None:
    import msgspec

    faults = [
        {
            **msgspec.to_builtins(fault),
            "said": _(f"verify.{fault.code}"),
            "todo": _(f"verify.{fault.code}.todo"),
        }
        for fault in report.faults
    ]
    counts = {"sets": report.sets, "records": report.records, "cursor": report.cursor}
    waits = {"arriving": report.arriving, "waiting": report.waiting}
    tell_lines((*faults, {"sound": report.is_sound, "faults": len(report.faults), **counts, **waits}))
