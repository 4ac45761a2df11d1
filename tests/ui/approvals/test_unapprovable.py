"""What nobody can approve: said before she signs, and ended by refusing it."""

from __future__ import annotations

import pytest

from app.actions.accounts import Enrolment, proposal_edits
from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.domain.aliases import Seen, joining, pack
from app.domain.changes import Edit, lone
from app.domain.progress import Progress
from app.store import twins, unit
from app.store.opened import open_record
from app.ui.approvals.found import may_refuse, read_found
from app.ui.notices import Notice
from app.ui.parts.chips import Mark
from tests.offices import Commune
from tests.ui.approvals.seen import page, standing
from tests.ui.queueing import Sit, shown


def test_an_account_without_its_holders_name_is_approved_by_nobody(
    office: Commune, boss: Desk, sit: Sit
) -> None:
    """As workbooks bring them: what would be refused once she signed is said before."""
    first, second = office.desks
    who = add_person(first, {"name": "Lò Thị Lan"}, "add")
    with first.vault.read() as connection:
        her = open_record(connection, "person", who)
    assert her
    bank = first.reference.providers.find("BIDV")
    assert bank
    nameless = Enrolment(who, "bank", bank.code, "12610001845", "", "workbook", "", "")
    save(first, "import", proposal_edits(first, nameless, her)[0])
    office.sync(first, second)
    at = sit(boss)
    assert (page(at).signing, page(at).case.asked.barred) == (None, "incomplete")
    assert page(at).case.asked.cautions == ()
    assert any(mark.accessibleName() == "chưa ghi" for mark in shown(at.pane.page, Mark))
    assert any("chưa ghi tên chủ" in each.accessibleName() for each in shown(at.pane.page, Notice))
    at.say("hỏi lại tên chủ")
    page(at).refuse()
    at.settle()
    office.sync(second, first)
    assert standing(first, who) == ["refused"]


@pytest.mark.parametrize("subject", ["account", None])
def test_junk_is_turned_down(office: Commune, boss: Desk, sit: Sit, subject: str | None) -> None:
    """Nobody can approve it, so somebody has to be able to end it; it stops no other page."""
    first, second = office.desks
    deep = "[" * 30_000
    says = {"subject": subject, "wants": '[[["alias"],1,2,3,"zz"]]', "evidence": deep, "state": "open"}
    with first.vault.write() as connection:
        edits = [Edit("proposal", "e" * 32, name, each) for name, each in says.items() if each]
        unit.save(connection, first.pen, "x", list(lone(edits)))
    office.sync(first, second)
    at = sit(boss)
    assert page(at).signing is None
    page(at).refuse()  # without a reason
    at.say("what is it?")
    page(at).refuse()
    at.settle()
    with boss.vault.read() as connection:
        answered = open_record(connection, "proposal", "e" * 32)
    assert answered
    assert (answered.values["state"], answered.values["answer"]) == ("refused", "what is it?")


def test_a_merge_with_somebody_who_is_not_here_is_approved_by_nobody(office: Commune, boss: Desk) -> None:
    first, second = office.desks
    who = add_person(first, {"name": "Lò Thị Lan"}, "add")
    office.sync(first)
    with first.vault.write() as connection:
        seen = twins.candidates(connection, {who})[who].seen
        wants = pack([joining(seen, Seen("f" * 32, {}, {}), "twice")])
        says = {"subject": "merge", "wants": wants, "proposer": first.officer.id, "state": "open"}
        unit.save(
            connection, first.pen, "x", list(lone([Edit("proposal", "e" * 32, *it) for it in says.items()]))
        )
    office.sync(first, second)
    (asked,) = read_found(Progress(), boss).asked
    assert (asked.barred, may_refuse(boss, asked)) == ("unshown", True)
