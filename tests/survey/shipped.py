"""The forms that are shipped, and a filling of one by the names of its questions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.domain.progress import Progress
from app.resources import load_money_words, resource
from app.survey.definition import FormDefinition
from app.survey.publish import Checked, check
from app.survey.session import Session
from app.survey.workbook import Workbook, read_workbook
from tests import surveys

FORMS = ("account_wish", "disability_first_look", "enrolment_visit", "poverty_review")
HOUSE, WOMAN = "0f" * 16, "1a" * 16
REGISTER = {
    "household.csv": f"name,label,__version\n{HOUSE},Cà Văn Inh,7\n",
    "person.csv": f"name,label,__version,birth\n{WOMAN},Lò Thị Lả,3,1947-10-05\n",
}


def workbook(name: str) -> Path:
    return resource(f"surveys/{name}.xlsx")


@cache
def looked_over(name: str) -> Checked:
    return check(workbook(name).read_bytes(), {}, load_money_words(), Progress())


@cache
def sheets(name: str) -> Workbook:
    return read_workbook(workbook(name).read_bytes())


def shipped(name: str) -> bytes:
    return surveys.shipped(name).xform.encode()


@cache
def form(name: str) -> FormDefinition:
    return loaded(shipped(name))


def loaded(xform: bytes) -> FormDefinition:
    return FormDefinition.load(xform, lambda src: REGISTER[src.rpartition("/")[2]].encode())


def by_name(session: Session, name: str, row: int = 1) -> str:
    """The reference of a question by its name; in rows, of that one."""
    path = next(path for path in session.form.fields if path.rpartition("/")[2] == name)
    return path.replace("/member/", f"/member[{row}]/")


def answer(session: Session, row: int = 1, **said: str) -> Session:
    for name, text in said.items():
        session.answer(by_name(session, name, row), text)
    return session


def value(session: Session, name: str) -> str:
    return session.node(by_name(session, name)).value
