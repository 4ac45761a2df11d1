"""`soansinh central left FOLDER`: what a laptop left behind that can speak no more is taken in.

A revoked laptop without a line, a machine that broke, a backup on a stick: its register is opened by the
centre's two custodians, and what waited in it is judged as if the laptop had sent it. What a revoked one
saved is refused and kept, and open to adoption.
"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from app.cli.operating import Verbs, add_act, add_custody, operating, tell_judged
from app.words import gettext as _
from app.words import ngettext


def add_to(below: Verbs) -> None:
    """Declare the verb."""
    about = _("take what still waits in the register of a laptop that cannot send it")
    parser = add_act(below, "left", about, run)
    where = _("the commune's folder on that laptop, or a backup")
    parser.add_argument("folder", type=Path, metavar=_("FOLDER"), help=where)
    add_custody(parser)


def run(args: Namespace) -> int:
    """Read it, hand it in, say what became of each set."""
    from app.central.keys import custody
    from app.central.rescue import take_left
    from app.store.left_behind import read_left

    with operating(args) as at:
        found = read_left(args.folder, custody(at.keys, args.half, args.sealing))
        reading = take_left(at, found.commune, found.device, found.sets)
    row = {"commune": found.commune, "device": found.device, "sets": reading.sets, "photos": found.photos}
    if args.json:
        print(json.dumps({**row, "judged": reading.judged, "not_taken": reading.not_taken}))
        return 0
    print(
        ngettext(
            "Commune {commune}, laptop {device}: {sets} save waited.",
            "Commune {commune}, laptop {device}: {sets} saves waited.",
            reading.sets,
        ).format(**row)
    )
    tell_judged(reading)
    if found.photos:
        print(
            ngettext(
                "{photos} photo was never sent: keep that laptop.",
                "{photos} photos were never sent: keep that laptop.",
                found.photos,
            ).format(**row)
        )
    return 0
