"""Papers as they come out of the printer: read back from the PDF, by eye once and here each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app import words
from app.actions.accounts import Payee
from app.domain.dates import PartialDate
from app.domain.errors import Cancelled, Trouble
from app.domain.progress import Progress
from app.resources import load_reference
from app.seal.recovery import new_recovery_code
from app.ui.application import make_application
from app.ui.papers import page as paper
from app.ui.papers import slip as slip_module
from app.ui.papers.flow import Column, Made
from app.ui.papers.page import A5, Page
from app.ui.papers.people_list import PeopleList, write_list
from app.ui.papers.person_sheet import Facts, Ledger, PersonSheet, write_person
from app.ui.papers.recovery_sheet import RecoverySheet, print_recovery_sheet
from app.ui.papers.slip import Slip, print_slip, write_slip
from tests.ui.pdf_text import pages, sheets

PROVIDERS = load_reference().providers
PANH = Slip(
    commune="Xã Mường Sen",
    province="Tỉnh Sơn La",
    reference="0412-7B3",
    name="Lò Thị Pánh",
    sex="female",
    birth=PartialDate(1948, 3, 12),
    personal_id="014148032213",
    hamlet="Bản Nà Lụa",
    provider=PROVIDERS.by_code["LPB"],
    number="032156781845",
    holder="Lò Thị Pánh",
    officer="Quàng Văn Thương",
    at=datetime(2026, 11, 21, 9, 42),
    sign="fingerprint",
)
BY_HER_SON = Payee(
    "authorised", "Vì Văn Pâng", None, None, "con trai", "31/UQ-CT", "2025-11-29", "2026-11-29"
)
MADE = Made("Xã Mường Sen", "Lò Thị Hạnh", datetime(2026, 11, 23, 8, 5))


@pytest.fixture(autouse=True)
def application() -> QApplication:
    return make_application(["papers"])


def text_of(path: Path) -> str:
    """Everything on all pages, wrapped lines joined."""
    return " ".join("\n".join(pages(path.read_bytes())).split())


def printed(path: Path, size: QPageSize.PageSizeId) -> QPrinter:
    """A printer with that paper in it, whose output can be read."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setPageSize(QPageSize(size))
    return printer


def test_the_slip_says_what_was_registered_and_what_follows(tmp_path: Path) -> None:
    write_slip(PANH, tmp_path / "slip.pdf")
    assert sheets((tmp_path / "slip.pdf").read_bytes()) == [(148, 210)]
    said = text_of(tmp_path / "slip.pdf")
    for part in (
        "PHIẾU ĐĂNG KÝ TÀI KHOẢN NHẬN TRỢ CẤP",
        "XÃ MƯỜNG SEN",
        "Số 0412-7B3 · lập lúc 09:42 ngày 21/11/2026",
        "Bà Lò Thị Pánh",
        "Sinh 12/03/1948 · số căn cước 014•••••2213",
        "Bản Nà Lụa, xã Mường Sen, tỉnh Sơn La",
        "LPBank ••••••••1845",
        "Ngân hàng TMCP Lộc Phát Việt Nam",
        "LO THI PANH",
        "Bà Lò Thị Pánh tự nhận",
        "Người thứ hai của xã kiểm tra rồi duyệt",
        "trước đó vẫn nhận như cũ",
        "Bà Pánh đồng ý nhận trợ cấp qua tài khoản này",
        "91/2025/QH15",
        "356/2025/NĐ-CP",
        "(điểm chỉ)",
        "Quàng Văn Thương",
        "mã OTP",
    ):
        assert part in said


def test_the_slip_gives_no_whole_number_away(tmp_path: Path) -> None:
    payee = replace(BY_HER_SON, personal_id="014075001234", phone="0388520417")
    write_slip(replace(PANH, payee=payee), tmp_path / "slip.pdf")
    content = (tmp_path / "slip.pdf").read_bytes()
    said = text_of(tmp_path / "slip.pdf")
    for number in ("014148032213", "032156781845", "014075001234", "0388520417"):
        assert number not in said
        assert number.encode() not in content


def test_who_receives_for_another_signs_and_agrees(tmp_path: Path) -> None:
    write_slip(replace(PANH, payee=BY_HER_SON, sign="signature"), tmp_path / "slip.pdf")
    said = text_of(tmp_path / "slip.pdf")
    assert "Vì Văn Pâng (người được uỷ quyền, con trai)" in said
    assert "31/UQ-CT ngày 29/11/2025, có giá trị đến 29/11/2026" in said
    assert "Vì Văn Pâng đồng ý nhận thay trợ cấp của Lò Thị Pánh" in said
    assert "Người nhận thay (ký, ghi rõ họ tên)" in said
    assert "(điểm chỉ)" not in said


def test_a_training_slip_cannot_be_taken_for_a_real_one(tmp_path: Path) -> None:
    write_slip(PANH, tmp_path / "real.pdf")
    write_slip(replace(PANH, is_training=True), tmp_path / "training.pdf")
    assert "TẬP HUẤN" not in text_of(tmp_path / "real.pdf")
    assert "TẬP HUẤN: người và số đều bịa, phiếu không có giá trị" in text_of(tmp_path / "training.pdf")


def test_papers_are_vietnamese_though_the_window_speaks_english(tmp_path: Path) -> None:
    words.speak("en")
    write_slip(PANH, tmp_path / "slip.pdf")
    said = text_of(tmp_path / "slip.pdf")
    assert "Người hưởng" in said
    assert "Beneficiary" not in said


@pytest.mark.parametrize("sign", ["signature", "fingerprint"])
def test_the_longest_facts_leave_room_to_sign(
    sign: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long names wrap; what is below moves down, and a thumb still finds its place."""
    reached: list[float] = []
    drawn = slip_module._signatures

    def signatures(sheet: Page, slip: Slip, y: float) -> None:
        reached.append(y)
        drawn(sheet, slip, y)

    monkeypatch.setattr(slip_module, "_signatures", signatures)
    longest = max(PROVIDERS.all, key=lambda provider: len(provider.full_name))
    long_names = {
        "name": "Công Tằng Tôn Nữ Thị Phương Thảo Nguyên Hương",
        "hamlet": "Thôn Tái định cư Nà Khoa Háng Lìa",
    }
    payee = replace(
        BY_HER_SON, name="Công Huyền Tôn Nữ Thị Hoàng Phương Thảo Nguyên", relation="con dâu thứ hai"
    )
    write_slip(
        replace(PANH, **long_names, provider=longest, payee=payee, sign=sign, is_training=True),  # type: ignore[arg-type]
        tmp_path / "slip.pdf",
    )
    assert reached[0] < 162
    assert len(pages((tmp_path / "slip.pdf").read_bytes())) == 1


def test_on_a5_one_copy_on_a4_two_to_be_cut(tmp_path: Path) -> None:
    print_slip(PANH, printed(tmp_path / "a5.pdf", QPageSize.PageSizeId.A5))
    print_slip(PANH, printed(tmp_path / "a4.pdf", QPageSize.PageSizeId.A4))
    assert sheets((tmp_path / "a5.pdf").read_bytes()) == [(148, 210)]
    assert sheets((tmp_path / "a4.pdf").read_bytes()) == [(297, 210)]
    said = text_of(tmp_path / "a4.pdf")
    assert said.count("PHIẾU ĐĂNG KÝ") == 2
    assert "Bản giao người hưởng" in said
    assert "Bản lưu tại xã" in said


def test_a_folder_that_takes_nothing_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    target = tmp_path / "no such folder" / "slip.pdf"
    with pytest.raises(Trouble) as raised:
        write_slip(PANH, target)
    assert raised.value.code == "paper.not_written"
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_paper_stands_until_the_new_one_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "slip.pdf"
    path.write_bytes(b"earlier")

    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Trouble):
        write_slip(PANH, path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("slip.pdf", b"earlier")]


def test_type_is_carried_along_and_no_letter_is_lost() -> None:
    everything = "ăâđêôơư ấầẩẫậ ắằẳẵặ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹỵý H'Mông ĐẶC 0123456789 • · – , 89 %"

    def draw(page: Page) -> None:
        page.text((10, 10), 130, everything, paper.Style(7))

    content = paper.pdf(draw, A5, title="letters")
    assert b"/FontFile2" in content
    assert " ".join(pages(content)[0].split()) == everything


def people_list(count: int, **changes: object) -> PeopleList:
    rows = tuple(
        (f"Lò Văn Số {at}", "1950", "014•••••2213", "KT nặng", "810.000", "Bản Nà Lụa")
        for at in range(1, count + 1)
    )
    columns = ("name", "birth", "personal_id", "group_codes", "monthly_amount", "hamlet")
    made = PeopleList(MADE, "Danh sách đối tượng", "Thôn: Bản Nà Lụa", columns, rows, total=810_000 * count)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_list_repeats_its_heading_and_numbers_its_pages(tmp_path: Path) -> None:
    write_list(people_list(120), tmp_path / "list.pdf")
    content = (tmp_path / "list.pdf").read_bytes()
    every = pages(content)
    assert set(sheets(content)) == {(297, 210)}
    assert len(every) > 3
    for number, one in enumerate(every, 1):
        assert f"Trang {number}/{len(every)}" in one
    with_rows = [one for one in every if "Lò Văn Số" in one]
    assert all("Số căn cước" in one and "Mức tháng, đ" in one for one in with_rows)
    said = text_of(tmp_path / "list.pdf")
    assert all(f"Lò Văn Số {at} " in said for at in range(1, 121))
    assert (
        "Cộng 120 người. Tổng mức mỗi tháng: 97.200.000 đ (Chín mươi bảy triệu hai trăm nghìn đồng)." in said
    )
    assert "Người lập" in every[-1]
    assert "Chủ tịch Uỷ ban nhân dân" in every[-1]
    assert "Cộng 120 người" in every[-1]


def test_a_posted_list_shows_neither_illness_nor_numbers(tmp_path: Path) -> None:
    write_list(people_list(3, is_posted=True), tmp_path / "list.pdf")
    said = text_of(tmp_path / "list.pdf")
    assert "Lò Văn Số 3 1950 Bản Nà Lụa" in said
    for private in ("KT nặng", "Nhóm hưởng", "810.000", "014•", "Mức tháng", "2.430.000"):
        assert private not in said


def test_a_wide_list_wraps_and_loses_nothing(tmp_path: Path) -> None:
    note = "Nhà đầu cầu treo, gọi sau giờ cơm tối, nhờ trưởng bản đưa đường vì chó dữ. " * 3
    columns = ("name", "birth", "personal_id", "hamlet", "address", "current_address", "note", "wish_reason")
    row = ("Lò Thị Pánh", "12/03/1948", "014•••••2213", "Bản Nà Lụa", note, note, note, note)
    write_list(people_list(0, columns=columns, rows=(row,) * 9), tmp_path / "list.pdf")
    assert "".join(text_of(tmp_path / "list.pdf").split()).count("12/03/1948") == 9


def test_an_empty_list_is_still_a_paper(tmp_path: Path) -> None:
    write_list(people_list(0), tmp_path / "list.pdf")
    assert "Cộng 0 người." in text_of(tmp_path / "list.pdf")


def test_a_long_list_reports_and_stops(tmp_path: Path) -> None:
    progress = Progress()
    write_list(people_list(200), tmp_path / "list.pdf", progress)
    assert (progress.total, progress.done > 100) == (200, True)
    progress.cancel()
    with pytest.raises(Cancelled):
        write_list(people_list(200), tmp_path / "second.pdf", progress)
    assert [file.name for file in tmp_path.iterdir()] == ["list.pdf"]


def test_a_persons_sheet_runs_over_pages(tmp_path: Path) -> None:
    history = tuple((f"{day:02d}/11/2026", "Điện thoại", f"lần ghi {day}") for day in range(1, 29)) * 3
    sheet = PersonSheet(
        replace(MADE, is_training=True),
        "Bà Lò Thị Pánh",
        "78 tuổi · Bản Nà Lụa",
        (
            Facts("Định danh", (("Số căn cước", "014•••••2213"), ("Điện thoại", ""))),
            Ledger("Tài khoản", (Column("Nơi mở"), Column("Số tài khoản")), (), "Chưa có tài khoản"),
            Ledger("Lịch sử", (Column("Ngày"), Column("Mục"), Column("Thành")), history, "Chưa có"),
        ),
    )
    write_person(sheet, tmp_path / "person.pdf")
    every = pages((tmp_path / "person.pdf").read_bytes())
    said = text_of(tmp_path / "person.pdf")
    assert len(every) >= 2
    assert said.count("lần ghi") == len(history)
    assert "Điện thoại (trống)" in said
    assert "Chưa có tài khoản" in said
    assert all("TẬP HUẤN" in one and "Trang" in one for one in every)
    assert "Luật số 91/2025/QH15" in said


@pytest.mark.parametrize(
    ("size", "sheet"), [(QPageSize.PageSizeId.A5, (210, 148)), (QPageSize.PageSizeId.A4, (210, 297))]
)
def test_the_recovery_sheet_carries_the_whole_code(
    size: QPageSize.PageSizeId, sheet: tuple[int, int], tmp_path: Path
) -> None:
    code = new_recovery_code()
    made = RecoverySheet(code, "Xã Mường Sen", "Tỉnh Sơn La", "máy 01", date(2026, 11, 23))
    print_recovery_sheet(made, printed(tmp_path / "code.pdf", size))
    content = (tmp_path / "code.pdf").read_bytes()
    said = text_of(tmp_path / "code.pdf")
    assert sheets(content) == [sheet]
    assert " ".join(code.split("-")) in said
    assert "Ai giữ tờ này mở được sổ." in said
    assert "Người giữ:" in said
