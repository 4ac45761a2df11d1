"""The page of duplicates: a pair, one with doubts, the batch of two imports, what waits, who is two."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.people import add_entitlement, add_person
from app.domain.changes import Edit, lone
from app.domain.progress import Progress
from app.domain.reasons import IMPORT, of_batch
from app.domain.records import Value
from app.store import alike, queries, twins, unit
from app.store.listing import Listing
from app.store.opened import Opened, open_record
from app.ui.duplicates.pair import PairPage
from app.ui.rooms.duplicates import DuplicatesRoom
from tests.ui.scenes import Stage

_COPIED = ("name", "sex", "birth", "personal_id", "old_id", "hamlet", "address", "ethnicity", "phone")


def _desk(stage: Stage) -> Desk:
    assert stage.doors.session is not None
    return stage.doors.session.desk


def enter_twice(stage: Stage) -> None:
    """Some people of the training commune a second time: by hand with slips, and by two imports."""
    desk = _desk(stage)
    with desk.vault.read() as connection:
        rows = queries.person_rows(connection, queries.ids(connection, Listing())[:400])
        known = [row for row in rows if row and row.personal_id and row.birth and row.birth.day]
        opened = [open_record(connection, "person", row.id) for row in known[:30]]
    values = [{name: one.values.get(name) for name in _COPIED} for one in opened if one]
    _by_hand(desk, values[:4])
    for batch in ("a" * 32, "b" * 32):
        works = [lone(_renamed(desk, each)) for each in values[4:30]]
        with desk.vault.write() as connection:
            unit.save_all(connection, desk.pen, of_batch(IMPORT, batch), works)
    _saved(stage)


def _saved(stage: Stage) -> None:
    assert stage.doors.session is not None
    stage.doors.session.link.saved()
    stage.settle()


def _by_hand(desk: Desk, values: list[dict[str, Value]]) -> None:
    slips: tuple[dict[str, Value], ...] = (
        {"phone": "0388417290", "address": "Nhà cạnh trường mầm non"},
        {"personal_id": None, "old_id": None},
        {"hamlet": "Bản Co Mạ"},
        {"personal_id": None, "birth": str(values[3]["birth"])[:4]},
    )
    for each, slip in zip(values, slips, strict=True):
        wanted = {name: value for name, value in {**each, **slip}.items() if value is not None}
        record = add_person(desk, wanted, "card")
        add_entitlement(desk, record, {"group": "NCT80", "amount": 540_000, "since": "2026-01"}, "import")


def _renamed(desk: Desk, values: dict[str, Value]) -> list[Edit]:
    """An invented person of her own, so that the batch holds those two imports alone."""
    number = str(values["personal_id"])
    wanted = {
        **values,
        "name": f"{values['name']} Xuân",
        "personal_id": number[:6] + number[:5:-1],
        "old_id": None,
    }
    return Opened("person", desk.ids.new()).edits({"state": "active", **wanted})


def page(stage: Stage) -> None:
    """A pair as it opens, begun, the batch, a proposal, two people."""
    room = stage.window.go("duplicates")
    assert isinstance(room, DuplicatesRoom)
    pane = room.duplicates
    stage.settle()
    pane.list.choose("batch")
    stage.draw("duplicates-batch")
    assert pane.found is not None
    pane.list.choose(pane.found.pairs[0].pair)
    stage.settle()
    stage.draw("duplicates-pair")
    assert isinstance(pane.page, PairPage)
    pane.page.reason.control.set_value("Đã hỏi, là một người: con gái bà đưa thẻ.")
    pane.page.reason.control.changed.emit()
    pane.body.verticalScrollBar().setValue(10_000)
    stage.draw("duplicates-begun")
    pane.list.choose(pane.found.pairs[-1].pair)
    stage.settle()
    stage.draw("duplicates-doubt")
    pane.list.choose(pane.found.waiting[0].opened.record)
    stage.draw("duplicates-waiting")
    pane.list.choose(f"two:{pane.found.judged[0].opened.record}")
    stage.draw("duplicates-two")
    stage.window.go("today")
    stage.draw("today-duplicates")


def judge_some(stage: Stage) -> None:
    """One pair is proposed, one said to be two; the others stay for the pictures."""
    desk = _desk(stage)
    duplicates.compare(Progress(), desk)
    with desk.vault.read() as connection:
        likes = alike.open_pairs(connection)
        batch = duplicates.batch(twins.couples(connection, likes))
    at_once = {merge.other.record for merge in batch} | {merge.survivor.record for merge in batch}
    alone = [like for like in likes if not {like.first, like.second} & at_once]
    with desk.vault.read() as connection:
        known = twins.candidates(connection, [alone[1].first, alone[1].second])
    survivor, other, _why = duplicates.preferred(*known.values())
    duplicates.propose(desk, [duplicates.Merge(survivor, other)], "Đã hỏi, là một người")
    two = alone[2]
    duplicates.judge(desk, (two.first, two.second), are_two=True, reason="Đã hỏi, là hai chị em")
    _saved(stage)


SCENES: tuple[Callable[[Stage], None], ...] = (page,)
