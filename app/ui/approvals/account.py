"""An account, or who receives for her, as it is and as it would be; with what it stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.actions.desk import Desk
from app.domain.accounts import compare_holder
from app.domain.records import Value
from app.domain.text import show_amount
from app.store.disputes import Hand
from app.store.opened import Opened
from app.ui.approvals import wording
from app.ui.approvals.evidence import Evidence
from app.ui.approvals.found import AccountCase
from app.ui.approvals.page import ApprovalPage, Looked
from app.ui.jobs import Jobs
from app.ui.moments import show_moment
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, label, row
from app.ui.parts.chips import Chip, Mark
from app.ui.parts.comparison import Compared, Comparison
from app.ui.person.facts import group_words, who
from app.ui.pointing import account_words
from app.ui.theme import look
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _


class AccountPage(ApprovalPage):
    """Comparison, evidence, cautions, her own word."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        case: AccountCase,
        looked_at: Looked,
        open_file: Callable[[], object],
        *,
        seen: set[str],
    ) -> None:
        self._account = case
        super().__init__(desk, jobs, case, looked_at, open_file)
        self.evidence = Evidence(jobs, desk, case, seen)
        self.evidence.opened.connect(self.weigh)
        cautions = [wording.caution_notice(each) for each in case.asked.cautions]
        self.lay_out(self._comparison(), self.evidence, *([_in_pairs(cautions)] if cautions else []))

    def about(self) -> Sequence[str]:
        her, today = self._account.person.row, self.desk.clock.today()
        known = show_value("person", "personal_id", her.personal_id) if her.personal_id else ""
        paid = _("{group}, {amount} đ a month").format(
            group=group_words(her.groups, self.desk.reference), amount=show_amount(her.amount)
        )
        number = known or _("no personal ID")
        told = (who(her.sex, her.birth, her.hamlet, today), number, paid if her.groups else "")
        return (" · ".join(part for part in told if part),)

    def own_words(self) -> str:
        count = len(self._account.asked.cautions)
        if count:
            return counted(
                "I have looked at both sides, the evidence and {count} caution.",
                "I have looked at both sides, the evidence and {count} cautions.",
                count,
            )
        return _("I have looked at both sides and the evidence.")

    def phrases(self) -> list[str]:
        return [_("The number is somebody else's"), _("The slip is missing"), _("Ask her again")]

    def unopened(self) -> str:
        left = self.evidence.left
        return _("Open the photos first: {count} left.").format(count=left) if left else ""

    def _comparison(self) -> Comparison:
        new, old = self._account.account, self._account.stands
        lines = [
            self._where(new, old),
            Compared(_("field.account.holder"), self._holder(old), self._holder(new)),
            self._line(_("Who receives"), old, new, self._payee),
            Compared(_("Written by"), self._hand(old), self._hand(new)),
            Compared(_("Approved by"), self._signed(self._account.approved_by), _("nobody yet")),
            self._line(_("Why"), old, new, _reasons),
        ]
        left = Chip(_("In force"), "tick", "ok") if old else Chip(_("None yet"), "dash", "neutral")
        return Comparison(
            (_("In use"), left), (_("Proposed"), Chip(_("Waits for approval"), "clock", "warn")), lines
        )

    def _where(self, new: Opened, old: Opened | None) -> Compared:
        left = self._place(old) if old else self._without()
        right = self._place(new)
        differs = old is not None and left != right  # where nothing stood there is nothing to tell apart
        return Compared(_("Account"), left, right, differs=differs, is_head=True)

    def _without(self) -> str:
        """How she is paid while no account of hers is in force."""
        if self._account.person.opened.values.get("wish") == "cash":
            return _("Cash, as she wished")
        return _("no account")

    def _place(self, account: Opened) -> str:
        return account_words(account.values, self.desk.reference)

    def _line(
        self, words: str, old: Opened | None, new: Opened, tell: Callable[[dict[str, Value]], str]
    ) -> Compared:
        left = tell(dict(old.values)) if old else "–"
        right = tell(dict(new.values))
        return Compared(words, left, right, differs=old is not None and left != right)

    def _payee(self, values: dict[str, Value]) -> str:
        return wording.whole_payee_words(values, self.desk.reference)

    def _holder(self, account: Opened | None) -> str | QWidget:
        if account is None:
            return "–"
        holder = str(account.values.get("holder") or "")
        if not holder:
            return row(Mark(_("not written down"), "dash", "neutral"), STRETCH)
        receives = self._account.person.row.name
        if account.values.get("payee") not in (None, "self"):
            receives = str(account.values.get("payee_name") or "")
        agrees = compare_holder(receives, holder) != "different"
        mark = Mark(_("agrees"), "tick", "ok") if agrees else Mark(_("another name"), "triangle", "bad")
        return row(label(holder), mark, STRETCH)

    def _hand(self, account: Opened | None) -> str:
        return self._signed(self._account.hands.get(account.record) if account else None)

    def _signed(self, hand: Hand | None) -> str:
        return f"{self._account.names.by(hand)} · {show_moment(hand.at)}" if hand else "–"


def _reasons(values: dict[str, Value]) -> str:
    told = [str(values[name]) for name in ("mismatch_reason", "shared_reason") if values.get(name)]
    return "; ".join(told) or "–"


def _in_pairs(notices: Sequence[Notice]) -> QFrame:
    """Two side by side where there is room."""
    frame = QFrame()
    grid = QGridLayout(frame)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(look().px(12))
    across = 2 if look().factor < 1.5 and len(notices) > 1 else 1
    for at, notice in enumerate(notices):
        grid.addWidget(notice, *divmod(at, across))
    for column in range(across):
        grid.setColumnStretch(column, 1)
    return frame
