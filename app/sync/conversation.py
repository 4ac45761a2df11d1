"""A whole sync: compose, send, absorb, again until nothing is left to say. Any carrier will do.

Each end of an exchange is one local transaction of its own; between them a crash, a lost
answer or a Cancel costs a repeat and nothing else (design/sync.md, rules 2 and 4).
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from app.domain.errors import Coded
from app.domain.progress import Progress
from app.domain.standing import RecordKey
from app.seal.keys import MESSAGE, DeviceKey, sign, verify
from app.store import exchanges, outbox, renewal
from app.store.exchanges import DONE, Exchange
from app.store.unit import Pen
from app.sync import messages, replica
from app.sync.messages import SyncRequest, SyncResponse
from app.sync.policy import believed, centre_of

_DOUBLE = "sync.unknown_own_set"
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 30.0, 15 * 60.0


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
    `not_taken` why sets of ours still wait; `in_step` is the only reason for a green pill.
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
    done, push = Summary(), True
    while True:
        progress.step(done.pushed + done.pulled, 0, "Syncing")
        sent = compose(vault, device, push=push)
        try:
            outcome, response = absorb(vault, sent, carrier.exchange(sent.carried), pen)
        except Coded as error:
            has_double = error.code == _DOUBLE and not sent.request.whole
            with vault.write() as connection:
                exchanges.note(connection, _noted(sent, error.code))
                if has_double:
                    renewal.mark(connection)
            if not has_double:
                raise
            continue
        done, push = _with(done, outcome, response), not response.more
        moved = outcome.cursor > sent.request.cursor or outcome.waiting < sent.waiting or outcome.renewed
        if not outcome.more or not moved:
            return done


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
    """Take the centre's answer in, in one transaction, and note the exchange."""
    with vault.write() as connection:
        centre = centre_of(connection)
        register = centre.register
        _sender, response = messages.read(
            answer, SyncResponse, lambda _who, payload, signed: verify(register, MESSAGE, payload, signed)
        )
        outcome = replica.absorb(connection, response, believed(connection, centre), pen)
        exchanges.note(connection, _noted(sent, DONE, received=outcome.received, bytes_in=len(answer)))
    return outcome, response


def _noted(sent: Sent, outcome: str, *, received: int = 0, bytes_in: int = 0) -> Exchange:
    now = datetime.now(UTC).replace(microsecond=0)
    return Exchange(now, outcome, len(sent.request.sets), received, len(sent.carried), bytes_in)


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
    )


def pause_after(failures: int, chance: float) -> float:
    """Seconds until the next try: doubling, with jitter from `chance` (0 to 1).

    3,321 communes that lost the same centre at 08:00 must not all call again at 08:00:30.
    """
    longest = min(PAUSE_SECONDS * (1 << min(failures, 16)), PAUSE_SECONDS_MAX)
    return longest * (0.5 + chance / 2)
