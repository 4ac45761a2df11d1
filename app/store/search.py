"""The index behind the search box."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection


def refresh(connection: Connection, people: Iterable[str]) -> None:
    """Bring the index up to date for these person ids (rows may be new, changed or gone)."""
