"""What an approver is stopped at."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.cautions import PAPER_DAYS, RECENT_DAYS, Move, Stranger, cautions
from app.domain.deadlines import Due
from app.domain.records import Value

TODAY = date(2026, 11, 23)
OWN: dict[str, Value] = {"holder": "LO THI LA", "payee": "self", "number": "4471", "provider": "AGRIBANK"}


def codes(move: Move, due: Due | None = None) -> list[str]:
    return [each.code for each in cautions(move, TODAY, due)]


def move(account: dict[str, Value] | None = None, **known: object) -> Move:
    values: dict[str, object] = {"strangers": (), "since": None, "has_moved": False, "state": "active"}
    return Move("Lò Thị Lả", account=account or OWN, **{**values, **known})  # type: ignore[arg-type]


def test_her_own_account_stops_nobody() -> None:
    assert codes(move()) == []


def test_another_holder_is_said_with_the_reason_that_was_given() -> None:
    (found,) = cautions(move({**OWN, "holder": "TONG VAN KEO", "mismatch_reason": "con rể"}), TODAY, None)
    assert (found.code, found.is_grave, found.facts["why"]) == ("holder", True, "con rể")


def test_a_payee_is_compared_with_the_holder_not_she() -> None:
    paid: dict[str, Value] = {"holder": "VI VAN PANG", "payee": "authorised", "payee_name": "Vì Văn Pâng"}
    assert codes(move(paid)) == []
    assert codes(move({**paid, "holder": "LO THI LA"})) == ["holder"]


def test_strangers_come_before_matters_of_time() -> None:
    due = Due(date(2026, 11, 25), 2, leads=True, kinds=("account",))
    found = move(strangers=[Stranger("Tòng Văn Kẹo", "Bản Co Mạ")], since=TODAY, has_moved=True)
    assert codes(found, due) == ["moved", "shared", "recent", "before_list"]


@pytest.mark.parametrize(
    ("left", "code"),
    [(-1, ["paper_over"]), (0, ["paper_ends"]), (PAPER_DAYS, ["paper_ends"]), (PAPER_DAYS + 1, [])],
)
def test_a_paper_with_an_end(left: int, code: list[str]) -> None:
    until = (TODAY + timedelta(days=left)).isoformat()
    assert codes(move({**OWN, "payee_until": until})) == code


def test_a_paper_counts_to_the_end_of_what_it_says() -> None:
    assert codes(move({**OWN, "payee_until": "2026-11"})) == ["paper_ends"]


@pytest.mark.parametrize(("days", "code"), [(RECENT_DAYS, ["recent"]), (RECENT_DAYS + 1, [])])
def test_changed_in_the_last_days(days: int, code: list[str]) -> None:
    assert codes(move(since=TODAY - timedelta(days=days))) == code


def test_one_who_left_is_paid_nowhere_new() -> None:
    assert codes(move(state="died")) == ["left"]
