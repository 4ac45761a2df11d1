"""`soansinh central`: set up a centre, tell it its communes, invite laptops, serve them.

soansinh central init --keys DIR --address https://an-sinh.example.vn:8443
soansinh central commune add 03874 --keys DIR --database postgresql://…
soansinh central device enrol 03874 --keys DIR --database postgresql://…
soansinh central --keys DIR --database postgresql://… --listen 0.0.0.0:8443

What is not typed is taken from SOANSINH_DATABASE, SOANSINH_KEYS and SOANSINH_LISTEN: a database's
address may hold a password, and every user of a machine can read what was typed on it.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.cli import capsule, communes, left, officers, operating, publishing, receiving, recovering
from app.cli.operating import add_place, opened
from app.words import gettext as _

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from app.central.training import Ready

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"

LISTEN = "127.0.0.1:8443"


def add_to(verbs: Verbs) -> None:
    """Declare `central` and its own verbs; without one it serves."""
    parser = verbs.add_parser("central", help=_("set up and serve a central register"))
    parser.set_defaults(run=run_serve, listen=os.environ.get("SOANSINH_LISTEN", LISTEN))
    parser.set_defaults(**operating.place_of(os.environ))
    add_place(parser)
    parser.add_argument(
        "--listen", metavar=_("HOST:PORT"), help=_("where to listen; port 0 takes a free one")
    )
    parser.add_argument(
        "--share-port", action="store_true", help=_("let other services of this machine listen there too")
    )
    below = parser.add_subparsers(title=_("verbs"), metavar=_("VERB"))
    _add_init(below)
    _add_tls(below)
    communes.add_to(below)
    operating.add_to(below)
    publishing.add_to(below)
    officers.add_to(below)
    receiving.add_to(below)
    capsule.add_reading(below)
    recovering.add_to(below)
    left.add_to(below)
    _add_training(below)


def _add_init(below: Verbs) -> None:
    parser = below.add_parser("init", help=_("make the keys of a new centre"))
    add_place(parser)
    parser.add_argument("--address", required=True, help=_("where laptops reach it: https://host[:port]"))
    parser.set_defaults(run=run_init)


def _add_tls(below: Verbs) -> None:
    parser = below.add_parser("renew", help=_("take the spare certificate into use, and make a new spare"))
    add_place(parser)
    parser.add_argument("--root", type=Path, required=True, help=_("the root's key, from the safe"))
    parser.set_defaults(run=run_renew)


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
    print(operating.custody_words())
    return 0


def run_renew(args: Namespace) -> int:
    """Change the certificate as the pins foretold."""
    from app.central.keys import renew_tls

    renew_tls(args.keys, args.root, datetime.now(UTC))
    print(_("Restart the services one after the other: laptops know the new certificate already."))
    return 0


def run_serve(args: Namespace) -> int:
    """Answer laptops until told to stop."""
    from app.central.server import Listen, serve

    listen = Listen.read(args.listen, shared=args.share_port)
    with opened(args) as (centre, keys):
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
