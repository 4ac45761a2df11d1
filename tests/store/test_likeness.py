"""Doubles planted in an invented commune are found; strangers with popular names are left in peace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.domain.dates import PartialDate
from app.domain.errors import Cancelled
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.text import fold
from app.store import likeness, rows
from app.store.likeness import LIKELY, POINTS, Facts, Pair, compare, is_near_name, like, likes, pairs
from app.store.tables import records
from tests.catalogues import LANGUAGES, said
from tests.invented import Invented, cells, people
from tests.registers import make_register

EVERYBODY = list(people(2000, seed=11))
PAID: dict[str, Value] = {"kind": "bank", "provider": "AGB", "number": "190123", "payee": "self"}
SPOILED = ("name", "sex", "personal_id", "old_id", "phone", "hamlet")
PLANTED = 1400  # from here on, doubles of the first ones


def facts_of(who: Invented) -> Facts:
    birth = PartialDate.parse(who.birth) if who.birth else None
    return Facts(who.name, birth, who.sex, who.personal_id, who.old_id, who.phone, who.hamlet)


def year_only(facts: Facts) -> Facts:
    return replace(facts, birth=PartialDate(facts.birth.year) if facts.birth else None)


def swapped(facts: Facts) -> Facts:
    birth = facts.birth
    if birth and birth.day and birth.month and birth.day <= 12:
        birth = PartialDate(birth.year, birth.day, birth.month)
    return replace(facts, birth=birth)


def slipped(facts: Facts) -> Facts:
    at = len(facts.name) // 2
    return replace(facts, name=facts.name[:at] + facts.name[at + 1 :])


def one_digit_off(facts: Facts) -> Facts:
    return replace(facts, personal_id=facts.personal_id and facts.personal_id[:-1] + "5")


SPOILT: tuple[Callable[[Facts], Facts], ...] = (
    lambda facts: facts,
    lambda facts: replace(facts, personal_id=None, old_id=None, name=facts.name.upper()),
    lambda facts: replace(facts, personal_id=None, name=fold(facts.name)),
    lambda facts: replace(year_only(facts), personal_id=None),
    lambda facts: replace(swapped(facts), personal_id=None),
    slipped,
    one_digit_off,
)


def doubles() -> Iterator[Invented]:
    for number, who in enumerate(EVERYBODY[: len(EVERYBODY) - PLANTED]):
        spoilt = SPOILT[number % len(SPOILT)](facts_of(who))
        known = {name: getattr(spoilt, name) for name in SPOILED}
        birth = spoilt.birth.iso() if spoilt.birth else None
        yield replace(who, id=EVERYBODY[PLANTED + number].id, birth=birth, **known)


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_register(tmp_path_factory.mktemp("likeness") / "register", EVERYBODY)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    people_twice = [*EVERYBODY[:PLANTED], *doubles()]
    engine = make_register(tmp_path_factory.mktemp("doubled") / "register", people_twice)
    yield engine
    engine.dispose()


def numbers(engine: Engine) -> dict[int, int]:
    """`no` → place among the invented people."""
    table = records["person"]
    with engine.connect() as connection:
        return {row.no: int(row.id, 16) for row in connection.execute(select(table.c.no, table.c.id))}


def test_everybody_is_found_by_her_own_card(commune: Engine) -> None:
    place = numbers(commune)
    with commune.connect() as connection:
        found = likes(connection, [facts_of(who) for who in EVERYBODY], Progress())
        for at, likely in enumerate(found):
            who = EVERYBODY[at]
            if who.birth or who.personal_id:
                assert place[likely[0].no] == at
                assert likely[0].score >= LIKELY
        assert likes(connection, [], Progress()) == []
        for at in range(0, len(EVERYBODY), 97):
            assert like(connection, facts_of(EVERYBODY[at])) == found[at]


@pytest.mark.parametrize(
    ("spoil", "found_at_least"), [*zip(SPOILT, (99, 97, 88, 98, 96, 98, 99), strict=True)]
)
def test_spoilt_facts_still_find_their_owner(
    commune: Engine, spoil: Callable[[Facts], Facts], found_at_least: int
) -> None:
    place = numbers(commune)
    with commune.connect() as connection:
        found = likes(connection, [spoil(facts_of(who)) for who in EVERYBODY], Progress())
    right = sum(any(place[each.no] == at for each in likely) for at, likely in enumerate(found))
    strangers = sum(place[each.no] != at for at, likely in enumerate(found) for each in likely)
    assert 100 * right >= found_at_least * len(EVERYBODY)
    assert strangers <= len(EVERYBODY) // 100


def test_planted_doubles_are_found_and_few_others(doubled: Engine) -> None:
    place = numbers(doubled)
    planted = {(number, PLANTED + number) for number in range(len(EVERYBODY) - PLANTED)}
    with doubled.connect() as connection:
        found = pairs(connection, Progress())
    named = {(min(place[p.first], place[p.second]), max(place[p.first], place[p.second])) for p in found}
    assert len(named & planted) >= 0.97 * len(planted)
    assert len(named - planted) <= 0.02 * len(planted)
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert all(pair.first < pair.second for pair in found)


def test_blocking_loses_nothing_that_comparing_everybody_finds(doubled: Engine) -> None:
    place = numbers(doubled)
    everybody = [*EVERYBODY[:PLANTED], *doubles()]
    chosen = {*range(250), *range(PLANTED, PLANTED + 250)}
    whole, facts = set(), {each: facts_of(everybody[each]) for each in chosen}
    for one, other in combinations(sorted(chosen), 2):
        score, reasons = compare(facts[one], facts[other])
        if score >= LIKELY:
            whole.add((one, other, score, reasons))
    with doubled.connect() as connection:
        found = [(place[p.first], place[p.second], p.score, p.reasons) for p in pairs(connection, Progress())]
    ordered = {(min(one, other), max(one, other), score, why) for one, other, score, why in found}
    assert {pair for pair in ordered if {pair[0], pair[1]} <= chosen} == whole


LAN = Facts("Nguyễn Thị Lan", PartialDate(1954, 3, 2), "female", "014154148032", None, None, "Bản Nà Lụa")


@pytest.mark.parametrize(
    ("other", "is_likely", "because"),
    [
        (Facts("Nguyễn Thị Lan"), False, "same_name"),
        (Facts("NGUYEN THI LAN", hamlet="Bản Nà Lụa"), False, "same_name_unmarked"),
        (Facts("Nguyễn Thị Lan", PartialDate(1954)), False, "same_birth_year"),
        (Facts("Nguyễn Thị Lan", PartialDate(1954), hamlet="bản nà lụa"), True, "same_hamlet"),
        (Facts("Nguyễn Thị Lân", PartialDate(1954, 3, 2)), True, "same_name_unmarked"),
        (replace(LAN, personal_id="014154999999", hamlet=None), False, "other_personal_id"),
        (replace(LAN, personal_id="014154148033", birth=None, hamlet=None), True, "near_personal_id"),
        (Facts("Trần Văn Út", personal_id="014154148032"), True, "other_name"),
        (Facts("Nguyễn Lan", PartialDate(1954, 3, 2), hamlet="Bản Nà Lụa"), True, "near_name"),
        (replace(LAN, personal_id=None, sex="male"), False, "other_sex"),
        (Facts("Nguyễn Thị Lan", PartialDate(1954, 1, 1), hamlet="Bản Nà Lụa"), True, "same_birth_year"),
        (Facts("Nguyễn Thị Lan", PartialDate(1954, 2, 3)), True, "swapped_birth"),
    ],
)
def test_what_speaks_for_and_against(other: Facts, is_likely: bool, because: str) -> None:
    score, reasons = compare(LAN, other)
    assert because in reasons
    assert (score >= LIKELY) is is_likely


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Nguyễn Thị Lam", "personal_id": None},  # the rest of the name leads to her
        {"name": "Nguyễm Thị Lan", "personal_id": None},  # the given name does
        {"birth": None, "personal_id": "014154148033"},
        {"birth": "1955-03-02", "personal_id": "014154148033"},
        {"name": "Trần Văn Út", "birth": "1990"},  # the number alone
        {"name": "Nguyễn Thị Lam", "personal_id": None, "old_id": "012345678", "birth": "1960", "sex": None},
    ],
)
def test_each_road_leads_to_her(tmp_path: Path, other: dict[str, str | None]) -> None:
    facts: dict[str, Any] = {
        "name": "Nguyễn Thị Lan",
        "birth": "1954-03-02",
        "sex": "female",
        "hamlet": "Thôn 3",
    }
    hers = replace(EVERYBODY[0], personal_id="014154148032", old_id="012345678", phone="0388000111", **facts)
    spoilt: dict[str, Any] = {"old_id": None, **other}
    double = replace(hers, id="f" * 32, **spoilt)
    expected = compare(facts_of(hers), facts_of(double))[0] >= LIKELY
    engine = make_register(tmp_path / "register", [hers, double])
    with engine.connect() as connection:
        assert (len(pairs(connection, Progress())) == 1) is expected
        assert (len(like(connection, facts_of(double))) == 2) is expected
    engine.dispose()


@given(st.sampled_from(EVERYBODY), st.sampled_from(EVERYBODY))
def test_comparing_has_no_side(one: Invented, other: Invented) -> None:
    score, reasons = compare(facts_of(one), facts_of(other))
    assert compare(facts_of(other), facts_of(one)) == (score, reasons)
    assert 0 <= score <= 100
    assert set(reasons) <= set(POINTS)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("lo thi lan", "lo thi lam", True),
        ("lo thi lan", "lo lan", True),
        ("lo lan", "lo thi thu lan", False),
        ("lan lo thi", "lo thi lan", True),
        ("lo thi lan", "lo thi mai", False),
        ("lan", "lo", False),
        ("lo thi lan", "thi lan", False),  # another family is another person
    ],
)
def test_near_names(one: str, other: str, near: bool) -> None:
    assert is_near_name(one, other) is is_near_name(other, one) is near


def test_records_entered_by_mistake_resemble_nobody(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    who = EVERYBODY[0]
    mistaken = replace(who, id="f" * 32, state="entered_by_mistake")
    engine = make_register(tmp_path_factory.mktemp("mistaken") / "register", [who, mistaken])
    with engine.connect() as connection:
        assert len(like(connection, facts_of(who))) == 1
        assert pairs(connection, Progress()) == []
    engine.dispose()


def test_comparing_can_be_stopped(doubled: Engine) -> None:
    progress = Progress()
    progress.cancel()
    with doubled.connect() as connection, pytest.raises(Cancelled):
        pairs(connection, progress)


def test_a_pair_names_the_people_and_why(doubled: Engine) -> None:
    with doubled.connect() as connection:
        first = pairs(connection, Progress())[0]
    assert isinstance(first, Pair)
    assert (first.score, "same_name" in first.reasons) == (100, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(language: str) -> None:
    assert [reason for reason in POINTS if not said(language).get(f"likeness.{reason}")] == []


def test_one_account_or_one_household_speaks_for_one_person() -> None:
    plain = Facts("Nguyễn Thị Lan", PartialDate(1954), household="h")
    assert compare(plain, replace(plain, name="Nguyễn Thị Lam"))[0] < LIKELY
    paid = replace(plain, accounts=frozenset({"AGB 190123"}))
    score, reasons = compare(paid, replace(paid, name="Nguyễn Thị Lam"))
    assert {"same_account", "same_household", "near_name"} <= {*reasons}
    assert score >= LIKELY


def test_people_paid_at_one_account_are_compared(tmp_path: Path) -> None:
    hers = replace(
        EVERYBODY[0], name="Nguyễn Thị Lan", birth="1954", personal_id=None, old_id=None, phone=None
    )
    double = replace(hers, id="f" * 32, name="Nguyễn Thị Lam", birth="1955", phone="0388000111")
    hers = replace(hers, phone="0388000111")
    engine = make_register(tmp_path / "register", [hers, double])
    with engine.begin() as connection:
        assert pairs(connection, Progress()) == []
        accounts = [("a" * 32, hers.id), ("b" * 32, double.id)]
        rows.store(
            connection, {("account", record): cells({"person": who, **PAID}) for record, who in accounts}
        )
        (pair,) = pairs(connection, Progress())
        assert {"same_account", "same_phone", "same_hamlet"} <= {*pair.reasons}
        for no in (pair.first, pair.second):
            facts = likeness.facts_of(connection, [no])[no]
            assert len(likeness.like(connection, facts)) == 2
    engine.dispose()
