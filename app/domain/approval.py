"""The second pair of eyes: the atom by which another officer puts a proposal in force, made and checked.

Pure, and used three times: by the vault before it saves, by a list from the signed sets, by the centre's
judge (design/security.md, The second pair of eyes). The atom holds what the proposal wants, the proposal's
state, and `agreed`, a digest of all that the approver was shown. It reads, with the sets behind them, the
cells that could move meanwhile; accounts and a proposal's words are written once, so one cell stands for all.
Different means another officer, never another key: whoever signed a set behind the proposal or behind the
account is asked of the journal; the field `proposer` only adds to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.domain.aliases import ALIAS, is_joined
from app.domain.changes import Atom, Edit, On, Read, canonical
from app.domain.errors import Refusal
from app.domain.proposals import (
    ACCEPTED,
    ACCOUNT,
    ON_WHAT_STANDS,
    OPEN,
    PROPOSAL,
    SURVEY,
    WITHDRAWN,
    Matter,
    Wanted,
    in_force,
    matter,
    parts_another,
    value_of,
    wanted,
)
from app.domain.records import KINDS, Merge, Value, field_of
from app.domain.standing import Cell, RecordKey, Standing

FORM = "soansinh.approval.1"
AuthorOf = Callable[[int], str]  # who signed the set at a seq; empty where nobody knows
OnOf = Callable[[Cell | None], On]
Load = Callable[[set[RecordKey]], object]

# Why an approving atom, or a proposal's answer, is refused.
UNSOUND = "approval"  # money or an alias moved by anything but a whole approving atom
NOT_WANTED = "wants"  # it puts in force what was not proposed
NO_ACCOUNT = "account"  # the account is not hers, or not whole
SAME_OFFICER = "same_officer"
UNKNOWN_OFFICER = "unknown_officer"  # a set behind it has not come, so nobody can say who signed it
NOT_OPEN = "not_open"
IN_FORCE = "in_force"  # what it wants was put in force meanwhile by another proposal
JOINED = "joined"  # she is shown as somebody else
UNREAD = "unread"  # it does not name all that it covers
OTHER_DIGEST = "digest"  # the approver was shown something else than what stands
NOT_HERS = "proposer"  # only its proposer takes a proposal back

_SHOWN_OF_PERSON = ("name", "personal_id", "birth")
_SIGNED = ("person", "subject", "wants", "evidence", "proposer", "state")
_WHOLE = ("kind", "provider", "number", "holder")


def is_approval(atom: Atom) -> bool:
    """Whether only a second officer may write it."""
    return any(_needs_second(edit) for edit in atom.edits)


def _needs_second(edit: Edit) -> bool:
    field = field_of(edit.kind, edit.field)
    if edit.kind == PROPOSAL and (edit.field == "agreed" or (edit.field, edit.new) == ("state", ACCEPTED)):
        return True
    return field is not None and field.merge is Merge.APPROVED


def gather(proposal: str, standing: Standing, load: Load) -> None:
    """Have everything that an approval of this proposal looks at in `standing`, by `load`."""
    keys, asked = {(PROPOSAL, proposal)}, set[RecordKey]()
    while keys - asked:
        load(keys - asked)
        asked |= keys
        wants = wanted(proposal, standing)
        keys = matter(wants, standing).keys() if wants is not None else set()


def approving(proposal: str, standing: Standing, on_of: OnOf) -> Atom:
    """The approving atom over what stands; only another officer may sign it.

    An account, and what a survey found, are laid on what stands now, which their approver is shown; merges
    and decisions on what their proposer saw, for what they join or decide may not have moved since.
    Refusal("approval.unsound") where the proposal wants nothing that could be accepted.
    """
    wants = wanted(proposal, standing)
    if wants is None:
        raise Refusal("approval.unsound")
    is_on_now = value_of(standing, proposal, "subject") in ON_WHAT_STANDS
    effects = [
        replace(
            edit,
            old=standing.value(*edit.cell),
            on=on_of(standing.cell(*edit.cell)) if is_on_now else edit.on,
        )
        for edit in wants.edits
    ]
    state, answered = (standing.cell(PROPOSAL, proposal, name) for name in ("state", "agreed"))
    edits = (
        *effects,
        Edit(PROPOSAL, proposal, "state", ACCEPTED, *_seen(state, on_of)),
        Edit(PROPOSAL, proposal, "agreed", agreed(proposal, standing), *_seen(answered, on_of)),
    )
    known = {(read.kind, read.record, read.field) for read in wants.reads}
    known |= {edit.cell for edit in edits}
    more = (cell for cell in _covered(proposal, wants, standing) if cell not in known)
    return Atom(edits, (*wants.reads, *(Read(*cell, on_of(standing.cell(*cell))) for cell in more)))


def _seen(cell: Cell | None, on_of: OnOf) -> tuple[Value, On]:
    """What a cell held for whoever was shown it: an answer that never came in force is among it."""
    return (cell.value if cell else None), on_of(cell)


def agreed(proposal: str, standing: Standing) -> str:
    """The digest of all that an approver is shown and agrees to: people, whole accounts, evidence, wants; of
    what a survey found, also what stands in its place.
    """
    wants = wanted(proposal, standing)
    about = matter(wants, standing) if wants is not None else Matter((), ())
    shown: list[object] = [FORM, proposal]
    shown.append([value_of(standing, proposal, name) for name in _SIGNED[:-1]])
    shown.append([[her, *_cells("person", her, _SHOWN_OF_PERSON, standing)] for her in about.people])
    every = tuple(field.name for field in KINDS["account"].fields)
    shown.append([[each, *_cells("account", each, every, standing)] for each in about.accounts])
    shown.append(sorted(in_force(wants, standing).items()) if wants is not None else [])
    if wants is not None and value_of(standing, proposal, "subject") == SURVEY:
        shown.append([[*edit.cell, standing.value(*edit.cell)] for edit in wants.edits])
    return hashlib.sha256(canonical(shown)).hexdigest()


def fault_of_approval(
    atom: Atom, author: str, standing: Standing, author_of: AuthorOf, *, has_moved: bool
) -> str:
    """Why this officer's atom is no sound approval of an open proposal over what stands; empty when it is.

    `has_moved`: something it names moved since it was shown: then people look again, whatever it says of
    the rest. Everything that it looks at is in `standing` (`gather`).
    """
    proposal = approved(atom)
    if not proposal:
        return UNSOUND
    wants = wanted(proposal, standing)
    if wants is None or not _is_what_was_wanted(atom, proposal, wants, standing):
        return NOT_WANTED if len(atom.edits) > 2 else UNSOUND
    if not all(is_whole(account, person, standing) for person, account in wants.accounts.items()):
        return NO_ACCOUNT
    signed = proposers(proposal, standing, author_of)
    if author in signed:
        return SAME_OFFICER
    if "" in signed:
        return UNKNOWN_OFFICER
    if value_of(standing, proposal, "state") != OPEN:
        return NOT_OPEN
    if has_moved:
        return (
            IN_FORCE
            if wants.edits and all(edit.new == standing.value(*edit.cell) for edit in wants.edits)
            else ""
        )
    return _fault_of_content(atom, proposal, wants, standing)


def approved(atom: Atom) -> str:
    """The proposal that an atom has the form to accept: its state, its digest, what it puts in force."""
    own = {edit.field: edit for edit in atom.edits if edit.kind == PROPOSAL}
    records = {edit.record for edit in own.values()}
    count = sum(edit.kind == PROPOSAL for edit in atom.edits)
    is_whole = own.keys() == {"state", "agreed"} and count == 2 and len(records) == 1
    if not is_whole or own["state"].new != ACCEPTED or own["agreed"].new is None:
        return ""
    return records.pop()


def proposers(proposal: str, standing: Standing, author_of: AuthorOf) -> set[str]:
    """Every officer who may not approve it: who signed it, who signed the account, who is named in it."""
    wants = wanted(proposal, standing)
    accounts = wants.accounts.values() if wants is not None else ()
    cells = [cell for account in accounts for cell in standing.records.get((ACCOUNT, account), {}).values()]
    named = value_of(standing, proposal, "proposer")
    wrote = {author_of(seq) for cell in cells for seq in cell.behind}
    return signers(proposal, standing, author_of) | wrote | ({str(named)} if named else set())


def signers(proposal: str, standing: Standing, author_of: AuthorOf) -> set[str]:
    """Every officer whose hand is in a proposal's own words."""
    cells = [standing.cell(PROPOSAL, proposal, name) for name in _SIGNED]
    return {author_of(seq) for cell in cells if cell is not None for seq in cell.behind}


def fault_of_answer(edit: Edit, author: str, standing: Standing, author_of: AuthorOf) -> str:
    """Why an officer may not open a proposal, refuse it or take it back by this edit; empty when she may.

    What its proposer took back she may open again: it waits as before, for another. Nobody else opens it, not
    even while it is open: whoever stood behind its state would have made it hers.
    """
    stands = value_of(standing, edit.record, "state")
    if edit.new == OPEN and stands in (None, OPEN):
        signed = signers(edit.record, standing, author_of)
        return NOT_HERS if signed and author not in signed else ""
    if edit.new == stands:
        return ""  # the same once more; nothing, too, where a conflict is decided so
    if stands != OPEN and (stands, edit.new) != (WITHDRAWN, OPEN):
        return NOT_OPEN
    signed = proposers(edit.record, standing, author_of)
    if edit.new in (WITHDRAWN, OPEN):
        return "" if author in signed else NOT_HERS
    return SAME_OFFICER if author in signed else ""


def _fault_of_content(atom: Atom, proposal: str, wants: Wanted, standing: Standing) -> str:
    """Whether it says, of what stands unmoved, all that it has to say."""
    is_of_one = value_of(standing, proposal, "subject") in ON_WHAT_STANDS
    if is_of_one and any(is_joined(edit.record, standing) for edit in wants.edits):
        return JOINED
    if parts_another(proposal, wants, standing):
        return NOT_WANTED
    named = {(read.kind, read.record, read.field) for read in atom.reads} | {e.cell for e in atom.edits}
    if not named.issuperset(_covered(proposal, wants, standing)):
        return UNREAD
    shown = {edit.cell: edit for edit in atom.edits}
    is_same = shown[PROPOSAL, proposal, "agreed"].new == agreed(proposal, standing)
    olds = all(edit.old == standing.value(*edit.cell) for edit in atom.edits)
    return "" if is_same and olds else OTHER_DIGEST


def _is_what_was_wanted(atom: Atom, proposal: str, wants: Wanted, standing: Standing) -> bool:
    """Exactly the effects, on the base where they were proposed, with what their proposer read."""
    is_on_now = value_of(standing, proposal, "subject") in ON_WHAT_STANDS
    effects = {edit.cell: edit for edit in atom.edits if edit.kind != PROPOSAL}
    if len(effects) + 2 != len(atom.edits) or effects.keys() != {edit.cell for edit in wants.edits}:
        return False
    for edit in wants.edits:
        found = effects[edit.cell]
        if found.new != edit.new or (found.on != edit.on and not is_on_now):
            return False
    return set(wants.reads) <= set(atom.reads)


def is_whole(account: str, person: str, standing: Standing) -> bool:
    """Whether an account is this person's, and says where and in whose name: nobody is paid to less."""
    cells = standing.records.get(("account", account), {})
    says_all = all(name in cells and cells[name].value is not None for name in _WHOLE)
    return says_all and standing.value("account", account, "person") == person


def _covered(proposal: str, wants: Wanted, standing: Standing) -> Iterator[tuple[str, str, str]]:
    """The cells that an approval names, with the sets behind them; those that it writes, it names by that."""
    about = matter(wants, standing)
    yield PROPOSAL, proposal, "wants"
    for person in about.people:
        yield from (("person", person, name) for name in _SHOWN_OF_PERSON)
        yield ALIAS, person, "survivor"
    yield from (("account", account, "person") for account in about.accounts)


def _cells(kind: str, record: str, names: tuple[str, ...], standing: Standing) -> list[Value]:
    return [standing.value(kind, record, name) for name in names]
