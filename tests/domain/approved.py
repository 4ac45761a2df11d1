"""A centre in memory where officers propose and approve: what tests of the second pair of eyes stand on."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from app.domain.aliases import Seen
from app.domain.approval import approving
from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, SignedSet, Verdict, lone
from app.domain.judge import Past, judge
from app.domain.records import Value
from app.domain.standing import Cell, Standing, on_of, settle

HER, OTHER, ACCOUNT, SECOND = "a" * 32, "b" * 32, "c" * 32, "d" * 32
P = "e" * 32
WHOLE: dict[str, Value] = {
    "person": HER,
    "kind": "bank",
    "provider": "BIDV",
    "number": "12610001845",
    "holder": "LO THI LAN",
}


@dataclass
class Centre:
    """A journal of sets by named officers, judged and settled."""

    standing: Standing = field(default_factory=Standing)
    entries: list[Entry] = field(default_factory=list)

    def take(self, author: str, *atoms: Atom | Edit) -> tuple[Verdict, ...]:
        whole = tuple(atom if isinstance(atom, Atom) else Atom((atom,)) for atom in atoms)
        found = ChangeSet("C", author, "d", len(self.entries) + 1, "", 9, "", whole)
        said = judge(
            found, self.standing, 1 << 40, Past(self.seq_of, self.atom_at, self.author_of), lambda _: ""
        )
        self.entries.append(Entry(len(self.entries) + 1, SignedSet(found.body, b""), said))
        settle(self.standing, self.entries[-1])
        return said

    def seq_of(self, set_id: str) -> int | None:
        return next((entry.seq for entry in self.entries if entry.signed.id == set_id), None)

    def atom_at(self, seq: int, place: int) -> Atom:
        return self.entries[seq - 1].signed.set.atoms[place]

    def author_of(self, seq: int) -> str:
        return self.entries[seq - 1].signed.set.author

    def value(self, *cell: str) -> Value:
        stands = self.standing.cell(*cell)
        return stands.value if stands else None

    def approving(self, proposal: str = P) -> Atom:
        return approving(proposal, self.standing, on)

    def approve(self, author: str = "boss", proposal: str = P) -> Verdict:
        return self.take(author, self.approving(proposal))[0]


def on(cell: Cell | None) -> On:
    return on_of(cell, {})


def fresh(kind: str, record: str, values: dict[str, Value]) -> list[Atom]:
    return list(lone([Edit(kind, record, *each) for each in values.items()]))


def proposal(
    wants: str, subject: str = "account", record: str = P, proposer: str = "an", person: str | None = HER
) -> list[Atom]:
    says: dict[str, Value] = {
        **({"person": person} if person else {}),
        "subject": subject,
        "wants": wants,
        "evidence": '{"how":"vietqr"}',
    }
    return fresh("proposal", record, {**says, "proposer": proposer, "state": "open"})


def pays(account: str, seen: On = None, person: str = HER) -> str:
    return json.dumps([["person", person, "receiving_account", account, seen]])


def seen(centre: Centre, who: str) -> Seen:
    ons = [
        {name: on(cell) for name, cell in centre.standing.records.get((kind, who), {}).items()}
        for kind in ("person", "alias")
    ]
    return Seen(who, *ons)
