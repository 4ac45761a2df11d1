"""The tests' own PostgreSQL gives each test an empty database, also to root."""

from __future__ import annotations

import psycopg
import pytest


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(postgres_url: str, turn: int) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE seen (turn integer)")
        assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
