"""Submissions as they lie in the register, gone over again and again: in a summary, in a list that leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.actions.desk import Desk, sight
from app.actions.survey_out import Asked, write_openrosa, write_workbook
from app.actions.surveying import taken as taking
from app.actions.surveying.filling import begin, correct, keep_photo
from app.actions.surveying.handing_in import hand_in
from app.actions.surveying.taken import Answers, fetch_file, read_answers
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store.fillings import About
from app.survey.summary import summary
from tests.actions.test_surveying import JPEG
from tests.actions.test_surveying import house as house
from tests.surveys import house_form, published

FORM = "hoi_ho"


def read(desk: Desk) -> Answers:
    return read_answers(Progress(), desk, FORM)


def handed(desk: Desk, house: About, note: str, photo: bool = False) -> str:
    filling = begin(desk, FORM, house)
    filling.session.answer("/data/note", note)
    if photo:
        filling.session.answer("/data/photo", keep_photo(desk, filling, JPEG))
    return hand_in(desk, filling).record


def test_the_same_at_every_turn_whatever_arrives_meanwhile(
    desk: Desk, house: About, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_PAGE", 2)
    for note in ("một", "hai", "ba"):
        handed(desk, house, note)
    answers = read(desk)
    first = list(answers.taken)
    handed(desk, house, "bốn")
    assert list(answers.taken) == first
    assert len(first) == len(answers.taken) == 3
    assert {each.officer for each in first} == {desk.officer.name}
    assert {each.about for each in first} == {"Cà Văn Inh · Nà Lụa"}
    assert len(read(desk).taken) == 4


def test_a_correction_stands_for_what_it_corrects(desk: Desk, house: About, tmp_path: Path) -> None:
    record = handed(desk, house, "sai")
    again = correct(desk, record)
    again.session.answer("/data/note", "đúng")
    hand_in(desk, again)
    answers = read(desk)
    assert [bool(each.corrects) for each in answers.taken].count(True) == 1
    note = next(each for each in summary(answers.form, answers.taken) if each.name == "note")
    assert note.answered == 1
    path = tmp_path / "answers.xlsx"
    assert write_workbook(Progress(), desk, Asked(answers.form, answers.taken), path) == 1


def test_photos_go_with_their_submission(desk: Desk, house: About, tmp_path: Path) -> None:
    handed(desk, house, f"{'0' * 64}.jpg không phải tệp", photo=True)
    answers = read(desk)
    asked, path = Asked(answers.form, answers.taken), tmp_path / "answers.zip"
    out = write_openrosa(Progress(), desk, asked, lambda name: fetch_file(desk, name), path)
    assert (out.count, out.files, out.missing) == (1, 1, ())
    with ZipFile(path) as packed:
        assert JPEG in [packed.read(name) for name in packed.namelist()]
    assert fetch_file(desk, f"{'0' * 64}.jpg") is None


def test_a_form_that_is_withdrawn_is_told_of_still(desk: Desk, house: About) -> None:
    handed(desk, house, "một")
    published(desk, house_form("2"))
    assert read(desk).form.version == "2"
    published(desk)
    assert read(desk).form.version == "2"
    with pytest.raises(Refusal, match=r"survey\.no_form"):
        read_answers(Progress(), desk, "không có")


def test_whose_answers_are_hidden_from_her_is_not_in_it(desk: Desk, house: About) -> None:
    handed(desk, house, "một")
    other = replace(desk.officer, id="e" * 32, roles=("surveyor",), scope=("Nà Lụa",))
    hers = replace(desk, officer=other)
    desk.vault.bound(sight(hers), other.id)
    assert list(read(hers).taken) == []
