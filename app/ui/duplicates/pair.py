"""Two people side by side: which record stays, what is taken over from the other, or that they are two."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QWidget

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.duplicates import Merge
from app.store import twins as comparing
from app.store.twins import Twin, Twins
from app.ui.duplicates import wording
from app.ui.duplicates.found import Found
from app.ui.duplicates.sides import facts_of, told_of
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.notices import Notice
from app.ui.parts.boxes import card, column, column_layout, label
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.comparison import Comparison
from app.ui.parts.holder import Holder
from app.ui.parts.queue_pane import Page
from app.ui.values import show_value
from app.words import gettext as _


class PairPage(Page):
    """Comparison, choice, what is taken over, reason."""

    def __init__(self, desk: Desk, found: Found, pair: Twins) -> None:
        super().__init__()
        self.desk, self.found = desk, found
        self.pair = pair
        survivor, _other, why = duplicates.preferred(pair.one.candidate, pair.other.candidate)
        twins = {twin.candidate.record: twin for twin in (pair.one, pair.other)}
        self._twins = twins
        keep = [
            Choice(
                record,
                _("Record of {moment}").format(moment=wording.entered_at(twin.candidate)),
                _what(twin),
            )
            for record, twin in twins.items()
        ]
        self.choice = ChoiceCards(keep, survivor.record)
        self.reason = Field(_("Reason"), Reason(_phrases()), required=True)
        self.comparison, self.taking = Holder(), Holder()
        self.boxes: dict[str, QCheckBox] = {}
        self.two = Button(_("Two people"), icon="people", on=self._say_two)
        self.propose = Button(
            _("Propose to merge"), "primary", icon="merge", key="Ctrl Enter", on=self._propose
        )
        self.buttons = (Button(_("Later"), on=self.later.emit), self.two, self.propose)
        decision = card(
            label(_("Which record stays"), "card"),
            self.choice,
            label(wording.why_words(why), "hint", wrap=True),
            self.taking,
            self.reason,
            gap=10,
        )
        self.setLayout(column_layout(self._likeness(), self.comparison, decision, gap=12))
        self.choice.changed.connect(self._chosen)
        self.reason.control.changed.connect(self.weigh)
        self._chosen()

    def _likeness(self) -> QWidget:
        """Why they look alike, in words; what speaks against it is said, too."""
        speaks_for, against = wording.reason_words(self.pair.like.reasons)
        rest = f"{speaks_for}." + (f" {_('But: {reasons}.').format(reasons=against)}" if against else "")
        judged = self.pair.judged.values.get("why")
        if judged:
            rest += f" {_('Said before: “{why}”.').format(why=judged)}"
        return Notice(
            wording.score_words(self.pair.like.score) + ".", rest, tone="warn" if against else "info"
        )

    @property
    def sides(self) -> tuple[Twin, Twin]:
        """Who stays, who goes."""
        stays = self.choice.value() or self.pair.one.candidate.record
        goes = next(record for record in self._twins if record != stays)
        return self._twins[stays], self._twins[goes]

    def _chosen(self) -> None:
        stays, goes = self.sides
        self.comparison.put(
            Comparison(
                (_("Stays"), Chip(wording.entered_at(stays.candidate), "tick", "ok")),
                (_("Goes into it"), Chip(wording.entered_at(goes.candidate), "merge", "neutral")),
                [
                    *facts_of(self.desk, stays.candidate, goes.candidate),
                    *told_of(self.desk, self.found.names, stays, goes),
                ],
            )
        )
        self._offer(stays, goes)
        self.weigh()

    def _offer(self, stays: Twin, goes: Twin) -> None:
        """What the record that goes says otherwise, field by field; only what needs no second officer."""
        ticked = {name for name, box in self.boxes.items() if box.isChecked()}
        self.boxes = {}
        for name in comparing.differing(stays.candidate, goes.candidate):
            value = show_value("person", name, goes.candidate.values[name], self.desk.reference)
            words = _("{field}: {value}").format(field=_(f"field.person.{name}"), value=value)
            box = QCheckBox(words)
            box.setChecked(name in ticked or stays.candidate.values.get(name) is None)
            self.boxes[name] = box
        lines = [label(_("Take over from the other (written at once)"), "label"), *self.boxes.values()]
        notes: list[QWidget] = [column(*lines, gap=4)] if self.boxes else []
        if stays.candidate.is_paid and goes.candidate.is_paid:
            words = _("Both are paid into an account: only that of the record that stays remains.")
            notes.append(Notice(words, tone="warn"))
        self.taking.put(column(*notes, gap=8) if notes else None)

    def follows(self) -> str:
        """The merge itself waits."""
        return _("Merged only once a second officer approves.")

    def begin(self) -> None:
        self.choice.setFocus()

    def weigh(self) -> None:
        self.allow(self.reason.control.value(), self.two, self.propose)
        self.changed.emit()

    @property
    def _names(self) -> str:
        return " – ".join(dict.fromkeys(twin.person.row.name for twin in (self.pair.one, self.pair.other)))

    def _propose(self) -> None:
        stays, goes = self.sides
        taken = tuple(name for name, box in self.boxes.items() if box.isChecked())
        merge = Merge(stays.candidate, goes.candidate, taken)
        said = _("Proposed to merge: {names}.").format(names=self._names)
        self.ask(duplicates.propose, self.desk, [merge], self.reason.control.value(), said=said)

    def _say_two(self) -> None:
        people = (self.pair.like.first, self.pair.like.second)
        act = partial(duplicates.judge, self.desk, people, are_two=True)
        said = _("Two people: {names}. They are not asked about again.").format(names=self._names)
        self.ask(partial(act, reason=self.reason.control.value()), said=said)


def _what(twin: Twin) -> str:
    words = _("known: fields {fields}, rights {rights}, accounts {accounts}")
    known = sum(value is not None for value in twin.candidate.values.values())
    return words.format(
        fields=known, rights=len(twin.person.entitlements), accounts=len(twin.person.accounts)
    )


def _phrases() -> list[str]:
    return [_("Asked her, it is one person"), _("One list imported twice"), _("Two people, asked both")]
