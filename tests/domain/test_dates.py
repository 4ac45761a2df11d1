"""Dates keep the precision they came with, and nothing unreadable becomes a date."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import (
    DateReading,
    PartialDate,
    age_on,
    ages_on,
    from_excel_serial,
    read_date,
    show,
)
from tests.domain.naughty import NAUGHTY, anything

TODAY = datetime.date(2026, 11, 23)
days = st.dates(datetime.date(1850, 1, 1), datetime.date(2200, 12, 31))
partial_dates = st.one_of(
    days.map(lambda day: PartialDate(day.year)),
    days.map(lambda day: PartialDate(day.year, day.month)),
    days.map(lambda day: PartialDate(day.year, day.month, day.day)),
)


def read(text: str) -> tuple[str | None, tuple[str, ...], str | None]:
    reading = read_date(text, TODAY)
    return reading.value.iso() if reading.value else None, reading.mended, reading.problem


@given(partial_dates)
def test_iso_and_show_say_the_same_date(date: PartialDate) -> None:
    assert PartialDate.parse(date.iso()) == date
    assert read_date(show(date), TODAY) == DateReading(date)
    assert date.earliest() <= date.latest()


@given(partial_dates, partial_dates)
def test_order_follows_the_calendar(one: PartialDate, other: PartialDate) -> None:
    if one.latest() < other.earliest():
        assert one < other
    assert (one < other) + (one == other) + (one > other) == 1


def test_a_less_precise_date_stands_before_its_days() -> None:
    written = ["1950-03-02", "1950", "1950-03", "1949-12-31", "1950-02-28"]
    in_order = [date.iso() for date in sorted(map(PartialDate.parse, written))]
    assert in_order == ["1949-12-31", "1950", "1950-02-28", "1950-03", "1950-03-02"]


@pytest.mark.parametrize(
    "iso",
    ["", "195", "1950-3", "1950-02-30", "1950-13", "1950-00", "1849", "2201", "１９５０", "1950-03-02 "],
)
def test_only_dates_parse(iso: str) -> None:
    with pytest.raises(ValueError, match=r"date|range|must be"):
        PartialDate.parse(iso)


def test_a_day_without_its_month_is_no_date() -> None:
    with pytest.raises(ValueError, match="without its month"):
        PartialDate(1950, None, 2)


@pytest.mark.parametrize(
    ("text", "iso", "mended"),
    [
        ("2/3/1950", "1950-03-02", ()),
        ("02.03.1950", "1950-03-02", ()),
        ("02-03-1950", "1950-03-02", ()),
        (" 2 / 3\xa0/ 1950 ", "1950-03-02", ()),
        ("'02/03/1950", "1950-03-02", ()),
        ("1950-03-02", "1950-03-02", ()),
        ("1950-03-02 00:00:00", "1950-03-02", ()),
        ("ngày 02 tháng 3 năm 1950", "1950-03-02", ()),
        ("2.3.50", "1950-03-02", ("two_digit_year",)),
        ("2.3.26", "2026-03-02", ("two_digit_year",)),
        ("2.3.27", "1927-03-02", ("two_digit_year",)),
        ("12/28/1951", "1951-12-28", ("month_day_swapped",)),
        ("02031950", "1950-03-02", ("no_separators",)),
        ("18324", "1950-03-02", ("excel_serial",)),
        ("3/1950", "1950-03", ()),
        ("00/03/1950", "1950-03", ("unknown_parts",)),
        ("1945", "1945", ()),
        ("1945.0", "1945", ()),
        ("năm 1945", "1945", ()),
        ("sinh năm 1945", "1945", ()),
        ("SN: 1945", "1945", ()),
        ("00/00/1945", "1945", ("unknown_parts",)),
        ("0/0/1945", "1945", ("unknown_parts",)),
        ("--/--/1945", "1945", ("unknown_parts",)),
        ("…/…/1945", "1945", ("unknown_parts",)),
        ("xx/xx/1945", "1945", ("unknown_parts",)),
        ("15/00/1945", "1945", ("unknown_parts",)),
    ],
)
def test_officers_dates_are_read(text: str, iso: str, mended: tuple[str, ...]) -> None:
    assert read(text) == (iso, mended, None)


@pytest.mark.parametrize("text", ["31/02/1950", "29/2/1950", "13/13/1950", "31.4.1950"])
def test_an_impossible_day_keeps_its_year(text: str) -> None:
    assert read(text) == ("1950", (), "impossible_date")


@pytest.mark.parametrize("text", ["", " ", "-", "--/--/----", "x", "không rõ", "00/00/0000", "'"])
def test_saying_nothing_is_no_problem(text: str) -> None:
    assert read(text) == (None, (), None)


@pytest.mark.parametrize("text", ["abc", "1/2", "45", "2/3/195", "1/1/2300", "014148032213"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read(text) == (None, (), "unreadable_date")


@pytest.mark.parametrize("text", ["O1/02/1950", "20//10//1950", "1950 tại Sơn La"])
def test_the_only_year_of_what_is_no_date_is_kept(text: str) -> None:
    assert read(text) == ("1950", (), "unreadable_date")


@pytest.mark.parametrize("text", ["12/3/1950 (âm lịch)", "12.3.1950 ÂL", "AL: 12/03/1950"])
def test_a_lunar_day_is_asked_about(text: str) -> None:
    assert read(text) == ("1950", (), "lunar_date")


@given(anything)
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read_date(text, TODAY)
    assert reading.value is None or reading.problem != "unreadable_date" or reading.value.month is None


def test_naughty_strings_are_no_dates_of_birth() -> None:
    found = {text: read_date(text, TODAY).value for text in NAUGHTY}
    assert {text for text, value in found.items() if value and value.day} == set()


def test_spreadsheets_count_a_day_too_many() -> None:
    assert from_excel_serial(1) == PartialDate(1900, 1, 1)
    assert from_excel_serial(59) == PartialDate(1900, 2, 28)
    assert from_excel_serial(60) is None
    assert from_excel_serial(61) == PartialDate(1900, 3, 1)
    assert from_excel_serial(18324.75) == PartialDate(1950, 3, 2)
    assert [from_excel_serial(number) for number in (0, -1, 1e9, float("nan"), float("inf"))] == [None] * 5


def test_nobody_is_aged_early() -> None:
    assert age_on(PartialDate(1951, 11, 23), TODAY) == 75
    assert age_on(PartialDate(1951, 11, 24), TODAY) == 74
    assert ages_on(PartialDate(1951), TODAY) == (74, 75)
    assert age_on(PartialDate(1951), TODAY) == 74
    assert ages_on(PartialDate(1951, 10), TODAY) == (75, 75)
    assert age_on(PartialDate(1952, 2, 29), datetime.date(2026, 2, 28)) == 73
