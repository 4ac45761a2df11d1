"""The enrolment drive: a hall, a queue, a scanner, no signal. Twenty seconds a person, no mouse."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout

from app.actions import drive
from app.actions.desk import Desk
from app.actions.drive import Drive as Held
from app.actions.drive import Entered, Sharing
from app.domain.errors import Refusal
from app.domain.identity import parse_card_qr
from app.domain.scans import kind_of_scan
from app.store.enrolments import AtTable
from app.ui.drive.camera import CameraPane
from app.ui.drive.codes import Pictures
from app.ui.drive.frame import DriveFoot, DriveHead
from app.ui.drive.keeping import Keeping
from app.ui.drive.reception import Reception
from app.ui.drive.saving import Saving, Ways
from app.ui.drive.slips import SlipTray
from app.ui.drive.stage import ACCOUNT, CONSENT, NAMES, SCAN, WAY, Stage
from app.ui.drive.whole_screen import WholeScreen
from app.ui.link import Link
from app.ui.parts.boxes import fill
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _

_ENTER = (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
_IN_ACCOUNT = set("provider number holder mismatch_reason shared_reason".split())
_IN_ACCOUNT |= set("payee_name payee_paper payee_until".split())


class Drive(Room):
    """One person at a time through four steps; whatever is scanned goes to whoever can use it."""

    frame = "bare"
    section = "drive"
    help_page = "dot-dang-ky"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._seated: AtTable | None = None
        self._entered: Entered | None = None
        self._wants_consent = False
        self._next: tuple[str, str] | None = None  # a code that waits, and how it came
        self.pictures = Pictures(self, window.jobs)
        camera = CameraPane(window.jobs)
        silently, whole = partial(self.save, prints=False), WholeScreen(self, window)
        foot = DriveFoot(
            (self.back, self.put_off, self.pictures.choose, camera.toggle, silently, self.forward)
        )
        self._keys: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Return.value: self.forward,
            Qt.Key.Key_Enter.value: self.forward,
            Qt.Key.Key_Escape.value: self.back,
            Qt.Key.Key_F6.value: camera.toggle,
            Qt.Key.Key_F7.value: self._otherwise,
            Qt.Key.Key_F8.value: self.put_off,
            Qt.Key.Key_F9.value: silently,
            Qt.Key.Key_F11.value: whole.toggle,
        }
        self.stage = Stage(desk, DriveHead(lambda: window.go("today")), foot, camera)
        self.tray = SlipTray(self, window.jobs, desk, self.stage.slip_notice)
        self.reception = Reception(self, window, desk, link)
        self.saving = Saving(self, window, desk, link, self.tray)
        self.kept = Keeping(self, window.jobs, desk)
        fill(QVBoxLayout(self), self.stage)
        self._connect()

    def _connect(self) -> None:
        stage = self.stage
        self.reception.serve(stage.scan, stage.notice)
        self.reception.seated.connect(self._begin)
        self.reception.brought_up.connect(self._brought_up)
        self.reception.asked.connect(self._show_frame)
        self.reception.failed.connect(partial(setattr, self, "_next", None))
        stage.scan.called.changed.connect(
            lambda: self.kept.place(stage.scan.called.place.control.value(), stage.scan.called.hamlets())
        )
        stage.account.looked_up.connect(self._look_up)
        self.saving.saved.connect(self._saved)
        self.saving.undone.connect(self._undone)
        self.saving.failed.connect(self._not_saved)
        stage.side.undo_wanted.connect(self.saving.undo)
        stage.side.called_back.connect(self._call_back)
        stage.side.struck.connect(self.kept.strike)
        stage.tabs.chosen.connect(self._go_back_to)
        for step in stage.steps:
            step.changed.connect(self._changed)
            step.answered.connect(self.forward)
        fields = (stage.account.provider, stage.account.number, stage.account.holder)
        self.pictures.watch(stage.scan.box, *(field.control for field in fields))
        self.pictures.read.connect(partial(self._take, evidence="picture"))
        self.pictures.failed.connect(self.reception.fail)
        stage.camera.read.connect(self.take_scan)
        stage.camera.failed.connect(partial(self.pictures.offer, stage.notice))
        self.tray.folder_chosen.connect(self.kept.slips_to)
        self.shell.pill.said.connect(stage.head.pill.show_state)
        stage.head.pill.show_state(self.shell.pill.link)
        stage.head.pill.clicked.connect(self.shell.pill.clicked)
        self._link.changed.connect(self.kept.count)
        self.kept.left.connect(stage.say_left)
        self.kept.counted.connect(lambda held, tally: stage.show_drive(held, tally, self._desk.clock.today()))

    def enter(self, **arguments: object) -> None:
        """`scan`: a code scanned in another room; `person`: begin with her."""
        scan, person = arguments.get("scan"), arguments.get("person")
        self._next = (scan, "vietqr") if isinstance(scan, str) else None
        self.kept.resume(partial(self._resumed, wanted=person if isinstance(person, str) else ""))

    def _resumed(self, found: Held, wanted: str) -> None:
        self.tray.resume(found.slips)
        self._wait_for_card()
        if wanted or (found.current is not None and self._next is None):
            self.reception.want(wanted or (found.current.person if found.current else ""))
        else:
            self._take_next()

    def hideEvent(self, event: QHideEvent) -> None:
        self.kept.keep()  # also when the window locks, which takes rooms away without leaving them
        super().hideEvent(event)

    def search(self) -> bool:
        if self.stage.at == SCAN and self.stage.scan.question.held is None:
            self.stage.scan.box.setFocus()
        return True

    def take_scan(self, text: str) -> bool:
        self._take(text, "vietqr")
        return True

    @property
    def _is_busy(self) -> bool:
        return self.saving.is_running or self.reception.is_writing

    def _take(self, text: str, evidence: str) -> None:
        """A code from scanner or picture; while a save runs it waits: a queue is quicker than a disk."""
        if self._is_busy or self.kept.drive is None:
            self._next = (text, evidence)
            return
        self.stage.notice.clear()
        kind = kind_of_scan(text)
        if self.stage.at == SCAN:
            self.reception.meet(text)
        elif kind == "vietqr":
            self._take_account(text, evidence)
        elif "|" in text:
            self._take_card(text)
        else:
            self.stage.notice.show_error(Refusal("drive.unknown_scan"))

    def _take_next(self) -> None:
        waiting, self._next = self._next, None
        if waiting is not None:
            self._take(*waiting)

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
            self._next = (text, "")
            self.save(prints=True)
        elif (said := self._collect()) is not None and said.has_begun:
            words = _("{name} is not saved yet.").format(name=self._name())
            stage.notice.say(words, _("F8 puts her off; then scan the next card."), tone="warn")
        else:
            self._stand_up()
            self.reception.meet(text)

    def _begin(self, seated: AtTable) -> None:
        """She sits down; whoever was put off finds what was entered before."""
        held = self.kept.drive
        if held is None:
            return
        lacking = self.reception.lacking(seated)
        self._seated = seated
        self.reception.forget()
        self._entered = held.kept_of(seated.row.id) or Entered(seated.row.id, seated.row.name)
        self.kept.seat(self._entered)
        if not self.tray.waiting:
            self.stage.slip_notice.clear()
        self.stage.way.present(seated, self._entered)
        # Consent is read out anew, so nobody is brought back beyond the account.
        self._go(ACCOUNT if self._entered.step in ("account", "consent") else WAY)
        self.reception.offer(seated, lacking)
        self._take_next()

    def _brought_up(self, seated: AtTable) -> None:
        """The register took over what her card says; she stays where she sits."""
        if self._seated is not None and self._seated.row.id == seated.row.id:
            self._seated = seated
        self._take_next()

    def _go(self, at: int) -> None:
        """Show a step with what was entered so far."""
        entered, seated = self._collect(), self._seated
        if entered is None or seated is None:
            return
        stage = self.stage
        if at == WAY and stage.at != SCAN:
            stage.way.present(seated, entered)
        elif at == ACCOUNT and stage.at != CONSENT:
            stage.account.present(seated, entered)
        elif at == CONSENT:
            stage.consent.present(seated, entered)
            stage.consent.show_account(entered, stage.account.sharing, stage.account.owner())
        self._entered, self._wants_consent = entered.moved(step=NAMES[at]), False
        stage.notice.clear()
        stage.show_step(at)
        self._changed()

    def _collect(self) -> Entered | None:
        if self._entered is None:
            return None
        return self.stage.steps[self.stage.at].collect(self._entered)

    def _changed(self) -> None:
        self._show_frame()
        if self._entered is not None:
            self._entered = self._collect()
            self.kept.seat(self._entered)

    def _show_frame(self) -> None:
        is_asking = self.stage.scan.question.held is not None
        self.stage.show_frame(self._entered, is_asking=is_asking)

    def _name(self) -> str:
        return self._seated.row.name if self._seated else ""

    def _look_up(self, provider: str, number: str) -> None:
        if self._seated is not None:
            work = (self._desk, self._seated.row, provider, number)
            self.shell.jobs.run(
                self, drive.sharing, *work, title="sharing", done=self._show_sharing, failed=self._unknown
            )

    def _unknown(self, error: Exception) -> None:
        self._wants_consent = False
        self.stage.notice.show_error(error)

    def _show_sharing(self, found: Sharing) -> None:
        self.stage.account.show_sharing(found)
        if self._wants_consent and self.stage.at == ACCOUNT and self.stage.account.sharing is not None:
            self.forward()

    def forward(self) -> None:
        """Enter: what the primary button says."""
        stage, self._wants_consent = self.stage, False
        if self._is_busy:
            return
        if stage.at == SCAN:
            stage.scan.proceed()
        elif stage.at == CONSENT:
            self.save(prints=True)
        elif not stage.steps[stage.at].is_complete():
            stage.show_focus()
        elif stage.at == WAY:
            self._save_cash() if stage.way.ways.value() == "cash" else self._go(ACCOUNT)
        elif stage.account.sharing is None:
            self._wants_consent = True  # the register has not answered yet who else is paid there
            stage.account.look_again()
        else:
            self._go(CONSENT)

    def back(self) -> None:
        """Esc: one step back; from the second, nobody sits at the table."""
        if self._is_busy:
            return
        if self.stage.at in (SCAN, WAY):
            self._stand_up()
        else:
            self._go(self.stage.at - 1)

    def _go_back_to(self, at: int) -> None:
        while self.stage.at > at and not self._is_busy:
            self.back()

    def _stand_up(self) -> None:
        """Nobody sits at the table; who leaves it with something entered must come back."""
        if self._entered is not None:
            self.kept.seat(self._collect())
        self.kept.seat(None)
        self._wait_for_card()
        self.kept.keep()
        self.kept.count()

    def _wait_for_card(self) -> None:
        self._seated, self._entered, self._wants_consent = None, None, False
        self.reception.forget()
        self.stage.show_step(SCAN)
        self._show_frame()

    def put_off(self) -> None:
        """F8: she comes back later, and finds what was entered."""
        said, held = self._collect(), self.kept.drive
        if said is None or held is None or self._is_busy:
            return
        differs = self.stage.at > WAY and self.stage.account.differs()
        why = "mismatch" if differs else "later"
        self.kept.hold(held.put_off(said, why if said.number else "no_account"))
        self._entered = None
        self._stand_up()

    def save(self, *, prints: bool) -> None:
        """Enter at the last step (F9: without a slip); refused until the consent was ticked by hand."""
        stage, said, seated = self.stage, self._collect(), self._seated
        if self._is_busy or said is None or seated is None or stage.at != CONSENT:
            return
        if not stage.consent.is_complete():
            words = _("The consent is not ticked yet.")
            stage.notice.say(words, _("Read it out; when she agrees, press Space."), tone="warn")
            stage.consent.begin()
            return
        stage.foot.forward.busy(_("Saving…"))
        self.saving.enrol(seated, said, stage.consent.said(), prints=prints)

    def _save_cash(self) -> None:
        said = self._collect()
        if said is not None:
            self.stage.foot.forward.busy(_("Saving…"))
            self.saving.cash(said)

    def _saved(self, words: str, rest: str, ways: Ways) -> None:
        self.stage.foot.forward.ready()
        if self._entered is not None:
            self.kept.strike(self._entered.person)
        self._wait_for_card()
        self.kept.keep()
        self.stage.say_saved(words, rest, ways)
        self._take_next()

    def _not_saved(self, error: Exception) -> None:
        """Nothing was written; the step whose field is at fault is shown again, and no card waits."""
        stage, self._next = self.stage, None
        stage.foot.forward.ready()
        if isinstance(error, Refusal) and error.field in _IN_ACCOUNT and stage.at == CONSENT:
            self._go(ACCOUNT)
            self.stage.account.look_again()
        stage.notice.show_error(error)

    def _undone(self, words: str) -> None:
        self.stage.notice.say(words, _("The change stands in her history."), icon="undo")
        self.kept.count()

    def _call_back(self, person: str) -> None:
        """One who had to come back is here again."""
        if self.stage.at == SCAN and not self._is_busy:
            self.reception.forget()
            self.reception.want(person)

    def _otherwise(self) -> None:
        """F7: the other answer to what is asked."""
        if self.stage.at == SCAN:
            self.stage.scan.keep_register()
        elif self.stage.at == CONSENT:
            self.stage.consent.change_sign()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the drive, wherever the cursor is."""
        key, focused = event.key(), QApplication.focusWidget()
        if key in _ENTER and isinstance(focused, QPushButton) and not focused.isChecked():
            focused.click()
        elif key in self._keys:
            self._keys[key]()
        elif event.matches(QKeySequence.StandardKey.Open):
            self.pictures.choose()
        else:
            super().keyPressEvent(event)
