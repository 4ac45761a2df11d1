"""ODK's XPath beyond the vectors: bounds, order, blank nodes, what raises and what does not."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.survey.nodes import Kind, Node, read_document
from app.survey.xpath.compiling import compile_expression
from app.survey.xpath.context import Context, Scope
from app.survey.xpath.lexer import LENGTH_MAX
from app.survey.xpath.parser import parse
from app.survey.xpath.syntax import Call, Chain, Negation, Number, Text, inside
from app.survey.xpath.values import Value, number_of, number_text, text_of

HOUSE = """<data>
  <household><name>Lò Thị Pánh</name><born>1948-03-12</born><kids/></household>
  <member><name>An</name><age>8</age></member>
  <member><name>Bình</name><age>15</age></member>
  <member><name>Chi</name><age/></member>
</data>"""
PIECES = st.sampled_from(
    "( ) [ ] / // . .. @ , :: | = != < <= > >= + - * div mod and or not count if selected a b-c ns:d ''"
    ' 1 .5 2. current() position() last() ancestor node() text() ~ # { } \' " "x"'.split()
)


def house() -> Scope:
    return Scope(read_document(HOUSE.encode()), clock=lambda: datetime(2026, 11, 29, 20, 0, tzinfo=UTC))


def said(expression: str, scope: Scope | None = None, at: str = "/data") -> Value:
    scope = scope or house()
    found = compile_expression(at)(Context(scope.root, scope))
    assert isinstance(found, list)
    return compile_expression(expression)(Context(found[0], scope))


def told(expression: str, at: str = "/data") -> str:
    return text_of(said(expression, at=at))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(member/age[. != ''])", "23"),
        ("sum(member/age)", "NaN"),  # somebody's is not said
        ("count(member[age >= 10])", "1"),
        ("member[last()]/name", "Chi"),
        ("member[2]/preceding-sibling::member/name", "An"),
        ("//name[2]", ""),  # the second name of one parent, not the second of all
        ("(//name)[2]", "An"),
        ("join(', ', member/name)", "An, Bình, Chi"),
        ("1 - 2 - 3", "-4"),
        ("2 + 3 * 4 = 14 and not(false())", "true"),
        ("- - 2", "2"),
        ("string-length('Pánh')", "4"),
        ("today() > date(household/born)", "true"),
        ("today()", "2026-11-30"),  # eight in the evening of the 29th at Greenwich is the 30th here
        ("format-date(household/born, '%d/%m/%Y')", "12/03/1948"),
        ("decimal-date-time('1970-01-01')", text_of(-7 / 24)),
        ("date('1948-02-31')", "Invalid Date"),
        ("if(household/kids = '', 'none', explode())", "none"),
        ("coalesce(household/kids, 'x')", "x"),
        ("round(1234.5, -2)", "1200"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("substr('Bản Nà Lụa', -3)", "Lụa"),
        ("selected('a b', '')", "false"),
    ],
)
def test_what_it_says(expression: str, expected: str) -> None:
    assert told(expression) == expected


def test_absolute_paths_begin_at_the_answers_even_within_a_list() -> None:
    scope = house()
    listed = read_document(
        b"<instance><list><item><who>Chi</who></item><item><who>Em</who></item></list></instance>"
    )
    scope.instance = {"people": listed.children[0]}.get
    found = said("instance('people')/list/item[who = /data/member/name]/who", scope)
    assert text_of(found) == "Chi"
    here = said("instance('people')/list/item[who = current()/name]/who", scope, at="/data/member[3]")
    assert text_of(here) == "Chi"
    with pytest.raises(Refusal, match=r"survey\.instance"):
        said("instance('nobody')/list", scope)


def test_what_is_not_relevant_reads_as_empty() -> None:
    scope = house()
    found = said("member[1]/age", scope)
    assert isinstance(found, list)
    assert text_of(said("sum(member[1]/age)", scope)) == "8"
    found[0].is_blank = True
    assert text_of(said("member[1]/age", scope)) == ""
    assert text_of(said("count-non-empty(member/age)", scope)) == "1"


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1 +", "syntax"),
        ("(1", "syntax"),
        ("a[", "syntax"),
        ("'open", "syntax"),
        ("", "syntax"),
        ("a b", "syntax"),
        ("elsewhere::a", "syntax"),
        ("nobody(1)", "function"),
        ("concat(1)[1]", "nodes"),
        ("count('a')", "nodes"),
        ("1 | 2", "nodes"),
        ("round()", "arguments"),
        ("indexed-repeat(a, b, 1, c)", "arguments"),
        ("regex('a', '(')", "pattern"),
        ("digest('a', 'CRC')", "digest"),
        ("(" * 500 + "1" + ")" * 500, "syntax"),
        ("1 +" * LENGTH_MAX, "syntax"),
    ],
)
def test_what_makes_no_sense_is_refused(expression: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        said(expression)
    assert refused.value.code == f"survey.{code}"


def test_a_catastrophic_pattern_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(Refusal, match=r"survey\.pattern"):
        said(f"regex('{'a' * 60}!', '^(a|a|aa)+$')")
    assert time.monotonic() - began < 20  # it would take years


def test_long_chains_and_deep_nesting_are_no_recursion() -> None:
    assert told(" + ".join(["1"] * 5_000)) == "5000"
    assert told(" or ".join(["false()"] * 2_000) + " or true()") == "true"
    assert told("if(false(), 1, " * 70 + "'end'" + ")" * 70) == "end"


def refused(text: str) -> Refusal | None:
    try:
        compile_expression(text)
    except Refusal as error:
        return error
    return None


@given(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=40))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    error = refused(text)
    assert error is None or error.code == "survey.syntax"
    assert error is None or 0 <= int(error.facts["at"]) <= len(text)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_whatever_is_read_gives_a_value_or_a_refusal(text: str) -> None:
    try:
        found = said(text)
    except Refusal:
        return
    text_of(found)
    number_of(found, house().zone)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_reads_again(value: float) -> None:
    written = number_text(value)
    assert float(written) == value
    assert written == "0" or not written.endswith(".0")
    if "e" not in written:
        assert told(written.replace("-", "- ")) == written


@given(st.data())
def test_a_union_is_in_document_order_each_once(data: st.DataObject) -> None:
    paths = ["//name", "member", "member[2]/age", "/data/*", "//age/..", "member[3]/preceding::*", "//text()"]
    chosen = data.draw(st.lists(st.sampled_from(paths), min_size=2, max_size=4))
    found = said(" | ".join(chosen))
    assert isinstance(found, list)
    places = [node.place for node in found]
    assert places == sorted(set(places))


ROWS = [("a", "1"), ("b", "2"), ("a", "2"), ("", "1"), ("c", ""), ("a", "1")]
LIST = "".join(f"<item><k>{key}</k><n>{number}</n></item>" for key, number in ROWS * 3)
LOOKED_UP = (
    "[k = '{}']",
    "['{}' = k]",
    "[k = /data/member/name]",
    "[k = current()/name]",
    "[k = '{}'][n = '1']",
    "[k = '{}'][2]",
    "[k = '{}']/n",
    "[k = current()/nothing]",
    "[n = 1]",
    "[k != '{}']",
    "[k = n]",
)


@given(st.sampled_from(LOOKED_UP), st.sampled_from(["a", "b", "", "x"]))
def test_a_row_looked_up_is_the_row_that_a_search_finds(shape: str, key: str) -> None:
    """A list that never changes answers from an index of its columns, any other by looking at each row."""
    content = f"<instance><list>{LIST}</list></instance>".encode()
    found = list[list[tuple[int, ...]]]()
    for is_fixed in (False, True):
        scope = house()
        listed = read_document(content)
        if is_fixed:
            listed.children[0].fix()
        scope.instance = {"rows": listed.children[0]}.get
        names = said("member/name", scope)
        assert isinstance(names, list)
        names[0].write("a")
        rows = said(f"instance('rows')/list/item{shape.format(key)}", scope, at="/data/member[1]")
        assert isinstance(rows, list)
        found.append([node.place for node in rows])
    assert found[0] == found[1]


def test_every_expression_within_one_is_found() -> None:
    tree = parse("if(-a[b = 1] > 2, 'x', count(c | d[e('y')]/f))")
    names = {each.name for each in inside(tree) if isinstance(each, Call)}
    assert names == {"if", "count", "e"}
    assert {each.value for each in inside(tree) if isinstance(each, Number)} == {1, 2}
    assert {each.value for each in inside(tree) if isinstance(each, Text)} == {"x", "y"}
    assert sum(isinstance(each, Chain) for each in inside(tree)) == 2
    assert sum(isinstance(each, Negation) for each in inside(tree)) == 1


def test_days_and_numbers_of_dates() -> None:
    assert said("date('2026-11-29') - date('2026-11-28')") == 1.0
    assert math.isnan(number_of(said("number('29/11/2026')"), house().zone))
    assert told("date(decimal-date-time('2026-11-29T06:00:00+07:00'))") == "2026-11-29T06:00:00.000+07:00"


def test_a_seed_always_shuffles_alike() -> None:
    first, again = (said("join('', randomize(//name, 42))") for _ in range(2))
    assert first == again
    assert sorted(str(first)) == sorted("".join(node.text for node in _nodes("//name")))
    assert said("join('', randomize(//name, 43))") != first


def _nodes(path: str) -> list[Node]:
    found = said(path)
    assert isinstance(found, list)
    assert all(node.kind == Kind.ELEMENT for node in found)
    return found
