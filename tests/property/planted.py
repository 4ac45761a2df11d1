"""Bugs planted into the engine, in tests only; every one is a sentence of design/sync.md left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import select, update

from app.domain import approval, standing
from app.domain import judge as judging
from app.domain.changes import Entry, Outcome, SignedSet, Verdict
from app.domain.proposals import value_of
from app.store import beneath, journal, outbox, place, renewal, roster, rows, unit
from app.store.central_tables import aside
from app.store.journal import Book
from app.store.tables import changes
from app.sync import register, replica

Bug = Callable[[], Any]
BUGS: dict[str, Bug] = {}


def _bug(plant: Bug) -> Bug:
    BUGS[plant.__name__.lstrip("_").replace("_", " ")] = contextmanager(plant)
    return plant


@_bug
def _waiting_edits_are_not_put_back() -> Iterator[None]:
    with patch.object(beneath, "uncovered", lambda connection, keys, _shown: rows.load(connection, keys)):
        yield


@_bug
def _a_hole_in_the_order() -> Iterator[None]:
    true = Book.append

    def append(book: Book, *args: Any) -> Entry:
        if book.seq == 20:
            book.seq += 1
        return true(book, *args)

    with patch.object(Book, "append", append):
        yield


@_bug
def _the_authors_clock_is_taken_as_it_is() -> Iterator[None]:
    true = judging.judge
    with patch.object(
        register, "judge", lambda found, stands, _received, *rest: true(found, stands, 1 << 62, *rest)
    ):
        yield


@_bug
def _the_effective_clock_is_not_bounded_from_below() -> Iterator[None]:
    true = judging._judge_ordinary

    def judge(edit: Any, stands: Any, clock: int, seq_of: Any) -> Verdict:
        said = true(edit, stands, clock, seq_of)
        return dataclasses.replace(said, clock=clock)

    with patch.object(judging, "_judge_ordinary", judge):
        yield


@_bug
def _what_stands_counts_as_seen() -> Iterator[None]:
    with patch.object(judging, "_moved_meanwhile", lambda *_: False):
        yield


@_bug
def _reads_are_not_looked_at() -> Iterator[None]:
    true = judging._judge_guarded
    with patch.object(
        judging, "_judge_guarded", lambda atom, *rest: true(dataclasses.replace(atom, reads=()), *rest)
    ):
        yield


@_bug
def _a_waiting_set_is_not_found_by_its_id() -> Iterator[None]:
    with patch.object(Book, "seq_of", lambda _book, _id: None):
        yield


@_bug
def _a_refused_set_takes_no_seq() -> Iterator[None]:
    true = register._append

    def append(desk: Any, signed: SignedSet) -> None:
        author = desk.officers[signed.set.author]
        if author.standing == roster.ACTIVE:
            true(desk, signed)
        else:
            desk.book._chains[signed.set.device] = (signed.set.number, signed.id)

    with patch.object(register, "_append", append):
        yield


@_bug
def _whoever_is_revoked_may_still_write() -> Iterator[None]:
    true = register._append

    def append(desk: Any, signed: SignedSet) -> None:
        known = desk.devices.items()
        devices = {name: dataclasses.replace(each, standing=roster.ACTIVE) for name, each in known}
        true(dataclasses.replace(desk, devices=devices), signed)

    stands = patch.object(roster.Officer, "stands", lambda *_: True)
    with stands, patch.object(register, "_append", append):
        yield


@_bug
def _laptops_are_not_told_who_was_revoked() -> Iterator[None]:
    with patch.object(roster, "_move_policy", lambda *_: None):
        yield


@_bug
def _signatures_are_not_checked_at_the_centre() -> Iterator[None]:
    true = register._obstacle

    def obstacle(desk: Any, signed: SignedSet) -> str:
        trusting = dataclasses.replace(desk.office, verify_set=lambda *_: True)
        return true(dataclasses.replace(desk, office=trusting), signed)

    with patch.object(register, "_obstacle", obstacle):
        yield


@_bug
def _an_answer_is_applied_twice() -> Iterator[None]:
    true, true_new = unit.absorb, replica._new_entries

    def absorb(connection: Any, page: Any) -> Any:
        if page.entries and page.entries[0].seq <= place.cursor(connection):
            place.write(connection, "cursor", str(page.entries[0].seq - 1).encode())
        return true(connection, page)

    def entries(connection: Any, response: Any, _cursor: int, trust: Any) -> Any:
        return true_new(connection, response, 0, trust)

    with patch.object(unit, "absorb", absorb), patch.object(replica, "_new_entries", entries):
        yield


@_bug
def _overwritten_values_are_not_listed() -> Iterator[None]:
    with patch.object(unit, "list_overwritten", lambda *_: None):
        yield


@_bug
def _a_replayed_set_is_not_recognised() -> Iterator[None]:
    true = register._take_all

    def take_all(desk: Any, asker: str, pushed: Any) -> Any:
        with patch.object(Book, "seqs", lambda _book, _ids: {}):
            return true(desk, asker, pushed)

    with patch.object(register, "_take_all", take_all):
        yield


@_bug
def _own_sets_are_matched_by_number() -> Iterator[None]:
    true = unit.write_entries

    def write(connection: Any, entries: Any) -> None:
        for entry in entries:
            found = entry.signed.set
            mine = (
                changes.c.device == found.device,
                changes.c.number == found.number,
                changes.c.seq.is_(None),
            )
            same = {"id": bytes.fromhex(entry.signed.id), "body": entry.signed.body}
            connection.execute(update(changes).where(*mine).values(**same))
        true(connection, entries)

    with patch.object(unit, "write_entries", write):
        yield


@_bug
def _sets_not_taken_are_dropped() -> Iterator[None]:
    with patch.object(Book, "put_aside", lambda *_: None):
        yield


@_bug
def _a_missing_predecessor_is_no_obstacle() -> Iterator[None]:
    true = register._obstacle

    def obstacle(desk: Any, signed: SignedSet) -> str:
        why = true(desk, signed)
        return "" if why == "gap" else why

    with patch.object(register, "_obstacle", obstacle):
        yield


@_bug
def _the_hash_of_the_previous_set_is_not_compared() -> Iterator[None]:
    true = Book.chain
    with patch.object(register, "_obstacle", _obstacle_by_number(true)):
        yield


def _obstacle_by_number(chain: Any) -> Callable[[Any, SignedSet], str]:
    true = register._obstacle

    def obstacle(desk: Any, signed: SignedSet) -> str:
        why = true(desk, signed)
        number, _ = chain(desk.book, signed.set.device)
        return "" if why == "clone" and signed.set.number == number + 1 else why

    return obstacle


@_bug
def _what_waited_for_its_predecessor_is_forgotten() -> Iterator[None]:
    with patch.object(Book, "successor", lambda *_: None):
        yield


@_bug
def _a_set_taken_at_last_stays_aside() -> Iterator[None]:
    with patch.object(journal, "_TAKE_OUT", select(aside.c.id).where(aside.c.id.in_([]))):
        yield


@_bug
def _a_false_signature_spoils_a_true_set_kept_aside() -> Iterator[None]:
    with patch.object(journal, "VERIFIED", frozenset({"gap", "clone", "signature"})):
        yield


@_bug
def _a_clones_sets_are_not_signed_anew() -> Iterator[None]:
    with patch.object(renewal, "renew", lambda *_: 0):
        yield


@_bug
def _signing_anew_does_not_translate_what_was_seen() -> Iterator[None]:
    with patch.object(renewal, "_translated", lambda atom, _names: atom):
        yield


@_bug
def _signing_anew_takes_a_new_clock() -> Iterator[None]:
    true = dataclasses.replace

    def replaced(found: Any, **moved: Any) -> Any:
        if "device" in moved:
            moved["clock"] = found.clock + (1 << 40)
        return true(found, **moved)

    with patch.object(renewal, "replace", replaced):
        yield


@_bug
def _signing_anew_loses_a_set() -> Iterator[None]:
    true = renewal._exchange_lines
    with patch.object(
        renewal,
        "_exchange_lines",
        lambda connection, lines: true(connection, [(line, None) for line, _ in lines[:1]] + list(lines[1:])),
    ):
        yield


@_bug
def _a_restored_backup_keeps_its_id() -> Iterator[None]:
    with patch.object(renewal, "begin_anew", lambda _connection: None):
        yield


@_bug
def _a_set_leaves_the_outbox_with_its_receipt() -> Iterator[None]:
    true = outbox.note_not_taken

    def note(connection: Any, whys: Any) -> None:
        true(connection, whys)
        sent = select(changes.c.no).where(changes.c.seq.is_(None), changes.c.why.is_(None)).limit(1)
        nos = list(connection.scalars(sent))
        connection.execute(update(changes).where(changes.c.no.in_(nos)).values(why="clone"))

    with patch.object(outbox, "note_not_taken", note):
        yield


@_bug
def _same_keeps_the_first_author_alone() -> Iterator[None]:
    with patch.object(standing, "_stand_beside", lambda *_: None):
        yield


@_bug
def _a_conflict_is_not_opened() -> Iterator[None]:
    with patch.object(standing, "_open_conflict", lambda *_: None):
        yield


@_bug
def _an_account_can_be_written_twice() -> Iterator[None]:
    with patch.object(
        judging, "_judge_once", lambda _atom, _standing, clock: Verdict(Outcome.APPLIED, clock)
    ):
        yield


@_bug
def _one_officer_puts_an_account_in_force() -> Iterator[None]:
    with patch.object(judging, "is_approval", lambda _atom: False):
        yield


@_bug
def _an_officer_approves_her_own() -> Iterator[None]:
    with patch.object(approval, "proposers", lambda *_: {""} - {""}):
        yield


@_bug
def _who_proposed_is_believed_as_it_is_written() -> Iterator[None]:
    named = value_of
    with patch.object(
        approval, "proposers", lambda proposal, at, _authors: {str(named(at, proposal, "proposer"))}
    ):
        yield


@_bug
def _an_approval_lands_later_than_what_it_read() -> Iterator[None]:
    true = judging._judge_approval

    def judge(atom: Any, *rest: Any) -> Verdict:
        return true(dataclasses.replace(atom, reads=()), *rest)

    def unread(*_: Any) -> str:
        return ""

    with (
        patch.object(judging, "_judge_approval", judge),
        patch.object(approval, "_fault_of_content", unread),
        patch.object(approval, "_is_what_was_wanted", lambda *_: True),
    ):
        yield


@_bug
def _what_the_approver_was_shown_is_not_looked_at() -> Iterator[None]:
    with patch.object(approval, "_fault_of_content", lambda *_: ""):
        yield


@_bug
def _anybody_answers_a_proposal() -> Iterator[None]:
    with patch.object(judging, "fault_of_answer", lambda *_: ""):
        yield


@_bug
def _the_cursor_moves_before_the_rows() -> Iterator[None]:
    true = unit.absorb

    def absorb(connection: Any, page: Any) -> Any:
        before = place.cursor(connection)
        place.write(connection, "cursor", str(max(page.cursor, place.cursor(connection))).encode())
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
        place.write(connection, "cursor", str(before).encode())
        return true(connection, page)

    with patch.object(unit, "absorb", absorb):
        yield


@_bug
def _an_answer_is_taken_by_whoever_reads_it() -> Iterator[None]:
    true = replica._check_addressee
    with patch.object(
        replica,
        "_check_addressee",
        lambda here, response: true(dataclasses.replace(here, device=response.device), response),
    ):
        yield
