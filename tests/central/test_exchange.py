"""Two laptops and a centre over HTTP: both see everything, nothing is lost, nobody else gets in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import func, select

from app.domain.changes import Atom, Edit
from app.domain.errors import Trouble
from app.store.central_tables import aside
from app.store.exchanges import recent
from app.store.tables import changes, overwritten
from app.sync import conversation, snapshot
from tests.central.laptops import House, Laptop, all_agree, answer_of


def test_second_laptop_sees_the_first_ones_change(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record = a.new_person(phone="0388123417")
    first = a.sync(served)
    assert (first.pushed, first.pulled, first.waiting, first.in_step) == (1, 0, 0, True)
    second = b.sync(served)
    assert (second.pushed, second.pulled, second.in_step) == (0, 1, True)
    b.change(record, phone="0912000111", hamlet="Bản Nà Lụa")
    b.sync(served)
    assert a.sync(served).records == {("person", record)}
    assert a.person(record)["phone"] == "0912000111"
    all_agree(pair)


def test_same_bytes_again_same_receipts_and_no_new_entry(served: House, pair: list[Laptop]) -> None:
    a, _ = pair
    a.new_person()
    a.new_person()
    request = a.signed(a.compose())
    first, again = (answer_of(served, served.exchange(request)) for _ in range(2))
    assert first.receipts == again.receipts
    assert first.receipts == []
    assert [entry.seq for entry in first.entries] == [1, 2]
    assert first.cursor == again.cursor == 2


def test_a_lost_answer_costs_a_repeat(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    a.new_person()

    class Broken:
        def exchange(self, request: bytes) -> bytes:
            served.exchange(request)
            raise Trouble("sync.offline")

    with pytest.raises(Trouble, match=r"sync\.offline"):
        a.sync(Broken())
    with a.vault.read() as connection:
        assert [found.outcome for found in recent(connection)] == ["sync.offline"]
    done = a.sync(served)
    assert (done.cursor, done.waiting, done.in_step) == (1, 0, True)
    b.sync(served)
    all_agree(pair)


def test_guarded_values_apart_open_one_conflict_for_both(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record = a.new_person()
    a.sync(served)
    b.sync(served)
    a.change(record, birth="1948-03-12")
    b.change(record, birth="1948-12-03")
    for laptop in (a, b, a):
        laptop.sync(served)
    for laptop in pair:
        conflicts = [cells for (kind, _), cells in laptop.cells().items() if kind == "conflict"]
        assert [(found["subject"], found["state"]) for found in conflicts] == [(record, "open")]
        assert laptop.person(record)["birth"] == "1948-03-12"
    all_agree(pair)


def test_ordinary_values_apart_later_stands_other_is_listed(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record = a.new_person()
    a.sync(served)
    b.sync(served)
    b.change(record, note="earlier")
    a.change(record, note="later")
    for laptop in (a, b, a):
        laptop.sync(served)
    for laptop in pair:
        assert laptop.person(record)["note"] == "later"
        with laptop.vault.read() as connection:
            listed = connection.execute(select(overwritten.c.record, overwritten.c.field)).all()
        assert listed == [(record, "note")]
    all_agree(pair)


def test_nothing_puts_an_account_in_force(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record, account, proposal = a.new_person(), a.ids.new(), a.ids.new()
    a.save(Edit("person", record, "receiving_account", account))
    accepted = Edit("proposal", proposal, "state", "accepted")
    a.save(Atom((accepted, Edit("person", record, "receiving_account", account, account))))
    done = a.sync(served)
    assert (done.refused, done.waiting, done.in_step) == (2, 0, True)
    b.sync(served)
    for laptop in pair:
        assert "receiving_account" not in laptop.person(record)
        assert ("proposal", proposal) not in laptop.cells()
    all_agree(pair)


def test_a_sync_with_nothing_to_say_is_small(served: House, pair: list[Laptop]) -> None:
    a, _ = pair
    a.new_person()
    a.sync(served)
    done = a.sync(served)
    assert (done.exchanges, done.pushed, done.pulled) == (1, 0, 0)
    with a.vault.read() as connection:
        last = recent(connection)[0]
    assert last.bytes_out + last.bytes_in <= 600


def test_a_long_outbox_and_a_far_cursor_take_several_pages(
    served: House, pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    for module in ("app.sync.replica", "app.sync.register"):
        monkeypatch.setattr(f"{module}.PAGE_BYTES", 2_000)
    for _ in range(30):
        a.new_person(note="x" * 100)
    assert a.sync(served).exchanges > 3
    done = b.sync(served)
    assert (done.pulled, done.in_step) == (30, True)
    assert done.exchanges > 3
    all_agree(pair)


WHO = "a" * 32


def odd_words() -> Iterator[str]:
    """Of proposals: what is no kind, no record, no field, no base where an edit or a read names one."""
    odd: dict[str, list[object]] = {
        "kind": [["person"], {}, 7, None, "\ud800", "ghost"],
        "record": [["a" * 32], {}, 7, None, "\ud800", "\0"],
        "field": [["name"], {}, 7, None, "\ud800", "\0"],
        "on": [["a"], {}, "zz", -1, 1 << 70, "\ud800"],
    }
    sound: dict[str, object] = {"kind": "person", "record": WHO, "field": "name", "on": None}
    for bent in [sound | {part: each} for part, several in odd.items() for each in several]:
        kind, record, name, on = bent.values()
        yield json.dumps([[kind, record, name, "x", on]])
        yield json.dumps([["person", record, "receiving_account", "c" * 32, on]])
        for goes, base, reads in ((record, on, []), ("b" * 32, None, [[kind, record, on, name]])):
            pair = [["alias", goes, "survivor", WHO, base], ["alias", goes, "why", "x", base]]
            yield json.dumps([[pair, reads]])
    yield from ("[" * 30_000, "[[1]]", "{}")


def test_odd_words_of_a_proposal_stop_nothing(served: House, pair: list[Laptop]) -> None:
    """The centre loads what a proposal names by kind and record, from either kind of database."""
    a, b = pair
    for words in odd_words():
        proposals = {a.ids.new(): each for each in ("account", "decision", "merge", "unmerge", "restore")}
        opened = a.save(
            *[
                Edit("proposal", proposal, *each)
                for proposal, subject in proposals.items()
                for each in (("person", WHO), ("subject", subject), ("wants", words), ("state", "open"))
            ]
        )
        taken_back = [Edit("proposal", each, "state", "withdrawn", "open", opened.id) for each in proposals]
        a.save(*taken_back)  # to judge it, the centre reads the words
    record = a.new_person(name="Vàng A Dế")
    done = a.sync(served)
    assert (done.waiting, done.in_step) == (0, True)
    b.sync(served)
    assert b.person(record)["name"] == "Vàng A Dế"
    all_agree(pair)


def test_a_forged_set_is_kept_aside_and_stops_nothing_else(served: House, pair: list[Laptop]) -> None:
    a, b = pair
    record = a.new_person()
    request = a.compose()
    (body, signature), *_ = request.sets
    forged = msgspec.structs.replace(request, sets=[(body, signature[:-1] + bytes([signature[-1] ^ 1]))])
    answer = answer_of(served, served.exchange(a.signed(forged)))
    assert [receipt.why for receipt in answer.receipts] == ["signature"]
    with served.centre.read() as connection:
        assert [row.why for row in connection.execute(select(aside))] == ["signature"]
    assert a.sync(served).in_step
    assert b.sync(served).in_step
    assert b.person(record)["birth"] == "1948"


def test_a_set_not_taken_waits_and_the_loop_ends(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    a.pen = replace(a.pen, sign=b.pen.sign)
    a.new_person()
    done = a.sync(trained)
    assert (done.waiting, done.not_taken, done.in_step) == (1, ("signature",), False)
    assert done.exchanges == 1


def test_a_newcomer_is_filled_from_a_snapshot_then_told_the_history(
    served: House, pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    for end in (conversation, snapshot):
        monkeypatch.setattr(end, "FAR", 3)
    a, b = pair
    record = a.new_person()
    for note in ("one", "two", "three"):
        a.change(record, note=note)
    a.sync(served)
    done = b.sync(served)
    assert (done.pulled, done.in_step) == (0, True)
    all_agree(pair)
    assert conversation.fetch_history(b.vault, served, b.device, 9) == 0
    with b.vault.read() as connection:
        assert connection.scalar(select(func.count()).select_from(changes)) == 4
    a.change(record, note="four")
    a.sync(served)
    assert b.sync(served).pulled == 1
    all_agree(pair)
