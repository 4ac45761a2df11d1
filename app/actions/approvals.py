"""The second pair of eyes at work: accepting what another officer proposed, refusing it, taking it back.

Each answer is checked before it is saved by the centre's own judge, over this laptop's copy, so an officer
hears at once what the centre would say later. Nothing that is accepted here is in force before its verdict.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.actions.desk import Desk, now_ms, require_full_leave, require_proof, rights_now
from app.domain import approval
from app.domain.changes import Atom, ChangeSet, Edit, Outcome, Verdict
from app.domain.errors import Denied, Refusal
from app.domain.judge import Past, judge
from app.domain.proposals import PROPOSAL, REFUSED, WITHDRAWN, wanted
from app.domain.roles import Author, Bench
from app.store import approvals, audit, unit
from app.store.approvals import Ground
from app.store.opened import Opened, open_record
from app.store.proofs import Proof
from app.sync.policy import held_policy

_LATE = {approval.NOT_OPEN, approval.IN_FORCE}
_MOVED = {approval.OTHER_DIGEST, approval.UNREAD}


@dataclass(frozen=True)
class Shown:
    """A proposal as it lay before the approver: which, and the digest of all that she was shown."""

    proposal: str
    agreed: str


def accept(desk: Desk, shown: Shown, proof: Proof) -> str:
    """Put one proposal in force, once the centre agrees; the id of the approving set. Refusals as below."""
    return accept_batch(desk, [shown], frozenset({shown.proposal}), proof)


def accept_batch(desk: Desk, shown: Sequence[Shown], opened: Collection[str], proof: Proof) -> str:
    """All of these in one set, or none; each change of account in it must have been `opened` by itself.

    Refusal("proof.wanted") without her password typed a moment ago; ("approval.nothing"),
    ("approval.unopened"), ("approval.twice"); ("approval.moved") when something is not as it was shown;
    otherwise why the centre would refuse: Denied("approval.same_officer"), ("approval.approver"),
    Refusal("approval.not_open"), ("approval.joined"), ("approval.not_here"), ("approval.unsound"). `at`:
    which of them, from 1.
    """
    require_proof(desk, proof)
    require_full_leave(desk)
    if not shown:
        raise Refusal("approval.nothing")
    with desk.vault.write() as connection:
        at = approvals.ground(connection, [each.proposal for each in shown])
        atoms = [_composed(at, each, place, opened) for place, each in enumerate(shown, start=1)]
        cells = [edit.cell for atom in atoms for edit in atom.edits]
        if len(set(cells)) < len(cells):
            raise Refusal("approval.twice")
        _require_sound(desk, at, atoms, "approve")
        audit.note_all(connection, desk.officer.id, "approve", PROPOSAL, [each.proposal for each in shown])
        return unit.save(connection, desk.pen, "approval", atoms).id


def refuse(desk: Desk, proposal: str, why: str) -> str:
    """Turn down what another officer proposed; the set's id.

    Refusal("record.reason"), ("approval.not_open"); Denied("approval.same_officer"), ("approval.approver").
    """
    return _answer(desk, proposal, REFUSED, why)


def turn_down(desk: Desk, proposal: str, why: str) -> str:
    """Whoever finds a proposal wrong: her own is taken back, another's refused. The refusals of either."""
    with desk.vault.read() as connection:
        opened = open_record(connection, PROPOSAL, proposal) or Opened(PROPOSAL, proposal)
    return _answer(desk, proposal, turned_down(desk, opened), why)


def withdraw(desk: Desk, proposal: str, why: str) -> str:
    """Take back what she proposed herself; the set's id.

    Refusal("record.reason"), ("approval.not_open"); Denied("approval.not_hers").
    """
    return _answer(desk, proposal, WITHDRAWN, why)


def turned_down(desk: Desk, proposal: Opened) -> str:
    """What becomes of a proposal that ends with something else: her own is taken back, another's refused."""
    return WITHDRAWN if proposal.values.get("proposer") in (None, desk.officer.id) else REFUSED


def _answer(desk: Desk, proposal: str, state: str, why: str) -> str:
    if not why:
        raise Refusal("record.reason", field="reason")
    with desk.vault.write() as connection:
        opened = open_record(connection, PROPOSAL, proposal)
        if opened is None or opened.values.get("state") != "open":
            raise Refusal("approval.not_open", at=1)
        atom = Atom(tuple(opened.edits({"state": state, "answer": why})))
        deed = "refuse" if state == REFUSED else "withdraw"
        _require_sound(desk, approvals.ground(connection, [proposal]), [atom], deed)
        return unit.save(connection, desk.pen, state, [atom]).id


def _composed(at: Ground, shown: Shown, place: int, opened: Collection[str]) -> Atom:
    wants = wanted(shown.proposal, at.standing)
    if wants is None:
        raise Refusal("approval.unsound", at=place)
    if wants.paid and shown.proposal not in opened:
        raise Refusal("approval.unopened", at=place)
    if approval.agreed(shown.proposal, at.standing) != shown.agreed:
        raise Refusal("approval.moved", at=place)
    return approval.approving(shown.proposal, at.standing, at.on_of)


def _require_sound(desk: Desk, at: Ground, atoms: Sequence[Atom], deed: str) -> None:
    """What the centre's judge would say of these atoms, as this laptop knows the commune."""
    now = now_ms(desk) << 16
    found = ChangeSet(desk.pen.commune, desk.officer.id, desk.pen.device, 1, "", now, "", tuple(atoms))
    author = Author(desk.officer.id, desk.officer.roles, desk.officer.scope)
    is_service = _services(at).__contains__
    bench = Bench(rights_now(desk), desk.reference.rights.authorities, at.atom_at, at.author_of, is_service)
    written: tuple[Edit, ...] = tuple(found.edits())
    past = Past(at.seq_of, at.atom_at, at.author_of)
    said = judge(
        found, at.standing, now, past, lambda atom: bench.fault_of(author, atom, written, at.standing)
    )
    for place, verdict in enumerate(said, start=1):
        _require_applied(verdict, place, desk.officer.id, deed)


def _services(at: Ground) -> frozenset[str]:
    policy = held_policy(at.connection)
    return policy.services if policy else frozenset()


def _require_applied(verdict: Verdict, place: int, officer: str, deed: str) -> None:
    if verdict.outcome is Outcome.CONFLICT or verdict.why in _MOVED:
        raise Refusal("approval.moved", at=place)
    if verdict.outcome is Outcome.APPLIED:
        return
    if verdict.why in _LATE or not verdict.why:
        raise Refusal("approval.not_open", at=place)
    match verdict.why:
        case approval.SAME_OFFICER:
            raise Denied("approval.same_officer", officer, deed, at=place)
        case approval.NOT_HERS:
            raise Denied("approval.not_hers", officer, deed, at=place)
        case approval.UNKNOWN_OFFICER:
            raise Refusal("approval.not_here", at=place)
        case approval.JOINED | "alias":
            raise Refusal("approval.joined", at=place)
        case "approver" | "decider" | "role" | "place" | "service":
            raise Denied("approval.approver", officer, deed, at=place)
    raise Refusal("approval.unsound", at=place)
