"""A register looked over whole, beside the bare verification of as many signatures on as many cores.

The journal: every person with all that is hers in one set, as an import writes it, then corrections of one
field, each signed, judged, chained and headed; the rows are what it comes to. The baseline holds messages,
keys and signatures in memory and does nothing but libsodium, a process a core. In turns, the best of some
rounds; the processor's time beside it, for a machine that does other work stretches the wall's.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from nacl._sodium import ffi, lib

from app.domain.changes import ChangeSet, Edit, Entry, Outcome, SignedSet, Verdict, lone, pack_verdicts
from app.domain.progress import Progress
from app.domain.standing import Standing, settle
from app.seal.keys import CHANGE_SET, HEAD, SigningKey, sign
from app.store import ground, place, unit, witness
from app.store.filling import Fill
from app.store.ground import Ground
from app.store.vault import Vault
from app.sync import blocks
from app.sync.messages import head_message
from app.sync.verifying import Register, Report
from tests.bench import people
from tests.bench.filling import _sums

PEOPLE = int(os.environ.get("VERIFY", "3000"))
CORRECTIONS = 4  # a person
_CODE, _DEVICE, _ROUNDS = "03979", "m01", 3
_CORES = os.cpu_count() or 1

Row = tuple[str, float, str]
Signed = tuple[bytes, bytes]  # signature and what was signed; the key


class Took(NamedTuple):
    """Seconds by the clock on the wall, and of the processor, children's with it."""

    wall: float
    cpu: float


def measure() -> Iterator[Row]:
    """How many times the bare verification it takes to look over everything."""
    key = SigningKey.generate()
    register = SigningKey.generate()
    entries, standing = _journal(key)
    with TemporaryDirectory() as folder:
        vault = _vault(Path(folder), entries, standing, register)
        whole = [
            (e.signed.signature + b"soansinh/1 change-set\0" + e.signed.body, key.public.raw) for e in entries
        ]
        rounds = [
            (_bare(whole), _ours(vault, Path(folder), key, register, len(entries))) for _ in range(_ROUNDS)
        ]
        vault.lock()
    bare, ours = (Took(*map(min, zip(*took, strict=True))) for took in zip(*rounds, strict=True))
    load = f"load {os.getloadavg()[0]:.1f}"
    yield "bare Ed25519", bare.wall, f"s, {len(entries):,} signatures on {_CORES} cores; {load}"
    yield "  of the processor", bare.cpu, "s"
    yield "register looked over", ours.wall / bare.wall, "× the bare verification, at most 1.4; rows included"
    yield "  of the processor", ours.cpu / bare.cpu, "×"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield "memory, the bench's own journal in it", peak, "MB"


def _journal(key: SigningKey) -> tuple[list[Entry], Standing]:
    standing, entries, previous = Standing(), list[Entry](), ""
    for number, edits in enumerate(_works(standing), start=1):
        clock = (people._MS + 1_000 * number) << 16
        found = ChangeSet(_CODE, "o1", _DEVICE, number, previous, clock, "import", lone(edits))
        signed = SignedSet(found.body, sign(key, CHANGE_SET, found.body))
        entry = Entry(number, signed, (Verdict(Outcome.APPLIED, clock),) * len(found.atoms))
        settle(standing, entry)
        entries.append(entry)
        previous = signed.id
    return entries, standing


def _works(standing: Standing) -> Iterator[list[Edit]]:
    ids = list[str]()
    for who in people.people(PEOPLE):
        edits = list(who.edits())
        ids += {edit.record for edit in edits if edit.kind == "person"}
        yield edits
    for turn in range(CORRECTIONS):
        for record in ids:
            stands = standing.cell("person", record, "note")
            on = stands.behind[-1] if stands else None
            yield [
                Edit("person", record, "note", f"Đã gọi lần {turn + 1}", stands.value if stands else None, on)
            ]


def _vault(folder: Path, entries: Sequence[Entry], standing: Standing, register: SigningKey) -> Vault:
    vault, head = Vault.create(folder / "vault.db", secrets.token_bytes(32)), bytes(32)
    for entry in entries:
        head = entry.head_after(head)
    by_kind: dict[str, list[tuple[str, dict[str, object]]]] = {}
    for (kind, record), cells in sorted(standing.records.items()):
        by_kind.setdefault(kind, []).append((record, cells))  # type: ignore[arg-type]
    made = [block for kind, found in by_kind.items() for block in blocks.record_blocks(kind, found)]  # type: ignore[arg-type]
    with vault.write() as connection:
        place.write_all(connection, {"commune": _CODE.encode(), "device": _DEVICE.encode()})
        fill = Fill(connection, len(entries), {})
        for block in made:
            fill.records(blocks.read(block))  # type: ignore[arg-type]
        fill.finish(head, _sums(made))
        place.write(connection, "history_below", None)
        place.write(connection, "history_head", None)
        said = [{"seq": e.seq, "verdicts": pack_verdicts(e.verdicts)} for e in entries]
        unit.write_changes(connection, [(e.signed.set, e.signed) for e in entries], said)
        digest = place.whole_digest(place.digests(connection))
        message = head_message(_CODE, len(entries), head, digest)
        ground.keep_signed(connection, digest, sign(register, HEAD, message))
    return vault


def _ours(vault: Vault, folder: Path, key: SigningKey, register: SigningKey, count: int) -> Took:
    began = _now()
    with vault.read() as connection:
        here: Ground = ground.ground(connection)
        keys = {"o1": [key.public.raw]}
        mark: witness.Mark | None = None
        report: Report = Register(connection, here, keys, register.public.raw, mark, False).look_over(
            Progress()
        )
    assert (report.is_sound, report.sets) == (True, count), report.faults[:3]
    return _since(began)


def _bare(whole: Sequence[Signed]) -> Took:
    """The same signatures, and nothing else."""
    began = _now()
    share = -(-len(whole) // _CORES)
    fork = multiprocessing.get_context("fork")
    children = [
        fork.Process(target=_open_all, args=(whole[at : at + share],)) for at in range(0, len(whole), share)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert all(child.exitcode == 0 for child in children)
    return _since(began)


def _open_all(whole: Sequence[Signed]) -> None:
    """The leanest loop: PyNaCl's own `crypto_sign_open` copies each message twice."""
    holds, nothing = lib.crypto_sign_open, ffi.NULL
    for said, key in whole:
        assert holds(nothing, nothing, said, len(said), key) == 0


def _now() -> Took:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (own.ru_utime, own.ru_stime, children.ru_utime, children.ru_stime)
    return Took(time.perf_counter(), sum(spent))


def _since(began: Took) -> Took:
    now = _now()
    return Took(now.wall - began.wall, now.cpu - began.cpu)
