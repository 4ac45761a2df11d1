"""`soansinh central`: set up a centre, tell it its communes, invite laptops, serve them.

soansinh central init --keys DIR --address https://an-sinh.example.vn:8443
soansinh central commune add 03874 --keys DIR --database postgresql://…
soansinh central invite 03874 --keys DIR --database postgresql://…
soansinh central --keys DIR --database postgresql://… --listen 0.0.0.0:8443
"""

from __future__ import annotations

import json
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.domain.errors import Refusal
from app.words import gettext as _

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from app.central.keys import Keys
    from app.central.training import Ready
    from app.store.centre import Centre

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"

KEYS = Path("central-keys")
LISTEN = "127.0.0.1:8443"


def add_to(verbs: Verbs) -> None:
    """Declare `central` and its own verbs; without one it serves."""
    parser = verbs.add_parser("central", help=_("set up and serve a central register"))
    parser.set_defaults(run=run_serve, database="", keys=KEYS, listen=LISTEN)
    _add_place(parser)
    parser.add_argument(
        "--listen", metavar=_("HOST:PORT"), help=_("where to listen; port 0 takes a free one")
    )
    below = parser.add_subparsers(title=_("verbs"), metavar=_("VERB"))
    _add_init(below)
    _add_commune(below)
    _add_invite(below)
    _add_training(below)


def _add_place(parser: ArgumentParser) -> None:
    # Given before or after the verb alike: a default here would wipe out what came before it.
    parser.add_argument("--database", default=SUPPRESS, metavar=_("URL"), help=_("postgresql://…"))
    parser.add_argument(
        "--keys", type=Path, default=SUPPRESS, metavar=_("FOLDER"), help=_("the centre's keys")
    )


def _add_init(below: Verbs) -> None:
    parser = below.add_parser("init", help=_("make the keys of a new centre"))
    _add_place(parser)
    parser.add_argument("--address", required=True, help=_("where laptops reach it: https://host[:port]"))
    parser.set_defaults(run=run_init)


def _add_commune(below: Verbs) -> None:
    parser = below.add_parser("commune", help=_("the communes of this centre"))
    acts = parser.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    add = acts.add_parser("add", help=_("open the register of a commune"))
    _add_place(add)
    add.add_argument("code", metavar=_("CODE"), help=_("the commune's code, five digits"))
    add.set_defaults(run=run_commune_add)
    known = acts.add_parser("list", help=_("list the communes"))
    _add_place(known)
    known.set_defaults(run=run_commune_list)


def _add_invite(below: Verbs) -> None:
    parser = below.add_parser("invite", help=_("make an enrolment code for one laptop"))
    _add_place(parser)
    parser.add_argument("code", metavar=_("CODE"), help=_("the commune's code, five digits"))
    parser.add_argument("--address", default="", help=_("another address than the one given to init"))
    parser.add_argument("--json", action="store_true", help=_("answer in JSON"))
    parser.set_defaults(run=run_invite)


def _add_training(below: Verbs) -> None:
    parser = below.add_parser("training", help=_("serve an invented commune from a folder of its own"))
    parser.add_argument("folder", type=Path, metavar=_("FOLDER"))
    parser.add_argument("--commune", default="T0001", metavar=_("CODE"), help=_("T and four digits"))
    parser.add_argument("--name", required=True, metavar=_("NAME"))
    parser.set_defaults(run=run_training)


def run_init(args: Namespace) -> int:
    """Make the keys, and say what to do with the root's."""
    from app.central.keys import make_keys

    keys = make_keys(args.keys, args.address, datetime.now(UTC))
    print(_("Keys made in {folder}. Fingerprint of the root: {fingerprint}").format(
        folder=keys.folder, fingerprint=keys.root_fingerprint
    ))  # fmt: skip
    print(_("Move root.key to a medium in a safe: the service runs without it."))
    return 0


def run_commune_add(args: Namespace) -> int:
    """Open a commune's register under its name in Decision 19/2025/QĐ-TTg."""
    from app.central.office import admit_commune, is_training
    from app.resources import load_reference
    from app.store import roster

    known = load_reference().places.commune_by_code.get(args.code)
    if known is None and not is_training(args.code):
        raise Refusal("central.no_such_commune")
    with _opened(args) as (centre, _keys), centre.write() as connection:
        name = known.name if known else args.code
        roster.add_commune(connection, admit_commune(args.code, name, training=centre.is_training))
    print(_("The register of {name} ({code}) is open.").format(name=name, code=args.code))
    return 0


def run_commune_list(args: Namespace) -> int:
    """Print code, name and the length of the journal of every commune."""
    from app.store import roster

    with _opened(args) as (centre, _keys), centre.read() as connection:
        for found in roster.communes(connection):
            print(f"{found.code}\t{found.name}\t{found.seq}")
    return 0


def run_invite(args: Namespace) -> int:
    """Make a one-time code and show it."""
    from app.central.enrolling import invite
    from app.central.office import INVITATION_DAYS
    from app.central.server import now_ms

    with _opened(args) as (centre, keys):
        address = args.address or keys.address
        text = invite(centre, keys, args.code, address, now_ms()).text()
    if args.json:
        print(json.dumps({"code": text, "commune": args.code, "address": address}))
        return 0
    print(text)
    print(_("For one laptop, within {days} days.").format(days=INVITATION_DAYS))
    return 0


def run_serve(args: Namespace) -> int:
    """Answer laptops until told to stop."""
    from app.central.server import Listen, serve

    listen = Listen.read(args.listen)
    with _opened(args) as (centre, keys):
        serve(centre, keys, listen, lambda port: _say_ready(f"https://{listen.host}:{port}"))
    return 0


def run_training(args: Namespace) -> int:
    """Serve the training commune until told to stop."""
    from app.central.training import run_training

    def told(ready: Ready) -> None:
        _say_ready(ready.address)

    run_training(args.folder, args.commune, args.name, told)
    return 0


def _say_ready(address: str) -> None:
    print(_("Listening at {address}").format(address=address), flush=True)


@contextmanager
def _opened(args: Namespace) -> Iterator[tuple[Centre, Keys]]:
    from app.central.keys import load_keys
    from app.store.centre import Centre

    if not args.database:
        raise Refusal("central.no_database")
    keys = load_keys(args.keys)
    centre = Centre.open(args.database)
    try:
        yield centre, keys
    finally:
        centre.close()
