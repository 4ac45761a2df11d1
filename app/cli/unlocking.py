"""The register of this laptop, unlocked by the password typed at the console."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getpass
from typing import TYPE_CHECKING

from app.domain.errors import Refusal
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk


@contextmanager
def unlocked(args: Namespace) -> Iterator[Desk]:
    """The desk of the commune opened last, locked again afterwards.

    Refusal("import.no_register") when the laptop holds no commune; the refusals of unlocking.
    """
    from app.bootstrap.entering import unlock
    from app.bootstrap.shelves import laptop, shelves
    from app.resources import load_reference

    reference = load_reference()
    held = shelves(laptop(args.profile), reference)
    if not held:
        raise Refusal("import.no_register")
    officer = held[0].keyfile().officers[0]
    asked = _("Password of {name}, {commune}: ").format(name=officer.name, commune=held[0].place.name)
    entered = unlock(held[0], officer.officer, getpass(asked), reference)
    try:
        yield entered.desk
    finally:
        entered.desk.vault.lock()
