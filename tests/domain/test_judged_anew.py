"""What is judged anew comes out as it was judged: no shortcut lets pass what the judge would stop."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.changes import Atom, ChangeSet, Edit, Entry, Outcome, Read, SignedSet, Verdict
from app.domain.decisions import decision
from app.domain.judge import Past, judge, judged_anew
from app.domain.records import Value
from app.domain.standing import Cell, Standing

HER, HIM, NEW, IT, ELSE = "1" * 32, "2" * 32, "3" * 32, "4" * 32, "5" * 32
CLOCK = 50
PAST = Past(
    lambda _id: None, lambda _seq, _at: Atom((Edit("person", HER, "name", "Lành"),)), lambda _seq: "an"
)
APPLIED = Verdict(Outcome.APPLIED, CLOCK)

ATOMS: dict[str, Atom] = {
    "a new person's name": Atom((Edit("person", NEW, "name", "Lan"),)),
    "a known person's name": Atom((Edit("person", HER, "name", "Lành"),)),
    "a known person's name, seen": Atom((Edit("person", HER, "name", "Lành", "Lan", 1),)),
    "a joined person's name": Atom((Edit("person", HIM, "name", "Lành"),)),
    "a joined person's note": Atom((Edit("person", HIM, "note", "x"),)),
    "on what never stood": Atom((Edit("person", NEW, "name", "Lan", None, 1),)),
    "with a read that moved": Atom((Edit("person", NEW, "name", "Lan"),), (Read("person", HER, "name"),)),
    "with a read that holds": Atom((Edit("person", NEW, "name", "Lan"),), (Read("person", HER, "name", 1),)),
    "two cells": Atom((Edit("person", NEW, "name", "Lan"), Edit("person", HER, "name", "Lành"))),
    "two new cells": Atom((Edit("person", NEW, "name", "Lan"), Edit("person", NEW, "birth", "1950"))),
    "two, one of somebody joined": Atom((Edit("person", NEW, "note", "x"), Edit("person", HIM, "name", "y"))),
    "two ordinary": Atom((Edit("person", NEW, "note", "x"), Edit("person", HER, "note", "y", None, 7))),
    "ordinary, with a read": Atom((Edit("person", HER, "note", "x"),), (Read("person", HER, "name"),)),
    "one once, one not": Atom((Edit("account", IT, "number", "1"), Edit("person", HER, "name", "Lành"))),
    "once again": Atom((Edit("account", HER, "number", "1"),)),
    "a new account": Atom((Edit("account", IT, "number", "1"),)),
    "money": Atom((Edit("person", NEW, "receiving_account", IT),)),
    "money after a name": Atom(
        (Edit("person", NEW, "name", "x"), Edit("person", NEW, "receiving_account", IT))
    ),
    "an alias": Atom((Edit("alias", HER, "survivor", NEW),)),
    "an alias of an alias": Atom((Edit("alias", NEW, "survivor", HIM),)),
    "an alias's why": Atom((Edit("alias", NEW, "why", "x"),)),
    "a conflict opened": Atom((Edit("conflict", NEW, "state", "open"),)),
    "a conflict decided": decision({IT: 3}, [Edit("person", HER, "name", "Lành", "Lan", 1)]),
    "a proposal begun": Atom((Edit("proposal", NEW, "state", "open"),)),
    "a proposal's words": Atom((Edit("proposal", NEW, "wants", "[]"),)),
    "a proposal accepted": Atom((Edit("proposal", NEW, "state", "accepted"),)),
    "a proposal refused": Atom((Edit("proposal", NEW, "state", "refused"),)),
    "a proposal sealed": Atom((Edit("proposal", NEW, "agreed", "0" * 64),)),
    "a proposal's answer": Atom((Edit("proposal", NEW, "answer", "no"),)),
    "a joined person nobody had": Atom((Edit("person", ELSE, "name", "Lan"),)),
    "an ordinary word of her": Atom((Edit("person", ELSE, "note", "x"),)),
    "a decision that says more": Atom(
        (
            *decision({IT: 3}, [Edit("person", HER, "name", "Lành", "Lan", 1)]).edits,
            Edit("person", HER, "note", "x"),
        )
    ),
    "a decision on what moved": decision({IT: 3}, [Edit("person", HER, "name", "Lành", "L", None)]),
    "once, of what is not whole": Atom(
        (Edit("consent", HER, "wording", "w"), Edit("consent", IT, "wording", "x"))
    ),
    "once, another word of it": Atom((Edit("consent", HER, "given", "2026"),)),
    "a conflict opened beside a proposal": Atom(
        (Edit("conflict", NEW, "state", "open"), Edit("proposal", NEW, "state", "open"))
    ),
    "a proposal refused, another begun": Atom(
        (Edit("proposal", NEW, "state", "refused"), Edit("proposal", IT, "state", "open"))
    ),
    "another's state": Atom((Edit("person", NEW, "state", "died"),)),
    "no kind": Atom((Edit("nobody", NEW, "name", "x"),)),
    "no value": Atom((Edit("person", NEW, "birth", "x"),)),
}


# Whatever is not named here lands.
STOPPED = {
    "a known person's name": "conflict",
    "a joined person's name": "conflict",
    "a joined person nobody had": "conflict",
    "on what never stood": "conflict",
    "with a read that moved": "conflict",
    "two cells": "conflict",
    "two, one of somebody joined": "conflict",
    "two ordinary": "conflict",
    "ordinary, with a read": "conflict",
    "one once, one not": "refused once",
    "once again": "same",
    "once, of what is not whole": "refused once",
    "money": "refused approval",
    "money after a name": "refused approval",
    "an alias": "refused alias",
    "an alias of an alias": "refused alias",
    "a conflict opened": "refused conflict",
    "a decision that says more": "refused undecided",
    "a decision on what moved": "conflict",
    "a proposal accepted": "refused approval",
    "a proposal refused": "refused not_open",
    "a proposal sealed": "refused approval",
    "a conflict opened beside a proposal": "refused conflict",
    "a proposal refused, another begun": "refused not_open",
    "no kind": "refused unknown_field",
    "no value": "refused not_date",
}


def standing() -> Standing:
    found = Standing()
    found.put("person", HER, "name", Cell("Lan", (1,), 10))
    found.put("person", HER, "note", Cell("w", (1, 2), 60))
    found.put("person", HIM, "birth", Cell("1950", (1,), 10))
    found.put("alias", HIM, "survivor", Cell(HER, (2,), 20))
    found.put("alias", ELSE, "survivor", Cell(HER, (2,), 20))
    found.put("consent", HER, "wording", Cell("x", (1,), 10))
    found.put("alias", NEW, "survivor", Cell(None, (2,), 20))
    found.put("account", HER, "number", Cell("1", (1,), 10))
    opened: dict[str, Value] = {"subject": HER, "seq": 3, "atom": 0, "state": "open"}
    for name, value in opened.items():
        found.put("conflict", IT, name, Cell(value, (3,), 30))
    return found


def entry_of(*atoms: Atom, said: tuple[Verdict, ...] | None = None) -> Entry:
    found = ChangeSet("C", "bo", "d", 1, "", CLOCK, "", atoms)
    return Entry(9, SignedSet(found.body, b""), said or (APPLIED,) * len(atoms))


def judged(entry: Entry, stands: Standing) -> tuple[Verdict, ...]:
    return judge(entry.signed.set, stands, 1 << 60, PAST, lambda _atom: "")


@pytest.mark.parametrize("how", ATOMS)
def test_what_becomes_of_it(how: str) -> None:
    (said,) = judged(entry_of(ATOMS[how]), standing())
    assert f"{said.outcome} {said.why}".strip() == STOPPED.get(how, "applied")


@pytest.mark.parametrize("how", ATOMS)
def test_whatever_was_let_pass_is_found_and_nothing_else(how: str) -> None:
    for stands in (standing(), Standing()):
        entry = entry_of(ATOMS[how])
        found = dict(judged_anew(entry, stands, PAST))
        assert found == {at: each for at, each in enumerate(judged(entry, stands)) if each != APPLIED}


@pytest.mark.parametrize("how", ATOMS)
def test_what_was_judged_rightly_is_not_found(how: str) -> None:
    entry = entry_of(ATOMS[how])
    assert not list(judged_anew(replace(entry, verdicts=judged(entry, standing())), standing(), PAST))


def test_what_people_decided_about_somebody_lands_though_she_is_joined() -> None:
    stands = standing()
    stands.put("alias", HER, "survivor", Cell(NEW, (2,), 20))
    assert judged(entry_of(ATOMS["a conflict decided"]), stands) == (APPLIED,)


def test_each_atom_is_asked_though_those_before_it_hold_or_were_refused() -> None:
    new, money = ATOMS["a new person's name"], ATOMS["money"]
    refused = Verdict(Outcome.REFUSED, CLOCK, why="role")
    entry = entry_of(new, new, money, said=(APPLIED, refused, APPLIED))
    fault = dict(judged_anew(entry_of(new, money), Standing(), PAST))
    assert list(fault) == [1]
    other = Atom((Edit("person", NEW, "birth", "1950"),))
    entry = entry_of(new, other, money, said=(APPLIED, refused, APPLIED))
    assert list(dict(judged_anew(entry, Standing(), PAST))) == [2]


def test_a_set_with_a_fault_is_refused_whole() -> None:
    entry = entry_of(ATOMS["a new person's name"], ATOMS["no value"])
    found = dict(judged_anew(entry, standing(), PAST))
    assert {at: (each.outcome, each.why) for at, each in found.items()} == {
        0: (Outcome.REFUSED, "not_date"),
        1: (Outcome.REFUSED, "not_date"),
    }


def test_an_alias_of_an_alias_is_refused_as_such() -> None:
    entry = entry_of(ATOMS["a new person's name"], ATOMS["an alias of an alias"])
    assert dict(judged_anew(entry, standing(), PAST)) == {1: Verdict(Outcome.REFUSED, CLOCK, why="alias")}


def test_another_clock_than_the_earlier_of_author_and_receipt_is_found() -> None:
    name = ATOMS["a new person's name"]
    assert not list(
        judged_anew(entry_of(name, said=(Verdict(Outcome.APPLIED, CLOCK - 1),)), Standing(), PAST)
    )
    late = entry_of(name, said=(Verdict(Outcome.APPLIED, CLOCK + 1),))
    assert dict(judged_anew(late, Standing(), PAST)) == {0: APPLIED}


def test_an_ordinary_value_on_what_never_stood_lands() -> None:
    entry = entry_of(Atom((Edit("person", HER, "phone", "0388", None, 7),)))
    assert judged(entry, standing()) == (APPLIED,)


def test_as_many_verdicts_as_atoms() -> None:
    one = entry_of(ATOMS["a new person's name"], ATOMS["money"], said=(APPLIED,))
    with pytest.raises(ValueError, match="shorter"):
        list(judged_anew(one, Standing(), PAST))
