"""Submissions for tests of what becomes of them: random fillings, and fillings said in a few words."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.survey.taken import Taken
from tests.survey.test_session import HEAD
from tests.survey.walks import WORLD, step

AT = "2026-11-29T08:30:00.000+07:00"
HOUSE = f"""{HEAD}<itext>
<translation lang="vi" default="true()"><text id="water"><value>Nguồn nước</value></text>
<text id="w1"><value>Giếng</value></text><text id="w2"><value>Suối</value></text></translation>
<translation lang="en"><text id="water"><value>Water</value></text><text id="w1"><value>Well</value></text>
<text id="w2"><value>Stream</value></text></translation></itext>
<instance><data id="house" version="3"><name/><born/><kids/><income/><place/><seen/>
<g><water/><goods/></g><member jr:template=""><who/><age/><illness jr:template=""><what/></illness></member>
<reason/><meta><instanceID/></meta></data></instance>
<instance id="water"><list><item><name>w1</name><itextId>w1</itextId></item><item><name>w2</name>
<itextId>w2</itextId></item></list></instance>
<bind nodeset="/data/born" type="date"/><bind nodeset="/data/kids" type="int"/>
<bind nodeset="/data/income" type="decimal"/><bind nodeset="/data/place" type="geopoint"/>
<bind nodeset="/data/seen" type="dateTime"/><bind nodeset="/data/member/age" type="int"/>
<bind nodeset="/data/reason" relevant="/data/kids &gt; 2"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/></model></h:head>
<h:body><input ref="/data/name"><label>Họ tên</label></input>
<input ref="/data/born"><label>Sinh</label></input>
<input ref="/data/kids"><label>Số con của <output value="/data/name"/></label></input>
<input ref="/data/income"/>
<input ref="/data/place"><label>Toạ độ</label></input><input ref="/data/seen"/><group ref="/data/g">
<select1 ref="/data/g/water"><label ref="jr:itext('water')"/><itemset
nodeset="instance('water')/list/item[name != /data/name]"><value ref="name"/><label ref="jr:itext(itextId)"/>
</itemset></select1><select ref="/data/g/goods"><label>Đồ dùng</label>
<item><label>Tủ lạnh</label><value>fridge</value></item><item><label>Xe máy</label><value>bike</value></item>
</select></group><repeat nodeset="/data/member"><input ref="/data/member/who"/><input ref="/data/member/age"/>
<repeat nodeset="/data/member/illness"><input ref="/data/member/illness/what"/></repeat></repeat>
<input ref="/data/reason"><label>Vì sao</label></input></h:body></h:html>"""


def house() -> FormDefinition:
    """A household with members and their illnesses."""
    return FormDefinition.load(HOUSE.encode())


def filled(answers: Mapping[str, str], name: str = "1", form: FormDefinition | None = None) -> Taken:
    """A filling of the house, or of `form`: rows that an answer names are added."""
    session = Session.new(form or house(), WORLD)
    for ref, text in answers.items():
        for at, sign in enumerate(ref):
            if sign == "]" and not _has(session, ref[: at + 1]):
                session.add_repeat(ref[: ref.rindex("[", 0, at)])
        session.answer(ref, text)
    return taken(session.xml(), name)


def _has(session: Session, ref: str) -> bool:
    return any(node.ref == ref for node in session.nodes())


def taken(xml: bytes, name: str = "1", corrects: str = "") -> Taken:
    """Handed in by Hạnh."""
    return Taken(xml, f"uuid:{name}", corrects and f"uuid:{corrects}", "Lò Thị Hạnh", AT, "Lò Thị Pánh")


def other_version(said: str, name: str = "1") -> Taken:
    """Of the house, as another version of its form would write it: what lies inside the root."""
    return taken(f'<data id="house" version="2">{said}</data>'.encode(), name)


def corrected(first: Taken, name: str) -> Taken:
    """The same, handed in again."""
    return replace(first, id=f"uuid:{name}", corrects=first.id)


def walked(form: FormDefinition, name: str, count: int = 2, steps: int = 25) -> list[Taken]:
    """Random fillings, the same for the same name."""
    made = []
    for at in range(count):
        session, dice = Session.new(form, WORLD), random.Random(f"{name} {at}")
        for _ in range(steps):
            step(session, dice)
        made.append(taken(session.xml(), str(at)))
    return made


def leaves(xml: bytes, top: str) -> Iterator[tuple[str, str]]:
    """Every element that holds text and no elements, by its path without rows, read apart from our reader."""

    def inside(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        if not len(element) and (element.text or "").strip():
            yield path, element.text or ""
        for child in element:
            name = etree.QName(child).localname
            yield from inside(child, f"{path}/{child.prefix}:{name}" if child.prefix else f"{path}/{name}")

    return inside(etree.fromstring(xml), top)
