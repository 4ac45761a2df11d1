"""Where slips go: the office's printer, else a folder chosen once. Printing never holds up the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions import drive
from app.actions.accounts import Enrolled, Enrolment
from app.actions.desk import Desk
from app.domain.errors import Cancelled, Refusal
from app.domain.progress import Progress
from app.store.queries import PersonRow
from app.ui.jobs import Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers.page import office_printer
from app.ui.papers.slip import Slip, print_slip, write_slip
from app.ui.parts.buttons import Button
from app.words import counted, explain
from app.words import gettext as _


def slip_of(desk: Desk, person: PersonRow, enrolment: Enrolment, made: Enrolled) -> Slip:
    """Facts as they were saved. The office finds the enrolment by the beginning of its set's id."""
    return Slip(
        commune=desk.commune.name,
        province=desk.commune.province,
        reference=made.set_id[:8].upper(),
        name=person.name,
        sex=person.sex,
        birth=person.birth,
        personal_id=person.personal_id,
        hamlet=person.hamlet or None,
        provider=desk.reference.providers.by_code[enrolment.provider],
        number=enrolment.number,
        holder=enrolment.holder,
        officer=desk.officer.name,
        at=desk.clock.now(),
        sign=enrolment.sign,
        payee=enrolment.payee,
        wants_vneid=bool(enrolment.vneid_wording),
        is_training=desk.training,
    )


@dataclass(frozen=True)
class Out:
    """Where a slip went: a file, or the printer."""

    file: Path | None = None


def put_out(_progress: Progress, slip: Slip, folder: str) -> Out:
    """On the printer, else into the folder.

    Refusal("slip.no_printer") with neither; Trouble of the papers.
    """
    printer = office_printer()
    if printer is not None:
        print_slip(slip, printer)
        return Out()
    if not folder:
        raise Refusal("slip.no_printer")
    # Named by its number: a folder of slips must not be a list of people.
    path = Path(folder) / f"phieu-{slip.reference}.pdf"
    write_slip(slip, path)
    return Out(path)


class SlipTray(QObject):
    """Sends slips out one after another; what does not go waits here with a button beside the reason.

    Each is kept in the vault until it went out, so that neither another room nor the lock forgets one.
    """

    folder_chosen = Signal(str)

    def __init__(self, owner: QWidget, jobs: Jobs, desk: Desk, notice: NoticeSlot) -> None:
        super().__init__(owner)
        self._owner, self._jobs, self._desk, self._notice = owner, jobs, desk, notice
        self._waiting: list[Slip] = []
        self._sent: set[str] = set()
        self.folder = ""

    @property
    def waiting(self) -> int:
        """How many slips wait for a printer or a folder."""
        return len(self._waiting)

    def resume(self, folder: str) -> None:
        """Find again what had not gone out when the room was left or the register locked."""
        self.folder = folder
        self._jobs.run(self._owner, drive.slips_kept, self._desk, lane="write", done=self._found)

    def _found(self, kept: Sequence[bytes]) -> None:
        known = self._sent | {slip.reference for slip in self._waiting}
        slips = [msgspec.msgpack.decode(body, type=Slip) for body in kept]
        found = [slip for slip in slips if slip.reference not in known]
        if found:
            self._waiting += found
            words = counted(
                "{count} slip has not been printed yet.",
                "{count} slips have not been printed yet.",
                len(self._waiting),
            )
            self._notice.say(words, "", tone="warn", action=self._again())

    def put(self, slip: Slip) -> None:
        """Send one out; returns at once."""
        self._sent.add(slip.reference)
        self._jobs.run(
            self._owner,
            drive.keep_slip,
            self._desk,
            slip.reference,
            msgspec.msgpack.encode(slip),
            lane="write",
            done=lambda _kept: self._send(slip),
            failed=lambda _error: self._send(slip),  # she waits for paper all the same
        )

    def _send(self, slip: Slip) -> None:
        self._sent.add(slip.reference)
        self._jobs.run(
            self._owner,
            put_out,
            slip,
            self.folder,
            lane="print",
            done=lambda out: self._gone(slip, out),
            failed=lambda error: self._stayed(slip, error),
        )

    def _gone(self, slip: Slip, out: Out) -> None:
        self._sent.discard(slip.reference)
        self._jobs.run(self._owner, drive.slip_went, self._desk, slip.reference, lane="write")
        if out.file is not None:
            words = _("Slip saved as {file}").format(file=out.file.name)
            self._notice.say(
                words, _("in {folder}").format(folder=str(out.file.parent)), tone="ok", icon="file"
            )

    def _stayed(self, slip: Slip, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        self._sent.discard(slip.reference)
        self._waiting.append(slip)
        told = explain(error)
        choose = Button(_("Choose a folder"), icon="folder", on=self.choose_folder)
        is_homeless = isinstance(error, Refusal)
        action = choose if is_homeless else self._again()
        self._notice.say(told.happened, told.rest, tone="warn", action=action)

    def _again(self) -> Button:
        return Button(_("Print again"), icon="print", on=self.try_again)

    def choose_folder(self) -> None:
        """Ask once where slips are kept."""
        folder = QFileDialog.getExistingDirectory(self._owner, _("Folder for slips"), self.folder)
        if folder:
            self.use_folder(folder)

    def use_folder(self, folder: str) -> None:
        """Keep slips there from now on, those that wait first."""
        self.folder = folder
        self.folder_chosen.emit(folder)
        self.try_again()

    def try_again(self) -> None:
        """Send out what waits."""
        self._notice.clear()
        waiting, self._waiting = self._waiting, []
        for slip in waiting:
            self._send(slip)
