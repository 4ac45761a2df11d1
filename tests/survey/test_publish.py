"""An author's workbook looked over: what is wrong is said with its cell, and nothing wrong is let through."""

from __future__ import annotations

import ast
import string
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from app.actions.surveys import pack_form
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.resources import load_money_words
from app.survey import lint, publish, rehearsal
from app.survey.definition import FormDefinition
from app.survey.findings import ERROR
from app.survey.publish import Checked, check
from app.survey.session import Session
from tests.catalogues import LANGUAGES, said
from tests.survey.recorded import forms, recorded
from tests.survey.sheets import Rows, xlsform
from tests.survey.walks import WORLD

NAME = ("text", "ten", "Họ tên")
YESNO = [("cokhong", "co", "Có"), ("cokhong", "khong", "Không")]


def looked_over(survey: Rows, **more: object) -> Checked:
    return check(xlsform(survey, **more), {}, load_money_words(), Progress())  # type: ignore[arg-type]


def told(found: Checked) -> list[tuple[str, str, str]]:
    return [(each.code, each.sheet, each.cell) for each in found.findings]


def test_a_sound_form_may_be_published() -> None:
    found = looked_over([NAME, ("integer", "tuoi", "Tuổi", "", ". < 130", "Tuổi quá lớn")])
    assert told(found) == []
    assert found.may_be_published
    assert (found.id, found.version, found.title, found.questions) == ("thu", "1", "Phiếu thử", 2)
    form = FormDefinition.load(found.xform)
    assert (form.id, form.sha256) == (found.id, found.sha256)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("text", "a", "A", "tuoi-cua(1) > 2"), ("no_function", "survey", "D3")),
        (("calculate", "a", "", "", "", "", "round()"), ("arguments", "survey", "G3")),
        (("text", "a", "A", "/data/nobody = 1"), ("no_path", "survey", "D3")),
        (("calculate", "a", "", "", "", "", "instance('x')/list/row"), ("no_list", "survey", "G3")),
        (("text", "a", "A", "${nobody} = 1"), ("author", "survey", "A3")),
        (("text", "a", "A", "1 +"), ("syntax", "survey", "D3")),
        (("nothing_known", "a", "A"), ("author", "survey", "A3")),
        (("calculate", "a", "", "", "", "", "count('x')"), ("rehearsal", "survey", "G3")),
        (("text", "a", "A", "count('x')"), ("rehearsal", "survey", "D3")),
        (("text", "a", ""), ("author", "survey", "B3")),
    ],
)
def test_what_cannot_run_is_an_error_with_its_cell(row: tuple[str, ...], expected: tuple[str, ...]) -> None:
    found = looked_over([NAME, row])
    assert not found.may_be_published
    assert found.xform == b""
    assert expected in told(found)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (("text", "a", "A", "khong(1)", "", ""), "D3"),
        (("calculate", "a", "", "", "${ten}", "khong(2)"), "F3"),
    ],
)
def test_what_an_event_sets_is_tried_and_placed(row: tuple[str, ...], cell: str) -> None:
    found = looked_over([NAME, row], headings=("type", "name", "label", "default", "trigger", "calculation"))
    assert told(found) == [("rehearsal", "survey", cell)]


def test_a_circle_is_an_error() -> None:
    rows = [
        ("calculate", "a", "", "", "", "", "${b} + 1"),
        ("calculate", "b", "", "", "", "", "${a} + 1"),
        NAME,
    ]
    found = looked_over(rows)
    assert [each.code for each in found.findings] == ["circle"]
    assert found.findings[0].cell in ("G2", "G3")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([NAME, ("integer", "tuoi", "Tuổi", "", ". < 130")], ("no_message", "survey", "E3")),
        ([("integer", "thu_nhap", "Thu nhập một tháng")], ("money_as_int", "survey", "A2")),
        ([NAME, ("calculate", "a", "", "", "", "", "coalesce(${a}, 1)")], ("asks_itself", "survey", "G3")),
        ([NAME, ("text", "a", "A", "1 < string-length(${ten}) < 3")], ("chained", "survey", "D3")),
    ],
)
def test_what_will_be_regretted_is_a_warning(rows: Rows, expected: tuple[str, ...]) -> None:
    found = looked_over(rows)
    assert found.may_be_published
    assert expected in told(found)


def test_labels_in_no_vietnamese_are_told() -> None:
    headings = ("type", "name", "label::English (en)", "label::French (fr)")
    found = looked_over([("text", "a", "Name", "Nom")], headings=headings)
    assert ("no_vietnamese", "survey", "") in told(found)
    assert found.may_be_published


def test_a_question_without_a_vietnamese_label_is_told_with_its_cell() -> None:
    headings = ("type", "name", "label::English (en)", "label::Tiếng Việt (vi)")
    found = looked_over([("text", "a", "Name", "Họ tên"), ("text", "b", "Age", "")], headings=headings)
    assert ("no_label", "survey", "D3") in told(found)


def test_a_choice_without_a_label_is_told_with_its_cell() -> None:
    found = looked_over([("select_one cokhong", "a", "A")], choices=[*YESNO, ("cokhong", "x", "")])
    assert ("no_label", "choices", "C4") in told(found)


SCORED = [
    ("select_one cokhong", "nha", "Có nhà kiên cố?"),
    ("integer", "nguoi", "Số người"),
    ("calculate", "diem", "", "", "", "", "if(${nha} = 'co', 0, 10) + ${nguoi} * 5"),
]


def test_the_score_sheet_is_reckoned() -> None:
    cases = [("nha", "nguoi", "diem?"), ("co", 2, 10), ("khong", 4, 30)]
    found = looked_over(SCORED, choices=YESNO, score=cases)
    assert (told(found), found.cases) == ([], 2)


def test_a_score_that_comes_out_otherwise_forbids_publishing() -> None:
    cases = [("nha", "nguoi", "diem?", "nobody"), ("co", 2, 10, ""), ("khong", 4, 31, "")]
    found = looked_over(SCORED, choices=YESNO, score=cases)
    assert told(found) == [
        ("score_name", "score", "D2"),
        ("score", "score", "C3"),
        ("score_name", "score", "D3"),
    ]
    assert found.findings[1].facts == {"name": "diem", "got": "30", "expected": "31"}
    assert not found.may_be_published


def test_a_list_beside_the_form_is_used_and_one_that_is_not_there_is_told() -> None:
    rows = [("select_one_from_file ban.csv", "ban", "Bản"), NAME]
    assert told(looked_over(rows)) == [("list_elsewhere", "", "")]
    beside = {"ban.csv": "name,label\nb1,Bản Nà Lụa\n".encode()}
    assert check(xlsform(rows), beside, (), Progress()).findings == ()


def test_the_list_of_its_own_entities_comes_from_the_register_and_is_not_missed() -> None:
    rows = [("csv-external", "person"), ("csv-external", "hamlets"), ("hidden", "person_id"), NAME]
    entities = [("list_name", "entity_id"), ("person", "${person_id}")]
    found = looked_over(rows, entities=entities)
    assert [(each.code, each.facts) for each in found.findings] == [
        ("list_elsewhere", {"list": "hamlets.csv"})
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook", xlsform([NAME])[:900]])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match=r"survey\.workbook"):
        check(content, {}, (), Progress())


@pytest.mark.parametrize("name", forms(".xlsx"))
def test_forms_of_others_may_be_published(name: str) -> None:
    assert check(recorded()[name], {}, load_money_words(), Progress()).may_be_published


def test_what_is_chosen_is_offered_as_it_is_kept() -> None:
    """A workbook of a machine that writes marks apart from their letters."""
    nfd = unicodedata.normalize("NFD", "đất")
    choices = [("dat", nfd, nfd)]
    found = looked_over([("select_one dat", "o_dau", "Ở đâu")], choices=choices)
    session = Session.new(FormDefinition.load(found.xform), WORLD)
    session.answer("/data/o_dau", nfd)
    assert session.node("/data/o_dau").value == "đất"
    packed = pack_form(replace(found, lists={"dat.csv": f"name,label\n{nfd},{nfd}\n".encode()}))
    assert packed.lists == {"dat.csv": "name,label\nđất,đất\n"}


def test_groups_within_groups_have_an_end() -> None:
    deep = [("begin group", f"g{n}", f"G{n}") for n in range(32)] + [NAME] + [("end group",)] * 32
    found = looked_over(deep)
    assert [(each.code, each.weight) for each in found.findings] == [("form", ERROR)]


def _codes() -> set[str]:
    """Every code of a finding, read out of the source; the engine's own refusals among them."""
    codes = {"form", "syntax", "circle", "list", "instance", "xml"}
    for module in (lint, publish, rehearsal):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "Finding",
                "_at",
            ):
                code = node.args[1] if len(node.args) > 1 else None
                if isinstance(code, ast.Constant):
                    codes.add(str(code.value))
    return codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_its_sentence(language: str) -> None:
    words = said(language)
    assert sorted(code for code in _codes() if not words.get(f"finding.survey.{code}")) == []
    known = {
        "name",
        "function",
        "asked",
        "list",
        "said",
        "why",
        "its_name",
        "its_what",
        "got",
        "expected",
        "what",
    }
    for code in _codes():
        fields = {
            field for _t, field, _s, _c in string.Formatter().parse(words[f"finding.survey.{code}"]) if field
        }
        assert fields <= known | {"at", "line"}
