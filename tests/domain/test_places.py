"""Places are found by typing and matched by spelling; old communes lead to new ones."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from app.domain.reference import Reference
from app.domain.text import fold
from app.resources import load_former_communes, load_reference
from tests.domain.naughty import anything

REFERENCE = load_reference()
PLACES = REFERENCE.places


def test_there_are_as_many_as_the_law_says() -> None:
    assert (len(PLACES.provinces), len(PLACES.communes)) == (34, 3321)
    assert len(PLACES.commune_by_code) == 3321
    assert {commune.province for commune in PLACES.communes} == set(PLACES.province_by_code)
    kinds = Counter(commune.name.removesuffix(commune.bare_name).strip() for commune in PLACES.communes)
    assert (kinds["Xã"], kinds["Đặc khu"]) == (2611, 13)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sl", "Tỉnh Sơn La"),
        ("son la", "Tỉnh Sơn La"),
        ("Sơn", "Tỉnh Sơn La"),
        ("14", "Tỉnh Sơn La"),
        ("tinh son la", "Tỉnh Sơn La"),
        ("la", "Tỉnh Lai Châu"),
        ("hcm", "Thành phố Hồ Chí Minh"),
        ("HÀ NỘI", "Thành phố Hà Nội"),
    ],
)
def test_a_province_is_found_by_typing(typed: str, name: str) -> None:
    assert name in [province.name for province in PLACES.search_provinces(typed)[:2]]


def test_a_commune_is_found_by_typing() -> None:
    def found(typed: str, province: str | None = None) -> list[str]:
        return [commune.name for commune in PLACES.search_communes(typed, province)]

    assert found("muong lan", "14")[0] == "Xã Mường Lạn"
    assert "Xã Mường Lạn" in found("mu la", "14")
    assert "Xã Mường Lạn" in found("ml", "14")
    assert found("xa muong lan", "14") == ["Xã Mường Lạn"]
    assert found("00004") == ["Phường Ba Đình"]
    assert found("zzzz") == []
    assert len(found("", "14")) == 50


def test_folded_names_find_but_only_spelled_ones_match() -> None:
    alike = Counter((commune.province, fold(commune.bare_name)) for commune in PLACES.communes)
    pairs = [(province, name) for (province, name), count in alike.items() if count > 1]
    assert len(pairs) >= 8
    for province, name in pairs:
        found = [c for c in PLACES.search_communes(name, province) if fold(c.bare_name) == name]
        assert len(found) == alike[province, name]
        for commune in found:
            assert PLACES.match_communes(commune.name, province) == (commune,)


def test_a_name_that_repeats_matches_all_of_its_places() -> None:
    assert len(PLACES.match_communes("Xã Tân Tiến")) == 7
    assert PLACES.match_communes("không có xã này") == ()


def test_every_old_commune_leads_to_one_of_today() -> None:
    former = load_former_communes()
    assert {one.successor for one in former.all} <= set(PLACES.commune_by_code)
    assert all(one.is_usual or one.is_split for one in former.all)


def test_old_names_lead_to_new_ones() -> None:
    former = load_former_communes()
    whole = former.successors("Xã Thanh Sơn", "Ba Chẽ", "Quảng Ninh")
    assert [(one.successor, one.is_split) for one in whole] == [("06978", False)]
    assert len(former.successors("Thanh Sơn")) > 5
    split = former.successors("xã hải lạng", "huyện Tiên Yên", "tỉnh Quảng Ninh")
    assert len(split) > 1
    assert sum(one.is_usual for one in split) == 1
    assert former.successors("Hai Lang") == ()


@given(anything)
def test_any_text_may_be_typed(text: str) -> None:
    assert len(PLACES.search_communes(text)) <= 50
    PLACES.search_provinces(text)
    PLACES.match_communes(text)


def test_numbered_wards_of_old_keep_their_kind(reference: Reference) -> None:
    assert {one.name for one in load_former_communes().successors("Phường 1", "Quận 5")} <= {"Phường 1"}
