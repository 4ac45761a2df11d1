"""First fill: what stands at one seq, in blocks that are checked one by one and asked for again one by one.

The centre builds it (`build`), a laptop asks for it in signed words (`ask`), gathers the blocks
as they come, and takes all of them in with one (`take_in`): before or after, never between.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol, runtime_checkable

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.domain.outline import Outline
from app.domain.records import KINDS
from app.domain.standing import Stretch
from app.store import filling, ground, journal, past, place, roster, snapshots
from app.store.past import Wanted
from app.sync import blocks, messages
from app.sync.messages import PROTOCOL, History, Sign
from app.sync.register import Office
from app.sync.replica import Trust

AT_ONCE = 6  # blocks in one answer: 200 s at 16 kbit/s
SEQS = 500  # of the past in one request: more than a page ever holds
FAR = 500  # entries by which the newest snapshot may lie behind before another is built


class SnapshotRequest(msgspec.Struct, array_like=True, frozen=True):
    """What a laptop asks for: a snapshot not older than `after`."""

    protocol: int
    commune: str
    device: str
    after: int


class Snapshot(msgspec.Struct, array_like=True, frozen=True):
    """What a snapshot says of itself. `blocks`: the SHA-256 of each; `sums`: of each kind, 32 bytes."""

    protocol: int
    commune: str
    seq: int
    head: bytes
    digest: bytes
    head_signature: bytes
    sums: dict[str, bytes]
    chains: dict[str, tuple[int, bytes]]
    blocks: list[bytes]


class HistoryRequest(msgspec.Struct, array_like=True, frozen=True):
    """Seqs below a snapshot whose sets a laptop has not yet (`past.Wanted`); its policy's version.

    `steps`: from each seq down to the next, the first from zero.
    """

    protocol: int
    commune: str
    device: str
    policy: int
    steps: list[int]
    after: int = 0
    below: int = 0


@runtime_checkable
class Source(Protocol):
    """Where a laptop has a snapshot from; `asked` are its signed words."""

    def snapshot(self, asked: bytes) -> bytes:
        """The header, signed by the centre."""

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        """Blocks from one on, each as soon as it is here; at least one, and as many as an answer holds."""

    def history(self, asked: bytes) -> bytes:
        """The sets at the seqs that the words name, signed by the centre."""


def ask(connection: Connection, device: str, sign: Sign) -> bytes:
    """The words that go with every request for a snapshot or one of its blocks."""
    here = place.here(connection)
    asked = SnapshotRequest(PROTOCOL, here.commune, device, here.cursor)
    return messages.write(asked, f"{here.commune}/{device}", sign)


@dataclass(frozen=True)
class Built:
    """A snapshot before it is kept."""

    seq: int
    header: bytes
    packed: bytes | bytearray
    ends: Sequence[int]

    @property
    def blocks(self) -> Iterator[bytes]:
        """One by one."""
        whole = memoryview(self.packed)
        return (bytes(whole[start:end]) for start, end in pairwise([0, *self.ends]))


def offered(connection: Connection, code: str, after: int) -> bytes | None:
    """The newest snapshot's header; None when it lies far behind, or before `after`."""
    found = snapshots.newest(connection, code)
    is_due = found is None or found[0] < after or snapshots.seq(connection, code) - found[0] > FAR
    return None if found is None or is_due else found[1]


def build(connection: Connection, code: str, sign_head: Sign, seal: Callable[[Snapshot], bytes]) -> Built:
    """What stands now, in a view that does not change meanwhile; nobody waits for it."""
    at, sums = snapshots.stand(connection, code)
    packed, ends, hashes = bytearray(), list[int](), list[bytes]()
    for block in _blocks(connection, code):  # kept one by one they would pin what their making took
        packed += block
        ends.append(len(packed))
        hashes.append(hashlib.sha256(block).digest())
    signature = sign_head(messages.head_message(code, at.seq, at.head, at.digest))
    chains = snapshots.chains(connection, code)
    header = seal(Snapshot(PROTOCOL, code, at.seq, at.head, at.digest, signature, sums, chains, hashes))
    return Built(at.seq, header, packed, ends)


def keep(connection: Connection, code: str, built: Built) -> bytes:
    """Offer what was built; the header of the newest, should another process have been quicker."""
    snapshots.keep(connection, code, built.seq, built.header, built.blocks)
    found = snapshots.newest(connection, code)
    return found[1] if found else built.header


def _blocks(connection: Connection, code: str) -> Iterable[bytes]:
    for kind in KINDS:
        yield from blocks.record_blocks(kind, snapshots.records(connection, code, kind))
    yield from blocks.entry_blocks(snapshots.spoken_of(connection, code))


def is_whole(block: bytes, said: bytes) -> bool:
    """Whether a block is the one that the header means."""
    return hashlib.sha256(block).digest() == said


def ask_history(connection: Connection, device: str, sign: Sign, wanted: Wanted) -> bytes:
    """The words that ask for a page of the past, and for the policy."""
    here = place.here(connection)
    steps = [before - seq for before, seq in zip([0, *wanted.seqs], wanted.seqs, strict=False)]
    asked = HistoryRequest(PROTOCOL, here.commune, device, here.policy, steps, wanted.after, wanted.below)
    return messages.write(asked, f"{here.commune}/{device}", sign)


def page_of_history(connection: Connection, asked: HistoryRequest, office: Office) -> History:
    """The first of the sets asked for, as many as one page holds."""
    code = asked.commune
    is_told = asked.policy == roster.policy_version(connection, code) + office.renewals
    seqs = [-total for total in accumulate(asked.steps[:SEQS])]
    block, count = blocks.first_block(snapshots.entries_at(connection, code, seqs))
    head = b""
    if asked.below:
        down_to = past.reached(Wanted(seqs, asked.after, asked.below), count)
        head = journal.mark(connection, code, down_to).head
    return History(PROTOCOL, code, block, b"" if is_told else office.policy(connection, code), head)


def take_history(connection: Connection, found: History, trust: Trust) -> int:
    """Keep a page of the past, every author's signature checked; returns how many sets.

    Refusal("sync.forged_set"), ("sync.history") and ("sync.message"): nothing of it is kept.
    """
    if found.policy:
        trust.take_policy(connection, found.policy)
    read, wanted = blocks.outlined(found.block), past.wanted(connection, SEQS)
    if isinstance(read, Stretch):
        raise Refusal("sync.message")
    if wanted is None:
        return 0
    check_authors(read, trust)
    past.keep(connection, wanted, read, found.head)
    return len(read)


def check_authors(lines: Iterable[Outline], trust: Trust) -> None:
    """Refusal("sync.forged_set") for a set that its author's certified key did not sign."""
    for line in lines:
        if not trust.verify_set(line.head.author, line.body, line.signature):
            raise Refusal("sync.forged_set", seq=line.seq)


def take_in(connection: Connection, found: Snapshot, trust: Trust) -> filling.Fill:
    """Let the snapshot stand out of the blocks that were gathered; the errors of `begin` and `Fill`."""
    fill = begin(connection, found, trust)
    for no in range(len(found.blocks)):
        block = filling.block(connection, no)
        fill.bytes_in += len(block)
        read = blocks.outlined(block)
        if isinstance(read, Stretch):
            fill.records(read)
        else:
            check_authors(read, trust)
            fill.entries(read)
    finish(fill, found)
    return fill


def begin(
    connection: Connection, found: Snapshot, trust: Trust, *, past_follows: bool = False
) -> filling.Fill:
    """Begin to let it stand, the waiting edits above it; says where this laptop held something else.

    Refusal("sync.forged_head"), ("sync.forged_set") and ("sync.other_commune") as for an answer;
    Trouble("sync.snapshot") when the blocks do not sum to what the centre signed. Nothing changes then.
    """
    if found.commune != place.read_text(connection, "commune"):
        raise Refusal("sync.other_commune")
    head = messages.head_message(found.commune, found.seq, found.head, found.digest)
    whole = (sum(int.from_bytes(one, "big") for one in found.sums.values()) % (1 << 256)).to_bytes(32, "big")
    if not trust.verify_head(head, found.head_signature) or whole != found.digest:
        raise Refusal("sync.forged_head")
    return filling.Fill(connection, found.seq, found.chains, past_follows=past_follows)


def finish(fill: filling.Fill, found: Snapshot) -> None:
    """All its blocks have come."""
    fill.finish(found.head, found.sums)
    ground.keep_signed(fill.connection, found.digest, found.head_signature)
