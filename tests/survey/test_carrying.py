"""A draft goes over to another version of its form: nothing that has a place there is lost."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.survey.carrying import carried
from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.survey.submission import correct, finalise
from tests.survey.scenarios import state_of
from tests.survey.test_session import HEAD
from tests.survey.test_settling import STEPS, Invented, change
from tests.survey.walks import FORMS, WORLD, load, step


def version(
    inside: str, *, binds: str = "", body: str = "", water: str = "well river", price: str = "5"
) -> FormDefinition:
    """A visit: what lies in its answers beside what every version has."""
    listed = "".join(f"<item><name>{each}</name><p>{price}</p></item>" for each in water.split())
    said = f"""{HEAD}<instance><data id="visit"><who/><water/><goods/><many/>{inside}
<meta><instanceID/></meta></data></instance><instance id="water"><list>{listed}</list></instance>
<bind nodeset="/data/many" type="int"/><bind nodeset="/data/meta/instanceID" jr:preload="uid"/>{binds}</model>
</h:head><h:body><input ref="/data/who"><label>Ai</label></input><select1 ref="/data/water">
<itemset nodeset="instance('water')/list/item"><value ref="name"/><label ref="name"/></itemset></select1>
<select ref="/data/goods"><itemset nodeset="instance('water')/list/item"><value ref="name"/>
<label ref="name"/></itemset></select><input ref="/data/many"/>{body}</h:body></h:html>"""
    return FormDefinition.load(said.encode())


def filled(form: FormDefinition, *said: tuple[str, str]) -> Session:
    session = Session.new(form, WORLD)
    for ref, text in said:
        session.answer(ref, text)
    return session


def over(session: Session, form: FormDefinition) -> tuple[Session, list[str]]:
    return carried(session, form, WORLD)


def assert_same(session: Session) -> None:
    new, lost = over(session, session.form)
    assert lost == []
    assert new.draft() == session.draft()
    assert state_of(new) == state_of(session)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 32))
def test_to_the_very_same_form_nothing_is_lost(seed: int) -> None:
    dice = random.Random(seed)
    invented = Invented(dice)
    session = Session.new(FormDefinition.load(invented.content()), WORLD)
    for _ in range(STEPS):
        change(session, invented, dice)
    assert_same(session)


@pytest.mark.parametrize("name", FORMS)
def test_nor_in_forms_of_others(name: str) -> None:
    session, dice = Session.new(load(name), WORLD), random.Random(name)
    for _ in range(STEPS):
        step(session, dice)
    assert_same(session)


MEMBERS = '<member jr:template=""><name/><age/>{}</member>'
ROWS = '<repeat nodeset="/data/member"{}><input ref="/data/member/name"/>{}</repeat>'


def test_what_is_hidden_now_is_found_again_when_the_answer_is_changed_back() -> None:
    extra = {
        "binds": '<bind nodeset="/data/why" relevant="/data/who != \'\'"/>',
        "body": '<input ref="/data/why"/>',
    }
    form = version("<why/>", **extra)
    session = filled(form, ("/data/who", "Lả"), ("/data/why", "nghèo"), ("/data/who", ""))
    new, lost = over(session, version("<why/><more/>", **extra))
    assert lost == []
    new.answer("/data/who", "Lả")
    assert new.node("/data/why").value == "nghèo"


def test_an_emptied_default_stays_empty_and_a_new_one_is_set() -> None:
    action = '<setvalue ref="/data/{0}" event="odk-instance-first-load" value="\'x\'"/>'
    body = f'<input ref="/data/{{0}}">{action}</input>'
    session = filled(version("<a/>", body=body.format("a")), ("/data/a", ""))
    new, _lost = over(session, version("<a/><b/>", body=body.format("a") + body.format("b")))
    assert (new.node("/data/a").value, new.node("/data/b").value) == ("", "x")


def test_a_choice_that_is_offered_no_more_is_told_and_what_is_left_of_several_stays() -> None:
    session = filled(version(""), ("/data/water", "river"), ("/data/goods", "well river"))
    new, lost = over(session, version("", water="well pipe"))
    assert lost == ["/data/water", "/data/goods"]
    assert (new.node("/data/water").value, new.node("/data/goods").value) == ("", "well")


def test_what_is_not_asked_there_is_told() -> None:
    session = filled(version("<a/><g><b/></g>", body='<input ref="/data/a"/><input ref="/data/g/b"/>'))
    session.answer("/data/a", "1")
    session.answer("/data/g/b", "2")
    assert over(session, version(""))[1] == ["/data/a", "/data/g/b"]
    unasked = version(
        "<a/>", body='<input ref="/data/a"/>', binds='<bind nodeset="/data/a" relevant="false()"/>'
    )
    assert over(session, unasked)[1] == ["/data/a", "/data/g/b"]
    as_number = version(
        "<a/>", body='<input ref="/data/a"/>', binds='<bind nodeset="/data/a" type="decimal"/>'
    )
    new, lost = over(session, as_number)
    assert (new.node("/data/a").value, lost) == ("1.0", ["/data/g/b"])
    session.answer("/data/a", "một")
    assert over(session, as_number)[1] == ["/data/a", "/data/g/b"]


@pytest.mark.parametrize("count", ["", ' jr:count="/data/many"'])
def test_rows_go_over_and_what_is_new_in_them_begins_as_in_a_new_row(count: str) -> None:
    session = filled(version(MEMBERS.format(""), body=ROWS.format(count, "")), ("/data/many", "2"))
    if not count:
        session.add_repeat("/data/member")
        session.add_repeat("/data/member")
    session.answer("/data/member[2]/name", "Bé")
    later = version(
        MEMBERS.format("<job>nông</job>"), body=ROWS.format(count, '<input ref="/data/member/job"/>')
    )
    new, lost = over(session, later)
    assert lost == []
    assert [rows.count for rows in new.repeats()] == [2]
    assert (new.node("/data/member[2]/name").value, new.node("/data/member[2]/job").value) == ("Bé", "nông")


def test_rows_that_she_took_away_do_not_come_back() -> None:
    inside, body = "<member><name>một</name></member>", ROWS.format("", "")
    session = filled(version(inside, body=body))
    session.remove_repeat("/data/member[1]")
    assert [rows.count for rows in over(session, version(inside + "<more/>", body=body))[0].repeats()] == [0]


def test_what_the_register_said_goes_over_though_nobody_may_change_it() -> None:
    extra = {"body": '<input ref="/data/name"/>', "binds": '<bind nodeset="/data/name" readonly="true()"/>'}
    session = Session.new(
        version("<name/><id/>", **extra), WORLD, prefill={"/data/name": "Lả", "/data/id": "7"}
    )
    new, lost = over(session, version("<name/><id/><more/>", **extra))
    assert (new.node("/data/name").value, new.node("/data/id").value, lost) == ("Lả", "7", [])


def test_a_number_that_a_form_itself_says_is_that_of_the_new_version() -> None:
    binds = '<bind nodeset="/data/due" type="int" calculate="/data/price * 2"/>'
    new, _lost = over(
        filled(version("<price>300</price><due/>", binds=binds)),
        version("<price>360</price><due/>", binds=binds),
    )
    assert (new.node("/data/price").value, new.node("/data/due").value) == ("360", "720")


def test_calculations_are_those_of_the_new_version_but_drawn_ids_stay() -> None:
    binds = '<bind nodeset="/data/id" calculate="uuid()"/><bind nodeset="/data/s" calculate="{}"/>'
    looked_up = "instance('water')/list/item[name = /data/water]/p"
    session = filled(version("<id/><s/>", binds=binds.format(looked_up)), ("/data/water", "well"))
    new, _lost = over(session, version("<id/><s/>", binds=binds.format(looked_up), price="9"))
    assert (session.node("/data/s").value, new.node("/data/s").value) == ("5", "9")
    assert new.node("/data/id").value == session.node("/data/id").value


def test_a_question_before_the_one_that_shows_it_is_answered_all_the_same() -> None:
    binds = '<bind nodeset="/data/{}" relevant="/data/{} = \'1\'"/>'
    body = '<input ref="/data/a"/><input ref="/data/b"/>'
    session = filled(version("<a/><b/>", body=body, binds=binds.format("b", "a")), ("/data/a", "1"))
    session.answer("/data/b", "1")
    new, lost = over(session, version("<b/><a/>", body=body, binds=binds.format("a", "b")))
    assert (new.node("/data/a").value, new.node("/data/b").value, lost) == ("1", "1", [])


def test_a_correction_still_names_what_it_corrects() -> None:
    first = finalise(filled(version(""), ("/data/who", "Lả")))
    new, _lost = over(correct(version(""), WORLD, first.xml), version("<more/>"))
    assert finalise(new).corrects == first.id


def test_what_a_row_begins_with_is_set_where_it_is_new() -> None:
    action = '<setvalue ref="/data/member/{0}" event="odk-new-repeat" value="\'x\'"/>'
    session = filled(version(MEMBERS.format(""), body=ROWS.format("", "")))
    session.add_repeat("/data/member")
    body = ROWS.format("", '<input ref="/data/member/job"/>' + action.format("job") + action.format("name"))
    new, _lost = over(session, version(MEMBERS.format("<job/>"), body=body))
    assert (new.node("/data/member[1]/job").value, new.node("/data/member[1]/name").value) == ("x", "")


def test_a_row_that_the_new_version_does_not_count_is_told() -> None:
    inside, body = MEMBERS.format("") + "<n/>", ROWS.format(' jr:count="/data/n"', "")
    binds = '<bind nodeset="/data/n" calculate="/data/many{}"/>'
    session = filled(version(inside, body=body, binds=binds.format("")), ("/data/many", "2"))
    session.answer("/data/member[1]/name", "Lả")
    session.answer("/data/member[2]/name", "Bé")
    new, lost = over(session, version(inside, body=body, binds=binds.format(" - 1")))
    assert lost == ["/data/member[2]/name"]
    assert [(rows.count, new.node(f"{rows.ref}[1]/name").value) for rows in new.repeats()] == [(1, "Lả")]


def test_rows_that_a_form_fixes_are_as_many_as_it_has() -> None:
    row, body = "<member><name/></member>", ROWS.format(' jr:noAddRemove="true()"', "")
    session = filled(version(row, body=body), ("/data/member[1]/name", "Lả"))
    new, lost = over(session, version(row * 2, body=body))
    assert ([rows.count for rows in new.repeats()], lost) == ([2], [])
    assert new.node("/data/member[1]/name").value == "Lả"


def test_a_drawn_id_is_drawn_again_where_the_new_version_draws_another() -> None:
    bind = '<bind nodeset="/data/id" calculate="{}"/>'
    session = filled(version("<id/>", binds=bind.format("uuid()")))
    new, _lost = over(session, version("<id/>", binds=bind.format("substr(uuid(), 0, 4)")))
    assert len(new.node("/data/id").value) == 4


def test_what_the_register_said_in_a_forms_place_goes_over() -> None:
    session = Session.new(version("<price>300</price>"), WORLD, prefill={"/data/price": "280"})
    new, _lost = over(session, version("<price>360</price>"))
    assert new.node("/data/price").value == "280"


def test_an_attribute_that_was_said_once_is_not_said_again() -> None:
    inside, binds = '<a x=""/>', '<bind nodeset="/data/a/@x" calculate="uuid()"/>'
    session = filled(version(inside, binds=binds))
    new, _lost = over(session, version(inside + "<more/>", binds=binds))
    assert session.node("/data/a/@x").value
    assert new.node("/data/a/@x").value == session.node("/data/a/@x").value


def test_words_in_quotes_draw_no_lots() -> None:
    bind = '<bind nodeset="/data/s" calculate="concat(\'now (\', /data/price)"/>'
    new, _lost = over(
        filled(version("<price>300</price><s/>", binds=bind)), version("<price>360</price><s/>", binds=bind)
    )
    assert new.node("/data/s").value == "now (360"
