"""How long a laptop goes on without its centre: by elapsed time, whatever the calendar says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from app.actions import desk as desks
from app.actions import people
from app.actions.desk import Desk, require_full_leave, require_lately_proved, require_way_out
from app.domain.errors import Refusal
from app.domain.leave import Leave, Stage
from app.store import leave, place
from app.store.tables import replica
from app.store.throttle import Moment

DAY, YEAR = 86_400, 365 * 86_400
ISSUED = "2026-11-23T08:00:00Z"
SIGNED = 1795420800  # the same, in seconds
RULES = Leave(30, 45, 90)


def at(days: float, *, boot: str = "a", wall: int = 0) -> Moment:
    passed = int(days * DAY)
    return Moment(SIGNED + passed + wall, 1000 + passed, boot)


@pytest.fixture
def vault() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    replica.create_all(engine)
    with engine.begin() as connection:
        leave.renew(connection, ISSUED, at(0))
        yield connection
    engine.dispose()


@pytest.mark.parametrize(
    ("days", "stage", "left"),
    [
        (0, Stage.FULL, 45),
        (29.9, Stage.FULL, 16),
        (30, Stage.WARNED, 15),
        (44.9, Stage.WARNED, 1),
        (45, Stage.CAPTURE, 45),
        (89.9, Stage.CAPTURE, 1),
        (90, Stage.LAPSED, 0),
        (4000, Stage.LAPSED, 0),
    ],
)
def test_days_without_the_centre(vault: Connection, days: float, stage: Stage, left: int) -> None:
    found = leave.look(vault, at(days))
    assert found is not None
    assert (RULES.stage(found.seconds), RULES.days_left(found.seconds)) == (stage, left)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_turned_calendar_is_reported_and_not_obeyed(vault: Connection, years: int) -> None:
    for days in (10, 20):
        found = leave.advance(vault, at(days, wall=years * YEAR))
        assert found is not None
        assert found.seconds == days * DAY
        assert bool(found.jumped) == (days == 10)  # once it was reported, it is the calendar
    restarted = Moment(SIGNED + 20 * DAY + 2 * years * YEAR, 3600, "b")
    found = leave.look(vault, restarted)
    assert found is not None
    assert (found.seconds, bool(found.jumped)) == (20 * DAY + 3600, True)


def test_nights_when_the_laptop_is_off_count_too(vault: Connection) -> None:
    for day in range(1, 41):
        leave.advance(vault, Moment(SIGNED + day * DAY, 60, f"boot {day}"))
    found = leave.look(vault, Moment(SIGNED + 40 * DAY + 600, 660, "boot 40"))
    assert found == leave.Alone(40 * DAY + 600, 0)


def test_a_policy_renews_it_and_a_late_one_only_from_when_it_was_signed(vault: Connection) -> None:
    assert place.read(vault, place.ASKS_POLICY) is None
    leave.advance(vault, at(40))
    assert place.read(vault, place.ASKS_POLICY)
    leave.renew(vault, "2026-12-23T08:00:00Z", at(40))  # signed on day 30, carried for ten
    found = leave.look(vault, at(40))
    assert found == leave.Alone(10 * DAY, 0)
    assert place.read(vault, place.ASKS_POLICY) is None
    leave.renew(vault, ISSUED, at(41))
    assert leave.look(vault, at(41)) == leave.Alone(11 * DAY, 0)


def test_before_a_policy_there_is_no_leave_to_end() -> None:
    engine = create_engine("sqlite://")
    replica.create_all(engine)
    with engine.begin() as connection:
        assert leave.advance(connection, at(4000)) is None
    engine.dispose()


def test_after_it_capture_goes_on_and_nothing_leaves(desk: Desk, tmp_path: Path) -> None:
    now = Moment.now()
    person = people.add_person(desk, {"name": "Lò Thị Pánh", "personal_id": "014148032213"}, "add")
    require_way_out(desk)
    with desk.vault.write() as connection:
        leave.renew(connection, "2020-01-01T00:00:00Z", replace_wall(now, 1_577_836_800 + 50 * DAY))
        leave.advance(connection, replace_wall(now, 1_577_836_800 + 50 * DAY))
    assert desks.apart(desk).stage is Stage.CAPTURE
    for asked in (require_full_leave, require_way_out):
        with pytest.raises(Refusal, match=r"leave\.capture"):
            asked(desk)
    require_lately_proved(desk)
    assert people.reveal(desk, "person", person, "personal_id")
    lapsed = replace(desk, reference=replace(desk.reference, leave=Leave(1, 2, 3)))
    with pytest.raises(Refusal, match=r"leave\.lapsed"):
        people.reveal(lapsed, "person", person, "personal_id")
    people.add_person(lapsed, {"name": "Vì Văn Khụt"}, "add")


def replace_wall(now: Moment, wall: int) -> Moment:
    return Moment(wall, now.up, now.boot)
