"""In whose name an account is, said after a workbook brought it without: from imported to approvable.

What is scanned or imported proves bank and number, never the holder (Directive 21/CT-TTg), so the name is
asked for, and never taken to be the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.actions.accounts import Enrolment, Payee, proposal_edits
from app.actions.approvals import turned_down
from app.actions.desk import Desk, rights_of, save
from app.domain.accounts import bank_name, compare_holder
from app.domain.changes import Edit
from app.domain.errors import Refusal
from app.domain.proposals import WITHDRAWN
from app.domain.records import Value
from app.domain.text import clean
from app.store.dossier import open_proposals
from app.store.opened import Opened, open_record
from app.words import gettext as _

_PAYEE = ("name", "id", "phone", "relation", "paper", "paper_date", "until")


@dataclass(frozen=True)
class Completion:
    """The name that `account`, a record without one, is kept under at the bank."""

    account: str
    holder: str
    mismatch_reason: str = ""


def complete(desk: Desk, completion: Completion) -> str:
    """Propose the account anew, whole; the set's id. Somebody else approves it, like any other.

    An account is written once: the one without a name stays as it is, and its proposal ends with this save.
    Refusal("account.gone") where there is none, or one that says a name; ("account.holder"); where it is
    not the payee's, ("account.mismatch") without a reason.
    """
    with desk.vault.read() as connection:
        account = open_record(connection, "account", completion.account)
        owner = str(account.values.get("person") or "") if account else ""
        person = open_record(connection, "person", owner)
        ending = open_proposals(connection, owner, completion.account)
    if account is None or person is None or account.values.get("holder"):
        raise Refusal("account.gone")
    enrolment = _whole(account.values, str(person.values.get("name") or ""), completion)
    edits, _account, _proposal = proposal_edits(desk, enrolment, person)
    return save(desk, "holder", [*edits, *_ended(desk, ending)]).id


def _whole(values: Mapping[str, Value], name: str, completion: Completion) -> Enrolment:
    if not bank_name(completion.holder):
        raise Refusal("account.holder", field="holder")
    payee = Payee(_said(values, "payee") or "self", *(_said(values, f"payee_{one}") for one in _PAYEE))
    expected = name if payee.kind == "self" else payee.name or ""
    why = clean(completion.mismatch_reason) or None
    differs = compare_holder(expected, completion.holder) == "different"
    if differs and why is None:
        raise Refusal("account.mismatch", field="mismatch_reason")
    kind, provider, number = (str(values.get(one) or "") for one in ("kind", "provider", "number"))
    return Enrolment(
        str(values["person"]),
        kind,
        provider,
        number,
        completion.holder,
        _said(values, "evidence") or "typed",
        wording="",
        sign="",
        payee=payee,
        mismatch_reason=why if differs else None,
        shared_reason=_said(values, "shared_reason"),
    )


def _ended(desk: Desk, proposals: Iterable[Opened]) -> list[Edit]:
    """What is proposed anew ends, hers taken back or another's refused; what she may not answer waits."""
    refuses = any("account" in right.refuses for right in rights_of(desk))
    edits: list[Edit] = []
    for each in proposals:
        state = turned_down(desk, each)
        if state == WITHDRAWN or refuses:
            edits += each.edits({"state": state, "answer": _("reason.holder")})
    return edits


def _said(values: Mapping[str, Value], name: str) -> str | None:
    found = values.get(name)
    return str(found) if found is not None else None
