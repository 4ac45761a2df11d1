"""Whom a proposal names is whom its words are about: what an approver is shown is what moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.aliases import joining, pack, parting
from app.domain.changes import Outcome
from app.domain.proposals import wanted
from tests.domain.approved import ACCOUNT, HER, OTHER, SECOND, WHOLE, Centre, fresh, pays, proposal, seen


@pytest.fixture
def centre() -> Centre:
    """1: two people, by Lan. 2: an account and its proposal, by An."""
    made = Centre()
    people = [each for who in (HER, OTHER) for each in fresh("person", who, {"name": "Lan", "birth": "1951"})]
    made.take("lan", *people)
    made.take("an", *fresh("account", ACCOUNT, WHOLE), *proposal(pays(ACCOUNT)))
    return made


@pytest.mark.parametrize("person", [OTHER, None])
def test_an_account_of_somebody_else_than_the_person_it_names(centre: Centre, person: str | None) -> None:
    """The page shows whom it names; the money that moves must be hers."""
    centre.take("an", *proposal(pays(ACCOUNT), record="f" * 32, person=person))
    assert wanted("f" * 32, centre.standing) is None
    forged = centre.approving()
    named = [replace(e, record="f" * 32, old=None) if e.kind == "proposal" else e for e in forged.edits]
    assert centre.take("boss", replace(forged, edits=tuple(named)))[0].why == "wants"


def test_merged_or_parted_under_another_name(centre: Centre) -> None:
    merge = joining(seen(centre, OTHER), seen(centre, HER), "twice")
    centre.take("an", *proposal(pack([merge]), "merge", "7" * 32))  # into OTHER, shown as HER
    assert wanted("7" * 32, centre.standing) is None
    centre.take("an", *proposal(pack([merge]), "merge", "f" * 32, person=None))
    assert centre.approve("boss", "f" * 32).outcome == Outcome.APPLIED
    part = parting(HER, OTHER, seen(centre, HER).alias_on, "two sisters")
    for record, person in (("6" * 32, SECOND), ("5" * 32, None)):
        centre.take("an", *proposal(pack([part]), "unmerge", record, person=person))
        assert centre.approve("boss", record).why == "wants"
    centre.take("an", *proposal(pack([part]), "unmerge", "4" * 32, person=OTHER))
    assert centre.approve("boss", "4" * 32).outcome == Outcome.APPLIED
