"""What became of each account of hers: in force since when and by whom, replaced by what, refused why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from app.domain.reference import Reference
from app.store.disputes import Hand
from app.store.dossier import Account
from app.store.history import Line
from app.ui.moments import show_moment
from app.ui.parts.boxes import card, label, rule
from app.ui.parts.chips import Mark
from app.ui.person.facts import STANDINGS
from app.ui.person.file import File
from app.ui.pointing import account_words
from app.ui.theme import look
from app.words import gettext as _


def came(file: File, account: Account) -> Line | None:
    """The line that put it in force, or would once the centre has answered."""
    cell = ("person", "receiving_account", account.opened.record)
    return next((line for line in file.lines if (line.kind, line.field, line.new) == cell), None)


def answered(file: File, account: Account) -> Hand | None:
    """Who accepted its proposal, refused it or took it back; None while it waits."""
    proposal = account.proposal.record if account.proposal else ""
    for line in file.lines:
        if (line.record, line.field) == (proposal, "state") and line.new != "open":
            return line.hand
    return None


def approved_words(file: File, account: Account) -> str:
    """`Hà Văn Quyết · máy 01 · 29/11/2026 09:58`; empty while nobody approved."""
    hand = answered(file, account)
    if hand is None or account.standing not in ("in_force", "approved", "earlier"):
        return ""
    return f"{file.names.by(hand)} · {show_moment(hand.at)}"


def why_ended(file: File, account: Account, reference: Reference) -> str:
    """The reason of a refusal, in quotes; what took its place."""
    said = str(account.proposal.values.get("answer") or "") if account.proposal else ""
    if account.standing in ("refused", "withdrawn"):
        hand = answered(file, account)
        by = file.names.officer(hand.author) if hand else ""
        return " · ".join(part for part in (f"“{said}”" if said else "", by) if part)
    line = came(file, account)
    if line is None or line.by is None:
        return "–"
    after = [each for each in file.person.accounts if (next_ := came(file, each)) and next_.hand == line.by]
    words = account_words(after[0].opened.values, reference) if after else _("nothing")
    return _("replaced by {account}").format(account=words)


def span_words(file: File, account: Account) -> str:
    """`21/11/2026 – 29/11/2026`: in force from and to; when it was enrolled where it never was."""
    line = came(file, account)
    if line is None or account.standing in ("refused", "withdrawn"):
        hand = file.hand_of(account.opened.record)
        return _("enrolled {day}").format(day=_day(hand)) if hand else ""
    return f"{_day(line.hand)} – {_day(line.by)}" if line.by else _day(line.hand)


def _day(hand: Hand | None) -> str:
    return hand.at.astimezone().strftime("%d/%m/%Y") if hand else ""


def earlier_card(file: File, earlier: Sequence[Account], reference: Reference) -> QFrame:
    """Accounts that are not in force any more, or never were, one a line."""
    table = QFrame()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(look().px(16))
    grid.setVerticalSpacing(look().px(8))
    grid.setColumnStretch(3, 1)
    heads = (_("Account"), _("Who receives"), _("From, to"), _("Why it ended"), "")
    for at, words in enumerate(heads):
        grid.addWidget(label(words, "caption"), 0, at)
    for place, account in enumerate(earlier):
        grid.addWidget(rule(), 2 * place + 1, 0, 1, len(heads))
        icon, tone = STANDINGS[account.standing]
        told = (
            label(account_words(account.opened.values, reference)),
            label(str(account.opened.values.get("payee_name") or _("herself")), "second"),
            label(span_words(file, account), "second"),
            label(why_ended(file, account, reference), "second", wrap=True),
            Mark(_(f"account.{account.standing}"), icon, tone),
        )
        for at, widget in enumerate(told):
            grid.addWidget(widget, 2 * place + 2, at, Qt.AlignmentFlag.AlignTop)
    return card(label(_("Earlier"), "card"), table, gap=10)
