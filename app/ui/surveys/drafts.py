"""Fillings that are not finished: gone on with, moved to a newer form, dropped; on this laptop alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal

from app.actions.desk import Desk
from app.actions.surveying import filling
from app.domain.progress import Progress
from app.domain.text import fold
from app.store.fillings import Kept
from app.ui.notices import NoticeSlot
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty
from app.ui.surveys.columns import draft_columns, whom_of_draft
from app.ui.surveys.found import Found
from app.ui.surveys.list_page import ListPage
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_SHOWN_MOST = 5


@dataclass(frozen=True)
class Moved:
    """A draft on its newer form; the labels of questions whose answer has no place there."""

    kept: Kept
    lost: tuple[str, ...]


def move(_progress: Progress, desk: Desk, kept: Kept) -> Moved:
    """Take it over. The refusals of `filling.move`."""
    old = filling.take_up(desk, kept.id).session
    moved = filling.move(desk, kept.id)
    labels = (old.node(ref).label or ref.rpartition("/")[2] for ref in moved.lost)
    return Moved(moved.kept, tuple(dict.fromkeys(labels)))


class DraftsPage(ListPage[Kept]):
    """`written` when one was dropped, put back or moved."""

    written = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        self._window, self._desk = window, desk
        self._found: Found | None = None
        self.go = Button(
            _("Go on with the draft"), "primary", size="form", icon="clipboard", key="Enter", on=self._go
        )
        self.moving = Button(_("Move to the newer form"), size="form", icon="arrow-up", on=self._move)
        self.dropping = Button(_("Drop"), "quietbad", size="form", icon="trash", on=self._drop)
        hint, narrow = _("Form, name, hamlet"), ("form", "whom", "answered")
        super().__init__(
            draft_columns(self._newer), hint, buttons=[self.dropping, self.moving, self.go], narrow=narrow
        )
        self.notice = NoticeSlot(at_edge=True)
        self.head.put(self.notice)

    def show_found(self, found: Found) -> None:
        """What was read."""
        self._found = found
        lines = {each.id: each for each in found.drafts}
        sought = {
            key: fold(f"{each.title} {whom_of_draft(each)} {each.about.hamlet}")
            for key, each in lines.items()
        }
        self.show_lines(lines, sought)

    def _newer(self, draft: str) -> str:
        return self._found.newer.get(draft, "") if self._found else ""

    def empty(self) -> Empty:
        way = Button(_("Who is to be asked"), on=lambda: self._window.go("surveys", tab="todo"))
        more = _("A form that is left half way is kept here by itself, after each answer.")
        return Empty(_("No draft: nothing is unfinished."), way, icon="tick", more=more)

    def weigh(self) -> None:
        draft = self.line
        version = self._newer(draft.id) if draft else ""
        for button in (self.go, self.dropping):
            button.setEnabled(draft is not None)
        self.moving.setVisible(bool(version))
        words = counted(
            "{count} draft, on this laptop alone", "{count} drafts, on this laptop alone", len(self._lines)
        )
        self.figures.setText(words if self._lines else "")

    def _go(self) -> None:
        if self.line is not None:
            self._window.go("survey", draft=self.line.id)

    def _move(self) -> None:
        draft = self.line
        if draft is not None:
            self.moving.busy(_("Moving…"))
            self._window.jobs.run(
                self,
                move,
                self._desk,
                draft,
                lane="write",
                done=self._moved,
                failed=self._not_moved,
            )

    def _moved(self, moved: Moved) -> None:
        self.moving.ready()
        words = _("The draft is on version {version} now.").format(version=moved.kept.version)
        if moved.lost:
            lost = ", ".join(moved.lost[:_SHOWN_MOST])
            more = len(moved.lost) - _SHOWN_MOST
            if more > 0:
                lost = _("{some} and {count} more").format(some=lost, count=more)
            told = _("These answers have no place in it and are gone: {questions}.").format(questions=lost)
            self.notice.say(words, told, tone="warn")
        else:
            self.notice.say(words, _("Every answer found its place."), tone="ok", icon="tick")
        self.written.emit()

    def _not_moved(self, error: Exception) -> None:
        self.moving.ready()
        self.notice.show_error(error)

    def _drop(self) -> None:
        if self.line is not None:
            self._write(filling.drop, self.line.id, done=self._dropped)

    def _dropped(self, kept: Kept | None) -> None:
        if kept is not None:
            words = _("Dropped: {form}, {name}").format(form=kept.title, name=whom_of_draft(kept))
            self._window.toast.say(words, undo=lambda: self._put_back(kept))
        self.written.emit()

    def _put_back(self, kept: Kept) -> None:
        self._write(filling.keep, kept, done=lambda _none: self.written.emit())

    def _write(self, act: Callable[..., object], what: object, done: Callable[[Any], None]) -> None:
        self._window.jobs.run(
            self, act, self._desk, what, lane="write", done=done, failed=self.notice.show_error
        )
