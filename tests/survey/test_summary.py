"""What answers come to: asked apart from answered, counted once, in words, none lost between the bars."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import PartialDate
from app.survey.figures import TEXTS_SHOWN, Days, Sizes, Texts
from app.survey.summary import Figure, summary
from app.survey.taken import Taken
from tests.survey import shipped
from tests.survey.handed_in import corrected, filled, house, leaves, other_version, walked
from tests.survey.test_tables import ANSWERS
from tests.survey.walks import FORMS, load

FORM = house()


def of(name: str, said: Sequence[Taken], language: str = "") -> Figure:
    return next(each for each in summary(FORM, said, language) if each.path.endswith(f"/{name}"))


def bars(figure: Figure) -> dict[str, int]:
    return {bar.label: bar.count for bar in figure.bars}


SAID = [filled(ANSWERS), filled({"/data/g/water": "w1", "/data/kids": "0"}, "2"), filled({}, "3")]


def test_questions_stand_in_the_forms_order_with_their_labels() -> None:
    found = summary(FORM, SAID)
    assert [each.name for each in found] == (
        "name born kids income place seen water goods who age what reason".split()
    )
    assert [each.kind for each in found] == (
        "text date number number plain date one many text number text text".split()
    )
    assert of("water", SAID).label == "Nguồn nước"


def test_words_for_whoever_fills_it_are_no_question() -> None:
    review = shipped.form("poverty_review")
    notes = {path for path, each in review.fields.items() if each.is_note and each.control}
    assert notes
    assert notes.isdisjoint(each.path for each in summary(review, []))


def test_one_choice_is_counted_by_its_words() -> None:
    water = of("water", SAID)
    assert (water.asked, water.answered, bars(water)) == (3, 2, {"Giếng": 1, "Suối": 1})
    assert bars(of("water", SAID, "en")) == {"Well": 1, "Stream": 1}


def test_of_several_choices_each_is_counted_and_an_old_one_too() -> None:
    goods = of("goods", [*SAID, other_version("<g><goods>bike boat bike</goods></g>", "4")])
    assert (goods.answered, bars(goods)) == (2, {"Tủ lạnh": 1, "Xe máy": 2, "boat": 1})


def test_what_was_not_relevant_was_not_asked() -> None:
    reason = of("reason", SAID)
    assert (reason.asked, reason.answered) == (1, 0)
    many = of("reason", [filled({"/data/kids": "5", "/data/reason": "xa"})])
    assert (many.asked, many.answered, bars(many)) == (1, 1, {"xa": 1})


def test_rows_are_asked_one_by_one() -> None:
    age = of("age", SAID)
    assert (age.asked, age.answered) == (2, 1)
    assert bars(of("what", SAID)) == {"sốt": 1, "ho": 1}
    assert of("kids", [other_version("<kids>1</kids><kids>2</kids>")]).answered == 2  # once a repeat


def test_numbers_are_told_by_size() -> None:
    numbers = of("kids", SAID).numbers
    assert numbers is not None
    assert (numbers.low, numbers.high, numbers.mean, numbers.median) == (0, 3, 1.5, 1.5)


def test_what_was_corrected_counts_once() -> None:
    first = filled(ANSWERS)
    assert of("kids", [first, corrected(first, "2")]).answered == 1


@given(st.lists(st.floats(-1e15, 1e15) | st.integers(-50, 50).map(float), min_size=1))
def test_every_number_stands_in_one_bar(values: list[float]) -> None:
    sizes = Sizes()
    for value in values:
        sizes.take(repr(value))
    found = sizes.counted()
    assert sum(bar.count for bar in found.bars) == len(values)
    assert len(found.bars) <= 12
    assert found.numbers is not None
    assert found.numbers.median == statistics.median(values)
    ends = [(bar.low, bar.high) for bar in found.bars]
    assert ends == sorted(ends)


def test_whole_numbers_stand_in_whole_bars() -> None:
    sizes = Sizes()
    for age in range(26):
        sizes.take(str(age))
    found = sizes.counted().bars
    assert [(bar.low, bar.high, bar.count) for bar in found[:2]] == [(0, 5, 5), (5, 10, 5)]
    assert (found[-1].low, found[-1].count) == (25, 1)


@pytest.mark.parametrize("said", ["nan", "inf", "1e300", "nhiều"])
def test_what_is_no_number_is_told_beside(said: str) -> None:
    sizes = Sizes()
    sizes.take(said)
    sizes.take("2")
    assert (sizes.counted().others, len(sizes.counted().bars)) == (1, 1)


@given(st.lists(st.dates(PartialDate(1850).earliest(), PartialDate(2200).latest()), min_size=1))
def test_every_day_stands_in_one_bar(days: list[object]) -> None:
    counting = Days()
    for day in days:
        counting.take(str(day))
    found = counting.counted().bars
    assert sum(bar.count for bar in found) == len(days)
    assert len(found) <= 36
    assert [bar.since for bar in found] == sorted({bar.since for bar in found if bar.since})


@pytest.mark.parametrize(
    ("days", "first", "count", "years"),
    [
        (("2026-01-31", "2026-03-01"), PartialDate(2026, 1), 3, 1),
        (("2020-05-01", "2026-03-01"), PartialDate(2020), 7, 1),
        (("1931-05-01", "2004-03-01"), PartialDate(1930), 8, 10),
    ],
)
def test_days_are_told_by_month_by_year_by_ten_years(
    days: tuple[str, ...], first: PartialDate, count: int, years: int
) -> None:
    counting = Days()
    for day in days:
        counting.take(day)
    found = counting.counted().bars
    assert (found[0].since, len(found), found[0].years) == (first, count, years)


def test_a_moment_is_of_its_day_here() -> None:
    seen = of("seen", [other_version("<seen>2026-11-30T18:30:00Z</seen>")])
    assert [bar.since for bar in seen.bars] == [PartialDate(2026, 12)]


def test_of_many_texts_the_frequent_ones_are_told() -> None:
    texts = Texts()
    for at in range(5_000):
        texts.take(str(at))
        texts.take("Nà Lụa")
    found = texts.counted()
    assert [(bar.label, bar.count) for bar in found.bars] == [("Nà Lụa", 5_000)]
    assert found.others == 5_000
    few = Texts()
    for at in range(TEXTS_SHOWN):
        few.take(str(at))
    assert len(few.counted().bars) == TEXTS_SHOWN


@pytest.mark.parametrize("name", FORMS[::4])
def test_every_answer_of_any_form_is_counted(name: str) -> None:
    form = load(name)
    said = walked(form, name)
    found = {each.path: each for each in summary(form, said)}
    told = [path for each in said for path, _text in leaves(each.xml, f"/{form.template.name}")]
    for path, each in found.items():
        assert each.answered == told.count(path)
        in_bars = sum(bar.count for bar in each.bars) + each.others
        assert in_bars >= each.answered if each.kind == "many" else in_bars == each.answered
