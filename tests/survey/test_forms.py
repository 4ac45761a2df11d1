"""Whole forms: each opens, goes on under random answers to its end, and leaves a draft as it went in."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from app.survey.nodes import read_document
from app.survey.session import Session
from tests.survey.scenarios import state_of
from tests.survey.walks import FORMS, OWN_FAULTS, WORLD, load, step

STEPS = 40


@pytest.mark.parametrize("name", FORMS)
def test_it_is_filled_at_random_to_its_end(name: str) -> None:
    form = load(name)
    session, dice = Session.new(form, WORLD), random.Random(name)
    done = [step(session, dice) for _ in range(STEPS)]
    refused = {said for said in done if said.startswith("survey.")}
    assert refused <= OWN_FAULTS
    etree.fromstring(session.xml())
    again = Session.resume(form, WORLD, session.draft(), session.language)
    assert again.draft() == session.draft()
    assert state_of(again) == state_of(session)
    assert again.xml() == session.xml()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_not_relevant_is_not_handed_in(name: str) -> None:
    session, dice = Session.new(load(name), WORLD), random.Random(f"{name} relevant")
    for _ in range(STEPS // 2):
        step(session, dice)
    handed_in = [node for node in read_document(session.xml()).walk() if node.name]
    relevant = [node for node in session.nodes() if node.is_relevant]
    assert len(handed_in) == len(relevant)
