"""All that the room of one person shows, read in one view of the register, away from the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.actions.desk import Desk, draft_of
from app.domain.changes import SignedSet
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.seal.keys import CHANGE_SET, PublicKey, verify
from app.store import audit, dossier, drafts, forms, outbox, past, queries, submissions
from app.store.disputes import Hand
from app.store.history import Line, history
from app.store.households import household_head
from app.store.listing import Listing
from app.store.queries import Facet
from app.store.submissions import Submitted
from app.sync.policy import Policy, held_policy
from app.ui.person.draft import Kept, read_kept
from app.words import gettext as _

LOOKS_DAYS = 30


@dataclass(frozen=True)
class Names:
    """Officers and laptops by id, and the officers' keys; what the policy does not know has no name."""

    officers: Mapping[str, str]
    devices: Mapping[str, str]
    keys: Mapping[str, PublicKey] = field(repr=False)

    def officer(self, known: str) -> str:
        """Her name, or words for somebody whom the policy held here does not name."""
        return self.officers.get(known) or _("an officer not known here")

    def machine(self, known: str) -> str:
        """What people call the laptop."""
        return self.devices.get(known) or _("machine …{end}").format(end=known[-4:])

    def by(self, hand: Hand) -> str:
        """`Lò Thị Hạnh · máy 01`; a laptop that is called after her is not said twice."""
        name = self.officer(hand.author)
        return f"{name} · {self.machine(hand.device).removeprefix(f'{name} · ')}"


@dataclass(frozen=True)
class File:
    """One person, her history, who wrote it, and what the room needs beside it.

    `asked`: whose file was asked for: hers, or one that was joined to her.
    `signed`: set id → whether its signature is its author's, None where her key is not known here.
    `looks`: how often her masked numbers were shown in the last 30 days. `arriving`: saves of the
    commune's past that have not come yet; `unproven`: accounts of hers whose signed sets are among them.
    `submissions`: surveys handed in about her or her household; `titles`: of their forms, by `definition`.
    """

    asked: str
    person: dossier.Person
    lines: Sequence[Line]
    names: Names
    signed: Mapping[str, bool | None]
    looks: int
    hamlets: tuple[str, ...]
    head: str
    drafts: Mapping[str, Kept]
    arriving: int = 0
    unproven: frozenset[str] = frozenset()
    submissions: Sequence[Submitted] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def sets(self) -> Sequence[Hand]:
        """The saves that her history is made of, newest first."""
        return list({line.hand.set_id: line.hand for line in self.lines}.values())

    def hand_of(self, record: str) -> Hand | None:
        """Who made a record of hers."""
        return next((line.hand for line in reversed(self.lines) if line.record == record), None)


def read_file(_progress: Progress, desk: Desk, record: str) -> File:
    """Everything about one person; Refusal("record.gone") when the register has her no more."""
    since = desk.clock.now() - timedelta(days=LOOKS_DAYS)
    with desk.vault.read() as connection:
        person = dossier.person(connection, record)
        if person is None:
            raise Refusal("record.gone")
        lines = history(connection, person.row.id)
        names = known_names(desk, held_policy(connection))
        sets = outbox.own_entries(connection, list({line.hand.set_id: None for line in lines}))
        looks = audit.looks(connection, person.row.id, since)
        household = person.household
        head = household_head(connection, household.opened.values) if household else ""
        bodies = {each: drafts.kept(connection, draft_of(desk, each)) for each in _subjects(person)}
        facets = queries.counts(connection, Listing()).hamlets
        arriving = past.lacking(connection)
        accounts = [account.opened.record for account in person.accounts] if arriving else []
        unproven = frozenset(past.unproven(connection, accounts))
        handed = submissions.of_records(connection, hers_and_household(person))
        titles = {form.sha256: form.title for form in forms.known(connection)} if handed else {}
    kept = {subject: read_kept(body) for subject, body in bodies.items()}
    return File(
        record,
        person,
        lines,
        names,
        _signed(names, lines, sets),
        looks,
        hamlets_of(facets),
        head,
        {subject: draft for subject, draft in kept.items() if draft is not None},
        arriving,
        unproven,
        handed,
        titles,
    )


def hers_and_household(person: dossier.Person) -> list[str]:
    """Herself, the records that were joined to hers, and the household that she belongs to."""
    joined = [each.opened.record for each in person.joined]
    return [person.row.id, *joined, *([person.household.opened.record] if person.household else [])]


def new_right(person: str) -> str:
    """The subject of the draft of a right that she does not have yet."""
    return f"entitlement:new:{person}"


def new_household(person: str) -> str:
    """The subject of the draft of a household founded for her."""
    return f"household:new:{person}"


def _subjects(person: dossier.Person) -> list[str]:
    """Everything of hers that can be half typed."""
    record = person.row.id
    subjects = [f"person:{record}", new_right(record), new_household(record)]
    for right in person.entitlements:
        subjects += [f"entitlement:{right.record}{turn}" for turn in ("", ":ended", ":active")]
    if person.household:
        subjects.append(f"household:{person.household.opened.record}")
    return subjects


def known_names(desk: Desk, policy: Policy | None) -> Names:
    """Who wrote, by the policy held here; before a centre is known, the officer at the desk."""
    officers = dict(policy.officers) if policy else {}
    devices = dict(policy.devices) if policy else {}
    own_key = desk.officer_key.key.public
    return Names(
        {known: each.certificate.name for known, each in officers.items()}
        | {desk.officer.id: desk.officer.name},
        {known: each.certificate.name for known, each in devices.items()}
        | {desk.pen.device: _("this machine")},
        {known: each.key for known, each in officers.items()} | {desk.officer.id: own_key},
    )


def hamlets_of(facets: Iterable[Facet]) -> tuple[str, ...]:
    """The hamlets people live in, as the register writes them."""
    return tuple(facet.value for facet in facets if facet.value)


def signed_by(names: Names, author: str, signed: SignedSet) -> bool | None:
    """Whether a set's signature is its author's; None where her key is not known here."""
    key = names.keys.get(author)
    return verify(key, CHANGE_SET, signed.body, signed.signature) if key else None


def _signed(names: Names, lines: Sequence[Line], sets: Mapping[str, SignedSet]) -> dict[str, bool | None]:
    authors = {line.hand.set_id: line.hand.author for line in lines}
    return {set_id: signed_by(names, authors[set_id], signed) for set_id, signed in sets.items()}
