"""A desk at a real vault, and the doors to an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.actions.desk import Desk
from app.actions.importing import reviewing
from app.actions.importing.facts import Review
from app.domain.progress import Progress
from tests.actions.importing.books import write_book

Look = Callable[[Sequence[Sequence[object]]], Review]


@pytest.fixture
def look(desk: Desk, tmp_path: Path) -> Look:
    """The workbook of these people, read."""

    def read(people: Sequence[Sequence[object]]) -> Review:
        path = tmp_path / f"danh sach {abs(hash(tuple(map(tuple, people))))}.xlsx"
        if not path.exists():  # the same file again is the same bytes
            write_book(path, people)
        return reviewing.read(Progress(), desk, path)

    return read
