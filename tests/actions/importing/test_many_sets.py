"""Many change sets at once are as if saved one after the other."""

from __future__ import annotations

import pytest

from app.actions.desk import Desk
from app.domain import reasons
from app.domain.changes import lone
from app.domain.errors import Refusal
from app.store import audit, unit
from app.store.opened import Opened, open_record


def test_each_follows_the_one_before_and_rows_hold_the_last_word(desk: Desk) -> None:
    record = desk.ids.new()
    begun = Opened("person", record).edits({"name": "Lò Thị Pánh", "state": "active"})
    other = Opened("person", desk.ids.new()).edits({"name": "Vì Văn Khụt", "state": "active"})
    with desk.vault.write() as connection:
        before = audit.head(connection).no
        last, _previous = unit.last_of_device(connection, desk.pen.device)
        first, second = unit.save_all(connection, desk.pen, "import", [lone(begun), lone(other)])
        opened = open_record(connection, "person", record)
        assert opened is not None
        moved = lone(opened.edits({"phone": "0388123417"}))
        once = lone(opened.edits({"hamlet": "Bản Nà Lụa"}))
        third, fourth = unit.save_all(connection, desk.pen, "import", [moved, once])
        sets = [signed.set for signed in (first, second, third, fourth)]
        assert [each.number for each in sets] == [last + 1, last + 2, last + 3, last + 4]
        assert [each.previous for each in sets[1:]] == [first.id, second.id, third.id]
        assert audit.head(connection).no == before + 4
        assert audit.verify(connection) is None
        now = open_record(connection, "person", record)
    assert now is not None
    assert (now.values["phone"], now.values["hamlet"]) == ("0388123417", "Bản Nà Lụa")
    assert (now.on["name"], now.on["phone"], now.on["hamlet"]) == (first.id, third.id, fourth.id)


def test_one_fault_refuses_them_all(desk: Desk) -> None:
    good = Opened("person", desk.ids.new()).edits({"name": "Lò Thị Pánh"})
    bad = Opened("person", desk.ids.new()).edits({"sex": "none of these"})
    with desk.vault.write() as connection:
        before = audit.head(connection)
        with pytest.raises(Refusal, match=r"record\.value"):
            unit.save_all(connection, desk.pen, "import", [lone(good), lone(bad)])
        assert audit.head(connection) == before


@pytest.mark.parametrize("reason", ["import", "nhập lại", "import thử", "import 12", "withdraw "])
def test_an_officers_own_words_are_no_batch(reason: str) -> None:
    assert (reasons.code_of(reason), reasons.batch_of(reason)) == (reason, "")


def test_a_batch_is_found_in_its_reason(desk: Desk) -> None:
    batch = desk.ids.new()
    reason = reasons.of_batch(reasons.WITHDRAW, batch)
    assert (reasons.code_of(reason), reasons.batch_of(reason)) == ("withdraw", batch)
