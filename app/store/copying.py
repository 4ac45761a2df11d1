"""An encrypted database copied page by page: under the same key before a migration, or under another."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store.connections import MIGRATOR, PAGE, READERS, Role, open_raw, plainly
from app.store.disk import flush_file, flush_folder, plain_words

_PAGES_A_STEP = 512


def copy_whole(
    source: tuple[Path, bytes], target: tuple[Path, bytes], progress: Progress, role: Role = MIGRATOR
) -> None:
    """The database at a path under a key, written whole to another path under the same key or another.

    What stands there must be gone before. On the disk when it returns. Out of one unchanging view:
    whoever saves meanwhile neither waits nor is in it.
    """
    (path, key), (made, its_key) = source, target

    def told(_status: int, left: int, total: int) -> None:
        progress.step(total - left, total)

    with plainly(made.parent):
        came, went = open_raw(path, key, PAGE), open_raw(made, its_key, role)
        try:
            came.execute("BEGIN")
            came.execute("SELECT count(*) FROM sqlite_master").fetchone()
            came.backup(went, pages=_PAGES_A_STEP, progress=told)
            if not role.keeps_log:  # one file, to be read where nobody may write
                went.execute("PRAGMA journal_mode = DELETE")
        finally:
            went.close()
            came.close()
    with plain_words():
        flush_file(made)
        flush_folder(made.parent)


def require_sound(made: Path, key: bytes) -> None:
    """Trouble("vault.damaged") unless every page of it opens under the key: it reads them all."""
    with plainly(made.parent):
        raw = open_raw(made, key, READERS)
        try:
            if raw.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
                raise Trouble("vault.damaged")
        finally:
            raw.close()
