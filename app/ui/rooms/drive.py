"""The enrolment drive: a hall, a queue, a scanner, no signal. Twenty seconds a person, no mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout

from app.actions import drive
from app.actions.desk import Desk
from app.actions.drive import Entered, Sharing, Tally
from app.domain.errors import Refusal
from app.domain.identity import parse_card_qr
from app.domain.scans import kind_of_scan
from app.store.enrolments import AtTable
from app.ui.drive.codes import Pictures
from app.ui.drive.frame import DriveFoot, DriveHead
from app.ui.drive.reception import Reception
from app.ui.drive.saving import Saving
from app.ui.drive.slips import SlipTray
from app.ui.drive.stage import ACCOUNT, CONSENT, NAMES, SCAN, WAY, Stage
from app.ui.link import Link
from app.ui.parts.boxes import fill
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _

_REST_MS = 300
_ENTER = (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
_IN_ACCOUNT = (
    "provider",
    "number",
    "holder",
    "mismatch_reason",
    "shared_reason",
    "payee_name",
    "payee_paper",
)


class Drive(Room):
    """One person at a time through four steps; whatever is scanned goes to whoever can use it."""

    frame = "bare"
    section = "drive"
    help_page = "dot-dang-ky"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._drive: drive.Drive | None = None
        self._seated: AtTable | None = None
        self._entered: Entered | None = None
        self._wants_consent = False
        self._next_scan = ""
        self.pictures = Pictures(self, window.jobs)
        acts = (self.back, self.put_off, self.pictures.choose, self._save_silently, self.forward)
        self.stage = Stage(desk, DriveHead(lambda: window.go("today")), DriveFoot(acts))
        self.tray = SlipTray(self, window.jobs, self.stage.slip_notice)
        self.reception = Reception(self, window, desk, link)
        self.saving = Saving(self, window, desk, link, self.tray)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._keep)
        fill(QVBoxLayout(self), self.stage)
        self._connect()

    def _connect(self) -> None:
        stage = self.stage
        self.reception.serve(stage.scan, stage.notice)
        self.reception.seated.connect(self._begin)
        self.reception.asked.connect(self._show_frame)
        stage.scan.called.changed.connect(self._held)
        stage.account.looked_up.connect(self._look_up)
        stage.side.undo_wanted.connect(self.saving.undo)
        self.saving.saved.connect(self._saved)
        self.saving.undone.connect(self._undone)
        self.saving.failed.connect(self._not_saved)
        stage.side.called_back.connect(self._call_back)
        stage.tabs.chosen.connect(self._go_back_to)
        for step in stage.steps:
            step.changed.connect(self._changed)
            step.answered.connect(self.forward)
        self.pictures.watch(stage.scan.box, stage.account.number.control, stage.account.holder.control)
        self.pictures.read.connect(lambda code: self._take(code, "picture"))
        self.pictures.failed.connect(self.reception.fail)
        self.tray.folder_chosen.connect(self._slips_to)
        self.shell.pill.said.connect(stage.head.pill.show_state)
        stage.head.pill.show_state(self.shell.pill.link)
        stage.head.pill.clicked.connect(self.shell.pill.clicked)
        self._link.changed.connect(self._count)

    def enter(self, **arguments: object) -> None:
        """`scan`: a code scanned in another room; `person`: begin with her."""
        scan, person = arguments.get("scan"), arguments.get("person")
        self._next_scan = scan if isinstance(scan, str) else ""
        wanted = person if isinstance(person, str) else ""
        # In the writing lane, behind the last draft that a room before this one sent there.
        self.shell.jobs.run(
            self, drive.resume, self._desk, lane="write", done=lambda found: self._resumed(found, wanted)
        )

    def _resumed(self, found: drive.Drive, wanted: str) -> None:
        self._drive = found
        self.tray.folder = found.slips
        self._count()
        self._wait_for_card()
        if wanted or (found.current is not None and not self._next_scan):
            self.reception.want(wanted or (found.current.person if found.current else ""))
        else:
            self._take_next()

    def leave(self) -> None:
        self._keep()

    def hideEvent(self, event: QHideEvent) -> None:
        self._keep()  # the window takes rooms away without leaving them when it locks
        super().hideEvent(event)

    def take_scan(self, text: str) -> bool:
        self._take(text, "vietqr")
        return True

    def _take(self, text: str, evidence: str) -> None:
        """A code from scanner or picture; while a save runs it waits: a queue is quicker than a disk."""
        if self.saving.is_running or self._drive is None:
            self._next_scan = text
            return
        self.stage.notice.clear()
        kind = kind_of_scan(text)
        if self.stage.at == SCAN:
            self.reception.meet(text)
        elif kind == "vietqr":
            self._take_account(text, evidence)
        elif kind == "card":
            self._take_card(text)
        else:
            self.stage.notice.show_error(Refusal("drive.unknown_scan"))

    def _take_next(self) -> None:
        text, self._next_scan = self._next_scan, ""
        if text:
            self._take(text, "vietqr")

    def _take_account(self, text: str, evidence: str) -> None:
        if self.stage.at == CONSENT:
            words = _("The account of {name} is already entered.").format(name=self._name())
            self.stage.notice.say(words, _("Esc goes back to change it."), tone="warn")
            return
        try:
            found = drive.read_account(self._desk, text)
        except Refusal as refusal:
            self.stage.notice.show_error(refusal)
            return
        if self.stage.at == WAY:
            self.stage.way.ways.set_value(found.provider.kind)
            self._go(ACCOUNT)
        self.stage.account.take_account(found, evidence, f"{self._desk.clock.now():%H:%M}")

    def _take_card(self, text: str) -> None:
        """Another card while somebody sits at the table: who receives, or the next person."""
        try:
            found = parse_card_qr(text)
        except Refusal as refusal:
            self.stage.notice.show_error(refusal)
            return
        stage = self.stage
        if stage.at == ACCOUNT and stage.account.take_card(found):
            return
        if self._seated is not None and found.personal_id == self._seated.values.get("personal_id"):
            return
        if stage.at == CONSENT and stage.consent.is_complete():
            self._next_scan = text
            self.save(prints=True)
        elif (said := self._collect()) is not None and said.has_begun:
            words = _("{name} is not saved yet.").format(name=self._name())
            stage.notice.say(words, _("F8 puts her off; then scan the next card."), tone="warn")
        else:
            self._stand_up()
            self.reception.meet(text)

    def _begin(self, seated: AtTable) -> None:
        """She sits down; whoever was put off finds what was entered before."""
        assert self._drive is not None
        row = seated.row
        kept = [each.entered for each in self._drive.absent if each.entered.person == row.id]
        current = self._drive.current
        if current is not None and current.person == row.id:
            kept = [current]
        self._seated = seated
        self.reception.forget()
        self._entered = kept[0] if kept else Entered(row.id, row.name)
        self.stage.way.present(seated, self._entered)
        # Consent is read out anew, so nobody is brought back beyond the account.
        self._go(ACCOUNT if self._entered.step in ("account", "consent") else WAY)

    def _go(self, at: int) -> None:
        """Show a step with what was entered so far."""
        entered, seated = self._collect(), self._seated
        if entered is None or seated is None:
            return
        stage = self.stage
        if at == ACCOUNT and stage.at != CONSENT:
            stage.account.present(seated, entered)
        elif at == CONSENT:
            stage.consent.present(seated, entered)
            stage.consent.show_account(entered, stage.account.sharing, stage.account.owner())
        self._entered = entered.moved(step=NAMES[at])
        stage.notice.clear()
        stage.show_step(at)
        self._changed()

    def _collect(self) -> Entered | None:
        if self._entered is None:
            return None
        return self.stage.steps[self.stage.at].collect(self._entered)

    def _changed(self) -> None:
        self._show_frame()
        if self._drive is not None and self._entered is not None:
            self._entered = self._collect()
            self._drive = self._drive.seat(self._entered)
            self._rest.start()

    def _show_frame(self) -> None:
        is_asking = self.stage.scan.question.held is not None
        self.stage.show_frame(self._entered, is_asking=is_asking)

    def _keep(self) -> None:
        """What was entered goes to disk, off the window's thread."""
        self._rest.stop()
        if self._drive is not None:
            self.shell.jobs.run(self, drive.keep, self._desk, self._drive, lane="write")

    def _name(self) -> str:
        return self._seated.row.name if self._seated else ""

    def _look_up(self, provider: str, number: str) -> None:
        if self._seated is not None:
            work = (self._desk, self._seated.row, provider, number)
            self.shell.jobs.run(
                self, drive.sharing, *work, done=self._show_sharing, failed=self.reception.fail
            )

    def _show_sharing(self, found: Sharing) -> None:
        self.stage.account.show_sharing(found)
        if self._wants_consent:
            self.forward()

    def forward(self) -> None:
        """Enter: what the primary button says."""
        stage, self._wants_consent = self.stage, False
        if stage.at == SCAN:
            stage.scan.proceed()
        elif stage.at == CONSENT:
            self.save(prints=True)
        elif not stage.steps[stage.at].is_complete():
            return
        elif stage.at == WAY:
            self._save_cash() if stage.way.ways.value() == "cash" else self._go(ACCOUNT)
        elif stage.account.sharing is None:
            self._wants_consent = True  # the register has not answered yet who else is paid there
        else:
            self._go(CONSENT)

    def back(self) -> None:
        """Esc: one step back; from the second, nobody sits at the table."""
        if self.stage.at in (SCAN, WAY):
            self._stand_up()
        else:
            self._go(self.stage.at - 1)

    def _go_back_to(self, at: int) -> None:
        while self.stage.at > max(at, SCAN):
            self.back()

    def _stand_up(self) -> None:
        if self._drive is not None:
            self._drive = self._drive.seat(None)
        self._wait_for_card()
        self._keep()

    def _wait_for_card(self) -> None:
        self._seated, self._entered = None, None
        self.reception.forget()
        self.stage.show_step(SCAN)
        self._show_frame()

    def put_off(self) -> None:
        """F8: she comes back later, and finds what was entered."""
        said = self._collect()
        if said is None or self._drive is None or self.saving.is_running:
            return
        differs = self.stage.at > WAY and self.stage.account.differs()
        why = "mismatch" if differs else "later"
        self._drive = self._drive.put_off(said, why if said.number else "no_account")
        self.stage.notice.clear()
        self._stand_up()
        self._count()

    def save(self, *, prints: bool) -> None:
        """Enter at the last step (F9: without a slip); refused until the consent was ticked by hand."""
        stage, said, seated = self.stage, self._collect(), self._seated
        if self.saving.is_running or said is None or seated is None or stage.at != CONSENT:
            return
        if not stage.consent.is_complete():
            words = _("The consent is not ticked yet.")
            stage.notice.say(words, _("Read it out; when she agrees, press Space."), tone="warn")
            stage.consent.begin()
            return
        stage.foot.forward.busy(_("Saving…"))
        self.saving.enrol(seated, said, stage.consent.said(), prints=prints)

    def _save_silently(self) -> None:
        self.save(prints=False)

    def _save_cash(self) -> None:
        said = self._collect()
        if said is not None and not self.saving.is_running:
            self.stage.foot.forward.busy(_("Saving…"))
            self.saving.cash(said)

    def _saved(self, words: str, rest: str) -> None:
        self.stage.foot.forward.ready()
        if self._drive is not None and self._entered is not None:
            self._drive = self._drive.leave(self._entered.person)
        self._wait_for_card()
        self._keep()
        self._count()
        self.stage.notice.say(words, rest, tone="ok", icon="clock" if rest else "cash")
        text, self._next_scan = self._next_scan, ""
        if text:
            self.reception.meet(text)

    def _not_saved(self, error: Exception) -> None:
        """Nothing was written; the step whose field is at fault is shown again, and no card waits."""
        stage = self.stage
        stage.foot.forward.ready()
        self._next_scan = ""
        if isinstance(error, Refusal) and error.field in _IN_ACCOUNT and stage.at == CONSENT:
            self._go(ACCOUNT)
            self.stage.account.look_again()
        stage.notice.show_error(error)

    def _undone(self, words: str) -> None:
        self.stage.notice.say(words, _("The change stands in her history."), icon="undo")
        self._count()

    def _call_back(self, person: str) -> None:
        """One who had to come back is here again."""
        if self.stage.at == SCAN and not self.saving.is_running:
            self.reception.forget()
            self.reception.want(person)

    def _held(self) -> None:
        called = self.stage.scan.called
        if self._drive is not None:
            self._drive = self._drive.held(called.place.control.value(), called.hamlets())
            self._rest.start()
            self._count()

    def _slips_to(self, folder: str) -> None:
        if self._drive is not None:
            self._drive = self._drive.with_slips(folder)
            self._keep()

    def _count(self) -> None:
        if self._drive is not None:
            self.shell.jobs.run(
                self, drive.tally, self._desk, self._drive, title="drive", done=self._show_tally
            )

    def _show_tally(self, found: Tally) -> None:
        if self._drive is not None:
            self.stage.show_drive(self._drive, found, self._desk.clock.today())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the drive, wherever the cursor is."""
        key, at = event.key(), self.stage.at
        focused = QApplication.focusWidget()
        if key in _ENTER and isinstance(focused, QPushButton):
            focused.click()
        elif key in _ENTER:
            self.forward()
        elif key == Qt.Key.Key_Escape:
            self.back()
        elif key == Qt.Key.Key_F7:
            self.stage.scan.keep_register() if at == SCAN else self.stage.consent.change_sign()
        elif key == Qt.Key.Key_F8:
            self.put_off()
        elif key == Qt.Key.Key_F9:
            self._save_silently()
        elif event.matches(QKeySequence.StandardKey.Open):
            self.pictures.choose()
        else:
            super().keyPressEvent(event)
