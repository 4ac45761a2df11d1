"""The bytes of attachments on this laptop, by SHA-256: sealed files beside the vault, whole or not there.

Beside it and not inside: a few thousand photos would make the vault gigabytes, and every copy of it
that is made before a migration, an import or at night would carry all of them again; a file that never
changes is copied once. A file is pieces of 64 kB, each sealed for its place under a key that lies in the
vault, so that what is still coming is sealed too, and one piece is read without the others. Its name
is derived under the key: the folder tells nobody which picture it holds.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection

from app.domain.attachments import PIECE_BYTES, pieces_of
from app.domain.errors import Refusal, Trouble
from app.seal.wrapping import KEY_BYTES, NONCE_BYTES, derived_key, unwrap, wrap
from app.store import disk, place

_KEY, _COMING = "files_key", ".coming"
_FRAME_BYTES = NONCE_BYTES + PIECE_BYTES + 16  # nonce, piece, tag
_ORPHAN_DAYS = 30
_SPARE_BYTES = 32 << 20  # what the vault itself must still find free


class Files:
    """One folder of sealed files. Several threads may use it: a name is written by renaming alone."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder, self._key = folder, key

    @classmethod
    def of(cls, connection: Connection, folder: Path) -> Files:
        """Those of a vault; its key is made at the first look."""
        key = place.read(connection, _KEY)
        if key is None:
            key = secrets.token_bytes(KEY_BYTES)
            place.write(connection, _KEY, key)
        return cls(folder, key)

    def __repr__(self) -> str:
        return f"Files({self._folder.name})"

    def keep(self, content: bytes) -> str:
        """Seal these bytes; on the disk for good when their SHA-256 is returned. Trouble("disk.…")."""
        sha256 = hashlib.sha256(content).hexdigest()
        disk.make_folder(self._folder)
        disk.require_room(self._folder, len(content) + _SPARE_BYTES)
        sealed = [
            self._seal(sha256, no, content[no * PIECE_BYTES : (no + 1) * PIECE_BYTES])
            for no in range(pieces_of(len(content)))
        ]
        disk.write_whole(self._whole(sha256), b"".join(sealed))
        return sha256

    def read(self, sha256: str) -> bytes:
        """All of it, checked. Trouble("attachment.damaged"), also when the file is gone."""
        sealed = disk.read_whole(self._whole(sha256)) or b""
        content = bytearray()
        for no, at in enumerate(range(0, len(sealed), _FRAME_BYTES)):
            content += self._open(sha256, no, sealed[at : at + _FRAME_BYTES])
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Trouble("attachment.damaged")
        return bytes(content)

    def piece(self, sha256: str, no: int) -> bytes:
        """One piece of a whole file; Trouble("attachment.damaged")."""
        with disk.plain_words():
            try:
                with self._whole(sha256).open("rb") as file:
                    file.seek(no * _FRAME_BYTES)
                    frame = file.read(_FRAME_BYTES)
            except FileNotFoundError:
                frame = b""
        return self._open(sha256, no, frame)

    def come(self, sha256: str) -> int:
        """How many pieces of a file on its way are here for good."""
        with disk.plain_words():
            try:
                return self._coming(sha256).stat().st_size // _FRAME_BYTES
            except FileNotFoundError:
                return 0

    def add(self, sha256: str, no: int, piece: bytes) -> None:
        """One more piece, after the `no` that have come; what a power cut left of another goes."""
        disk.make_folder(self._folder)
        disk.require_room(self._folder, len(piece) + _SPARE_BYTES)
        with disk.plain_words():
            handle = os.open(self._coming(sha256), os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                file.truncate(no * _FRAME_BYTES)
                file.seek(no * _FRAME_BYTES)
                file.write(self._seal(sha256, no, piece))
                file.flush()
                os.fsync(file.fileno())

    def finish(self, sha256: str) -> None:
        """The last piece has come: whole from now on. Trouble("attachment.garbled"), and all of it dropped,
        when it is not what was asked for."""
        coming = self._coming(sha256)
        try:
            sound = self._hash_of(sha256, coming) == sha256
        except Trouble as trouble:  # a power cut left a piece that was never written out
            if trouble.code != "attachment.damaged":
                raise
            sound = False
        if not sound:
            self.drop(sha256)
            raise Trouble("attachment.garbled")
        with disk.plain_words():
            os.replace(coming, self._whole(sha256))
            disk.flush_folder(self._folder)

    def _hash_of(self, sha256: str, path: Path) -> str:
        found = hashlib.sha256()
        with disk.plain_words(), path.open("rb") as file:
            for no, frame in enumerate(iter(lambda: file.read(_FRAME_BYTES), b"")):
                found.update(self._open(sha256, no, frame))
        return found.hexdigest()

    def drop(self, sha256: str) -> None:
        """Forget a file, whole or on its way: it is damaged, and the centre has it."""
        with disk.plain_words():
            for path in (self._coming(sha256), self._whole(sha256)):
                path.unlink(missing_ok=True)

    def sweep(self, known: Collection[str], now: float) -> int:
        """Take away whole files that no saved set speaks of: their save was cut off. Returns how many.

        Not before a month is over: a vault put back from a copy may yet get back the sets that speak of them.
        Names are derived only where there are more files than there should be: unlocking waits for this.
        """
        with disk.plain_words():
            found = list(self._folder.iterdir()) if self._folder.exists() else []
            whole = [path for path in found if not path.name.endswith(_COMING)]
            if len(whole) <= len(known):
                return 0
            kept = {self._name(sha256) for sha256 in known}
            long_ago = now - _ORPHAN_DAYS * 24 * 3600
            orphans = [path for path in whole if path.name not in kept and path.stat().st_mtime < long_ago]
            for path in orphans:
                path.unlink(missing_ok=True)
        return len(orphans)

    def _seal(self, sha256: str, no: int, piece: bytes) -> bytes:
        return wrap(self._key, piece, _bound_to(sha256, no))

    def _open(self, sha256: str, no: int, frame: bytes) -> bytes:
        try:
            return unwrap(self._key, frame, _bound_to(sha256, no))
        except Refusal as error:
            raise Trouble("attachment.damaged") from error

    def _whole(self, sha256: str) -> Path:
        return self._folder / self._name(sha256)

    def _coming(self, sha256: str) -> Path:
        return self._folder / f"{self._name(sha256)}{_COMING}"

    def _name(self, sha256: str) -> str:
        return derived_key(self._key, b"file " + sha256.encode()).hex()[:32]


def _bound_to(sha256: str, no: int) -> bytes:
    return f"{sha256}/{no}".encode()
