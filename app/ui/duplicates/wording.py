"""Likeness, reasons and records in an officer's words."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.accounts import mask_account
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.store import dossier
from app.store.likeness import POINTS
from app.store.twins import Candidate
from app.ui.moments import show_moment
from app.ui.person.facts import group_words
from app.ui.person.file import Names
from app.ui.values import show_reason, show_value
from app.words import gettext as _

_SURE, _STRONG = 95, 75


def score_words(score: int) -> str:
    """How alike, in words: a figure would claim more than anybody knows."""
    if score >= _SURE:
        return _("Almost certainly one person")
    return _("Very much alike") if score >= _STRONG else _("Could be one person")


def reason_words(reasons: Sequence[str]) -> tuple[str, str]:
    """What speaks for one person, and what against."""
    speaking = [
        [_(f"likeness.{r}") for r in reasons if (POINTS[r] > 0) is is_for] for is_for in (True, False)
    ]
    return " · ".join(speaking[0]), " · ".join(speaking[1])


def entered_words(candidate: Candidate, names: Names) -> str:
    """`21/11/2026 09:58 · Lò Thị Hạnh · máy 01`."""
    hand = candidate.entered
    return f"{show_moment(hand.at)} · {names.by(hand)}" if hand else _("before what this laptop holds")


def source_words(candidate: Candidate) -> str:
    """From which import, or why she was entered."""
    return show_reason(candidate.entered.reason) if candidate.entered else "–"


def entered_at(candidate: Candidate) -> str:
    """`21/11/2026 09:58`, to tell two of one name apart."""
    return show_moment(candidate.entered.at) if candidate.entered else _("earlier")


def right_words(person: dossier.Person, reference: Reference) -> str:
    """Everything she is entitled to, with its state where it is not paid."""
    told = []
    for right in person.entitlements:
        values = right.values
        group = group_words((str(values.get("group") or ""),), reference)
        words = _("{group}: {amount} đ").format(
            group=group, amount=show_amount(int(values.get("amount") or 0))
        )
        state = str(values.get("state") or "active")
        told.append(words if state == "active" else f"{words} ({_(f'choice.entitlement.state.{state}')})")
    return "; ".join(told) or _("nothing decided")


def account_words(person: dossier.Person, reference: Reference) -> str:
    """Where she is paid, or would be."""
    told = []
    for account in person.accounts:
        if account.standing in ("in_force", "approved", "proposed"):
            values = account.opened.values
            provider = show_value("account", "provider", values.get("provider"), reference)
            number = mask_account(str(values.get("number") or ""))
            told.append(f"{provider} {number} ({_(f'account.{account.standing}').lower()})")
    return "; ".join(told) or _("no account")


def why_words(reason: str) -> str:
    """Why this one is chosen to stay."""
    return {
        "paid": _("Chosen already: an account of this record is in force."),
        "verified": _("Chosen already: this record was identified electronically."),
        "richer": _("Chosen already: more is known in this record."),
        "older": _("Chosen already: this record was entered first."),
    }[reason]
