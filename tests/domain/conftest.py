"""What is shipped, loaded once: what laws and banks say is part of what is tested. And a centre."""

from __future__ import annotations

import pytest

from app.domain.reference import Reference
from app.resources import load_reference
from tests.domain.approved import ACCOUNT, HER, OTHER, WHOLE, Centre, fresh, pays, proposal


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()


@pytest.fixture
def centre() -> Centre:
    """1: two people, by Lan. 2: an account and its proposal, by An."""
    made = Centre()
    people = [each for who in (HER, OTHER) for each in fresh("person", who, {"name": "Lan", "birth": "1951"})]
    made.take("lan", *people)
    made.take("an", *fresh("account", ACCOUNT, WHOLE), *proposal(pays(ACCOUNT)))
    return made
