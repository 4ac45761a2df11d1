"""`soansinh central handover IN OUT`: what laptops sent on sticks is taken in, and answered."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.operating import Verbs, add_act, add_sealing, opened
from app.cli.telling import TellingProgress
from app.domain.errors import Coded, Refusal
from app.domain.text import show_amount
from app.words import explain, ngettext
from app.words import gettext as _

if TYPE_CHECKING:
    from app.central.handover import Handled


def add_to(below: Verbs) -> None:
    """Declare the verb."""
    about = _("take in what laptops sent on sticks, and write the answers")
    parser = add_act(below, "handover", about, run)
    where = _("a file from a stick, or a folder of them")
    parser.add_argument("came", type=Path, metavar=_("IN"), help=where)
    parser.add_argument("went", type=Path, metavar=_("OUT"), help=_("the folder for the answers"))
    add_sealing(parser)


def run(args: Namespace) -> int:
    """Each file by itself; one that is refused holds no other up, and makes the exit code 2."""
    from app.central.handover import Sticks
    from app.central.keys import sealing_identity
    from app.central.server import now_ms
    from app.sync.stick import child

    progress, rows = TellingProgress(), list[dict[str, object]]()
    with opened(args) as (centre, keys), child() as reader:
        identity = sealing_identity(keys, args.sealing)
        sticks = Sticks(centre, keys, identity, now_ms())
        for file in _files(args.came):
            try:
                rows.append(_row(sticks.handle(reader, file, args.went, progress)))
            except Coded as error:
                rows.append({"file": file.name, "refused": error.code, "why": explain(error).happened})
    progress.clear()
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _tell(rows)
    return 2 if any("refused" in row for row in rows) else 0


def _files(came: Path) -> Sequence[Path]:
    """The files meant. Refusal("bundle.size") for a folder that holds none."""
    from app.sync.stick import SUFFIX

    found = sorted(came.glob(f"*{SUFFIX}")) if came.is_dir() else [came]
    if not found:
        raise Refusal("bundle.size")
    return found


def _row(done: Handled) -> dict[str, object]:
    came, went = done.came, done.went
    said = {"file": done.file.name, "commune": done.commune, "device": done.device}
    numbers = {"number": came.number, "answer": went.number, "digest": came.digest}
    moved = [
        {"to": parcel.peer, "file": file.name, "people": parcel.counts.get("people", 0)}
        for parcel, file in done.moved
    ]
    standing = {
        "moved": moved,
        "again": done.again,
        "older": done.older,
        "expired": done.expired,
        "revoked": done.revoked,
    }
    return {**said, **numbers, **standing, "counts": dict(came.counts), "answered": dict(went.counts)}


def _tell(rows: Sequence[dict[str, object]]) -> None:
    for row in rows:
        if "refused" in row:
            print(_("{file}: {why}").format(**row), file=sys.stderr)
            continue
        counts = row["counts"]
        sets = counts.get("sets", 0) if isinstance(counts, dict) else 0
        came = f"{row['commune']}/{row['device']} {row['number']}"
        said = ngettext(
            "{came}: {sets} save taken; the answer is {went}.",
            "{came}: {sets} saves taken; the answer is {went}.",
            sets,
        )
        print(said.format(came=came, sets=show_amount(sets), went=row["file"]))
        for moved in row["moved"] if isinstance(row["moved"], list) else []:
            going = ngettext(
                "{people} person moves to {to}; the parcel for it is {file}.",
                "{people} people move to {to}; the parcel for it is {file}.",
                moved["people"],
            )
            print(going.format(**moved))
        if row["again"]:
            print(_("This file was taken in before; nothing changes."))
        elif row["older"]:
            print(_("A newer file of this sender was taken in before; this one does no harm."))
        if row["revoked"]:
            print(_("This laptop is revoked: what it hands in is refused and kept."))
