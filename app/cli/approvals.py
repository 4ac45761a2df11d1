"""`soansinh approvals list|show|accept|refuse`: what waits for a second officer, answered at the console.

To accept she is shown each proposal whole, old beside new, and types her password again: that is her yes.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from app.cli.telling import tell_lines
from app.cli.unlocking import add_whose, typed, unlocked
from app.domain.errors import Refusal
from app.words import counted
from app.words import gettext as _

if TYPE_CHECKING:
    from app.actions.desk import Desk
    from app.ui.approvals.found import Asked, Found

_ACCOUNT = (
    "provider",
    "number",
    "holder",
    "payee",
    "payee_name",
    "payee_relation",
    "payee_until",
    "evidence",
)


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `approvals` and what is done with them."""
    verb = verbs.add_parser("approvals", help=_("answer what another officer proposed"))
    acts = verb.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listed = acts.add_parser("list", help=_("everything that waits for a second officer"))
    shown = acts.add_parser("show", help=_("one proposal whole, old beside new"))
    accepted = acts.add_parser("accept", help=_("show each whole, then put them in force by a password"))
    refused = acts.add_parser("refuse", help=_("turn one down, with the reason"))
    for act in (listed, shown):
        act.add_argument("--json", action="store_true", help=_("one JSON object for each proposal"))
    for act in (shown, refused):
        act.add_argument("proposal", metavar=_("ID"))
    accepted.add_argument("proposals", nargs="+", metavar=_("ID"))
    refused.add_argument("--why", required=True, metavar=_("TEXT"), help=_("what its proposer will read"))
    for act, run in ((listed, _list), (shown, _show), (accepted, _accept), (refused, _refuse)):
        add_whose(act)
        act.set_defaults(run=run)


def _list(args: Namespace) -> int:
    with unlocked(args) as desk:
        found = _found(desk)
        if args.json:
            tell_lines(_line(desk, asked) for asked in found.asked)
            return 0
        for asked in found.asked:
            print(f"{asked.record}  {_headline(asked)}")
            for caution in _cautions(asked):
                print(f"  ! {caution}")
        print(
            counted("{count} waits for a second officer.", "{count} wait for a second officer.", found.count)
        )
    return 0


def _show(args: Namespace) -> int:
    with unlocked(args) as desk:
        found = _found(desk)
        asked = _one(found, args.proposal)
        if args.json:
            tell_lines([_line(desk, asked, _whole_numbers(desk, asked))])
        else:
            _tell(desk, found, asked)
    return 0


def _accept(args: Namespace) -> int:
    from app.actions.approvals import Shown, accept_batch

    with unlocked(args) as desk:
        found = _found(desk)
        chosen = [_one(found, proposal) for proposal in dict.fromkeys(args.proposals)]
        for asked in chosen:
            _tell(desk, found, asked)
        asks = _("To approve this, {name} types her password: ").format(name=desk.officer.name)
        shown = [Shown(asked.record, asked.digest) for asked in chosen]
        accept_batch(desk, shown, {each.proposal for each in shown}, desk.prove(typed(asks)))
        print(_("Approved; in force as soon as the centre agrees."))
    return 0


def _refuse(args: Namespace) -> int:
    from app.actions.approvals import refuse

    with unlocked(args) as desk:
        refuse(desk, _one(_found(desk), args.proposal).record, args.why)
        print(_("Refused; its proposer will read the reason."))
    return 0


def _found(desk: Desk) -> Found:
    from app.domain.progress import Progress
    from app.ui.approvals.found import read_found

    return read_found(Progress(), desk)


def _one(found: Found, proposal: str) -> Asked:
    for asked in found.asked:
        if asked.record == proposal:
            return asked
    raise Refusal("approval.not_open")


def _headline(asked: Asked) -> str:
    people = asked.her.name or "; ".join(" ← ".join(pair) for pair in asked.pairs)
    if asked.heard is not None:
        from app.ui.approvals.heard import title, whom

        return f"{whom(asked.heard, asked.her.name)} · {title(asked.heard)}"
    return f"{_(f'choice.proposal.subject.{_subject(asked)}')} · {people}"


def _subject(asked: Asked) -> str:
    return "account" if asked.kind == "payee" else asked.kind


def _tell(desk: Desk, found: Found, asked: Asked) -> None:
    """Old beside new, by whom, when and why, and everything to stop at."""
    print(f"{asked.record}  {_headline(asked)}")
    if asked.by is not None:
        print(f"    {found.names.by(asked.by)} · {asked.by.at.astimezone():%d/%m/%Y %H:%M}")
    kind = asked.heard.kind if asked.heard else "account"
    for name, old, new in _beside(desk, asked, _whole_numbers(desk, asked)):
        print(f"    {_(f'field.{kind}.{name}')}: {old} → {new}{_seen(desk, asked, name)}")
    for line in [asked.why] if asked.why else []:
        print(f"    “{line}”")
    for caution in _cautions(asked):
        print(f"  ! {caution}")
    if asked.barred:
        from app.ui.approvals.wording import barred_words

        print("  ✗ " + " ".join(filter(None, barred_words(asked, found.others))))


def _beside(desk: Desk, asked: Asked, numbers: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Field by field, old and new; `numbers`: masked ones of what is wanted, as they are to be shown."""
    from app.ui.approvals.heard import words
    from app.ui.values import show_value

    if asked.heard is not None:
        heard = asked.heard
        for name in heard.fields:
            old, new = (words(heard, name, side, desk.reference) for side in (heard.stands, heard.wants))
            yield name, old, numbers.get(name, new)
        return
    sides = (asked.old or {}, asked.new or {})
    for name in _ACCOUNT:
        if any(side.get(name) is not None for side in sides):
            old, new = (show_value("account", name, side.get(name), desk.reference) for side in sides)
            yield name, old, numbers.get(name, new)


def _seen(desk: Desk, asked: Asked, name: str) -> str:
    """What whoever surveyed saw, where something else stands now."""
    if asked.heard is None or name not in asked.heard.moved:
        return ""
    from app.ui.approvals.heard import seen_words

    return f" ({seen_words(asked.heard, name, desk.reference)})"


def _whole_numbers(desk: Desk, asked: Asked) -> dict[str, str]:
    """Whoever signs for a masked number reads it whole; that she did is noted."""
    from app.actions.people import reveal
    from app.actions.surveying.reading import reveal_heard
    from app.store.queue import accounts_of
    from app.ui.approvals.heard import numbers

    if asked.heard is not None:
        return {name: reveal_heard(desk, asked.record, name) for name in numbers(asked.heard)}
    with desk.vault.read() as connection:
        account = accounts_of(connection, [asked.record]).get(asked.record)
    return {"number": reveal(desk, "account", account, "number")} if account else {}


def _cautions(asked: Asked) -> list[str]:
    return [_(f"caution.{each.code}").format(**each.facts) for each in asked.cautions]


def _line(desk: Desk, asked: Asked, numbers: Mapping[str, str] | None = None) -> dict[str, object]:
    by = {"by": asked.by.author, "at": asked.by.at.isoformat(timespec="seconds")} if asked.by else {}
    cautions = [{"code": it.code, "grave": it.is_grave, "facts": dict(it.facts)} for it in asked.cautions]
    return {
        "proposal": asked.record,
        "subject": _subject(asked),
        "person": asked.her.record,
        "name": asked.her.name,
        **by,
        "why": asked.why,
        "fields": [list(line) for line in _beside(desk, asked, numbers or {})],
        "pairs": [list(pair) for pair in asked.pairs],
        "cautions": cautions,
        **_survey(asked),
        "barred": asked.barred,
        "digest": asked.digest,
    }


def _survey(asked: Asked) -> dict[str, object]:
    """What it came from, and of which record; nothing for what no survey proposed."""
    heard = asked.heard
    if heard is None:
        return {}
    return {
        "submission": heard.submission,
        "form": heard.title,
        "record": [heard.kind, heard.record],
        "new": heard.is_new,
        "moved": heard.moved,
    }
