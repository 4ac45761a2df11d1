"""Consent is asked in words that name the law, and kept as it was asked."""

from __future__ import annotations

from datetime import date

import pytest

from app.actions.wording import Asked, address_key, consent
from app.domain.dates import PartialDate
from app.domain.fitting import fault_of
from app.domain.records import KINDS
from tests.catalogues import LANGUAGES, said

TODAY = date(2026, 11, 23)
PANH = Asked("Bà", "Lò Thị Pánh", "Xã Mường Sen")
PURPOSES = next(field.choices for field in KINDS["consent"].fields if field.name == "purpose")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_purpose_has_words_that_name_the_law(purpose: str) -> None:
    kept = consent(purpose, TODAY).record(PANH)
    assert "91/2025/QH15" in kept
    assert "356/2025/NĐ-CP" in kept
    assert consent(purpose, TODAY).version in kept
    assert "{" not in kept
    assert fault_of("consent", "wording", kept) is None


def test_she_is_addressed_as_she_is() -> None:
    words = consent("account_payment", TODAY)
    assert words.heading(PANH) == "Bà Pánh đồng ý nhận trợ cấp qua tài khoản này"
    assert words.read_out(PANH).endswith("Bà đổi lúc nào cũng được.")
    son = Asked("", "Vì Văn Pâng", "Xã Mường Sen", for_another="Vì Văn Khụt")
    assert words.heading(son).startswith("Vì Văn Pâng đồng ý nhận thay trợ cấp của Vì Văn Khụt")


@pytest.mark.parametrize(
    ("sex", "birth", "word"),
    [
        ("female", PartialDate(1948, 3, 12), "Bà"),
        ("male", PartialDate(1948), "Ông"),
        ("female", PartialDate(1990), "Chị"),
        ("male", PartialDate(1990), "Anh"),
        ("male", PartialDate(2016), "Em"),
        ("female", None, "Bà"),
        (None, None, "Ông/Bà"),
    ],
)
def test_the_address_follows_age_and_sex(sex: str | None, birth: PartialDate | None, word: str) -> None:
    assert said("vi")[address_key(sex, birth, TODAY)] == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_has_its_word(language: str) -> None:
    births = (None, PartialDate(2016), PartialDate(1990), PartialDate(1940))
    keys = {address_key(sex, birth, TODAY) for sex in ("female", "male", None) for birth in births}
    assert [key for key in keys if not said(language).get(key)] == []
