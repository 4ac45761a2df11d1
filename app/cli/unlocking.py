"""The register of this laptop, unlocked by the password typed at the console."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import TYPE_CHECKING

from app.domain.errors import Refusal
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk


def add_whose(verb: ArgumentParser) -> None:
    """Let a verb say whose desk, where a laptop holds several communes or several officers share it."""
    verb.add_argument("--commune", default="", metavar=_("CODE"), help=_("which commune on this laptop"))
    verb.add_argument("--officer", default="", metavar=_("NAME"), help=_("which officer opens it"))


def typed(asked: str) -> str:
    """A password, typed unseen."""
    return getpass(asked)


@contextmanager
def unlocked(args: Namespace) -> Iterator[Desk]:
    """The desk of the commune opened last, locked again afterwards; or of the commune and officer asked for.

    An officer who approves for several communes holds each as a vault of its own on one laptop.
    Refusal("unlock.no_register") when the laptop holds no such commune, ("unlock.unknown_officer"); the
    refusals of unlocking.
    """
    from app.bootstrap.entering import unlock
    from app.bootstrap.shelves import laptop, shelves
    from app.resources import load_reference

    reference = load_reference()
    commune, named = (getattr(args, name, "") for name in ("commune", "officer"))
    held = [at for at in shelves(laptop(args.profile), reference) if commune in ("", at.place.code)]
    if not held:
        raise Refusal("unlock.no_register")
    officers = [one for one in held[0].keyfile().officers if named in ("", one.name, one.officer)]
    if not officers:
        raise Refusal("unlock.unknown_officer")
    officer = officers[0]
    asked = _("Password of {name}, {commune}: ").format(name=officer.name, commune=held[0].place.name)
    entered = unlock(held[0], officer.officer, typed(asked), reference)
    try:
        yield entered.desk
    finally:
        entered.desk.vault.lock()
