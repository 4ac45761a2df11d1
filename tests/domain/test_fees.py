"""What providers charge: told by somebody and dated, else training's alone; what nobody told is not zero."""

from __future__ import annotations

import csv
from datetime import date

from app.domain.fees import Fees, read_fees
from app.resources import load_reference, resource

HEAD = "provider,commune,group,upkeep,withdrawal,minimum,source,since"
DAY = date(2026, 11, 28)


def read(*rows: str) -> Fees:
    return read_fees(csv.DictReader([HEAD, *rows]))


def test_no_officer_is_shown_what_was_invented() -> None:
    fees = load_reference().fees
    real = [place for place in load_reference().places.communes if not place.code.startswith("T")]
    assert real
    shown = {policy for place in real for policy in fees.told(place.code, (), DAY)}
    assert shown
    assert all(policy.source for policy in shown)
    assert fees.told("T0001", (), DAY)


def test_the_table_names_providers_that_exist_and_days_gone_by() -> None:
    providers = load_reference().providers.by_code
    with resource("banks/fees.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["provider"] in providers
        assert date.fromisoformat(row["since"]) <= DAY
        assert row["source"] or row["commune"].startswith("T")


def test_a_row_without_a_source_counts_in_training_only() -> None:
    fees = read("LPB,,,0,0,0,,2026-01-01", "LPB,03979,,0,0,0,,2026-01-01", "LPB,T0002,,0,0,0,,2026-01-01")
    assert fees.of("LPB", "03979", (), DAY) is None
    assert fees.of("LPB", "T0002", (), DAY) is not None


def test_an_empty_cell_is_not_told() -> None:
    fees = read("LPB,,,0,,50000,NHNN,2026-01-01")
    policy = fees.of("LPB", "03979", (), DAY)
    assert policy is not None
    assert (policy.upkeep, policy.withdrawal, policy.minimum) == (0, None, 50_000)


def test_her_group_and_commune_before_everybody_and_the_newest_of_them() -> None:
    fees = read(
        "LPB,,,1,1,1,a,2026-01-01",
        "LPB,,,2,2,2,a,2026-06-01",
        "LPB,,,9,9,9,a,2027-01-01",
        "LPB,,HTXH,3,3,3,a,2025-01-01",
        "LPB,03979,,4,4,4,a,2025-01-01",
    )
    at = {
        ("00001", ()): 2,
        ("00001", ("HTXH",)): 3,
        ("03979", ("HTXH",)): 4,
    }
    for (commune, groups), upkeep in at.items():
        policy = fees.of("LPB", commune, groups, DAY)
        assert policy is not None
        assert policy.upkeep == upkeep
    assert [policy.upkeep for policy in fees.told("00001", (), date(2026, 3, 1))] == [1]
