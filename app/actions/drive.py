"""An enrolment drive: where it is held and for whom, who sits at the table, who must come back, how it goes.

What was done is read from the journal; everything else is one draft in the vault, so that
whoever unlocks after a power cut finds the table as it was left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from statistics import median

import msgspec

from app.actions import accounts
from app.actions.accounts import Enrolled, Enrolment, Payee
from app.actions.desk import Desk, draft_of
from app.actions.people import undo
from app.domain.accounts import Provider, bank_name, parse_vietqr, vietqr_provider
from app.domain.dates import PartialDate, age_on
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.domain.scans import repair_input_method
from app.store import drafts, enrolments, history, queries
from app.store.history import Done
from app.store.queries import HamletProgress, PaidAt, PersonRow

DRAFT = "drive"
_SLIP = "slip/"
_GROWN = 16
_BREAK_S = 600.0  # a longer pause was lunch, not one person


class Entered(msgspec.Struct, frozen=True):
    """What is entered so far for one person; `kind` of an account or cash. Dates ISO.

    Consent is not among it: a tick that nobody has just made is no tick.
    """

    person: str
    name: str
    step: str = "way"
    way: str = ""
    why_cash: str = ""
    provider: str = ""
    number: str = ""
    holder: str = ""
    evidence: str = "typed"
    scanned: str = ""
    at: str = ""
    mismatch_reason: str = ""
    shared_reason: str = ""
    payee: str = "self"
    payee_name: str = ""
    payee_id: str = ""
    payee_phone: str = ""
    payee_relation: str = ""
    payee_paper: str = ""
    payee_paper_date: str = ""
    payee_until: str = ""

    @property
    def has_begun(self) -> bool:
        """Whether anything was entered that must not be lost when somebody else sits down."""
        return bool(self.number or self.holder or self.why_cash or self.payee_name)

    def moved(self, **changes: str) -> Entered:
        """The same with some of it entered anew."""
        return msgspec.structs.replace(self, **changes)

    @property
    def receiver(self) -> Payee:
        """Who receives, as `accounts` wants it."""
        if self.payee == "self":
            return Payee()
        said = (getattr(self, f"payee_{name}") or None for name in _OF_PAYEE)
        return Payee(self.payee, *said)


_OF_PAYEE = ("name", "id", "phone", "relation", "paper", "paper_date", "until")


class Absent(msgspec.Struct, frozen=True):
    """Somebody who must come back: what was entered, and why (`mismatch`, `no_account`, `later`)."""

    entered: Entered
    why: str


class Drive(msgspec.Struct, frozen=True):
    """One drive: its place in words, the hamlets that were called (none: all), the table as it stands.

    `began` ISO with zone; `slips` the folder for slips where there is no printer.
    """

    began: str
    place: str = ""
    hamlets: tuple[str, ...] = ()
    current: Entered | None = None
    absent: tuple[Absent, ...] = ()
    slips: str = ""

    def put_off(self, entered: Entered, why: str) -> Drive:
        """The same with this person among those who come back, once."""
        absent = (*self.without(entered.person), Absent(entered, why))
        return msgspec.structs.replace(self, current=None, absent=absent)

    def seat(self, current: Entered | None) -> Drive:
        """The same with this person at the table, or nobody; who sat there unfinished comes back later."""
        before = self.current
        is_other = before is not None and (current is None or current.person != before.person)
        left = self.put_off(before, "later") if before is not None and is_other and before.has_begun else self
        return msgspec.structs.replace(left, current=current)

    def kept_of(self, person: str) -> Entered | None:
        """What was entered for this person and not saved: at the table, or before she was put off."""
        return next((each for each in self.everybody if each.person == person), None)

    @property
    def everybody(self) -> tuple[Entered, ...]:
        """Who sits at the table, then who must come back."""
        current = (self.current,) if self.current is not None else ()
        return (*current, *(each.entered for each in self.absent))

    def strike(self, person: str) -> Drive:
        """The same without this person, wherever she was: she is done, or does not come back."""
        current = self.current if self.current is None or self.current.person != person else None
        return msgspec.structs.replace(self, current=current, absent=self.without(person))

    def held(self, place: str, hamlets: tuple[str, ...]) -> Drive:
        """The same at another place, or with other hamlets called."""
        return msgspec.structs.replace(self, place=place, hamlets=hamlets)

    def with_slips(self, folder: str) -> Drive:
        """The same with a folder for slips."""
        return msgspec.structs.replace(self, slips=folder)

    def without(self, person: str) -> tuple[Absent, ...]:
        """Those who must come back, but for this one."""
        return tuple(each for each in self.absent if each.entered.person != person)


def resume(_progress: Progress, desk: Desk) -> Drive:
    """Today's drive as it was left; a new one on a new day, which keeps who must come back."""
    today = desk.clock.today()
    fresh = Drive(began=datetime.combine(today, time.min).astimezone().isoformat())
    with desk.vault.read() as connection:
        body = drafts.kept(connection, draft_of(desk, DRAFT))
        try:
            left = msgspec.json.decode(body, type=Drive) if body else fresh
        except msgspec.MsgspecError:  # written by another version of the program
            return fresh
        saved = {
            entered.person
            for entered in left.everybody
            if entered.number
            for paid in queries.people_paid_at(connection, entered.provider, entered.number)
            if paid.person == entered.person
        }
    for person in saved:  # the power may go between a save and the draft after it
        left = left.strike(person)
    if datetime.fromisoformat(left.began).astimezone().date() == today:
        return left
    return msgspec.structs.replace(left, began=fresh.began, place="", hamlets=())


def keep(_progress: Progress, desk: Desk, drive: Drive) -> None:
    """Keep the drive; nothing once the vault is locked, for then nobody sits at the table."""
    try:
        with desk.vault.write() as connection:
            drafts.keep(connection, draft_of(desk, DRAFT), msgspec.json.encode(drive))
    except Trouble:
        if desk.vault.is_open:
            raise


def keep_slip(_progress: Progress, desk: Desk, reference: str, slip: bytes) -> None:
    """Keep a slip until it is on paper."""
    with desk.vault.write() as connection:
        drafts.keep(connection, draft_of(desk, _SLIP + reference), slip)


def slip_went(_progress: Progress, desk: Desk, reference: str) -> None:
    """It is on paper or in its folder."""
    with desk.vault.write() as connection:
        drafts.drop(connection, draft_of(desk, _SLIP + reference))


def slips_kept(_progress: Progress, desk: Desk) -> list[bytes]:
    """Slips that never went out, the first enrolled first."""
    with desk.vault.read() as connection:
        kept = reversed(drafts.kept_under(connection, _SLIP))
        return [slip for subject, slip in kept if subject == draft_of(desk, subject.partition(drafts.OWN)[0])]


@dataclass(frozen=True)
class Scanned:
    """What a VietQR proves: provider and number; `name` as the code gives it, which proves nothing."""

    provider: Provider
    number: str
    name: str
    text: str


def read_account(desk: Desk, scanned: str) -> Scanned:
    """Bank and number of a VietQR. Refusals of `parse_vietqr` and `vietqr_provider`."""
    code = parse_vietqr(scanned)
    provider = vietqr_provider(code, desk.reference.providers)
    return Scanned(provider, code.number, code.name, repair_input_method(scanned))


@dataclass(frozen=True)
class Sharing:
    """Who else is paid at an account: of her household, and strangers; whether it already waits for her."""

    provider: str
    number: str
    family: tuple[PaidAt, ...]
    strangers: tuple[PaidAt, ...]
    is_hers: bool


def sharing(_progress: Progress, desk: Desk, who: PersonRow, provider: str, number: str) -> Sharing:
    """Look an account up in the whole register before it is enrolled."""
    with desk.vault.read() as connection:
        found = queries.people_paid_at(connection, provider, number)
    others = [each for each in found if each.person != who.id]
    family = tuple(o for o in others if who.household and o.household == who.household)
    return Sharing(
        provider,
        number,
        family,
        tuple(other for other in others if other not in family),
        any(each.person == who.id for each in found),
    )


@dataclass(frozen=True)
class Said:
    """What she agreed to, as it was read to her, and how she signs."""

    wording: str
    sign: str
    vneid_wording: str = ""


def enrolment_of(entered: Entered, said: Said) -> Enrolment:
    """What was entered and agreed, as one fact for `accounts.enrol`; the holder as banks write names."""
    return Enrolment(
        person=entered.person,
        kind=entered.way,
        provider=entered.provider,
        number=entered.number,
        holder=bank_name(entered.holder),
        evidence=entered.evidence,
        wording=said.wording,
        sign=said.sign,
        payee=entered.receiver,
        scanned=entered.scanned,
        mismatch_reason=entered.mismatch_reason or None,
        shared_reason=entered.shared_reason or None,
        vneid_wording=said.vneid_wording,
    )


def enrol(_progress: Progress, desk: Desk, enrolment: Enrolment) -> Enrolled:
    """One account proposed; the refusals of `accounts.enrol`."""
    return accounts.enrol(desk, enrolment)


def prefer_cash(_progress: Progress, desk: Desk, person: str, why: str) -> str:
    """She stays with cash, and why; the set's id."""
    return accounts.prefer_cash(desk, person, why)


def take_back(_progress: Progress, desk: Desk, set_id: str) -> bool:
    """Undo one enrolment or one wish for cash: an open proposal is withdrawn, her wish is as before."""
    return undo(desk, set_id, "undo")


@dataclass(frozen=True)
class Tally:
    """How the drive goes. `appointed`: done and left among those called; `seconds` a person, None at first.

    `hamlets`: name, done in this drive, done and left; the least done first.
    """

    done: tuple[Done, ...]
    appointed: int
    seconds: int | None
    hamlets: tuple[tuple[str, int, int], ...]
    known_hamlets: tuple[str, ...]

    @property
    def left(self) -> int:
        """How many are still expected."""
        return self.appointed - len(self.done)

    @property
    def per_hour(self) -> int | None:
        """How many such seconds make an hour; None before there is a pace."""
        return round(3600 / self.seconds) if self.seconds else None


def tally(_progress: Progress, desk: Desk, drive: Drive) -> Tally:
    """Count the drive by what stands in the register now."""
    began = datetime.fromisoformat(drive.began).astimezone(UTC)
    with desk.vault.read() as connection:
        newest = history.drive(connection, desk.pen.device, began)
        progress = queries.progress(connection)
        once = tuple({each.person: each for each in reversed(newest)}.values())[::-1]
        hamlet_of = enrolments.hamlets_of(connection, [each.person for each in once])
    here = Counter(hamlet_of[each.person] for each in once)
    called = [each for each in progress if not drive.hamlets or each.hamlet in drive.hamlets]
    lines = sorted(_lines(called, here), key=lambda line: line[1] / line[2] if line[2] else 1)
    elsewhere = sum(count for hamlet, count in here.items() if hamlet not in {line[0] for line in lines})
    return Tally(
        once,
        sum(line[2] for line in lines) + elsewhere,
        _pace([each.hand.at for each in once]),
        tuple(lines),
        tuple(sorted((each.hamlet for each in progress), key=queries.hamlet_key)),
    )


def _lines(called: Sequence[HamletProgress], here: Counter[str]) -> list[tuple[str, int, int]]:
    return [
        (each.hamlet, here[each.hamlet], here[each.hamlet] + each.left)
        for each in called
        if here[each.hamlet] or each.left
    ]


def _pace(moments: Collection[datetime]) -> int | None:
    """The usual number of seconds from one save to the next, breaks left out."""
    ordered = sorted(moments)
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(ordered)]
    usual = [gap for gap in gaps if gap <= _BREAK_S]
    return round(median(usual)) if usual else None


def is_grown(birth: PartialDate | None, day: date) -> bool:
    """Whether she may be taken to receive herself; of a child (Decree 20/2021, Art. 5) it is asked."""
    return birth is None or age_on(birth, day) >= _GROWN
