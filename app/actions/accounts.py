"""Enrolling where a person wants to be paid. Nothing here puts an account in force.

An enrolled account is a proposal that waits for a second officer (Directive 21/CT-TTg,
25/11/2022: payment through accounts; design/security.md, The second pair of eyes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.actions.desk import Desk, save
from app.actions.people import tidy
from app.domain.accounts import bank_name, compare_holder
from app.domain.changes import Edit, canonical
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.records import Value
from app.domain.text import clean
from app.store import queries
from app.store.opened import Opened, open_record


@dataclass(frozen=True)
class Payee:
    """Who receives for a person: herself, or another by a paper. Dates ISO."""

    kind: str = "self"  # self | guardian | authorised | household_head
    name: str | None = None
    personal_id: str | None = None
    phone: str | None = None
    relation: str | None = None
    paper: str | None = None
    paper_date: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Enrolment:
    """One account as enrolled at the table. `scanned` is the VietQR text, kept as evidence."""

    person: str
    kind: str
    provider: str
    number: str
    holder: str
    evidence: str  # vietqr | typed | picture | workbook
    wording: str  # the consent's words as read to her, the law named in them
    sign: str  # signature | fingerprint
    payee: Payee = field(default_factory=Payee)
    scanned: str = ""
    mismatch_reason: str | None = None
    shared_reason: str | None = None
    vneid_wording: str = ""


@dataclass(frozen=True)
class Enrolled:
    """What was saved: ids of the account, of the proposal that waits, of her consent, and of the set."""

    account: str
    proposal: str
    consent: str
    set_id: str


def enrol(desk: Desk, enrolment: Enrolment) -> Enrolled:
    """Save account, consent and proposal in one set.

    Refusals: account.no_person, account.provider, account.number, account.holder, account.mismatch (the
    holder's name is another's and no reason was given), account.shared (unrelated people are paid there
    and no reason was given),
    account.payee (a payee other than herself without name, relation or paper), account.no_consent,
    account.already_proposed.
    """
    with desk.vault.read() as connection:
        person = open_record(connection, "person", enrolment.person)
        household = person.values.get("household") if person else None
    with desk.vault.whole() as connection:  # how many strangers are paid there too, whoever they are
        sharing = queries.people_paid_at(connection, enrolment.provider, enrolment.number)
    if person is None:
        raise Refusal("account.no_person")
    _check(desk, enrolment, str(person.values.get("name") or ""))
    if any(other.person == enrolment.person and other.open for other in sharing):
        raise Refusal("account.already_proposed", field="number")
    strangers = [
        o for o in sharing if o.person != enrolment.person and (not household or o.household != household)
    ]
    if strangers and not enrolment.shared_reason:
        raise Refusal("account.shared", field="shared_reason", people=len(strangers))
    edits, account, proposal = proposal_edits(desk, enrolment, person)
    consents = _consents(desk, enrolment)
    edits += [*consents, *person.edits({"wish": "account", "wish_reason": None})]
    return Enrolled(account, proposal, consents[0].record, save(desk, "enrolment", edits).id)


def _check(desk: Desk, enrolment: Enrolment, name: str) -> None:
    provider = desk.reference.providers.by_code.get(enrolment.provider)
    if provider is None or provider.kind != enrolment.kind:
        raise Refusal("account.provider", field="provider")
    if not enrolment.number:
        raise Refusal("account.number", field="number")
    if not bank_name(enrolment.holder):
        raise Refusal("account.holder", field="holder")
    if not enrolment.wording or not enrolment.sign:
        raise Refusal("account.no_consent", field="consent")
    payee = enrolment.payee
    if payee.kind != "self" and not (payee.name and payee.relation):
        raise Refusal("account.payee", field="payee_name")
    if payee.kind in ("guardian", "authorised") and not payee.paper:
        raise Refusal("account.payee_paper", field="payee_paper")
    if payee.until and PartialDate.parse(payee.until).latest() < desk.clock.today():
        raise Refusal("account.payee_expired", field="payee_until")
    owner = name if payee.kind == "self" else payee.name or ""
    if compare_holder(owner, enrolment.holder) == "different" and not enrolment.mismatch_reason:
        raise Refusal("account.mismatch", field="mismatch_reason")


def proposal_edits(desk: Desk, enrolment: Enrolment, person: Opened) -> tuple[list[Edit], str, str]:
    """The edits that write an account once and propose it; with the ids of both."""
    account, proposal = desk.ids.new(), desk.ids.new()
    payee = enrolment.payee
    written: dict[str, Value] = {
        "person": enrolment.person,
        "kind": enrolment.kind,
        "provider": enrolment.provider,
        "number": enrolment.number,
        "holder": enrolment.holder or None,
        "payee": payee.kind,
        "payee_name": payee.name,
        "payee_id": payee.personal_id,
        "payee_phone": payee.phone,
        "payee_relation": payee.relation,
        "payee_paper": payee.paper,
        "payee_paper_date": payee.paper_date,
        "payee_until": payee.until,
        "mismatch_reason": enrolment.mismatch_reason,
        "shared_reason": enrolment.shared_reason,
        "evidence": enrolment.evidence,
    }
    seen = person.on.get("receiving_account")
    wants = [["person", enrolment.person, "receiving_account", account, seen]]
    proposed: dict[str, Value] = {
        "person": enrolment.person,
        "subject": "account",
        "wants": canonical(wants).decode(),
        "evidence": canonical({"how": enrolment.evidence, "scanned": enrolment.scanned}).decode(),
        "proposer": desk.officer.id,
        "state": "open",
    }
    return [*_fresh("account", account, written), *_fresh("proposal", proposal, proposed)], account, proposal


def _consents(desk: Desk, enrolment: Enrolment) -> list[Edit]:
    """Given as said, with who and when (Law 91/2025/QH15; Decree 356/2025)."""
    edits: list[Edit] = []
    purposes = (("account_payment", enrolment.wording), ("vneid_link", enrolment.vneid_wording))
    for purpose, wording in purposes:
        if wording:
            given: dict[str, Value] = {
                "person": enrolment.person,
                "purpose": purpose,
                "wording": wording,
                "given_by": enrolment.payee.kind,
                "sign": enrolment.sign,
                "given": desk.clock.today().isoformat(),
            }
            edits += _fresh("consent", desk.ids.new(), given)
    return edits


def _fresh(kind: str, record: str, values: Mapping[str, Value]) -> list[Edit]:
    filled = {name: value for name, value in tidy(kind, values).items() if value is not None}
    return Opened(kind, record).edits(filled)


def prefer_cash(desk: Desk, person: str, why: str) -> str:
    """She wants to be paid in cash, and why; the set's id. Refusal("account.why_cash") without a reason.

    Cash is the exception that a commune must account for (Directive 21/CT-TTg).
    """
    if not clean(why):
        raise Refusal("account.why_cash", field="why_cash")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    if opened is None:
        raise Refusal("account.no_person")
    edits = opened.edits(tidy("person", {"wish": "cash", "wish_reason": why}))
    return save(desk, "cash", edits or [_restate(opened)]).id


def _restate(opened: Opened) -> Edit:
    return Edit("person", opened.record, "wish", "cash", opened.values.get("wish"), opened.on.get("wish"))
