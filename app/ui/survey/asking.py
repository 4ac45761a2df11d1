"""What a control may ask of the filling it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.identity import CardQr
from app.survey.choices import Choice
from app.ui.jobs import Jobs


class Asking(Protocol):
    """The runner, as its controls see it."""

    @property
    def jobs(self) -> Jobs:
        """Where a photo is made small: not on the window's own thread."""
        ...

    def choices(self, ref: str) -> Sequence[Choice]:
        """What may be chosen there now."""
        ...

    def keep_file(self, content: bytes, name: str) -> str:
        """Keep these bytes encrypted; the file name that stands as the answer."""
        ...

    def file(self, name: str) -> bytes | None:
        """The bytes behind such an answer; None when they are not here."""
        ...

    def scanned_card(self, ref: str, card: CardQr) -> None:
        """An identity card was read in that question: fill whatever else of her can be filled."""
        ...
