"""The queue of approvals: by kind, those she may not approve last, what was answered lately below."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut

from app.actions.approvals import accept_batch
from app.actions.desk import Desk
from app.domain.proposals import SURVEY
from app.store.queue import Answered
from app.ui.approvals import wording
from app.ui.approvals.account import AccountPage
from app.ui.approvals.decision import DecisionPage
from app.ui.approvals.found import (
    AccountCase,
    Asked,
    Case,
    DecisionCase,
    Found,
    PeopleCase,
    RestoreCase,
    SurveyCase,
    read_case,
    read_found,
)
from app.ui.approvals.page import ApprovalPage
from app.ui.approvals.people import PeoplePage
from app.ui.approvals.restored import RestorePage
from app.ui.approvals.settled import SettledPage, note_of
from app.ui.approvals.sifting import Sifting, line_words
from app.ui.approvals.surveyed import SurveyPage
from app.ui.link import Link
from app.ui.parts.boxes import column, label
from app.ui.parts.panes import Empty
from app.ui.parts.queue_pane import QueuePane
from app.ui.parts.side_list import SideGroup, SideLine
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_ICONS = {
    "account": "bank",
    "payee": "person",
    "merge": "merge",
    "unmerge": "undo",
    "decision": "fork",
    "restore": "download",
    "survey": "clipboard",
}


class Approvals(QueuePane[Found]):
    """One proposal at a time; several are signed at once after each was opened and said to be looked at."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window.jobs, partial(read_found, desk=desk), _("To approve"))
        self._window, self._desk = window, desk
        self.looked_at: dict[str, tuple[str, str]] = {}  # proposal → digest of what was shown, about whom
        self.opened: dict[str, str] = {}  # proposal → digest of what its page showed
        self._photos = set[str]()  # opened since she came here
        self._signed: tuple[frozenset[str], str] = (frozenset(), "")  # proposals, and what was said of them
        self.sifting = Sifting()
        self.sifting.changed.connect(self._sift)
        self.tools.put(self.sifting)
        self.hint = label("", "caption", wrap=True)
        self.beneath.put(column(self.hint, margins=(16, 10), role="footer"))
        self.list.ticked.connect(lambda _key: self._toggle())
        QShortcut(QKeySequence("Ctrl+R"), self, self._refuse)
        self.written.connect(link.saved)
        link.changed.connect(self.refresh)

    def _show(self, found: Found) -> None:
        now = {each.record: each.digest for each in found.asked if not each.barred}
        for key, (digest, _name) in list(self.looked_at.items()):  # the pages hold it, too
            if now.get(key) != digest:
                del self.looked_at[key]
        self.opened = {key: digest for key, digest in self.opened.items() if now.get(key) == digest}
        self.sifting.know(found)
        self.sifting.setVisible(bool(found.asked))
        more = found.count - len(found.asked)
        words = [_("Space: I have looked. Nobody approves what she wrote herself.")]
        if more > 0:
            words.append(
                counted(
                    "{count} more comes as these are answered.",
                    "{count} more come as these are answered.",
                    more,
                )
            )
        self.hint.setText(" ".join(words))
        super()._show(found)
        self._say_settled(found)

    def _write(self, act: Callable[..., object], work: tuple[Any, ...], said: str, rest: str) -> None:
        self._signed = (frozenset(), "")
        if act is accept_batch:
            self._signed = (frozenset(each.proposal for each in work[1]), said)
        super()._write(act, work, said, rest)

    def _say_settled(self, found: Found) -> None:
        """What was just signed, once the centre has answered: the line must not wait for it any more."""
        signed, said = self._signed
        if not signed or not self.notice.text.startswith(said):
            return
        answered = {each.opened.record for each in found.answered if not each.is_waiting}
        if any(found.is_open(proposal) for proposal in signed):
            rest = _(
                "The centre did not put it in force: something had changed meanwhile. It waits here again."
            )
            self.notice.say(said, rest, tone="warn")
        elif signed <= answered:
            self.notice.say(said, _("The centre has answered: it is in force."), tone="ok", icon="tick")
        else:
            return
        self._signed = (frozenset(), "")

    def _sift(self) -> None:
        self.show_groups()
        self.open_chosen()

    def groups(self, found: Found) -> list[SideGroup]:
        sifted = self.sifting.sieve.sifted(found.asked, list(self.opened))
        groups = []
        for kind, icon in _ICONS.items():
            lines = [self._line(each, found) for each in sifted if each.kind == kind and not each.barred]
            groups.append(SideGroup(wording.kind_words(kind), lines, icon=icon))
        barred = [self._line(each, found) for each in sifted if each.barred]
        groups.append(SideGroup(_("You may not approve"), barred, icon="clock"))
        answered = [self._answered(each, found) for each in found.answered]
        waits = [line for line, each in zip(answered, found.answered, strict=True) if each.is_waiting]
        done = [line for line, each in zip(answered, found.answered, strict=True) if not each.is_waiting]
        groups.append(SideGroup(_("Answered, wait for the centre"), waits, icon="ring"))
        return [*groups, SideGroup(_("Answered this month"), done, icon="history")]

    def _line(self, asked: Asked, found: Found) -> SideLine:
        mark, marked = "", ""
        if asked.record in self.looked_at:
            mark, marked = "tick", _("looked at")
        elif asked.record in self.opened:
            mark, marked = "eye", _("opened")
        return SideLine(
            asked.record,
            wording.whom_words(asked),
            wording.about_words(asked, self._desk.reference),
            line_words(asked, found),
            wording.caution_count(asked),
            mark,
            marked,
        )

    def _answered(self, answered: Answered, found: Found) -> SideLine:
        about = self._subject(answered)
        note = f"{wording.day_words(answered.by.at)} · {note_of(answered, found.names)}"
        return SideLine(answered.opened.record, answered.her.name or about, about, note)

    @staticmethod
    def _subject(answered: Answered) -> str:
        return _(f"choice.proposal.subject.{answered.opened.values.get('subject')}")

    def open(self, found: Found, key: str) -> None:
        asked = next((each for each in found.asked if each.record == key), None)
        answered = next((each for each in found.answered if each.opened.record == key), None)
        if asked is not None:
            self.jobs.run(
                self, read_case, self._desk, found, key, title="case", done=partial(self._show_case, key)
            )
        elif answered is not None:
            is_survey = answered.opened.values.get("subject") == SURVEY
            way = partial(self._open_file, answered.her.record, "surveys" if is_survey else "accounts")
            about = self._subject(answered)
            self.show_page(answered, lambda: SettledPage(answered, found.names, about, way))

    def _show_case(self, key: str, case: Case | None) -> None:
        if self.list.key != key or self.found is None:
            return
        if case is None:
            self.refresh()
            return
        asked = case.asked
        self.show_page((asked.record, asked.digest, asked.barred, asked.cautions), partial(self._page, case))
        if not asked.barred and self.opened.get(key) != asked.digest:
            self.opened[key] = asked.digest
            self.show_groups()

    def _page(self, case: Case) -> ApprovalPage:
        way = partial(self._open_file, case.asked.her.record)
        page: ApprovalPage
        match case:
            case AccountCase():
                page = AccountPage(self._desk, self.jobs, case, self.looked_at, way, seen=self._photos)
            case PeopleCase():
                page = PeoplePage(self._desk, self.jobs, case, self.looked_at, way)
            case DecisionCase():
                page = DecisionPage(self._desk, self.jobs, case, self.looked_at, way)
            case RestoreCase():
                page = RestorePage(self._desk, self.jobs, case, self.looked_at, way)
            case SurveyCase():
                way = partial(self._open_file, case.asked.her.record, "surveys")
                at = partial(self._open_file, tab="profile")
                page = SurveyPage(self._desk, self.jobs, case, self.looked_at, way, open_person=at)
            case _:  # it says nothing that could be accepted: she may turn it down
                page = ApprovalPage(self._desk, self.jobs, case, self.looked_at, way)
                page.lay_out()
        page.looked.connect(self._look)
        return page

    def _look(self, proposal: str, is_looked_at: bool) -> None:
        page = self.page
        if is_looked_at and isinstance(page, ApprovalPage):
            asked = page.case.asked
            self.looked_at[proposal] = (asked.digest, wording.whom_words(asked))
        else:
            self.looked_at.pop(proposal, None)
        self.show_groups()

    def _toggle(self) -> None:
        if isinstance(self.page, ApprovalPage):
            self.page.toggle()

    def _refuse(self) -> None:
        if isinstance(self.page, ApprovalPage):
            self.page.refuse()

    def _open_file(self, person: str, tab: str = "accounts") -> None:
        self._window.go("person", person=person, tab=tab)

    def empty(self) -> Empty:
        why = _("Nothing waits for a second officer.")
        more = _(
            "Accounts, payees, merges, conflicts about money and what surveys found come here when somebody"
            " proposes them."
        )
        return Empty(why, icon="tick", more=more)
