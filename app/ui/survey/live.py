"""One filling while it is on the screen: what its parts ask of it, and what it tells them.

Whatever is accepted is handed on to be kept, as a draft; what is refused is said at its question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Refusal
from app.domain.identity import CardQr
from app.domain.progress import Progress
from app.survey.answers import Answer
from app.survey.choices import Choice
from app.survey.pages import Pages, Problem
from app.survey.session import Session
from app.survey.typed import canonical
from app.survey.views import Delta
from app.ui.jobs import Jobs
from app.ui.pictures import Source
from app.ui.survey import scanned
from app.ui.survey.asking import Brought, Read
from app.ui.survey.slowly import Slowly
from app.words import explain
from app.words import gettext as _


class Keeping(Protocol):
    """Where answers go."""

    def keep(self, draft: bytes, page: str) -> None:
        """Keep a draft, and the page that is shown; later, it does not block."""
        ...

    def keep_file(self, progress: Progress, content: bytes, name: str) -> str:
        """Keep these bytes encrypted; the file name that stands as the answer. A job."""
        ...

    def file(self, name: str) -> bytes | None:
        """The bytes behind such an answer; None when they are not here. Asked in a job."""
        ...


class Live(QObject):
    """Asked by controls (`asking.Asking`), questions and rows.

    `changed`: a Delta, or None for anything at all.
    `removed`: a row, which `take_back` brings back until something else is answered (`settled`).
    """

    changed = Signal(object)
    removed = Signal(str)
    settled = Signal()

    def __init__(
        self,
        session: Session,
        keeping: Keeping,
        pages: Pages,
        jobs: Jobs,
        clock: Callable[[], date],
    ) -> None:
        super().__init__()
        self.session, self.pages, self.clock = session, pages, clock
        self._keeping, self._jobs = keeping, jobs
        self._prefilled = dict[Answer, str]()
        self._masked = dict[Answer, str]()
        self._complaints = dict[str, str]()
        self._coming = Counter[Answer]()  # photos and files that are not on the disk yet
        self._back = ""  # the row that may still be brought back
        self.slowly = Slowly(self)

    def know(self, prefilled: Mapping[str, str]) -> None:
        """What was put there from the register."""
        for ref, text in prefilled.items():
            with suppress(Refusal):  # a question that a later version of the form no longer has
                node = self.session.at(ref)
                self._prefilled[node] = canonical(node.field.bind.type, text)

    def withhold(self, masked: Mapping[str, str]) -> None:
        """What stands in the register and is not shown, behind its mask."""
        self._masked = {self.session.at(ref): text for ref, text in masked.items()}

    # What controls ask

    @property
    def jobs(self) -> Jobs:
        """Off the window's own thread."""
        return self._jobs

    def choices(self, ref: str) -> Sequence[Choice]:
        """What may be chosen there now."""
        return self.session.choices(ref)

    def bring(self, ref: str, read: Read, source: Source) -> None:
        """Read a photo or file, then seal it in the lane of writes: before any draft that names it."""
        node = self.session.at(ref)
        self._coming[node] += 1
        self._complaints.pop(ref, None)
        done, failed = partial(self._seal, node), partial(self._not_brought, node)
        self._jobs.run(self, read, source, done=done, failed=failed)
        self._told({ref: frozenset()})

    def is_bringing(self, ref: str = "") -> bool:
        """Whether a photo or file is on its way to that question; to any, without one."""
        return self._coming[self.session.at(ref)] > 0 if ref else self._coming.total() > 0

    def file(self, name: str) -> bytes | None:
        """The bytes behind such an answer."""
        return self._keeping.file(name)

    def scanned_card(self, ref: str, card: CardQr) -> None:
        """Fill what is still empty beside that question."""
        for beside, text in scanned.filled(self.session, ref, card):
            self.answer(beside, text)

    # What questions ask

    def is_from_register(self, ref: str) -> bool:
        """Whether its value came from the register and nobody edited it."""
        node = self.session.at(ref)
        return bool(node.held) and self._prefilled.get(node) == node.held

    def mark(self, ref: str) -> str:
        """What a question says of the register beside its words; empty for nothing."""
        if self.is_from_register(ref):
            return _("from the register")
        node = self.session.at(ref)
        masked = self._masked.get(node, "") if not node.held else ""
        return _("in the register: {masked}").format(masked=masked) if masked else ""

    def error(self, ref: str) -> str:
        """The sentence that stands under a question; empty for none."""
        problem = self.pages.problem(ref)
        return self._complaints.get(ref) or (sentence(problem) if problem else "")

    # What happens

    def answer(self, ref: str, text: str) -> None:
        """Write it, and all that follows; a refusal is said at the question, where the old value stands."""
        node = self.session.at(ref)
        before = node.held
        mended = {each: frozenset({"violation"}) for each in self._complaints}
        self._complaints.clear()
        try:
            delta = self.session.answer(ref, text)
        except Refusal as refused:
            self._complaints[ref] = explain(refused).at_field
            self._told({**mended, ref: frozenset({"violation"})})
            return
        self.pages.touch(ref)
        if node.held != before:
            self._prefilled.pop(node, None)
        self._accepted(Delta({**mended, ref: frozenset(), **delta.nodes}, delta.added, delta.removed))

    def refuse(self, ref: str, sentence: str) -> None:
        """What was typed there is no answer; with no sentence, it is mended."""
        if sentence:
            self.pages.refuse(ref, sentence)
        else:
            self.pages.touch(ref)
        self._told({ref: frozenset({"violation"})})

    def complain(self, ref: str, sentence: str) -> None:
        """Said until something is answered, and in nobody's way: the answer is what it was."""
        self._complaints[ref] = sentence
        self._told({ref: frozenset({"violation"})})

    def add_row(self, ref: str) -> bool:
        """A row at the end; False where the form takes no more, which is said at the repeat."""
        return self._rows(ref, lambda: self.session.add_repeat(ref))

    def remove_row(self, ref: str) -> None:
        """Away with it, and tell of it: it can be brought back."""
        if self._rows(ref.rpartition("[")[0], lambda: self.session.remove_repeat(ref)):
            self._back = ref
            self.removed.emit(ref)

    def take_back(self) -> str:
        """The removed row comes back; its reference, or nothing where something was answered since."""
        ref, self._back = self._back, ""
        if ref:
            self.session.take_back()
            self._accepted(None)
        return ref

    def set_language(self, language: str) -> None:
        """Other words, the same values; whoever asks for it shows the page anew."""
        self.session.set_language(language)

    def _seal(self, node: Answer, brought: Brought) -> None:
        self._jobs.run(
            self,
            self._keeping.keep_file,
            brought.content,
            brought.name,
            lane="write",
            done=partial(self._brought, node),
            failed=partial(self._not_brought, node),
        )

    def _brought(self, node: Answer, name: str) -> None:
        """Answered where the question stands by now: nowhere, if its row was removed meanwhile."""
        self._coming[node] -= 1
        if node.is_in(self.session.root):
            self.answer(self.session.ref_of(node), name)
        else:
            self.changed.emit(None)

    def _not_brought(self, node: Answer, error: Exception) -> None:
        self._coming[node] -= 1
        if node.is_in(self.session.root):
            self.complain(self.session.ref_of(node), explain(error).at_field)
        else:
            self.changed.emit(None)

    def turn(self) -> None:
        """Another page is shown: the draft goes on there, and what was complained of is over."""
        self._complaints.clear()
        self._keep()

    def _keep(self) -> None:
        self._keeping.keep(self.session.draft(), self.pages.current)

    def _rows(self, ref: str, change: Callable[[], Delta]) -> bool:
        self._complaints.clear()
        try:
            delta = change()
        except Refusal as refused:
            self._complaints[ref] = explain(refused).happened
            self.changed.emit(None)
            return False
        self._accepted(delta)
        return True

    def complaint(self, ref: str) -> str:
        """Why a repeat would not take or lose a row; empty for nothing."""
        return self._complaints.get(ref, "")

    def _told(self, nodes: dict[str, frozenset[str]]) -> None:
        """What is said of these questions is another thing, though no answer is."""
        self.changed.emit(Delta(nodes))

    def _accepted(self, delta: Delta | None) -> None:
        self._back = ""
        self.settled.emit()
        self._keep()
        self.changed.emit(delta)


def sentence(problem: Problem) -> str:
    """What is wrong, in the form's words where it has any."""
    if problem.message.strip():
        return problem.message.strip()
    if problem.fault == "required":
        return _("This question needs an answer.")
    return _("The form does not accept this answer.")
