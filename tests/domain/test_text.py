"""Vietnamese names are cleaned, compared, sorted and searched as people would."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import (
    ALPHABET,
    TONES,
    AmountReading,
    amount_in_words,
    canonical,
    clean,
    fold,
    initials,
    proper_case,
    read_amount,
    read_coefficient,
    show_amount,
    sort_key,
    strip_title,
)
from tests.domain.naughty import anything, names


def oracle(name: str) -> list[tuple[list[int], list[int]]]:
    """The order spelled out: words given name first, each as its letters, then its tones."""
    words = name.lower().split()
    order = []
    for word in [words[-1], *words[:-1]]:
        marks = unicodedata.normalize("NFD", word)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        tones = [TONES.index(mark) + 1 for mark in marks if mark in TONES]
        order.append(([ALPHABET.index(letter) for letter in bare], tones))
    return order


@given(names, names)
def test_keys_sort_as_the_oracle_does(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (oracle(one) < oracle(other))


def test_a_list_of_names_is_in_the_order_of_the_register_book() -> None:
    in_order = [
        "Lê Thị An",
        "Nguyễn An",
        "Trần Văn Anh",
        "Lê Ánh",
        "Bùi Ân",
        "Bùi Dũng",
        "Bùi Đức",
        "Lò Hoa",
        "Lò Hoà",
        "Lò Hoả",
        "Lò Hoã",
        "Lò Hoá",
        "Lò Hoạ",
        "Lò Hoàn",
        "Y Blô Niê",
        "Mùa A Ước",
    ]
    assert sorted(sorted(in_order), key=sort_key) == in_order
    assert sort_key("Lò Hòa") == sort_key("LÒ  HOÀ") == sort_key("lò hoà (B)")


@given(anything)
def test_keys_are_ascii_and_no_longer_than_they_need_be(text: str) -> None:
    assert sort_key(text).isascii()


@given(st.lists(names, min_size=3, max_size=8))
def test_sorting_agrees_byte_by_byte(found: list[str]) -> None:
    keys = sorted(map(sort_key, found))
    assert keys == sorted(keys, key=str.encode)
    assert all(one <= other for one, other in pairwise(keys))


@given(anything)
def test_each_form_is_its_own_form(text: str) -> None:
    for form in (clean, fold, canonical, proper_case):
        assert form(form(text)) == form(text), form
    assert unicodedata.is_normalized("NFC", clean(text))
    assert fold(clean(text)) == fold(text)
    clean(text).encode()


@given(names)
def test_marks_case_and_composition_do_not_matter_to_a_search(name: str) -> None:
    folded = fold(name)
    assert folded.isascii()
    assert folded == fold(unicodedata.normalize("NFD", name)) == fold(name.upper()) == fold(folded)
    assert canonical(unicodedata.normalize("NFD", name)) == canonical(name.upper())


def test_clean_removes_what_nobody_sees() -> None:
    assert clean("  Ðinh\u200b Thị\xa0\xadLan\ufeff \t") == "Đinh Thị Lan"
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Ướt")) == "Nguyễn Thị Ướt"
    assert clean("a\x00b\ud800c") == "abc"


def test_fold_writes_what_one_types() -> None:
    assert fold("NGUYỄN Thị  Đào") == "nguyen thi dao"
    assert fold("H’Hen Niê") == "h'hen nie"
    assert fold("Ƀuôn Ê̆ban") == "buon eban"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà", "HÒA"),
        ("Thuỷ", "Thủy"),
        ("khoẻ", "khỏe"),
        ("Quý", "Qúy"),
        ("Quả", "Qủa"),
        ("già", "gìa"),
        ("Huế", "Húê"),
        ("thuở", "thủơ"),
        ("H'Mông", "h’mông"),
    ],
)
def test_tone_placement_makes_no_difference(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Lý", "Lí"), ("Mỹ", "Mĩ"), ("Văn Lang", "Văn Lăng"), ("của", "cuả"), ("Lan", "Lân")]
)
def test_other_spellings_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN THỊ LAN", "Nguyễn Thị Lan"),
        ("y blô niê", "Y Blô Niê"),
        ("LÝ H'MÔNG", "Lý H'Mông"),
        ("h’hen niê", "H'Hen Niê"),
        ("nguyễn-phước ân", "Nguyễn-Phước Ân"),
        ("Ê̆BAN", "Ê̆ban"),
        ("lò văn a (b)", "Lò Văn A (B)"),
    ],
)
def test_proper_case_respects_names_of_every_people(typed: str, name: str) -> None:
    assert proper_case(typed) == clean(name)


@pytest.mark.parametrize(
    ("written", "title", "rest"),
    [
        ("Ông Lò Văn A", "Ông", "Lò Văn A"),
        ("cụ: Mùa A Páo", "Cụ", "Mùa A Páo"),
        ("Ô.Nguyễn Văn B", "Ông", "Nguyễn Văn B"),
        ("Ông/Bà: Trần A", "Ông/Bà", "Trần A"),
        ("Bà Lan", "Bà", "Lan"),
        ("Bà", "", "Bà"),
        ("Ông Thị Lan", "", "Ông Thị Lan"),
        ("Bùi Thị Em", "", "Bùi Thị Em"),
        ("Châu Văn Bé", "", "Châu Văn Bé"),
    ],
)
def test_a_title_is_no_name(written: str, title: str, rest: str) -> None:
    assert strip_title(written) == (title, rest)


@given(anything)
def test_any_text_has_initials_and_perhaps_a_title(text: str) -> None:
    assert " " not in initials(text)
    assert clean(text).endswith(strip_title(text)[1])


def test_initials_are_what_one_types() -> None:
    assert [initials("Nguyễn Thị Lan"), initials("H'Hen Niê"), initials("")] == ["ntl", "hn", ""]


@pytest.mark.parametrize(
    ("dong", "words"),
    [
        (0, "Không đồng"),
        (540_000, "Năm trăm bốn mươi nghìn đồng"),
        (1_350_000, "Một triệu ba trăm năm mươi nghìn đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (11, "Mười một đồng"),
        (24, "Hai mươi tư đồng"),
        (14, "Mười bốn đồng"),
        (55, "Năm mươi lăm đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_020_000, "Một triệu không trăm hai mươi nghìn đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
    ],
)
def test_amounts_in_words_as_payment_papers_have_them(dong: int, words: str) -> None:
    assert amount_in_words(dong) == words


@given(st.integers(0, 10**12))
def test_no_two_amounts_sound_alike(dong: int) -> None:
    assert amount_in_words(dong) != amount_in_words(dong + 1)
    assert read_amount(show_amount(dong)) == read_amount(f"{dong:,} đ") == AmountReading(dong)


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("1.350.000", 1_350_000),
        ("1,350,000", 1_350_000),
        ("1 350 000", 1_350_000),
        ("540.000đ", 540_000),
        ("540.000 đồng/tháng", 540_000),
        ("540.000,00 VNĐ", 540_000),
        ("540 ngàn", 540_000),
        ("540k", 540_000),
        ("1,35 triệu", 1_350_000),
        ("1tr350", 1_350_000),
        ("1.350 nghìn", 1_350_000),
        ("540000.0", 540_000),
        ("540000", 540_000),
    ],
)
def test_amounts_are_read_as_typed(text: str, dong: int) -> None:
    assert read_amount(text) == AmountReading(dong)


def test_an_amount_that_could_be_two_is_neither() -> None:
    assert {read_amount(text).problem for text in ("1.350 triệu", "1,5", "-5", "5 trâu")} == {
        "invalid_amount"
    }
    assert read_amount(" - ") == AmountReading(None)


@given(anything)
def test_any_text_gives_an_amount_a_coefficient_or_neither(text: str) -> None:
    reading = read_amount(text)
    assert reading.dong is None or (reading.dong >= 0 and reading.problem is None)
    assert read_coefficient(text) is None or 0 < float(read_coefficient(text) or 0) <= 10


def test_coefficients_have_one_spelling() -> None:
    written = {"1,5": "1.5", "1.50": "1.5", "2": "2.0", "2.0": "2.0", "hệ số 2,5": "2.5", "x1": "1.0"}
    assert {text: read_coefficient(text) for text in written} == written
    assert [read_coefficient(text) for text in ("0", "15", "", "một", "1,5,0")] == [None] * 5


CLEAN = "aAàÀăẮđĐðßƀọÓŷŸƠựǰÇ'-.,9²ªº½/"


@given(st.lists(st.text(CLEAN, min_size=1, max_size=9), min_size=1, max_size=5).map(" ".join))
def test_word_by_word_is_as_the_whole(text: str) -> None:
    """Clean text goes by its words, which are remembered; a blank at its end, or a remark, the long way."""
    assert fold(text) == fold(f"{text} ")
    assert sort_key(text) == sort_key(f"{text} (B)")
