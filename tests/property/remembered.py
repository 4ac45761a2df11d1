"""What a schedule asks of pure functions again and again, answered from memory: the answers are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from unittest.mock import patch

from app.domain import changes
from app.sync import entries

_KEPT = 50_000


@contextmanager
def remembered() -> Iterator[None]:
    """Until the end of the block."""
    with ExitStack() as patches:
        for owner, name, answering in (
            (changes, "parse", _parse),
            (entries, "unpack_verdicts", _unpack_verdicts),
        ):
            patches.enter_context(patch.object(owner, name, answering))
        yield
    for answering in (_parse, _unpack_verdicts):  # the next one has other sets
        answering.cache_clear()


_parse = lru_cache(_KEPT)(changes.parse)
_unpack_verdicts = lru_cache(_KEPT)(changes.unpack_verdicts)
