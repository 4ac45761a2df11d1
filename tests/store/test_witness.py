"""What a laptop remembers of its log though the program was killed: what was looked at, approved, given away
cannot be cut off its end unseen.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.actions import approvals, breach, own_data
from app.actions.approvals import Shown
from app.actions.breach import Span
from app.actions.desk import Desk, remember
from app.actions.desk import Officer as Seated
from app.actions.people import add_person, reveal
from app.bootstrap import entering, shelves
from app.bootstrap.entering import Entered
from app.domain.approval import agreed
from app.domain.progress import Progress
from app.resources import load_reference
from app.seal.keys import CHANGE_SET, sign
from app.store import audit, witness
from app.store.approvals import ground
from app.store.keyslots import KeyFile
from app.store.laptop import Laptop
from app.store.proofs import Prover
from app.store.tables import records
from app.store.throttle import Moment
from app.store.vault import Vault
from tests import desks
from tests.desks import PASSWORD, enrolled


def look(desk: Desk, her: str) -> None:
    assert reveal(desk, "person", her, "personal_id")


def give(desk: Desk, her: str) -> None:
    own_data.write_for_machines(Progress(), desk, her, desk.folder.parent / "her.json")


def approve(desk: Desk, her: str) -> None:
    boss = colleague(desk)
    with desk.vault.read() as connection:
        (proposal,) = connection.scalars(select(records["proposal"].c.id))
        shown = Shown(proposal, agreed(proposal, ground(connection, [proposal]).standing))
    approvals.accept(boss, shown, boss.prove(PASSWORD))


def colleague(desk: Desk) -> Desk:
    """A second officer at the same laptop, who may approve."""
    keyfile, now = KeyFile.load(desk.folder, desk.prove.keyfile._guard), Moment.now()
    unlocked = keyfile.add_officer(desk.prove.unlocked, "Quàng Văn Quyết", PASSWORD, now)
    key = unlocked.officer
    pen = replace(desk.pen, author=key.id, sign=lambda body: sign(key.key, CHANGE_SET, body))
    officer = Seated(key.id, key.name, ("approver",))
    return replace(desk, officer=officer, officer_key=key, pen=pen, prove=Prover(keyfile, unlocked, now))


def killed(desk: Desk, home: Path) -> Path:
    """The laptop's folder as a kill leaves it, at another place."""
    shutil.copytree(desk.folder.parents[1], home)
    return home / "communes" / desk.folder.name


def cut(folder: Path, key: bytes, after: int) -> None:
    """The knife of somebody who has the database key, in a vault that nobody holds."""
    with Vault.open(folder / "vault.db", key) as vault, vault.write() as connection:
        connection.execute(text("DELETE FROM audit WHERE no > :after"), {"after": after})


def entered_at(home: Path) -> Entered:
    known = load_reference()
    at = shelves.shelf(Laptop(home), shelves.place_of(known, desks.COMMUNE))
    return entering.unlock(at, at.keyfile().officers[0].officer, PASSWORD, known)


def noted(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return audit.head(connection).no


@pytest.mark.parametrize("deed", [look, give, approve])
def test_what_was_done_before_a_kill_is_not_cut_off_unseen(
    desk: Desk, tmp_path: Path, deed: Callable[[Desk, str], None]
) -> None:
    her = add_person(desk, {"name": "Lò Thị Pánh", "personal_id": "014148032213"}, "add")
    enrolled(desk, her, "LO THI PANH")
    before = noted(desk)
    deed(desk, her)
    assert noted(desk) > before
    folder = killed(desk, tmp_path / "stolen")
    cut(folder, desk.prove.unlocked.database_key, before)
    entered = entered_at(tmp_path / "stolen")
    try:
        assert entered.put_back == "log"
        now = entered.desk.clock.now() + timedelta(seconds=2)
        report = breach.prepare(Progress(), entered.desk, Span(now - timedelta(hours=1), now, now))
        assert not report.log_holds
    finally:
        entered.desk.vault.lock()


def test_who_came_in_before_a_kill_is_not_cut_off_unseen(desk: Desk, tmp_path: Path) -> None:
    desk.vault.lock()
    again = desks.found_again(desk.folder.parents[1])
    folder = killed(again, tmp_path / "stolen")
    cut(folder, again.prove.unlocked.database_key, noted(again) - 1)
    again.vault.lock()
    entered = entered_at(tmp_path / "stolen")
    entered.desk.vault.lock()
    assert entered.put_back == "log"


def test_saves_alone_are_followed_every_twenty(desk: Desk) -> None:
    """Each writes a chain of its own; a mark for each would cost as much as the save."""
    marked = list[int]()
    for turn in range(45):
        add_person(desk, {"name": f"Lò Thị Pánh {turn}"}, "add")
        mark = witness.recall(desk.folder)
        assert mark
        marked.append(mark.log)
    assert 3 <= len(set(marked)) <= 4
    assert noted(desk) - marked[-1] < 20


def is_behind(desk: Desk) -> bool:
    return desk.witness is not None and desk.witness.is_behind


def test_told_to_settle_it_follows_the_last_save_and_a_kill_hides_none(desk: Desk, tmp_path: Path) -> None:
    add_person(desk, {"name": "Lò Thị Pánh"}, "add")
    before = noted(desk)
    add_person(desk, {"name": "Lò Thị Kín"}, "add")
    assert is_behind(desk)
    remember(Progress(), desk)
    assert not is_behind(desk)
    folder = killed(desk, tmp_path / "stolen")
    cut(folder, desk.prove.unlocked.database_key, before)
    entered = entered_at(tmp_path / "stolen")
    entered.desk.vault.lock()
    assert entered.put_back == "log"


def test_nothing_is_written_where_nothing_was_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    add_person(desk, {"name": "Lò Thị Pánh"}, "add")
    remember(Progress(), desk)
    kept = list[int]()
    monkeypatch.setattr(witness, "keep", lambda _folder, mark: kept.append(mark.log))
    remember(Progress(), desk)
    with desk.vault.read() as connection:
        audit.head(connection)
    remember(Progress(), desk)
    assert kept == []
    add_person(desk, {"name": "Lò Thị Kín"}, "add")
    for _ in range(3):
        remember(Progress(), desk)
    assert kept == [noted(desk)]
