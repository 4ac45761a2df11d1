"""Whose word counts: the data as shipped, and the side that they preselect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.authority import Claim, may_decide
from app.domain.changes import Edit
from app.domain.decisions import needs_second
from app.domain.records import KINDS
from app.resources import load_reference

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RULES = load_reference().authorities


def claim(reason: str, author: str = "a", days: int = 0, decision: str = "") -> Claim:
    return Claim(reason, author, NOW + timedelta(days=days), decision)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (("person", "birth"), "population"),
        (("person", "receiving_account"), "holder"),
        (("entitlement", "amount"), "decision"),
        (("account", "number"), "provider"),
        (("person", "note"), "visit"),
        (("person", "needs/visit"), "office"),
        (("household", "head"), "office"),
    ],
)
def test_each_field_has_its_authority(cell: tuple[str, str], name: str) -> None:
    assert RULES.of(*cell).name == name


def test_what_needs_a_second_officer_says_so_in_the_data_too() -> None:
    for kind in KINDS.values():
        for field in kind.fields:
            cell = Edit(kind.name, "r", field.name, None)
            assert RULES.of(kind.name, field.name).second == needs_second([cell])


@pytest.mark.parametrize(
    ("field", "stands", "came", "preferred"),
    [
        ("birth", claim("card"), claim(f"import {32 * 'a'}", days=9), "stands"),
        ("birth", claim("Con gái nói vậy"), claim("card", days=-9), "came"),
        ("birth", claim("card"), claim("population"), "came"),
        ("birth", claim("import"), claim("Con gái nói vậy"), None),
        ("birth", claim("card"), claim("card", days=9), None),
        ("phone", claim("change"), claim("change", days=1), "came"),
        ("phone", claim("change", days=1), claim("change"), "stands"),
        ("phone", claim("import", days=1), claim("change"), "came"),
        ("phone", claim("import"), claim("import", days=1), None),
        ("birth", None, claim("import"), "came"),
    ],
)
def test_asks_only_where_there_is_real_doubt(
    field: str, stands: Claim | None, came: Claim, preferred: str | None
) -> None:
    assert RULES.preferred(RULES.of("person", field), stands, came) == preferred


def test_entitlement_goes_by_the_communes_decision() -> None:
    rule = RULES.of("entitlement", "amount")
    assert (
        RULES.preferred(
            rule,
            claim("import"),
            claim("change", decision="12/QĐ"),
        )
        == "came"
    )
    assert RULES.preferred(rule, claim("a", decision="11/QĐ"), claim("b", decision="12/QĐ")) is None


def test_cells_that_stand_together_follow_the_strictest() -> None:
    assert RULES.strictest([("person", "birth"), ("person", "receiving_account")]).second
    assert RULES.strictest([("person", "birth"), ("person", "note")]).name == "population"


def test_who_decides_about_money_wrote_neither_side() -> None:
    rule, sides = RULES.of("person", "receiving_account"), [claim("x", "hanh"), claim("y", "thuong")]
    assert may_decide(rule, "quyet", ["approver"], sides)
    assert not may_decide(rule, "hanh", ["approver"], sides)
    assert not may_decide(rule, "an", ["officer"], sides)
    assert may_decide(RULES.of("person", "birth"), "hanh", ["officer"], sides)
    assert not may_decide(RULES.of("person", "birth"), "hanh", ["auditor"], sides)
