"""What waits for a second officer, and pairs said to be two: told whole, taken back with a reason."""

from __future__ import annotations

from functools import partial

from app.actions import approvals, duplicates
from app.actions.desk import Desk
from app.store.merges import Judged, Merging
from app.ui.duplicates.found import Found
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.moments import show_moment
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, card, column_layout, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Facts
from app.ui.parts.queue_pane import Page
from app.words import counted
from app.words import gettext as _

_NAMED_MOST = 12
_LABEL = 120


class WaitingPage(Page):
    """A proposal: what it would do, by whom, why; withdrawn by whoever finds it wrong."""

    def __init__(self, desk: Desk, found: Found, merging: Merging) -> None:
        super().__init__()
        self.desk, self.found = desk, found
        self.merging = merging
        what = Chip(_("Waits for a second officer"), "clock", "warn")
        facts = Facts(
            [
                (_("Would part") if merging.is_unmerge else _("Would merge"), _people(merging)),
                (_("Proposed by"), found.names.by(merging.by)),
                (_("When"), show_moment(merging.by.at)),
                (_("Why"), f"“{merging.why}”"),
            ],
            label_width=_LABEL,
        )
        self.reason = Field(
            _("Why it is withdrawn"),
            Reason([_("Written wrongly"), _("Two people, asked both")]),
            required=True,
        )
        self.withdraw = Button(_("Withdraw the proposal"), "danger", icon="undo", on=self._withdraw)
        self.buttons = (self.withdraw,)
        parts = [card(row(what, STRETCH), facts, gap=10)]
        if merging.has_moved:
            words = _("Somebody wrote there since: it can no longer be approved as it is.")
            parts.insert(0, Notice(words, _("Withdraw it and propose anew."), tone="warn"))
        self.setLayout(column_layout(*parts, card(self.reason), gap=12))
        self.reason.control.changed.connect(self.weigh)
        self.weigh()

    def follows(self) -> str:
        return _("Until somebody approves, both records stay as they are.")

    def begin(self) -> None:
        self.reason.control.setFocus()

    def weigh(self) -> None:
        self.allow(self.reason.control.value(), self.withdraw)
        self.changed.emit()

    def _withdraw(self) -> None:
        said = _("Withdrawn: the pairs are asked about again.")
        self.ask(
            approvals.turn_down, self.desk, self.merging.opened.record, self.reason.control.value(), said=said
        )


class JudgedPage(Page):
    """Two people who look alike; opened again by whoever knows better."""

    def __init__(self, desk: Desk, found: Found, judged: Judged) -> None:
        super().__init__()
        self.desk, self.found = desk, found
        self.judged = judged
        facts = Facts(
            [
                (_("Two people"), " – ".join(judged.names)),
                (_("Said by"), found.names.by(judged.by)),
                (_("When"), show_moment(judged.by.at)),
                (_("Why"), f"“{judged.opened.values.get('why') or ''}”"),
            ],
            label_width=_LABEL,
        )
        self.reason = Field(
            _("Why to look again"), Reason([_("Asked again"), _("Written wrongly")]), required=True
        )
        self.again = Button(_("Look at them again"), icon="undo", on=self._open)
        self.buttons = (self.again,)
        chip = Chip(_("choice.pair.verdict.two_people"), "tick", "ok")
        self.setLayout(column_layout(card(row(chip, STRETCH), facts, gap=10), card(self.reason), gap=12))
        self.reason.control.changed.connect(self.weigh)
        self.weigh()

    def follows(self) -> str:
        return _("No laptop of the commune asks about them.")

    def begin(self) -> None:
        self.reason.control.setFocus()

    def weigh(self) -> None:
        self.allow(self.reason.control.value(), self.again)
        self.changed.emit()

    def _open(self) -> None:
        values = self.judged.opened.values
        people = (str(values.get("person")), str(values.get("other")))
        act = partial(duplicates.judge, self.desk, people, are_two=False)
        said = _("They are asked about again.")
        self.ask(partial(act, reason=self.reason.control.value()), said=said)


def _people(merging: Merging) -> str:
    words = _("{goes} out of {stays}") if merging.is_unmerge else _("{goes} into {stays}")
    named = [words.format(stays=stays, goes=goes) for stays, goes in merging.names[:_NAMED_MOST]]
    more = len(merging.names) - len(named)
    if more:
        named.append(counted("and {count} more pair", "and {count} more pairs", more))
    return "\n".join(named)
