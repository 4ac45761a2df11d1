"""Who may write what: a role by dated data, a surveyor in her hamlets, a decider, the centre's services."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.changes import Atom, Edit, canonical, lone
from app.domain.decisions import decision
from app.domain.records import KINDS
from app.domain.roles import (
    APPROVER,
    DECIDER,
    OFFICERS,
    ORIGINATED,
    PLACE,
    ROLE,
    Author,
    Bench,
    Right,
    Rights,
    owners,
)
from app.domain.standing import Cell, Standing
from app.resources import load_rights, resource

NOW = int(datetime(2026, 11, 28, tzinfo=UTC).timestamp() * 1000) << 16
HER, OTHERS, HOUSE = "a" * 32, "b" * 32, "c" * 32
AN, LAN = "officer-an", "officer-lan"


def cell(value: str, seq: int = 1) -> Cell:
    return Cell(value, (seq,), 5)


def standing() -> Standing:
    """One person of each of two hamlets, a household, a conflict about a birth and one about an account."""
    return Standing(
        {
            ("person", HER): {"hamlet": cell("Bản Nà Lụa"), "birth": cell("1950", 7)},
            ("person", OTHERS): {"hamlet": cell("Bản Co Mạ")},
            ("household", HOUSE): {"hamlet": cell("Bản Nà Lụa")},
            ("consent", "d" * 32): {"person": cell(OTHERS)},
            ("conflict", "1" * 32): {"seq": Cell(8, (8,), 5), "atom": Cell(0, (8,), 5)},
            ("conflict", "2" * 32): {"seq": Cell(9, (9,), 5), "atom": Cell(0, (9,), 5)},
        }
    )


OPENED = {
    8: Atom((Edit("person", HER, "birth", "1951"),)),
    9: Atom((Edit("person", HER, "receiving_account", "e" * 32),)),
}
AUTHORS = {7: AN, 8: LAN, 9: LAN}


def bench() -> Bench:
    rights = load_rights()

    def atom_at(seq: int, place: int) -> Atom | None:
        return OPENED.get(seq) if place == 0 else None

    return Bench(rights.on(NOW), rights.authorities, atom_at, lambda seq: AUTHORS.get(seq, ""))


def fault(roles: str, *edits: Edit, scope: tuple[str, ...] = (), who: str = AN) -> str:
    """Of one atom by somebody of these roles."""
    return bench().fault_of(Author(who, tuple(roles.split()), scope), Atom(edits), edits, standing())


def person(name: str, value: str | None = "x", record: str = HER) -> Edit:
    return Edit("person", record, name, value)


def test_a_role_writes_what_its_data_say() -> None:
    assert fault("officer", person("birth"), person("phone")) == ""
    assert fault("approver", Edit("proposal", "f" * 32, "state", "refused")) == ""
    for role in ("auditor", "administrator", "", "queen"):
        assert fault(role, person("note")) == ROLE
    assert fault("auditor officer", person("note")) == ""


SUBMITTED = Edit("submission", "5" * 32, "hamlet", "Bản Nà Lụa")


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([person("phone")], ""),
        ([person("needs/visit")], ""),
        ([person("phone", record=OTHERS)], PLACE),
        ([person("hamlet", "Bản Co Mạ")], PLACE),  # not even by moving her there
        ([person("phone", record="9" * 32)], PLACE),  # of whom nobody knows where she lives
        ([person("birth")], ROLE),
        ([person("disability")], ROLE),  # illness never shows to surveyors
        ([Edit("household", HOUSE, "note", "x")], ""),
        ([Edit("consent", "0" * 32, "person", HER)], ""),
        ([Edit("consent", "d" * 32, "withdrawn", "2026-11-28")], PLACE),
        ([Edit("entitlement", "0" * 32, "amount", 500_000)], ROLE),
        ([SUBMITTED, Edit("proposal", "0" * 32, "wants", "[]")], ""),  # about somebody whom nobody knows yet
        (
            [SUBMITTED, Edit("consent", "0" * 32, "withdrawn", "2026-11-28")],
            PLACE,
        ),  # no such thing comes with it
    ],
)
def test_a_surveyor_in_her_hamlets(edits: list[Edit], why: str) -> None:
    assert fault("surveyor", *edits, scope=("Bản Nà Lụa",)) == why


def test_whom_a_set_is_about_is_known_before_it_is_judged() -> None:
    written = [Edit("consent", "d" * 32, "withdrawn", "2026"), Edit("account", "0" * 32, "person", HER)]
    assert owners(written, standing()) == {("person", HER), ("person", OTHERS)}


def decided(conflict: str, edit: Edit) -> tuple[Edit, ...]:
    return decision({conflict * 32: 8}, [edit]).edits


def test_a_conflict_is_decided_by_whoever_may() -> None:
    assert fault("officer", *decided("1", person("birth", "1951"))) == ""
    assert fault("surveyor", *decided("1", person("birth", "1951")), scope=("Bản Nà Lụa",)) == ROLE
    money = decided("2", person("receiving_account", "e" * 32))
    assert fault("officer", *money) == DECIDER
    assert fault("approver", *money) == ""
    assert fault("approver", *money, who=LAN) == DECIDER  # who wrote one side decides no money


@pytest.mark.parametrize("subject", ["account", "decision", "merge", "unmerge"])
def test_who_may_put_what_was_proposed_in_force_and_who_may_refuse_it(subject: str) -> None:
    at = standing()
    at.records["proposal", "f" * 32] = {"subject": cell(subject, 8), "state": cell("open", 8)}

    def answers(roles: str, state: str, found: Bench) -> str:
        atom = Atom((Edit("proposal", "f" * 32, "state", state, "open", 8),))
        return found.fault_of(Author(AN, tuple(roles.split())), atom, atom.edits, at)

    for roles, may_accept, may_refuse in (
        ("approver", "", ""),
        ("officer", APPROVER, ""),
        ("officer approver", "", ""),
        ("administrator", ROLE, ROLE),
        ("auditor", ROLE, ROLE),
        ("service", ORIGINATED, ORIGINATED),
    ):
        assert answers(roles, "accepted", bench()) == may_accept
        assert answers(roles, "refused", bench()) == may_refuse
    # What the centre itself originated is no officer's word: one who approved it would be the only one.
    originated = replace(bench(), is_service=lambda author: author == LAN)
    assert answers("approver", "accepted", originated) == APPROVER
    assert answers("approver", "refused", originated) == ""
    # Not even where an officer stands behind its state: the words are still nobody's.
    at.records["proposal", "f" * 32]["state"] = cell("open", 7)
    assert answers("approver", "accepted", originated) == APPROVER
    del at.records["proposal", "f" * 32]  # a proposal that nobody knows
    assert answers("approver", "accepted", bench()) == APPROVER
    assert answers("approver", "refused", bench()) == ""


def test_a_surveyor_answers_no_proposal() -> None:
    """She proposes and takes back in her hamlets; another's is not hers to refuse."""
    at = standing()
    at.records["proposal", "f" * 32] = {"subject": cell("account", 8), "person": cell(HER, 8)}
    for state, why in (("refused", APPROVER), ("accepted", APPROVER), ("withdrawn", "")):
        atom = Atom((Edit("proposal", "f" * 32, "state", state, "open", 8),))
        author = Author(AN, ("surveyor",), ("Bản Nà Lụa",))
        assert bench().fault_of(author, atom, atom.edits, at) == why


def test_a_decision_on_money_is_proposed_by_whoever_may_decide() -> None:
    edits = decided("2", person("receiving_account", "e" * 32))
    wants = canonical([[e.kind, e.record, e.field, e.new, e.on] for e in edits]).decode()
    proposed = Edit("proposal", "f" * 32, "wants", wants)
    assert fault("officer", proposed) == DECIDER
    assert fault("approver", proposed) == ""
    assert fault("officer", replace(proposed, new='{"provider":"BIDV"}')) == ""  # an account, no decision


PROPOSED = (
    Edit("proposal", "f" * 32, "person", HER),
    Edit("proposal", "f" * 32, "state", "open"),
    Edit("proposal", "f" * 32, "wants", "{}"),
)


def test_what_the_centre_originates_only_proposes() -> None:
    assert fault("service", *PROPOSED, scope=("proposal",)) == ""
    assert fault("service", *PROPOSED) == ORIGINATED
    assert fault("service", *PROPOSED, scope=("account",)) == ORIGINATED
    # Whatever its certificate says, and with whatever other role.
    every = tuple(KINDS)
    for kind in KINDS.values():
        for field in kind.fields:
            if field.merge.value in ("guarded", "approved"):
                for roles in ("service", "service officer approver"):
                    assert fault(roles, Edit(kind.name, HER, field.name, "x"), scope=every) == ORIGINATED
    for state in ("accepted", "refused", "withdrawn"):
        assert fault("service", Edit("proposal", HER, "state", state), scope=every) == ORIGINATED
    reopened = Edit("proposal", HER, "state", "open", "refused", 4)
    assert fault("service", reopened, scope=every) == ORIGINATED
    assert fault("service", *decided("1", person("birth", "1951")), scope=every) == ORIGINATED
    assert fault("service", person("phone"), scope=every) == ORIGINATED  # not in the data's list


def test_rights_count_from_their_day() -> None:
    early, late = {"officer": Right(("*",))}, {"officer": Right(("person.*",))}
    rights = Rights(((date(2026, 1, 1), late), (date(2025, 7, 1), early)), load_rights().authorities)

    def at(moment: str) -> int:
        return int(datetime.fromisoformat(moment).timestamp() * 1000) << 16

    assert rights.on(at("2025-12-31T23:59:00+07:00")) == early
    assert rights.on(at("2026-01-01T00:00:00+07:00")) == late
    assert rights.on(at("2020-01-01T00:00:00+07:00")) == early


def test_whose_approval_is_none_by_any_of_the_rules() -> None:
    """What a later program knows more roles of is doubted by nobody."""
    early = {"officer": Right(("*",)), "approver": Right(("*",), approves=("account",))}
    late = {"officer": Right(("*",)), "approver": Right(("*",)), "auditor": Right(())}
    for dated in ((early, late), (late, early)):
        days = (date(2025, 7, 1), date(2026, 1, 1))
        rights = Rights(tuple(zip(days, dated, strict=True)), load_rights().authorities)
        assert [
            rights.may_approve(roles)
            for roles in (("officer",), ("approver",), ("officer", "approver"), ("auditor",), ("deputy",), ())
        ] == [False, True, True, False, True, False]


def test_every_officers_role_is_in_the_data_and_every_field_there_is_one() -> None:
    found = tomllib.loads(resource("policy/roles.toml").read_text("utf-8"))["from"]
    for one in found:
        assert set(one["roles"]) == {*OFFICERS, "service"}
        for role in one["roles"].values():
            for pattern in role["writes"]:
                kind, _, field = pattern.partition(".")
                assert pattern == "*" or field == "*" or KINDS[kind].field(field) or f"{field}" == "needs"


def test_it_is_total() -> None:
    odd = lone([Edit("ghost", "x", "y", 1), Edit("proposal", "z", "wants", "[[1]]")])
    for atom in odd:
        for roles in ("officer", "surveyor", "service", "auditor"):
            bench().fault_of(Author(AN, (roles,)), atom, atom.edits, Standing())
