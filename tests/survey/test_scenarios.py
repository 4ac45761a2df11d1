"""Fillings held against what ODK's engines do, each a test by its id."""

from __future__ import annotations

import pytest

from tests.survey.exceptions import SCENARIOS
from tests.survey.scenarios import Scenario, play, scenarios

AS_EXPECTED_MIN = 0.95


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario.id)
def test_it_goes_as_in_odks_engines(scenario: Scenario) -> None:
    found = play(scenario)
    assert (found != []) == (scenario.id in SCENARIOS), found


def test_exceptions_are_few_and_all_are_scenarios() -> None:
    assert set(SCENARIOS) <= {scenario.id for scenario in scenarios()}
    assert 1 - len(SCENARIOS) / len(scenarios()) >= AS_EXPECTED_MIN
