"""Headings as offices write them; and every kind that a reading raises has its words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.sheets.gate import admit
from app.sheets.proposed import Reading
from app.sheets.vocabulary import Meaning, load_vocabulary
from tests.catalogues import LANGUAGES, said
from tests.sheets.scoring import read
from tests.sheets.shuffled import Shuffled

APP = Path(__file__).resolve().parents[2] / "app"


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Họ và tên", Meaning.NAME),
        ("HO VA TEN", Meaning.NAME),
        ("Họ vàtên", Meaning.NAME),
        ("Năm sinh / Nam", Meaning.BIRTH_MALE),
        ("Năm sinh / Nữ", Meaning.BIRTH_FEMALE),
        ("NAM SINH", Meaning.BIRTH),
        ("Ngày sinh / Ngày", Meaning.BIRTH_DAY),
        ("Ngày cấp CCCD", Meaning.ID_ISSUED),
        ("Số CCCD/ĐDCN", Meaning.PERSONAL_ID),
        ("C C C D", Meaning.PERSONAL_ID),
        ("S.T.T", Meaning.ORDINAL),
        ("Điện thọai", Meaning.PHONE),
        ("Tài khoản / Số", Meaning.ACCOUNT),
        ("Tài khoản / Tại ngân hàng", Meaning.PROVIDER),
        ("Tên chủ tài khoản", Meaning.HOLDER),
        ("Người giám hộ / Họ tên", Meaning.PAYEE_NAME),
        ("SĐT người nhận", Meaning.PAYEE_PHONE),
        ("Người nhận trợ cấp", Meaning.NAME),
        ("Họ tên chủ hộ", Meaning.HOUSEHOLD_HEAD),
        ("QH với chủ hộ", Meaning.RELATION),
        ("Truy lĩnh / Số tiền", Meaning.ARREARS),
        ("Tiền (1.000đ)", Meaning.AMOUNT),
        ("Số thẻ BHYT", Meaning.OTHER),
        ("Diện hộ", Meaning.POVERTY),
        ("Nội dung", Meaning.UNKNOWN),
    ],
)
def test_heading(heading: str, meaning: Meaning) -> None:
    assert load_vocabulary().heading(tuple(heading.split(" / "))).best[0] is meaning


def raised_in_code() -> set[str]:
    """The problem kinds written in the rooms that read."""
    kinds: set[str] = set()
    files = [
        *(APP / "sheets").glob("*.py"),
        *(APP / "domain" / f"{name}.py" for name in ("identity", "phones")),
    ]
    for file in (*files, APP / "domain" / "account_cells.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            values = [word.value for word in getattr(node, "keywords", []) if word.arg == "problem"]
            called = getattr(getattr(node, "func", None), "attr", "")
            values += node.args[:1] if isinstance(node, ast.Call) and called == "doubt" else []
            kinds |= {str(value.value) for value in values if isinstance(value, ast.Constant) and value.value}
    return kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_words(language: str, tmp_path: Path) -> None:
    words = said(language)
    assert {meaning for meaning in Meaning if f"sheets.meaning.{meaning}" not in words} == set()
    readings = [_shuffled(seed, tmp_path) for seed in range(8)]
    people = [person for reading in readings for person in reading.people]
    problems = raised_in_code() | {problem.kind for person in people for problem in person.problems}
    mended = {mended.kind for person in people for mended in person.mended}
    assert len(problems) >= 12
    assert len(mended) >= 12
    assert {kind for kind in problems if f"sheets.problem.{kind}" not in words} == set()
    assert {kind for kind in mended if f"sheets.mended.{kind}" not in words} == set()


def _shuffled(seed: int, folder: Path) -> Reading:
    path = Shuffled(seed, folder).make().path
    return read(path, kind=admit(path).value)


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("M.hưởng\n(đ/tháng)", Meaning.AMOUNT),
        ("Đ.tượng", Meaning.GROUP),
        ("S.tiền", Meaning.AMOUNT),
        ("Số đ.danh", Meaning.PERSONAL_ID),
        ("H.số", Meaning.COEFFICIENT),
        ("Họ tên trẻ", Meaning.NAME),
        ("Họ tên cha", Meaning.OTHER),
        ("Họ và tên mẹ", Meaning.OTHER),
        ("Số tài khoản người giám hộ", Meaning.ACCOUNT),
    ],
)
def test_words_cut_short_and_other_people(heading: str, meaning: Meaning) -> None:
    assert load_vocabulary().heading((heading,)).best[0] is meaning
