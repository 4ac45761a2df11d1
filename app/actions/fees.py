"""What a provider charges those who are paid social allowances, where it was told (Directive 21/CT-TTg).

Most providers have told nobody; then the screen says so, and nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.resources import resource


@dataclass(frozen=True)
class FeePolicy:
    """What one provider charges in one commune (or any) one group (or all). Đồng; None: not told.

    `upkeep` a month, `withdrawal` at another bank's machine, `minimum` balance that stays.
    """

    provider: str
    commune: str
    group: str
    upkeep: int | None
    withdrawal: int | None
    minimum: int | None
    since: date


@cache
def _all() -> tuple[FeePolicy, ...]:
    with resource("banks/fees.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            FeePolicy(
                row["provider"],
                row["commune"],
                row["group"],
                _dong(row["upkeep"]),
                _dong(row["withdrawal"]),
                _dong(row["minimum"]),
                date.fromisoformat(row["since"]),
            )
            for row in csv.DictReader(file)
        )


def _dong(cell: str) -> int | None:
    return int(cell) if cell else None


def fee_policy(provider: str, commune: str, groups: Collection[str], day: date) -> FeePolicy | None:
    """What is known for her: the newest policy, her commune's and group's own before a general one."""
    fitting = [
        policy
        for policy in _all()
        if policy.provider == provider
        and policy.commune in ("", commune)
        and (not policy.group or policy.group in groups)
        and policy.since <= day
    ]
    return max(fitting, key=lambda it: (bool(it.commune), bool(it.group), it.since), default=None)


def told(commune: str, groups: Collection[str], day: date) -> tuple[FeePolicy, ...]:
    """Every provider's policy known for her, one a provider."""
    providers = dict.fromkeys(policy.provider for policy in _all())
    found = (fee_policy(provider, commune, groups, day) for provider in providers)
    return tuple(policy for policy in found if policy is not None)
