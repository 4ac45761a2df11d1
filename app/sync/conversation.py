"""A whole sync: compose, send, absorb, again until nothing is left to say. Any carrier will do.

Each end of an exchange is one local transaction of its own; between them a crash, a lost
answer or a Cancel costs a repeat and nothing else (design/sync.md, rules 2 and 4).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from app.domain.errors import Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.domain.standing import RecordKey
from app.seal.certificates import Trust
from app.seal.keys import MESSAGE, DeviceKey, sign, verify
from app.store import exchanges, filling, outbox, past, place, renewal
from app.store.divergences import Divergence
from app.store.exchanges import DONE, FILLED, FILLED_ANEW, Exchange
from app.store.filling import Fill
from app.store.past import NOTHING, Wanted
from app.store.unit import Pen
from app.sync import messages, replica, snapshot
from app.sync.messages import History, SyncRequest, SyncResponse
from app.sync.policy import believed, centre_of
from app.sync.snapshot import FAR, Snapshot, Source

_DOUBLE, _DIVERGED, _UNFIT = "sync.unknown_own_set", "sync.diverged", "sync.history"
_UNKNOWN, _PREPARING = "sync.unknown_device", "central.preparing"
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 60.0, 15 * 60.0
_PAUSE_SECONDS_LEAST = 2.0
_PREPARING_SECONDS, _HEED_SECONDS = 10 * 60.0, 0.1
_KEPT_SECONDS = 0.5  # of a first fill that a power cut may cost
PAUSE_SECONDS_HURRYING = 2 * 60.0  # at most, while the list's deadline leads and waits for this laptop


class Carrier(Protocol):
    """Takes a request's bytes to the centre and brings its answer's bytes back."""

    def exchange(self, request: bytes) -> bytes:
        """One round trip."""


class Vault(Protocol):
    """Where the laptop's rows are."""

    def write(self) -> AbstractContextManager[Connection]:
        """One transaction."""


@dataclass(frozen=True)
class Summary:
    """What a whole sync did.

    `pushed` and `pulled` count sets, own ones in neither; `refused` atoms of anybody's;
    `not_taken` why sets of ours still wait; `in_step` is the only reason for a green pill;
    `diverged` where this laptop held something else than the centre and was filled anew.
    `revoked`: the centre took this laptop's leave, and has all that waited here.
    """

    exchanges: int = 0
    pushed: int = 0
    pulled: int = 0
    refused: int = 0
    not_taken: tuple[str, ...] = ()
    waiting: int = 0
    cursor: int = 0
    in_step: bool = False
    records: frozenset[RecordKey] = frozenset()
    diverged: tuple[Divergence, ...] = ()
    revoked: bool = False


@dataclass(frozen=True)
class Sent:
    """A request on its way: its bytes as carried, and how many sets waited when it was composed."""

    request: SyncRequest
    carried: bytes
    waiting: int


def synchronise(
    vault: Vault, carrier: Carrier, device: DeviceKey, progress: Progress, pen: Pen | None = None
) -> Summary:
    """Exchange until both ends say the same, or nothing moves any more.

    Whatever an exchange refuses or fails with is noted (`store.exchanges`) and raised; what
    earlier ones brought stays. Refusal("sync.not_enrolled") before the laptop knows a centre.
    `pen`: of the officer who sits there, should her sets have to be signed anew.
    """
    source = carrier if isinstance(carrier, Source) else None
    done, push, is_filled_anew = Summary(), True, False
    if source is not None and _knows_nothing(vault):
        try:
            done = _filled(done, vault, source, device, progress)
        except Refusal as error:
            if error.code != _UNKNOWN:  # revoked before its first fill: it hands in, and hears of it, below
                raise
    while True:
        progress.step(done.pushed + done.pulled, 0, "Syncing")
        sent = compose(vault, device, push=push)
        with _failure_noted(vault, sent):
            answer = carrier.exchange(sent.carried)
        try:
            with _failure_noted(vault, sent):
                outcome, response = absorb(vault, sent, answer, pen)
        except Coded as error:  # found here; a carrier that says the same is not believed
            if error.code == _DOUBLE and not sent.request.whole:
                with vault.write() as connection:
                    renewal.mark(connection)
            elif error.code == _DIVERGED and source is not None and not is_filled_anew:
                is_filled_anew = True  # once: what does not help then would not help for ever
                done = _filled(done, vault, source, device, progress)
            else:
                raise
            continue
        done, push = _with(done, outcome, response), not response.more
        moved = outcome.cursor > sent.request.cursor or outcome.waiting < sent.waiting
        moved = moved or outcome.renewed > 0 or outbox.STANDING in outcome.not_taken
        moved = moved or response.arrived > sent.request.arrived
        if not outcome.more or not moved:
            break
    with vault.write() as connection:
        has_left = bool(place.read(connection, place.REVOKED)) and outbox.is_handed_over(connection)
    return replace(done, revoked=has_left)


@contextmanager
def _failure_noted(vault: Vault, sent: Sent) -> Iterator[None]:
    try:
        yield
    except Coded as error:
        with vault.write() as connection:
            exchanges.note(connection, _noted(sent, error.code))
        raise


def _knows_nothing(vault: Vault) -> bool:
    with vault.write() as connection:
        centre_of(connection)
        return place.cursor(connection) == 0


def _filled(done: Summary, vault: Vault, source: Source, device: DeviceKey, progress: Progress) -> Summary:
    try:
        filled = fill(vault, source, device, progress)
    except Coded as error:
        with vault.write() as connection:
            exchanges.note(connection, Exchange(_now(), error.code))
        raise
    if filled is None:
        return done
    return replace(done, diverged=(*done.diverged, *filled.diverged))


def fill(vault: Vault, source: Source, device: DeviceKey, progress: Progress) -> Fill | None:
    """First fill, or filling anew a laptop that diverged; a line that breaks costs one block.

    None, and nothing done, when so little is to be learnt that the journal itself will do.
    """
    with vault.write() as connection:
        centre = centre_of(connection)
        asked = snapshot.ask(connection, device.id, partial(sign, device.key, MESSAGE))
        cursor, carried = place.cursor(connection), filling.header(connection)
    found = _header(carried, centre) if carried else None
    if carried is None or found is None or found.seq < cursor:  # none begun, or by now behind us
        carried = _prepared(source, asked, progress)
        found = _header(carried, centre)
        if not cursor and found.seq < FAR:
            return None
        with vault.write() as connection:
            filling.begin(connection, carried)
    _gather(vault, source, asked, found, progress)
    _ask_past(vault, source, device, NOTHING)  # whoever signed what comes may be certified since
    with vault.write() as connection:
        filled = snapshot.take_in(connection, found, believed(connection, centre))
        outcome = FILLED_ANEW if cursor else FILLED
        exchanges.note(connection, Exchange(_now(), outcome, bytes_in=len(carried) + filled.bytes_in))
    return filled


def _prepared(source: Source, asked: bytes, progress: Progress) -> bytes:
    """A snapshot's header, asked for again while the centre is still making it: it says so, soon."""
    until = time.monotonic() + _PREPARING_SECONDS
    while True:
        try:
            return source.snapshot(asked)
        except Refusal as error:
            if error.code != _PREPARING or time.monotonic() >= until:
                raise
        wake = time.monotonic() + _PAUSE_SECONDS_LEAST
        while time.monotonic() < wake:
            progress.step(0, 0, "Preparing")
            time.sleep(_HEED_SECONDS)


def _header(carried: bytes, centre: Trust) -> Snapshot:
    return messages.read(carried, Snapshot, _is_from(centre))[1]


def _gather(vault: Vault, source: Source, asked: bytes, found: Snapshot, progress: Progress) -> None:
    """The blocks that have not come yet: a transaction for each moment of the line, not for each block.

    On a poor line that is each block; on a good one the disk would take longer than the line does.
    Where it breaks, what has come is kept.
    """
    with vault.write() as connection:
        missing = set(filling.missing(connection, len(found.blocks)))
    come, since = dict[int, bytes](), time.monotonic()
    try:
        while missing:
            for no, block in _in_a_row(source, asked, found, min(missing)):
                progress.step(no, len(found.blocks), "Filling")
                come[no] = block
                missing.discard(no)
                if time.monotonic() - since >= _KEPT_SECONDS:
                    _keep(vault, come)
                    come, since = {}, time.monotonic()
    except Refusal:  # the centre keeps it no longer: the next try begins anew
        come.clear()
        with vault.write() as connection:
            filling.drop(connection)
        raise
    finally:
        _keep(vault, come)


def _in_a_row(source: Source, asked: bytes, found: Snapshot, first: int) -> Iterator[tuple[int, bytes]]:
    """The blocks of one answer by number, each as the header means it; else Trouble("sync.snapshot")."""
    with closing(source.blocks(asked, found.seq, first)) as come:
        block = next(come, None)
        if block is None:
            raise Trouble("sync.snapshot")
        for no, said in enumerate(found.blocks[first:], first):
            if not snapshot.is_whole(block, said):
                raise Trouble("sync.snapshot")
            yield no, block
            block = next(come, None)
            if block is None:
                return


def _keep(vault: Vault, come: Mapping[int, bytes]) -> None:
    if come:
        with vault.write() as connection:
            for no, block in come.items():
                filling.keep(connection, no, block)


def fetch_history(
    vault: Vault,
    source: Source,
    device: DeviceKey,
    seconds: float,
    *,
    gives_way: bool = False,
    progress: Progress | None = None,
) -> int:
    """What a first fill left out, page after page, until so much time is over; how many sets are to come.

    Each page is one transaction and leaves its mark: a line that breaks costs one page. Who gives
    way stops when a set of ours waits, which goes first. Refusal("sync.history") for what does not
    fit what stands here.
    """
    end = time.monotonic() + seconds
    while True:
        with vault.write() as connection:
            wanted, left = past.wanted(connection, snapshot.SEQS), past.lacking(connection)
            must_wait = gives_way and outbox.waiting(connection) > 0
        if wanted is None or must_wait or time.monotonic() >= end:
            return left
        if progress is not None:
            progress.step(0, left, "History")
        if not _ask_past(vault, source, device, wanted) and wanted.seqs:
            return left


def _ask_past(vault: Vault, source: Source, device: DeviceKey, wanted: Wanted) -> int:
    """One page, and the policy when it moved; how many sets came."""
    with vault.write() as connection:
        centre = centre_of(connection)
        asked = snapshot.ask_history(connection, device.id, partial(sign, device.key, MESSAGE), wanted)
    _, found = messages.read(source.history(asked), History, _is_from(centre))
    try:
        with vault.write() as connection:
            return snapshot.take_history(connection, found, believed(connection, centre))
    except Refusal as error:
        if error.code == _UNFIT:
            with vault.write() as connection:
                past.doubt(connection)
        raise


def compose(vault: Vault, device: DeviceKey, *, push: bool = True) -> Sent:
    """The next request, ready for a carrier; without `push` it only asks: what waits is there already."""
    with vault.write() as connection:
        centre_of(connection)
        request = replica.compose(connection, exchanges.next_number(connection), push=push)
        waiting = outbox.waiting(connection)
    carried = messages.write(request, f"{request.commune}/{device.id}", partial(sign, device.key, MESSAGE))
    return Sent(request, carried, waiting)


def absorb(
    vault: Vault, sent: Sent, answer: bytes, pen: Pen | None = None
) -> tuple[replica.Outcome, SyncResponse]:
    """Take the centre's answer in, in one transaction, and note the exchange.

    Refusal("sync.other_answer") for one to another request: it was true once.
    """
    with vault.write() as connection:
        centre = centre_of(connection)
        _sender, response = messages.read(answer, SyncResponse, _is_from(centre))
        if response.number != sent.request.number:
            raise Refusal("sync.other_answer")
        outcome = replica.absorb(connection, response, believed(connection, centre), pen)
        exchanges.note(connection, _noted(sent, DONE, received=outcome.received, bytes_in=len(answer)))
    return outcome, response


def _is_from(centre: Trust) -> messages.Verify:
    """Whether the register key signed a message."""
    return lambda _who, payload, signed: verify(centre.register, MESSAGE, payload, signed)


def _noted(sent: Sent, outcome: str, *, received: int = 0, bytes_in: int = 0) -> Exchange:
    return Exchange(_now(), outcome, len(sent.request.sets), received, len(sent.carried), bytes_in)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _with(done: Summary, outcome: replica.Outcome, response: SyncResponse) -> Summary:
    own = sum(not entry.body for entry in response.entries)
    return Summary(
        done.exchanges + 1,
        done.pushed + own,
        done.pulled + len(response.entries) - own,
        done.refused + outcome.refused,
        outcome.not_taken,
        outcome.waiting,
        outcome.cursor,
        outcome.in_step,
        done.records | outcome.records,
        done.diverged,
    )


def pause_after(failures: int, chance: float, longest: float = PAUSE_SECONDS_MAX) -> float:
    """Seconds until the next try: by `chance` (0 to 1) anywhere below a bound that doubles up to the longest.

    3,321 communes that lost the same centre at 08:00 must not all call again at 08:00:30: spread over
    the whole of the first minute they are 55 a second.
    """
    bound = min(PAUSE_SECONDS * (1 << min(failures, 16)), longest)
    return max(bound * chance, _PAUSE_SECONDS_LEAST)
