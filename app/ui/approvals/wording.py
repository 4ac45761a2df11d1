"""Proposals, cautions and what became of them in an officer's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.domain.accounts import mask_account
from app.domain.cautions import Caution
from app.domain.dates import PartialDate, show
from app.domain.records import Value
from app.domain.reference import Reference
from app.store.opened import Opened
from app.ui.approvals import heard
from app.ui.approvals.found import AccountCase, Asked
from app.ui.moments import show_moment
from app.ui.notices import Notice
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _

_END = 4  # digits of an account that tell two apart in a list, and tell no stranger anything


def kind_words(kind: str) -> str:
    """What a group of the list is called."""
    return {
        "account": _("Accounts"),
        "payee": _("Who receives for her"),
        "merge": _("Records to merge"),
        "unmerge": _("Records to part"),
        "decision": _("Conflicts about money"),
        "restore": _("Laptops restored"),
        "survey": _("Found by surveys"),
    }[kind]


def title_words(asked: Asked) -> str:
    """`Lò Thị Lả · Đổi tài khoản nhận tiền`."""
    what = _about_what(asked)
    return f"{asked.her.name} · {what}" if asked.her.name else what


def _about_what(asked: Asked) -> str:
    if asked.heard is not None:
        return heard.whole(asked.heard)
    titles = {
        "account": _("Another account to be paid into") if asked.old else _("Account to be paid into"),
        "payee": _("Another person receives for her"),
        "merge": _("Merge records"),
        "unmerge": _("Part records"),
        "decision": _("Decision of a conflict"),
        "restore": _("A laptop was restored from a backup"),
    }
    return titles.get(asked.kind) or _("Proposal that does not say what it is about")


def about_words(asked: Asked, reference: Reference) -> str:
    """One line of what would change."""
    if asked.heard is not None:
        return heard.title(asked.heard)
    match asked.kind:
        case "account":
            return f"{place_words(asked.old, reference)} → {place_words(asked.new, reference)}"
        case "payee":
            return f"{payee_words(asked.old)} → {payee_words(asked.new)}"
        case "merge" | "unmerge":
            return pair_words(asked)
        case _:
            return asked.why


def whom_words(asked: Asked) -> str:
    """Whom a line is about; of a restored laptop, what happened."""
    if asked.heard is not None:
        return heard.whom(asked.heard, asked.her.name)
    if asked.kind == "restore":
        return title_words(asked)
    return asked.her.name or pair_words(asked)


def pair_words(asked: Asked) -> str:
    """`Lò Thị Lan ← Lò Thị Lan`, or how many pairs."""
    if len(asked.pairs) != 1:
        return counted("{count} pair", "{count} pairs", len(asked.pairs))
    stays, goes = asked.pairs[0]
    words = _("{goes} out of {stays}") if asked.kind == "unmerge" else _("{goes} into {stays}")
    return words.format(stays=stays, goes=goes)


def place_words(account: Mapping[str, Value] | None, reference: Reference) -> str:
    """`Agribank 4471`: where money goes, short; what she had before she had an account."""
    if account is None:
        return _("none yet")
    provider = show_value("account", "provider", account.get("provider"), reference)
    return f"{provider} {str(account.get('number') or '')[-_END:]}".strip()


def payee_words(account: Mapping[str, Value] | None) -> str:
    """Who receives."""
    if account is None or account.get("payee") in (None, "self"):
        return _("herself")
    return str(account.get("payee_name") or "")


def whole_payee_words(account: Mapping[str, Value], reference: Reference) -> str:
    """Who receives, as what, by which paper and until when."""
    if account.get("payee") in (None, "self"):
        return _("herself")
    kind = show_value("account", "payee", account.get("payee"), reference)
    parts = [f"{payee_words(account)} ({account.get('payee_relation') or kind})", kind]
    if account.get("payee_paper"):
        parts.append(str(account["payee_paper"]))
    if account.get("payee_until"):
        until = show_value("account", "payee_until", account["payee_until"], reference)
        parts.append(_("until {day}").format(day=until))
    return " · ".join(parts)


def masked_number(account: Opened) -> str:
    """The number behind its mask."""
    return mask_account(str(account.values.get("number") or ""))


def how_words(account: Opened) -> str:
    """How the account came in."""
    how = account.values.get("evidence")
    return show_value("account", "evidence", how) if how is not None else _("nobody said how")


def read_words(case: AccountCase, reference: Reference) -> str:
    """When and where it came in, and what a code said."""
    values, by = case.account.values, case.asked.by
    at = f"{show_moment(by.at)} · {case.names.machine(by.device)}" if by else ""
    if values.get("evidence") != "vietqr":
        return at
    return _("{when}; reads {where}").format(when=at, where=place_words(values, reference))


def consent_words(case: AccountCase) -> list[str]:
    """Her consent as it was given."""
    given = case.consent
    if given is None:
        return [_("No consent came with it.")]
    by = _(f"choice.consent.given_by.{given.values.get('given_by')}")
    sign = _(f"choice.consent.sign.{given.values.get('sign')}")
    day = show_value("consent", "given", given.values.get("given"))
    return [_("Consent") + f": {by} · {sign} · {day}"]


def load_words(count: int) -> str:
    """How much of the queue is hers."""
    return counted("{count} proposal of hers waits here", "{count} proposals of hers wait here", count)


def day_words(moment: datetime) -> str:
    """`21/11/2026`."""
    return moment.astimezone().strftime("%d/%m/%Y")


def caution_count(asked: Asked) -> str:
    """`2 cảnh báo`; empty for none."""
    count = len(asked.cautions)
    return counted("{count} caution", "{count} cautions", count) if count else ""


def caution_notice(caution: Caution) -> Notice:
    """One thing to stop at, with the reason that was given for it."""
    facts = {name: _fact(name, value) for name, value in caution.facts.items()}
    happened = _(f"caution.{caution.code}").format(**facts)
    rest = _(f"caution.{caution.code}.rest").format(**facts)
    if caution.facts.get("why"):
        rest += " " + _("Reason given: “{why}”.").format(why=facts["why"])
    if caution.is_grave:
        return Notice(happened, rest, tone="bad", icon="triangle")
    return Notice(happened, rest, tone="warn", icon="clock")


def _fact(name: str, value: str | int) -> str:
    return show(PartialDate.parse(str(value))) if name == "day" else str(value)


def barred_words(asked: Asked, others: tuple[str, ...]) -> tuple[str, str]:
    """Why the officer here may not approve it, and whom to ask."""
    happened = {
        "own": _("You wrote this yourself, or the account in it: somebody else approves."),
        "role": _("Your role does not approve."),
        "moved": _("Somebody wrote there since: it can no longer be approved as it is."),
        "unshown": _("Not all of it can be shown here: sync first, or refuse it."),
        "unknown": _("Who signed it is not known here yet: sync first."),
        "incomplete": _("The account does not say in whose name it is: nobody is paid to it."),
        "wants": _("Nobody could approve this: it does not say what it would change."),
    }[asked.barred]
    if asked.barred == "moved":
        return happened, _("Withdraw it and propose anew.")
    if asked.barred == "incomplete":
        return happened, _(
            "Complete the holder's name in her file, Accounts tab: that proposes it anew and ends this one."
        )
    if asked.barred not in ("own", "role"):
        return happened, ""
    if not others:
        return happened, _(
            "Nobody else in this commune approves: ask the province for an approver from elsewhere."
        )
    return happened, _("Ask {names}.").format(names=", ".join(others))
