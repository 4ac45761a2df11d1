"""Answers of a survey and cells of the register, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.domain.records import PERSON
from app.domain.save_to import PROPOSE, WRITE, cells_said, read_save_map, told
from app.resources import load_reference

NEEDS = PERSON.fields[[field.name for field in PERSON.fields].index("needs")].choices


def test_what_only_a_decision_changes_is_proposed() -> None:
    known = load_reference().save_map
    for dataset, name in (("household", "poverty"), ("person", "personal_id"), ("person", "disability")):
        found = known.of(dataset, name)
        assert found is not None
        assert found.is_proposed
    phone = known.of("person", "phone")
    assert phone is not None
    assert not phone.is_proposed


def test_nothing_says_who_is_paid_where() -> None:
    known = load_reference().save_map
    assert known.of("person", "receiving_account") is None
    assert all(found.kind in ("person", "household") for found in known.all.values())


def test_a_map_of_another_register_is_refused() -> None:
    with pytest.raises(ValueError, match=r"person\.shoe"):
        read_save_map({"person": {"shoe": {"way": WRITE}}})
    with pytest.raises(ValueError, match=r"person\.phone"):
        read_save_map({"person": {"phone": {"way": "shout"}}})
    other = read_save_map({"person": {"tel": {"way": PROPOSE, "field": "phone"}}}).of("person", "tel")
    assert other is not None
    assert other.field == "phone"


@pytest.mark.parametrize(
    ("kind", "name", "text", "cells"),
    [
        ("person", "smartphone", "yes", {"smartphone": True}),
        ("person", "smartphone", "0", {"smartphone": False}),
        ("person", "vneid_level", "2", {"vneid_level": 2}),
        ("household", "b1_score", "140.0", {"b1_score": 140}),
        ("person", "birth", "1950", {"birth": "1950"}),
        ("person", "note", "  Nhà  xa ", {"note": "Nhà xa"}),
        ("person", "phone", "", {"phone": None}),
    ],
)
def test_what_an_answer_says(kind: str, name: str, text: str, cells: dict[str, object]) -> None:
    assert cells_said(kind, name, text) == cells


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("person", "birth", "31/02/1950"),
        ("person", "sex", "nữ"),
        ("household", "b1_score", "12.5"),
        ("household", "b2_score", "-10"),
        ("person", "needs", "visit horse"),
        ("person", "smartphone", "maybe"),
    ],
)
def test_what_no_cell_holds_is_refused(kind: str, name: str, text: str) -> None:
    with pytest.raises(Refusal, match=r"survey\.value"):
        cells_said(kind, name, text)


@given(st.sets(st.sampled_from(NEEDS)))
def test_members_come_back_as_they_went(said: set[str]) -> None:
    cells = cells_said("person", "needs", " ".join(sorted(said)))
    assert set(told("person", "needs", cells).split()) == said


@given(st.one_of(st.none(), st.booleans()))
def test_a_yes_comes_back_a_yes(value: bool | None) -> None:
    text = told("person", "smartphone", {"smartphone": value})
    assert cells_said("person", "smartphone", text) == {"smartphone": value}
