"""The list of accounts in force on A4, wide: who is paid where, by which two officers, and its digest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.domain.progress import Progress
from app.domain.text import amount_in_words, show_amount
from app.ui.papers import page as paper
from app.ui.papers.flow import Column, Flow, Made, flowing, letterhead, signatures, table
from app.ui.papers.page import A4, Draw, Style
from app.ui.papers.vietnamese import gettext as _


@dataclass(frozen=True)
class AccountsPaper:
    """`rows`: name, born, personal ID, provider, number, holder, payee, amount, both officers, to look at.

    `below`: what stands under the title: count, total, digest, who is left off.
    """

    made: Made
    below: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


def write_accounts(accounts: AccountsPaper, path: Path, progress: Progress) -> None:
    """A PDF; Trouble("paper.not_written"), or Cancelled and nothing is left."""
    content = paper.pdf(_drawing(accounts, progress), A4, title=_("List of accounts in force"), is_wide=True)
    paper.save(content, path)


def print_accounts(accounts: AccountsPaper, printer: QPrinter, progress: Progress) -> None:
    """On the printer; Trouble("paper.printer"), or Cancelled."""
    paper.send(_drawing(accounts, progress), printer, A4, is_wide=True)


def _drawing(accounts: AccountsPaper, progress: Progress) -> Draw:
    columns = [
        Column(_("No."), is_figure=True),
        Column(_("Full name")),
        Column(_("Born")),
        Column(_("field.person.personal_id")),
        Column(_("field.account.provider")),
        Column(_("field.account.number")),
        Column(_("field.account.holder")),
        Column(_("field.account.payee_name")),
        Column(_("A month, đ"), is_figure=True),
        Column(_("Both officers")),
        Column(_("To look at")),
    ]
    rows = [[str(at), *row] for at, row in enumerate(accounts.rows, 1)]

    def body(flow: Flow) -> None:
        letterhead(flow, accounts.made, _("List of accounts in force").upper(), accounts.below[0])
        for words in accounts.below[1:]:
            flow.text(words, Style(8).quiet(), gap=0.6)
        flow.y += 2
        table(flow, columns, rows, progress)
        if not flow.has_room(52):  # the sum and the signatures under it are one thing
            flow.turn()
        flow.y += 2
        words = _("Sum a month: {amount} dong ({words}).").format(
            amount=show_amount(accounts.total), words=amount_in_words(accounts.total)
        )
        flow.text(words, Style(9.2).bold(), gap=4)
        signatures(flow, accounts.made)

    return flowing(body, accounts.made)
