"""Photos as they go into a bundle: one that cannot be read on this laptop holds nothing else up."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from app.domain.attachments import PIECE_BYTES
from app.domain.errors import Trouble
from app.store.files import Files


@dataclass
class Photos:
    """A bundle's parts are run through twice: what could not be read at first is left out of both."""

    files: Files
    _left_out: dict[str, None] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)

    @property
    def left_out(self) -> Collection[str]:
        """Those that were not read, by SHA-256."""
        return self._left_out.keys()

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """All pieces of one, or none; the trouble of reading it when it was read before."""
        if sha256 in self._left_out:
            return
        try:
            content = self.files.read(sha256)
        except Trouble:
            if sha256 in self._read:
                raise
            self._left_out[sha256] = None
            return
        self._read.add(sha256)
        for start in range(0, len(content), PIECE_BYTES):
            yield content[start : start + PIECE_BYTES]
