"""A proposal that was answered: by whom, why, and whether it is in force."""

from __future__ import annotations

from collections.abc import Callable

from app.store.queue import Answered
from app.ui.moments import show_moment
from app.ui.parts.boxes import STRETCH, card, column_layout, label, row
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Facts
from app.ui.parts.queue_pane import Page, headed
from app.ui.person.file import Names
from app.ui.theme import Tone
from app.words import gettext as _

_STATES: dict[str, tuple[str, Tone]] = {
    "accepted": ("tick", "ok"),
    "refused": ("cross", "bad"),
    "withdrawn": ("undo", "neutral"),
}


class SettledPage(Page):
    """Nothing to do but to read it."""

    def __init__(self, answered: Answered, names: Names, about: str, open_file: Callable[[], object]) -> None:
        super().__init__()
        self.answered = answered
        values = answered.opened.values
        facts = Facts(
            [
                (_("About"), about),
                (_("Proposed by"), names.officer(str(values.get("proposer") or ""))),
                (_("Answered by"), names.by(answered.by)),
                (_("When"), show_moment(answered.by.at)),
                (_("Why"), f"“{values['answer']}”" if values.get("answer") else "–"),
            ],
            label_width=128,
        )
        her = answered.her
        head = headed(label(her.name or about, "pane", wrap=True), her.record, open_file)
        self.setLayout(column_layout(head, card(row(chip_of(answered), STRETCH), facts, gap=10), gap=12))

    def follows(self) -> str:
        if self.answered.is_waiting:
            return _("On this laptop alone so far: it goes to the centre with the next sync.")
        return ""


def chip_of(answered: Answered) -> Chip:
    """What became of it."""
    state = str(answered.opened.values.get("state"))
    if state == "accepted" and answered.is_waiting:
        return Chip(_("Approved, waits for the centre"), "clock", "warn")
    icon, tone = _STATES.get(state, ("dash", "neutral"))
    return Chip(_(f"choice.proposal.state.{state}"), icon, tone)


def note_of(answered: Answered, names: Names) -> str:
    """What became of it and by whom, for the list."""
    state = str(answered.opened.values.get("state"))
    words = _("waits for the centre") if answered.is_waiting else _(f"choice.proposal.state.{state}").lower()
    return f"{words} · {names.officer(answered.by.author)}"
