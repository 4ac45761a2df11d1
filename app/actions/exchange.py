"""Enrolling this laptop with its centre, and speaking with it."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from app.actions import line
from app.actions.desk import Desk, remember
from app.domain.deadlines import Due
from app.domain.errors import Coded, Refusal
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import MESSAGE, sign
from app.store import attachments, divergences, exchanges, outbox, past, place, queries, search, witness
from app.store.attachments import Load
from app.store.exchanges import DONE, FILES, Exchange
from app.sync import conversation, enrolment, events, https, policy, programme
from app.sync.conversation import Summary
from app.sync.enrolment import Applicant
from app.sync.events import NOWHERE, Told
from app.sync.https import HttpsCarrier

LABEL_LENGTH_MAX = 60
CLOCK_OFF_FROM_S = 300
PAST_SECONDS = (
    20.0  # of what a first fill left out, before anybody looks whether something else is to be said
)
_INDEXED_AT_ONCE = 1_000
_NO_LINK = ("sync.offline", "sync.centre_trouble")


@dataclass(frozen=True)
class LinkState:
    """How this laptop stands with its centre, from what it has on disk.

    `stands`: its cursor, and its policy's version. `programme`: when the newest
    programme data here were published (UTC), empty for none.

    `due`: the list's next deadline; `for_list`: waiting sets that it waits for.
    `in_step`: the centre's digest equalled ours at the last exchange and nothing was saved since.
    `photos`: attachments that wait to follow their sets.
    `clock_ahead`: seconds by which this machine's clock was ahead of the centre's then; 0 when not told.
    `arriving`: sets of the past that a first fill left out and that have not come; `diverged`: places in
    which this copy was found to differ from the centre's, and was mended, that nobody has seen yet;
    `unfound`: people whom the search box does not find yet.
    """

    enrolled: bool
    address: str
    waiting: int
    conflicts: int
    in_step: bool
    last: Exchange | None
    last_done: datetime | None
    clock_ahead: int = 0
    arriving: int = 0
    diverged: int = 0
    unfound: int = 0
    photos: Load = field(default_factory=Load)
    stands: Told = NOWHERE
    programme: str = ""
    due: Due | None = None
    for_list: int = 0

    @property
    def hurries(self) -> bool:
        """Whether the list's deadline leads, and changes that it waits for have not gone."""
        return self.due is not None and self.due.leads and self.for_list > 0

    def is_behind(self, told: Told) -> bool:
        """Whether the centre says to stand further than this laptop does."""
        return told.seq > self.stands.seq or told.policy > self.stands.policy

    @property
    def clock_is_off(self) -> bool:
        """Whether the officer must hear of it: days and hours of what she writes would be wrong."""
        return abs(self.clock_ahead) >= CLOCK_OFF_FROM_S


def link_state(_progress: Progress, desk: Desk) -> LinkState:
    """What the pill and the sync room say: counts of everybody's saves, conflicts as far as she sees them."""
    with desk.vault.read() as hers:
        conflicts = queries.open_conflicts(hers)
    with desk.vault.whole() as connection:
        recent = exchanges.recent(connection)
        done = next((found for found in recent if found.outcome == DONE), None)
        waiting, here = outbox.waiting(connection), place.here(connection)
        due = desk.reference.deadlines.next(desk.clock.today())
        return LinkState(
            enrolled=enrolment.is_enrolled(connection),
            address=place.read_text(connection, "address"),
            waiting=waiting,
            conflicts=conflicts,
            in_step=not waiting and place.read_text(connection, "in_step") == "yes",
            last=next((found for found in recent if found.outcome != FILES), None),
            last_done=done.at if done else None,
            clock_ahead=int(place.read_text(connection, "clock_ahead") or 0),
            arriving=past.lacking(connection),
            diverged=divergences.unseen(connection),
            unfound=search.lacking(connection),
            photos=attachments.load(connection),
            stands=Told(here.cursor, here.policy),
            programme=programme.held_issue(connection),
            due=due,
            for_list=outbox.waiting_about(connection, due.kinds) if due and waiting else 0,
        )


def enrol_laptop(_progress: Progress, desk: Desk, typed: str) -> str:
    """Make this laptop known to the centre whose code was typed or scanned; its name for the commune.

    Refusal("enrolment.other_commune") for another commune's code; the refusals of `https.enrol`. Work
    saved before is pushed under the certificates that come back, and the centre's recovery identity
    opens the database key too: an office may lose laptop and printed code in one fire.
    """
    code = EnrolmentCode.read(typed)
    if code.commune != desk.commune.code:
        raise Refusal("enrolment.other_commune", theirs=code.commune, ours=desk.commune.code)
    label = f"{desk.officer.name} · {platform.node()}"[:LABEL_LENGTH_MAX]
    enrolled = https.enrol(code, Applicant(desk.device_key, label, [desk.officer_key]))
    with desk.vault.write() as connection:
        enrolment.keep(connection, enrolled)
        centre = policy.centre_of(connection)
    desk.seal_key_to(centre.recovery)
    return enrolled.name


def certify_key(_progress: Progress, desk: Desk, typed: str) -> None:
    """Have the centre certify the key of the officer at this desk: one who came later, or has a new one.

    Under a code of the same centre: Refusal("enrolment.other_centre"); else as `enrol_laptop`.
    """
    code = EnrolmentCode.read(typed)
    with desk.vault.read() as connection:
        ours = policy.centre_of(connection).root.fingerprint
    if code.root_fingerprint != ours:
        raise Refusal("enrolment.other_centre")
    enrol_laptop(_progress, desk, typed)


class Listening:
    """A line to the centre kept open from one word to the next; `hang_up` under it from any thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._carrier: HttpsCarrier | None = None
        self._line: https.Line | None = None
        self._is_over = False

    def wait(self, progress: Progress) -> Told:
        """The next word of where the commune stands; the errors of `HttpsCarrier.listen`, Cancelled."""
        try:
            line = self._line or self._open(progress)
            if self._carrier is not None:
                self._carrier.heed(progress)
            if self._is_over:  # meanwhile
                line.hang_up()
            return line.next()
        except BaseException:
            self._close()
            raise

    def hang_up(self) -> None:
        """For good."""
        self._is_over = True
        if self._line is not None:
            self._line.hang_up()

    def _open(self, progress: Progress) -> https.Line:
        desk = self._desk
        device = desk.device_key
        asked = events.ask(desk.commune.code, device.id, partial(sign, device.key, MESSAGE))
        self._carrier = line.dial(desk, progress)
        self._line = self._carrier.listen(asked)
        return self._line

    def _close(self) -> None:
        line, carrier, self._line, self._carrier = self._line, self._carrier, None, None
        if line is not None:
            line.close()
        if carrier is not None:
            carrier.close()


def move_centre(desk: Desk, address: str) -> None:
    """The same centre at another address: its certificate is pinned, so a wrong one is refused."""
    with desk.vault.write() as connection:
        place.write(connection, "address", address.encode())


def exchange(progress: Progress, desk: Desk) -> Summary:
    """Speak with the centre until both say the same; Refusal("sync.not_enrolled") before it is known."""
    remember(progress, desk)
    try:
        with line.to_centre(desk, progress) as carrier:
            done = conversation.synchronise(desk.vault, carrier, desk.device_key, progress, desk.pen)
            ahead = round(carrier.clock_ahead or 0)
    except Coded as error:
        if error.code not in _NO_LINK:  # what was heard says that we are not the same, or leaves it open
            with desk.vault.write() as connection:
                place.write(connection, "in_step", b"no")
        raise
    with desk.vault.write() as connection:
        place.write(connection, "in_step", b"yes" if done.in_step else b"no")
        place.write(connection, "clock_ahead", str(ahead).encode())
        if done.in_step:
            witness.heal(connection, desk.folder)
    return done


def fetch_past(progress: Progress, desk: Desk) -> int:
    """What a first fill left out: people to be found, then for a while sets; how many are to come.

    It gives way to what waits.
    """
    _let_be_found(progress, desk)
    with line.to_centre(desk, progress) as carrier:
        return conversation.fetch_history(
            desk.vault, carrier, desk.device_key, PAST_SECONDS, gives_way=True, progress=progress
        )


def _let_be_found(progress: Progress, desk: Desk) -> None:
    more = True
    while more:
        progress.step(0, 0, "Indexing")
        with desk.vault.write() as connection:  # a Save waits for one of these at most
            more = search.lacking(connection) > 0 and search.catch_up(connection, _INDEXED_AT_ONCE)


def see_divergences(_progress: Progress, desk: Desk) -> None:
    """The officer has seen where this copy had differed."""
    with desk.vault.write() as connection:
        divergences.see(connection)
