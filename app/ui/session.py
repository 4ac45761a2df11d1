"""One unlocked desk at the window: its rooms, its link to the centre, the counts in the rail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions import backups, duplicates
from app.actions.desk import Apart, Desk, apart, remember, rights_now, rights_of, sight
from app.actions.officers import own_term
from app.bootstrap.entering import Entered, is_as_seated
from app.domain.progress import Progress
from app.domain.sight import Sight
from app.domain.terms import Term
from app.store import queries
from app.ui.idle import IDLE_MINUTES
from app.ui.link import Link
from app.ui.parts.officers import OfficerLine
from app.ui.rail import Officer, Section
from app.ui.room import Room
from app.ui.window import Factory, Window
from app.words import gettext as _

SETTLE_MS = 1_000  # a kill leaves out of what this laptop remembers the saves of so long

# room → module and class; imported on first entry, so that unlocking stays quick
ROOMS = {
    "today": ("today", "Today"),
    "people": ("people", "People"),
    "person": ("person", "PersonRoom"),
    "import": ("importing", "Importing"),
    "drive": ("drive", "Drive"),
    "survey": ("survey", "SurveyRoom"),
    "surveys": ("surveys", "SurveysRoom"),
    "sync": ("exchange", "ExchangeRoom"),
    "handover": ("handover", "HandoverRoom"),
    "conflicts": ("conflicts", "ConflictsRoom"),
    "duplicates": ("duplicates", "DuplicatesRoom"),
    "approvals": ("approvals", "ApprovalsRoom"),
    "account-list": ("account_list", "AccountListRoom"),
    "returned": ("returned", "ReturnedRoom"),
    "guidance": ("guidance", "Guidance"),
    "settings": ("settings", "SettingsRoom"),
    "checkup": ("checkup", "CheckupRoom"),
    "backups": ("backups", "BackupsRoom"),
    "breach": ("breach", "BreachRoom"),
    "form-check": ("form_check", "FormCheckRoom"),
}


# where no beneficiary is: of whoever only sees to devices, officers and backups
_OF_NOBODY = frozenset({"sync", "handover", "guidance", "settings", "checkup", "backups", "form-check"})
# what is told of the whole commune, or shows two whole sides
_OF_EVERYBODY = frozenset({"import", "account-list", "breach", "conflicts"})


def _foremost(desk: Desk) -> str:
    """Of several roles the one by which she signs for what others wrote, else the first."""
    roles, rights = desk.officer.roles, rights_now(desk)
    return next((role for role in roles if role in rights and rights[role].approves), roles[0])


def rooms_of(seen: Sight) -> list[str]:
    """The rooms of an officer who sees so much; what they show is bounded by the store, whichever it is."""
    if seen.is_nobody:
        return [name for name in ROOMS if name in _OF_NOBODY]
    return [name for name in ROOMS if seen.is_whole or name not in _OF_EVERYBODY]


class Session(QObject):
    """Begins on unlock, ends on lock or close. `role_changed` when she may otherwise than when she came."""

    role_changed = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        self.link = Link(window, desk)
        self.link.changed.connect(self.refresh_counts)
        self.link.changed.connect(self.compare)
        self._settling = QTimer(self, interval=SETTLE_MS)
        self._settling.timeout.connect(self._settle)

    def begin(self, entered: Entered) -> None:
        """Furnish the window and enter Today; a recovery code nobody confirmed is shown first."""
        window, desk = self.window, self.desk
        officer = OfficerLine(desk.officer.id, desk.officer.name)
        role = _(f"role.{_foremost(desk)}") if desk.officer.roles else _("No role any more")
        window.set_officer(Officer(officer.name, role, officer.initials))
        rooms = rooms_of(sight(desk))
        sections = [section for section in _sections(desk) if section.room in rooms]
        window.furnish({name: self._factory(*ROOMS[name]) for name in rooms}, sections)
        window.scan_room, window.prove = "drive" if "drive" in rooms else "", desk.prove
        window.idle.set_minutes(IDLE_MINUTES)
        self.link.begin()
        self._settling.start()
        if entered.recovery_code:
            window.go("settings", recovery_code=entered.recovery_code)
        elif "today" not in rooms:
            window.go("settings", page="officers")
        else:
            told = {"last_here": entered.last_here, "wrong_tries": entered.wrong_tries}
            window.go("today", **told, put_back=entered.put_back)
        self.refresh_counts()
        self.compare()
        window.jobs.run(self, backups.make_daily, desk, title=_("Backup"))

    def end(self) -> None:
        """Let go of everything that knows the key."""
        self.window.idle.set_minutes(0)
        self.window.prove = None
        self._settling.stop()
        self.link.end()
        self.window.furnish({})
        self.window.jobs.stop_reads()
        self.window.jobs.finish_writes()  # drafts that the rooms sent on their way out
        self.desk.vault.lock()
        self.deleteLater()

    def _settle(self) -> None:
        """What was saved within the last second is remembered outside of the register: off this thread."""
        witness = self.desk.witness
        if witness is not None and witness.is_behind:
            work = (remember, self.desk)
            self.window.jobs.run(self, *work, lane="write", title="remember", failed=self._not_yet)

    def _not_yet(self, _error: Exception) -> None:
        """The register is being copied or given another key: the next turn of the timer tries again."""

    def refresh_counts(self) -> None:
        """Bring the badges of the rail up to date."""
        self.window.jobs.run(self, _counts, self.desk, title="counts", done=self.window.set_counts)
        self.window.jobs.run(self, _standing, self.desk, title="standing", done=self._stands)

    def _stands(self, found: tuple[Apart, Term | None, bool]) -> None:
        apart, term, is_as_seated = found
        self.window.leave_bar.show_apart(apart)
        self.window.leave_bar.show_term(term)
        if not is_as_seated:
            self.role_changed.emit()

    def compare(self) -> None:
        """Look for likes of whoever was written since: quietly, beside what the officer does."""
        self.window.jobs.run(self, duplicates.compare, self.desk, title="compare", done=self._compared)

    def _compared(self, has_looked: bool) -> None:
        if has_looked:
            self.link.changed.emit()  # the queue may be longer or shorter; nobody is left to compare

    def _factory(self, module: str, name: str) -> Factory:
        def make(window: Window) -> Room:
            room_class: Callable[..., Any] = getattr(import_module(f"app.ui.rooms.{module}"), name)
            room: Room = room_class(window, self.desk, self.link)
            return room

        return make


def _standing(_progress: Progress, desk: Desk) -> tuple[Apart, Term | None, bool]:
    return apart(desk), own_term(desk), is_as_seated(desk)


def _counts(_progress: Progress, desk: Desk) -> Mapping[str, int]:
    with desk.vault.read() as connection:
        waiting = queries.today(connection, desk.officer.id)
    return {
        "today": waiting.total,
        "surveys": waiting.surveys,
        "approvals": waiting.waiting,
        "sync": waiting.conflicts,
    }


def _sections(desk: Desk) -> list[Section]:
    """Whoever approves has her queue in the rail; everybody else comes to it from Today."""
    approves = any(right.approves for right in rights_of(desk))
    approvals = [Section("approvals", "shield", _("To approve"))] if approves else []
    return [
        Section("today", "today", _("Today")),
        Section("people", "people", _("Beneficiaries")),
        Section("drive", "scan", _("Enrolment drive")),
        Section("surveys", "clipboard", _("Surveys")),
        Section("import", "table", _("Import a workbook")),
        *approvals,
        Section("account-list", "bank", _("The list")),
        Section("sync", "sync", _("Sync and handover"), starts_group=True),
        Section("guidance", "book", _("Guidance"), starts_group=True),
        Section("settings", "sliders", _("Settings")),
    ]
