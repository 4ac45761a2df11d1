"""Forms laid on a desk as a centre would have them published."""

from __future__ import annotations

from app.actions.desk import Desk
from app.actions.households import found_household
from app.actions.people import add_person
from app.resources import load_shipped_forms
from app.store import fillings
from app.store.fillings import About
from app.store.opened import open_record
from app.survey.definition import FormDefinition
from app.survey.entities import about
from app.sync.forms import Parcel, lay_forms, read_parcel
from tests.offices import change

HOUSE = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:entities="http://www.opendatakit.org/xforms/entities">
<h:head><h:title>Hỏi hộ</h:title><model entities:entities-version="2025.1.0">
<instance><data id="hoi_ho" version="{version}"><household_id/><address/><poverty/><note/>
 <member jr:template=""><person_id/><full_name/><phone/><birth/><needs/>
  <meta><entity dataset="person" id="" create="" update="" baseVersion=""><label/></entity></meta></member>
 <photo/>{more}
 <meta><instanceID/><entity dataset="household" id="" update="1" baseVersion=""><label/></entity></meta>
 </data>
</instance>
<bind nodeset="/data/household_id" type="string"/>
<bind nodeset="/data/address" type="string" entities:saveto="address"/>
<bind nodeset="/data/poverty" type="string" entities:saveto="poverty"/>
<bind nodeset="/data/note" type="string" entities:saveto="note"/>
<bind nodeset="/data/photo" type="binary"/>
<bind nodeset="/data/member/person_id" type="string"/>
<bind nodeset="/data/member/full_name" type="string" required="true()"/>
<bind nodeset="/data/member/phone" type="string" entities:saveto="phone"/>
<bind nodeset="/data/member/birth" type="string" entities:saveto="birth"/>
<bind nodeset="/data/member/needs" type="string" entities:saveto="needs"/>
<bind nodeset="/data/member/meta/entity/@id" calculate="coalesce(../../../person_id, 'khach-moi')"/>
<bind nodeset="/data/member/meta/entity/@create" calculate="../../../person_id = ''"/>
<bind nodeset="/data/member/meta/entity/@update" calculate="../../../person_id != ''"/>
<bind nodeset="/data/member/meta/entity/label" calculate="../../../full_name"/>
<bind nodeset="/data/meta/entity/@id" calculate="/data/household_id"/>
<bind nodeset="/data/meta/entity/@baseVersion"
 calculate="instance('household')//item[name=/data/household_id]/__version"/>
<bind nodeset="/data/meta/instanceID" jr:preload="uid"/>
<instance id="household" src="jr://file-csv/household.csv"/>
</model></h:head><h:body>
<input ref="/data/address"><label>Địa chỉ</label></input>
<input ref="/data/poverty"><label>Phân loại</label></input>
<input ref="/data/note"><label>Ghi chú</label></input>
<group ref="/data/member"><label>Thành viên</label><repeat nodeset="/data/member">
<input ref="/data/member/full_name"><label>Họ tên</label></input>
<input ref="/data/member/phone"><label>Điện thoại</label></input>
<input ref="/data/member/birth"><label>Sinh</label></input>
<input ref="/data/member/needs"><label>Cần</label></input></repeat></group>
<upload ref="/data/photo" mediatype="image/*"><label>Ảnh</label></upload>{body}
</h:body></h:html>"""


def parcel(xform: str) -> Parcel:
    """A form packed."""
    form = FormDefinition.load(xform.encode())
    return Parcel(form.id, form.version, form.title, xform, about(form))


def house_form(version: str = "1", more: str = "", body: str = "") -> Parcel:
    """A household with its members, a photo; `more` leaves with their `body`."""
    return parcel(HOUSE.format(version=version, more=more, body=body))


def shipped(name: str) -> Parcel:
    """One of those that we ship."""
    return next(each for each in map(read_parcel, load_shipped_forms()) if each.id == name)


def published(desk: Desk, *parcels: Parcel) -> None:
    """These may be filled at this desk, and no other."""
    with desk.vault.write() as connection:
        lay_forms(connection, {each.file: each.text for each in parcels})


def house_of(desk: Desk) -> About:
    """A household of two at this desk."""
    head = add_person(
        desk, {"name": "Cà Văn Inh", "birth": "1979", "hamlet": "Nà Lụa", "phone": "0912000111"}, "add"
    )
    mother = add_person(desk, {"name": "Lò Thị Lả", "birth": "1947-10", "hamlet": "Nà Lụa"}, "add")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", head)
    assert opened
    household = found_household(desk, opened, {"hamlet": "Nà Lụa", "address": "Bản Nà Lụa"}, "found")
    change(desk, mother, household=household, relation="mẹ")
    with desk.vault.read() as connection:
        about = fillings.about_household(connection, household)
    assert about
    return about
