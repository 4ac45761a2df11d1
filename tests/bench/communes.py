"""A commune at a centre, its journal written without laptops: one signed set a person, as an import makes it.

A hundred thousand people pushed by a laptop would take half an hour; what stands in the book
afterwards is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import insert, update

from app.domain.changes import (
    ChangeSet,
    Edit,
    Entry,
    Outcome,
    SignedSet,
    Verdict,
    canonical,
    lone,
    pack_verdicts,
)
from app.domain.ids import RecordIds
from app.domain.records import Value
from app.domain.standing import DIGEST_MODULUS, Cell, record_digest
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, sign
from app.store.central_tables import commune, journal, standing
from app.store.centre import Centre
from app.store.place import whole_digest
from tests.bench.beneficiaries import Beneficiary, beneficiaries

_START_MS = 1_767_225_600_000
_PAGE = 1_000


@dataclass
class _Writer:
    """The book as it grows."""

    code: str
    device: DeviceKey
    officer: OfficerKey
    seq: int = 0
    head: bytes = bytes(32)
    previous: str = ""
    sums: dict[str, int] = field(default_factory=dict)
    lines: list[dict[str, object]] = field(default_factory=list)
    stands: list[dict[str, object]] = field(default_factory=list)

    def write(self, now_ms: int, records: Mapping[tuple[str, str], Mapping[str, Value]]) -> None:
        """One set that makes these records."""
        edits = [Edit(*key, name, value) for key, values in records.items() for name, value in values.items()]
        clock = now_ms << 16
        made = ChangeSet(
            self.code,
            self.officer.id,
            self.device.id,
            self.seq + 1,
            self.previous,
            clock,
            "import",
            tuple(lone(edits)),
        )
        signed = SignedSet(made.body, sign(self.officer.key, CHANGE_SET, made.body))
        self.seq += 1
        verdicts = (Verdict(Outcome.APPLIED, clock),) * len(made.atoms)
        self.head = Entry(self.seq, signed, verdicts).head_after(self.head)
        self.previous = signed.id
        for (kind, record), values in records.items():
            cells = {name: Cell(value, (self.seq,), clock) for name, value in values.items()}
            self.sums[kind] = (self.sums.get(kind, 0) + record_digest((kind, record), cells)) % DIGEST_MODULUS
            packed = {name: [value, [self.seq], clock] for name, value in values.items()}
            self.stands.append({"commune": self.code, "kind": kind, "record": record, "cells": packed})
        self.lines.append(
            {
                "commune": self.code,
                "seq": self.seq,
                "id": bytes.fromhex(signed.id),
                "device": self.device.id,
                "number": self.seq,
                "body": signed.body,
                "signature": signed.signature,
                "verdicts": pack_verdicts(verdicts),
                "head": self.head,
                "digest": whole_digest(self.sums),
                "received": clock,
            }
        )

    def put(self, centre: Centre) -> None:
        """What was written since, into the book."""
        if not self.lines:
            return
        sums = {kind: f"{total:x}" for kind, total in self.sums.items()}
        moved = update(commune).where(commune.c.commune == self.code)
        with centre.write() as connection:
            connection.execute(insert(journal), self.lines)
            connection.execute(insert(standing), self.stands)
            connection.execute(moved.values(seq=self.seq, head=self.head, digests=sums))
        self.lines, self.stands = [], []


def write_people(centre: Centre, code: str, device: DeviceKey, officer: OfficerKey, people: int) -> None:
    """So many people with households, entitlements, accounts and proposals."""
    writer = _Writer(code, device, officer)
    moments = count(_START_MS, 977)
    for now_ms, records in zip(moments, records_of(beneficiaries(people)), strict=False):
        writer.write(now_ms, records)
        if len(writer.lines) == _PAGE:
            writer.put(centre)
    writer.put(centre)


def records_of(people: Iterable[Beneficiary]) -> Iterator[dict[tuple[str, str], dict[str, Value]]]:
    """What the register holds of each: person, household with its first member, right, account, proposal."""
    moments = count(_START_MS, 977)
    now = [0]
    ids = RecordIds("m01", lambda: now[0])
    households: dict[str, str] = {}
    for who in people:
        now[0] = next(moments)
        person, found = ids.new(), dict[tuple[str, str], dict[str, Value]]()
        code = who["household_code"]
        if code not in households:
            households.clear()  # members of one household stand one after the other
            households[code] = ids.new()
            found["household", households[code]] = _household(who)
        found["person", person] = {**_person(who), "household": households[code]}
        found["entitlement", ids.new()] = {**_entitlement(who), "person": person}
        if who["bank_account"]:
            account = ids.new()
            found["account", account] = {**_account(who), "person": person}
            found["proposal", ids.new()] = {**_proposal(person, account), "proposer": "a" * 32}
        yield {key: {n: v for n, v in values.items() if v not in (None, "")} for key, values in found.items()}


def _person(who: Beneficiary) -> dict[str, Value]:
    return {
        "name": who["full_name"],
        "sex": "male" if who["gender"] == "Nam" else "female",
        "birth": who["dob"],
        "personal_id": who["cccd"],
        "ethnicity": who["ethnicity"],
        "phone": who["phone"],
        "hamlet": who["hamlet"],
        "address": who["address"],
        "relation": who["relation"],
        "guardian": who["proxy_name"],
        "wish": "cash" if who["pay_channel"] == "Tiền mặt" else "account",
        "note": who["note"],
        "state": "ended" if who["status"] == "Thôi hưởng" else "active",
    }


def _household(who: Beneficiary) -> dict[str, Value]:
    return {
        "code": who["household_code"],
        "head_name": who["full_name"],
        "hamlet": who["hamlet"],
        "address": who["address"],
        "state": "active",
    }


def _entitlement(who: Beneficiary) -> dict[str, Value]:
    states = {"Tạm dừng": "suspended", "Thôi hưởng": "ended"}
    return {
        "group": who["category"],
        "coefficient": who["coefficient"],
        "amount": who["monthly_amount"],
        "since": who["start_month"],
        "until": who["end_month"],
        "decision": who["decision_no"],
        "decided": who["decision_date"],
        "state": states.get(str(who["status"]), "active"),
        "note": who["category_name"] if who["status"] == "Chờ xác minh" else None,
    }


def _account(who: Beneficiary) -> dict[str, Value]:
    return {
        "kind": "bank",
        "provider": who["bank_code"],
        "number": who["bank_account"],
        "holder": who["account_name"],
        "payee": "self",
        "evidence": "workbook",
    }


def _proposal(person: str, account: str) -> dict[str, Value]:
    wants = [["person", person, "receiving_account", account, None]]
    return {
        "person": person,
        "subject": "account",
        "wants": canonical(wants).decode(),
        "evidence": canonical({"how": "workbook", "scanned": ""}).decode(),
        "state": "open",
    }
