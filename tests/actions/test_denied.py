"""What a role forbids is refused and noted: who tried what, when, once a try, and nobody's name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app import words
from app.actions import approvals, breach, conflicts, lists, officers, own_data, people
from app.actions.breach import Span
from app.actions.desk import Desk
from app.domain.errors import Denied, Refusal
from app.domain.progress import Progress
from app.domain.proposals import PROPOSAL
from app.domain.roles import Author
from app.store import audit
from app.store.audit import Deed
from app.store.contest import open_contests
from app.store.opened import open_record
from app.store.rights import guarding
from app.store.tables import audit as log
from app.store.tables import records
from app.ui.papers.breach_report import act_words, denied_words
from tests.desks import PASSWORD, enrolled
from tests.offices import Commune, change, shown

APP = Path(__file__).resolve().parent.parent.parent / "app"
NAME, NUMBER, HERS, NOT_HERS = "Lò Thị Kín", "014148032213", "Bản Nà Lụa", "Bản Co Mạ"
WHY = "Lò Thị Kín kể lại"  # whatever she types may name somebody


def as_role(desk: Desk, role: str, *hamlets: str) -> Desk:
    """The same laptop, with this role at it."""
    may = guarding(desk.reference.rights, lambda _now: Author(desk.officer.id, (role,), hamlets))
    officer = replace(desk.officer, roles=(role,), scope=hamlets)
    return replace(desk, officer=officer, pen=replace(desk.pen, require=may))


def denied(desk: Desk) -> list[Deed]:
    """What the log says of refusals, oldest first."""
    with desk.vault.whole() as connection:
        found = connection.execute(log.select().where(log.c.act == audit.DENIED).order_by(log.c.no)).all()
        assert audit.verify(connection) is None
    return [Deed(*row[:7]) for row in found]


def span(desk: Desk) -> Span:
    now = desk.clock.now()
    return Span(now, now, now)


def refused_at_the_desk(desk: Desk, person: str) -> dict[str, Callable[[], object]]:
    """What is asked of one laptop: what the log is to say, and the try."""
    surveyor, administrator = as_role(desk, "surveyor", HERS), as_role(desk, "administrator")
    auditor = as_role(desk, "auditor")
    return {
        "person right.role save phone": lambda: change(auditor, person, WHY, phone="0388000111"),
        "person right.role save sex": lambda: change(surveyor, person, WHY, sex="male"),
        "person right.place save note": lambda: change(surveyor, person, WHY, note=WHY),
        "proposal right.role save person": lambda: enrolled(auditor, person, "LO THI KIN"),
        " right.sight list": lambda: lists.accounts_in_force(Progress(), administrator),
        " right.sight own_data": lambda: own_data.gather(Progress(), surveyor, person),
        " right.sight breach_report": lambda: breach.prepare(Progress(), surveyor, span(desk)),
        " right.role officers": lambda: officers.add(
            Progress(), auditor, auditor.prove(PASSWORD), NAME, "officer", "con trâu đi sau"
        ),
    }


def test_every_try_that_a_role_forbids_is_noted_once(desk: Desk) -> None:
    person = people.add_person(desk, {"name": NAME, "personal_id": NUMBER, "hamlet": NOT_HERS}, "add")
    for said, attempt in refused_at_the_desk(desk, person).items():
        before = denied(desk)
        for times in (1, 2):
            with pytest.raises(Denied):
                attempt()
            noted = denied(desk)[len(before) :]
            assert len(noted) == times, said
        assert {f"{one.kind} {one.detail}" for one in noted} <= {said, said.replace("proposal", "account")}
        assert {one.officer for one in noted} == {desk.officer.id}
        assert {one.record for one in noted} == {""}
    assert not any(word in repr(denied(desk)) for word in (NAME, "Kín", "KIN", NUMBER, NOT_HERS, WHY))


def test_it_is_noted_once_though_it_passes_two_doors(desk: Desk) -> None:
    passing = Denied("right.role", desk.officer.id, "officers")
    desk.vault.note(passing)
    with pytest.raises(Denied), desk.vault.write():
        raise passing
    assert len(denied(desk)) == 1


def test_what_the_second_officer_may_not_is_noted(office: Commune) -> None:
    first, second = office.desks
    lan = people.add_person(first, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    boss = office.approver(first)
    enrolled(boss, lan, "LO THI LAN")
    office.sync(first, second)
    with first.vault.read() as connection:
        proposal = connection.scalars(select(records[PROPOSAL].c.id)).one()
    mine = shown(first, proposal)
    tries: list[tuple[Desk, Callable[[], object], str]] = [
        (boss, lambda: approvals.accept(boss, mine, boss.prove(PASSWORD)), "approval.same_officer approve"),
        (boss, lambda: approvals.refuse(boss, proposal, WHY), "approval.same_officer refuse"),
        (second, lambda: approvals.withdraw(second, proposal, WHY), "approval.not_hers withdraw"),
        (second, lambda: approvals.accept(second, mine, second.prove(PASSWORD)), "approval.approver approve"),
    ]
    for desk, attempt, said in tries:
        before = denied(desk)
        with pytest.raises(Denied):
            attempt()
        assert [(one.officer, one.detail) for one in denied(desk)[len(before) :]] == [(desk.officer.id, said)]


def test_a_conflict_that_is_not_hers_to_decide_is_noted(office: Commune) -> None:
    first, second = office.desks
    lan = people.add_person(first, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    office.sync(first, second)
    change(first, lan, "card", birth="1951-03-12")
    change(second, lan, "import", birth="1951-12-03")
    office.sync(first, second, first)
    auditor = as_role(first, "auditor")
    with first.vault.read() as connection:
        (asked,) = open_contests(connection)
    with pytest.raises(Denied, match=r"conflict\.not_entitled"):
        conflicts.decide(auditor, asked, ["1951-03-12"], WHY)
    assert [one.detail for one in denied(first)] == ["conflict.not_entitled decide"]


def test_what_no_role_forbids_is_not_noted(desk: Desk) -> None:
    person = people.add_person(desk, {"name": NAME}, "add")
    with pytest.raises(Refusal, match=r"record\.value"):
        change(desk, person, phone="not a number")
    with pytest.raises(Refusal, match=r"breach\.span"):
        breach.prepare(Progress(), desk, replace(span(desk), until=desk.clock.now().replace(year=2099)))
    assert denied(desk) == []


def test_a_log_that_cannot_be_written_changes_nothing_for_her(desk: Desk) -> None:
    person = people.add_person(desk, {"name": NAME}, "add")
    with desk.vault.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    with pytest.raises(Denied, match=r"right\.role"):
        change(as_role(desk, "auditor"), person, phone="0388000111")
    with pytest.raises(Denied, match=r"right\.sight"):
        lists.accounts_in_force(Progress(), as_role(desk, "administrator"))
    with desk.vault.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    assert opened.values.get("phone") is None
    desk.vault.lock()
    with pytest.raises(Denied, match=r"right\.sight"):  # nor does a register that was locked meanwhile
        lists.accounts_in_force(Progress(), as_role(desk, "administrator"))


def test_the_breach_report_tells_of_it(desk: Desk) -> None:
    person = people.add_person(desk, {"name": NAME}, "add")
    before = desk.clock.now().replace(microsecond=0)
    with pytest.raises(Denied):
        change(as_role(desk, "auditor"), person, phone="0388000111")
    now = desk.clock.now()
    report = breach.prepare(Progress(), desk, Span(before, now, now))
    assert report.acts[audit.DENIED, desk.officer.id] == 1
    [one] = report.denied
    assert denied_words(one) == ("ghi: Điện thoại", "vai trò không cho phép")
    words.speak("en")
    assert denied_words(one, words.gettext) == ("write: Phone", "her role does not allow it")


def noted_acts() -> Iterator[str]:
    """Every act that some code writes into the log."""
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.note", "audit.note_all"):
                act = node.args[2]
                if isinstance(act, ast.Constant):
                    yield str(act.value)


def denials() -> Iterator[tuple[str, str]]:
    """Every code and verb with which something is denied."""
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            if called == "Denied":
                codes = [each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)]
                deed = node.args[2]
                verb = deed.value if isinstance(deed, ast.Constant) else ""
                yield from ((str(code), str(verb)) for code in codes if "." in str(code))
            elif called == "require_everybody":
                assert isinstance(node.args[1], ast.Constant)
                yield "right.sight", str(node.args[1].value)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_log_has_words(language: str) -> None:
    words.speak(language)
    acts = {*noted_acts(), audit.DENIED, "list", "put_back"}
    assert len(acts) > 15
    assert [act for act in sorted(acts) if words.gettext(f"act.{act}") == f"act.{act}"] == []
    told = set(denials())
    assert {code for code, _verb in told} >= {"right.role", "right.sight", "approval.same_officer"}
    assert [code for code, _verb in told if words.gettext(f"denied.{code}") == f"denied.{code}"] == []
    verbs = {verb for _code, verb in told if verb} | {"save", "approve", "refuse", "withdraw"}
    assert [verb for verb in verbs if words.gettext(f"deed.{verb}") == f"deed.{verb}"] == []
    assert act_words("denied") == "bị từ chối theo quy định"
