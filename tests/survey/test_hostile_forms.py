"""Forms and workbooks of strangers who mean harm: refused or bounded, and what was answered is kept."""

from __future__ import annotations

import io
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from app.actions import surveys
from app.actions.surveys import check_form
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey import nodes
from app.survey.definition import FormDefinition
from app.survey.publish import Checked, check
from app.survey.session import Session
from app.survey.settling import TEXT_MAX
from tests.survey.sheets import Rows, xlsform
from tests.survey.test_session import HEAD
from tests.survey.walks import WORLD

NAME = ("text", "ten", "Họ tên")
ENTITIES = b'<!DOCTYPE a [<!ENTITY x "aaaaaaaaaa">]>'


def form(model: str, body: str = "") -> bytes:
    return f"{HEAD}{model}</model></h:head><h:body>{body}</h:body></h:html>".encode()


def checked(survey: Rows, tmp_path: Path, choices: Rows = ()) -> Checked:
    """As the author's command does it: in the child, within its limits."""
    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform(survey, choices=choices))
    return check_form(file, Progress())


def test_entities_and_what_lies_outside_are_refused() -> None:
    plain = form('<instance><data id="a"><q/></data></instance>')
    with pytest.raises(Refusal, match=r"survey\.xml"):
        FormDefinition.load(ENTITIES + plain.replace(b"<q/>", b"<q>&x;</q>"))


def test_a_million_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "NODES_MAX", 10_000)
    with pytest.raises(Refusal, match=r"survey\.xml"):
        FormDefinition.load(form(f'<instance><data id="a">{"<q/>" * 10_000}</data></instance>'))


def test_calculations_that_double_each_other_come_to_an_end() -> None:
    names = [f"q{n}" for n in range(60)]
    binds = "".join(
        f'<bind nodeset="/data/{after}" calculate="concat(/data/{name}, /data/{name})"/>'
        for name, after in pairwise(names)
    )
    inside = "".join(f"<{name}/>" for name in names)
    content = form(f'<instance><data id="a">{inside}</data></instance>{binds}', '<input ref="/data/q0"/>')
    session = Session.new(FormDefinition.load(content), WORLD)
    before = session.draft()
    with pytest.raises(Refusal, match=r"survey\.text"):
        session.answer("/data/q0", "x")
    assert session.draft() == before
    with pytest.raises(Refusal, match=r"survey\.text"):
        session.answer("/data/q0", "x" * (TEXT_MAX + 1))


def test_rows_that_count_themselves_come_to_an_end() -> None:
    model = '<instance><data id="a"><rep jr:template=""><c/></rep><n/></data></instance>'
    binds = '<bind nodeset="/data/n" type="int" calculate="count(/data/rep) + 1"/>'
    body = '<repeat nodeset="/data/rep" jr:count="/data/n"><input ref="/data/rep/c"/></repeat>'
    with pytest.raises(Refusal, match=r"survey\.(circle|rows)"):
        Session.new(FormDefinition.load(form(model + binds, body)), WORLD)


def test_ten_thousand_rows_are_refused_and_the_filling_stays() -> None:
    model = '<instance><data id="a"><n/><rep jr:template=""><c/></rep></data></instance>'
    binds = '<bind nodeset="/data/n" type="int"/>'
    rows = '<repeat nodeset="/data/rep" jr:count="/data/n"><input ref="/data/rep/c"/></repeat>'
    body = f'<input ref="/data/n"/>{rows}'
    session = Session.new(FormDefinition.load(form(model + binds, body)), WORLD)
    session.answer("/data/n", "2")
    before = session.draft()
    began = time.monotonic()
    with pytest.raises(Refusal, match=r"survey\.rows"):
        session.answer("/data/n", "10000")
    assert session.draft() == before
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("text", "a", "A", "", f"regex('{'a' * 60}!', '^(a|a|aa)+$')"), "rehearsal"),
        (("calculate", "a", "", "", "", "", f"concat(${{ten}}, '{'x' * (TEXT_MAX // 4)}')"), ""),
        (("calculate", "a", "", "", "", "", "(" * 200 + "1" + ")" * 200), "syntax"),
        (("calculate", "a", "", "", "", "", "coalesce(${a}, 0) + 1"), "rehearsal"),
    ],
)
def test_what_an_author_could_write_is_found_in_time(row: tuple[str, ...], code: str, tmp_path: Path) -> None:
    found = checked([NAME, row], tmp_path)
    assert (code in {each.code for each in found.findings}) == bool(code)
    assert found.may_be_published == (not code)


def test_a_form_that_takes_too_long_ends_with_its_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveys, "_SECONDS", 1.0)
    slow = "count(//*[count(//*[count(//*[. = 'x']) > 0]) > 0])"
    rows = [NAME, *(("text", f"q{n}", "Q") for n in range(150)), ("calculate", "c", "", "", "", "", slow)]
    with pytest.raises(Refusal, match=r"child\.(time|broke)"):
        checked(rows, tmp_path)


def test_eleven_thousand_choices_are_an_honest_form(tmp_path: Path) -> None:
    villages = [("ban", f"b{n}", f"Bản {n}") for n in range(11_000)]
    found = checked([NAME, ("select_one ban", "o", "Ở đâu")], tmp_path, choices=villages)
    assert found.may_be_published


def test_a_workbook_that_is_a_bomb_is_refused_before_anything_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    content = io.BytesIO(xlsform([NAME]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/more.xml", b"\0" * (300 << 20))
    file.write_bytes(content.getvalue())
    with pytest.raises(Refusal, match=r"workbook\."):
        check_form(file, Progress())


def test_a_formula_in_a_cell_is_never_reckoned() -> None:
    found = check(xlsform([("text", "a", '=HYPERLINK("http://x","y")')]), {}, (), Progress())
    assert "HYPERLINK" not in found.xform.decode()
