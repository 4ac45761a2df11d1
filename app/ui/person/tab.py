"""What the tabs of one person's room share: her file, writing in the background, undo, forms with drafts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.store.opened import Opened
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import fill
from app.ui.parts.holder import Holder
from app.ui.person.draft import Kept
from app.ui.person.editing import Editing, Plan, written
from app.ui.person.file import File
from app.ui.person.form import RecordForm
from app.ui.window import Window
from app.words import gettext as _

MakeForm = Callable[[Opened], RecordForm]


class PersonTab(QFrame):
    """Shows her file, or the form that is being filled in instead of it."""

    refresh_wanted = Signal()

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__()
        self.window_, self.desk, self.link = window, desk, link
        self.notice = NoticeSlot()
        self.shown, self.form = Holder(), Holder()
        layout = QVBoxLayout(self)
        fill(layout, self.notice, self.shown, self.form, gap=12)
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)

    def show_file(self, file: File) -> None:
        """Show her as she now is; an open form stays as it is, whatever came meanwhile."""
        self.file = file
        self.shown.put(self.page(file))
        self.shown.setVisible(self.form.held is None)

    def page(self, file: File) -> QWidget:
        """What the tab shows while nothing is being filled in."""
        raise NotImplementedError

    def begin(self) -> None:
        """Another person: no form, no notice."""
        self.notice.clear()
        self.form.put(None)

    @property
    def editing(self) -> Editing | None:
        """The form that is open."""
        return self.form.held if isinstance(self.form.held, Editing) else None

    def edit(self, opened: Opened, make: MakeForm, plan: Plan) -> Editing:
        """Open a form; a draft that was kept comes back with the record as its author saw it."""
        kept = self.kept(plan.subject)
        form = make(kept.opened if kept else opened)
        editing = Editing(self.window_, self.desk, form, plan, kept)
        editing.saved.connect(self._saved)
        editing.given_up.connect(self._close)
        self.form.put(editing)
        self.shown.hide()
        self.notice.clear()
        return editing

    def kept(self, subject: str) -> Kept | None:
        """The draft under a subject, as the file brought it."""
        return self.file.drafts.get(subject)

    def _close(self) -> None:
        self.form.put(None)
        self.shown.show()
        self.refresh_wanted.emit()

    def _saved(self, set_id: str) -> None:
        self._close()
        self.said(set_id)

    def write(self, act: Callable[..., object], *args: Any, is_final: bool = False) -> None:
        """Do something to the register in the background, and say so with an undo, unless it is final."""
        self.window_.jobs.run(
            self,
            written,
            self.desk,
            act,
            *args,
            lane="write",
            done=partial(self.said, is_final=is_final),
            failed=self.notice.show_error,
        )

    def said(self, set_id: str, *, is_final: bool = False) -> None:
        """Tell that a set was written; it may be taken back while the toast stands, unless it is final."""
        if not set_id:
            self.window_.toast.say(_("Nothing was changed."))
            return
        name = self.file.person.row.name
        self.link.saved()
        undo = None if is_final else partial(self._undo, set_id)
        self.window_.toast.say(_("Saved {name}").format(name=name), undo)

    def _undo(self, set_id: str) -> None:
        self.window_.jobs.run(
            self,
            written,
            self.desk,
            people.undo,
            set_id,
            "undo",
            lane="write",
            done=lambda _set: self.link.saved(),
            failed=self.notice.show_error,
        )
