"""The edits that write the invented people into an empty register, set by set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.invented.people import InventedPerson, Values
from app.domain.changes import Edit, canonical
from app.domain.ids import RecordIds
from app.domain.records import Value
from app.store.opened import Opened

PEOPLE_OF_A_SET = 200


@dataclass(frozen=True)
class Consented:
    """Who proposes the accounts of the training commune, what was read out, and when."""

    proposer: str
    wording: str
    given: date


def atoms(ids: RecordIds, invented: Sequence[InventedPerson], consented: Consented) -> Iterator[list[Edit]]:
    """The edits that write these people, some 200 people a set; no household is torn apart.

    Accounts come as open proposals: what puts one in force is a second officer, here as anywhere.
    """
    edits: list[Edit] = []
    held, household, record = 0, None, ""
    for person in invented:
        if person.household is not household:
            if held >= PEOPLE_OF_A_SET:
                yield edits
                edits, held = [], 0
            household, record = person.household, ids.new()
            edits += Opened("household", record).edits(_filled(household.values))
        held += 1
        edits += _person_edits(ids, person, record, consented)
    if edits:
        yield edits


def _person_edits(ids: RecordIds, person: InventedPerson, household: str, consented: Consented) -> list[Edit]:
    record = ids.new()
    edits = Opened("person", record).edits({**_filled(person.values), "household": household})
    if person.is_head:
        edits += Opened("household", household).edits({"head": record})
    if person.entitlement:
        edits += Opened("entitlement", ids.new()).edits({"person": record, **person.entitlement})
    if person.account:
        edits += _account_edits(ids, person, record, consented)
    return edits


def _account_edits(ids: RecordIds, person: InventedPerson, record: str, consented: Consented) -> list[Edit]:
    """As `actions.accounts` enrols one for a person who has none yet."""
    assert person.account is not None
    account = ids.new()
    proposal: Values = {
        "person": record,
        "subject": "account",
        "wants": canonical([["person", record, "receiving_account", account, None]]).decode(),
        "evidence": canonical({"how": person.account["evidence"], "scanned": person.scanned}).decode(),
        "proposer": consented.proposer,
        "state": "open",
    }
    consent: Values = {
        "person": record,
        "purpose": "account_payment",
        "wording": consented.wording,
        "given_by": person.account["payee"],
        "sign": person.sign,
        "given": consented.given.isoformat(),
    }
    written = {"person": record, **_filled(person.account)}
    edits = Opened("account", account).edits(written) + Opened("proposal", ids.new()).edits(proposal)
    return edits + Opened("consent", ids.new()).edits(consent)


def _filled(values: Values) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
