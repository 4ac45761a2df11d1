"""`soansinh handover`: what goes from hand to hand, without a link."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from typing import TypeAlias

from app.cli import capsule
from app.words import gettext as _

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_to(verbs: Verbs) -> None:
    """Declare `handover` and its own verbs."""
    parser = verbs.add_parser("handover", help=_("hand over without a link"))
    below = parser.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    capsule.add_handing_out(below)
