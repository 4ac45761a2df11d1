"""Long and odd is welcome, the ones tried first are not."""

from __future__ import annotations

import unicodedata

import pytest

from app.domain.errors import Refusal
from app.domain.text import fold
from app.resources import resource
from app.store.passwords import check_password

NAMES = ("Bản Phố", "Lò Thị Mẩy")


@pytest.mark.parametrize(
    "password",
    ["mùa ngô trên nương", "kzqv-18-rt", "hoa ban nở tháng ba", "x" * 20 + "y1z", "Bản Phố có 3 suối"],
)
def test_good_ones_are_taken(password: str) -> None:
    check_password(password, NAMES)
    check_password(unicodedata.normalize("NFD", password), NAMES)


@pytest.mark.parametrize(
    "password",
    [
        "12345678",
        "matkhau123",
        "Mật Khẩu 123",
        "MẬT KHẨU!",
        "anhyeuem",
        "Anh yêu em 2026",
        "aaaaaaaa",
        "abababab",
        "01011980",
        "qwertyuiop",
        "banpho2026",
        "Bản Phố 123",
        "xã Bản Phố",
        "lothimay@1",
        "soansinh",
        "Việt Nam 1",
    ],
)
def test_those_tried_first_are_not(password: str) -> None:
    with pytest.raises(Refusal, match=r"password\.too_common") as refused:
        check_password(password, NAMES)
    assert refused.value.field == "password"


def test_length_counts_signs_and_not_marks() -> None:
    with pytest.raises(Refusal, match=r"password\.too_short"):
        check_password(unicodedata.normalize("NFD", "ngủ ngoẵ"[:7]), ())
    check_password("ngủ ngoẵn", ())
    with pytest.raises(Refusal, match=r"password\.too_long"):
        check_password("ab c" * 300, ())


def test_the_list_is_written_as_fold_writes() -> None:
    lines = resource("policy/denied_passwords.txt").read_text(encoding="utf-8").splitlines()
    denied = [line for line in lines if not line.startswith("#")]
    assert len(denied) > 400
    assert denied == sorted(set(denied))
    assert [line for line in denied if line != fold(line).replace(" ", "")] == []
