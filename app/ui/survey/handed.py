"""A form that was handed in: what came of it, and where to go on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions.surveying.handing_in import Handed
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import counted
from app.words import gettext as _

_WIDTH = 560


class HandedIn(QFrame):
    """What was written at once, what waits for another officer, what stands in the form alone."""

    going_on = Signal()

    def __init__(self, handed: Handed, title: str, about: str) -> None:
        super().__init__()
        told = Notice(_("Handed in: {title}").format(title=title), about, icon="tick", tone="ok")
        lines = [label(words, "second", wrap=True) for words in _lines(handed)]
        self.forth = Button(_("Go on"), "primary", on=self.going_on.emit)
        card = column(told, *lines, row(self.forth, STRETCH), gap=12, margins=20, role="card")
        card.setMaximumWidth(look().px(_WIDTH))
        self.setLayout(column_layout(card, STRETCH, margins=(20, 20)))


def _lines(handed: Handed) -> list[str]:
    said = []
    if handed.written:
        said.append(
            counted(
                "{count} answer was written into the register.",
                "{count} answers were written into the register.",
                handed.written,
            )
        )
    if handed.proposals:
        said.append(
            counted(
                "{count} proposal waits for another officer: what only a decision changes, or what somebody"
                " changed meanwhile.",
                "{count} proposals wait for another officer: what only a decision changes, or what somebody"
                " changed meanwhile.",
                len(handed.proposals),
            )
        )
    if handed.unfit:
        said.append(
            _("The register cannot hold these answers; they stand in the form alone: {names}.").format(
                names=", ".join(_(f"field.{kind}.{name}") for kind, name in handed.unfit)
            )
        )
    return said or [_("Nothing in the register had to be changed.")]
