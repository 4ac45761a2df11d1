"""What the pages of the queue share: head, why she may not, her own word; approving and refusing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.actions import approvals
from app.actions.approvals import Shown
from app.actions.desk import Desk
from app.domain.text import show_amount
from app.store.proofs import Proof
from app.ui.approvals import wording
from app.ui.approvals.found import Case, may_refuse
from app.ui.approvals.signing import Signing
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.jobs import Jobs
from app.ui.moments import show_moment
from app.ui.notices import Notice
from app.ui.parts.boxes import column, column_layout, label
from app.ui.parts.buttons import Button
from app.ui.parts.queue_pane import Page, headed
from app.ui.proving import ProofField
from app.ui.theme import look
from app.words import gettext as _

_NAMED_MOST = 4
Looked = Mapping[str, tuple[str, str]]  # proposal → the digest of what was shown, and about whom


class ApprovalPage(Page):
    """One proposal. `looked` when she says that she looked, or no longer does."""

    looked = Signal(str, bool)

    def __init__(
        self, desk: Desk, jobs: Jobs, case: Case, looked_at: Looked, open_file: Callable[[], object]
    ) -> None:
        super().__init__()
        self.desk, self.case = desk, case
        self._looked_at, self._open_file = looked_at, open_file
        self.signing: Signing | None = None
        asked = case.asked
        later = Button(_("Later"), on=self.later.emit)
        self.buttons = (later,)
        self.reason: Field[Reason] | None = None
        if not asked.barred or may_refuse(desk, asked):
            self.refusing = Button(_("Refuse"), icon="cross", key="Ctrl R", on=self.refuse)
        if may_refuse(desk, asked):
            self.reason = Field(_("Reason"), Reason(self.phrases()), note=_("needed to refuse"))
            self.buttons = (later, self.refusing)
        if not asked.barred:
            password = ProofField(jobs, desk.prove, _("Type your password again to sign"))
            ticked = asked.record in looked_at
            self.signing = Signing(self.own_words(), password, self.phrases(), is_looked_at=ticked)
            self.reason = self.signing.reason
            self.signing_button = Button("", "primary", icon="key", key="Ctrl Enter", on=self._approve)
            self.buttons = (later, self.refusing, self.signing_button)

    def lay_out(self, *parts: QWidget) -> None:
        """The head, then what differs from page to page, then her own word or why she has none."""
        last: list[QWidget]
        if self.signing is None:
            why = wording.barred_words(self.case.asked, self.case.others)
            last = [Notice(*why, tone="warn", icon="clock")]
            if self.reason is not None:
                last.append(self.reason)
                self.reason.control.changed.connect(self.weigh)
        else:
            last = [self.signing]
            self.signing.looked.connect(self._look)
            self.signing.changed.connect(self.weigh)
            self.signing.password.refused.connect(self._refused)
        self.setLayout(column_layout(self._head(), *parts, *last, gap=12))
        self.weigh()

    def _head(self) -> QWidget:
        asked = self.case.asked
        lines = [label(words, "second", wrap=True) for words in self.about() if words]
        words = column(label(wording.title_words(asked), "pane", wrap=True), *lines)
        return headed(words, asked.her.record, self._open_file)

    def about(self) -> Sequence[str]:
        """Lines below the title: who proposed it, when and where."""
        asked, names = self.case.asked, self.case.names
        return (f"{names.by(asked.by)} · {show_moment(asked.by.at)}",) if asked.by else ()

    def own_words(self) -> str:
        """What she says by her tick."""
        return _("I have looked at both sides.")

    def phrases(self) -> list[str]:
        """Ready reasons to refuse."""
        return [_("Ask her again"), _("Written wrongly")]

    def unopened(self) -> str:
        """What has to be opened before she can say that she looked; empty when all of it was."""
        return ""

    @property
    def primary(self) -> Button | None:
        return self.signing_button if self.signing else None

    def begin(self) -> None:
        if self.signing is not None:
            self.signing.begin()

    def follows(self) -> str:
        if self.signing is None:
            return _("Until somebody else approves, what is used now stays.")
        if self.case.only_captures:
            return _("Too long without the centre: approving has stopped, refusing goes on.")
        count = len(self._looked_at)
        if count > 1:
            words = (
                _("Signs all {count} looked at: {names}.") if look().factor < 1.5 else _("Signs all {count}.")
            )
            return words.format(count=show_amount(count), names=self._names())
        return _("Signed, it waits for the centre; in force once the centre has answered.")

    def weigh(self) -> None:
        if self.signing is not None:
            self.signing.let_tick(self.unopened())
            count = len(self._looked_at)
            words = _("Approve and sign {count}") if count > 1 else _("Approve and sign")
            self.signing_button.setText(words.format(count=show_amount(count)))
            self._weigh_approval(self.signing)
        if self.reason is not None:
            self.allow(self.reason.control.value(), self.refusing)
        self.changed.emit()

    def _weigh_approval(self, signing: Signing) -> None:
        if self.case.only_captures:
            self.signing_button.forbid(_("Too long without the centre: sync first, or take a stick there."))
        elif not self._looked_at:
            self.signing_button.forbid(self.unopened() or _("Say first that you have looked."))
        elif not signing.password.control.value():
            self.signing_button.forbid(_("Type your password again."))
        else:
            self.signing_button.allow()

    def _look(self, is_looked_at: bool) -> None:
        self.looked.emit(self.case.asked.record, is_looked_at)

    def toggle(self) -> None:
        """Say that she looked, or take it back."""
        if self.signing is not None and self.signing.box.isEnabled():
            self.signing.box.toggle()

    def _approve(self) -> None:
        if self.signing is not None:
            self.signing_button.busy(_("Signing…"))
            self.signing.password.ask(self._sign)

    def _sign(self, proof: Proof) -> None:
        """All that she looked at, in one set, by the password that was right a moment ago."""
        shown = [Shown(proposal, digest) for proposal, (digest, _name) in self._looked_at.items()]
        self.ask(
            approvals.accept_batch,
            self.desk,
            shown,
            frozenset(self._looked_at),
            proof,
            said=_("Approved and signed: {names}.").format(names=self._names()),
            rest=_(
                "It waits for the centre and is in force once it has answered. It cannot be undone:"
                " another change is proposed and approved anew."
            ),
        )

    def _names(self) -> str:
        """Of whom, the first few by name."""
        names = list(dict.fromkeys(name for _digest, name in self._looked_at.values()))
        more = len(names) - _NAMED_MOST
        told = (
            names if more <= 0 else [*names[:_NAMED_MOST], _("{count} more").format(count=show_amount(more))]
        )
        return ", ".join(told)

    def _refused(self) -> None:
        """The password was wrong; it is said at the field."""
        self.signing_button.ready()
        self.weigh()

    def refuse(self) -> None:
        """Turn it down, with the reason that stands there."""
        if self.reason is None or not self.reason.control.value():
            return
        asked = self.case.asked
        who = self.case.names.officer(asked.author) if asked.author else _("Who proposed it")
        words = _("{name} reads your reason after the next sync; what is used now stays.")
        self.ask(
            approvals.refuse,
            self.desk,
            asked.record,
            self.reason.control.value(),
            said=_("Refused: {what}.").format(what=wording.title_words(asked)),
            rest=words.format(name=who),
        )
