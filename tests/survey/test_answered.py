"""A submission read as it was handed in: labels, choices, rows, and nothing that was not relevant."""

from __future__ import annotations

import random

import pytest

from app.domain.errors import Refusal
from app.survey.answered import Line, answered, raw
from app.survey.body import QUESTIONS
from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.survey.submission import finalise
from tests.survey.test_session import HEAD
from tests.survey.walks import FORMS, WORLD, load, step

FORM = f"""{HEAD}<instance><data id="house" version="1"><who/><roof/><rooms/><why/><told/>
<child jr:template=""><name/><pet jr:template=""><kind/></pet></child>
<age/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/rooms" type="int"/><bind nodeset="/data/why" relevant="/data/roof = 'leaf'"/>
<bind nodeset="/data/told" readonly="true()"/><bind nodeset="/data/age" calculate="string-length(/data/who)"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head>
<h:body><group><label>Nhà <output value="/data/who"/></label><input ref="/data/who"><label>Chủ</label></input>
<select ref="/data/roof"><label>Mái</label><item><label>Lá</label><value>leaf</value></item>
<item><label>Ngói</label><value>tile</value></item></select>
<input ref="/data/rooms"><label>Số phòng</label></input></group>
<group><label>Hỏi thêm</label><input ref="/data/why"><label>Vì sao</label></input></group>
<input ref="/data/told"><label>Chỉ để đọc</label></input>
<group ref="/data/child"><label>Con</label><repeat nodeset="/data/child">
<input ref="/data/child/name"><label>Tên</label></input>
<group ref="/data/child/pet"><label>Vật nuôi của <output value="../name"/></label>
<repeat nodeset="/data/child/pet"><input ref="/data/child/pet/kind"><label>Con gì</label></input></repeat>
</group>
</repeat></group></h:body></h:html>"""


@pytest.fixture
def house() -> Session:
    session = Session.new(FormDefinition.load(FORM.encode()), WORLD)
    session.answer("/data/who", "Lả")
    session.answer("/data/roof", "leaf tile")
    return session


def read(session: Session) -> list[Line]:
    return answered(Session.handed_in(session.form, WORLD, finalise(session).xml))


def told(lines: list[Line]) -> list[tuple[int, str, str, int]]:
    return [(line.depth, line.label, line.words, line.row) for line in lines]


def test_groups_rows_and_choices_are_said_in_the_forms_words(house: Session) -> None:
    for _child in range(2):
        house.add_repeat("/data/child")
    house.answer("/data/child[2]/name", "Bé")
    house.add_repeat("/data/child[2]/pet")
    house.answer("/data/child[2]/pet[1]/kind", "lợn")
    assert told(read(house)) == [
        (0, "Nhà Lả", "", 0),
        (1, "Chủ", "Lả", 0),
        (1, "Mái", "Lá, Ngói", 0),
        (1, "Số phòng", "", 0),
        (0, "Con", "", 1),
        (1, "Tên", "", 0),
        (0, "Con", "", 2),
        (1, "Tên", "Bé", 0),
        (1, "Vật nuôi của Bé", "", 1),
        (2, "Con gì", "lợn", 0),
    ]


def test_what_was_not_relevant_is_not_there_nor_a_group_of_nothing_else(house: Session) -> None:
    assert "Hỏi thêm" not in {line.label for line in read(house)}
    house.answer("/data/roof", "leaf")
    house.answer("/data/why", "nghèo")
    assert ("Vì sao", "nghèo") in {(line.label, line.words) for line in read(house)}


def test_nothing_is_reckoned_anew(house: Session) -> None:
    """Whoever reads it in ten years reads what was handed in."""
    before = finalise(house).xml.replace(b"<age>2", b"<age>19").replace(b"leaf tile", b"straw")
    found = Session.handed_in(house.form, WORLD, before)
    assert found.node("/data/age").value == "19"
    assert ("Mái", "straw") in {(line.label, line.words) for line in answered(found)}


def test_another_forms_submission_is_refused(house: Session) -> None:
    with pytest.raises(Refusal, match=r"survey\.draft"):
        Session.handed_in(house.form, WORLD, b"<other/>")


def test_without_a_form_names_and_values_are_told(house: Session) -> None:
    house.add_repeat("/data/child")
    house.answer("/data/child[1]/name", "Bé")
    lines = raw(finalise(house).xml)
    assert {(0, "who", "Lả"), (1, "name", "Bé")} <= {(line.depth, line.label, line.words) for line in lines}
    assert "instanceID" not in {line.label for line in lines}


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_of_forms_of_others_is_read_at_its_place(name: str) -> None:
    session = Session.new(load(name), WORLD)
    dice = random.Random(name)
    for _turn in range(12):
        step(session, dice)
    lines = answered(Session.handed_in(session.form, WORLD, session.xml()))
    kept = (
        node.control.path
        for node in session.nodes()
        if node.control and node.kind in QUESTIONS and node.is_relevant and node.value
    )
    assert sorted(line.path for line in lines if line.words) == sorted(kept)
