"""What the card in her file and the pane beside the list both say: portrait, numbers, rights, accounts."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.domain.accounts import compare_holder, mask_account
from app.domain.identity import mask_personal_id, mask_phone
from app.domain.text import show_amount
from app.store import dossier
from app.store.dossier import Account
from app.store.opened import Opened
from app.ui.forms.masked import MaskedValue
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.parts.chips import Chip, Mark
from app.ui.parts.panes import Facts, section
from app.ui.person.facts import ACCOUNT_MARKS, STANDINGS, born, group_words
from app.ui.theme import look
from app.ui.values import show_value
from app.words import gettext as _

Fact = tuple[str, str | QWidget]


def portrait() -> QFrame:
    """Where her photo will be."""
    frame = row(IconLabel("person", 28, "ink3"), margins=(12, 18), role="sunk")
    frame.setFixedSize(look().px(52), look().px(64))
    holder = column(frame, STRETCH)
    layout = holder.layout()
    if layout is not None:
        layout.setAlignment(frame, Qt.AlignmentFlag.AlignTop)
    return holder


def identity(desk: Desk, person: dossier.Person, head: str, label_width: int) -> QFrame:
    """Numbers behind their masks, each look audited; `head` of her household."""
    known = person.row
    facts: list[Fact] = [
        (_("Personal ID"), _masked(desk, person, "personal_id", mask_personal_id(known.personal_id or ""))),
        (_("Born"), born(known.birth) or _("unknown")),
    ]
    if known.old_id and not known.personal_id:
        facts.insert(1, (_("Old number"), _masked(desk, person, "old_id", mask_personal_id(known.old_id))))
    if head:
        relation = person.opened.values.get("relation")
        facts.append((_("Head"), f"{head} ({relation})" if relation else head))
    facts.append((_("Phone"), _masked(desk, person, "phone", mask_phone(known.phone or ""))))
    return section(_("Identity"), Facts(facts, label_width=label_width))


def _masked(desk: Desk, person: dossier.Person, field: str, masked: str) -> str | QFrame:
    if not masked:
        return _("none")
    return MaskedValue(masked, partial(people.reveal, desk, "person", person.row.id, field))


def rights(desk: Desk, person: dossier.Person) -> QFrame:
    """What she is paid now."""
    active = [right for right in person.entitlements if right.values.get("state") == "active"]
    if not active:
        return section(_("Receives"), label(_("nothing decided"), "second"))
    return section(_("Receives"), *(_right(desk, right) for right in active), gap=8)


def _right(desk: Desk, right: Opened) -> QFrame:
    values = right.values
    group = group_words((str(values.get("group") or ""),), desk.reference)
    amount = label(_("{amount} đ").format(amount=show_amount(int(values.get("amount") or 0))), "strong")
    since = show_value("entitlement", "since", values.get("since")) if values.get("since") else ""
    rest = _("a month, from {since}").format(since=since) if since else _("a month")
    lines = [label(group, "strong", wrap=True), row(amount, label(rest), STRETCH, gap=4)]
    if values.get("decision"):
        lines.append(label(str(values["decision"]), "second", wrap=True))
    return column(*lines, gap=4)


def accounts(desk: Desk, person: dossier.Person, label_width: int) -> QFrame:
    """Where she is paid, or would be: in force and proposed; what she wishes when there is neither."""
    shown = [each for each in person.accounts if each.standing in ("in_force", "approved", "proposed")]
    if not shown:
        words, icon, tone = ACCOUNT_MARKS.get(person.row.account, ACCOUNT_MARKS["none"])
        return section(_("Account to be paid into"), row(Chip(_(words), icon, tone), STRETCH))
    lines = [_account(desk, person, account, label_width) for account in shown[:2]]
    return section(_("Account to be paid into"), *lines, gap=8)


def _account(desk: Desk, person: dossier.Person, account: Account, label_width: int) -> QFrame:
    values = account.opened.values
    icon, tone = STANDINGS[account.standing]
    provider = show_value("account", "provider", values.get("provider"), desk.reference)
    facts: list[Fact] = [(provider, mask_account(str(values.get("number") or "")))]
    if values.get("holder"):
        facts.append((_("Holder"), str(values["holder"])))
    standing = Chip(_(f"account.{account.standing}"), icon, tone)
    return column(
        Facts(facts, label_width=label_width),
        row(agreement(person, account), STRETCH),
        row(standing, STRETCH),
        gap=6,
    )


def agreement(person: dossier.Person, account: Account) -> Mark:
    """Whether the bank's name is that of whoever receives."""
    values = account.opened.values
    owner = values.get("payee_name") if values.get("payee") != "self" else person.row.name
    if not values.get("holder"):
        return Mark(_("The holder's name is not written down"), "dash", "neutral")
    if compare_holder(str(owner or ""), str(values["holder"])) != "different":
        return Mark(_("The holder's name agrees"), "tick", "ok")
    return Mark(_("The holder has another name"), "triangle", "bad")
