"""soansinh central recover keys.json --sealing FILE: a code for an office that lost every way in."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from app.cli.operating import Verbs, add_act, add_sealing
from app.words import gettext as _


def add_to(below: Verbs) -> None:
    """Declare `central recover`."""
    parser = add_act(below, "recover", _("read out a code for a laptop that nobody can open any more"), run)
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("keys.json of that laptop"))
    add_sealing(parser)


def run(args: Namespace) -> int:
    """Open the key file, offline: no database is asked."""
    from app.central.keys import load_keys, sealing_identity
    from app.central.recovering import code_for
    from app.store.disk import read_whole

    code = code_for(read_whole(args.file) or b"", sealing_identity(load_keys(args.keys), args.sealing))
    if args.json:
        print(json.dumps({"code": code}))
        return 0
    print(code)
    print(_("Read it out to an officer whom you know; the register gets another key once it was used."))
    return 0
