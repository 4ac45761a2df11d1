"""soansinh central recover keys.json --half A --half B: a code for an office that lost every way in.

soansinh central custodians --root FILE: another pair of halves, when one was lost.
"""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from app.cli.operating import Verbs, add_act, add_custody, custody_words
from app.words import gettext as _


def add_to(below: Verbs) -> None:
    """Declare `central recover` and `central custodians`."""
    parser = add_act(below, "recover", _("read out a code for a laptop that nobody can open any more"), run)
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("keys.json of that laptop"))
    add_custody(parser)
    about = _("make another pair of recovery halves, when one was lost or a custodian left")
    renewing = add_act(below, "custodians", about, run_custodians)
    renewing.add_argument("--root", type=Path, required=True, help=_("the root's key, from the safe"))


def run_custodians(args: Namespace) -> int:
    """Make it, and say what to do with it."""
    from app.central.keys import HALVES, renew_recovery

    made = renew_recovery(args.keys, args.root, datetime.now(UTC))
    if args.json:
        print(json.dumps({"halves": [str(made.folder / name) for name in HALVES]}))
        return 0
    print(custody_words())
    print(_("Restart the services; laptops seal their keys to the new pair from their next unlock on."))
    return 0


def run(args: Namespace) -> int:
    """Open the key file, offline: no database is asked."""
    from app.central.keys import custody, load_keys
    from app.central.recovering import code_for
    from app.store.disk import read_whole

    keys = load_keys(args.keys)
    code = code_for(read_whole(args.file) or b"", custody(keys, args.half, args.sealing))
    if args.json:
        print(json.dumps({"code": code}))
        return 0
    print(code)
    print(_("Read it out to an officer whom you know; the register gets another key once it was used."))
    return 0
