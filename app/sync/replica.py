"""The laptop's end of the conversation: compose a request, absorb the response. No transport.

`replica.absorb(register.exchange(replica.compose()))` is a whole sync; HTTPS loops around it,
a stick writes the one today and reads the other next week.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.errors import Refusal, Trouble
from app.domain.standing import RecordKey
from app.store import place, unit
from app.store.unit import Page
from app.sync import messages
from app.sync.messages import PAGE_BYTES, PROTOCOL, SyncRequest, SyncResponse

VerifyHead = Callable[[bytes, bytes], bool]  # message, signature: against the register's key
VerifySet = Callable[[str, bytes, bytes], bool]  # author, body, signature: against her certified key
TakePolicy = Callable[[Connection, bytes], None]  # check and keep a signed policy


@dataclass(frozen=True)
class Trust:
    """How a laptop tells true from forged; made from the root's fingerprint by `bootstrap`."""

    verify_head: VerifyHead
    verify_set: VerifySet
    take_policy: TakePolicy


@dataclass(frozen=True)
class Outcome:
    """What one exchange did. `in_step`: the centre's digest and head equal ours at its newest seq,
    and nothing waits here: the only reason for a green pill."""

    cursor: int
    received: int
    refused: int
    not_taken: tuple[str, ...]
    waiting: int
    more: bool
    in_step: bool
    records: frozenset[RecordKey]


def compose(connection: Connection, number: int) -> SyncRequest:
    """What to say now: where we stand, and what waits, oldest first."""
    return SyncRequest(
        PROTOCOL,
        place.read_text(connection, "commune"),
        place.read_text(connection, "device"),
        number,
        place.cursor(connection),
        place.whole_digest(place.digests(connection)),
        int(place.read_text(connection, "policy_version") or 0),
        [(signed.body, signed.signature) for signed in unit.outbox(connection, PAGE_BYTES)],
    )


def absorb(connection: Connection, response: SyncResponse, trust: Trust) -> Outcome:
    """Apply an answer in the caller's transaction; raises before anything is kept if it does not hold.

    Refusal("sync.forged_head") or ("sync.forged_set") for what the centre's or an author's key did
    not sign; Trouble("sync.gap") when the answer is to a later place than ours.
    """
    if response.commune != place.read_text(connection, "commune"):
        raise Refusal("sync.other_commune")
    if response.start > place.cursor(connection):
        raise Trouble("sync.gap", cursor=place.cursor(connection))
    head = messages.head_message(response.commune, response.cursor, response.head, response.digest)
    if not trust.verify_head(head, response.head_signature):
        raise Refusal("sync.forged_head")
    if response.policy:
        trust.take_policy(connection, response.policy)
    own = unit.own_entries(connection, [w.signature.hex() for w in response.entries if not w.body])
    entries = [messages.entry_of(wire, own) for wire in response.entries]
    for entry, wire in zip(entries, response.entries, strict=True):
        found = entry.signed
        if wire.body and not trust.verify_set(found.set.author, found.body, found.signature):
            raise Refusal("sync.forged_set", seq=entry.seq)
    taken = unit.absorb(connection, Page(entries, response.cursor, response.digest, response.head))
    waiting = unit.waiting(connection)
    return Outcome(
        taken.cursor,
        len(entries),
        sum(verdict.outcome == "refused" for entry in entries for verdict in entry.verdicts),
        tuple(sorted({receipt.why for receipt in response.receipts if receipt.why})),
        waiting,
        response.more or waiting > 0,
        not response.more and not waiting and taken.cursor == response.cursor,
        taken.records,
    )
