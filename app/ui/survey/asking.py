"""What a control may ask of the filling it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.identity import CardQr
from app.domain.progress import Progress
from app.survey.choices import Choice
from app.ui.jobs import Jobs
from app.ui.pictures import Source


@dataclass(frozen=True)
class Brought:
    """A photo or file as it is to be kept."""

    content: bytes
    name: str


Read = Callable[[Progress, Source], Brought]  # a job


class Asking(Protocol):
    """The runner, as its controls see it."""

    @property
    def jobs(self) -> Jobs:
        """Where a photo is decrypted and made small: not on the window's own thread."""
        ...

    def choices(self, ref: str) -> Sequence[Choice]:
        """What may be chosen there now."""
        ...

    def bring(self, ref: str, read: Read, source: Source) -> None:
        """Read it and keep it encrypted, in jobs; the question is answered once it is on the disk."""
        ...

    def is_bringing(self, ref: str) -> bool:
        """Whether something is on its way there; the question is shown anew when it is no more."""
        ...

    def complain(self, ref: str, sentence: str) -> None:
        """Say under the question what went wrong; its answer is what it was, and nothing waits for it."""
        ...

    def file(self, name: str) -> bytes | None:
        """The bytes behind such an answer; None when they are not here. Asked in a job."""
        ...

    def scanned_card(self, ref: str, card: CardQr) -> None:
        """An identity card was read in that question: fill whatever else of her can be filled."""
        ...
