"""`soansinh handover`: what waits for the centre onto a stick, and its answer from there.

soansinh handover make FOLDER [--without-photos] [--code CODE --centre FILE] [--for LAPTOP]
soansinh handover make FOLDER --move PERSON [PERSON …] --to COMMUNE --month 2026-12
soansinh handover inspect FILE
soansinh handover open FILE
soansinh handover transfers [--open]
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import capsule
from app.cli.telling import TellingProgress
from app.cli.unlocking import unlocked
from app.domain.errors import Refusal
from app.domain.reasons import Move
from app.domain.text import show_amount
from app.words import counted, ngettext
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.actions.handover import Looked
    from app.domain.progress import Progress
    from app.sync.incoming import Answered
    from app.sync.succession import Heir


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `handover` and its own verbs."""
    parser = verbs.add_parser("handover", help=_("hand over by a USB stick, where there is no link"))
    acts = parser.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    make = acts.add_parser("make", help=_("write what waits for the centre onto a stick"))
    make.add_argument("folder", type=Path, metavar=_("FOLDER"), help=_("a folder on the stick"))
    make.add_argument("--without-photos", action="store_true", help=_("leave photos and papers out"))
    make.add_argument("--code", default="", help=_("ask to be enrolled by this code (with --centre)"))
    make.add_argument("--centre", type=Path, help=_("the centre's file that came with the code"))
    heir = _("write the whole register for another laptop of this commune instead")
    make.add_argument("--for", dest="heir", default="", metavar=_("LAPTOP"), help=heir)
    moves = _("close the files of people who move, and hand them on (with --to and --month)")
    make.add_argument("--move", nargs="+", default=[], metavar=_("PERSON"), help=moves)
    make.add_argument("--to", default="", metavar=_("CODE"), help=_("the commune that she moves to"))
    first = _("the first month that it pays for, as 2026-12")
    make.add_argument("--month", default="", metavar=_("MONTH"), help=first)
    make.set_defaults(run=run_make)
    about = _("say what a file from a stick would do, and change nothing")
    for name, said, run in (
        ("inspect", about, run_inspect),
        ("open", _("take in what came on a stick"), run_open),
    ):
        act = acts.add_parser(name, help=said)
        act.add_argument("file", type=Path, metavar=_("FILE"), help=_("the file, ending in .bangiao"))
        act.set_defaults(run=run)
    moved = acts.add_parser("transfers", help=_("list who comes from other communes, and what came late"))
    files = _("open their files here, and adopt what came late from a commune that was merged")
    moved.add_argument("--open", action="store_true", help=files)
    moved.set_defaults(run=run_transfers)
    for act in acts.choices.values():
        act.add_argument("--json", action="store_true", help=_("answer in JSON"))
    capsule.add_handing_out(acts)


def run_make(args: Namespace) -> int:
    """Write a request, and say when the stick may be pulled out."""
    from app.actions import handover

    progress = TellingProgress()
    with unlocked(args) as desk:
        if args.code and args.centre:
            handover.ask_to_join(progress, desk, args.code, args.centre)
        going = handover.what_goes(progress, desk)
        if args.move:
            made = handover.make_transfer(progress, desk, args.move, Move(args.to, args.month), args.folder)
        elif args.heir:
            made = handover.make_for_heir(progress, desk, _heir(progress, desk, args.heir), args.folder)
        else:
            made = handover.make(progress, desk, args.folder, with_photos=not args.without_photos)
    progress.clear()
    written = made.written
    photos = 0 if args.without_photos else going.photos - len(made.left_out)
    if args.json:
        row = {"file": str(written.path), "size": written.size, "digest": made.manifest.digest}
        counts = {"sets": going.sets, "photos": photos, "left_out": len(made.left_out)}
        print(json.dumps({**row, "number": made.manifest.number, **counts}, ensure_ascii=False))
        return 0
    inside = _("In it: saves {sets}, photos and papers {photos}.")
    print(inside.format(sets=show_amount(going.sets), photos=show_amount(photos)))
    if made.left_out:
        missing = ngettext(
            "Not in it, for this laptop cannot read it: {count} photo or paper, of {people}.",
            "Not in it, for this laptop cannot read them: {count} photos or papers, of {people}.",
            len(made.left_out),
        )
        print(missing.format(people=", ".join(made.whose) or "?", count=show_amount(len(made.left_out))))
    done = _("{file}: {size} bytes, read again from the stick. Safe to remove.")
    print(done.format(file=written.path, size=show_amount(written.size)))
    return 0


def _heir(progress: Progress, desk: Desk, device: str) -> Heir:
    """The laptop meant. Refusal("bundle.no_heir") for one that the centre's policy does not hold."""
    from app.actions import handover

    found = {heir.device: heir for heir in handover.heirs(progress, desk)}
    if device not in found:
        raise Refusal("bundle.no_heir", known=", ".join(sorted(found)) or "–")
    return found[device]


def run_inspect(args: Namespace) -> int:
    """Say what a bundle would do."""
    from app.actions import handover

    progress = TellingProgress()
    with unlocked(args) as desk:
        looked = handover.look(progress, desk, args.file)
    progress.clear()
    _tell(args, looked, looked.told)
    return 0


def run_open(args: Namespace) -> int:
    """Take a bundle in, and say what that did."""
    from app.actions import handover, leaving

    progress = TellingProgress()
    with unlocked(args) as desk:
        looked = handover.look(progress, desk, args.file)
        done = handover.take(progress, desk, looked)
        has_left = done.revoked and leaving.take_leave(progress, desk)
        folder = desk.folder
    if has_left:
        from app.store.leaving import destroy

        destroy(folder)
    progress.clear()
    _tell(args, looked, done)
    return 0


def run_transfers(args: Namespace) -> int:
    """Who comes from where, from which month on this commune pays; and what a merged one handed in late."""
    from app.actions import moving

    with unlocked(args) as desk:
        coming, late = moving.who_came(TellingProgress(), desk)
        if args.open:
            moving.open_files(desk, [one.transfer for one in coming])
            for one in late:
                moving.adopt_late(desk, one)
    rows = [
        {"move": c.transfer.id, "from": c.transfer.commune, "person": c.transfer.person}
        | {"name": c.transfer.name, "month": c.transfer.month, "rights": len(c.rights)}
        | {"account": bool(c.account), "papers": c.papers}
        for c in coming
    ] + [{"late": one.id, "from": one.commune, "officer": one.officer} for one in late]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print("\t".join(map(str, row.values())))
    if args.open:
        opened = _("Opened here: files {count}; adopted: saves {late}.")
        print(opened.format(count=show_amount(len(coming)), late=show_amount(len(late))))
    return 0


def _tell(args: Namespace, looked: Looked, said: Answered) -> None:
    arrived = looked.arrived
    counts = said.counts()
    if args.json:
        manifest = arrived.found.manifest
        row: dict[str, object] = {"from": manifest.sender, "to": manifest.to, "errand": manifest.errand}
        row |= {"number": manifest.number, "time": manifest.time, "digest": manifest.digest}
        row |= {"again": arrived.again, "older": arrived.older, "counts": counts, "why": dict(said.why)}
        row |= {"own": said.own, "waiting": said.waiting, "revoked": said.revoked}
        print(json.dumps({**row, "enrolled": said.enrolled}, ensure_ascii=False))
        return
    if arrived.again:
        print(_("This file was taken in before; nothing changes."))
    elif arrived.older:
        print(_("A newer file of this sender was taken in before; this one does no harm."))
    if said.enrolled:
        print(_("This laptop is enrolled."))
    shown = {
        name: show_amount(counts.get(name, 0))
        for name in ("in_force", "conflict", "refused", "overwritten", "not_taken")
    }
    own = _(
        "Of this laptop's saves: {in_force} in force, {conflict} in conflict, {refused} refused, "
        "{overwritten} overwritten, {not_taken} not taken."
    )
    print(own.format(**shown))
    others = _("From others: saves {pulled}, of the past {history}; photos whole at the centre: {photos}.")
    print(
        others.format(**{name: show_amount(counts.get(name, 0)) for name in ("pulled", "history", "photos")})
    )
    for coming in looked.coming:
        about = _("{name}, from {commune}: paid here from {month}; rights: {rights}, papers: {papers}.")
        known = {"name": coming.transfer.name, "commune": coming.transfer.commune, "papers": coming.papers}
        print(about.format(month=coming.transfer.month, rights=len(coming.rights), **known))
    _tell_here(said)


def _tell_here(said: Answered) -> None:
    if said.opened:
        opened = counted(
            "{count} file of somebody who comes was opened; her account waits for two officers.",
            "{count} files of people who come were opened; their accounts wait for two officers.",
            said.opened,
        )
        print(opened)
    if said.carried:
        carried = counted(
            "{count} save of the other laptop waits here now, to be handed in for it.",
            "{count} saves of the other laptop wait here now, to be handed in for it.",
            said.carried,
        )
        print(carried)
    if said.waiting:
        print(
            ngettext("{waiting} save waits.", "{waiting} saves wait.", said.waiting).format(
                waiting=show_amount(said.waiting)
            )
        )
    if said.revoked:
        print(_("The centre revoked this laptop; it has all that waited here."))
