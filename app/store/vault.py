"""The encrypted database of one commune on this laptop: made, opened, held, locked.

One connection writes, two read, one belongs to the window; what is read is what the officer at the desk
may see (`sight.py`), unless somebody asks for the whole. A vault is held against every
other process, and a vault of an older form is backed up before it is brought up to date.
Its key can be exchanged while it is open (`rekeying.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.domain.errors import Coded, Denied, Refusal, Trouble
from app.domain.progress import Progress
from app.domain.sight import WHOLE, Sight
from app.store import audit, backups, schema, sight
from app.store.backups import Original
from app.store.connections import (
    MIGRATOR,
    PAGE,
    READERS,
    WRITER,
    make_engine,
    plainly,
    require_encrypted,
)
from app.store.copying import copy_whole, require_sound
from app.store.disk import Hold, flush_file, flush_folder, make_folder, name_of, plain_words, require_room
from app.store.soundness import altered_pages, broken_rows
from app.store.turnstile import WAIT_SECONDS, Turnstile

_SPARE_BYTES = 32 << 20
_LEAVING_SECONDS = 5.0  # for whoever is inside when the key is to be forgotten


class Vault:
    """An open vault. `with vault.write() as connection:` is one transaction, on disk when it ends."""

    def __init__(self, path: Path, key: bytes, hold: Hold) -> None:
        self.path = path
        self._original: Original | None = Original(path, key)
        self._hold = hold
        self._sight: tuple[Sight, str] = (WHOLE, "")
        self._engines = _engines(path, key, *self._sight)
        self._writing = Lock()
        self._turnstile = Turnstile()
        self._copying = dict[int, Progress]()
        self._attending = list[Callable[[Connection], None]]()
        self._parting = list[Callable[[Connection], None]]()

    @classmethod
    def create(cls, path: Path, key: bytes) -> Vault:
        """A new vault under a 32-byte key; Refusal("vault.exists"). Cut short, it leaves none."""
        make_folder(path.parent)
        with _taken(path) as hold:
            if path.exists():
                raise Refusal("vault.exists")
            require_room(path.parent, _SPARE_BYTES)
            made = path.with_name(f"{path.name}.part")
            with plain_words():
                _remove(made)
            _bring_up_to_date(made, key)
            with plain_words():
                require_encrypted(made)
                flush_file(made)
                os.replace(made, path)
                flush_folder(path.parent)
            return cls(path, key, hold)

    @classmethod
    def open(cls, path: Path, key: bytes, *, keeps_former: bool = True) -> Vault:
        """An existing one, brought up to date; of an older form a backup is made first, or is being restored.

        Trouble: vault.missing, vault.in_use, vault.not_encrypted, vault.wrong_key, vault.damaged,
        vault.migration_failed; Refusal("vault.newer"). Whatever is raised, the file is as it was.
        """
        if not path.exists():
            raise Trouble("vault.missing")
        with _taken(path) as hold:
            with plain_words():
                require_encrypted(path)
                _remove(path.with_name(f"{path.name}.next"))
            _bring_up_to_date(path, key, keeps_former=keeps_former)
            return cls(path, key, hold)

    def __repr__(self) -> str:
        return f"Vault({self.path.name})"

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.lock()

    @property
    def is_open(self) -> bool:
        """Whether the key is still held."""
        return bool(self._engines)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction on the writing connection: committed at the end, rolled back on any exception.

        Then, before another may write, whoever attends sees what stands. What was Denied within is noted.
        """
        try:
            with self._transaction() as connection:
                yield connection
        except Denied as denied:
            self.note(denied)
            raise

    def note(self, denied: Denied) -> None:
        """Who was denied what, in the log, by itself and once; whatever comes of that, she stays denied."""
        if not denied.is_noted:
            denied.is_noted = True
            said = f"{denied.code} {denied.deed}"
            with suppress(Coded, SQLAlchemyError, OSError), self._transaction() as connection:
                audit.note(connection, denied.officer, audit.DENIED, kind=denied.kind, detail=said)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with (
            self._alone_writing(),
            plainly(self.path.parent),
            self._engine("write").connect() as connection,
        ):
            try:
                with connection.begin():
                    yield connection
            except IntegrityError as error:  # in a sound file, a bug of ours
                if broken_rows(connection):
                    raise Trouble("vault.damaged") from error
                raise
            for attending in self._attending:
                attending(connection)

    def attend(
        self,
        attending: Callable[[Connection], None] | None = None,
        *,
        parting: Callable[[Connection], None] | None = None,
    ) -> None:
        """Have this called after each commit, `parting` on lock; they change nothing, and raise nothing."""
        self._attending += [attending] if attending is not None else []
        self._parting += [parting] if parting is not None else []

    def bound(self, seen: Sight, officer: str) -> None:
        """From here on `read` and `page` show what this officer may see."""
        with self._turnstile.closed():
            original = self._original
            if original is None:
                raise Trouble("vault.locked")
            self._sight = (seen, officer)
            former = self._engines
            self._engines = {**_engines(self.path, original.key, seen, officer), "write": former["write"]}
            _dispose({name: engine for name, engine in former.items() if name != "write"})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One unchanging view of the register, on a reading connection: of what the officer may see."""
        with self._reading("read") as connection:
            yield connection

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """The same of all of it: for what counts, carries or looks over, and shows nobody to anybody."""
        with self._reading("whole") as connection:
            yield connection

    @contextmanager
    def page(self) -> Iterator[Connection]:
        """The window's own reading connection: a page of rows by id, never a search."""
        with self._reading("page") as connection:
            yield connection

    def lock(self) -> None:
        """Fold the write-ahead log into the file and forget the key. Waits for a write under way.

        A copy under way is told to stop; it, and whoever reads, has a moment to leave. Connections are closed
        only then: SQLite was seen to stand still for good where one was closed beside a copy.
        """
        with self._alone_writing():
            if not self.is_open:
                return
            with self._turnstile.cleared(_LEAVING_SECONDS, self._stop_copying):
                self._forget()

    def _stop_copying(self) -> None:
        for progress in list(self._copying.values()):
            progress.cancel()

    def _forget(self) -> None:
        writer = self._engine("write")
        with suppress(Coded, SQLAlchemyError), writer.connect() as connection:
            for parting in self._parting:
                parting(connection)
        engines, self._engines, self._original = self._engines, {}, None
        try:
            with plainly(self.path.parent):
                _checkpoint(writer)
        finally:
            _dispose(engines)
            self._hold.release()

    def change_key(
        self,
        former: bytes,
        key: bytes,
        settled: Callable[[bytes], AbstractContextManager[None]],
        progress: Progress,
    ) -> None:
        """All of the register under another key; saves wait meanwhile, reads for the last moment alone.

        Copied beside, read back, then put in its own place within `settled(name)`, where `name` are the
        copy's first bytes: who comes after a power cut tells by them which key counts.
        """
        made = self.path.with_name(f"{self.path.name}.next")
        with self._alone_writing(), plainly(self.path.parent):
            self._engine("write")
            try:
                self.require_room(self.path.stat().st_size)
                _remove(made)
                copy_whole((self.path, former), (made, key), progress)
                require_sound(made, key)
                with self._turnstile.closed():
                    self._take_place(made, former, key, settled)
            finally:
                with plain_words():
                    _remove(made)

    def _take_place(
        self,
        made: Path,
        former: bytes,
        key: bytes,
        settled: Callable[[bytes], AbstractContextManager[None]],
    ) -> None:
        name = name_of(made)
        _checkpoint(self._engine("write"))
        _dispose(self._engines)  # the last to close folds the log in and takes it away
        try:
            with plain_words():
                if self.path.with_name(f"{self.path.name}-wal").exists():
                    raise Trouble("vault.busy")
                flush_folder(self.path.parent)
                with settled(name):
                    os.replace(made, self.path)
                    flush_folder(self.path.parent)
        finally:
            counts = key if name_of(self.path) == name else former
            self._engines = _engines(self.path, counts, *self._sight)
            self._original = Original(self.path, counts)

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the file, page by page, then row by row; empty when sound. Reads it all."""
        with self.whole() as connection:
            return altered_pages(connection) or broken_rows(connection)

    @contextmanager
    def original(self, progress: Progress) -> Iterator[Original]:
        """What a backup is made of, by connections of its own: saves go on, the key stays what it is.

        `progress` of the copying: `lock` stops it.
        """
        self._copying[id(progress)] = progress
        try:
            with self._turnstile.through():
                if self._original is None:
                    raise Trouble("vault.locked")
                yield self._original
        finally:
            del self._copying[id(progress)]

    def require_room(self, size: int) -> None:
        """Trouble("disk.no_room") unless `size` bytes more fit beside what the log may need."""
        require_room(self.path.parent, size + _SPARE_BYTES)

    def _engine(self, role: str) -> Engine:
        if not self.is_open:
            raise Trouble("vault.locked")
        return self._engines[role]

    @contextmanager
    def _alone_writing(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=WAIT_SECONDS):
            raise Trouble("vault.busy")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _reading(self, role: str) -> Iterator[Connection]:
        with (
            self._turnstile.through(),
            plainly(self.path.parent),
            self._engine(role).connect() as connection,
        ):
            try:
                yield connection
            finally:
                if not self.is_open:  # locked meanwhile: its key must not wait in a pool
                    connection.invalidate()


def _engines(path: Path, key: bytes, seen: Sight, officer: str) -> dict[str, Engine]:
    engines = {
        "write": make_engine(path, key, WRITER),
        "read": make_engine(path, key, READERS),
        "page": make_engine(path, key, PAGE),
    }
    if seen.is_whole:
        return engines | {"whole": engines["read"]}
    for name in ("read", "page"):
        sight.bound(engines[name], seen, officer)
    return engines | {"whole": make_engine(path, key, READERS)}


def _dispose(engines: Mapping[str, Engine]) -> None:
    for engine in engines.values():
        engine.dispose()


@contextmanager
def _taken(path: Path) -> Iterator[Hold]:
    """Hold the vault against other processes, on success for good: whoever opens it lets go in `lock`."""
    hold = Hold(path.with_name(f"{path.name}.lock"))
    try:
        if not hold.take(wait=False):
            raise Trouble("vault.in_use")  # noqa: TRY301 - let go like any other failure
        yield hold
    except BaseException:
        hold.release()
        raise


def require_nobody_in(path: Path) -> None:
    """Trouble("vault.in_use") while this or another process holds the vault at a path open."""
    if path.exists():
        with _taken(path) as hold:
            hold.release()


def _checkpoint(writer: Engine) -> None:
    raw = writer.raw_connection()
    try:
        # A reader still at work keeps its pages in the log; the next open finds them there.
        raw.cursor().execute("PRAGMA busy_timeout = 500")
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _bring_up_to_date(path: Path, key: bytes, *, keeps_former: bool = True) -> None:
    """Open with the key; tables of an older form are backed up, then migrated whole or not at all."""
    scripts = schema.SCRIPTS
    engine = make_engine(path, key, MIGRATOR)
    try:
        with plainly(path.parent), engine.connect() as connection:
            behind = schema.is_behind(connection, scripts)
            has_content = bool(schema.revision_of(connection))
        if behind and has_content and keeps_former:
            require_room(path.parent, 2 * path.stat().st_size + _SPARE_BYTES)
            backups.make(Progress(), Original(path, key), path.parent / backups.FOLDER, backups.MIGRATION)
        if behind:
            _migrate(engine, scripts, path.parent)
    finally:
        engine.dispose()


def _migrate(engine: Engine, scripts: Path, folder: Path) -> None:
    from alembic.util import CommandError

    try:
        with plainly(folder), engine.begin() as connection:
            schema.bring_up_to_date(connection, scripts)
    except (SQLAlchemyError, CommandError) as error:
        raise Trouble("vault.migration_failed") from error


def _remove(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
