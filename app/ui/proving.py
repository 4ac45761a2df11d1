"""Her password, typed again: as a field in a pane, and as a small question before a look or an export.

    self.again = ProofField(shell.jobs, desk.prove, _("Type your password again to sign"))
    self.again.ask(self._approve)              # later: self._approve(proof); a wrong one is said there
    jobs.run(…, failed=asking(self, _("Save the list"), again=self._save, otherwise=self.notice.show_error))

`asking` turns Refusal("proof.wanted") into the question and does the deed again once she has answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store.proofs import Proof
from app.ui.forms.field import Field
from app.ui.forms.password import PasswordBox
from app.ui.jobs import Jobs
from app.ui.parts.boxes import STRETCH, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import explain
from app.words import gettext as _

if TYPE_CHECKING:
    from app.ui.window import Window

Prove = Callable[[str], Proof]


class ProofField(Field[PasswordBox]):
    """A password that is looked at when asked; cleared once it was right."""

    refused = Signal()

    def __init__(self, jobs: Jobs, prove: Prove, words: str = "") -> None:
        super().__init__(words or _("Your password, once more"), PasswordBox(), required=True)
        self._jobs, self._prove = jobs, prove
        self._is_asking = False
        self.control.warned.connect(lambda warning: self.set_hint(warning, "warn" if warning else ""))

    def ask(self, then: Callable[[Proof], object]) -> None:
        """Look at what was typed, in a job; `then` gets the proof, and a wrong password is said here."""
        typed = self.control.text()
        if self._is_asking:
            return
        if not typed:
            self.set_error(_("Type the password you come in with."))
            self.control.setFocus()
            self.refused.emit()
            return
        self._is_asking = True

        def proved(proof: Proof) -> None:
            self._is_asking = False
            self.control.clear()
            then(proof)

        self._jobs.run(self, _proved, self._prove, typed, lane="write", done=proved, failed=self._say_refused)

    def _say_refused(self, error: Exception) -> None:
        self._is_asking = False
        self.set_error(explain(error).at_field)
        self.control.selectAll()
        self.control.setFocus()
        self.refused.emit()


class ProofDialog(QDialog):
    """What is to be done, her password, and two buttons; closes with the lock."""

    def __init__(self, window: Window, prove: Prove, why: str, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        self.setWindowTitle(_("Password"))
        self.field = ProofField(window.jobs, prove)
        self.go = Button(_("Go on"), "primary", size="form", icon="key", on=self._ask)
        self.field.control.returnPressed.connect(self._ask)
        self.field.refused.connect(self._refused)
        told = _("So that nobody does this at your unlocked screen.")
        foot = row(STRETCH, Button(_("Cancel"), size="form", on=self.reject), self.go, gap=8)
        words = (label(why, "pane", wrap=True), label(told, "second", wrap=True))
        fill(QVBoxLayout(self), *words, 8, self.field, 8, foot, gap=8, margins=20)
        self.setFixedWidth(look().px(420))
        window.lock_wanted.connect(self.reject)
        self.finished.connect(self.deleteLater)
        self.field.control.setFocus()

    def _ask(self) -> None:
        self.go.busy(_("Checking…"))
        self.field.ask(self._proved)

    def _refused(self) -> None:
        self.go.ready()
        self.adjustSize()  # for the sentence below the field

    def _proved(self, _proof: Proof) -> None:
        self.accept()
        self._then()


def asking(
    beside: QWidget,
    why: str,
    *,
    again: Callable[[], object],
    otherwise: Callable[[Exception], object],
    given_up: Callable[[], object] | None = None,
) -> Callable[[Exception], None]:
    """What to do when a deed fails: ask for her password and do it again, or say what else is wrong.

    `given_up`: when she would rather not type it, for what waits on the screen.
    """

    def heard(error: Exception) -> None:
        window = cast("Window", beside.window())
        prove = getattr(window, "prove", None)
        if prove is not None and isinstance(error, Refusal) and error.code == "proof.wanted":
            asked = ProofDialog(window, prove, why, again)
            if given_up is not None:
                asked.rejected.connect(given_up)
            asked.open()
        else:
            otherwise(error)

    return heard


def _proved(_progress: Progress, prove: Prove, typed: str) -> Proof:
    return prove(typed)
