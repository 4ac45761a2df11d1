"""What a provider charges those who are paid social allowances, where it was told (Directive 21/CT-TTg).

Most providers have told nobody; then the screen says so, and nothing is guessed. The data are
dated and named by their source; a row without a source is invented, and training's alone.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.resources import resource

_TRAINING = "T"  # how the codes of training communes begin


@dataclass(frozen=True)
class FeePolicy:
    """What one provider charges in one commune (or any) one group (or all). Đồng; None: not told.

    `upkeep` a month, `withdrawal` at another bank's machine, `minimum` balance that stays;
    `source` who told it, empty for what is invented for training.
    """

    provider: str
    commune: str
    group: str
    upkeep: int | None
    withdrawal: int | None
    minimum: int | None
    source: str
    since: date


def read_fees(lines: Iterable[str]) -> tuple[FeePolicy, ...]:
    """Policies out of a table; a row that names no source counts in training communes only."""
    policies = (
        FeePolicy(
            row["provider"],
            row["commune"],
            row["group"],
            _dong(row["upkeep"]),
            _dong(row["withdrawal"]),
            _dong(row["minimum"]),
            row["source"].strip(),
            date.fromisoformat(row["since"]),
        )
        for row in csv.DictReader(lines)
    )
    return tuple(policy for policy in policies if policy.source or policy.commune.startswith(_TRAINING))


@cache
def _all() -> tuple[FeePolicy, ...]:
    with resource("banks/fees.csv").open(encoding="utf-8", newline="") as file:
        return read_fees(file)


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
