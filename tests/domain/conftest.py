"""The shipped data, loaded once: what laws and banks say is part of what is tested."""

from __future__ import annotations

import pytest

from app.domain.reference import Reference
from app.resources import load_reference


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference()
