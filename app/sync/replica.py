"""The laptop's end of the conversation: compose a request, absorb the response. No transport.

`replica.absorb(register.exchange(replica.compose()))` is a whole sync; HTTPS loops around it,
a stick writes the one today and reads the other next week.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.changes import Entry
from app.domain.errors import Refusal, Trouble
from app.domain.standing import RecordKey
from app.store import audit, ground, outbox, place, renewal, unit
from app.store.place import Here
from app.store.unit import Page, Pen, Taken
from app.sync import messages, transfer
from app.sync.entries import entry_of, hash_of_own
from app.sync.messages import PAGE_BYTES, PROTOCOL, SyncRequest, SyncResponse

VerifyHead = Callable[[bytes, bytes], bool]  # message, signature: against the register's key
VerifySet = Callable[[str, bytes, bytes], bool]  # author, body, signature: against her certified key
TakePolicy = Callable[[Connection, bytes], object]  # check and keep a signed policy


@dataclass(frozen=True)
class Trust:
    """How a laptop tells true from forged; made from the root's fingerprint by `bootstrap`."""

    verify_head: VerifyHead
    verify_set: VerifySet
    take_policy: TakePolicy
    take_programme: TakePolicy
    take_arrival: TakePolicy


@dataclass(frozen=True)
class Outcome:
    """What one exchange did. `in_step`: the centre's digest and head equal ours at its newest seq,
    and nothing waits here: the only reason for a green pill. `renewed`: sets signed anew."""

    cursor: int
    received: int
    refused: int
    not_taken: tuple[str, ...]
    waiting: int
    more: bool
    in_step: bool
    records: frozenset[RecordKey]
    renewed: int = 0


def compose(connection: Connection, number: int, *, push: bool = True) -> SyncRequest:
    """What to say now: where we stand, and what waits, oldest first."""
    here = place.here(connection)
    asked = SyncRequest(
        PROTOCOL,
        here.commune,
        here.device,
        number,
        here.cursor,
        # Whoever lacks the centre's word on its head says to hold nothing, and is told.
        place.whole_digest(place.digests(connection)) if here.is_signed else bytes(32),
        here.policy,
        whole=bool(here.renewing),
        programme=here.programme,
        arrived=transfer.arrived(connection),
    )
    return messages.pushing(asked, outbox.outbox(connection, PAGE_BYTES)) if push else asked


def absorb(connection: Connection, response: SyncResponse, trust: Trust, pen: Pen | None = None) -> Outcome:
    """Apply an answer in the caller's transaction; raises before anything is kept if it does not hold.

    Refusal("sync.forged_head") or ("sync.forged_set") for what the centre's or an author's key did
    not sign; Refusal("sync.other_laptop") for an answer to somebody else; Trouble("sync.gap") when
    the answer is to a later place than ours; Refusal("sync.unknown_own_set") when it names a set of
    ours that we never made (`renewal.mark`, then ask again). With the `pen` of whoever sits there a
    laptop that has a double is renewed as soon as it is caught up.
    """
    here = place.here(connection)
    _check_addressee(here, response)
    mark = _believed_mark(here, response, trust)
    if response.head and response.cursor >= here.cursor:
        ground.keep_signed(connection, response.digest, response.head_signature)
    if response.policy:
        trust.take_policy(connection, response.policy)
    if response.programme:
        trust.take_programme(connection, response.programme)
    for content in response.arrivals:
        trust.take_arrival(connection, content)
    transfer.note_arrived(connection, response.arrived)
    if response.furthest > here.cursor:
        _note_put_back(connection)
    entries = _new_entries(connection, response, here.cursor, trust)
    doubled = _ids_of_a_double(connection, (here.device, here.renewing), entries)
    taken = Taken(here.cursor, frozenset())
    if mark is not None:
        taken = unit.absorb(connection, Page(entries, response.cursor, *mark))
    if doubled:
        renewal.mark(connection, devices=doubled)
    not_taken = {receipt.id.hex(): receipt.why for receipt in response.receipts}
    outbox.note_not_taken(connection, not_taken)
    clones = {set_id for set_id, why in not_taken.items() if why == outbox.CLONE}
    if clones:
        renewal.heed(connection, clones)
    is_caught_up = not response.more and taken.cursor == response.cursor
    is_renewing = here.renewing or doubled or clones
    renewed = renewal.renew(connection, pen) if pen and is_caught_up and is_renewing else 0
    waiting = outbox.waiting(connection)
    return Outcome(
        taken.cursor,
        len(entries),
        sum(verdict.outcome == "refused" for entry in entries for verdict in entry.verdicts),
        tuple(sorted(set(not_taken.values()))),
        waiting,
        response.more or waiting > 0,
        is_caught_up and not waiting,
        taken.records,
        renewed,
    )


def _note_put_back(connection: Connection) -> None:
    """The centre has seen this laptop further on: vault and what remembers it were put back together."""
    known = place.read_all(connection, (place.PUT_BACK, place.RESTORED))
    if not known:
        place.write(connection, place.PUT_BACK, b"contact")
        audit.note(connection, "", place.PUT_BACK, detail="contact")


def _check_addressee(here: Here, response: SyncResponse) -> None:
    if response.commune != here.commune:
        raise Refusal("sync.other_commune")
    if response.device != here.device:
        raise Refusal("sync.other_laptop")
    if response.start > here.cursor:
        raise Trouble("sync.gap", cursor=here.cursor)


def _believed_mark(here: Here, response: SyncResponse, trust: Trust) -> tuple[bytes, bytes] | None:
    """Digest and head at the answer's cursor as signed there; None when it says nothing of the journal."""
    if not response.head and not response.entries and response.cursor <= here.cursor:
        return None
    head = messages.head_message(response.commune, response.cursor, response.head, response.digest)
    if not trust.verify_head(head, response.head_signature):
        raise Refusal("sync.forged_head")
    return response.digest, response.head


def _new_entries(connection: Connection, response: SyncResponse, cursor: int, trust: Trust) -> list[Entry]:
    """Those above our cursor, every author's signature checked."""
    numbers = [wire.number for wire in response.entries if wire.number]
    own = outbox.own_sets(connection, response.device, numbers)
    ids = (bytes.fromhex(own[number].id) for number in numbers if number in own)
    if hash_of_own(ids) != response.own:
        first = next((wire.seq for wire in response.entries if wire.number), 0)
        raise Refusal("sync.unknown_own_set", seq=first)
    wires = [wire for wire in response.entries if wire.seq > cursor]
    entries = [entry_of(wire, own) for wire in wires]
    for entry, wire in zip(entries, wires, strict=True):
        found = entry.signed
        if not wire.number and not trust.verify_set(found.set.author, found.body, found.signature):
            raise Refusal("sync.forged_set", seq=entry.seq)
    return entries


def _ids_of_a_double(connection: Connection, names: Sequence[str], entries: Sequence[Entry]) -> set[str]:
    """Those of this laptop's ids under which the journal holds a set that was not made here."""
    named = {entry.signed.id: entry.signed.set.device for entry in entries}
    ours = {set_id for set_id, device in named.items() if device and device in names}
    return {named[set_id] for set_id in ours - outbox.own_ids(connection, ours)}
