"""The desk an officer sits at: everything an action needs, handed over, nothing ambient.

`bootstrap` makes it when the vault opens; rooms receive it and pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from app.domain.authority import names
from app.domain.changes import Atom, Edit, SignedSet, lone
from app.domain.errors import Denied, Refusal
from app.domain.ids import RecordIds
from app.domain.leave import DAY_S, Stage
from app.domain.places import Place
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.domain.roles import Author, Right
from app.domain.sight import Sight, sight_of
from app.seal.keys import DeviceKey, OfficerKey
from app.seal.sealing import Recipient
from app.store import drafts, leave, unit
from app.store.files import Files
from app.store.proofs import Proof, Prover
from app.store.throttle import Moment
from app.store.unit import Pen
from app.store.vault import Vault
from app.store.witness import Witness
from app.sync.kept import KeptLine

if TYPE_CHECKING:  # a desk is there before anything is said to anybody
    from app.sync.https import HttpsCarrier

PROOF_SECONDS = 120  # a password typed again is her word for what she does next
LOOK_SECONDS = 300  # and opens what is masked, and the way out of the register, for a while


class Clock(Protocol):
    """Time as the desk sees it; tests hand in their own."""

    def now(self) -> datetime:
        """The moment, with its zone."""

    def today(self) -> date:
        """The day where the officer sits."""


@dataclass(frozen=True)
class Officer:
    """Who is at the desk. `scope`: of a surveyor her hamlets. `is_certified`: the centre knows her key."""

    id: str
    name: str
    roles: tuple[str, ...]
    scope: tuple[str, ...] = ()
    is_certified: bool = False


@dataclass(frozen=True)
class Desk:
    """One officer, one commune, one open vault.

    `seal_key_to` lets another recovery identity, the centre's, open the database key. `prove` takes
    her password, typed again: slow on purpose, so it runs in a job.
    """

    vault: Vault
    files: Files
    pen: Pen
    ids: RecordIds
    clock: Clock
    officer: Officer
    officer_key: OfficerKey = field(repr=False)
    device_key: DeviceKey = field(repr=False)
    commune: Place
    reference: Reference
    folder: Path
    training: bool
    seal_key_to: Callable[[Recipient], None] = field(repr=False)
    prove: Prover = field(repr=False)
    line: KeptLine[HttpsCarrier] = field(default_factory=KeptLine, repr=False)
    witness: Witness | None = field(default=None, repr=False)  # none at a desk that is not sat at


@dataclass(frozen=True)
class Apart:
    """How far leave without the centre has come: days since it last signed, days `left` until more stops,
    seconds by which the calendar jumped.
    """

    stage: Stage = Stage.FULL
    days: int = 0
    left: int = 0
    jumped: int = 0

    @property
    def only_captures(self) -> bool:
        """Whether approvals, lists and copies have stopped."""
        return self.stage >= Stage.CAPTURE


def remember(_progress: Progress, desk: Desk) -> None:
    """Let this laptop remember, outside of the register, what was saved since it last did."""
    if desk.witness is not None:
        desk.witness.settle(desk.vault)


def now_ms(desk: Desk) -> int:
    """This moment, in milliseconds since 1970."""
    return int(desk.clock.now().timestamp() * 1000)


def rights_now(desk: Desk) -> Mapping[str, Right]:
    """What each role allows now, as this laptop knows the rules."""
    return desk.reference.rights.on(now_ms(desk) << 16)


def rights_of(desk: Desk) -> list[Right]:
    """What the roles of whoever is at the desk allow her now."""
    rights = rights_now(desk)
    return [rights[role] for role in desk.officer.roles if role in rights]


def may_write(desk: Desk, kind: str, cell: str) -> bool:
    """Whether a role of hers writes this field anywhere: what a screen need not offer otherwise."""
    return any(names(pattern, kind, cell) for right in rights_of(desk) for pattern in right.writes)


def sight(desk: Desk) -> Sight:
    """Whom the officer at the desk sees, and what of them."""
    officer = desk.officer
    return sight_of(rights_now(desk), Author(officer.id, officer.roles, officer.scope))


def draft_of(desk: Desk, subject: str) -> str:
    """Under which subject her draft is kept: apart, where she does not see all that others type."""
    return subject if sight(desk).is_whole else f"{subject}{drafts.OWN}{desk.officer.id}"


def deny(desk: Desk, denied: Denied) -> NoReturn:
    """Note it in the log and raise it: for what is asked before anything is written."""
    desk.vault.note(denied)
    raise denied


def require_everybody(desk: Desk, deed: str) -> None:
    """Denied("right.sight") unless she sees everybody: what is told of all is not made of a part."""
    if not sight(desk).is_whole:
        deny(desk, Denied("right.sight", desk.officer.id, deed))


def require_proof(desk: Desk, proof: Proof) -> None:
    """Refusal("proof.wanted") unless this desk's officer typed her password a moment ago."""
    proof.require(desk.officer.id, Moment.now(), PROOF_SECONDS)


def require_lately_proved(desk: Desk) -> None:
    """Refusal("proof.wanted") unless she typed her password within the last minutes, coming in included.

    Refusal("leave.lapsed") where this laptop has not heard of its centre for so long that it shows nothing.
    """
    if apart(desk).stage is Stage.LAPSED:
        raise Refusal("leave.lapsed")
    require_her_word(desk)


def require_her_word(desk: Desk) -> None:
    """The same, however long ago the centre was heard of: what is sealed may go, so no work is locked in.

    Refusal("proof.wanted").
    """
    desk.prove.latest.require(desk.officer.id, Moment.now(), LOOK_SECONDS)


def apart(desk: Desk) -> Apart:
    """How long it has been, by the rules that count."""
    with desk.vault.read() as connection:
        found = leave.look(connection, Moment.now())
    if found is None:
        return Apart()
    rules, seconds = desk.reference.leave, found.seconds
    return Apart(rules.stage(seconds), seconds // DAY_S, rules.days_left(seconds), found.jumped)


def require_full_leave(desk: Desk) -> None:
    """Refusal("leave.capture") once this laptop has not heard of its centre for too long: it captures."""
    if apart(desk).only_captures:
        raise Refusal("leave.capture")


def require_way_out(desk: Desk) -> None:
    """What a list or a copy asks before it leaves the register: full leave, and her password lately."""
    require_full_leave(desk)
    require_lately_proved(desk)


def save(desk: Desk, reason: str, atoms: Iterable[Atom | Edit]) -> SignedSet:
    """One press of Save; lone edits are atoms of one."""
    whole = tuple(atom if isinstance(atom, Atom) else lone([atom])[0] for atom in atoms)
    with desk.vault.write() as connection:
        return unit.save(connection, desk.pen, reason, whole)
