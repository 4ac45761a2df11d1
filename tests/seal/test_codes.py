"""Codes that people type: found mistakes, forgiving reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refusal
from app.seal.codes import ALPHABET, spell, tidy, unspell
from app.seal.recovery import is_last_group, new_recovery_code, recovery_identity

contents = st.binary(min_size=1, max_size=80)


@given(contents)
def test_what_is_spelled_reads_back(content: bytes) -> None:
    read = unspell(spell(content))
    assert read.startswith(content)
    assert not any(read[len(content) :])


@given(contents, st.data())
def test_a_single_wrong_sign_is_found_and_its_group_named(content: bytes, data: st.DataObject) -> None:
    signs = tidy(spell(content))
    at = data.draw(st.integers(0, len(signs) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != signs[at]]))
    with pytest.raises(Refusal) as refused:
        unspell(signs[:at] + wrong + signs[at + 1 :])
    assert refused.value.code in {"code.mistyped", "code.mistyped_group"}
    if refused.value.code == "code.mistyped_group":
        assert refused.value.facts["group"] == at // 4 + 1


@given(contents, st.data())
def test_a_swap_of_neighbours_is_found(content: bytes, data: st.DataObject) -> None:
    signs = tidy(spell(content))
    at = data.draw(st.integers(0, len(signs) - 2))
    swapped = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2 :]
    if swapped != signs:
        with pytest.raises(Refusal, match=r"code\.mistyped"):
            unspell(swapped)


def test_every_single_mistake_in_a_recovery_code_is_found_and_most_are_located() -> None:
    signs, located, tried = tidy(spell(bytes(range(100, 116)))), 0, 0
    for at, right in enumerate(signs):
        for wrong in ALPHABET.replace(right, ""):
            tried += 1
            with pytest.raises(Refusal) as refused:
                unspell(signs[:at] + wrong + signs[at + 1 :])
            located += refused.value.facts.get("group") == at // 4 + 1
    assert tried == 32 * 23
    assert located > 0.97 * tried


@given(st.binary(min_size=1, max_size=60), st.data())
def test_any_two_wrong_signs_are_found(content: bytes, data: st.DataObject) -> None:
    signs = list(tidy(spell(content)))
    for at in data.draw(st.lists(st.integers(0, len(signs) - 1), min_size=2, max_size=2, unique=True)):
        signs[at] = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != signs[at]]))
    with pytest.raises(Refusal, match=r"code\.mistyped"):
        unspell("".join(signs))


def test_reading_forgives_case_blanks_and_lookalikes() -> None:
    code = "".join(spell(bytes([7, 1, 200, 13] * 4)))
    typed = code.lower().replace("-", " – ").replace("0", "o").replace("1", "l").replace("5", "s")
    assert unspell(typed) == unspell(code)
    assert unspell(code.replace("2", "２")) == unspell(code)


@pytest.mark.parametrize("text", ["", "0000", "FFFF-FFF", "AAAA-AAAA", "ếếếế-0000", "0000-" * 200])
def test_other_text_is_no_code(text: str) -> None:
    with pytest.raises(Refusal, match=r"code\.form"):
        unspell(text)


def test_no_sign_can_be_changed_by_a_vietnamese_input_method() -> None:
    assert not set(ALPHABET) & set("AEIOUYDW")
    assert len(set(ALPHABET)) == 24


def test_the_recovery_code_has_eight_groups_and_gives_one_identity() -> None:
    code = new_recovery_code()
    assert [len(group) for group in code.split("-")] == [4] * 8
    assert recovery_identity(code.lower()).secret == recovery_identity(code).secret
    assert recovery_identity(new_recovery_code()).secret != recovery_identity(code).secret
    assert is_last_group(code, f" {code[-4:].lower()} ")
    assert not is_last_group(code, code[:4]) or code[:4] == code[-4:]


def test_a_code_of_another_length_is_no_recovery_code() -> None:
    with pytest.raises(Refusal, match=r"code\.form"):
        recovery_identity(spell(bytes(10)))
