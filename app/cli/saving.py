"""The other half of `soansinh import`: the register is unlocked, compared with, and written."""

from __future__ import annotations

from argparse import Namespace
from getpass import getpass
from typing import TYPE_CHECKING

from app.domain.errors import Refusal
from app.domain.text import show_amount
from app.words import gettext as _

if TYPE_CHECKING:
    from app.domain.progress import Progress


def save(args: Namespace, progress: Progress) -> int:
    """Write what is new of `args.file` into this laptop's register; questions stay for the window.

    Refusal("import.no_register") when the laptop holds no commune; the refusals of unlocking.
    """
    from app import bootstrap
    from app.actions import workbook
    from app.actions.workbook import Fate
    from app.resources import load_reference

    reference = load_reference()
    shelves = bootstrap.shelves(bootstrap.laptop(args.profile), reference)
    if not shelves:
        raise Refusal("import.no_register")
    officer = shelves[0].keyfile().officers[0]
    asked = _("Password of {name}, {commune}: ").format(name=officer.name, commune=shelves[0].place.name)
    entered = bootstrap.unlock(shelves[0], officer.officer, getpass(asked), reference)
    try:
        review = workbook.review(progress, entered.desk, args.file)
        written = workbook.write(progress, entered.desk, review)
    finally:
        entered.desk.vault.lock()
    told = _("{people} people written, {filled} filled, {accounts} accounts proposed.")
    people, filled, accounts = map(show_amount, (written.people, written.filled, written.accounts))
    print(told.format(people=people, filled=filled, accounts=accounts))
    asks = len(review.of(Fate.ASKS))
    if asks:
        print(_("{count} rows ask something; answer them in the window.").format(count=asks))
    return 0
