"""Journals of a few records that many hands write at once: what a walk meets, from the plain to the forged.

Sets are judged as a centre judges them, now and then as one that lets everything land; then some are
falsified in one place: a word of the set, of its line, of its verdicts. Everything follows from one seed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from app.domain.approval import approving, gather
from app.domain.changes import (
    Atom,
    ChangeSet,
    Edit,
    Entry,
    On,
    Outcome,
    Read,
    SignedSet,
    Verdict,
    canonical,
    lone,
    pack_verdicts,
    read_json,
    unfolded,
)
from app.domain.decisions import decision
from app.domain.errors import Refusal
from app.domain.judge import Past, judge
from app.domain.records import Value
from app.domain.standing import Standing, on_of, settle
from app.domain.usual import Line
from app.domain.walk import Walk

COMMUNE, CLOCK = "03979", 1 << 50
PEOPLE, ACCOUNTS, PROPOSALS = ([f"{name}{at}".ljust(32, "0") for at in range(3)] for name in "abc")
HOUSES, RIGHTS = ([f"{name}0".ljust(32, "0")] for name in "de")
OFFICERS = ("an", "binh", "chi")

Pool = dict[str, tuple[Value, ...]]
# What is written, sound and unsound: the last of each is not.
POOLS: dict[str, tuple[list[str], Pool]] = {
    "person": (
        PEOPLE,
        {
            "name": ("Vi Văn Một", "Lan", "La\u0302n"),
            "note": ("x", "y", None, "\0"),
            "birth": ("1950", "1950-02", "1950-02-30"),
            "phone": ("0912000111", "0912-000"),
            "state": ("active", "died", "gone"),
            "household": (*HOUSES, "d0"),
            "needs/visit": (True, None, False),
            "smartphone": (True, False, 1),
            "vneid_level": (1, 0, True),
            "receiving_account": (*ACCOUNTS, None),
        },
    ),
    "household": (HOUSES, {"code": ("011", "012"), "state": ("active", "gone")}),
    "entitlement": (
        RIGHTS,
        {"person": tuple(PEOPLE), "amount": (540_000, 0, -1), "group": ("HTXH", ""), "state": ("active",)},
    ),
    "account": (
        ACCOUNTS,
        {
            "person": tuple(PEOPLE),
            "kind": ("bank",),
            "provider": ("970405",),
            "number": ("15", "16"),
            "holder": ("VI VAN MOT",),
            "state": ("active", "ended"),
        },
    ),
    "proposal": (
        PROPOSALS,
        {
            "person": tuple(PEOPLE),
            "subject": ("account",),
            "wants": tuple(
                canonical([["person", person, "receiving_account", account, None]]).decode()
                for person, account in zip(PEOPLE, ACCOUNTS, strict=True)
            ),
            "evidence": ("[]",),
            "proposer": OFFICERS,
            "state": ("open", "open", "withdrawn", "refused", "accepted"),
            "agreed": ("0" * 64,),
        },
    ),
    "alias": (PEOPLE, {"survivor": (*PEOPLE, None), "why": ("x",)}),
    "consent": (ACCOUNTS, {"person": tuple(PEOPLE), "wording": ("w", "v")}),
    "nobody": (PEOPLE, {"name": ("x",)}),
}
_USUALLY = ("person", "person", "household", "entitlement", "account", "proposal", "consent")


def line_of(seq: int, tree: Sequence[Any]) -> Line:
    """A line that says what its set says, whatever that is, with verdicts by which it landed whole."""
    body = canonical(tree)
    device, number, author, clock, reason = tree[3], tree[4], tree[2], tree[6], tree[7]
    atoms = sum(len(run[2]) if run[0] != "&" else 1 for run in tree[8])
    set_id, verdicts = hashlib.sha256(body).digest(), b"[%d,%d,[]]" % (atoms, clock)
    return Line(seq, set_id, device, number, author, clock, reason, body, b"", verdicts)


class Journal:
    """What some officers write, each on a laptop of her own, and a centre that judges it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.standing, self.lines = Standing(), list[Line]()
        self._entries: list[Entry] = []
        self._chains: dict[str, tuple[int, str]] = {}
        for _ in range(self.random.randint(3, 14)):
            self._take(self.random.choice(OFFICERS), self._atoms())
        if self.random.random() < 0.4:
            self._falsify()

    def walked(self, of: Callable[..., Walk]) -> tuple[Walk, list[object]]:
        """A walk at its end, and what it found line by line."""
        walk = of(COMMUNE, 0, bytes(32), (self.seq_of, self.atom_at))
        return walk, [walk.step(line) for line in self.lines]

    def seq_of(self, set_id: str) -> int | None:
        return next((line.seq for line in self.lines if line.id.hex() == set_id), None)

    def atom_at(self, seq: int, at: int) -> Atom | None:
        try:
            atoms = unfolded(next(line.body for line in self.lines if line.seq == seq), b"").set.atoms
        except (Refusal, StopIteration):
            return None
        return atoms[at] if 0 <= at < len(atoms) else None

    def _author_of(self, seq: int) -> str:
        return self._entries[seq - 1].signed.set.author

    def _take(self, author: str, atoms: tuple[Atom, ...]) -> None:
        number, previous = self._chains.get(author, (0, ""))
        seq, draw = len(self.lines) + 1, self.random.random()
        clock = CLOCK + seq * 10 - (60 if draw < 0.1 else 0)
        received = clock - 3 if draw > 0.95 else 1 << 60
        found = ChangeSet(COMMUNE, author, f"m{author}", number + 1, previous, clock, "test", atoms)
        refuses = "role" if self.random.random() < 0.05 else ""
        past = Past(self.seq_of, self.atom_at, self._author_of)
        said = judge(found, self.standing, received, past, lambda _atom: refuses)
        if self.random.random() < 0.2:  # by a centre that lets everything land
            said = (Verdict(Outcome.APPLIED, clock),) * len(atoms)
        signed = SignedSet(found.body, b"")
        self._entries.append(Entry(seq, signed, said))
        settle(self.standing, self._entries[-1])
        self._chains[author] = found.number, found.id
        words = (found.device, found.number, author, clock, "test")
        self.lines.append(Line(seq, bytes.fromhex(found.id), *words, found.body, b"", pack_verdicts(said)))

    def _atoms(self) -> tuple[Atom, ...]:
        draw = self.random.random()
        if draw < 0.12 and (atom := self._approval()):
            return (atom,)
        if draw < 0.2 and (atom := self._decision()):
            return (atom,)
        atoms = [atom for _ in range(self.random.choice((1, 1, 2, 3))) for atom in self._of_a_record()]
        if draw > 0.92:
            kinds = [(edit.kind, edit.record) for atom in atoms for edit in atom.edits]
            reads = (Read(*self.random.choice(kinds), "name", self.random.choice((None, 1))),)
            return (Atom(tuple(edit for atom in atoms for edit in atom.edits), reads),)
        return tuple(atoms)

    def _of_a_record(self) -> tuple[Atom, ...]:
        kind = self.random.choice(_USUALLY if self.random.random() < 0.85 else tuple(POOLS))
        records, pool = POOLS[kind]
        record = self.random.choice(records)
        is_new = (kind, record) not in self.standing.records
        names = [name for name in pool if name not in ("receiving_account", "agreed")]
        if not is_new or self.random.random() < 0.2:
            names = self.random.sample(sorted(pool), min(len(pool), self.random.choice((1, 1, 2))))
        return lone([self._edit(kind, record, name, pool[name]) for name in names])

    def _edit(self, kind: str, record: str, name: str, pool: tuple[Value, ...]) -> Edit:
        sound = pool if self.random.random() < 0.06 or len(pool) < 2 else pool[:-1]
        stands = self.standing.cell(kind, record, name)
        on: On = stands.behind[-1] if stands is not None else None
        draw = self.random.random()
        if draw < 0.04:
            on = self.random.choice((None, 1, 2, 99))
        elif draw < 0.08 and isinstance(on, int):
            on = self.lines[on - 1].id.hex()
        return Edit(kind, record, name, self.random.choice(sound), stands.value if stands else None, on)

    def _approval(self) -> Atom | None:
        proposals = [record for kind, record in self.standing.records if kind == "proposal"]
        if not proposals:
            return None
        proposal = self.random.choice(proposals)
        gather(proposal, self.standing, lambda _keys: None)
        try:
            return approving(proposal, self.standing, lambda cell: on_of(cell, {}))
        except Refusal:
            return None

    def _decision(self) -> Atom | None:
        conflicts = [record for kind, record in self.standing.records if kind == "conflict"]
        if not conflicts:
            return None
        record, person = self.random.choice(conflicts), self.random.choice(PEOPLE)
        return decision({record: 1}, [self._edit("person", person, "name", ("Lan", "Lành"))])

    def _falsify(self) -> None:
        at = self.random.randrange(len(self.lines))
        how = self.random.choice((self._word, self._word, self._line, self._verdict, self._cut))
        how(at)

    def _word(self, at: int) -> None:
        """One thing anywhere in a set is another; its hash and its line are made to fit."""
        tree: list[Any] = read_json(self.lines[at].body)
        node, odd = tree[-1], [None, True, False, 1, 1.0, 0, "", "ab", "open", [], [1, 2], ["note", "z"]]
        if self.random.random() < 0.2:
            node = tree
        while self.random.random() < 0.8 and (inner := [each for each in node if isinstance(each, list)]):
            node = self.random.choice(inner)
        if node and self.random.random() < 0.8:
            node[self.random.randrange(len(node))] = self.random.choice(odd)
        else:
            node.append(self.random.choice(odd))
        body = canonical(tree)
        line = self.lines[at]._replace(body=body, id=hashlib.sha256(body).digest())
        try:
            found = unfolded(body, b"").set
        except (Refusal, TypeError):
            self.lines[at] = line
            return
        said = (Verdict(Outcome.APPLIED, found.clock),) * len(found.atoms)
        words = dict(zip(("device", "number", "author", "clock", "reason"), tree[2:], strict=False))
        words |= {"device": found.device, "number": found.number, "author": found.author}
        words |= {"clock": found.clock, "reason": found.reason}
        self.lines[at] = line._replace(verdicts=pack_verdicts(said), **words)

    def _line(self, at: int) -> None:
        other: dict[str, Any] = {"id": bytes(32), "device": "mx", "number": 9, "author": "dung", "clock": 5}
        other |= {"reason": "other", "body": self.lines[at].body + b" ", "seq": at + 3}
        name = self.random.choice(sorted(other))
        self.lines[at] = self.lines[at]._replace(**{name: other[name]})

    def _verdict(self, at: int) -> None:
        line = self.lines[at]
        atoms = len(self._entries[at].verdicts)
        outcome = self.random.choice((Outcome.APPLIED, Outcome.SAME, Outcome.REFUSED, Outcome.CONFLICT))
        clock = line.clock + self.random.choice((0, 0, 1, -1))
        said = [Verdict(Outcome.APPLIED, line.clock)] * (atoms + self.random.choice((0, 0, 0, 1)))
        said[self.random.randrange(len(said))] = Verdict(outcome, clock)
        self.lines[at] = line._replace(verdicts=pack_verdicts(tuple(said)))

    def _cut(self, at: int) -> None:
        del self.lines[at]
