"""Adding, changing, ending and undoing on a real vault: what stands, what is refused, what history says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.actions import households, people
from app.actions.desk import Desk
from app.actions.people import Ending
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.records import Value
from app.store import audit, dossier, queries
from app.store.history import history
from app.store.households import households as all_households
from app.store.opened import Opened, open_record
from tests import desks

LAN: Mapping[str, Value] = {
    "name": "Lò Thị Lan",
    "birth": "1948",
    "phone": "0388000111",
    "hamlet": "Bản Co Mạ",
}
RIGHT: Mapping[str, Value] = {"group": "HTXH", "coefficient": "1.0", "amount": 540_000, "since": "2025-07"}


def opened(desk: Desk, record: str, kind: str = "person") -> Opened:
    with desk.vault.read() as connection:
        found = open_record(connection, kind, record)
    assert found is not None
    return found


def whole(desk: Desk, record: str) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, record)
    assert found is not None
    return found


def reasons(desk: Desk, record: str) -> list[str]:
    with desk.vault.read() as connection:
        return list(dict.fromkeys(line.hand.reason for line in history(connection, record)))


def set_ids(desk: Desk, record: str) -> list[str]:
    with desk.vault.read() as connection:
        return list(dict.fromkeys(line.hand.set_id for line in history(connection, record)))


def test_a_person_and_her_first_right_are_one_save(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add", RIGHT)
    found = whole(desk, lan)
    assert (found.row.state, found.row.groups, found.row.amount) == ("active", ("HTXH",), 540_000)
    assert len(set_ids(desk, lan)) == 1


@pytest.mark.parametrize(
    ("values", "right", "code"),
    [
        ({"name": "  "}, None, "person.name"),
        ({"name": "Lò Thị Lan", "birth": "30/02"}, None, "record.value"),
        ({"name": "Lò Thị Lan"}, {"amount": 540_000}, "right.group"),
    ],
)
def test_what_may_not_stand_saves_nothing(
    desk: Desk, values: Mapping[str, Value], right: Mapping[str, Value] | None, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        people.add_person(desk, values, "add", right)
    with desk.vault.read() as connection:
        assert queries.today(connection, "").without_account == 0


def test_a_guarded_field_asks_why_and_an_ordinary_one_does_not(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add")
    with pytest.raises(Refusal) as refused:
        people.change_record(desk, opened(desk, lan), {"name": "Lò Thị Lán"}, "")
    assert (refused.value.code, refused.value.field) == ("record.reason", "reason")
    assert people.change_record(desk, opened(desk, lan), {"note": "đi lại khó"}, "")
    assert not people.change_record(desk, opened(desk, lan), {"note": "đi lại khó"}, "")
    assert people.change_record(desk, opened(desk, lan), {"name": "Lò Thị Lán"}, "theo thẻ")
    assert reasons(desk, lan) == ["theo thẻ", "change", "add"]


def test_nobody_writes_what_only_an_approver_may(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add")
    with pytest.raises(Refusal, match=r"record\.not_editable"):
        people.change_record(desk, opened(desk, lan), {"receiving_account": "a" * 32}, "x")


def test_a_save_is_laid_on_what_its_author_had_seen(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add")
    early = opened(desk, lan)
    people.change_record(desk, opened(desk, lan), {"phone": "0388000222"}, "")
    people.change_record(desk, early, {"phone": "0388000333"}, "")
    with desk.vault.read() as connection:
        newest = history(connection, lan)[0]
    assert (newest.old, newest.new, newest.seen) == ("0388000111", "0388000333", set_ids(desk, lan)[-1])


def test_closing_ends_rights_and_takes_proposals_back_and_undo_restores_all(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add", RIGHT)
    desks.enrolled(desk, lan, "LO THI LAN")
    found = whole(desk, lan)
    proposals = [account.proposal for account in found.accounts if account.proposal]
    ending = Ending("died", PartialDate.parse("2026-03-05"), "giấy chứng tử")
    people.end_person(desk, found.opened, found.entitlements, proposals, ending)
    after = whole(desk, lan)
    assert (after.row.state, after.opened.values["state_since"], after.row.amount) == (
        "died",
        "2026-03-05",
        0,
    )
    assert [(r.values["state"], r.values["until"]) for r in after.entitlements] == [("ended", "2026-03")]
    assert [account.standing for account in after.accounts] == ["withdrawn"]
    assert people.undo(desk, set_ids(desk, lan)[0], "đóng nhầm")
    again = whole(desk, lan)
    assert (again.row.state, again.row.amount, again.row.account) == ("active", 540_000, "proposed")
    assert "state_since" not in again.opened.values or again.opened.values["state_since"] is None


def test_closing_asks_for_a_reason_and_a_day_that_was(desk: Desk) -> None:
    found = whole(desk, people.add_person(desk, LAN, "add"))
    for ending, code in (
        (Ending("died", PartialDate(2020), ""), "record.reason"),
        (Ending("died", PartialDate(desk.clock.today().year + 1), "x"), "person.ends_later"),
    ):
        with pytest.raises(Refusal, match=code):
            people.end_person(desk, found.opened, (), (), ending)
    assert whole(desk, found.row.id).row.state == "active"


def test_one_entered_by_mistake_was_never_paid(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add", RIGHT)
    found = whole(desk, lan)
    ending = Ending("entered_by_mistake", PartialDate(2020), "trùng")
    people.end_person(desk, found.opened, found.entitlements, (), ending)
    assert [right.values["state"] for right in whole(desk, lan).entitlements] == ["entered_by_mistake"]


def test_undo_leaves_what_moved_on(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add")
    people.change_record(desk, opened(desk, lan), {"phone": "0388000222", "note": "một"}, "")
    changed = set_ids(desk, lan)[0]
    people.change_record(desk, opened(desk, lan), {"phone": "0388000333"}, "")
    assert people.undo(desk, changed, "ghi nhầm")
    values = opened(desk, lan).values
    assert (values["phone"], values["note"]) == ("0388000333", None)
    assert not people.undo(desk, changed, "ghi nhầm")


def test_a_look_at_a_number_is_audited(desk: Desk) -> None:
    lan = people.add_person(desk, LAN, "add")
    assert people.reveal(desk, "person", lan, "phone") == "0388000111"
    with desk.vault.read() as connection:
        since = desk.clock.now().replace(year=desk.clock.now().year - 1)
        assert audit.looks(connection, lan, since) == 1
        assert audit.looks(connection, "b" * 32, since) == 0
        assert audit.verify(connection) is None
    with pytest.raises(Refusal, match=r"record\.gone"):
        people.reveal(desk, "person", lan, "old_id")


def test_households_are_founded_joined_and_left(desk: Desk) -> None:
    lan, mai = (people.add_person(desk, {"name": name}, "add") for name in ("Lò Thị Lan", "Lò Thị Mai"))
    house = households.found_household(
        desk, opened(desk, lan), {"code": "H-014", "hamlet": "Bản Co Mạ"}, "mới"
    )
    with pytest.raises(Refusal, match=r"record\.reason"):
        households.join_household(desk, opened(desk, mai), house, "con", "")
    households.join_household(desk, opened(desk, mai), house, "con", "về ở cùng")
    with desk.vault.read() as connection:
        (line,) = all_households(connection)
    assert (line.head, line.code, line.hamlet, line.members) == ("Lò Thị Lan", "H-014", "Bản Co Mạ", 2)
    family = whole(desk, mai).household
    assert family is not None
    assert [member.name for member in family.members] == ["Lò Thị Lan", "Lò Thị Mai"]
    households.join_household(desk, opened(desk, mai), None, "", "ra ở riêng")
    assert whole(desk, mai).household is None
    people.change_record(desk, opened(desk, house, "household"), {"state": "ended"}, "đã hết người")
    with desk.vault.read() as connection:
        assert all_households(connection) == []
