"""What is handed in: whole or not at all, never edited, with what it says of entities."""

from __future__ import annotations

import hashlib
import random

import pytest
from lxml import etree

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey.definition import FormDefinition
from app.survey.publish import check
from app.survey.session import Session
from app.survey.submission import Submission, correct, finalise, violations
from tests.survey.sheets import xlsform
from tests.survey.test_session import HEAD, HOUSE
from tests.survey.walks import FORMS, WORLD, load, step

SAVED = 'xmlns:entities="http://www.opendatakit.org/xforms/entities" entities:saveto'
CHANGED = '<entity dataset="people" id="" update="1" baseVersion=""><label/></entity>'
MADE = '<entity dataset="people" id="" create="1"><label/></entity>'
VISIT = f"""{HEAD}<instance><data id="visit" version="7"><who/><phone/><note/><photo/><ended/>
<child jr:template=""><name/><meta>{MADE}</meta></child><meta><instanceID/>{CHANGED}</meta></data></instance>
<bind nodeset="/data/who" required="true()"/><bind nodeset="/data/phone" {SAVED}="phone"/>
<bind nodeset="/data/note" relevant="/data/phone = ''"/><bind nodeset="/data/photo" type="binary"/>
<bind nodeset="/data/ended" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
<bind nodeset="/data/child/name" {SAVED}="name"/>
<bind nodeset="/data/child/meta/entity/@id" calculate="concat('new-', position(../../..))"/>
<bind nodeset="/data/child/meta/entity/label" calculate="../../../name"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
<bind nodeset="/data/meta/entity/@id" calculate="/data/who"/>
<bind nodeset="/data/meta/entity/@baseVersion" calculate="if(/data/who = 'p1', 4, '')"/></model></h:head>
<h:body><input ref="/data/who"/><input ref="/data/phone"/><input ref="/data/note"/><upload ref="/data/photo"/>
<repeat nodeset="/data/child"><input ref="/data/child/name"/></repeat></h:body></h:html>"""
OTHER = b"<other><meta><instanceID>x</instanceID></meta></other>"


@pytest.fixture
def visit() -> Session:
    return Session.new(FormDefinition.load(VISIT.encode()), WORLD)


def handed_in(visit: Session) -> Submission:
    visit.answer("/data/who", "p1")
    visit.answer("/data/phone", "0912345678")
    visit.answer("/data/photo", "anh.jpg")
    visit.add_repeat("/data/child")
    visit.answer("/data/child[1]/name", "Lò Văn Bé")
    return finalise(visit)


def test_it_says_what_it_is_of_and_what_it_refers_to(visit: Session) -> None:
    found = handed_in(visit)
    assert (found.form, found.version, found.corrects, found.files) == ("visit", "7", "", ("anh.jpg",))
    assert found.sha256 == hashlib.sha256(found.xml).hexdigest()
    root = etree.fromstring(found.xml)
    assert (root.get("id"), root.get("version")) == ("visit", "7")
    assert root.findtext("meta/instanceID") == found.id
    assert found.id.startswith("uuid:")
    assert root.find("note") is None
    assert root.findtext("ended") == "2026-11-29T08:30:00.000+00:00"


def test_it_says_what_it_makes_and_changes(visit: Session) -> None:
    changed, made = sorted(handed_in(visit).entities, key=lambda each: each.is_new)
    assert (changed.dataset, changed.id, changed.base_version, changed.is_new) == ("people", "p1", "4", False)
    assert changed.values == {"phone": "0912345678"}
    assert (made.id, made.is_new, made.label, made.values) == (
        "new-1",
        True,
        "Lò Văn Bé",
        {"name": "Lò Văn Bé"},
    )


def test_a_group_with_an_entity_of_its_own_saves_to_that_alone() -> None:
    headings = ("type", "name", "label", "save_to")
    rows = [
        ("text", "head", "Chủ hộ", "household#head_name"),
        ("begin_group", "someone", "Người"),
        ("text", "phone", "Điện thoại", "person#phone"),
        ("end_group",),
    ]
    entities = [("list_name", "label"), ("household", "${head}"), ("person", "${phone}")]
    content = xlsform(rows, headings=headings, entities=entities)
    session = Session.new(FormDefinition.load(check(content, {}, (), Progress()).xform), WORLD)
    session.answer("/data/head", "Cà Văn Inh")
    session.answer("/data/someone/phone", "0912345678")
    found = {each.dataset: each.values for each in finalise(session).entities}
    assert found == {"household": {"head_name": "Cà Văn Inh"}, "person": {"phone": "0912345678"}}


def test_what_is_missing_keeps_it_here(visit: Session) -> None:
    before = visit.draft()
    with pytest.raises(Refusal, match=r"survey\.violations") as refused:
        finalise(visit)
    assert refused.value.facts["count"] == 1
    assert [node.ref for node in violations(visit)] == ["/data/who"]
    assert visit.draft() == before


def test_a_correction_is_another_submission_that_names_the_first(visit: Session) -> None:
    first = handed_in(visit)
    again = correct(visit.form, WORLD, first.xml)
    assert again.node("/data/phone").value == "0912345678"
    again.answer("/data/phone", "0987654321")
    again = Session.resume(visit.form, WORLD, again.draft())  # through a draft too
    second = finalise(again)
    assert second.corrects == first.id
    assert second.id != first.id
    third = finalise(correct(visit.form, WORLD, second.xml))
    assert third.corrects == second.id
    assert third.xml.count(b"deprecatedID>") == 2


@pytest.mark.parametrize("content", [b"<data/>", OTHER, b"no"])
def test_what_is_no_submission_of_the_form_is_not_corrected(visit: Session, content: bytes) -> None:
    with pytest.raises(Refusal):
        correct(visit.form, WORLD, content)


def test_what_is_known_before_stands_until_it_is_answered() -> None:
    form = FormDefinition.load(HOUSE.encode())
    session = Session.new(form, WORLD, prefill={"/data/name": "Lò Thị Pánh", "/data/born": "1948-03-12"})
    assert session.node("/data/name").value == "Lò Thị Pánh"
    assert violations(session) == []
    with pytest.raises(Refusal, match=r"survey\.form"):
        Session.new(form, WORLD, prefill={"/data/nothing": "x"})


@pytest.mark.parametrize("name", FORMS[::3])
def test_whatever_is_handed_in_is_whole_and_corrected(name: str) -> None:
    form = load(name)
    session, dice = Session.new(form, WORLD), random.Random(name)
    for _ in range(30):
        step(session, dice)
    has_id = any(node.name == "instanceID" and node.held for node in session.root.inside())
    if violations(session) or not has_id:  # some forms have a place for it, and nothing that fills it
        with pytest.raises(Refusal, match=r"survey\.(violations|form)"):
            finalise(session)
        return
    first = finalise(session)
    assert finalise(correct(form, WORLD, first.xml)).corrects == first.id
