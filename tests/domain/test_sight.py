"""Whom an officer sees is the sum of her roles, and whoever holds none that is known sees nobody."""

from __future__ import annotations

import time

import pytest

from app.domain.roles import Author, Right
from app.domain.sight import WHOLE, Sight, sight_of
from app.resources import load_reference

HAMLETS = ("Bản Nà Lụa", "Bản Co Mạ")


def sees(*roles: str, scope: tuple[str, ...] = HAMLETS) -> Sight:
    rights = load_reference().rights.on(int(time.time() * 1000) << 16)
    return sight_of(rights, Author("hanh", roles, scope))


@pytest.mark.parametrize("role", ["officer", "approver", "auditor"])
def test_who_sees_everybody(role: str) -> None:
    assert sees(role) == WHOLE
    assert sees(role, "surveyor") == WHOLE  # what one role shows she sees, whatever another hides
    assert sees(role, "administrator") == WHOLE


def test_a_surveyor_sees_her_hamlets_without_illness() -> None:
    seen = sees("surveyor")
    assert (seen.everybody, seen.hamlets, seen.is_nobody) == (False, HAMLETS, False)
    hidden = ("person", "disability"), ("entitlement", "group"), ("entitlement", "amount")
    assert not any(seen.shows(*cell) for cell in hidden)
    assert seen.shows("person", "name")
    assert seen.shows("account", "number")
    assert sees("surveyor", scope=()).is_nobody


@pytest.mark.parametrize("roles", [(), ("administrator",), ("queen",)])
def test_who_sees_nobody(roles: tuple[str, ...]) -> None:
    assert sees(*roles).is_nobody
    assert not sees(*roles).is_whole


def test_a_word_that_nobody_knows_shows_nobody() -> None:
    odd = {"odd": Right(("*",), sees="everyone")}
    assert sight_of(odd, Author("hanh", ("odd",), HAMLETS)).is_nobody


def test_what_several_roles_hide_is_what_each_of_them_hides() -> None:
    held = {
        "one": Right(("*",), hides=("person.note", "person.phone")),
        "two": Right(("*",), hides=("person.phone", "person.address")),
        "three": Right(("*",), sees="assigned", hides=("person.note",)),
    }
    assert sight_of(held, Author("hanh", ("one", "two"))).hidden == ("person.phone",)
    both = sight_of(held, Author("hanh", ("one", "three"), HAMLETS))
    assert both.everybody
    assert both.hidden == (
        "person.note",
        "person.phone",
    )  # what a role shows of a few it does not show of all
