"""A review of poor households as a commune would fill it, in two languages, and who keeps its answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.progress import Progress
from app.survey.definition import FormDefinition
from app.survey.session import Session
from app.ui.jobs import Jobs
from app.ui.survey.question import Question
from app.ui.survey.runner import Runner
from tests.survey.test_session import HEAD
from tests.survey.walks import WORLD

_TEXTS = {
    "ho": ("Thông tin hộ", "Household"),
    "ho_dan": ("Hỏi chủ hộ, hoặc người biết rõ cả nhà.", "Ask the head."),
    "chu": ("Họ tên chủ hộ", "Head of the household"),
    "thon": ("Thôn, bản", "Hamlet"),
    "dien_thoai": ("Điện thoại", "Telephone"),
    "nuoc": ("Nước và nhà tiêu", "Water and toilet"),
    "gieng": ("Nguồn nước chính", "Main source of water"),
    "nguoi": ("Thành viên trong hộ", "Members"),
    "ten": ("Họ và tên", "Full name"),
    "quan_he": ("Quan hệ với chủ hộ", "Relation to the head"),
    "gioi": ("Giới tính", "Sex"),
    "ngay_sinh": ("Ngày sinh", "Date of birth"),
    "hoc": ("Đang học", "In school"),
    "bhyt": ("Có thẻ bảo hiểm y tế?", "Health insurance?"),
    "viec": ("Việc làm", "Jobs"),
    "nghe": ("Nghề", "Job"),
    "thu": ("Việc làm, thu nhập", "Work and income"),
    "thu_nhap": ("Thu nhập cả hộ một tháng, đồng", "Income of all a month, đồng"),
    "no": ("Còn nợ ngân hàng", "Owes a bank"),
    "no_may": ("Nợ bao nhiêu", "How much"),
    "ruong": ("Ruộng", "Fields"),
    "sao": ("Bao nhiêu sào", "How many sào"),
}
LISTS = {
    "co_khong": (("co", "Có", "Yes"), ("khong", "Không", "No"), ("kr", "Không rõ", "Not known")),
    "gioi": (("nam", "Nam", "Male"), ("nu", "Nữ", "Female")),
    "quan_he": (
        ("chu", "Chủ hộ", "Head"),
        ("vo", "Vợ", "Wife"),
        ("con", "Con", "Child"),
        ("me", "Mẹ", "Mother"),
    ),
}


def _itext() -> str:
    def one(place: int) -> str:
        texts = "".join(
            f'<text id="{name}"><value>{said[place]}</value></text>' for name, said in _TEXTS.items()
        )
        return texts + "".join(
            f'<text id="{name}-{choice[0]}"><value>{choice[1 + place]}</value></text>'
            for name, choices in LISTS.items()
            for choice in choices
        )

    vietnamese = f'<translation lang="Tiếng Việt (vi)" default="true()">{one(0)}</translation>'
    return f'<itext>{vietnamese}<translation lang="English (en)">{one(1)}</translation></itext>'


def _asked(path: str, *, list_name: str = "", hint: str = "") -> str:
    name = path.rpartition("/")[2]
    kind = "select1" if list_name else "input"
    items = "".join(
        f"<item><label ref=\"jr:itext('{list_name}-{value}')\"/><value>{value}</value></item>"
        for value, *_words in LISTS.get(list_name, ())
    )
    said = f"<hint>{hint}</hint>" if hint else ""
    return f'<{kind} ref="{path}"><label ref="jr:itext(\'{name}\')"/>{said}{items}</{kind}>'


MEMBER = "/data/nguoi"
FORM = f"""{HEAD}{_itext()}<instance><data id="ho-ngheo" version="2026">
<ho><chu/><thon/><dien_thoai/><nuoc><gieng/></nuoc></ho>
<nguoi jr:template=""><ten/><quan_he/><gioi/><ngay_sinh/><hoc/><bhyt/>
<viec jr:template=""><nghe/></viec></nguoi>
<thu><thu_nhap/><no/><no_may/></thu><ruong><sao/></ruong></data></instance>
<bind nodeset="/data/ho/chu" required="true()"/>
<bind nodeset="/data/ho/dien_thoai" constraint="string-length(.) = 10" jr:constraintMsg="Mười chữ số"/>
<bind nodeset="{MEMBER}/ten" required="true()"/><bind nodeset="{MEMBER}/quan_he" required="true()"/>
<bind nodeset="{MEMBER}/gioi" required="true()"/>
<bind nodeset="{MEMBER}/ngay_sinh" type="date" required="true()"/>
<bind nodeset="{MEMBER}/hoc" relevant="../ngay_sinh = '' or ../ngay_sinh &gt; '2008-01-01'"/>
<bind nodeset="{MEMBER}/bhyt" required="true()"/>
<bind nodeset="/data/thu/thu_nhap" type="int"/>
<bind nodeset="/data/thu/no_may" type="int" relevant="/data/thu/no = 'co'" required="true()"/>
<bind nodeset="/data/ruong" relevant="/data/thu/thu_nhap &lt; 1000000"/></model></h:head><h:body>
<group ref="/data/ho"><label ref="jr:itext('ho')"/><hint ref="jr:itext('ho_dan')"/>{_asked("/data/ho/chu")}
{_asked("/data/ho/thon")}{_asked("/data/ho/dien_thoai", hint="Mười chữ số, bắt đầu bằng 0")}
<group ref="/data/ho/nuoc"><label ref="jr:itext('nuoc')"/>{_asked("/data/ho/nuoc/gieng")}</group></group>
<group ref="{MEMBER}"><label ref="jr:itext('nguoi')"/><repeat nodeset="{MEMBER}">{_asked(f"{MEMBER}/ten")}
{_asked(f"{MEMBER}/quan_he", list_name="quan_he")}{_asked(f"{MEMBER}/gioi", list_name="gioi")}
{_asked(f"{MEMBER}/ngay_sinh")}{_asked(f"{MEMBER}/hoc", hint="Hiện vì sinh từ 2008")}
{_asked(f"{MEMBER}/bhyt", list_name="co_khong")}<group ref="{MEMBER}/viec"><label ref="jr:itext('viec')"/>
<repeat nodeset="{MEMBER}/viec">{_asked(f"{MEMBER}/viec/nghe")}</repeat></group></repeat></group>
<group ref="/data/thu"><label ref="jr:itext('thu')"/>{_asked("/data/thu/thu_nhap")}
{_asked("/data/thu/no", list_name="co_khong")}{_asked("/data/thu/no_may")}</group>
<group ref="/data/ruong"><label ref="jr:itext('ruong')"/>{_asked("/data/ruong/sao")}</group>
</h:body></h:html>"""
HOUSE, WORK, FIELDS = "/data/ho", "/data/thu", "/data/ruong"
TODAY = date(2026, 11, 29)


def press(line: QLineEdit, text: str) -> None:
    """Letter by letter; QTest knows no Vietnamese ones."""
    for letter in text:
        QApplication.sendEvent(
            line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        )


class Kept:
    """What would be stored."""

    def __init__(self) -> None:
        self.drafts: list[tuple[bytes, str]] = []
        self.files: dict[str, bytes] = {}

    def keep(self, draft: bytes, page: str) -> None:
        self.drafts.append((draft, page))

    def keep_file(self, _progress: Progress, content: bytes, name: str) -> str:
        self.files[name] = content
        return name

    def file(self, name: str) -> bytes | None:
        return self.files.get(name)


def begun(content: str = FORM) -> Session:
    return Session.new(FormDefinition.load(content.encode()), WORLD)


class Desk:
    """Makes runners, and does with them what an officer does."""

    def __init__(self, qtbot: QtBot, jobs: Jobs) -> None:
        self._qtbot, self._jobs = qtbot, jobs
        self.kept = Kept()
        self.runner: Runner

    def open(self, session: Session, page: str = "", prefilled: Mapping[str, str] | None = None) -> Runner:
        self.runner = Runner(
            session,
            self.kept,
            jobs=self._jobs,
            title="Rà soát hộ nghèo 2026",
            about="Hộ ông Cà Văn Inh · Bản Nà Lụa",
            prefilled=prefilled or {},
            page=page,
            clock=lambda: TODAY,
        )
        self._qtbot.addWidget(self.runner)
        self.runner.resize(1158, 716)
        self.runner.show()
        self.runner.activateWindow()
        self._qtbot.waitUntil(self.runner.isActiveWindow)
        return self.runner

    def question(self, ref: str) -> Question:
        found = next((each for each in self.runner.sheet.questions() if each.ref == ref), None)
        assert found is not None, [each.ref for each in self.runner.sheet.questions()]
        return found

    def asked(self) -> list[str]:
        return [each.ref for each in self.runner.sheet.questions()]

    def here(self) -> str:
        """The question where the keyboard is; empty where it is elsewhere."""
        at = QApplication.focusWidget()
        return next((ref for ref in self.asked() if at and self.question(ref).isAncestorOf(at)), "")

    def line(self, ref: str) -> QLineEdit:
        found = self.question(ref).findChild(QLineEdit)
        assert found is not None
        return found

    def type(self, ref: str, text: str) -> None:
        """Into a line, and on by Enter."""
        line = self.line(ref)
        line.setFocus()
        line.selectAll()
        press(line, text)
        self._qtbot.keyClick(line, Qt.Key.Key_Return)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Wherever the keyboard is."""
        self._qtbot.keyClick(QApplication.focusWidget() or self.runner, key, modifier)

    def answer(self, ref: str, value: str) -> None:
        """As a control says it."""
        control = self.question(ref).control
        assert control is not None
        control.answered.emit(value)
