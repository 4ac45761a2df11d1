"""Chance: names, births, numbers and phones as real lists have them, out of seeded dice.

The tables stand in `resources/training/commune.json`; here is only chance, seeded, and the
memory of which numbers are given away. What is odd in real lists is odd here as often.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Literal

import msgspec

from app.domain.dates import PartialDate
from app.domain.records import Value
from app.resources import resource

NEW_CARD_BEGAN = date(2024, 7, 1)  # Law on Identification 26/2023/QH15
CARD_FROM_AGE = 14
ADULT = 16


class Hamlet(msgspec.Struct, frozen=True):
    """A hamlet: its share of the commune, how many of a hundred are enrolled, who lives there."""

    name: str
    weight: int
    enrolled: int
    peoples: dict[str, int]


class GivenNames(msgspec.Struct, frozen=True):
    """Middle and given names, blank between; one that stands twice is twice as frequent."""

    middles: str
    names: str


class People(msgspec.Struct, frozen=True):
    """How a people names its own, and where their births are registered (first three digits)."""

    places: dict[str, int]
    families: str
    male: GivenNames
    female: GivenNames


class Group(msgspec.Struct, frozen=True):
    """A group of beneficiaries: who is in it, ages in years, đồng a month; code empty for none."""

    code: str
    who: Literal["elder", "adult", "child", "parent", "soon"]
    weight: int
    ages: tuple[int, int]
    coefficient: str
    amount: int


class Provider(msgspec.Struct, frozen=True):
    """Where accounts are kept, how long their numbers are."""

    code: str
    bin: str
    kind: Literal["bank", "e_wallet", "mobile_money"]
    digits: int
    weight: int


class CastMember(msgspec.Struct, frozen=True):
    """Somebody whom the guide names."""

    hamlet: str
    people: str
    name: str
    sex: Literal["male", "female"]
    birth: str
    personal_id: str
    phone: str | None


class Facts(msgspec.Struct, frozen=True):
    """The whole of `commune.json`."""

    name: str
    province: str
    decision: str
    authorisation: str
    guardianship: str
    address: str
    hamlets: list[Hamlet]
    peoples: dict[str, People]
    relations: dict[str, str]
    phone_owners: list[str]
    carers: list[str]
    authorised: list[str]
    cash_reasons: list[str]
    no_card_reason: str
    notes: list[str]
    mismatch_reasons: list[str]
    shared_reason: str
    id_issuers: dict[str, str]
    groups: list[Group]
    providers: list[Provider]
    cast: list[CastMember]


def load_facts() -> Facts:
    """The tables of the training commune."""
    return msgspec.json.decode(resource("training/commune.json").read_bytes(), type=Facts)


class Chance:
    """Seeded dice that never give one number twice."""

    def __init__(self, seed: int, today: date, facts: Facts) -> None:
        self.dice = Random(seed)
        self.today = today
        self.facts = facts
        self._given = {member.personal_id for member in facts.cast}

    def happens(self, percent: float) -> bool:
        """True that many times in a hundred."""
        return self.dice.random() * 100 < percent

    def hamlet(self) -> Hamlet:
        """A hamlet, the large ones more often."""
        return self.dice.choices(self.facts.hamlets, [hamlet.weight for hamlet in self.facts.hamlets])[0]

    def group(self) -> Group:
        """A group, the large ones more often."""
        return self.dice.choices(self.facts.groups, [group.weight for group in self.facts.groups])[0]

    def provider(self) -> Provider:
        """A provider, the usual ones more often."""
        return self.dice.choices(self.facts.providers, [one.weight for one in self.facts.providers])[0]

    def of(self, weights: Mapping[str, int]) -> str:
        """One of the words, by weight."""
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def sex(self) -> str:
        """`male` or `female`."""
        return self.dice.choice(("male", "female"))

    def family(self, people: str) -> str:
        """A family name of that people."""
        return self.dice.choice(self.facts.peoples[people].families.split())

    def name(self, people: str, family: str, sex: str) -> str:
        """Family, middle and given name; one in thirty has no middle name, as in real lists."""
        shape = self.facts.peoples[people].male if sex == "male" else self.facts.peoples[people].female
        middle = "" if self.happens(3) else self.dice.choice(shape.middles.split())
        return " ".join(word for word in (family, middle, self.dice.choice(shape.names.split())) if word)

    def born(self, ages: Sequence[int]) -> date:
        """A birthday of somebody whose age today lies within both ages."""
        youngest, oldest = ages
        return self.today - timedelta(self.dice.randint(youngest * 366, (oldest + 1) * 365 - 1))

    def turning(self, age: int) -> date:
        """A birthday of somebody who comes to this age within five weeks."""
        day = self.today + timedelta(self.dice.randint(1, 35))
        return date(day.year - age, day.month, min(day.day, 28))

    def known(self, born: date) -> PartialDate:
        """As much of a birthday as papers know: of the old often the year alone."""
        year_alone = 46 if born.year < 1955 else 12 if born.year < 1970 else 0
        if self.happens(year_alone):
            return PartialDate(born.year)
        if born.year < 1970 and self.happens(3):
            return PartialDate(born.year, born.month)
        return PartialDate(born.year, born.month, born.day)

    def identity(self, people: str, sex: str, born: date) -> dict[str, Value]:
        """Number, old number, card: some have only nine digits, some none, a few a wrong one."""
        age = (self.today - born).days // 365
        roll = self.dice.random() * 100
        if roll < 3:
            return {}
        if roll < 8 and born.year < 1990:
            return {"old_id": self.old_id()}
        values: dict[str, Value] = {"personal_id": self._personal_id(people, sex, born)}
        if born.year < 1990 and self.happens(22):
            values["old_id"] = self.old_id()
        if age >= CARD_FROM_AGE and self.happens(80):
            earliest = max(date(2021, 3, 1), born + timedelta(CARD_FROM_AGE * 366))
            issued = earliest + timedelta(self.dice.randint(0, max((self.today - earliest).days - 30, 0)))
            values["id_issued"] = issued.isoformat()
            values["id_issuer"] = self.facts.id_issuers["card" if issued >= NEW_CARD_BEGAN else "chip"]
        return values

    def _personal_id(self, people: str, sex: str, born: date) -> str:
        """Place, century and sex, year, chance (Circular 59/2021/TT-BCA); one in 66 contradicts her."""
        roll = self.dice.random() * 100
        sign = (born.year // 100 - 19) * 2 + (sex == "female")
        sign ^= roll < 0.8
        year = (born.year + (0.8 <= roll < 1.5)) % 100
        start = f"{self.of(self.facts.peoples[people].places)}{sign}{year:02d}"
        return self._new(lambda: f"{start}{self.dice.randrange(10**6):06d}")

    def old_id(self) -> str:
        """Nine digits as the police of Sơn La gave them."""
        return self._new(lambda: f"05{self.dice.randrange(10**7):07d}")

    def phone(self) -> str:
        """Ten digits under a prefix of 2018."""
        prefix = self.dice.choice(
            ("032", "033", "035", "036", "037", "038", "039", "086", "096", "097", "098")
        )
        if self.happens(25):
            prefix = self.dice.choice(("081", "083", "085", "088", "091", "094", "070", "077", "089", "090"))
        return self._new(lambda: f"{prefix}{self.dice.randrange(10**7):07d}")

    def account_number(self, digits: int) -> str:
        """A number of a bank account."""
        return self._new(lambda: str(self.dice.randrange(10 ** (digits - 1), 10**digits)))

    def since(self, earliest: date) -> date:
        """The first day of a month from `earliest` to last month."""
        months = max((self.today.year - earliest.year) * 12 + self.today.month - earliest.month - 1, 0)
        year, month = divmod(earliest.year * 12 + earliest.month - 1 + self.dice.randint(0, months), 12)
        return date(year, month + 1, 1)

    def _new(self, throw: Callable[[], str]) -> str:
        while True:
            number = throw()
            if number not in self._given:
                self._given.add(number)
                return number
