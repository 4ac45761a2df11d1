"""The centre's eye on who moves away and who comes, while it judges a commune's sets.

A set that closes a file by a move is noted as a departure, to be handed on (`central.moving`). What
would pay somebody who was handed on is refused and kept: her other commune pays. A set that opens what
came, or adopts what came late, ends that arrival.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sqlalchemy import Connection

from app.domain.changes import Atom, Edit, Outcome, SignedSet, Verdict
from app.domain.reasons import move_of, other_of
from app.domain.standing import Standing
from app.store import moves
from app.store.moves import Departure

AWAY = "moved_away"  # why what would pay somebody whom another commune pays is refused
MERGED = "merged"  # and what a commune hands in with which another goes on
_STANDS = (Outcome.APPLIED, Outcome.SAME)


class Departing:
    """Of one commune, within one exchange that writes."""

    def __init__(self, connection: Connection, code: str) -> None:
        self._connection, self._code = connection, code

    @cached_property
    def _away(self) -> dict[str, Departure]:
        """Everybody who left, asked for once; whoever has not been handed on may still be taken back."""
        return {one.person: one for one in moves.departures(self._connection, self._code) if one.person}

    def fault_of(self, atom: Atom, written: Sequence[Edit], standing: Standing) -> str:
        """Whether an atom would pay somebody who was handed on."""
        if not any(one.state != moves.WAITING for one in self._away.values()):
            return ""
        return AWAY if any(self._pays_again(edit, written, standing) for edit in atom.edits) else ""

    def _pays_again(self, edit: Edit, written: Sequence[Edit], standing: Standing) -> bool:
        match edit.kind:
            case "person":
                person = edit.record if (edit.field, edit.new) == ("state", "active") else ""
            case "entitlement":
                said = [each.new for each in written if (each.record, each.field) == (edit.record, "person")]
                person = str(said[0] if said else standing.value("entitlement", edit.record, "person"))
            case _:
                person = ""
        gone = self._away.get(person)
        return gone is not None and gone.state != moves.WAITING

    def note_judged(self, signed: SignedSet, verdicts: Sequence[Verdict]) -> None:
        """What a set that was given its place means for moves."""
        stood = [
            edit
            for atom, verdict in zip(signed.set.atoms, verdicts, strict=True)
            if verdict.outcome in _STANDS
            for edit in atom.edits
        ]
        states = {edit.record: edit.new for edit in stood if edit.field == "state" and edit.kind == "person"}
        for person, state in states.items():
            if state == "active" and person in self._away:
                moves.stay(self._connection, self._code, person)
                del self._away[person]
        self._note_move(signed, [person for person, state in states.items() if state == "moved"])
        about = other_of(signed.set.reason)
        if about and stood:
            people = {edit.record for edit in stood if edit.kind == "person"}
            moves.note_opened(self._connection, self._code, about, people)

    def _note_move(self, signed: SignedSet, people: Sequence[str]) -> None:
        move = move_of(signed.set.reason)
        if move is not None and move.to != self._code:
            gone = [Departure(signed.id, person, move.to, move.month) for person in people]
            self._depart(gone)

    def note_late(self, signed: SignedSet, into: str) -> None:
        """A set of a commune that was merged: refused and kept, and told where its people are now."""
        self._depart([Departure(signed.id, "", into, "")])

    def _depart(self, gone: Sequence[Departure]) -> None:
        moves.depart(self._connection, self._code, gone)
        self._away.update({one.person: one for one in gone if one.person})
