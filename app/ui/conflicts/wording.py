"""A conflict in an officer's words: fields, values, who and when, whose word counts, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.domain.records import Value
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.store.contest import Contest, ContestedCell, DecidedContest, Side
from app.ui.conflicts.found import Asked, Found, Rest
from app.ui.moments import show_moment
from app.ui.person.facts import ACCOUNT_MARKS, group_words, who
from app.ui.pointing import pointed_words
from app.ui.values import show_reason, show_value
from app.words import gettext as _


def field_words(kind: str, field: str) -> str:
    """`Ngày sinh`, `Chế độ · Mức hưởng`."""
    words = _(f"field.{kind}.{field.partition('/')[0]}")
    return words if kind == "person" else f"{_(f'kind.{kind}')} · {words}"


def subject_words(contest: Contest) -> str:
    """What a conflict is about: its first field, and how many more stand with it."""
    first, *others = contest.cells
    words = field_words(first.kind, first.field)
    return _("{field} and {count} more").format(field=words, count=len(others)) if others else words


def name_words(contest: Contest | DecidedContest) -> str:
    """About whom; a household is nobody's."""
    return contest.name or _("a household")


def value_words(found: Found, cell: ContestedCell, value: Value, reference: Reference) -> str:
    """A value; what points to another record says what that is."""
    if value is None:
        return _("nothing")
    return pointed_words(found.pointed, cell.kind, cell.field, value, reference)


def day_words(moment: datetime) -> str:
    """`21/11/2026`: a list has no room for the hour."""
    return moment.astimezone().strftime("%d/%m/%Y")


def author_words(found: Found, side: Side) -> str:
    """Who wrote it."""
    return found.names.officer(side.by.author) if side.by else _("nobody")


def when_words(found: Found, side: Side) -> str:
    """`21/11/2026 09:58 · máy 01`."""
    if side.by is None:
        return "–"
    return f"{show_moment(side.by.at)} · {found.names.machine(side.by.device)}"


def why_words(side: Side) -> str:
    """Why it was written: an officer's own words in quotes, a decision by its number."""
    if side.by is None:
        return "–"
    known = show_reason(side.by.reason)
    words = f"“{known}”" if known == side.by.reason else known
    return (
        _("{why}, by decision {number}").format(why=words, number=side.decision) if side.decision else words
    )


def rest_words(rest: Rest, today: date, reference: Reference) -> tuple[str, str]:
    """Two lines of what else the register says of her."""
    row = rest.person
    if row is None:
        return "", ""
    numbers = show_value("person", "personal_id", row.personal_id) if row.personal_id else _("no personal ID")
    paid = _("{group}, {amount} đ a month").format(
        group=group_words(row.groups, reference), amount=show_amount(row.amount)
    )
    phone = show_value("person", "phone", row.phone) if row.phone else _("no telephone")
    household = _("household of {head}").format(head=rest.household) if rest.household else _("no household")
    account = _(ACCOUNT_MARKS.get(row.account, ACCOUNT_MARKS["none"])[0])
    first = (
        who(row.sex, row.birth, row.hamlet, today),
        numbers,
        paid if row.groups else _("nothing decided"),
    )
    second = (phone, household, _("account: {state}").format(state=account.lower()))
    return " · ".join(first), " · ".join(second)


def joined_words(rest: Rest, contest: Contest) -> str:
    """That what came later was addressed to a record which had been merged; empty where it was not."""
    if rest.person is None or rest.person.id == contest.person:
        return ""
    return _("This record was merged into that of {name}.").format(name=rest.person.name) + " "


def authority_words(asked: Asked) -> str:
    """Whose word counts here, and what that means for these two sides."""
    source = _(f"authority.{asked.authority.name}")
    if asked.preferred is None:
        doubt = _("Neither side is nearer to it, so somebody has to decide.")
        return f"{source} {doubt}"
    side = {
        "stands": _("What is used now comes from there, so it is chosen already."),
        "came": _("What came later comes from there, so it is chosen already."),
    }[asked.preferred]
    return f"{source} {side}"


def entitled_words(asked: Asked) -> str:
    """Who may decide: the officer here, or whom to ask."""
    if asked.is_entitled:
        return _("You may decide.")
    roles = _listed([_(f"role.{role}").lower() for role in asked.authority.deciders])
    rule = (
        _("Decided by {roles} who wrote neither side.") if asked.authority.apart else _("Decided by {roles}.")
    )
    rule = rule.format(roles=roles)
    if not asked.others:
        return f"{rule} {_('Nobody in this commune may yet: ask the province.')}"
    return f"{rule} {_('Ask {names}.').format(names=_listed(asked.others))}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return _("{names} or {last}").format(names=", ".join(most), last=last) if most else last


def phrases(asked: Asked) -> list[str]:
    """Ready reasons, by whose word counts."""
    own = {
        "population": [_("As on her ID card"), _("As the police's data say")],
        "decision": [_("As the commune's decision says"), _("The decision was replaced")],
        "provider": [_("The bank confirmed it")],
        "holder": [_("As she wishes"), _("The other account is closed")],
        "visit": [_("Asked her again"), _("By the newest visit")],
        "office": [_("Asked her again"), _("As the papers say")],
    }
    return [*own.get(asked.authority.name, own["office"]), _("Written of somebody else")]
