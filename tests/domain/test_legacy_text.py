"""TCVN3 and VNI cells come back whole; Unicode, English and codes are left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.legacy_text import decode_tcvn3, decode_vni, guess_encoding, read_legacy
from app.domain.reference import Reference
from app.resources import load_reference
from tests.domain.naughty import NAUGHTY, anything

REFERENCE = load_reference()
SMALL = "".join(REFERENCE.tcvn3.values())
PEOPLE = [
    "Lò Thị Ướt",
    "Nguyễn Văn Phúc",
    "Đỗ Hữu Lợi",
    "Trịnh Thu Tuyết",
    "Hoàng Đình Quý",
    "Vừ A Dơ",
    "Lường Văn Sử",
    "Bùi Quốc Việt",
]


def in_tcvn3(text: str) -> str:
    """As a .Vn* font stores it: toned letters have no capitals there."""
    byte = {letter: shown for shown, letter in REFERENCE.tcvn3.items()}
    return "".join(byte.get(letter, byte.get(letter.lower(), letter)) for letter in text)


def in_vni(text: str) -> str:
    written = {letter: sequence for sequence, letter in REFERENCE.vni.items()}
    return "".join(written.get(letter, letter) for letter in text)


@given(st.text(SMALL + "abcdeghiklmnopqrstuvxy 0123456789.,-", max_size=30))
def test_tcvn3_comes_back_letter_by_letter(text: str) -> None:
    assert decode_tcvn3(in_tcvn3(text), REFERENCE.tcvn3) == text


@pytest.mark.parametrize("name", PEOPLE)
def test_vni_comes_back_in_either_case(name: str) -> None:
    assert decode_vni(in_vni(name), REFERENCE.vni) == name
    assert decode_vni(in_vni(name.upper()), REFERENCE.vni) == name.upper()


def test_the_invisible_letter_survives(reference: Reference) -> None:
    assert decode_tcvn3("L\xadêng H÷u Sö", reference.tcvn3) == "Lường Hữu Sử"


def test_fonts_ending_in_h_draw_capitals(reference: Reference) -> None:
    assert decode_tcvn3("NguyÔn", reference.tcvn3, capitals=True) == "NGUYỄN"
    assert read_legacy("NguyÔn V¨n lan", ".VnTimeH", reference.tcvn3, reference.vni).text == "NGUYỄN VĂN LAN"
    assert read_legacy("lan", ".VnTimeH", reference.tcvn3, reference.vni).text == "LAN"


@pytest.mark.parametrize("name", PEOPLE)
def test_an_unknown_font_is_told_by_its_syllables(name: str) -> None:
    tables = (REFERENCE.tcvn3, REFERENCE.vni)
    assert guess_encoding(in_tcvn3(name), *tables) == "tcvn3"
    assert guess_encoding(in_vni(name), *tables) == "vni"
    assert guess_encoding(name, *tables) == "unicode"
    assert guess_encoding(unicodedata.normalize("NFD", name), *tables) == "unicode"


UNICODE = [
    "Hoà",
    "Lê Tô",
    "Bé",
    "Niê Blô",
    "Krông",
    "Hmông",
    "José René",
    "Müller",
    "São Paulo",
    "café",
    "Zoë",
]
UNICODE += ["30°C", "12 m²", "½ kg", "«Quote»", "© 2026", "Điều 5", "naïve", "señor", "±2", "014148032213"]


@pytest.mark.parametrize("text", UNICODE)
def test_what_is_unicode_stays(text: str) -> None:
    assert read_legacy(text, None, REFERENCE.tcvn3, REFERENCE.vni).text == text


def test_no_commune_is_taken_for_legacy_text(reference: Reference) -> None:
    found = {
        word
        for commune in reference.places.communes
        for word in (commune.name, *commune.name.split())
        if guess_encoding(word, reference.tcvn3, reference.vni) != "unicode"
    }
    assert found == set()


def test_communes_in_tcvn3_are_recognised(reference: Reference) -> None:
    communes = [commune.name for commune in reference.places.communes]
    missed = [
        name for name in communes if guess_encoding(in_tcvn3(name), reference.tcvn3, reference.vni) != "tcvn3"
    ]
    assert len(missed) < len(communes) // 200


def test_unicode_pasted_into_a_legacy_column_stays_unicode(reference: Reference) -> None:
    for text in ("Hoà Hà", "Nguyễn Văn Á", "Trần Thị Tô"):
        assert read_legacy(text, ".VnTime", reference.tcvn3, reference.vni).text == text
    assert read_legacy("Hå", ".VnTime", reference.tcvn3, reference.vni).text == "Hồ"


@given(anything)
def test_any_text_has_an_encoding(text: str) -> None:
    for font in (None, ".VnTime", ".VnArialH", "VNI-Times", "Calibri"):
        read_legacy(text, font, REFERENCE.tcvn3, REFERENCE.vni)


def test_naughty_strings_are_hardly_ever_legacy(reference: Reference) -> None:
    found = {text for text in NAUGHTY if guess_encoding(text, reference.tcvn3, reference.vni) != "unicode"}
    assert found == set()
