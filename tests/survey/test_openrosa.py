"""What an ODK Central takes, and what it would not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.survey.definition import FormDefinition
from app.survey.openrosa import faults
from app.survey.session import Session
from app.survey.submission import finalise, violations
from app.survey.taken import Taken
from tests.survey.handed_in import AT
from tests.survey.test_submission import VISIT
from tests.survey.walks import FORMS, WORLD, load

ID = "uuid:0b7e1a52-6f2e-4a7e-9a59-6f6f8a3c1d10"
FORM = FormDefinition.load(VISIT.encode())
OWN = f'<data id="visit" version="7"><who>a</who><meta><instanceID>{ID}</instanceID></meta></data>'
ORX = OWN.replace("<data", '<data xmlns:orx="http://openrosa.org/xforms"')
ORX = ORX.replace("meta>", "orx:meta>").replace("instanceID>", "orx:instanceID>")
CENTRAL = OWN.replace("<data", '<data xmlns="http://opendatakit.org/submissions"')


def of(xml: str, files: tuple[str, ...] = (), corrects: str = "") -> Taken:
    return Taken(xml.encode(), ID, corrects, "Hạnh", AT, "", files)


@pytest.mark.parametrize("xml", [OWN, ORX, CENTRAL])
def test_meta_stands_in_openrosas_namespace_or_the_forms_own(xml: str) -> None:
    assert faults(of(xml), FORM) == []


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("</data>", "", "xml"),
        ('id="visit"', 'id="other"', "id"),
        (' version="7"', "", "version"),
        ("meta>", "about>", "meta"),
        ("<meta>", '<meta xmlns="http://else.where">', "meta"),
        ("instanceID>", "instance>", "instanceID"),
        (ID, "uuid:another", "instanceID"),
        ("</instanceID>", f"</instanceID><instanceID>{ID}</instanceID>", "instanceID"),
        ("</meta>", "<deprecatedID>uuid:old</deprecatedID></meta>", "deprecatedID"),
    ],
)
def test_what_is_missing_or_wrong_is_named(said: str, instead: str, fault: str) -> None:
    assert said in OWN
    assert faults(of(OWN.replace(said, instead)), FORM) == [fault]


@pytest.mark.parametrize("id", ["1234", "uuid:../../x", "uuid:", "uuid:a/b", "uuid:con.", f"uuid:{'a' * 99}"])
def test_an_id_that_is_none_or_leads_elsewhere_is_not_taken(id: str) -> None:
    assert faults(replace(of(OWN.replace(ID, id)), id=id), FORM) == ["instanceID"]


def test_a_correction_names_another_submission() -> None:
    said = OWN.replace("</meta>", "<deprecatedID>uuid:old</deprecatedID></meta>")
    assert faults(of(said, corrects="uuid:old"), FORM) == []
    assert faults(of(OWN, corrects="uuid:old"), FORM) == ["deprecatedID"]
    own = OWN.replace("</meta>", f"<deprecatedID>{ID}</deprecatedID></meta>")
    assert faults(of(own, corrects=ID), FORM) == ["deprecatedID"]


@pytest.mark.parametrize(
    "name",
    ["../a.jpg", "a/b", "a\\b", "", ".", "..", ".a", "a:b", "a.", "nul.jpg", "Submission.xml", "ả" * 90],
)
def test_a_file_that_cannot_lie_beside_it_is_not_taken(name: str) -> None:
    assert faults(of(OWN, (name,)), FORM) == ["files"]


def test_files_are_told_apart_on_every_disk() -> None:
    assert faults(of(OWN, ("ảnh 1.jpg", "ảnh 2.jpg")), FORM) == []
    assert faults(of(OWN, ("a.jpg", "A.jpg")), FORM) == ["files"]


@pytest.mark.parametrize("name", FORMS)
def test_whatever_is_handed_in_here_is_taken_there(name: str) -> None:
    session = Session.new(load(name), WORLD)
    has_id = any(node.name == "instanceID" and node.held for node in session.root.inside())
    if violations(session) or not has_id:
        return
    made = finalise(session)
    found = faults(Taken(made.xml, made.id, made.corrects, "", AT, "", ()), session.form)
    assert found == ([] if made.id.startswith("uuid:") else ["instanceID"])
