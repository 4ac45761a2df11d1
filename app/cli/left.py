"""`soansinh central left FOLDER`: what a laptop left behind that can speak no more is taken in.

A revoked laptop without a line, a machine that broke, a backup on a stick: its register is opened by the
centre's sealing key, and what waited in it is judged as if the laptop had sent it. What a revoked one
saved is refused and kept, and open to adoption.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.cli.operating import add_place, opened
from app.words import gettext as _

if TYPE_CHECKING:
    from argparse import _SubParsersAction

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_to(below: Verbs) -> None:
    """Declare the verb."""
    about = _("take what still waits in the register of a laptop that cannot send it")
    parser = below.add_parser("left", help=about)
    add_place(parser)
    where = _("the commune's folder on that laptop, or a backup")
    parser.add_argument("folder", type=Path, metavar=_("FOLDER"), help=where)
    parser.add_argument("--sealing", type=Path, help=_("the sealing key, from its custodians"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read it, hand it in, say what became of each set."""
    from app.central.deeds import Operating
    from app.central.keys import sealing_identity
    from app.central.rescue import take_left
    from app.central.server import now_ms
    from app.store.left_behind import read_left
    from app.store.operators import COMMAND_LINE

    with opened(args) as (centre, keys):
        found = read_left(args.folder, sealing_identity(keys, args.sealing))
        at = Operating(centre, keys, COMMAND_LINE, now_ms())
        reading = take_left(at, found.commune, found.device, found.sets)
    row = {"commune": found.commune, "device": found.device, "sets": reading.sets, "photos": found.photos}
    if args.json:
        print(json.dumps({**row, "judged": reading.judged, "not_taken": reading.not_taken}))
        return 0
    print(_("Commune {commune}, laptop {device}: {sets} saves waited.").format(**row))
    for outcome, count in sorted(reading.judged.items()):
        print(f"{count:>7}  {_('outcome.' + outcome)}")
    for why, count in sorted(reading.not_taken.items()):
        print(f"{count:>7}  {_('not_taken.' + why)}")
    if found.photos:
        print(_("{photos} photos were never sent: keep that laptop.").format(**row))
    return 0
