"""The holder's name of an imported account, completed in the window."""

from __future__ import annotations

from pathlib import Path

from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.writing import write
from app.domain.progress import Progress
from app.store import queries
from app.store.listing import Listing
from app.ui.person.accounts import Accounts
from app.ui.person.holder import Holder
from app.ui.window import Window
from tests.actions.importing.books import PANH, write_book
from tests.ui.person.room import Settle, open_file, page, whole


def test_it_asks_for_the_name_and_proposes_anew(
    window: Window, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "khong chu.xlsx", [(*PANH, "Agribank 3906205123456")])
    write(Progress(), desk, reviewing.read(Progress(), desk, path))
    with desk.vault.read() as connection:
        (row,) = queries.person_rows(connection, queries.ids(connection, Listing()))
    assert row is not None
    room = open_file(window, settle, row.id, "accounts")
    (asked,) = page(room, "accounts", Accounts).findChildren(Holder)
    assert asked.name.control.value() == ""  # her own name is not taken for the holder's
    asked._ask()
    assert asked.name.error
    asked.name.control.set_value("NGUYEN VAN AN")
    asked._fit()
    assert asked.why.isVisible()
    asked._ask()
    assert asked.why.error
    asked.name.control.set_value("LO THI PANH")
    asked._ask()
    settle()
    room.refresh()
    settle()
    held = [(each.standing, each.opened.values.get("holder")) for each in whole(desk, row.id).accounts]
    assert held == [("proposed", "LO THI PANH"), ("withdrawn", None)]
    assert not page(room, "accounts", Accounts).findChildren(Holder)
