"""Who lives in the training commune, and in which household."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.actions.invented.chance import ADULT, Chance, Group, Hamlet, load_facts
from app.domain.accounts import bank_name
from app.domain.dates import PartialDate
from app.domain.emv import crc16
from app.domain.places import Place
from app.domain.records import Value

# No real commune has this code: Decision 19/2025/QĐ-TTg begins at 00004.
TRAINING_CODE = "T0001"
_PENSION_BEGAN, _PENSION_AGE = date(2025, 7, 1), 75  # Decree 176/2025/NĐ-CP

Values = Mapping[str, Value]


@dataclass(frozen=True)
class InventedHousehold:
    """A household's own fields, as `records.HOUSEHOLD` names them; its head is told by its people."""

    values: Values


@dataclass(frozen=True)
class InventedPerson:
    """One person as `records.PERSON` names her cells, with what hangs on her.

    `account` holds an account's fields without its person; `scanned` the VietQR text behind it.
    """

    values: Values
    household: InventedHousehold
    is_head: bool = False
    entitlement: Values | None = None
    account: Values | None = None
    scanned: str = ""
    sign: str = "signature"


@dataclass(frozen=True)
class _Home:
    """Where a person lives and whose family she is of."""

    hamlet: Hamlet
    people: str
    family: str
    household: InventedHousehold
    carer: str = ""


def training_place() -> Place:
    """The commune behind the training door."""
    facts = load_facts()
    return Place(TRAINING_CODE, facts.name, facts.province)


def people(seed: int, count: int, today: date) -> list[InventedPerson]:
    """That many people, household by household."""
    maker = _Maker(Chance(seed, today, load_facts()))
    twice = count // 400
    found = maker.cast()
    while len(found) < count - twice:
        found += maker.household()
    del found[count - twice :]
    return maker.with_strangers_sharing(found + maker.again(found[4:], twice))


class _Maker:
    """Puts people together out of chance, household by household."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._facts = chance.facts
        self._households = 0

    def cast(self) -> list[InventedPerson]:
        """The people whom the guide speaks of; they wait to be enrolled."""
        found = []
        for member in self._facts.cast:
            hamlet = next(one for one in self._facts.hamlets if one.name == member.hamlet)
            home = self._home(hamlet, member.people, member.name.split()[0], member.name)
            born = PartialDate.parse(member.birth)
            fixed: Values = {
                "name": member.name,
                "birth": member.birth,
                "personal_id": member.personal_id,
                "old_id": None,
                "phone": member.phone,
                "phone_owner": None,
                "relation": self._facts.relations["head"],
                "state": "active",
            }
            values = {**self._values(home, member.sex, born.earliest()), **fixed}
            has_right = born.latest().year + _PENSION_AGE <= self._chance.today.year
            right = self._entitlement(self._facts.groups[0], born) if has_right else None
            found.append(InventedPerson(values, home.household, is_head=True, entitlement=right))
        return found

    def household(self) -> list[InventedPerson]:
        """The registered people of one more household."""
        group, hamlet = self._chance.group(), self._chance.hamlet()
        people = self._chance.of(hamlet.peoples)
        family = self._chance.family(people)
        match group.who:
            case "elder":
                return self._elders(group, hamlet, people, family)
            case "child":
                return self._children(group, hamlet, people, family)
            case "adult" if group.ages[1] < 60:
                home = self._home(hamlet, people, family, self._chance.name(people, family, "male"))
                return [self._person(group, home, self._chance.sex(), "child")]
        sex = "female" if group.who == "parent" and self._chance.happens(85) else self._chance.sex()
        return [self._head(group, hamlet, people, family, sex)]

    def _head(self, group: Group, hamlet: Hamlet, people: str, family: str, sex: str) -> InventedPerson:
        home = self._home(hamlet, people, family, self._chance.name(people, family, sex))
        return self._person(group, home, sex, "head")

    def _elders(self, group: Group, hamlet: Hamlet, people: str, family: str) -> list[InventedPerson]:
        sex = "female" if self._chance.happens(62) else "male"
        head = self._head(group, hamlet, people, family, sex)
        if not self._chance.happens(30):
            return [head]
        other, relation = ("male", "husband") if sex == "female" else ("female", "wife")
        home = _Home(hamlet, people, self._chance.family(people), head.household)
        return [head, self._person(group, home, other, relation)]

    def _children(self, group: Group, hamlet: Hamlet, people: str, family: str) -> list[InventedPerson]:
        carer = self._chance.name(people, family, "female")
        home = replace(self._home(hamlet, people, family, carer), carer=carer)
        first = self._person(group, home, self._chance.sex(), "grandchild")
        if not self._chance.happens(30):
            return [first]
        second = self._person(group, home, self._chance.sex(), "grandchild")
        # One grandmother receives for both: an account that related people may share.
        shared = replace(second, account=first.account, scanned=first.scanned, sign=first.sign)
        return [first, shared if first.account and second.account else second]

    def _home(self, hamlet: Hamlet, people: str, family: str, head: str) -> _Home:
        self._households += 1
        values: Values = {
            "code": f"{self._facts.hamlets.index(hamlet) + 1:02d}-{self._households:04d}",
            "head_name": head,
            "hamlet": hamlet.name,
            "address": self._facts.address.format(hamlet=hamlet.name),
            "poverty": self._chance.of({"poor": 34, "near_poor": 17, "none": 49}),
            "poverty_year": self._chance.today.year - 1,
            "state": "active",
        }
        return _Home(hamlet, people, family, InventedHousehold(values))

    def _person(self, group: Group, home: _Home, sex: str, relation: str) -> InventedPerson:
        chance = self._chance
        born = chance.turning(_PENSION_AGE) if group.who == "soon" else chance.born(group.ages)
        values = self._values(home, sex, born)
        is_head = relation == "head"
        values["name"] = (
            home.household.values["head_name"] if is_head else chance.name(home.people, home.family, sex)
        )
        values["name_typed"] = str(values["name"]).upper() if chance.happens(60) else None
        values["relation"] = self._facts.relations[relation]
        values["guardian"] = (
            f"{home.carer} ({chance.dice.choice(self._facts.carers)})" if home.carer else None
        )
        values |= self._state()
        right = self._entitlement(group, PartialDate.parse(str(values["birth"]))) if group.code else None
        person = InventedPerson(values, home.household, is_head, right)
        if values["state"] != "active":
            ended = {"state": "ended", "until": values["state_since"]}
            return replace(person, entitlement={**right, **ended} if right else None)
        if right and chance.happens(home.hamlet.enrolled):
            return self._enrolled(person, home)
        return self._wishing(person)

    def _values(self, home: _Home, sex: str, born: date) -> dict[str, Value]:
        chance, age = self._chance, (self._chance.today - born).days // 365
        values: dict[str, Value] = {
            "sex": sex,
            "birth": chance.known(born).iso(),
            "ethnicity": home.people,
            "hamlet": home.hamlet.name,
            "address": home.household.values["address"],
            "residence": chance.of({"permanent": 95, "temporary": 4, "absent": 1})
            if chance.happens(20)
            else None,
            "smartphone": chance.happens(80) if ADULT <= age < 60 else None,
            "note": chance.dice.choice(self._facts.notes) if chance.happens(3) else None,
        }
        values |= chance.identity(home.people, sex, born)
        if age >= ADULT and chance.happens(46 if age > 70 else 82):
            values["phone"] = chance.phone()
            if age > 70 and chance.happens(60):
                values["phone_owner"] = chance.dice.choice(self._facts.phone_owners)
        if values.get("personal_id") and age >= ADULT and chance.happens(12 if age > 70 else 60):
            values["vneid_level"] = 2 if chance.happens(85) else 1
        needs = {"bedridden": 3.0, "home_payment": 7.0 if age > 80 else 0.5, "visit": 2.0}
        needs["interpreter"] = 12.0 if age > 60 and chance.happens(40) else 0.0
        return values | {f"needs/{need}": True for need, often in needs.items() if chance.happens(often)}

    def _state(self) -> dict[str, Value]:
        state = self._chance.of({"active": 965, "died": 14, "moved": 12, "ended": 9})
        if state == "active":
            return {"state": state}
        day = self._chance.today - timedelta(self._chance.dice.randint(3, 150))
        return {"state": state, "state_since": day.isoformat()}

    def _entitlement(self, group: Group, birth: PartialDate) -> Values:
        earliest = max(date(2016, 1, 1), birth.earliest() + timedelta(200))
        if group.who == "elder":
            due = date(birth.year + _PENSION_AGE, birth.month or 1, 1)
            since = max(_PENSION_BEGAN, due)
        else:
            since = self._chance.since(earliest)
        since = min(since, self._chance.today.replace(day=1))
        decided = since - timedelta(self._chance.dice.randint(4, 20))
        children = self._chance.dice.choice((1, 1, 1, 2, 2, 3)) if group.who == "parent" else 1
        return {
            "group": group.code,
            "coefficient": group.coefficient,
            "amount": group.amount * children,
            "since": since.isoformat(),
            "decision": self._facts.decision.format(number=self._chance.dice.randint(11, 480)),
            "decided": decided.isoformat(),
            "state": "active",
        }

    def _wishing(self, person: InventedPerson) -> InventedPerson:
        """Not enrolled yet: some want cash, some have said they will come."""
        if not person.entitlement:
            return person
        if self._chance.happens(12):
            why = self._chance.dice.choice(self._facts.cash_reasons)
            why = why if person.values.get("personal_id") else self._facts.no_card_reason
            return replace(person, values={**person.values, "wish": "cash", "wish_reason": why})
        wish = "account" if self._chance.happens(25) else None
        return replace(person, values={**person.values, "wish": wish})

    def _enrolled(self, person: InventedPerson, home: _Home) -> InventedPerson:
        chance = self._chance
        provider = chance.provider()
        account: dict[str, Value] = {"kind": provider.kind, "provider": provider.code}
        account |= self._payee(str(person.values["name"]), home)
        owner = str(account.get("payee_name") or person.values["name"])
        account["holder"] = bank_name(owner)
        if chance.happens(1) and len(owner.split()) > 2:
            account["holder"] = bank_name(" ".join(owner.split()[::2]))
            account["mismatch_reason"] = chance.dice.choice(self._facts.mismatch_reasons)
        is_bank = provider.kind == "bank"
        number = chance.account_number(provider.digits) if is_bank else chance.phone()
        account["number"] = number
        account["evidence"] = "vietqr" if is_bank and chance.happens(75) else "typed"
        scanned = vietqr(provider.bin, number) if account["evidence"] == "vietqr" else ""
        sign = "fingerprint" if str(person.values["birth"]) < "1955" else "signature"
        values = {**person.values, "wish": "account"}
        return replace(person, values=values, account=account, scanned=scanned, sign=sign)

    def _payee(self, name: str, home: _Home) -> dict[str, Value]:
        chance = self._chance
        if home.carer:
            paper = self._facts.guardianship.format(number=chance.dice.randint(3, 90))
            relation = chance.dice.choice(self._facts.carers)
            kind, owner, until = "guardian", home.carer, None
        elif chance.happens(7):
            paper = self._facts.authorisation.format(number=chance.dice.randint(3, 90))
            relation = chance.dice.choice(self._facts.authorised)
            kind, owner = "authorised", chance.name(home.people, name.split()[0], "male")
            until = (chance.today + timedelta(chance.dice.randint(5, 500))).isoformat()
        else:
            return {"payee": "self"}
        dated = (chance.today - timedelta(chance.dice.randint(20, 600))).isoformat()
        who: dict[str, Value] = {"payee": kind, "payee_name": owner, "payee_relation": relation}
        return who | {"payee_paper": paper, "payee_paper_date": dated, "payee_until": until}

    def again(self, found: Sequence[InventedPerson], count: int) -> list[InventedPerson]:
        """People entered a second time, as from another list: by the old number, or without one."""
        twins = []
        grown = [person for person in found if str(person.values["birth"]) < "1985"]
        for person in self._chance.dice.sample(grown, count):
            values = {
                name: person.values.get(name) for name in ("name", "sex", "birth", "ethnicity", "hamlet")
            }
            values |= {"state": "active", "name_typed": str(values["name"]).upper()}
            if self._chance.happens(70):
                values["old_id"] = person.values.get("old_id") or self._chance.old_id()
            elif person.values.get("personal_id"):
                values["personal_id"] = person.values["personal_id"]
            values["birth"] = str(values["birth"])[: 4 if self._chance.happens(40) else None]
            home = InventedHousehold({**person.household.values, "code": None})
            twins.append(InventedPerson(values, home, entitlement=person.entitlement))
        return twins

    def with_strangers_sharing(self, found: list[InventedPerson]) -> list[InventedPerson]:
        """Three neighbours of different households whose money goes to the account of one."""
        alone: dict[Value, list[int]] = {}
        for at, person in enumerate(found):
            if person.account and person.account["payee"] == "self" and person.is_head:
                alone.setdefault(person.values["hamlet"], []).append(at)
        why = self._facts.shared_reason
        given = {"shared_reason": why, "mismatch_reason": why, "evidence": "typed"}
        first, *others = next((near for near in alone.values() if len(near) > 2), [0])[:3]
        for at in others:
            found[at] = replace(found[at], account={**(found[first].account or {}), **given}, scanned="")
        return found


def vietqr(bin_: str, number: str) -> str:
    """The code a bank prints for an account: EMVCo tags, GUID and service of NAPAS, check sum."""
    inner = f"0006{bin_}01{len(number):02d}{number}"
    account = f"0010A00000072701{len(inner):02d}{inner}0208QRIBFTTA"
    text = f"00020101021138{len(account):02d}{account}53037045802VN6304"
    return text + crc16(text)
