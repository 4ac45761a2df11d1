"""The whole screen of the drive put together: header, steps, the step at work, side, bar, scanner's line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.actions.drive import Drive, Entered, Tally
from app.domain.accounts import compare_holder
from app.ui import charts
from app.ui.charts import StepState
from app.ui.drive.account import AccountStep
from app.ui.drive.camera import CameraPane
from app.ui.drive.consent import ConsentStep
from app.ui.drive.frame import DriveFoot, DriveHead, ScannerLine, StepTabs
from app.ui.drive.saving import Ways
from app.ui.drive.scan import ScanStep
from app.ui.drive.side import DriveSide
from app.ui.drive.step import Step
from app.ui.drive.way import WayStep
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import fill, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.theme import look
from app.words import gettext as _

SCAN, WAY, ACCOUNT, CONSENT = range(4)
NAMES = ("scan", "way", "account", "consent")
_LOW, _NARROW = 720, 1100


class Stage(QWidget):
    """Shows one step at a time; knows nothing of saving."""

    def __init__(self, desk: Desk, head: DriveHead, foot: DriveFoot, camera: CameraPane) -> None:
        super().__init__()
        self.head, self.foot, self.camera = head, foot, camera
        self.tabs, self.side, self.line = StepTabs(), DriveSide(), ScannerLine()
        self.notice, self.slip_notice, self._between = NoticeSlot(), NoticeSlot(), QFrame()
        self.paper = Holder()  # the camera for what was just signed, while nobody else is at work
        self.scan = ScanStep(desk.clock.today())
        self.way, self.account, self.consent = WayStep(desk), AccountStep(desk), ConsentStep(desk)
        self.steps: Sequence[Step] = (self.scan, self.way, self.account, self.consent)
        self.at = SCAN
        self._pages = QStackedWidget()
        self._areas = []
        for step in self.steps:
            page = QFrame()
            fill(QVBoxLayout(page), step, margins=(20, 4, 20, 12))
            self._areas.append(scroll(page))
            self._pages.addWidget(self._areas[-1])
        self._lay_out()
        self.head.place.clicked.connect(self._to_place)

    def _to_place(self) -> None:
        if self.at == SCAN:
            self.scan.called.place.control.setFocus()

    def _lay_out(self) -> None:
        notices = QFrame()
        # What is left to print is a matter between two people, not while one sits there.
        fill(QVBoxLayout(self._between), self.slip_notice)
        fill(QVBoxLayout(notices), self.notice, self.paper, self._between, gap=8, margins=(20, 12, 20, 0))
        work = QVBoxLayout()
        fill(work, notices, self.camera, self._pages)
        work.setStretch(2, 1)
        body = QHBoxLayout()
        fill(body, work, self.side)
        body.setStretch(0, 1)
        whole = QVBoxLayout(self)
        fill(whole, self.head, self.tabs, body, self.foot, self.line)
        whole.setStretch(2, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_low = self.height() < look().px(_LOW)
        self.foot.set_low(is_low)
        for step in self.steps:
            step.is_low = is_low
        self.line.setVisible(not is_low)
        self.side.setVisible(self.width() >= look().px(_NARROW))
        self.head.count.setVisible(self.side.isHidden() and bool(self.head.count.text()))

    def show_step(self, at: int) -> None:
        """Show a step from its top, the cursor where its work begins."""
        self.at = at
        self._between.setVisible(at == SCAN)
        self.paper.put(None)
        self._pages.setCurrentIndex(at)
        self._areas[at].verticalScrollBar().setValue(0)
        self.steps[at].begin()
        self.show_focus()

    def say_saved(self, words: str, rest: str, ways: Ways) -> None:
        """Who was written, the way back, and a photo of what she signed for whoever wants one."""
        offered = [Button(_("Undo"), icon="undo", on=ways.undo)]
        if ways.photograph is not None:
            offered.insert(0, Button(_("Photograph"), icon="camera", on=partial(ways.photograph, self.paper)))
            offered[0].setToolTip(_("Photograph the paper that was signed"))
        self.notice.say(words, rest, tone="ok", icon="clock" if rest else "cash", action=row(*offered))

    def say_left(self, name: str) -> None:
        """Who was put off, and how she comes back."""
        words = _("{name} comes back later; what was entered is kept.").format(name=name)
        self.notice.say(words, _("Scan her card or type her name to go on."))

    def show_focus(self) -> None:
        """On a low screen the place where work is may lie below the fold."""
        QTimer.singleShot(0, self, self._scroll_to_focus)

    def _scroll_to_focus(self) -> None:
        at_work = QApplication.focusWidget()
        if at_work is not None and self.steps[self.at].isAncestorOf(at_work):
            self._areas[self.at].ensureWidgetVisible(at_work, 0, look().px(60))

    def show_frame(self, entered: Entered | None, *, is_asking: bool) -> None:
        """Tabs, buttons and the scanner's line as they are now."""
        self.tabs.set_steps(self._tab_steps(entered))
        is_cash = self.at == WAY and self.way.ways.value() == "cash"
        foot, at = self.foot, self.at
        foot.back.setVisible(at != SCAN or is_asking)
        foot.later.setVisible(at != SCAN)
        for button in (foot.picture, foot.camera):
            button.setVisible((at == SCAN and not is_asking) or at == ACCOUNT)
        foot.silent.setVisible(at == CONSENT)
        match at:
            case 0:
                foot.show_forward(*self.scan.forward_words())
            case 1 if is_cash:
                foot.show_forward(_("Save: cash"), "cash")
            case 3:
                foot.show_forward(_("Save and print the slip"), "print")
            case _:
                foot.show_forward(_("Go on"), "arrow-right")
        hint = self.steps[at].hint()
        self.line.words.setText(hint)
        foot.words.setText(hint)

    def _tab_steps(self, entered: Entered | None) -> list[charts.Step]:
        words = (_("Scan the ID card"), _("How she is paid"), _("Account and name"), _("Consent and slip"))
        notes = self._notes(entered)
        states: list[StepState] = ["done" if n < self.at else "later" for n in range(len(words))]
        states[self.at] = "now"
        return [
            charts.Step(word, note, state) for word, note, state in zip(words, notes, states, strict=True)
        ]

    def _notes(self, entered: Entered | None) -> tuple[str, str, str, str]:
        if entered is None:
            return _("or type her name"), "", "", ""
        way = _(f"way.{entered.way}") if entered.way else _("press 1 to 4")
        account = _("scan the VietQR, or type")
        if self.at > ACCOUNT:
            differs = compare_holder(self.account.owner(), entered.holder) == "different"
            bank = self.account.provider.control.text()
            account = f"{bank} · {_('names differ') if differs else _('names agree')}"
        consent = _("read it out, then tick") if self.at == CONSENT else ""
        return entered.name, way if self.at >= WAY else "", account if self.at >= ACCOUNT else "", consent

    def show_drive(self, drive: Drive, tally: Tally, today: date) -> None:
        """Counter, hamlets and where the drive is held."""
        self.side.show_drive(tally, drive.absent)
        place = drive.place or _("Choose the place")
        self.head.show_place(place if look().factor >= 1.25 else f"{place} · {today:%d/%m/%Y}")
        self.head.show_count(f"{len(tally.done)}/{tally.appointed}")
        self.head.count.setVisible(self.side.isHidden())
        self.scan.called.show_drive(drive.place, tally.known_hamlets, drive.hamlets)
