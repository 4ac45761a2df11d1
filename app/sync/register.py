"""The central's end of the conversation: take what a laptop pushes, answer with what it lacks.

One exchange is one transaction under the commune's lock. A refused set takes a seq too, so
that a device's chain stays whole everywhere; not taken, and kept aside with the reason, are a
bad signature, a number whose predecessor has not come, and a clone's (design/sync.md, rules 3 and 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from sqlalchemy import Connection

from app.domain.approval import gather
from app.domain.changes import ChangeSet, On, SignedSet, Verdict, read_again
from app.domain.errors import Refusal
from app.domain.ids import machine_of
from app.domain.judge import FaultOfAuthor, Past, judge
from app.domain.proposals import PROPOSAL
from app.domain.roles import SERVICE, Author, Bench, Rights, asked_for, owners
from app.domain.standing import touched
from app.resources import load_rights
from app.store import journal, moves, roster
from app.store.journal import Book, Line
from app.store.roster import ACTIVE, Device, Officer
from app.sync import messages
from app.sync.departing import MERGED, Departing
from app.sync.entries import WireEntry, are_usual, hash_of_own, wired
from app.sync.messages import PAGE_BYTES, PROTOCOL, Receipt, Sign, SyncRequest, SyncResponse

VerifySet = Callable[[bytes, bytes, bytes], bool]  # officer's public key, body, signature


STANDING = "standing"  # why sets of one who may no longer sign are refused


@dataclass(frozen=True)
class Office:
    """What the centre brings to an exchange: its clock, its pen for heads, its eye for signatures."""

    now_ms: int
    sign_head: Sign
    verify_set: VerifySet
    policy: Callable[[Connection, str], bytes]  # the signed policy of a commune, as it stands
    renewals: int = 0  # of the centre's own keys, told by policy too
    rights: Rights = field(default_factory=load_rights)  # the shipped ones, until others are published
    programme: tuple[int, bytes] = (0, b"")  # the newest published: version, and as signed
    page_bytes: int = field(default_factory=lambda: PAGE_BYTES)  # of an answer


@dataclass(frozen=True)
class _Desk:
    """One exchange's working set. `former`: keys that officers had before a lost password."""

    book: Book
    officers: dict[str, Officer]
    devices: dict[str, Device]
    office: Office
    departing: Departing
    former: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """When this exchange came, by the centre's hybrid clock."""
        return self.office.now_ms << 16

    @cached_property
    def bench(self) -> Bench:
        """Who may write what: the rights of the day, the same for all that one exchange brings."""
        rights, book = self.office.rights, self.book
        day, is_service = rights.on(self.received), partial(_is_service, self.officers)
        return Bench(day, rights.authorities, book.atom_at, book.author_of, is_service)


def exchange(connection: Connection, request: SyncRequest, office: Office) -> SyncResponse:
    """Answer one request, already authenticated as coming from `request.device`."""
    book = Book(connection, request.commune)
    if request.cursor > book.seq:
        raise Refusal("sync.cursor_ahead", cursor=request.cursor)
    desk = _desk(connection, book, request, office)
    receipts = _take_all(desk, request.device, request.signed)
    book.finish()
    cursor, machine = max(request.cursor, 0), machine_of(request.device)
    cursor = max(cursor, desk.devices[machine].cursor)  # a late stick does not bring it back
    roster.note_contact(connection, request.commune, machine, request.number, office.now_ms, cursor=cursor)
    return _answer(connection, desk, request, receipts)


def _desk(connection: Connection, book: Book, request: SyncRequest, office: Office) -> _Desk:
    """With everybody who might have written what is pushed; nobody but the asker when nothing is."""
    if request.sets:
        return _whole_desk(connection, book, office)
    asker = roster.find_device(connection, book.code, machine_of(request.device))
    departing = Departing(connection, book.code)
    return _Desk(book, {}, {asker.device: asker} if asker else {}, office, departing)


def _whole_desk(connection: Connection, book: Book, office: Office) -> _Desk:
    officers, devices = roster.officers(connection, book.code), roster.devices(connection, book.code)
    departing = Departing(connection, book.code)
    return _Desk(book, officers, devices, office, departing, roster.former_keys(connection, book.code))


def hand_in(
    connection: Connection, code: str, sets: Sequence[SignedSet], office: Office
) -> dict[str, tuple[Verdict, ...] | str]:
    """Take sets that no laptop's request carried, out of a rescue capsule: by id, verdicts or why not taken.

    As for a stick that comes late: each is judged by its own device's and officer's standing now, one that
    the journal has keeps the verdicts it had, and one that is not taken is kept aside.
    """
    book = Book(connection, code)
    whys = _take_each(_whole_desk(connection, book, office), sets)
    book.finish()
    judged = journal.verdicts(connection, code, [signed.id for signed in sets])
    return {signed.id: judged.get(signed.id) or whys.get(signed.id) or "form" for signed in sets}


def _take_all(desk: _Desk, asker: str, pushed: Sequence[SignedSet]) -> list[Receipt]:
    book, whys = desk.book, _take_each(desk, pushed)
    seqs = book.seqs([signed.id for signed in pushed])
    stands = desk.devices[machine_of(asker)].standing == ACTIVE
    # A revoked laptop is not told its sets' place in the journal: this word lets it hand in the next.
    known = [] if stands else [Receipt(bytes.fromhex(s.id), STANDING) for s in pushed if s.id in seqs]
    return [
        *known,
        *(Receipt(bytes.fromhex(s.id), whys.get(s.id, "form")) for s in pushed if s.id not in seqs),
    ]


def _take_each(desk: _Desk, pushed: Sequence[SignedSet]) -> dict[str, str]:
    """Why each of those that the journal had not was not taken, by id; empty for one that was."""
    book = desk.book
    taken = book.seqs([signed.id for signed in pushed])
    fresh = [signed for signed in pushed if signed.id not in taken and _well_formed(signed)]
    book.load(key for signed in fresh for key in touched(signed.set.edits()))
    book.seqs(_seen_waiting(fresh))
    if fresh:
        book.load_aliases()
    return {signed.id: _take(desk, signed) for signed in fresh}


def _seen_waiting(pushed: Iterable[SignedSet]) -> set[str]:
    """The sets that edits were laid on while they waited."""
    atoms = [atom for signed in pushed for atom in signed.set.atoms]
    ons: list[On] = [edit.on for atom in atoms for edit in atom.edits]
    ons += [read.on for atom in atoms for read in atom.reads]
    return {on for on in ons if isinstance(on, str)}


def _well_formed(signed: SignedSet) -> bool:
    try:
        return bool(signed.set.atoms)
    except Refusal:
        return False


def _take(desk: _Desk, signed: SignedSet) -> str:
    """Append the set and whatever waited for it; returns why it was not taken, or nothing."""
    why = _obstacle(desk, signed)
    if why:
        desk.book.put_aside(signed, why)
        return why
    _append(desk, signed)
    newest = signed
    while waited := desk.book.successor(newest.set.device, newest.set.number + 1, newest.id):
        _append(desk, waited)
        newest = waited
    return ""


def _obstacle(desk: _Desk, signed: SignedSet) -> str:
    """Why a set cannot be given a seq."""
    found, book = signed.set, desk.book
    author, machine = desk.officers.get(found.author), desk.devices.get(machine_of(found.device))
    if found.commune != book.code or author is None or machine is None:
        return "stranger"
    if not any(_is_under(desk, key, signed) for key in (author.key, *desk.former.get(found.author, ()))):
        return "signature"
    number, newest = book.chain(found.device)
    if (found.number, found.previous) == (number + 1, newest):
        return ""
    ahead = found.number > number + 1 and book.aside_why(found.previous) != "clone"
    return "gap" if ahead else "clone"


def _is_under(desk: _Desk, key: bytes, signed: SignedSet) -> bool:
    return desk.office.verify_set(key, signed.body, signed.signature)


def _append(desk: _Desk, signed: SignedSet) -> None:
    found, book = signed.set, desk.book
    author, machine = desk.officers[found.author], desk.devices[machine_of(found.device)]
    stands = author.stands(desk.office.now_ms) and machine.standing == ACTIVE
    if found.author in desk.former:  # signed before her key was replaced: refused, kept, open to adoption
        stands = stands and _is_under(desk, author.key, signed)
    book.load(touched(found.edits()) | {(r.kind, r.record) for atom in found.atoms for r in atom.reads})
    for proposal in {edit.record for edit in found.edits() if (edit.kind, edit.field) == (PROPOSAL, "state")}:
        gather(proposal, book.standing, book.load)
    fault_of_author: FaultOfAuthor = lambda _atom: STANDING  # noqa: E731 - one of three, by what stands
    if stands and book.merged:
        fault_of_author = lambda _atom: MERGED  # noqa: E731
    elif stands:
        fault_of_author = _rights_of(desk, author, found)
    past = Past(book.seq_of, book.atom_at, book.author_of)
    verdicts = judge(found, book.standing, desk.received, past, fault_of_author)
    book.append(signed, verdicts, desk.received)
    if book.merged:
        desk.departing.note_late(signed, book.merged)
    else:
        desk.departing.note_judged(signed, verdicts)


def _rights_of(desk: _Desk, author: Officer, found: ChangeSet) -> FaultOfAuthor:
    """Why an author may not write an atom, by her certificate and the rights of the day."""
    book, bench = desk.book, desk.bench
    who, written = Author(author.officer, author.roles, author.scope), tuple(found.edits())
    for atom in found.atoms:
        book.load(asked_for(atom))
    if bench.is_bound_to_places(who):
        book.load(owners(written, book.standing))
    return lambda atom: (
        bench.fault_of(who, atom, written, book.standing)
        or desk.departing.fault_of(atom, written, book.standing)
    )


def _is_service(officers: Mapping[str, Officer], author: str) -> bool:
    return author in officers and SERVICE in officers[author].roles


def _answer(
    connection: Connection, desk: _Desk, request: SyncRequest, receipts: list[Receipt]
) -> SyncResponse:
    book, code = desk.book, request.commune
    stands = desk.devices[machine_of(request.device)].standing == ACTIVE
    # A revoked laptop hands in what waits and hears that it is revoked; it is told nothing of anybody.
    is_behind = stands and request.cursor < book.seq
    lines = book.lines(request.cursor, desk.office.page_bytes) if is_behind else []
    cursor = lines[-1].seq if lines else request.cursor
    stood = desk.devices[machine_of(request.device)].cursor
    arrivals, arrived = _arrivals(connection, desk, request) if stands else ([], 0)
    at = book.mark() if cursor == book.seq else journal.mark(connection, code, cursor)
    known = not lines and request.digest == at.digest  # the laptop holds this head's signature
    asker = "" if request.whole else request.device
    return SyncResponse(
        PROTOCOL,
        code,
        request.device,
        request.number,
        request.cursor,
        [_wire(line, asker) for line in lines],
        receipts,
        cursor,
        stands and (cursor < book.seq or 0 < arrived < book.arrivals),
        b"" if known else at.digest,
        b"" if known else at.head,
        b"" if known else desk.office.sign_head(messages.head_message(code, cursor, at.head, at.digest)),
        desk.office.policy(connection, code) if request.policy != book.policy + desk.office.renewals else b"",
        hash_of_own(line.id for line in lines if line.device == asker),
        desk.office.programme[1] if request.programme < desk.office.programme[0] else b"",
        stood if stood > request.cursor else 0,
        arrivals,
        arrived,
    )


def _arrivals(connection: Connection, desk: _Desk, request: SyncRequest) -> tuple[list[bytes], int]:
    """What came from other communes and the laptop was not told of; how far that goes, 0 for nothing new."""
    if request.arrived >= desk.book.arrivals:
        return [], 0
    found, goes_on = moves.arrivals(connection, request.commune, request.arrived, PAGE_BYTES)
    return [one.content for one in found], found[-1].no if goes_on else desk.book.arrivals


def _wire(line: Line, asker: str) -> WireEntry:
    """An entry as it travels to one laptop."""
    said = b"" if are_usual(line.body, line.verdicts) else line.verdicts
    if line.device == asker:
        return WireEntry(line.seq, b"", b"", said, line.number)
    return wired(line.seq, read_again(line.body, line.signature, line.id.hex()), said)
