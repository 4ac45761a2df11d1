"""A form being filled in: its reason, its draft that keeps itself, Save and the way back.

    editing = Editing(window, desk, form, Plan("person:…", _("Save changes"), change))
    editing.saved.connect(…); editing.given_up.connect(…)

What is typed goes into the vault half a second later, with the record as it was opened; a lock, a
power cut or another room costs nothing, and the save still says what its author had seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import place, unit
from app.store.opened import Opened
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import scroll
from app.ui.person.draft import Kept, keep_draft
from app.ui.person.form import RecordForm
from app.ui.theme import give
from app.ui.window import Window
from app.words import gettext as _

_KEEP_MS = 500


@dataclass(frozen=True)
class Plan:
    """What a form is for: the subject of its draft, the words of its button, what saving does.

    `act(desk, opened, values, reason)` runs in the writing lane.
    """

    subject: str
    words: str
    act: Callable[[Desk, Opened, Mapping[str, Value], str], object]
    phrases: Sequence[str] = ()
    title: str = ""
    asks_always: bool = False


def written(_progress: Progress, desk: Desk, act: Callable[..., object], *args: object) -> str:
    """Do it; the id of the set it wrote, empty when nothing differed."""
    before = _newest(desk)
    act(desk, *args)
    after = _newest(desk)
    return after if after != before else ""


def _newest(desk: Desk) -> str:
    with desk.vault.read() as connection:
        return unit.last_of_device(connection, place.read_text(connection, "device"))[1]


def ready_phrases() -> list[str]:
    """Reasons that officers give every day."""
    return [
        _("By her papers"),
        _("Her family said so"),
        _("The hamlet head said so"),
        _("Written wrongly before"),
    ]


class Editing(QFrame):
    """The form scrolls, reason and buttons stay."""

    saved = Signal(str)
    given_up = Signal()

    def __init__(
        self, window: Window, desk: Desk, form: RecordForm, plan: Plan, kept: Kept | None = None
    ) -> None:
        super().__init__()
        self._window, self._desk, self.form, self._plan = window, desk, form, plan
        self._asks = plan.asks_always
        self.notice = NoticeSlot()
        self.reason = Field(_("Why"), Reason(plan.phrases or ready_phrases()))
        self.save = Button(plan.words, "primary", size="form", on=self.submit)
        self.back = Button(_("Give up"), "quiet", size="form", on=self.give_up)
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._timer.timeout.connect(self._keep)
        self._lay_out()
        if kept is not None:
            form.restore(kept.typed)
            self.reason.control.set_value(kept.reason)
            self.notice.say(_("This was typed before and not saved yet."), _("Nothing of it is lost."))
        form.changed.connect(self._touched)
        self.reason.control.changed.connect(self._touched)
        self._hint()

    def _lay_out(self) -> None:
        head = [label(self._plan.title, "card")] if self._plan.title else []
        body = column(*head, self.notice, self.form, STRETCH, gap=12, margins=16)
        buttons = column(STRETCH, row(self.back, self.save, gap=12), 20)
        foot = row(self.reason, 16, buttons, gap=0, margins=(16, 10), role="footer")
        layout = QVBoxLayout(self)
        fill(layout, scroll(body), foot, margins=1)
        layout.setStretch(0, 1)
        give(self, role="card")

    @property
    def subject(self) -> str:
        """Under which the draft is kept."""
        return self._plan.subject

    def ask_why(self, needed: bool) -> None:
        """Whether a reason must be given whatever moved."""
        self._asks = needed
        self._hint()

    def _touched(self) -> None:
        self._timer.start()
        self._hint()

    def _hint(self) -> None:
        """Say when a reason is needed, before Save would."""
        is_needed = self._asks or self.form.is_guarded
        words = _("Needed here; it stands in her history.") if is_needed else _("It stands in her history.")
        self.reason.set_hint(words)

    def _body(self) -> bytes | None:
        if not self.form.is_touched:
            return None
        opened = self.form.opened
        return msgspec.msgpack.encode(
            Kept(
                opened.kind,
                opened.record,
                dict(opened.values),
                dict(opened.on),
                self.form.draft(),
                self.reason.control.value(),
            )
        )

    def _keep(self) -> None:
        self._window.jobs.run(self, keep_draft, self._desk, self.subject, self._body(), lane="write")

    def hideEvent(self, event: QHideEvent) -> None:
        # A lock closes the vault next: what was typed last is kept here and now.
        if self._timer.isActive():
            self._timer.stop()
            if self._desk.vault.is_open:
                keep_draft(Progress(), self._desk, self.subject, self._body())
        super().hideEvent(event)

    def submit(self) -> None:
        """Save what was typed, or say at the field why not."""
        self.notice.clear()
        self.reason.clear_error()
        values = self.form.read()
        if values is None:
            return
        reason = self.reason.control.value()
        if self._asks and not reason:
            self.reason.set_error(_("Say why; it stands in her history."))
            self.reason.control.setFocus()
            return
        self.save.busy(_("Saving…"))
        work = (self._desk, self._plan.act, self.form.opened, values, reason)
        self._window.jobs.run(self, written, *work, lane="write", done=self._done, failed=self._failed)

    def _done(self, set_id: str) -> None:
        self.save.ready()
        self._forget(partial(self.saved.emit, set_id))

    def _failed(self, error: Exception) -> None:
        self.save.ready()
        if getattr(error, "field", None) == "reason":
            self.reason.set_error(_("Say why; it stands in her history."))
            self.reason.control.setFocus()
        elif not self.form.show_error(error):
            self.notice.show_error(error)

    def give_up(self) -> None:
        """Forget what was typed."""
        self._forget(self.given_up.emit)

    def _forget(self, then: Callable[[], None]) -> None:
        """Go on only when the draft is gone: whoever reads the file next must not find it."""
        self._timer.stop()
        self._window.jobs.run(
            self,
            keep_draft,
            self._desk,
            self.subject,
            None,
            lane="write",
            done=lambda _none: then(),
            failed=self.notice.show_error,
        )
