"""The training door: the password shown, the invented commune made, the local centre started."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from app.actions.invented.officers import Seats
from app.actions.training import PASSWORD, PEOPLE
from app.bootstrap.shelves import training_seats, training_shelf
from app.domain.places import Place
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.store.laptop import Laptop
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, label
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.parts.panes import Facts
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.bootstrap.training import TrainingDay


@dataclass(frozen=True)
class Ways:
    """Where the door leads."""

    opened: Callable[[TrainingDay], None]
    back: Callable[[], object]


class TrainingDoor(Room):
    """Everything may be tried here: invented people, another colour, nothing sent anywhere."""

    frame = "bare"
    help_page = "tap-huan"

    def __init__(self, window: Window, laptop: Laptop, reference: Reference, ways: Ways) -> None:
        super().__init__(window)
        self._laptop, self._reference, self._ways = laptop, reference, ways
        place = training_shelf(laptop, reference).place
        self.notice, self.bar = NoticeSlot(), WorkBar(at_edge=True)
        self.open_button = Button(
            _("Open the training register"),
            "primary",
            icon="cap",
            size="form",
            on=self._open,
        )
        self.approver_button = Button(
            _("Sit down to approve"), size="form", on=lambda: self._open(approves=True)
        )
        self.back_button = Button(_("Back"), size="form", on=ways.back)
        title, words = label(_("Training"), "page"), _("Try anything. Nothing is sent anywhere.")
        body = column(self.notice, _facts(place, training_seats(laptop, reference)), gap=12)
        told = label(words, "second", wrap=True)
        cover = Cover(place_lines(place.name, place.province), width=360)
        foot = (STRETCH, self.back_button, self.approver_button, self.open_button)
        self.setLayout(covered(cover, (title, told, 16, body, STRETCH), [self.bar], foot))

    def enter(self, **arguments: object) -> None:
        """`why`: what put her out to this door."""
        self.notice.clear()
        if why := str(arguments.get("why") or ""):
            self.notice.say(why, icon="lock")
        self.open_button.setFocus()

    def _open(self, *, approves: bool = False) -> None:
        self.open_button.busy(_("Opening…"))
        for button in (self.open_button, self.approver_button, self.back_button):
            button.setEnabled(False)
        self.notice.clear()
        self.shell.jobs.run(
            self,
            _begin,
            self._laptop,
            self._reference,
            approves,
            lane="write",
            done=self._ways.opened,
            failed=self._failed,
            bar=self.bar,
        )

    def _failed(self, error: Exception) -> None:
        self.open_button.ready()
        for button in (self.open_button, self.approver_button, self.back_button):
            button.setEnabled(True)
        self.notice.show_error(error)


def _begin(progress: Progress, laptop: Laptop, reference: Reference, approves: bool) -> TrainingDay:
    from app.bootstrap.training import begin_training

    return begin_training(progress, laptop, reference, approves=approves)


def _facts(place: Place, seats: Seats) -> QFrame:
    """What is behind the door, with the password in plain sight."""
    words = _("{people} invented people of {commune}")
    facts = card(
        label(words.format(people=show_amount(PEOPLE), commune=place.name), "card", wrap=True),
        label(_("The same program, the same steps. Colour and the word TRAINING tell it apart."), wrap=True),
        8,
        Facts(
            [
                (_("Officer"), label(seats.officer, "strong")),
                (_("Who approves"), label(seats.approver, "strong")),
                (_("Password"), label(PASSWORD, "pane")),
            ]
        ),
        8,
        label(
            _("A central register runs here while the window is open, so syncing can be tried too."),
            "hint",
            wrap=True,
        ),
    )
    facts.setMaximumWidth(look().px(520))
    return facts
