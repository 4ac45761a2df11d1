"""A laptop of the command line's own, whose officer types her password well."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import unlocking
from tests import desks


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its folder; no commune is begun there yet."""
    desks.make_keys_cheap(monkeypatch)
    monkeypatch.setenv("SOANSINH_HOME", str(tmp_path))
    monkeypatch.setattr(unlocking, "getpass", lambda _asked: desks.PASSWORD)
    return tmp_path
