"""What came: a file from a stick, checked to its end, shown before anything moves, then taken in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout

from app.actions import handover, leaving
from app.actions.desk import Desk
from app.actions.handover import Looked
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.store.parcels import Parcel
from app.sync.incoming import NOT_TAKEN, Answered
from app.sync.parts import LAPTOP, TRANSFER
from app.ui.charts import Step, StepState
from app.ui.forms.choices import Dropdown
from app.ui.handover.columns import VERDICTS, Said, moment_of, number_of
from app.ui.handover.coming import coming_lines
from app.ui.handover.drives import Bundle
from app.ui.handover.figures import figures
from app.ui.handover.overview import Checked, said_of
from app.ui.jobs import Jobs
from app.ui.moments import show_moment
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.words import counted
from app.words import gettext as _


class Opening(QFrame):
    """One errand; `taken` when the register moved, `left` when the centre took this laptop's leave."""

    moved = Signal()
    taken = Signal(object)
    left = Signal()

    def __init__(self, jobs: Jobs, desk: Desk) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self._bundles: Sequence[Bundle] = ()
        self._file: Path | None = None
        self._is_running = False
        self.checked: Checked | None = None
        self.done: Answered | None = None
        self.said: Sequence[Said] = ()
        self.title, self.chip = (
            label(_("A parcel that came"), "pane"),
            Chip(_("Not opened yet"), "ring", "neutral"),
        )
        self.about = label("", "second", wrap=True)
        self.figures, self.notice, self.bar, self.which = Holder(), NoticeSlot(), WorkBar(), Holder()
        self.coming = Holder()
        self.check_button = Button(_("Check the file"), "primary", icon="search", on=self.check)
        self.take_button = Button(_("Take it into the register"), "primary", icon="tick", on=self.take)
        self.again_button = Button(_("Another file"), on=self.again)
        head = row(self.title, self.chip, STRETCH, gap=8)
        body = (self.about, self.which, self.figures, self.coming, self.notice, self.bar, STRETCH)
        fill(QVBoxLayout(self), card(head, *body))
        self.again()

    def show_bundles(self, bundles: Sequence[Bundle]) -> None:
        """Which files lie on sticks."""
        self._bundles = bundles
        self._show_which()

    def _show_which(self) -> None:
        if self.checked is not None:
            self.which.put(None)
            self.moved.emit()
            return
        names = [(str(each.path), f"{each.path.name} · {show_moment(each.at)}") for each in self._bundles]
        if self._file is not None and str(self._file) not in dict(names):
            names.insert(0, (str(self._file), self._file.name))
        chosen = str(self._file) if self._file is not None else next(iter(dict(names)), None)
        other = Button(_("Choose a file…"), "link", icon="folder", on=self._choose)
        if not names:
            none = label(_("No parcel on any stick. Plug it in, or choose the file."), "second")
            self.which.put(row(none, other, STRETCH, gap=12))
        else:
            box = Dropdown(names, chosen)
            box.setAccessibleName(_("File"))
            box.currentIndexChanged.connect(lambda _at: self._take_file(box.value()))
            self._file = Path(chosen) if chosen else None
            self.which.put(row(label(_("File"), "second"), box, other, STRETCH, gap=12))
        self.moved.emit()

    def _take_file(self, chosen: str | None) -> None:
        self._file = Path(chosen) if chosen else None

    def _choose(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("A parcel from a stick"), "", "*.bangiao")
        if path:
            self.choose_file(Path(path))

    def choose_file(self, file: Path) -> None:
        """A file from anywhere."""
        self.again()
        self._file = file
        self._show_which()

    @property
    def is_running(self) -> bool:
        """Whether a file is being read."""
        return self._is_running

    @property
    def can_check(self) -> bool:
        """Whether there is a file that was not looked at."""
        return self._file is not None and not self._is_running and self.checked is None

    @property
    def can_take(self) -> bool:
        """Whether what was looked at may be taken in."""
        return self.checked is not None and self.done is None and not self._is_running

    def check(self) -> None:
        """Read it to its end; nothing moves."""
        if not self.can_check:
            return
        self.notice.clear()
        self._begin(self.check_button, _("Checking…"))
        self._jobs.run(
            self, _check, self._desk, self._file, lane="stick", title=_("Checking the file"),
            done=self._looked, failed=self._failed, bar=self.bar,
        )  # fmt: skip

    def _begin(self, button: Button, words: str) -> None:
        self._is_running = True
        button.busy(words)
        self.moved.emit()

    def _end(self) -> None:
        self._is_running = False
        self.check_button.ready()
        self.take_button.ready()

    def _looked(self, checked: Checked) -> None:
        self._end()
        self.checked, self.said = checked, checked.said
        parcel = checked.looked.arrived.found.parcel({})
        self.title.setText(_("Parcel {number}").format(number=number_of(parcel)))
        about = _("From the province's centre, made {moment}; whole, signed, for this laptop.")
        if parcel.errand == LAPTOP:
            about = _("From another laptop of this commune, made {moment}; whole, signed, for this laptop.")
        elif parcel.errand == TRANSFER:
            about = _("Out of another commune, by the province's centre, made {moment}; whole, signed.")
            lines = coming_lines(self._desk, checked.looked.coming)
            self.coming.put(column(*lines, gap=6) if lines else None)
            self.take_button.setText(_("Open their files here"))
        self.about.setText(about.format(moment=moment_of(parcel)))
        self.chip.say(_("Checked, not taken in yet"), "clock", "neutral")
        self._show_told(checked.looked.told)
        if checked.looked.arrived.again:
            self.notice.say(_("This parcel was taken in before: taking it in again changes nothing."))
        elif checked.looked.arrived.older:
            self.notice.say(_("A later parcel was taken in before this one: that does no harm."))
        self._show_which()

    def _show_told(self, told: Answered) -> None:
        counts = told.counts()
        if told.comers:
            shown = [(show_amount(len(told.comers)), _("people who come"))]
            if told.photos:
                shown.append((show_amount(told.photos), _("photos and papers")))
            self.figures.put(figures(shown))
            return
        shown = [
            (show_amount(counts.get(verdict, 0)), _(words).lower())
            for verdict, (words, _icon, _tone) in VERDICTS.items()
            if counts.get(verdict) or verdict == "in_force"
        ]
        if told.snapshot:
            shown.append((_("whole"), _("register comes along")))
        shown.append((show_amount(told.pulled), _("saves of others")))
        if told.photos:
            shown.append((show_amount(told.photos), _("photos are there")))
        self.figures.put(figures(shown))

    def take(self) -> None:
        """All of it, or nothing."""
        if not self.can_take or self.checked is None:
            return
        self.notice.clear()
        self._begin(self.take_button, _("Taking it in…"))
        self._jobs.run(
            self, _take, self._desk, self.checked.looked, lane="write", title=_("Taking it in"),
            done=self._took, failed=self._failed, bar=self.bar,
        )  # fmt: skip

    def _took(self, took: tuple[Answered, bool]) -> None:
        self._end()
        self.done, has_left = took
        self.chip.say(_("Taken in"), "tick", "ok")
        self._show_told(self.done)
        self._say_done(self.done)
        self.taken.emit(self.done)
        self.moved.emit()
        if has_left:
            self.left.emit()

    def _say_done(self, done: Answered) -> None:
        counts = Counter(done.counts())
        if done.comers:
            said = counted("{count} file is open here.", "{count} files are open here.", done.opened)
            rest = _("Their accounts wait for a second officer; hamlet and household are to be filled in.")
            self.notice.say(said, rest, tone="ok", icon="tick")
            return
        if done.waiting:
            kept = counted(
                "{count} save waits here for the next parcel.",
                "{count} saves wait here for the next parcel.",
                done.waiting,
            )
        else:
            kept = _("Nothing waits here any more.")
        if counts["conflict"]:
            rest = counted(
                "{count} conflict waits for people to decide.",
                "{count} conflicts wait for people to decide.",
                counts["conflict"],
            )
            self.notice.say(_("Taken into the register."), f"{rest} {kept}", tone="warn", icon="triangle")
        elif counts["refused"] or counts[NOT_TAKEN]:
            lost = counts["refused"] + counts[NOT_TAKEN]
            rest = counted(
                "{count} save was not accepted; it is kept below.",
                "{count} saves were not accepted; they are kept below.",
                lost,
            )
            self.notice.say(_("Taken into the register."), f"{rest} {kept}", tone="warn", icon="triangle")
        else:
            self.notice.say(_("Taken into the register."), kept, tone="ok", icon="tick")

    def _failed(self, error: Exception) -> None:
        self._end()
        self.notice.show_error(error)
        self.moved.emit()

    def again(self) -> None:
        """From the beginning."""
        self.checked, self.done, self.said, self._file = None, None, (), None
        self.title.setText(_("A parcel that came"))
        self.about.setText(_("Choose the file ending in .bangiao. Nothing moves until you have seen it."))
        self.chip.say(_("Not opened yet"), "ring", "neutral")
        self.figures.put(None)
        self.coming.put(None)
        self.take_button.setText(_("Take it into the register"))
        self.notice.clear()
        self._show_which()

    def steps(self) -> list[Step]:
        """Choose, check, see, take in."""
        words = (_("Choose the file"), _("Check it to its end"), _("See what it does"), _("Take it in"))
        now = 4 if self.done is not None else 2 if self.checked is not None else 0
        if self._is_running:
            now += 1
        states: list[StepState] = ["done" if at < now else "now" if at == now else "later" for at in range(4)]
        return [Step(each, "", state) for each, state in zip(words, states, strict=True)]

    def parcel(self) -> Parcel | None:
        """What the minute is printed of, once it is taken in."""
        if self.checked is None or self.done is None:
            return None
        return self.checked.looked.arrived.found.parcel(self.done.counts())


def _check(progress: Progress, desk: Desk, file: Path) -> Checked:
    looked: Looked = handover.look(progress, desk, file)
    return Checked(looked, said_of(desk, looked.told))


def _take(progress: Progress, desk: Desk, looked: Looked) -> tuple[Answered, bool]:
    """What it did, and whether the laptop has taken its leave by it."""
    done = handover.take(progress, desk, looked)
    return done, done.revoked and leaving.take_leave(progress, desk)
