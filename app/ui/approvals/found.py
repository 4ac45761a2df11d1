"""All that the queue of approvals shows, read in one view of the register, away from the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.actions.desk import Desk, apart, rights_now, rights_of
from app.domain import approval
from app.domain.aliases import MERGING
from app.domain.cautions import Caution, Move, Stranger, cautions, heard_cautions
from app.domain.changes import SignedSet
from app.domain.decisions import CONFLICT
from app.domain.judge import has_moved
from app.domain.progress import Progress
from app.domain.proposals import ACCOUNT, ON_WHAT_STANDS, RESTORE, Wanted, parts_another, restored, wanted
from app.domain.records import Value
from app.store import approvals, dossier, outbox, queue, submissions, twins
from app.store.approvals import Ground
from app.store.attachments import Attachment
from app.store.contest import Contest, open_contests
from app.store.disputes import Hand
from app.store.history import Line, history
from app.store.opened import Opened
from app.store.queue import Answered, Her, Waiting
from app.store.submissions import Submitted
from app.store.surveyed import Heard
from app.store.twins import Candidate
from app.sync.policy import Member, held_policy, standing_officers
from app.ui.conflicts import found as disputed
from app.ui.person.file import Names, known_names, signed_by

LISTED_MOST = 1_000  # nobody signs more in a day; the rest follows as these are answered
ANSWERED_DAYS = 31
_DEAD = ("wants", "moved", "unshown", "incomplete")


@dataclass(frozen=True)
class Asked:
    """One proposal as the list shows it.

    `kind`: account, payee, merge, unmerge, decision, restore or survey; `old` and `new`: the account in force
    and the one that would be; `pairs`: names, (who stays, who goes) each; `heard`: what a survey found;
    `barred`: why the officer here may not approve it, empty when she may; `digest`: of all that she agrees
    to, changed as soon as any of it is.
    """

    record: str
    kind: str
    her: Her
    by: Hand | None
    why: str
    barred: str
    digest: str
    old: Mapping[str, Value] | None = None
    new: Mapping[str, Value] | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    cautions: tuple[Caution, ...] = ()
    heard: Heard | None = None

    @property
    def author(self) -> str:
        """Who proposed it, where her set is here."""
        return self.by.author if self.by else ""


@dataclass(frozen=True)
class Found:
    """What waits, of how many; what was answered lately; who is who, and who else approves here."""

    asked: Sequence[Asked]
    count: int
    answered: Sequence[Answered]
    names: Names
    others: tuple[str, ...]

    def is_open(self, proposal: str) -> bool:
        """Whether it still waits."""
        return any(each.record == proposal for each in self.asked)


@dataclass(frozen=True)
class Case:
    """One proposal whole. `only_captures`: this laptop is too long without its centre to approve."""

    asked: Asked
    names: Names
    others: tuple[str, ...]
    only_captures: bool


Common = tuple[Asked, Names, tuple[str, ...], bool]


@dataclass(frozen=True)
class RestoreCase(Case):
    """A laptop that was restored. `backup`: what it says of the backup it came from."""

    backup: Mapping[str, Value]


@dataclass(frozen=True)
class AccountCase(Case):
    """Where she would be paid. `hands`: who wrote each account; `signed`: whether the proposal's signature is
    its author's, None where her key is not known here; `of_hers`: her proposals that wait.
    """

    person: dossier.Person
    account: Opened
    stands: Opened | None
    hands: Mapping[str, Hand]
    approved_by: Hand | None
    consent: Opened | None
    photos: tuple[Attachment, ...]
    signed: bool | None
    of_hers: int


@dataclass(frozen=True)
class PeopleCase(Case):
    """Pairs as both records are now, (who stays, who goes) each."""

    pairs: tuple[tuple[Candidate, Candidate], ...]


@dataclass(frozen=True)
class DecisionCase(Case):
    """A conflict about money, and the values that would stand; None where it is open no more."""

    contest: Contest | None
    contests: disputed.Found
    values: tuple[Value, ...]


@dataclass(frozen=True)
class SurveyCase(Case):
    """What a survey found of one person or household; `submission`: the filling, where it is here."""

    heard: Heard
    submission: Submitted | None


def read_found(_progress: Progress, desk: Desk) -> Found:
    """Everything that waits, and what was answered this month."""
    since = desk.clock.now() - timedelta(days=ANSWERED_DAYS)
    with desk.vault.read() as connection:
        policy, standing = held_policy(connection), standing_officers(connection)
        waiting = queue.waiting(connection, LISTED_MOST)
        at = approvals.ground(connection, [each.opened.record for each in waiting])
        asked = [_asked(desk, at, each) for each in waiting]
        count = queue.count_waiting(connection)
        answered = queue.answered_since(connection, since)
    return Found(asked, count, answered, known_names(desk, policy), _others(desk, standing))


def read_case(progress: Progress, desk: Desk, found: Found, proposal: str) -> Case | None:
    """One proposal whole, as it is now; None once it is answered."""
    only_captures = apart(desk).only_captures
    with desk.vault.read() as connection:
        waiting = queue.waiting_one(connection, proposal)
        if waiting is None:
            return None
        asked = _asked(desk, at := approvals.ground(connection, [proposal]), waiting)
        common = (asked, found.names, found.others, only_captures)
        if asked.kind == RESTORE:
            return RestoreCase(*common, restored(str(waiting.opened.values.get("wants") or "")))
        if waiting.heard is not None:
            filled = submissions.one(connection, waiting.heard.submission)
            return SurveyCase(*common, waiting.heard, filled)
        if asked.kind in MERGING:
            known = twins.candidates(connection, {record for pair in waiting.pairs for record in pair})
            pairs = (pair for pair in waiting.pairs if {*pair} <= known.keys())
            return PeopleCase(*common, tuple((known[stays], known[goes]) for stays, goes in pairs))
        person = dossier.person(connection, asked.her.record)
        lines = history(connection, asked.her.record)
        sets = outbox.own_entries(connection, [waiting.by.set_id]) if waiting.by else {}
        wants = wanted(proposal, at.standing)
    if asked.kind == "decision":
        return _decision_case(disputed.read_found(progress, desk), common, wants)
    if person is None or waiting.account is None:
        return Case(*common)
    return _account_case(
        common, waiting, person, lines, sets, sum(it.author == asked.author for it in found.asked)
    )


def _asked(desk: Desk, at: Ground, waiting: Waiting) -> Asked:
    opened, her = waiting.opened, waiting.her
    subject = str(opened.values.get("subject") or "")
    account = waiting.account.values if waiting.account else None
    stands = waiting.stands.values if waiting.stands else None
    return Asked(
        opened.record,
        _kind(subject, stands, account),
        her,
        waiting.by,
        queue.why(opened),
        barred(desk, at, opened),
        approval.agreed(opened.record, at.standing),
        stands,
        account,
        tuple(waiting.named),
        tuple(_cautions(desk, at, waiting)),
        waiting.heard,
    )


def _kind(subject: str, stands: Mapping[str, Value] | None, account: Mapping[str, Value] | None) -> str:
    """A proposal of the same account with another payee is about the payee."""
    if subject == "account" and stands and account:
        same = all(stands.get(name) == account.get(name) for name in ("provider", "number"))
        return "payee" if same else "account"
    return subject


def barred(desk: Desk, at: Ground, proposal: Opened) -> str:
    """Why the officer at the desk may not approve: own, wants, role, moved, unshown, incomplete, unknown;
    empty when she may.
    """
    wants = wanted(proposal.record, at.standing)
    signed = approval.proposers(proposal.record, at.standing, at.author_of)
    if desk.officer.id in signed:
        return "own"
    if wants is None:
        return "wants"
    if not any(proposal.values.get("subject") in right.approves for right in rights_of(desk)):
        return "role"
    if proposal.values.get("subject") not in ON_WHAT_STANDS and _has_moved(at, proposal.record):
        return "moved"
    if parts_another(proposal.record, wants, at.standing):
        return "wants"
    if not _is_shown_whole(at, proposal, wants):
        return "unshown"
    if not all(approval.is_whole(each, person, at.standing) for person, each in wants.accounts.items()):
        return "incomplete"
    return "unknown" if "" in signed else ""


def may_refuse(desk: Desk, asked: Asked) -> bool:
    """Whether she may turn down what nobody can approve as it is."""
    subject = ACCOUNT if asked.kind == "payee" else asked.kind
    refusing = (right.refuses for right in rights_of(desk) if right.refuses)
    return asked.barred in _DEAD and any(not subject or subject in refuses for refuses in refusing)


def _is_shown_whole(at: Ground, proposal: Opened, wants: Wanted) -> bool:
    """Whether its page can show all that it would join, part or decide."""
    if proposal.values.get("subject") in MERGING:
        people = {record for pair in queue.pairs_of(proposal) for record in pair}
        return all(at.standing.records.get(("person", record)) for record in people)
    named = {edit.record for edit in wants.edits if edit.kind == CONFLICT}
    return not named or any(named == set(each.conflicts) for each in open_contests(at.connection))


def _cautions(desk: Desk, at: Ground, waiting: Waiting) -> list[Caution]:
    if waiting.heard is not None:
        namesakes = [Stranger(each.name, each.hamlet) for each in waiting.heard.twins]
        return list(heard_cautions(namesakes, len(waiting.heard.moved)))
    moved = _has_moved(at, waiting.opened.record)
    if waiting.account is None:
        return [Caution("moved", is_grave=True)] if moved else []
    today, her = desk.clock.today(), waiting.her
    move = Move(
        her.name,
        her.state,
        waiting.account.values,
        waiting.strangers,
        waiting.since,
        moved,
    )
    return cautions(move, today, desk.reference.deadlines.next(today))


def _has_moved(at: Ground, proposal: str) -> bool:
    """Whether somebody wrote where it would write, or what it read, since it was proposed."""
    wants = wanted(proposal, at.standing)
    return wants is not None and has_moved((*wants.edits, *wants.reads), at.standing, at.seq_of)


def _others(desk: Desk, standing: Mapping[str, Member]) -> tuple[str, ...]:
    """Who else of this commune approves accounts, by name."""
    approving = {role for role, right in rights_now(desk).items() if right.approves}
    return tuple(
        member.certificate.name
        for known, member in standing.items()
        if known != desk.officer.id and approving & set(member.certificate.roles)
    )


def _account_case(
    common: Common,
    waiting: Waiting,
    person: dossier.Person,
    lines: Sequence[Line],
    sets: Mapping[str, SignedSet],
    of_hers: int,
) -> AccountCase:
    names, hand, account = common[1], waiting.by, waiting.account
    assert account is not None
    consent = next((each for each in person.consents if hand and _made_by(lines, each) == hand.set_id), None)
    about = {account.record, *([consent.record] if consent else [])}
    return AccountCase(
        *common,
        person,
        account,
        waiting.stands,
        {line.record: line.hand for line in lines if line.kind == "account"},
        _approved_by(lines, waiting.stands, person),
        consent,
        _photos(person.attachments, about),
        signed_by(names, hand.author, sets[hand.set_id]) if hand and hand.set_id in sets else None,
        of_hers,
    )


def _made_by(lines: Sequence[Line], opened: Opened) -> str:
    return next((line.hand.set_id for line in reversed(lines) if line.record == opened.record), "")


def _approved_by(lines: Sequence[Line], stands: Opened | None, person: dossier.Person) -> Hand | None:
    """Who put in force what is in force: whoever accepted its proposal."""
    known = next((each for each in person.accounts if stands and each.opened.record == stands.record), None)
    if known is None or known.proposal is None:
        return None
    proposal = known.proposal.record
    said = (
        line.hand for line in lines if (line.record, line.field, line.new) == (proposal, "state", "accepted")
    )
    return next(said, None)


def _photos(attachments: Sequence[Attachment], about: set[str]) -> tuple[Attachment, ...]:
    """What bears this account out; where nothing names it, her consents and papers of accounts."""
    active = [each for each in attachments if each.is_active]
    named = tuple(each for each in active if each.opened.values.get("about") in about)
    loose = (each for each in active if each.opened.values.get("purpose") in ("consent", "account_paper"))
    return named or tuple(each for each in loose if each.opened.values.get("about") is None)


def _decision_case(contests: disputed.Found, common: Common, wants: Wanted | None) -> DecisionCase:
    named = {edit.record for edit in wants.edits if edit.kind == CONFLICT} if wants else set()
    asked_of = next((each for each in contests.asked if named & set(each.contest.conflicts)), None)
    contest = asked_of.contest if asked_of else None
    by_cell = {edit.cell: edit.new for edit in wants.edits} if wants else {}
    cells = contest.cells if contest else ()
    values = tuple(by_cell.get((cell.kind, cell.record, cell.field)) for cell in cells)
    return DecisionCase(*common, contest, contests, values)
