"""How much of a journal one message of a schedule carries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

from app.sync import messages, register, replica


def long_pages() -> AbstractContextManager[None]:
    """What is left at the end goes at once: how pages turn was tried in the steps."""
    return pages(messages.PAGE_BYTES)


@contextmanager
def pages(size: int) -> Iterator[None]:
    """So many bytes, until the end of the block."""
    with patch.object(register, "PAGE_BYTES", size), patch.object(replica, "PAGE_BYTES", size):
        yield
