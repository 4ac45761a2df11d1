"""Between communes: closing the file of somebody who moves, and opening the file of somebody who comes.

One month parts them: the commune that she leaves pays up to the month before, the other from it on. Both
sets name the move (`domain.reasons`), and the centre hands nobody on whom her commune still pays. What
opening writes: `sync.admitting`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.actions.approvals import turned_down
from app.actions.desk import Desk
from app.actions.returned import in_her_name
from app.domain.changes import Edit, SignedSet, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.reasons import ADOPTED, Move, move_of, of_other
from app.store import audit, dossier, moved_sets, paid, returned, unit
from app.store.paid import Issued
from app.sync import admitting, transfer
from app.sync.admitting import Coming
from app.sync.enrolment import is_enrolled
from app.sync.policy import centre_of
from app.sync.transfer import Late, Transfer
from app.words import gettext as _

_LAST_MONTHS = 3
_PAYING = ("active", "suspended")


@dataclass(frozen=True)
class Leaving:
    """Somebody who would move: rights that end, proposals that are taken back. `why_not`: a code;
    `again`: her file was closed by a move before, and her parcel is asked for once more.
    """

    person: str
    name: str
    rights: int
    monthly: int
    proposals: int
    has_account: bool
    papers: int
    why_not: str = ""
    again: bool = False


def what_leaves(_progress: Progress, desk: Desk, people: Collection[str]) -> list[Leaving]:
    """What closing their files would do; nothing is changed."""
    with desk.vault.read() as connection:
        found = [dossier.person(connection, person) for person in people]
        gone = {one.row.id for one in found if one and moved_sets.set_of_move(connection, one.row.id)}
    return [_leaving(person, person.row.id in gone) for person in found if person is not None]


def _leaving(person: dossier.Person, has_moved: bool) -> Leaving:
    paying = [right for right in person.entitlements if right.values.get("state") in _PAYING]
    monthly = sum(int(right.values.get("amount") or 0) for right in paying)
    proposals = [each.proposal for each in person.accounts if each.proposal is not None]
    waiting = [proposal for proposal in proposals if proposal.values.get("state") == "open"]
    has_account = any(each.standing in ("in_force", "approved") for each in person.accounts)
    papers = sum(each.opened.values.get("state") == "active" for each in person.attachments)
    again = person.row.state == "moved" and has_moved
    why_not = "" if again or person.row.state == "active" else "closed"
    known = (person.row.id, person.row.name, len(paying), monthly, len(waiting))
    return Leaving(*known, has_account, papers, why_not, again)


def months_within_reach(desk: Desk) -> list[str]:
    """The months from which another commune may pay: this one, and a few after it."""
    return [_month(desk.clock.today(), later) for later in range(_LAST_MONTHS + 1)]


def month_before(month: str) -> str:
    """The last that is paid here."""
    return _month(date(int(month[:4]), int(month[5:]), 1), -1)


def _month(day: date, later: int) -> str:
    months = day.year * 12 + day.month - 1 + later
    return f"{months // 12}-{months % 12 + 1:02}"


def move_away(desk: Desk, people: Sequence[str], move: Move) -> list[str]:
    """Close their files, a set each, all or none; the ids of the sets. Who moved already keeps hers.

    Refusal("transfer.form") for this commune or a month out of reach, ("transfer.paid") for a month whose
    list left here, ("transfer.nobody") for nobody of ours, ("transfer.closed") for one whose file is closed
    for another reason.
    """
    sets = []
    with desk.vault.write() as connection:
        issued = paid.last(connection)
        for who in people:
            person = dossier.person(connection, who)
            if person is None:
                raise Refusal("transfer.nobody")
            gone = moved_sets.set_of_move(connection, person.row.id)
            if person.row.state != "moved" or not gone:
                edits = _closing(desk, person, move, issued)
                gone = unit.save(connection, desk.pen, move.reason, lone(edits)).id
            audit.note(connection, desk.officer.id, "transfer", kind="person", record=person.row.id)
            sets.append(gone)
    return sets


def _require_open_month(desk: Desk, move: Move, issued: Issued | None) -> None:
    within = months_within_reach(desk)
    if move_of(move.reason) != move or move.to == desk.commune.code or move.month not in within:
        raise Refusal("transfer.form", field="month", first=within[0], last=within[-1])
    if issued is not None and move.month <= issued.at[:7]:
        raise Refusal("transfer.paid", field="month", month=issued.at[:7])


def _closing(desk: Desk, person: dossier.Person, move: Move, issued: Issued | None) -> list[Edit]:
    if person.row.state != "active":
        raise Refusal("transfer.closed", name=person.row.name)
    _require_open_month(desk, move, issued)
    edits = person.opened.edits({"state": "moved", "state_since": move.month})
    last = month_before(move.month)
    for right in person.entitlements:
        if right.values.get("state") in _PAYING:
            edits += right.edits({"state": "ended", "until": last})
    for each in person.accounts:
        if each.proposal is not None and each.proposal.values.get("state") == "open":
            answer = {"state": turned_down(desk, each.proposal), "answer": _("She moves to another commune.")}
            edits += each.proposal.edits(answer)
    return edits


def who_came(_progress: Progress, desk: Desk) -> tuple[list[Coming], list[Late]]:
    """Who comes from other communes and was not opened here; what came late and was not adopted."""
    with desk.vault.read() as connection:
        if not is_enrolled(connection):
            return [], []
        came = transfer.all_kept(connection, centre_of(connection).register)
        done = moved_sets.others(connection)
        comers = [one for one in came if isinstance(one, Transfer)]
        coming = [admitting.coming_in(connection, one) for one in comers]
        late = [one for one in came if isinstance(one, Late) and one.id not in done]
    return [one for one in coming if not one.is_open], late


def open_files(desk: Desk, comers: Iterable[Transfer]) -> int:
    """Open the files of those who come, a set each; how many were not open here already."""
    with desk.vault.write() as connection:
        return admitting.open_files(connection, desk.pen, comers)


def adopt_late(desk: Desk, late: Late) -> SignedSet | None:
    """What a merged commune handed in late, in this officer's own name, laid on what stands here.

    None when all of it stands here already.
    """
    with desk.vault.write() as connection:
        atoms = [in_her_name(desk, atom) for atom in late.signed.set.atoms]
        laid = returned.laid_anew(connection, atoms)
        if not laid:
            return None
        return unit.save(connection, desk.pen, of_other(ADOPTED, late.commune, late.id), laid)
