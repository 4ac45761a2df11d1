"""The driver as anybody gets it, for what stands beside us as bare work.

Our connections (`store.connections`) tell it that None, blobs and flags need no adapting: an insert of our
own takes half as long so, and a bare one beside it would too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlcipher3

_ADAPTED = (type(None), bytes, bool)


@contextmanager
def driver_as_it_comes() -> Iterator[None]:
    """Without what `store.connections` told it, until the end of the block."""
    ours = {key: adapter for key, adapter in sqlcipher3.adapters.items() if key[0] in _ADAPTED}
    for key in ours:
        del sqlcipher3.adapters[key]
    try:
        yield
    finally:
        sqlcipher3.adapters.update(ours)
