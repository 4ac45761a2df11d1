"""The rescue capsule: given away by a laptop that cannot get in, and read by the centre.

soansinh handover capsule FOLDER
soansinh central capsule xa-03874-cuu-ho-20261123-080000.cuuho
"""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.operating import Verbs, add_act, add_sealing, operating, tell_judged
from app.domain.errors import Refusal
from app.words import gettext as _
from app.words import ngettext

if TYPE_CHECKING:
    from app.store.laptop import CommuneFolder, Laptop


def add_handing_out(below: Verbs) -> None:
    """Declare `handover capsule`."""
    about = _("write what waits for the centre to a file, without unlocking")
    parser = below.add_parser("capsule", help=about)
    parser.add_argument("out", type=Path, metavar=_("OUT"), help=_("a folder, or a file's name"))
    parser.add_argument(
        "--commune", default="", metavar=_("CODE"), help=_("which commune, where this laptop holds several")
    )
    parser.set_defaults(run=run_hand_out)


def add_reading(below: Verbs) -> None:
    """Declare `central capsule`."""
    parser = add_act(below, "capsule", _("read a rescue capsule and take what is in it"), run_take)
    parser.add_argument("file", type=Path, metavar=_("FILE"))
    add_sealing(parser)


def run_hand_out(args: Namespace) -> int:
    """Copy the capsule, and say what is in it."""
    from app.bootstrap.shelves import laptop
    from app.store.rescue import hand_out, look

    folder = _chosen(laptop(args.profile), args.commune).path
    sets = look(folder).sets
    file = hand_out(folder, args.out, datetime.now())
    said = ngettext(
        "{file}: {count} save, sealed to the centre. Photos and papers are not in it.",
        "{file}: {count} saves, sealed to the centre. Photos and papers are not in it.",
        sets,
    )
    print(said.format(file=file, count=sets))
    print(_("Give the file to the province; “soansinh central capsule” reads it there."))
    return 0


def _chosen(where: Laptop, code: str) -> CommuneFolder:
    """The commune that was named, else the one opened last, else the only one."""
    held = {each.code: each for each in where.with_capsule()}
    wanted = code or where.settings().commune
    if wanted not in held and (code or len(held) != 1):
        raise Refusal("capsule.which", known=", ".join(held)) if held else Refusal("capsule.empty")
    return held[wanted] if wanted in held else next(iter(held.values()))


def run_take(args: Namespace) -> int:
    """Take what is in a capsule into the journal, and say what became of each set."""
    from app.central.keys import sealing_identity
    from app.central.rescue import take_capsule
    from app.store.disk import plain_words

    with operating(args) as at, plain_words(), args.file.open("rb") as file:
        found = take_capsule(at, file, sealing_identity(at.keys, args.sealing))
    row = {"commune": found.commune, "sets": found.sets, "unread": found.unread}
    if args.json:
        print(json.dumps({**row, "judged": found.judged, "not_taken": found.not_taken}))
        return 0
    print(
        ngettext(
            "Commune {code}: {count} save read.", "Commune {code}: {count} saves read.", found.sets
        ).format(code=found.commune, count=found.sets)
    )
    tell_judged(found)
    if found.unread:
        print(f"{found.unread:>7}  {_('sealed to somebody else, or altered')}")
    return 0
