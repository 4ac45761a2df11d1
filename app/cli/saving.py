"""The other half of `soansinh import`: the register is unlocked, compared with, and written."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from app.cli.unlocking import unlocked
from app.domain.text import show_amount
from app.words import gettext as _
from app.words import ngettext

if TYPE_CHECKING:
    from app.domain.progress import Progress


def save(args: Namespace, progress: Progress) -> int:
    """Write what is new of `args.file` into this laptop's register; questions stay for the window.

    The refusals of `unlocked`.
    """
    from app.actions.importing import reviewing
    from app.actions.importing.facts import Fate
    from app.actions.importing.writing import write

    with unlocked(args) as desk:
        review = reviewing.read(progress, desk, args.file)
        asks = review.count(Fate.ASKS)
        told = (0, 0, 0)
        if review.count(Fate.NEW, Fate.FILLS):
            written = write(progress, desk, review)
            told = (written.people, written.updated, written.accounts)
    out = sys.stderr if args.json else sys.stdout  # with --json the summary is the last line of stdout
    said = _("Written: people {people}, filled {filled}; accounts proposed: {accounts}.")
    people, filled, accounts = map(show_amount, told)
    print(said.format(people=people, filled=filled, accounts=accounts), file=out)
    if asks:
        words = ngettext(
            "{count} row asks something; answer it in the window.",
            "{count} rows ask something; answer them in the window.",
            asks,
        )
        print(words.format(count=show_amount(asks)), file=out)
    return 0
