"""A list leaves the screen as a workbook: the same people, masked, nothing that runs, audited."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from app.actions.desk import Desk
from app.actions.people import add_person
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import queries
from app.store.listing import Listing
from app.store.tables import audit
from app.ui.list_out import Chosen, export_people
from tests import desks


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desks.make_keys_cheap(monkeypatch)
    made = desks.desk_of(tmp_path / "home")
    right: dict[str, Value] = {"group": "HTXH", "amount": 540_000}
    person = {"name": "Lò Thị Pánh", "birth": "1948-03-12", "personal_id": "014148032213"}
    add_person(made, {**person, "hamlet": "=cmd|'/C calc'!A0"}, "add", right)
    add_person(made, {"name": "Vì Văn Khụt", "birth": "1939"}, "add")
    yield made
    made.vault.lock()


def test_the_workbook_says_what_the_list_shows(desk: Desk, tmp_path: Path) -> None:
    with desk.vault.read() as connection:
        nos = queries.ids(connection, Listing())
    path = tmp_path / "danh sach.xlsx"
    assert export_people(Progress(), desk, Chosen(nos, "2 người"), path) == 2
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = next(at for at, row in enumerate(rows) if row[0] == "STT")
    by_name = {row[1]: row for row in rows[heads + 1 :]}
    assert by_name["Lò Thị Pánh"][2:4] == [datetime.datetime(1948, 3, 12), "=cmd|'/C calc'!A0"]
    assert by_name["Lò Thị Pánh"][5] == 540_000
    assert by_name["Vì Văn Khụt"][2] == "1939"
    cell = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd"))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "014148032213" not in str(rows)
    with desk.vault.read() as connection:
        deeds = connection.execute(audit.select()).mappings().all()
    assert (deeds[-1]["act"], deeds[-1]["detail"]) == ("export", "people=2")
