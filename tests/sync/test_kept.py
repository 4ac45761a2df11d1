"""A line kept between two talks: taken again, given up when it failed, grew old or leads elsewhere."""

from __future__ import annotations

import pytest

from app.domain.errors import Trouble
from app.sync import kept
from app.sync.kept import KeptLine


class Line:
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


def lent(line: KeptLine[Line], where: str = "centre") -> Line:
    with line.lent(where, Line) as found:
        assert not found.is_closed
        return found


def test_the_next_talk_takes_the_same_line() -> None:
    line = KeptLine[Line]()
    first = lent(line)
    assert lent(line) is first
    assert not first.is_closed


def test_a_line_on_which_a_talk_failed_is_given_up() -> None:
    line = KeptLine[Line]()
    first = lent(line)
    with pytest.raises(Trouble), line.lent("centre", Line):
        raise Trouble("sync.offline")
    assert first.is_closed
    assert lent(line) is not first


def test_a_line_to_elsewhere_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    line = KeptLine[Line]()
    first = lent(line)
    second = lent(line, "its other address")
    assert first.is_closed
    monkeypatch.setattr(kept, "KEPT_SECONDS", 0.0)
    assert lent(line, "its other address") is not second
    assert second.is_closed


def test_whoever_finds_it_lent_has_one_of_her_own_and_one_is_kept() -> None:
    line = KeptLine[Line]()
    with line.lent("centre", Line) as first, line.lent("centre", Line) as second:
        assert first is not second
    assert second.is_closed
    assert lent(line) is first


def test_hung_up_it_is_kept_no_more_not_even_what_was_lent() -> None:
    line = KeptLine[Line]()
    idle = lent(line)
    line.hang_up()
    assert idle.is_closed
    with line.lent("centre", Line) as late:
        pass
    assert late.is_closed
