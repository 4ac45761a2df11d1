"""Submissions as tables: nothing dropped, nothing twice, rows that find their way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import PartialDate
from app.survey.cells import Cell
from app.survey.definition import FormDefinition
from app.survey.labels import root_path
from app.survey.table_layout import Shape
from app.survey.tabulate import Table, lay_out, tables
from app.survey.taken import Taken, replaced
from tests.survey.handed_in import corrected, filled, house, leaves, other_version, taken, walked
from tests.survey.test_session import HEAD
from tests.survey.walks import FORMS, load

ANSWERS = {
    "/data/name": "Lò Thị Pánh",
    "/data/born": "1948-03-12",
    "/data/kids": "3",
    "/data/income": "5400000000",
    "/data/place": "21.33 103.9 600 5",
    "/data/seen": "2026-11-29T07:30:00+07:00",
    "/data/g/water": "w2",
    "/data/g/goods": "bike fridge",
    "/data/member[1]/who": "Bé",
    "/data/member[2]/who": "Tí",
    "/data/member[2]/age": "9",
    "/data/member[2]/illness[1]/what": "sốt",
    "/data/member[2]/illness[2]/what": "ho",
}
FORM = house()


def cell(table: Table, name: str, row: int = 0) -> Cell:
    return table.rows[row][[column.name for column in table.columns].index(name)]


def label(table: Table, name: str) -> str:
    return next(column.label for column in table.columns if column.name == name)


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_answers_stand_as_what_they_are_in_the_forms_order() -> None:
    first = tables(FORM, [filled(ANSWERS)])[0]
    assert names(first) == (
        "SubmissionDate name born kids income place-Latitude place-Longitude place-Altitude place-Accuracy"
        " seen g-water g-goods reason meta-instanceID KEY SubmitterName About FormVersion".split()
    )
    assert cell(first, "born") == PartialDate(1948, 3, 12)
    assert (cell(first, "kids"), cell(first, "income")) == (3, 5_400_000_000)
    assert [cell(first, f"place-{each}") for each in ("Latitude", "Longitude", "Altitude", "Accuracy")] == [
        21.33,
        103.9,
        600,
        5,
    ]
    seen = cell(first, "seen")
    assert isinstance(seen, datetime)
    assert (seen.hour, seen.utcoffset()) == (7, timedelta(hours=7))
    assert [cell(first, each) for each in ("KEY", "SubmitterName", "About", "FormVersion")] == [
        "uuid:1",
        "Lò Thị Hạnh",
        "Lò Thị Pánh",
        "3",
    ]


def test_rows_of_repeats_name_what_they_lie_in() -> None:
    house, member, illness = tables(FORM, [filled(ANSWERS), filled(ANSWERS, "2")])
    assert [house.name, member.name, illness.name] == ["house", "member", "illness"]
    assert names(member) == ["who", "age", "PARENT_KEY", "KEY"]
    assert [row[2:] for row in member.rows[:2]] == [
        ("uuid:1", "uuid:1/member[1]"),
        ("uuid:1", "uuid:1/member[2]"),
    ]
    assert illness.rows[1] == ("ho", "uuid:1/member[2]", "uuid:1/member[2]/illness[2]")
    for table, around in ((member, house), (illness, member)):
        keys = {cell(around, "KEY", at) for at in range(len(around.rows))}
        assert {cell(table, "PARENT_KEY", at) for at in range(len(table.rows))} <= keys


def test_labels_are_those_of_the_language_and_quote_nobody() -> None:
    vietnamese = tables(FORM, [filled(ANSWERS)])[0]
    english = tables(FORM, [filled(ANSWERS)], Shape(language="en"))[0]
    assert (label(vietnamese, "g-water"), cell(vietnamese, "g-water")) == ("Nguồn nước", "Suối")
    assert (label(english, "g-water"), cell(english, "g-water")) == ("Water", "Stream")
    assert label(english, "kids") == "Số con của …"


def test_values_stand_beside_what_was_chosen_when_asked_for() -> None:
    first = tables(FORM, [filled(ANSWERS)], Shape(values=True))[0]
    assert (cell(first, "g-water"), cell(first, "g-water-value")) == ("Suối", "w2")


PLACES = f"""{HEAD}<instance><data id="p"><xa/><ban/><ai/><who><n/></who><meta><instanceID/></meta></data>
</instance><instance id="ban"><list><item><name>1</name><label>Nà Lụa</label><xa>a</xa></item>
<item><name>1</name><label>Co Mạ</label><xa>b</xa></item></list></instance></model></h:head><h:body>
<input ref="/data/xa"/><select1 ref="/data/ban"><itemset nodeset="instance('ban')/list/item[xa = /data/xa]">
<value ref="name"/><label ref="label"/></itemset></select1><repeat nodeset="/data/who">
<input ref="/data/who/n"/></repeat><select1 ref="/data/ai"><itemset nodeset="/data/who[n != '']">
<value ref="position(.)"/><label ref="n"/>
</itemset></select1></h:body></h:html>"""


def test_a_value_with_two_names_and_one_out_of_the_answers_are_asked_of_the_submission() -> None:
    form = FormDefinition.load(PLACES.encode())
    said = "<data><xa>{}</xa><ban>1</ban><ai>2</ai><who><n>Bé</n></who><who><n>Tí</n></who></data>"
    found = tables(form, [taken(said.format(xa).encode(), xa) for xa in "abc"])[0]
    assert [cell(found, "ban", at) for at in range(3)] == ["Nà Lụa", "Co Mạ", "1"]
    assert cell(found, "ai") == "Tí"


def test_several_choices_are_split_when_asked_for() -> None:
    said = [filled(ANSWERS), other_version("<g><goods>bike boat</goods></g>", "2"), filled({}, "3")]
    assert cell(tables(FORM, said)[0], "g-goods") == "fridge bike"
    first = tables(FORM, said, Shape(split=True))[0]
    split = [name for name in names(first) if name.startswith("g-goods")]
    assert split == ["g-goods", "g-goods/fridge", "g-goods/bike", "g-goods/boat"]
    assert [[cell(first, name, at) for name in split] for at in range(3)] == [
        ["fridge bike", 1, 1, 0],
        ["bike boat", 0, 1, 1],
        [None, None, None, None],
    ]
    assert label(first, "g-goods/bike") == "Đồ dùng: Xe máy"


def test_what_was_corrected_is_left_out_unless_asked_for() -> None:
    first = filled(ANSWERS)
    second = corrected(first, "2")
    said = [first, second, corrected(second, "3"), filled({}, "4")]
    assert [row[-4] for row in tables(FORM, said)[0].rows] == ["uuid:3", "uuid:4"]
    assert len(tables(FORM, said)[1].rows) == 2
    whole = tables(FORM, said, Shape(replaced=True))[0]
    assert [cell(whole, "ReplacedBy", at) for at in range(4)] == ["uuid:2", "uuid:3", None, None]


def test_a_circle_of_corrections_loses_nothing() -> None:
    circle = [taken(b"<data/>", "1", "2"), taken(b"<data/>", "2", "1"), taken(b"<data/>", "3", "3")]
    led_to = taken(b"<data/>", "2", "4")
    assert replaced(circle) == {}
    assert replaced([*circle, led_to]) == {"uuid:4": "uuid:2"}
    assert len(tables(FORM, circle)[0].rows) == 3


def test_another_version_shares_columns_and_adds_its_own_at_the_end() -> None:
    old = other_version(
        "<name>Cà</name><roof>tôn</roof><kids>nhiều</kids><kids_old><n>2</n></kids_old><born><y>1950</y></born>"
        "<cow><n>1</n></cow><cow><n>2</n></cow><g>cũ</g>",
        "2",
    )
    first, _member, _illness, cow = tables(FORM, [filled(ANSWERS), old])
    assert names(first)[-8:-4] == ["born-y", "g", "kids_old-n", "roof"]
    assert [cell(first, name, 1) for name in ("name", "kids", "roof", "born-y", "kids_old-n", "g")] == [
        "Cà",
        "nhiều",
        "tôn",
        "1950",
        "2",
        "cũ",
    ]
    assert cow.rows == (("1", "uuid:2", "uuid:2/cow[1]"), ("2", "uuid:2", "uuid:2/cow[2]"))
    assert cell(first, "FormVersion", 1) == "2"


@pytest.mark.parametrize("said", ["007", "1e999", "12345678901234567", "--1", "١٢"])
def test_a_number_that_would_come_out_as_another_stays_text(said: str) -> None:
    found = tables(FORM, [other_version(f"<kids>{said}</kids><income>{said}</income>")])[0]
    assert (cell(found, "kids"), cell(found, "income")) == (said, said)


def test_questions_called_as_our_columns_are_told_apart() -> None:
    found = tables(FORM, [other_version("<KEY>a</KEY><g-water>b</g-water><G-WATER>c</G-WATER>")])[0]
    heads = [name.casefold() for name in names(found)]
    assert len(heads) == len(set(heads))
    assert (cell(found, "KEY"), cell(found, "KEY (form)"), cell(found, "g-water 3")) == ("uuid:1", "a", "b")


def test_what_can_be_gone_over_only_once_is_not_taken() -> None:
    with pytest.raises(ValueError, match="twice"):
        lay_out(FORM, iter([filled(ANSWERS)]))


def _said(found: list[Table]) -> Iterator[tuple[str, str]]:
    """Every answer in the tables, by its path, as it was written."""
    for table in found:
        for row in table.rows:
            by_path = dict[str, list[tuple[str, Cell]]]()
            for column, value in zip(table.columns, row, strict=True):
                if column.path and "@" not in column.path and value is not None:
                    by_path.setdefault(column.path, []).append((column.name, value))
            for path, cells in by_path.items():
                values = [value for name, value in cells if name == f"{cells[0][0]}-value"]
                yield path, " ".join(_written(value) for value in values or [each for _, each in cells])


def _written(value: Cell) -> str:
    match value:
        case PartialDate():
            return value.iso()
        case datetime():
            return str(value.timestamp())
        case int() | float():
            return repr(float(value))
    return str(value)


def _same(text: str) -> str:
    """As a number, a moment or a place is compared: by what it says."""
    try:
        if "T" in text and ":" in text:
            return str(datetime.fromisoformat(text).timestamp())
        return " ".join(repr(float(part)) for part in text.split())
    except ValueError:
        return text


def _is_whole(said: list[Taken], found: list[Table], top: str) -> bool:
    meant = Counter((path, _same(text)) for each in said for path, text in leaves(each.xml, top))
    return meant == Counter((path, _same(text)) for path, text in _said(found))


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_stands_in_exactly_one_cell(name: str) -> None:
    form = load(name)
    said = walked(form, name)
    assert _is_whole(said, tables(form, said, Shape(values=True)), root_path(form))


NAMES = st.sampled_from(["name", "kids", "member", "who", "illness", "g", "water", "x", "y"])
TEXTS = st.sampled_from(["1", "2.5", "a", "w1", "Lò", "2026-11-29"])
INSIDE = st.recursive(
    st.builds("<{0}>{1}</{0}>".format, NAMES, TEXTS),
    lambda deeper: st.builds(
        lambda name, said: f"<{name}>{''.join(said)}</{name}>", NAMES, st.lists(deeper, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(st.lists(INSIDE, max_size=4), max_size=3))
def test_every_answer_of_any_version_stands_in_exactly_one_cell(versions: list[list[str]]) -> None:
    said = [other_version("".join(inside), str(at)) for at, inside in enumerate(versions)]
    found = tables(FORM, said, Shape(values=True))
    assert _is_whole(said, found, "/data")
    keys = [row[names(table).index("KEY")] for table in found for row in table.rows]
    assert len(keys) == len(set(keys))
