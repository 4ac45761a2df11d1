"""What a row says, as the fields of the register: person, right, account, household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.actions.accounts import Enrolment, Payee
from app.domain.fitting import TEXT_LENGTH_MAX
from app.domain.records import Value
from app.domain.text import clean, fold
from app.sheets.proposed import Layout, Proposed
from app.sheets.vocabulary import Meaning
from app.words import gettext as _

KEPT_COLUMNS = (Meaning.OTHER, Meaning.UNKNOWN, Meaning.BRANCH)
"""Columns without a field whose cells go into the note; ages only where no birth is told."""


@dataclass(frozen=True)
class Settled:
    """A row with the officer's answers laid over it. `notes`: what she left out of the fields."""

    person: Proposed
    has_died: bool = False
    notes: tuple[str, ...] = ()
    kept_headings: frozenset[str] = field(default_factory=frozenset)


def headings_kept(layouts: Iterable[Layout]) -> Mapping[str, frozenset[str]]:
    """Layout fingerprint → headings of the columns that the note keeps."""
    return {
        layout.fingerprint: frozenset(
            column.heading for column in layout.columns if column.meaning in KEPT_COLUMNS
        )
        for layout in layouts
    }


def person_values(settled: Settled) -> dict[str, Value]:
    """The person's fields that the row fills."""
    person, details = settled.person, settled.person.details
    typed = person.name_typed if clean(person.name_typed) != person.name else None
    return filled(
        {
            "name": person.name,
            "name_typed": typed,
            "sex": person.sex,
            "birth": person.birth.iso() if person.birth else None,
            "personal_id": person.personal_id,
            "old_id": person.old_id,
            "id_issued": details.id_issued.iso() if details.id_issued else None,
            "id_issuer": details.id_issuer,
            "ethnicity": details.ethnicity,
            "phone": person.phone,
            "hamlet": person.hamlet,
            "address": person.address,
            "current_address": details.current_address,
            "relation": details.relation,
            "disability": details.disability,
            "wish": details.wish,
            "note": note(settled),
            "state": "died" if settled.has_died else "active",
        }
    )


def note(settled: Settled) -> str | None:
    """What the row says that no field holds, each thing once."""
    person, details = settled.person, settled.person.details
    parts = [person.remark, details.note, *settled.notes]
    if person.group is None:
        parts.append(person.group_typed)
    if details.other_name:
        parts.append(f"{_('sheets.meaning.other_name')}: {details.other_name}")
    if person.payee and person.account is None:
        payee = " ".join(filter(None, (person.payee.name, person.payee.relation)))
        parts.append(f"{_('sheets.meaning.payee_name')}: {payee}" if payee else None)
    if details.poverty and not (details.household_code or details.household_head):
        parts.append(_(f"choice.household.poverty.{details.poverty}"))
    kept = [(heading, text) for heading, text in details.extra if heading in settled.kept_headings]
    parts += [f"{heading}: {text}" if heading else text for heading, text in kept]
    said = dict.fromkeys(clean(part).strip(" ;") for part in parts if part and clean(part))
    return "; ".join(said)[:TEXT_LENGTH_MAX] or None


def right_values(settled: Settled) -> dict[str, Value]:
    """The monthly right; nothing unless a group or an amount is told. It ends with her death."""
    person, details = settled.person, settled.person.details
    if not person.group and person.amount is None:
        return {}
    return filled(
        {
            "group": person.group,
            "coefficient": person.coefficient,
            "amount": person.amount,
            "since": details.since.iso() if details.since else None,
            "until": details.until.iso() if details.until else None,
            "decision": details.decision,
            "decided": details.decided.iso() if details.decided else None,
            "state": "ended" if settled.has_died else None,
        }
    )


def enrolment(settled: Settled, record: str, mismatch: str | None = None) -> Enrolment | None:
    """The account to propose, with the workbook as its evidence; None without one whose provider is known."""
    account = settled.person.account
    if account is None or account.provider is None or settled.has_died:
        return None
    payee, said = Payee(), settled.person.payee
    if said is not None and said.name:
        payee = Payee("authorised", said.name, said.personal_id, said.phone, said.relation)
    return Enrolment(
        person=record,
        kind=account.kind,
        provider=account.provider,
        number=account.number,
        holder=account.holder or "",
        evidence="workbook",
        wording="",
        sign="",
        payee=payee,
        mismatch_reason=mismatch,
    )


@dataclass(frozen=True)
class HouseSaid:
    """The household a row names."""

    code: str
    head: str
    hamlet: str
    poverty: str | None
    is_head: bool

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """By what the same household is known again: its code, else its head and hamlet."""
        return ((self.code,),) if self.code else ((fold(self.head), fold(self.hamlet)),)

    @property
    def values(self) -> dict[str, Value]:
        """The household's fields."""
        said = {"code": self.code or None, "head_name": self.head or None, "hamlet": self.hamlet or None}
        return filled({**said, "poverty": self.poverty, "state": "active"})


def house_said(person: Proposed) -> HouseSaid | None:
    """The household the row names by code or head; None when it names none."""
    details = person.details
    code, head = details.household_code or "", details.household_head or ""
    if not code and not head:
        return None
    is_head = fold(details.relation or "") in ("chu ho", "chu") or fold(head) == fold(person.name)
    return HouseSaid(code, head, person.hamlet or "", details.poverty, is_head)


def filled(values: Mapping[str, Value]) -> dict[str, Value]:
    """Without what is not told."""
    return {name: value for name, value in values.items() if value is not None}
