"""One filling: what an answer moves, what is refused and leaves everything as it was, what a draft keeps."""

from __future__ import annotations

from functools import partial

import pytest

from app.domain.errors import Refusal
from app.survey.answers import ROWS_MAX
from app.survey.definition import FormDefinition
from app.survey.session import Session
from tests.survey.walks import WORLD

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Phiếu thử</h:title><model>'
)
HOUSE = f"""{HEAD}<instance><data id="house" version="3"><name/><born/><income/><kids/>
<member jr:template=""><who/><age/><school/></member><total/><pick/><reason/></data></instance>
<instance id="schools"><list><item><name>a</name><label>Nà Lụa</label><level>1</level></item>
<item><name>b</name><label>Co Mạ</label><level>2</level></item></list></instance>
<bind nodeset="/data/name" required="true()" jr:requiredMsg="Phải có họ tên"/>
<bind nodeset="/data/born" type="date" constraint=". &lt;= today()" jr:constraintMsg="Chưa tới ngày ấy"/>
<bind nodeset="/data/income" type="decimal"/><bind nodeset="/data/kids" type="int"/>
<bind nodeset="/data/member/age" type="int"/>
<bind nodeset="/data/member/school" relevant="../age &lt; 16"/>
<bind nodeset="/data/total" type="int" calculate="sum(/data/member/age[. != ''])"/>
<bind nodeset="/data/reason" relevant="/data/kids &gt; 9" required="/data/kids &gt; 9"/></model></h:head>
<h:body><input ref="/data/name"><label>Họ tên</label></input><input ref="/data/born"/>
<input ref="/data/income"/><input ref="/data/kids"><label>Số con</label></input>
<group ref="/data/member"><label>Người</label><repeat nodeset="/data/member"><input ref="/data/member/who"/>
<input ref="/data/member/age"/><select1 ref="/data/member/school"><itemset
nodeset="instance('schools')/list/item[level &lt;= current()/../age div 6]"><value ref="name"/>
<label ref="label"/></itemset></select1></repeat></group><input ref="/data/reason">
<label>Vì sao <output value="/data/name"/> có <output value="/data/kids"/> con?</label></input>
</h:body></h:html>"""


@pytest.fixture
def house() -> Session:
    return Session.new(FormDefinition.load(HOUSE.encode()), WORLD)


def value(session: Session, ref: str) -> str:
    return session.node(ref).value


def with_member(session: Session, age: str) -> None:
    session.add_repeat("/data/member")
    session.answer(f"/data/member[{session.repeats()[0].count}]/age", age)


def test_an_answer_tells_what_it_changed_and_nothing_else(house: Session) -> None:
    with_member(house, "8")
    with_member(house, "20")
    delta = house.answer("/data/member[1]/age", "9")
    assert set(delta.nodes) >= {"/data/member[1]/age", "/data/total"}
    assert "/data/member[2]/age" not in delta.nodes
    assert value(house, "/data/total") == "29"
    assert house.answer("/data/member[1]/age", "9").nodes == {}


def test_what_is_not_relevant_keeps_its_answer_unseen(house: Session) -> None:
    with_member(house, "8")
    house.answer("/data/member[1]/school", "a")
    house.answer("/data/member[1]/age", "20")
    school = house.node("/data/member[1]/school")
    assert (school.is_relevant, school.value) == (False, "")
    assert b"<school" not in house.xml()
    assert b"<school>a</school>" in house.draft()
    house.answer("/data/member[1]/age", "8")
    assert value(house, "/data/member[1]/school") == "a"


def test_a_choice_that_is_offered_no_longer_goes(house: Session) -> None:
    with_member(house, "14")
    assert [choice.label for choice in house.choices("/data/member/school")] == ["Nà Lụa", "Co Mạ"]
    house.answer("/data/member/school", "b")
    delta = house.answer("/data/member/age", "9")
    assert value(house, "/data/member/school") == ""
    assert delta.nodes["/data/member[1]/school"] >= {"value", "choices"}
    house.answer("/data/member/school", "b")  # not offered
    assert value(house, "/data/member/school") == ""


def test_required_and_constraint_say_the_forms_words(house: Session) -> None:
    assert (house.node("/data/name").violation, house.node("/data/name").message) == (
        "required",
        "Phải có họ tên",
    )
    house.answer("/data/name", "Lò Thị Pánh")
    assert house.node("/data/name").violation == ""
    house.answer("/data/born", "2031-01-01")
    born = house.node("/data/born")
    assert (born.value, born.violation, born.message) == ("2031-01-01", "constraint", "Chưa tới ngày ấy")
    house.answer("/data/born", "")
    assert house.node("/data/born").violation == ""  # of nothing, a constraint says nothing


def test_a_label_quotes_answers(house: Session) -> None:
    house.answer("/data/name", "Pánh")
    delta = house.answer("/data/kids", "12")
    assert house.node("/data/reason").label == "Vì sao Pánh có 12 con?"
    assert house.node("/data/reason").violation == "required"
    assert delta.nodes["/data/reason"] >= {"relevant", "required", "violation"}


def test_money_is_a_decimal_and_a_whole_number_too_large_is_refused(house: Session) -> None:
    house.answer("/data/income", "5400000000")
    assert value(house, "/data/income") == "5400000000.0"
    house.answer("/data/kids", "3")
    before = house.draft()
    with pytest.raises(Refusal, match=r"survey\.int"):
        house.answer("/data/kids", "5400000000")
    assert house.draft() == before
    assert value(house, "/data/kids") == "3"


def test_text_is_kept_in_one_form(house: Session) -> None:
    house.answer("/data/name", "Pa\u0301nh")
    assert value(house, "/data/name") == "Pánh"


FAILS = f"""{HEAD}<instance><data id="fails"><a/><b/><rep jr:template=""><c/></rep><n/></data></instance>
<bind nodeset="/data/n" type="int" calculate="count(/data/rep)"/>
<bind nodeset="/data/b" calculate="if(/data/a = 'x' or /data/n = 2, count('x'), 1)"/></model></h:head>
<h:body><input ref="/data/a"/><repeat nodeset="/data/rep"><input ref="/data/rep/c"/></repeat></h:body>
</h:html>"""


def test_what_an_expression_refuses_leaves_everything_as_it_was() -> None:
    session = Session.new(FormDefinition.load(FAILS.encode()), WORLD)
    session.answer("/data/a", "y")
    session.add_repeat("/data/rep")
    session.answer("/data/rep[1]/c", "đây")
    before, seen = session.draft(), list(session.nodes())
    for change in (partial(session.answer, "/data/a", "x"), partial(session.add_repeat, "/data/rep")):
        with pytest.raises(Refusal, match=r"survey\.nodes"):
            change()
        assert session.draft() == before
        assert list(session.nodes()) == seen
    session.remove_repeat("/data/rep[1]")
    assert value(session, "/data/n") == "0"
    session.answer("/data/a", "z")
    assert value(session, "/data/b") == "1"


def test_a_removed_row_comes_back_where_it_was_when_what_follows_is_refused() -> None:
    form = FormDefinition.load(FAILS.replace("= 2", "= 1").encode())
    session = Session.new(form, WORLD)
    # One row is refused, so two cannot be begun with: the third answer is laid into a draft.
    draft = session.draft().replace(b"<n>0</n>", b"<rep><c>an</c></rep><rep><c>em</c></rep><n>2</n>")
    session = Session.resume(form, WORLD, draft)
    before = session.draft()
    with pytest.raises(Refusal, match=r"survey\.nodes"):
        session.remove_repeat("/data/rep[1]")
    assert session.draft() == before
    assert value(session, "/data/rep[1]/c") == "an"


def test_rows_have_an_end(house: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ROWS_MAX == 1_000
    monkeypatch.setattr("app.survey.answers.ROWS_MAX", 3)
    for _ in range(3):
        house.add_repeat("/data/member")
    before = house.draft()
    with pytest.raises(Refusal, match=r"survey\.rows"):
        house.add_repeat("/data/member")
    assert house.draft() == before


def test_a_reference_names_rows_by_their_place(house: Session) -> None:
    for age in ("8", "9", "10"):
        with_member(house, age)
    assert [node.ref for node in house.nodes() if node.ref.endswith("/age")] == [
        f"/data/member[{place}]/age" for place in (1, 2, 3)
    ]
    assert value(house, "/data/member[2]/age") == "9"
    assert value(house, "/data/member/age") == "8"
    house.remove_repeat("/data/member[2]")
    assert value(house, "/data/member[2]/age") == "10"


@pytest.mark.parametrize(
    "ref",
    [
        "/data/nothing",
        "/data/member[3]/age",
        "/data/member[0]/age",
        "/data",
        "",
        "//[",
        "'x'",
        "/data/name[2]",
    ],
)
def test_an_answer_to_no_question_is_refused(house: Session, ref: str) -> None:
    with pytest.raises(Refusal):
        house.answer(ref, "1")


def test_a_draft_keeps_what_the_officer_made_of_a_calculation(house: Session) -> None:
    with_member(house, "8")
    house.answer("/data/total", "80")
    again = Session.resume(house.form, WORLD, house.draft())
    assert value(again, "/data/total") == "80"
    again.answer("/data/member/age", "9")
    assert value(again, "/data/total") == "9"


GUARDED = f"""{HEAD}<instance><data id="g"><a/><b/><c/></data></instance>
<bind nodeset="/data/b" relevant="/data/a = 1" calculate="/data/a + /data/c"/></model></h:head>
<h:body><input ref="/data/a"/><input ref="/data/c"/></h:body></h:html>"""


def test_relevance_comes_before_the_calculation_that_it_guards() -> None:
    session = Session.new(FormDefinition.load(GUARDED.encode()), WORLD)
    session.answer("/data/c", "1")
    session.answer("/data/a", "1")
    assert value(session, "/data/b") == "2"
    session.answer("/data/a", "5")
    assert b"<b>2</b>" in session.draft()  # what is not relevant keeps what it held


def test_a_draft_of_another_form_is_refused(house: Session) -> None:
    for draft in (b"<other/>", b"<data><strange/></data>", b"no"):
        with pytest.raises(Refusal):
            Session.resume(house.form, WORLD, draft)


CIRCLE = f"""{HEAD}<instance><data id="c"><a/><b/></data></instance>
<bind nodeset="/data/a" calculate="/data/b + 1"/>
<bind nodeset="/data/b" calculate="/data/a + 1"/></model></h:head><h:body/></h:html>"""
LONG = f"""{HEAD}<instance><data id="l">{"".join(f"<q{n}/>" for n in range(1_500))}</data></instance>{
    "".join(f'<bind nodeset="/data/q{n}" type="int" calculate="/data/q{n + 1} + 1"/>' for n in range(1_499))
}</model></h:head>
<h:body><input ref="/data/q1499"/></h:body></h:html>"""


def test_a_circle_is_named_and_a_long_chain_is_none() -> None:
    with pytest.raises(Refusal, match=r"survey\.circle"):
        FormDefinition.load(CIRCLE.encode())
    session = Session.new(FormDefinition.load(LONG.encode()), WORLD)
    session.answer("/data/q1499", "1")
    assert value(session, "/data/q0") == "1500"
