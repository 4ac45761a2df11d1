"""What a scan at the table means: who she is, which account, and what of the card the register lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.actions.desk import Desk
from app.actions.people import add_person, change_record
from app.domain.accounts import Provider, VietQr, parse_vietqr, vietqr_provider
from app.domain.errors import Refusal
from app.domain.identity import CardQr, parse_card_qr
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.scans import ScanKind, kind_of_scan, repair_input_method
from app.domain.text import canonical
from app.store import dossier, known, queries, search
from app.store.opened import Opened, open_record


@dataclass(frozen=True)
class CardFound:
    """Whom a card names. `by`: number, old_number, or name (then the officer confirms); none when nobody."""

    card: CardQr
    record: str = ""
    by: str = "none"
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountScanned:
    """What a VietQR proves: bank and number, never the holder."""

    provider: Provider
    number: str
    text: str


def kind(text: str) -> ScanKind:
    """What was scanned, garbled or not."""
    return kind_of_scan(text)


def find_by_card(_progress: Progress, desk: Desk, text: str) -> CardFound:
    """Whom an ID card's QR means. Refusals of `repair_input_method` and `parse_card_qr`."""
    card = parse_card_qr(repair_input_method(text))
    with desk.vault.read() as connection:
        register = known.everybody(connection)
    for by, number in (("number", card.personal_id), ("old_number", card.old_id)):
        if number and number in register.by_number:
            return CardFound(card, register.by_number[number], by)
    alike = [
        person.id
        for person in register.by_name.get(canonical(card.name), ())
        if person.birth[:4] == card.birth.iso()[:4] and not person.personal_id
    ]
    return CardFound(card, alike[0], "name", tuple(alike[1:])) if alike else CardFound(card)


def find_by_words(_progress: Progress, desk: Desk, text: str) -> list[queries.PersonRow]:
    """A few people whom typed words describe."""
    with desk.vault.read() as connection:
        found = search.search(connection, text, limit=8)
        rows = queries.person_rows(connection, [*found.nos, *found.approximate][:8])
    return [row for row in rows if row is not None]


def card_values(card: CardQr) -> dict[str, Value]:
    """What a card says, as the register's fields."""
    values: dict[str, Value] = {
        "personal_id": card.personal_id,
        "old_id": card.old_id,
        "name": card.name,
        "birth": card.birth.iso(),
        "sex": card.sex,
        "address": card.address or None,
        "id_issued": card.issued.iso() if card.issued else None,
    }
    return {name: value for name, value in values.items() if value is not None}


def missing(card: CardQr, values: Mapping[str, Value]) -> dict[str, Value]:
    """What the card says and the register does not, or says less precisely: offered, never taken silently."""
    said = card_values(card)
    finer = {"birth"} if str(said["birth"]).startswith(str(values.get("birth") or "?")) else set()
    return {
        name: value
        for name, value in said.items()
        if value != values.get(name) and (values.get(name) is None or name in finer)
    }


def take_over(_progress: Progress, desk: Desk, record: str, values: Mapping[str, Value]) -> bool:
    """Write what the card says into her record, as the officer agreed."""
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", record)
    if opened is None:
        raise Refusal("record.gone")
    return change_record(desk, opened, values, "card")


def create(_progress: Progress, desk: Desk, card: CardQr, hamlet: str | None) -> str:
    """A person the register does not know, by her card; returns her id."""
    return add_person(desk, {**card_values(card), "hamlet": hamlet}, "card")


def read_account(desk: Desk, text: str) -> AccountScanned:
    """Bank and number out of a VietQR. Refusals of `parse_vietqr`, Refusal("vietqr.unknown_bank")."""
    repaired = repair_input_method(text)
    code: VietQr = parse_vietqr(repaired)
    return AccountScanned(vietqr_provider(code, desk.reference.providers), code.number, repaired)


def open_person(_progress: Progress, desk: Desk, record: str) -> tuple[Opened, queries.PersonRow]:
    """Her record and her row, for the screen."""
    with desk.vault.read() as connection:
        found = dossier.person(connection, record)
    if found is None:
        raise Refusal("record.gone")
    return found.opened, found.row
