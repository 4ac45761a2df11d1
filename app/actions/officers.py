"""The officers of a commune and of this laptop: who comes, who leaves, who may try again; her own password.

Each has a key of her own in her own slot; none can sign for another. Who sees to this laptop's officers is
said by her role (`keeps` in roles.toml), and she types her password again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions.desk import Desk, deny, require_proof, rights_of, save
from app.domain.appointments import APPOINTMENT, SURVEYOR, Appointment, Held, waiting, wanted
from app.domain.errors import Denied, Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.roles import OFFICERS, SERVICE
from app.domain.terms import Term, last_day, read_last_day, term_of
from app.domain.text import clean
from app.seal.statements import ms_of
from app.store import appointments, audit, leave, place, queries, rekeying
from app.store.arrival import began, begin, slot_number
from app.store.listing import Listing
from app.store.opened import Opened
from app.store.proofs import Proof
from app.store.rekeying import Register
from app.store.slots import Slot
from app.store.throttle import Moment
from app.sync.policy import Member, Policy, held_policy

CERTIFIED, WAITING, GONE, ALONE = "certified", "waiting", "gone", "alone"
OVER = "over"  # her certificate ended


@dataclass(frozen=True)
class Colleague:
    """An officer of the commune. `key`: certified by the centre, waiting for it, over, gone, or known here.

    `last_here`: UTC, at this laptop, empty for never; `renewed`: since when (UTC) she has another key than
    before, empty for always this one; `wrong`: passwords in a row that were not hers; `hamlets`: of a
    surveyor; `asked`: which roles the centre was asked to give her, while it has not answered; `term`: how
    long her certificate counts, None for no end.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    is_here: bool
    key: str
    last_here: str = ""
    renewed: str = ""
    wrong: int = 0
    hamlets: tuple[str, ...] = ()
    asked: Appointment | None = None
    term: Term | None = None

    @property
    def is_certified(self) -> bool:
        """Whether the centre says what she may do; before that this laptop does."""
        return self.key in (CERTIFIED, OVER, GONE)


@dataclass(frozen=True)
class Machine:
    """A laptop of the commune; `is_weak`: of this one alone, whether a mere file keeps its secret."""

    id: str
    label: str
    is_active: bool
    is_this: bool
    is_weak: bool = False


@dataclass(frozen=True)
class Office:
    """Everybody, and every laptop; before the commune is joined to a centre, those of this one."""

    officers: tuple[Colleague, ...]
    machines: tuple[Machine, ...]
    is_enrolled: bool


def look_up(_progress: Progress, desk: Desk) -> Office:
    """Read it."""
    contents = desk.prove.keyfile.read()
    slots = {slot.officer: slot for slot in contents.slots}
    with desk.vault.read() as connection:
        policy = held_policy(connection)
        known = _officers(policy)
        everybody = list(dict.fromkeys((*slots, *known)))
        first = {who: began(connection, who) for who in everybody}
        wishes = appointments.kept(connection)
        last = {who: audit.last_time(connection, who, "unlock") for who in everybody}
        now = leave.time_ms(connection, Moment.now())
    wrong = {who: tries.row for who, tries in contents.tries.items()}

    def colleague(who: str) -> Colleague:
        member, slot = known.get(who), slots.get(who)
        roles, hamlets = first[who]
        if member is not None:
            roles = member.certificate.roles if member.stands(now) else ()
            hamlets = member.certificate.scope
        wish = waiting(wishes, held_by(member)) if member else None
        term = term_of(member.ends, now) if member and member.is_active else None
        name = member.certificate.name if member else slot.name if slot else who
        key = _key(member, slot, now) if policy else ALONE
        here = (slot is not None, key, last[who])
        renewed, tries = renewed_at(policy, who), wrong.get(who, 0)
        return Colleague(who, name, roles, *here, renewed, tries, hamlets, wish, term)

    return Office(tuple(map(colleague, everybody)), _machines(desk, policy), policy is not None)


def _officers(policy: Policy | None) -> Mapping[str, Member]:
    members = policy.officers if policy else {}
    return {who: member for who, member in members.items() if SERVICE not in member.certificate.roles}


def _key(member: Member | None, slot: Slot | None, now: int) -> str:
    if member is None or (slot and member.is_active and member.key.raw != slot.public):
        return WAITING
    if not member.is_active:
        return GONE
    return CERTIFIED if member.stands(now) else OVER


def _machines(desk: Desk, policy: Policy | None) -> tuple[Machine, ...]:
    own, weak = desk.device_key.id, desk.prove.unlocked.device_secret_is_weak
    if policy is None:
        return (Machine(own, "", True, True, weak),)
    return tuple(
        Machine(who, member.certificate.name, member.is_active, who == own, who == own and weak)
        for who, member in policy.devices.items()
    )


def held_by(member: Member) -> Held:
    """What the centre certified."""
    found = member.certificate
    roles = found.roles if member.is_active else ()
    until = last_day(member.ends).isoformat() if member.ends else ""
    return Held(found.holder, roles, found.scope, ms_of(found.issued), until)


def own_term(desk: Desk) -> Term | None:
    """How long her certificate who is at the desk counts, by this laptop's own time; None for no end."""
    with desk.vault.read() as connection:
        policy, now = held_policy(connection), leave.time_ms(connection, Moment.now())
    member = policy.officers.get(desk.officer.id) if policy else None
    return term_of(member.ends, now) if member and member.is_active else None


def renewed_at(policy: Policy | None, officer: str) -> str:
    """When the centre certified another key for her than before (UTC), empty for never."""
    if policy is None or not any(one.holder == officer for one in policy.former):
        return ""
    member = policy.officers.get(officer)
    return member.certificate.issued if member else ""


def newly_keyed(_progress: Progress, desk: Desk, since: str) -> Sequence[str]:
    """Names of colleagues whose keys were replaced after this moment (UTC): everybody is to see it."""
    with desk.vault.read() as connection:
        policy = held_policy(connection)
    others = {who: member for who, member in _officers(policy).items() if who != desk.officer.id}
    return [member.certificate.name for who, member in others.items() if renewed_at(policy, who) > since]


def change_password(progress: Progress, desk: Desk, old: str, new: str) -> None:
    """Her own; the register gets another key, so that no older key file opens it.

    The refusals of `KeyFile.unlock` for the old one, of `check_password` for the new one.
    """
    now = Moment.now()
    register = Register(desk.vault, desk.prove.keyfile)
    unlocked = rekeying.change_password(register, desk.officer.id, old, new, now, progress)
    desk.prove.renew(unlocked, now)
    with desk.vault.write() as connection:
        place.write(connection, slot_number(desk.officer.id), str(unlocked.slot_number).encode())
        audit.note(connection, desk.officer.id, "password", kind="officer", record=desk.officer.id)


def add(_progress: Progress, desk: Desk, proof: Proof, name: str, role: str, password: str) -> str:
    """One more officer at this laptop, who types her own first password; her id.

    She works at once; what she writes waits until the centre certifies her key. Denied("right.role"),
    Refusal("proof.wanted"), ("officer.role") for none that an officer has, ("officer.name"), or what
    `KeyFile.add_officer` refuses.
    """
    _require_keeper(desk, proof)
    if role not in OFFICERS:
        raise Refusal("officer.role", field="role")
    if not name.strip():
        raise Refusal("officer.name", field="name")
    added = desk.prove.keyfile.add_officer(desk.prove.unlocked, name.strip(), password, Moment.now())
    with desk.vault.write() as connection:
        begin(connection, added.officer.id, [role])
        audit.note(connection, desk.officer.id, "officer_added", kind="officer", record=added.officer.id)
    return added.officer.id


def dismiss(progress: Progress, desk: Desk, proof: Proof, officer: str) -> None:
    """An officer leaves this laptop: her slot and signing key are destroyed, the register gets another key.

    What she saved stays. Denied("right.role"), Refusal("proof.wanted"), or what `rekeying.dismiss` refuses.
    """
    _require_keeper(desk, proof)
    register = Register(desk.vault, desk.prove.keyfile)
    desk.prove.renew(rekeying.dismiss(register, desk.prove.unlocked, officer, progress), proof.at)
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "officer_left", kind="officer", record=officer)


@dataclass(frozen=True)
class Wish:
    """What an officer is to be. `until`: the last day of it, `2026-12-31`; empty for no end."""

    roles: Sequence[str]
    hamlets: Sequence[str] = ()
    why: str = ""
    until: str = ""


def appoint(_progress: Progress, desk: Desk, proof: Proof, officer: str, wish: Wish) -> bool:
    """Give an officer other roles, or none any more; whether that counts already.

    Before the centre has certified her this laptop says what she may do. After that the centre does: it is
    asked, by the next sync or stick, and the answer is her certificate, which counts there and here at once.
    An end is the centre's to give. Denied("right.role"), Refusal("proof.wanted"), ("officer.nobody"),
    ("officer.roles") for none where only this laptop knows her, ("officer.why"), ("officer.until_past"), or
    those of `wanted`.
    """
    _require_keeper(desk, proof)
    said, last = wanted(wish.roles, wish.hamlets, wish.until), read_last_day(wish.until)
    if last is not None and last < desk.clock.today():
        raise Refusal("officer.until_past", field="until")
    known = next((one for one in look_up(_progress, desk).officers if one.id == officer), None)
    if known is None:
        raise Refusal("officer.nobody")
    if not known.is_certified:
        if not wish.roles:
            raise Refusal("officer.roles", field="roles")
        with desk.vault.write() as connection:
            begin(connection, officer, wish.roles, wish.hamlets if SURVEYOR in wish.roles else ())
            audit.note(connection, desk.officer.id, "officer_role", kind="officer", record=officer)
        return True
    if not clean(wish.why):
        raise Refusal("officer.why", field="why")
    asking: dict[str, Value] = {"officer": officer, "wants": said, "why": clean(wish.why)}
    asking["asker"] = desk.officer.id
    save(desk, "appointment", Opened(APPOINTMENT, desk.ids.new()).edits(asking))
    return False


def known_hamlets(_progress: Progress, desk: Desk) -> list[str]:
    """The hamlets that people of this register live in: names of places, whoever asks."""
    with desk.vault.whole() as connection:
        facets = queries.counts(connection, Listing()).hamlets
    return [facet.value for facet in facets if facet.value]


def forgive(_progress: Progress, desk: Desk, proof: Proof, officer: str) -> None:
    """Let a colleague try her password again, whose tries of the day are spent."""
    _require_keeper(desk, proof)
    desk.prove.keyfile.forgive(officer)
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "tries_forgiven", kind="officer", record=officer)


def renew_recovery(_progress: Progress, desk: Desk, proof: Proof) -> str:
    """A new code to print; the one before opens nothing any more."""
    _require_keeper(desk, proof)
    code = desk.prove.keyfile.renew_recovery(desk.prove.unlocked)
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "recovery_renewed")
    return code


def may_keep(desk: Desk) -> bool:
    """Whether her role sees to this laptop's officers."""
    return any("officers" in right.keeps for right in rights_of(desk))


def _require_keeper(desk: Desk, proof: Proof) -> None:
    if not may_keep(desk):
        deny(desk, Denied("right.role", desk.officer.id, "officers"))
    require_proof(desk, proof)
