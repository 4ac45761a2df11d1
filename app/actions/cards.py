"""Whom an identity card means, what it says that the register does not, and entering somebody new by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions.desk import Desk
from app.actions.people import add_person, change_record
from app.domain.errors import Refusal
from app.domain.identity import CardQr, parse_card_qr, read_personal_id
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.scans import kind_of_scan, repair_input_method
from app.domain.text import canonical
from app.store import enrolments, likeness, queries, search
from app.store.enrolments import AtTable
from app.store.likeness import Facts
from app.store.opened import Opened
from app.store.queries import PersonRow

SHOWN_MAX = 6
_ASKED = ("personal_id", "name", "birth", "sex")
_LETTERS_LOST = "letters_lost"


@dataclass(frozen=True)
class Met:
    """Whom a scan means. `by`: number; old_number, name or likeness (then somebody confirms); or nobody.

    One person by number is she; several are a duplicate, and somebody says which. `old_number`:
    her old number stands at somebody whose new number is another.
    """

    by: str
    people: tuple[PersonRow, ...]
    card: CardQr | None = None

    @property
    def is_certain(self) -> bool:
        """Whether nobody needs to be asked who she is."""
        return self.by == "number" and len(self.people) == 1


@dataclass(frozen=True)
class Difference:
    """One field where the card and the register disagree; `register` None where it says nothing."""

    field: str
    register: Value
    card: Value


def meet(_progress: Progress, desk: Desk, scanned: str) -> Met:
    """Whom a card's code or a typed number means; by number, by old number, then by name and birth.

    Refusals of `parse_card_qr`, also for a code that was cut short; Refusal("drive.account_first")
    for a VietQR, ("drive.unknown_scan").
    """
    match kind_of_scan(scanned):
        case "card":
            card = parse_card_qr(scanned)
            return _meet_card(desk, card)
        case "number":
            reading = read_personal_id(repair_input_method(scanned))
            number = reading.personal_id or reading.old_id
            if number:
                with desk.vault.read() as connection:
                    found = tuple(enrolments.by_number(connection, number))
                return Met("number" if found else "nobody", found)
        case "vietqr":
            raise Refusal("drive.account_first")
        case "other" if "|" in scanned:  # a card whose end the scanner lost: this refuses with that reason
            parse_card_qr(scanned)
    raise Refusal("drive.unknown_scan")


def _meet_card(desk: Desk, card: CardQr) -> Met:
    with desk.vault.read() as connection:
        for number in filter(None, (card.personal_id, card.old_id)):
            found = enrolments.by_number(connection, number)
            if found:
                is_other = all(row.personal_id not in (None, card.personal_id) for row in found)
                return Met("old_number" if is_other else "number", tuple(found), card)
        alike = enrolments.by_name_and_birth(connection, card.name, card.birth.year)
        # Somebody with another twelve-digit number is somebody else, however alike.
        alike = [row for row in alike if row.personal_id is None]
        if not alike:  # a slip of a name, a day or a digit: better asked than entered a second time
            facts = Facts(card.name, card.birth, card.sex, card.personal_id, card.old_id)
            nos = [each.no for each in likeness.like(connection, facts)[:SHOWN_MAX]]
            likely = tuple(row for row in queries.person_rows(connection, nos) if row is not None)
            return Met("likeness" if likely else "nobody", likely, card)
    return Met("name", tuple(alike), card)


def seek(_progress: Progress, desk: Desk, words: str) -> tuple[PersonRow, ...]:
    """The first few people whom typed words describe."""
    with desk.vault.read() as connection:
        found = search.search(connection, words, limit=SHOWN_MAX)
        nos: Sequence[int] = [*found.nos, *found.approximate][:SHOWN_MAX]
        return tuple(row for row in queries.person_rows(connection, nos) if row is not None)


def seat(_progress: Progress, desk: Desk, record: str) -> AtTable:
    """The person who takes her place at the table.

    Refusal("record.gone"); Refusal("drive.not_active") for one who died, moved or is no longer paid.
    """
    with desk.vault.read() as connection:
        found = enrolments.at_table(connection, record)
    if found is None:
        raise Refusal("record.gone")
    if found.row.state != "active":
        raise Refusal("drive.not_active")
    return found


def card_values(card: CardQr) -> dict[str, Value]:
    """What a card says, as fields of a person; a name whose letters the scanner lost is left out."""
    said: Mapping[str, Value] = {
        "personal_id": card.personal_id,
        "old_id": card.old_id,
        "name": None if _LETTERS_LOST in card.mended else card.name,
        "birth": card.birth.iso(),
        "sex": card.sex,
        "address": None if _LETTERS_LOST in card.mended else card.address,
        "id_issued": card.issued.iso() if card.issued else None,
    }
    return {name: value for name, value in said.items() if value}


def differences(card: CardQr, register: Mapping[str, Value]) -> tuple[Difference, ...]:
    """Where card and register disagree on who she is; what the register merely lacks goes with it.

    Nothing when they agree on number, name, birth and sex: the rest is not worth a question to a
    queue, and `lacking` offers it. A year on the card takes nothing from a day in the register.
    """
    said = card_values(card)
    found = [Difference(name, register.get(name), said[name]) for name in _ASKED if name in said]
    asked = tuple(each for each in found if _differs(each))
    return (*asked, *lacking(card, register)) if asked else ()


def lacking(card: CardQr, register: Mapping[str, Value]) -> tuple[Difference, ...]:
    """What the card says beside who she is, and the register does not know: old number, address, issue."""
    said = card_values(card)
    fields = [name for name in said if name not in _ASKED and not register.get(name)]
    return tuple(Difference(name, None, said[name]) for name in fields)


def _differs(each: Difference) -> bool:
    if each.field == "name" and each.register:
        return canonical(str(each.register)) != canonical(str(each.card))
    if each.field == "birth" and each.register:
        return not str(each.register).startswith(str(each.card))
    return each.register != each.card


def take_over(_progress: Progress, desk: Desk, opened: Opened, values: Mapping[str, Value]) -> AtTable:
    """Write what the card says, as the officer agreed, and seat her again as she now stands."""
    change_record(desk, opened, values, "card")
    return seat(_progress, desk, opened.record)


def welcome(_progress: Progress, desk: Desk, card: CardQr, values: Mapping[str, Value]) -> AtTable:
    """Enter somebody the register does not know by her card; `values` say what the card does not.

    Who came into the register meanwhile (a second press of Enter) is seated as she stands there.
    Refusal("person.name") when neither says her name.
    """
    with desk.vault.read() as connection:
        known = enrolments.by_number(connection, card.personal_id)
    if known:
        return seat(_progress, desk, known[0].id)
    return seat(_progress, desk, add_person(desk, {**card_values(card), **values}, "card"))
