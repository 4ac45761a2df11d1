"""Two people joined or parted, a conflict about money decided: each by two officers (design/security.md)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.domain.aliases import joining, pack, parting
from app.domain.changes import Atom, Edit, Outcome
from app.domain.decisions import decision
from app.domain.proposals import wanted
from app.domain.standing import conflict_id
from tests.domain.approved import (
    ACCOUNT,
    HER,
    OTHER,
    SECOND,
    WHOLE,
    Centre,
    P,
    fresh,
    on,
    pays,
    proposal,
    seen,
)

# Merges


def test_merged_and_parted_by_two(centre: Centre) -> None:
    merge = joining(seen(centre, OTHER), seen(centre, HER), "twice")
    assert centre.take("boss", merge)[0].why == "approval"
    centre.take("an", *proposal(pack([merge]), "merge", "f" * 32, person=OTHER))
    bent = centre.approving("f" * 32)
    assert (
        centre.take("boss", replace(bent, reads=bent.reads[1:]))[0].why == "wants"
    )  # what its proposer read
    base = replace(bent.edits[0], on=2)
    assert centre.take("boss", replace(bent, edits=(base, *bent.edits[1:])))[0].why == "wants"
    assert centre.approve("boss", "f" * 32).outcome == Outcome.APPLIED
    assert centre.approve().why == "joined"  # her account, now that she is somebody else
    again = joining(seen(centre, OTHER), seen(centre, HER), "twice")
    centre.take("an", *proposal(pack([again]), "merge", "7" * 32, person=OTHER))
    part = parting(HER, OTHER, seen(centre, HER).alias_on, "two sisters")
    for record, subject in (("6" * 32, "unmerge"), ("5" * 32, "merge")):
        centre.take("an", *proposal(pack([part]), subject, record, person=OTHER))
    assert wanted("5" * 32, centre.standing) is None  # a merge that would part
    assert centre.approve("boss", "6" * 32).outcome == Outcome.APPLIED
    assert centre.value("alias", HER, "survivor") is None
    assert centre.approve().outcome == Outcome.APPLIED


def test_what_a_survey_found_of_somebody_who_was_joined_is_not_put_in_force(centre: Centre) -> None:
    found = json.dumps([["person", HER, "birth", "1948", None]])
    centre.take("an", *proposal(found, "survey", "8" * 32, person=HER))
    merge = joining(seen(centre, OTHER), seen(centre, HER), "twice")
    centre.take("an", *proposal(pack([merge]), "merge", "f" * 32, person=OTHER))
    assert centre.approve("boss", "f" * 32).outcome == Outcome.APPLIED
    assert centre.approve("boss", "8" * 32).why == "joined"


def test_joined_by_another_proposal_meanwhile(centre: Centre) -> None:
    for record in ("f" * 32, "7" * 32):
        merge = joining(seen(centre, OTHER), seen(centre, HER), "twice")
        centre.take("an", *proposal(pack([merge]), "merge", record, person=OTHER))
    late = centre.approving("7" * 32)
    centre.approve("boss", "f" * 32)
    assert centre.take("boss", late)[0].why == "in_force"


# Decisions


@pytest.fixture
def disputed(centre: Centre) -> Centre:
    """Two accounts approved apart: the second opens a conflict about who is paid where."""
    centre.take("an", *fresh("account", SECOND, WHOLE), *proposal(pays(SECOND), record="f" * 32))
    late = centre.approving("f" * 32)
    centre.approve("boss")
    centre.take("boss", late)
    return centre


def decided(centre: Centre, *more: Edit) -> str:
    conflict = conflict_id(centre.entries[-1].signed.id, 0)
    paid = Edit(
        "person",
        HER,
        "receiving_account",
        SECOND,
        ACCOUNT,
        on(centre.standing.cell("person", HER, "receiving_account")),
    )
    atom = decision({conflict: len(centre.entries)}, [paid, *more])
    return json.dumps([[*edit.cell, edit.new, edit.on] for edit in atom.edits])


def test_a_decision_about_money_takes_two(disputed: Centre) -> None:
    words = decided(disputed)
    alone = Atom(tuple(Edit(k, r, f, new, None, seen_) for k, r, f, new, seen_ in json.loads(words)))
    assert disputed.take("chief", alone)[0].why == "approval"
    disputed.take("chief", *proposal(words, "decision", "7" * 32, proposer="chief"))
    assert disputed.approve("chief", "7" * 32).why == "same_officer"
    early = disputed.approving("7" * 32)
    assert disputed.approve("head", "7" * 32).outcome == Outcome.APPLIED
    assert disputed.value("person", HER, "receiving_account") == SECOND
    assert disputed.take("other", early)[0].outcome == Outcome.SAME


def test_a_decision_says_what_is_contested_and_no_more(disputed: Centre) -> None:
    more = Edit("person", HER, "name", "Lan Anh", "Lan", 1)
    disputed.take("chief", *proposal(decided(disputed, more), "decision", "7" * 32, proposer="chief"))
    assert disputed.approve("head", "7" * 32).why == "undecided"


def test_what_no_decision_wants(disputed: Centre) -> None:
    words = json.loads(decided(disputed))
    none_named, reopened = words[:1], [words[0], [*words[1][:3], "open", words[1][4]]]
    with_state = [*words, ["proposal", P, "answer", "x", None]]
    for at, bent in enumerate((none_named, words[1:], reopened, with_state)):
        record = f"{at}" * 32
        disputed.take("chief", *proposal(json.dumps(bent), "decision", record, proposer="chief"))
        assert wanted(record, disputed.standing) is None
