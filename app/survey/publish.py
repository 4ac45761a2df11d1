"""From an author's workbook to a form that laptops fill: XLSForm → XForm → read → looked over → tried.

`pyxform` translates; what it says against a workbook is English, and is handed on as it is with the place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey import rehearsal
from app.survey.definition import FormDefinition
from app.survey.entities import about
from app.survey.findings import ERROR, WARNING, Finding
from app.survey.lint import Lint, finding_at, of_refusal
from app.survey.lists import OF_REGISTER
from app.survey.workbook import Workbook, read_workbook

_EMPTY = {"xml": b"<root/>", "geojson": b'{"features": []}'}
_ROW = re.compile(r"\[row : (\d+)\]")
_QUOTED = re.compile(r"[`']([\w.-]+)[`']")
_SHEET = re.compile(r"'(survey|choices|settings|entities)' sheet|\b(survey|choices|settings|entities) sheet")


@dataclass(frozen=True)
class Checked:
    """A form looked over. `xform`: what laptops would be given, empty while there are errors.

    `about`: what one filling is of; `lists`: those beside the workbook that it asks, by file name.
    """

    id: str
    version: str
    title: str
    languages: tuple[str, ...]
    questions: int
    cases: int
    findings: tuple[Finding, ...]
    xform: bytes
    sha256: str
    lists: dict[str, bytes] = field(default_factory=dict)
    about: str = ""

    @property
    def may_be_published(self) -> bool:
        """Whether nothing forbids it."""
        return not any(each.weight == ERROR for each in self.findings)


def check(content: bytes, beside: Mapping[str, bytes], money: Sequence[str], progress: Progress) -> Checked:
    """Look a workbook over. `beside`: lists that lie with it, by file name; `money`: parts of words of money.

    Refusal("survey.workbook") for what is no workbook; anything else is a finding.
    """
    workbook = read_workbook(content)
    progress.step(0, 3, "Reading the form")
    xform, complaint = _translated(content, workbook)
    if complaint is not None:
        return _bad(workbook, complaint)
    try:
        asked = dict[str, bytes | None]()
        form = FormDefinition.load(xform, partial(_list, beside, asked))
    except Refusal as refused:
        return _bad(workbook, of_refusal(refused, workbook))
    progress.step(1, 3, "Looking it over")
    found = Lint(form, workbook, money).findings()
    absent = (name for name, content in asked.items() if content is None and name not in OF_REGISTER)
    found += [Finding(WARNING, "list_elsewhere", facts={"list": name}) for name in absent]
    cases = 0
    if not any(each.weight == ERROR for each in found):
        progress.step(2, 3, "Trying the form")
        for each in rehearsal.rehearse(form, progress):
            found.append(finding_at(workbook, each, str(each.facts["path"]), str(each.facts["property"])))
        cases, wrong = rehearsal.score(form, workbook)
        found += wrong
    is_bad = any(each.weight == ERROR for each in found)
    questions = sum(1 for each in form.fields.values() if each.control is not None and each.is_leaf)
    return Checked(
        form.id,
        form.version,
        form.title,
        form.languages,
        questions,
        cases,
        tuple(found),
        b"" if is_bad else xform,
        form.sha256,
        {name: content for name, content in asked.items() if content is not None},
        about(form),
    )


def _list(beside: Mapping[str, bytes], asked: dict[str, bytes | None], src: str) -> bytes:
    """A list that the form names; one that is not at hand is tried as an empty one."""
    name = src.rpartition("/")[2]
    asked[name] = found = beside.get(name) if name not in OF_REGISTER else None
    if found is not None:
        return found
    return _EMPTY.get(name.rpartition(".")[2], b"name,label\n")


def _translated(content: bytes, workbook: Workbook) -> tuple[bytes, Finding | None]:
    """As `pyxform.xls2xform.convert`, which goes through a file: the child may write none."""
    from pyxform.builder import create_survey_element_from_dict
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    try:
        book = get_xlsform(content, file_type=".xlsx")
        said = workbook_to_json(book, fallback_form_name=book.fallback_form_name)
        xform: str = create_survey_element_from_dict(said).xml().toxml()
        # A value that an officer chooses is kept as NFC (`typed.py`): it must be offered so.
        return unicodedata.normalize("NFC", xform).encode(), None
    except PyXFormError as error:
        return b"", _complaint(" ".join(str(error).split()), workbook)


def _complaint(said: str, workbook: Workbook) -> Finding:
    """By the row that pyxform names, or by a name or type of a question in what it says."""
    row, sheet = _ROW.search(said), _SHEET.search(said)
    named = next((name for name in sheet.groups() if name), "survey") if sheet else "survey"
    found = Finding(ERROR, "author", named, f"A{row[1]}" if row else "", {"said": said})
    quoted = set(_QUOTED.findall(said)) if row is None else set()
    for each in workbook.sheet("survey"):
        for heading in ("name", "type"):
            if each.said(heading) in quoted:
                return replace(found, sheet="survey", cell=each.cell(heading))
    return found


def _bad(workbook: Workbook, finding: Finding) -> Checked:
    settings = next(iter(workbook.sheet("settings")), None)
    name = settings.said("form_id") if settings else ""
    title = settings.said("form_title") if settings else ""
    return Checked(name, "", title, (), 0, 0, (finding,), b"", "")
