"""What every part of a page is: a question, questions in columns, a group, a repeat, a whole board."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from app.survey.layout import Part
from app.survey.views import Delta

if TYPE_CHECKING:
    from app.ui.survey.question import Question


class Laid(QFrame):
    """`refresh` brings it up to date and says whether it is there at all; nothing is built anew for that."""

    def refresh(self, delta: Delta | None) -> bool:
        """After a change; None: anything may have changed."""
        raise NotImplementedError

    def questions(self) -> Iterator[Question]:
        """Those to be seen, in order; of a repeat, in the row that is open."""
        raise NotImplementedError

    def reveal(self, ref: str) -> Question | None:
        """The question, after opening the row that it lies in; None where it is not here."""
        raise NotImplementedError


Lay = Callable[[Sequence[Part], str, str], Laid]  # parts, the row they lie in, and its path
