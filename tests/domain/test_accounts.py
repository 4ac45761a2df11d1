"""Banks are understood as offices write them, VietQR is proven, holders are compared as banks write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import emv
from app.domain.account_cells import read_account
from app.domain.accounts import (
    VietQr,
    bank_name,
    compare_holder,
    mask_account,
    parse_vietqr,
    plausible_account,
    vietqr_provider,
)
from app.domain.errors import Refusal
from app.domain.reference import Reference
from app.resources import load_reference
from tests.domain.naughty import NAUGHTY, anything, names, refusal_of
from tests.domain.test_scans import VIETQR, WITH_AMOUNT

REFERENCE = load_reference()


@pytest.mark.parametrize(
    ("identifier", "ways"),
    [
        (
            "970405",
            ["Agribank", "NHNN&PTNT", "NH Nông nghiệp", "NHNo&PTNT huyện Sông Mã", "Nông nghiệp", "VBARD"],
        ),
        (
            "970405",
            ["Chi nhánh NHNN&PTNT huyện Mường La", "Ngân hàng Nông nghiệp và Phát triển nông thôn Việt Nam"],
        ),
        (
            "970436",
            ["VCB", "Vietcombank", "NH Ngoại thương", "Viet com bank", "Ngân hàng TMCP Ngoại thương VN"],
        ),
        ("970418", ["BIDV", "NH Đầu tư", "NH ĐT&PT", "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam"]),
        ("970415", ["CTG", "Viettin", "Vietinbank CN Sơn La", "NH Công thương", "vietinbank cn nông nghiệp"]),
        (
            "970449",
            ["LPB", "LPBank", "LienVietPostBank", "Ngân hàng Bưu điện Liên Việt", "Bưu điện Liên Việt"],
        ),
        ("970449", ["Lien Viet Post Bank", "NH Lộc Phát"]),
        ("970414", ["MBV", "Ocean Bank", "NH Đại Dương"]),
        ("970406", ["Vikki", "NH Đông Á", "DongA Bank"]),
        ("970422", ["MB", "MB Bank", "NH Quân đội"]),
        ("970443", ["SHB", "Ngân hàng TMCP Sài Gòn - Hà Nội"]),
        ("970403", ["Sacombank Lào Cai", "Ngân hàng TMCP Sài Gòn Thương Tín"]),
        ("970429", ["SCB", "NH TMCP Sài Gòn"]),
        ("999888", ["NH CSXH", "Ngân hàng Chính sách xã hội huyện Mai Sơn"]),
        ("Viettel Money", ["ViettelPay", "Viettel Money", "viettel pay"]),
        ("VNPT Money", ["VNPT Money", "ví điện tử VNPT Pay"]),
        ("MoMo", ["MoMo", "Ví MOMO"]),
        ("MobiFone Money", ["MobiFone Money"]),
    ],
)
def test_offices_ways_of_writing_a_provider(identifier: str, ways: list[str]) -> None:
    found = {way: REFERENCE.providers.find(way) for way in ways}
    assert {way: hit and hit.identifier for way, hit in found.items()} == dict.fromkeys(ways, identifier)


ORDINARY = ["", "ngân hàng", "bưu điện", "con trai", "nhận hộ: con trai", "hộ nghèo", "Bản Nà Lốc", "m b"]
ORDINARY += ["Nguyễn Đông Á", "Lê Văn Tiên Phong", "Bệnh viện Quốc tế", "xã Sài Gòn đầu tư", "Lò A Chua"]


@pytest.mark.parametrize("text", [*ORDINARY, "công thương nghiệp xã"])
def test_ordinary_words_name_no_provider(text: str) -> None:
    assert REFERENCE.providers.find(text) is None


def test_communes_and_naughty_strings_name_no_provider(reference: Reference) -> None:
    told = [commune.name for commune in reference.places.communes if reference.providers.find(commune.name)]
    assert told == []
    assert [text for text in NAUGHTY if reference.providers.find(text)] == []


def test_every_provider_is_found_by_all_its_names(reference: Reference) -> None:
    providers = reference.providers
    for provider in providers.all:
        assert providers.by_code[provider.code] is provider
        for name in (provider.short_name, provider.full_name, *provider.former_names):
            assert providers.find(name) is provider, name
            assert provider in providers.search(name), name
    bins = [provider.bin for provider in providers.all if provider.bin]
    assert len(bins) == len(set(bins))
    assert providers.by_code["LIENVIETPOST_BANK"].short_name == "LPBank"


def test_typing_finds_providers_the_likely_one_first(reference: Reference) -> None:
    def first(text: str) -> str:
        return reference.providers.search(text)[0].short_name

    assert [first(text) for text in ("", "nong n", "lien", "viettel", "vcb", "BƯU")] == [
        "Agribank",
        "Agribank",
        "LPBank",
        "Viettel Money",
        "Vietcombank",
        "LPBank",
    ]
    assert reference.providers.search("zzz") == ()


@pytest.mark.parametrize(
    ("text", "identifier", "number", "mended"),
    [
        ("Agribank 3906205123456", "970405", "3906205123456", ()),
        ("STK: 0123 456 789 - Vietcombank CN Lào Cai", "970436", "0123456789", ("separators",)),
        ("Số TK 3906205123456 tại NHNo&PTNT huyện Mường La", "970405", "3906205123456", ()),
        ("1234567890123 (NH Đầu tư)", "970418", "1234567890123", ()),
        ("MB: 0987654321", "970422", "0987654321", ()),
        ("Viettel Money 987654321", "Viettel Money", "0987654321", ("lost_zero",)),
        ("MoMo +84987654321", "MoMo", "0987654321", ("country_code",)),
        ("Agribank 3906205123456 ĐT 0987654321", "970405", "3906205123456", ("second_number",)),
        ("VCB LANNT1954", "970436", "LANNT1954", ()),
        ("'3906205123456 Agribank", "970405", "3906205123456", ("apostrophe",)),
    ],
)
def test_bank_and_number_in_one_cell(
    text: str, identifier: str, number: str, mended: tuple[str, ...]
) -> None:
    reading = read_account(text, REFERENCE)
    assert reading.provider
    assert (reading.provider.identifier, reading.number, reading.mended) == (identifier, number, mended)
    assert (reading.kind, reading.problem) == (reading.provider.kind, None)


@pytest.mark.parametrize(
    ("text", "number", "problem"),
    [
        ("Quỹ tín dụng: 12345678", "12345678", "unknown_provider"),
        ("Agribank", None, "missing_account_number"),
        ("3.90621E+12 Agribank", None, "invalid_account"),
        ("MoMo 1234567", "1234567", "invalid_account"),
        ("Agribank 123", None, "invalid_account"),
        ("của mẹ", None, "invalid_account"),
        ("", None, None),
        ("nhận tiền mặt", None, None),
        ("chưa có tài khoản", None, None),
        ("-", None, None),
    ],
)
def test_what_a_person_must_look_at(text: str, number: str | None, problem: str | None) -> None:
    reading = read_account(text, REFERENCE)
    assert (reading.number, reading.problem) == (number, problem)


@given(anything)
def test_any_cell_is_an_account_or_a_problem(text: str) -> None:
    reading = read_account(text, REFERENCE)
    if reading.number and not reading.problem:
        assert reading.provider
        assert 6 <= len(reading.number) <= 19


def test_a_vietqr_is_read() -> None:
    assert parse_vietqr(VIETQR) == VietQr("970405", "1234567890123", is_card=False)
    code = parse_vietqr(WITH_AMOUNT.lower())
    assert (code.amount, code.purpose) == (540_000, "TCXH 11 2026")
    assert vietqr_provider(code, REFERENCE.providers).short_name == "Agribank"


def field(tag: str, text: str) -> str:
    return f"{tag}{len(text):02d}{text}"


def vietqr(
    bank: str, number: str, service: str = "QRIBFTTA", more: str = "", guid: str = "A000000727"
) -> str:
    """A code as a bank prints it."""
    account = field("00", guid) + field("01", field("00", bank) + field("01", number)) + field("02", service)
    text = field("00", "01") + field("01", "11") + field("38", account) + field("53", "704") + more + "6304"
    return text + emv.crc16(text)


account_numbers = st.text("0123456789ABCXYZ", min_size=1, max_size=19)


@given(account_numbers, names, st.integers(1, 10**12), st.booleans())
def test_codes_come_back_whole(number: str, name: str, amount: int, is_card: bool) -> None:
    service = "QRIBFTTC" if is_card else "QRIBFTTA"
    more = field("54", str(amount)) + field("58", "VN") + field("59", name)
    code = parse_vietqr(vietqr("970436", number, service, more))
    assert code == VietQr("970436", number, is_card, amount, name)


@given(st.dictionaries(st.from_regex(r"\A[0-9]{2}\Z"), st.text(max_size=99), max_size=8))
def test_tags_come_back_whole(found: dict[str, str]) -> None:
    assert emv.tags("".join(field(tag, text) for tag, text in found.items())) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "vietqr.not_vietqr"),
        ("https://momo.vn/abc", "vietqr.not_vietqr"),
        (VIETQR[:60], "vietqr.malformed"),
        (VIETQR[:-8], "vietqr.malformed"),
        (VIETQR.replace("3857", "3899"), "vietqr.malformed"),
        (VIETQR.replace("38570010", "385700-1"), "vietqr.malformed"),
        (VIETQR.replace("12345", "12346"), "vietqr.crc"),
        (VIETQR[:-1] + "B", "vietqr.crc"),
        (vietqr("970436", "123", guid="A000000775"), "vietqr.not_vietqr"),
        (vietqr("970436", "123", service="QRPUSH"), "vietqr.not_vietqr"),
        (vietqr("97043", "123"), "vietqr.malformed"),
        (vietqr("970436", ""), "vietqr.malformed"),
        (vietqr("970436", "123", more=field("54", "12.5")), "vietqr.malformed"),
        (vietqr("970436", "123", more=field("53", "840")), "vietqr.malformed"),
        (vietqr("970436", "1٣3"), "vietqr.malformed"),
        (
            vietqr("970436", "123", more="".join(field(f"{tag}", "x" * 99) for tag in range(80, 86))),
            "vietqr.malformed",
        ),
    ],
)
def test_a_hostile_code_is_refused_with_the_reason(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_vietqr(text)
    assert caught.value.code == code


def test_an_unknown_bank_is_said() -> None:
    with pytest.raises(Refusal) as caught:
        vietqr_provider(parse_vietqr(vietqr("123456", "123")), REFERENCE.providers)
    assert (caught.value.code, caught.value.facts) == ("vietqr.unknown_bank", {"bin": "123456"})


@given(
    st.one_of(
        anything, st.integers(0, 90).flatmap(lambda cut: anything.map(lambda text: VIETQR[:cut] + text))
    )
)
def test_any_text_is_a_code_or_refused(text: str) -> None:
    code = refusal_of(lambda: parse_vietqr(text))
    assert code.startswith(("vietqr.", "card_qr.")) or VIETQR in text


@pytest.mark.parametrize(
    ("register", "holder", "verdict"),
    [
        ("Nguyễn Thị Lan", "Nguyễn Thị Lan", "same"),
        ("Hoà", "HÒA", "same"),
        ("Nguyễn Thị Lan", "NGUYEN THI LAN", "same_folded"),
        ("Đặng Văn Đức", "DANG VAN DUC", "same_folded"),
        ("H'Hen Niê", "HHEN NIE", "same_folded"),
        ("H'Hen Niê", "H HEN NIE", "same_folded"),
        ("Nguyễn Thị Lan", "NGUYEN VAN LAN", "different"),
        ("Nguyễn Thị Lan", "NGUYEN THI LANH", "different"),
        ("Nguyễn Thị Lan", "", "different"),
        ("", "", "different"),
    ],
)
def test_holders_are_compared_as_banks_write_them(register: str, holder: str, verdict: str) -> None:
    assert compare_holder(register, holder) == verdict


@given(names)
def test_a_banks_writing_of_a_name_matches_it(name: str) -> None:
    assert bank_name(name).isascii()
    assert compare_holder(name, bank_name(name)) in ("same", "same_folded")


def test_length_is_a_warning(reference: Reference) -> None:
    agribank, viettel = reference.providers.by_code["AGRIBANK"], reference.providers.by_code["VTLMONEY"]
    assert plausible_account(agribank, "3906205123456") == ()
    assert plausible_account(agribank, "0987654321") == ()
    assert plausible_account(agribank, "39062") == ("account_length",)
    assert plausible_account(agribank, "LAN1954") == ("account_length", "account_letters")
    assert plausible_account(viettel, "0987654321") == ()
    assert plausible_account(viettel, "1234567") == ("wallet_not_phone",)


def test_masks_hide_all_but_the_end() -> None:
    assert [mask_account("390620511845"), mask_account("1234")] == ["••••••••1845", "••••"]
