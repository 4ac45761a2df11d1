"""To the centre, a new laptop, another commune: what goes, where to, written, read again, safe to remove."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QVBoxLayout

from app.actions import handover
from app.actions.desk import Desk
from app.domain.errors import Cancelled
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.store.parcels import OUT
from app.sync.enrolment import CENTRE
from app.sync.outgoing import Going
from app.sync.parts import LAPTOP, REQUEST, TRANSFER
from app.sync.stick import Made, file_name
from app.sync.succession import Heir
from app.ui.charts import Step, StepState
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.handover.drives import Drive
from app.ui.handover.figures import figures
from app.ui.handover.leaving import LeavingForm, Wish
from app.ui.handover.overview import Overview
from app.ui.handover.steps import WatchedBar
from app.ui.jobs import Job, Jobs
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.proving import asking
from app.ui.values import show_size, show_unread
from app.words import counted
from app.words import gettext as _

# What the work says of itself, in the order of the steps.
_GATHERING, _WRITING, _READING = "Gathering", "Writing the stick", "Reading the stick again"


class Sending(QFrame):
    """One errand; `moved` when steps, buttons or parcels look different now."""

    moved = Signal()
    made = Signal(object)

    def __init__(self, jobs: Jobs, desk: Desk) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self._found: Overview | None = None
        self._drives: Sequence[Drive] = ()
        self._folder: Path | None = None
        self._is_own_folder = False  # chosen by hand, and kept though no stick is mounted there
        self._heir: Heir | None = None
        self._job: Job | None = None
        self.done: Made | None = None
        self._what, self._errand, self._moved = "", REQUEST, 0
        self.title, self.chip = label("", "pane"), Chip(_("Not written yet"), "ring", "neutral")
        self.about = label("", "second", wrap=True)
        self.figures, self.notice = Holder(), NoticeSlot()
        self.bar = WatchedBar(self._hear)
        self.photos = QCheckBox(_("Photos and papers too"))
        self.photos.setChecked(True)
        self.photos.toggled.connect(lambda _on: self._show_figures())
        self.where, self.heir = Holder(), Holder()
        self.leaving = LeavingForm(jobs, desk)
        self.leaving.changed.connect(self._show_leaving)
        self.joining = self._joining()
        self.write_button = Button(_("Write to the stick"), "primary", icon="download", on=self.write)
        self.again_button = Button(_("Write another stick"), on=self.again)
        head = row(self.title, self.chip, STRETCH, gap=8)
        goes = (self.about, self.joining, self.heir, self.leaving, self.figures, self.photos, self.where)
        body = card(head, *goes, self.notice, self.bar, STRETCH)
        fill(QVBoxLayout(self), body)

    def _joining(self) -> QFrame:
        """A laptop that no centre knows asks to be enrolled by the same stick."""
        self.code = Field(_("Enrolment code"), TextBox(), hint=_("On paper from the province, with its file"))
        self.statement = Button(
            _("The centre's file…"), icon="folder", size="form", on=self._choose_statement
        )
        told = _(
            "No centre knows this laptop yet. With the code and the centre's file this stick asks for it."
        )
        frame = column(
            label(told, wrap=True), row(self.code, column(24, self.statement, STRETCH), gap=12), gap=8
        )
        frame.hide()
        return frame

    def set_errand(self, errand: str) -> None:
        """To the centre (`REQUEST`), to a new laptop (`LAPTOP`) or another commune (`TRANSFER`)."""
        if errand != self._errand and not self.is_running:
            self._errand = errand
            self.again()

    def show_found(self, found: Overview) -> None:
        """What would go now."""
        self._found = found
        is_move = self._errand == LAPTOP
        self.joining.setVisible(found.going.is_first and not found.asks and not is_move)
        self.leaving.setVisible(self._errand == TRANSFER and self.done is None)
        if self.done is None:
            self._show_heirs(found.heirs if is_move else None)
            about = _("To the province's centre. Nobody else opens it; saves stay here until it answers.")
            if is_move:
                about = _(
                    "The whole register and what waits, photos too, for one laptop that the centre knows."
                )
            if self._errand == TRANSFER:
                about = _(
                    "The centre takes it in, makes sure that one commune pays, and writes the other's parcel."
                )
            self.about.setText(about)
            self._show_figures()
        self._show_drives()
        self.moved.emit()

    def show_drives(self, drives: Sequence[Drive]) -> None:
        """Where it may go."""
        self._drives = drives
        self._show_drives()
        self.moved.emit()

    def _show_heirs(self, heirs: Sequence[Heir] | None) -> None:
        """Which of the commune's laptops takes over; the number of a parcel counts for each by itself."""
        if heirs is None:
            self._heir = None
            self.heir.put(None)
        elif not heirs:
            self._heir = None
            none = _("The centre names no other laptop of this commune yet: enrol the new one first.")
            self.heir.put(label(none, "second", wrap=True))
        else:
            named = {heir.device: heir for heir in heirs}
            chosen = self._heir.device if self._heir is not None else heirs[0].device
            box = Dropdown([(name, f"{heir.label} · {name}") for name, heir in named.items()], chosen)
            box.setAccessibleName(_("To which laptop"))
            box.currentIndexChanged.connect(lambda _at: self._take_heir(named[box.value() or chosen]))
            self._heir = named.get(chosen, heirs[0])
            self.heir.put(row(label(_("To which laptop"), "second"), box, STRETCH, gap=12))
        self._show_title()

    def _take_heir(self, heir: Heir) -> None:
        self._heir = heir
        self._show_title()

    def _show_title(self) -> None:
        if self._found is None:
            return
        peer = "" if self._errand == LAPTOP else CENTRE
        if self._heir is not None:
            peer = f"{self._desk.commune.code}/{self._heir.device}"
        gone = [each.number for each in self._found.parcels if each.way == OUT and each.peer == peer]
        self.title.setText(_("Parcel {number}").format(number=f"{max(gone, default=0) + 1:04}"))

    def _show_leaving(self) -> None:
        self._show_figures()
        self.moved.emit()

    def _show_figures(self) -> None:
        going = self._going
        if going is None:
            return
        photos = going.photos if self.photos.isChecked() else 0
        size = going.photo_bytes if self.photos.isChecked() else 0
        told = [(show_amount(going.sets), _("saves")), (show_amount(photos), _("photos and papers"))]
        if self._errand == TRANSFER:
            people = len(self.leaving.people) if self.done is None else self._moved
            told.insert(0, (show_amount(people), _("people who move")))
        if size:
            told.append((show_size(size), _("of photos")))
        if self.done is not None:
            told = [*told[: len(told) - bool(size)], (show_size(self.done.written.size), _("whole parcel"))]
        self.figures.put(figures(told))
        self.photos.setVisible(self.done is None and going.photos > 0 and self._errand == REQUEST)

    @property
    def _going(self) -> Going | None:
        return self._found.going if self._found is not None else None

    def _show_drives(self) -> None:
        if self.done is not None:
            self.where.put(None)
            return
        names = [(str(drive.path), _drive_words(drive)) for drive in self._drives]
        if self._folder is not None and str(self._folder) not in dict(names):
            if self._is_own_folder:
                names.append((str(self._folder), str(self._folder)))
            else:
                self._folder = None  # pulled
        chosen = str(self._folder) if self._folder is not None else next(iter(dict(names)), None)
        other = Button(_("Another folder…"), "link", icon="folder", on=self._choose_folder)
        if not names:
            none = label(_("No stick is plugged in. Plug one in, or choose a folder."), "second")
            self.where.put(row(none, other, STRETCH, gap=12))
            return
        box = Dropdown(names, chosen)
        box.setAccessibleName(_("Where to"))
        box.currentIndexChanged.connect(lambda _at: self._take_folder(box.value()))
        self._folder = Path(chosen) if chosen else None
        self.where.put(row(label(_("Where to"), "second"), box, other, STRETCH, gap=12))

    def _take_folder(self, chosen: str | None) -> None:
        self._folder = Path(chosen) if chosen else None

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("A stick, or another folder"))
        if folder:
            self.choose_folder(Path(folder))

    def choose_folder(self, folder: Path) -> None:
        """Any folder may be written to: a shared one, or a stick the system does not call one."""
        self._folder, self._is_own_folder = folder, True
        self._show_drives()
        self.moved.emit()

    def _choose_statement(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("The centre's file"), "", "*.json")
        if path:
            self.ask_to_join(Path(path))

    def ask_to_join(self, statement: Path) -> None:
        """Have the next parcel ask for enrolment."""
        self.code.clear_error()
        self._jobs.run(
            self,
            handover.ask_to_join,
            self._desk,
            self.code.control.text(),
            statement,
            lane="write",
            done=lambda _nothing: self.moved.emit(),
            failed=self.notice.show_error,
        )

    @property
    def is_running(self) -> bool:
        """Whether a stick is being written."""
        return self._job is not None

    @property
    def can_write(self) -> bool:
        """Whether there is somewhere to write to."""
        is_addressed = self._errand == REQUEST or self._heir is not None
        if self._errand == TRANSFER:
            is_addressed = self.leaving.value() is not None
        return self._folder is not None and is_addressed and not self.is_running and self.done is None

    def write(self) -> None:
        """Gather, seal, write, flush, read again."""
        if not self.can_write:
            return
        self.notice.clear()
        self._what = _GATHERING
        self.chip.say(_("Being written"), "clock", "neutral")
        self.write_button.busy(_("Writing…"))
        self._job = self._jobs.run(
            self,
            _make,
            self._desk,
            self._folder,
            self._heir,
            self.leaving.value() if self._errand == TRANSFER else None,
            self.photos.isChecked(),
            lane="stick",
            title=_("Writing the stick"),
            done=self._written,
            failed=asking(
                self,
                _("Let the register go to another laptop"),
                again=self._write_again,
                otherwise=self._failed,
                given_up=self._given_up,
            ),
            bar=self.bar,
        )
        self.where.setEnabled(False)
        self.moved.emit()

    def _hear(self, what: str) -> None:
        if what and what != self._what:
            self._what = what
            self.moved.emit()

    def _write_again(self) -> None:
        self._stopped()
        self.write()

    def _given_up(self) -> None:
        self._stopped()
        self.chip.say(_("Not written yet"), "ring", "neutral")
        self.moved.emit()

    def _stopped(self) -> None:
        self._job = None
        self.where.setEnabled(True)
        self.write_button.ready()

    def _written(self, made: Made) -> None:
        self._stopped()
        self.done = made
        self._moved = len(self.leaving.people)
        self.title.setText(_("Parcel {number}").format(number=f"{made.manifest.number:04}"))
        self.chip.say(_("Written and read again"), "tick", "ok")
        day = datetime.fromisoformat(made.manifest.expiry).strftime("%d/%m/%Y")
        about = _("To the province's centre. Nobody else opens it; good until {day}. File: {file}")
        rest = _("{size} written, read again without a difference. Saves stay here until the centre answers.")
        if made.manifest.errand == LAPTOP:
            about = _("For the new laptop alone; good until {day}. File: {file}")
            rest = _("{size} written, read again without a difference. Open it on the new laptop.")
        elif made.manifest.errand == TRANSFER:
            rest = _(
                "{size} written, read again without a difference. Their files are closed here. The centre "
                "answers with two parcels: yours, and one for the other commune."
            )
            self.leaving.clear()
            self.leaving.hide()
        self.about.setText(about.format(day=day, file=file_name(made.manifest)))
        told = rest.format(size=show_size(made.written.size))
        if made.left_out:
            told = f"{told} {_('Not in it:')} {show_unread(len(made.left_out), made.whose)}"
        self.notice.say(_("Safe to remove the stick."), told, tone="ok", icon="tick")
        self._show_figures()
        self.where.put(None)
        self.made.emit(made)
        self.moved.emit()

    def _failed(self, error: Exception) -> None:
        self._given_up()
        if isinstance(error, Cancelled):
            self.notice.say(_("Stopped. There is no parcel on the stick; nothing here has changed."))
        else:
            self.notice.show_error(error)

    def again(self) -> None:
        """One more parcel: another stick, or what was saved since."""
        self.done, self._what = None, ""
        self.notice.clear()
        self.chip.say(_("Not written yet"), "ring", "neutral")
        if self._found is not None:
            self.show_found(self._found)
        self.moved.emit()

    def steps(self) -> list[Step]:
        """The four of them, as far as they are."""
        words = (
            _("Gather and seal"),
            _("Write to the stick"),
            _("Flush to the stick"),
            _("Read again, compare"),
        )
        if self.done is not None:
            parts = sum(self.done.manifest.counts.values())
            notes = (
                counted("{count} part", "{count} parts", parts),
                show_size(self.done.written.size),
                _("done"),
                _("same"),
            )
            return [Step(each, note, "done") for each, note in zip(words, notes, strict=True)]
        now = {_GATHERING: 0, _WRITING: 1, _READING: 3}.get(self._what, 0) if self.is_running else -1
        return [Step(each, "", _state(place, now)) for place, each in enumerate(words)]


def _state(place: int, now: int) -> StepState:
    if place == now:
        return "now"
    return "done" if place < now else "later"


def _drive_words(drive: Drive) -> str:
    told = _("{name}, {size} free").format(name=drive.name or drive.path, size=show_size(drive.free))
    return f"{told} · {_('write-protected')}" if drive.is_read_only else told


def _make(
    progress: Progress, desk: Desk, folder: Path, heir: Heir | None, wish: Wish | None, with_photos: bool
) -> Made:
    if heir is not None:
        return handover.make_for_heir(progress, desk, heir, folder)
    if wish is not None:
        return handover.make_transfer(progress, desk, wish.people, wish.move, folder)
    return handover.make(progress, desk, folder, with_photos=with_photos)
