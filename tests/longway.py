"""A register looked over with nothing told at a glance: sets judged anew, cells compared one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from app.domain.walk import Walk


@contextmanager
def the_long_way() -> Iterator[None]:
    """Until the end of the block."""
    with patch.object(Walk, "_is_usual", lambda *_: False), patch.object(Walk, "resting", lambda *_: None):
        yield
