"""Workbooks as offices keep them: everybody found, 99.5 % of fields, problems at 0.95, no row lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.sheets.gate import admit
from app.sheets.proposed import Reading
from app.sheets.vocabulary import Meaning
from tests.sheets.layouts import LAYOUTS
from tests.sheets.layouts.base import Layout
from tests.sheets.scoring import Score, read, score, truth_of
from tests.sheets.shuffled import Shuffled
from tests.sheets.workbooks import PlanSheet, write_xlsx

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "samples"
SAMPLES = [HERE / "samples" / "commune-list-a.xlsx", SHARED / "commune-list-b.xlsx"]


def assert_read_well(found: Score) -> None:
    assert (found.missing, found.extra) == ([], []), found.faults[:10]
    assert found.fields >= 0.995, found.faults[:10]
    assert found.precision >= 0.95, found.faults[:10]
    assert found.recall >= 0.95, found.faults[:10]


def assert_every_row_accounted_for(reading: Reading) -> None:
    for sheet in reading.sums:
        here = [person for person in reading.people if person.sheet == sheet.sheet]
        assert sheet.people == len(here)
        assert sheet.questions == sum(question.sheet == sheet.sheet for question in reading.questions)
        assert sheet.rows >= max((person.row for person in here), default=0)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_read_as_a_careful_reader_would(path: Path) -> None:
    if not path.exists():
        pytest.skip("the larger sample is kept beside the project, not in it")
    reading = read(path)
    assert_read_well(score(reading, truth_of(path)))
    assert_every_row_accounted_for(reading)
    assert reading.questions == ()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_other_layouts_are_read_as_well(layout: Layout, tmp_path: Path) -> None:
    sample = layout(tmp_path)
    reading = read(sample.path, kind=admit(sample.path).value)
    assert_read_well(score(reading, sample.truth))
    assert_every_row_accounted_for(reading)


@pytest.mark.parametrize("seed", range(24))
def test_lists_nobody_planned_are_read_as_well(seed: int, tmp_path: Path) -> None:
    sample = Shuffled(seed, tmp_path).make()
    reading = read(sample.path, kind=admit(sample.path).value)
    assert_read_well(score(reading, sample.truth))
    assert_every_row_accounted_for(reading)


def test_an_old_workbook_in_old_fonts_is_read() -> None:
    path = HERE / "samples" / "old-list.xls"
    reading = read(path)
    assert_read_well(score(reading, truth_of(path)))
    assert [person.row for person in reading.people if person.is_hidden] == [9]


def test_rows_of_a_sheet_go_somewhere_and_only_there() -> None:
    sums = read(SAMPLES[0]).sums[0]
    assert (sums.people, sums.headings, sums.totals, sums.questions) == (90, 9, 7, 0)
    assert (sums.other, sums.blank, sums.rows) == (6, 6, 118)


def test_what_was_mended_tells_cell_and_typing() -> None:
    person = read(SAMPLES[0]).people[3]
    told = {(mended.kind, mended.cell): (mended.typed, mended.value) for mended in person.mended}
    assert told["tcvn3", "B14"] == ("TrÞnh Thu TuyÕt", "Trịnh Thu Tuyết")
    assert told["apostrophe", "E14"] == ("'014140223205", "014140223205")
    assert told["unknown_parts", "D14"] == ("00/00/1940", "1940")


def test_a_correction_of_the_columns_is_kept_for_its_layout() -> None:
    first = read(SAMPLES[0])
    layout = first.layouts[0]
    meanings = tuple(column.meaning for column in layout.columns)
    corrected = tuple(Meaning.OTHER if meaning is Meaning.PHONE else meaning for meaning in meanings)
    second = read(SAMPLES[0], {layout.fingerprint: corrected})
    for before, after in zip(first.people, second.people, strict=True):
        assert after.phone == (None if before.layout == layout.fingerprint else before.phone)
    kept = [dict(person.details.extra) for person in second.people if person.layout == layout.fingerprint]
    assert any("Số ĐT" in extra for extra in kept)


def test_a_letter_is_no_list(tmp_path: Path) -> None:
    """Ending well with nobody read would look like an empty list that was imported."""
    letter = PlanSheet("Công văn")
    letter.row(["Kính gửi: Ủy ban nhân dân các xã"])
    letter.row(["V/v rà soát đối tượng bảo trợ xã hội"])
    write_xlsx([letter], tmp_path / "letter.xlsx")
    with pytest.raises(Refusal, match=r"workbook\.no_table"):
        read(tmp_path / "letter.xlsx", kind="xlsx")
