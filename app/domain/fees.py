"""What a provider charges those who are paid social allowances, where it was told (Directive 21/CT-TTg).

Most providers have told nobody; then the screen says so, and nothing is guessed. The data are
dated and named by their source; a row without a source is invented, and training's alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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


def read_fees(rows: Iterable[Mapping[str, str]]) -> Fees:
    """Policies out of a table's rows by heading; a row without a source counts in training communes only."""
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
        for row in rows
    )
    return Fees(tuple(policy for policy in policies if policy.source or policy.commune.startswith(_TRAINING)))


def _dong(cell: str) -> int | None:
    return int(cell) if cell else None


@dataclass(frozen=True)
class Fees:
    """Every policy that was told."""

    all: tuple[FeePolicy, ...]

    def of(self, provider: str, commune: str, groups: Collection[str], day: date) -> FeePolicy | None:
        """What is known for her: the newest policy, her commune's and group's own before a general one."""
        fitting = [
            policy
            for policy in self.all
            if policy.provider == provider
            and policy.commune in ("", commune)
            and (not policy.group or policy.group in groups)
            and policy.since <= day
        ]
        return max(fitting, key=lambda it: (bool(it.commune), bool(it.group), it.since), default=None)

    def told(self, commune: str, groups: Collection[str], day: date) -> tuple[FeePolicy, ...]:
        """Every provider's policy known for her, one a provider."""
        providers = dict.fromkeys(policy.provider for policy in self.all)
        found = (self.of(provider, commune, groups, day) for provider in providers)
        return tuple(policy for policy in found if policy is not None)
