"""The self-test as a page: what is well on this laptop, what is not, each with its remedy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from app.actions.checkup import Finding, at_the_desk, worst
from app.actions.desk import Desk
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Mark
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.room import Room
from app.ui.theme import Tone, look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_MARKS: dict[str, tuple[str, Tone]] = {
    "well": ("tick", "ok"),
    "attention": ("triangle", "warn"),
    "bad": ("cross", "bad"),
}
_ABOUT_WIDTH = 190


class CheckupRoom(Room):
    """Looks by itself when it is opened; nothing here changes anything."""

    section = "settings"
    help_page = "tu-kiem-tra"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self.again = Button(_("Look again"), icon="sync", on=self._look)
        self.set_head(_("Self-test"), actions=[self.again], back="settings")
        self.notice, self.bar, self.shown = NoticeSlot(), WorkBar(at_edge=True), Holder()
        self.found: Sequence[Finding] = ()
        body = scroll(column(self.notice, self.shown, STRETCH, gap=12, margins=(20, 16)))
        self.setLayout(column_layout(body, self.bar, grows=0))

    def enter(self, **_arguments: object) -> None:
        self._look()

    def _look(self) -> None:
        self.again.busy(_("Looking…"))
        self.shell.jobs.run(
            self,
            at_the_desk,
            self._desk,
            lane="net",
            title=_("Self-test"),
            done=self._show,
            failed=self._failed,
            bar=self.bar,
        )

    def _failed(self, error: Exception) -> None:
        self.again.ready()
        self.notice.show_error(error)

    def _show(self, found: Sequence[Finding]) -> None:
        self.again.ready()
        self.found = sorted(found, key=lambda each: [*_MARKS].index(each.standing), reverse=True)
        todo = sum(each.standing != "well" for each in found)
        match worst(found):
            case "well":
                self.notice.say(_("All is well with this laptop."), tone="ok", icon="tick")
            case "attention":
                self.notice.say(
                    counted(
                        "{count} thing to look after; work goes on.",
                        "{count} things to look after; work goes on.",
                        todo,
                    ),
                    tone="warn",
                )
            case "bad":
                self.notice.say(
                    _("Something is wrong with this laptop."), _("What is red comes first."), tone="bad"
                )
        self.shown.put(card(*(_line(each) for each in self.found), gap=0, margins=(16, 4)))


def _line(each: Finding) -> QFrame:
    about = Mark(_(f"doctor.about.{each.about}"), *_MARKS[each.standing])
    about.setFixedWidth(look().px(_ABOUT_WIDTH))
    words = [label(_(f"doctor.{each.code}").format(**each.facts), wrap=True)]
    if each.standing != "well":
        words.append(label(_(f"doctor.{each.code}.todo").format(**each.facts), "second", wrap=True))
    line = row(column(about, STRETCH), column(*words, gap=2), gap=12, margins=(0, 10), grows=1)
    line.setAccessibleName(" ".join(each.text() for each in words))
    return line
