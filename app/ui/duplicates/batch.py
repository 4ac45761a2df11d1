"""Pairs that two imports of one workbook made: one list with ticks, one proposal."""

from __future__ import annotations

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.duplicates import Merge
from app.domain.text import show_amount
from app.ui.duplicates import wording
from app.ui.duplicates.found import Found
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.notices import Notice
from app.ui.parts.boxes import column_layout
from app.ui.parts.buttons import Button
from app.ui.parts.queue_pane import Page
from app.ui.tables.columns import Column
from app.ui.tables.table import Table
from app.ui.theme import look
from app.ui.values import show_value
from app.words import counted, ngettext
from app.words import gettext as _

_ROW, _TALLEST, _TALLEST_LARGE = 32, 384, 208


class BatchPage(Page):
    """Everybody ticked; Space takes a tick away."""

    def __init__(self, desk: Desk, found: Found) -> None:
        super().__init__()
        self.desk, self.found = desk, found
        self._merges = {merge.survivor.record: merge for merge in found.batch}
        self.table = Table(self._columns(), lambda ids: [self._merges.get(i) for i in ids], ticks=True)
        tallest = _TALLEST if look().factor < 1.5 else _TALLEST_LARGE
        self.table.setFixedHeight(look().px(min(_ROW * (len(found.batch) + 1) + 4, tallest)))
        if look().factor >= 1.5:
            self.table.show_columns(("name", "birth", "personal_id", "stays"))
        self.table.set_ids(list(self._merges))
        self.table.rows.tick(list(self._merges), True)
        self.reason = Field(_("Reason"), Reason([_("One list imported twice")]), required=True)
        self.propose = Button("", "primary", icon="merge", key="Ctrl Enter", on=self._propose)
        self.buttons = (Button(_("Later"), on=self.later.emit), self.propose)
        told = Notice(
            _("Two imports made each of these people twice."),
            _(
                "Number, name and birth are equal, and nothing that needs a decision differs. The record"
                " that knows more stays, or the one entered first."
            ),
        )
        self.setLayout(column_layout(told, self.table, self.reason, gap=12))
        self.table.ticked_changed.connect(self.weigh)
        self.reason.control.changed.connect(self.weigh)
        self.weigh()

    def _columns(self) -> tuple[Column, ...]:
        def told(name: str, words: str, width: int, *, grows: bool = False) -> Column:
            def show(merge: Merge) -> str:
                value = merge.survivor.values.get(name)
                return show_value("person", name, value) if value is not None else ""

            return Column(
                name, words, width, show, kind="name" if grows else "text", grows=grows, is_sortable=False
            )

        def entered(name: str, words: str, is_other: bool) -> Column:
            def show(merge: Merge) -> str:
                return wording.entered_at(merge.other if is_other else merge.survivor)

            return Column(name, words, 132, show, is_sortable=False, secondary=True)

        return (
            told("name", _("field.person.name"), 140, grows=True),
            told("birth", _("field.person.birth"), 104),
            told("personal_id", _("field.person.personal_id"), 124),
            told("hamlet", _("field.person.hamlet"), 118),
            entered("stays", _("Stays"), False),
            entered("goes", _("Goes into it"), True),
        )

    @property
    def chosen(self) -> list[Merge]:
        """Those whose tick stands."""
        return [merge for key, merge in self._merges.items() if key in self.table.rows.ticked]

    def follows(self) -> str:
        """How many."""
        words = ngettext(
            "{count} of {all} pair ticked; merged only once a second officer approves.",
            "{count} of {all} pairs ticked; merged only once a second officer approves.",
            len(self._merges),
        )
        return words.format(count=show_amount(len(self.chosen)), all=show_amount(len(self._merges)))

    def begin(self) -> None:
        self.table.setFocus()

    def weigh(self) -> None:
        count = len(self.chosen)
        self.propose.setText(
            counted("Propose to merge {count} pair", "Propose to merge {count} pairs", count)
        )
        self.allow(self.reason.control.value(), self.propose)
        if not count:
            self.propose.forbid(_("Tick at least one pair."))
        self.changed.emit()

    def _propose(self) -> None:
        chosen = self.chosen
        said = counted("Proposed to merge {count} pair.", "Proposed to merge {count} pairs.", len(chosen))
        self.ask(duplicates.propose, self.desk, chosen, self.reason.control.value(), said=said)
