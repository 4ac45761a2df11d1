"""What several tests of this room begin with."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.vault import Vault


@pytest.fixture
def vaults(tmp_path: Path) -> Iterator[list[Vault]]:
    """Two empty ones, to be written in two ways and compared."""
    made = [Vault.create(tmp_path / f"{name}.db", secrets.token_bytes(32)) for name in ("one", "two")]
    yield made
    for vault in made:
        vault.lock()
