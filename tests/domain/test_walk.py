"""A centre that holds an approval back and lets it land later is found by whoever walks the journal."""

from __future__ import annotations

from app.domain.approval import approving, gather
from app.domain.changes import (
    Atom,
    ChangeSet,
    Edit,
    Entry,
    Outcome,
    Verdict,
    canonical,
    head_over,
    lone,
    pack_verdicts,
    unfolded,
)
from app.domain.in_force import ended_in
from app.domain.standing import Cell, Standing, settle
from app.domain.usual import Line
from app.domain.walk import Walk

PERSON, ACCOUNT, PROPOSAL = ("1" * 32, "2" * 32, "3" * 32)
CLOCK = 1 << 60


class Centre:
    """One that puts in force whatever it is handed, whenever it likes."""

    def __init__(self) -> None:
        self.standing, self.lines, self.late = Standing(), list[Line](), 0
        self._chains: dict[str, tuple[int, str]] = {}

    def take(self, author: str, atoms: tuple[Atom, ...]) -> None:
        number, previous = self._chains.get(author, (0, ""))
        seq = len(self.lines) + 1
        clock = CLOCK + seq + self.late
        found = ChangeSet("03979", author, f"m{author}", number + 1, previous, clock, "test", atoms)
        verdicts = (Verdict(Outcome.APPLIED, clock),) * len(atoms)
        signed = unfolded(found.body, b"")
        settle(self.standing, Entry(seq, signed, verdicts))
        self._chains[author] = (number + 1, found.id)
        said = (found.device, found.number, author, found.clock, "test")
        self.lines.append(Line(seq, bytes.fromhex(found.id), *said, found.body, b"", pack_verdicts(verdicts)))

    def walked(self) -> tuple[Walk, list[str]]:
        walk = Walk("03979", 0, bytes(32), (lambda _id: None, lambda _seq, _at: None))
        return walk, [f"{fault.code} {fault.seq}" for line in self.lines for fault in walk.step(line)]


def on_of(cell: Cell | None) -> int | None:
    return cell.behind[-1] if cell is not None else None


def proposed() -> Centre:
    centre = Centre()
    fresh = {"name": "Vi Văn Một", "birth": "1950", "state": "active"}
    centre.take("an", lone([Edit("person", PERSON, name, value) for name, value in fresh.items()]))
    cells = {"person": PERSON, "kind": "bank", "provider": "970405", "number": "15", "holder": "VI VAN MOT"}
    wants = canonical([["person", PERSON, "receiving_account", ACCOUNT, None]]).decode()
    said = {"person": PERSON, "subject": "account", "wants": wants, "evidence": "[]", "proposer": "an"}
    edits = [Edit("account", ACCOUNT, name, value) for name, value in cells.items()]
    edits += [Edit("proposal", PROPOSAL, name, value) for name, value in {**said, "state": "open"}.items()]
    centre.take("an", lone(edits))
    return centre


def approval(centre: Centre) -> Atom:
    gather(PROPOSAL, centre.standing, lambda _keys: None)
    return approving(PROPOSAL, centre.standing, on_of)


def test_an_approval_in_its_time_holds() -> None:
    centre = proposed()
    centre.take("binh", (approval(centre),))
    walk, faults = centre.walked()
    assert faults == []
    assert walk.paid[PERSON].approver == "binh"
    assert walk.paid[PERSON].proposers == {"an"}


def test_one_held_back_until_the_proposal_was_taken_back_is_found() -> None:
    centre = proposed()
    signed = approval(centre)
    centre.take("an", lone([Edit("proposal", PROPOSAL, "state", "withdrawn", "open", 2)]))
    centre.take("binh", (signed,))
    walk, faults = centre.walked()
    assert faults == ["verdict 4"]
    assert ("person", PERSON) in walk.doubted


def test_one_held_back_until_her_name_was_another_is_found() -> None:
    centre = proposed()
    signed = approval(centre)
    centre.take("an", lone([Edit("person", PERSON, "name", "Vi Văn Hai", "Vi Văn Một", 1)]))
    centre.take("binh", (signed,))
    assert centre.walked()[1] == ["verdict 4"]


def test_ones_own_approval_is_found() -> None:
    centre = proposed()
    centre.take("an", (approval(centre),))
    assert centre.walked()[1] == ["verdict 3"]


def test_a_device_of_which_a_set_was_left_out_is_found() -> None:
    centre = proposed()
    centre.take("an", lone([Edit("person", PERSON, "note", "x")]))
    del centre.lines[1]
    walk, faults = centre.walked()
    assert "missing 2" in faults
    assert "chain 3" in faults
    assert walk.head is None


def test_heads_lead_on() -> None:
    centre = proposed()
    head = bytes(32)
    for line in centre.lines:
        head = head_over(head, line.seq or 0, line.id, line.verdicts)
    assert centre.walked()[0].head == head


def test_what_sets_leave_ended() -> None:
    """The last word counts: what was ended and opened again is not left off a list."""
    right, other = "d" * 32, "e" * 32
    edits = [
        Edit("person", PERSON, "state", "died"),
        Edit("person", PERSON, "name", "Lan"),
        Edit("entitlement", right, "state", "ended"),
        Edit("alias", other, "survivor", PERSON),
    ]
    assert ended_in(edits) == {("person", PERSON), ("entitlement", right), ("alias", other)}
    assert ended_in([*edits, Edit("person", PERSON, "state", "active")]) == ended_in(edits[1:])
