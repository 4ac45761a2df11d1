"""A PostgreSQL of the tests' own: a private server on a unix socket, a fresh database a test.

It runs as an unprivileged user (PostgreSQL refuses root), listens on no port, and never
syncs its files: a power cut during a test loses nothing that anyone wants.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

MISSING = "PostgreSQL is missing: apt-get install postgresql (make test does it when run by root)"
UNSAFE_AND_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


@dataclass(frozen=True)
class Server:
    """A running server: its socket's folder and the role that owns everything in it."""

    socket: Path
    role: str

    def url(self, database: str) -> str:
        """The address of one database, for psycopg and for `soansinh central --database`."""
        return f"postgresql://{self.role}@/{database}?host={quote(str(self.socket), safe='')}"

    def command(self, sql: str) -> None:
        """Run one statement that may not stand in a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())


def binaries() -> Path:
    """Where initdb and postgres lie: the newest of Debian's, else what the PATH has."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError(MISSING)
    return Path(found).resolve().parent


def unprivileged() -> str:
    """The account to run the server: the tester's own, or in root's place one with no rights."""
    if os.geteuid() != 0:
        return getpass.getuser()
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def run(account: str, *command: str | Path) -> None:
    """Run a PostgreSQL program as `account`; its words are shown when it fails."""
    other = {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}
    said = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        **(other if os.geteuid() == 0 else {}),  # type: ignore[call-overload]
    )
    if said.returncode:
        raise RuntimeError(f"{command[0]} failed: {said.stdout}{said.stderr}")


@contextmanager
def running_server(settings: Sequence[str] = UNSAFE_AND_QUICK) -> Iterator[Server]:
    """Start a server in a folder of its own; stop it and remove the folder at the end."""
    programs = binaries()
    account = unprivileged()
    # A unix socket's path holds 107 bytes: pytest's own folders are too deep.
    with tempfile.TemporaryDirectory(prefix="sas-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, account)
        data = folder / "data"
        run(account, programs / "initdb", "-D", data, "-U", "soansinh", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions")  # fmt: skip
        options = " ".join(["-clisten_addresses=", f"-k{folder}", *(f"-c{one}" for one in settings)])
        control = programs / "pg_ctl"
        run(account, control, "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
        try:
            yield Server(folder, "soansinh")
        finally:
            run(account, control, "stop", "-w", "-m", "immediate", "-D", data)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for all tests of a process; an error, never a skip, where it cannot be had."""
    with running_server() as server:
        yield server


numbers = count(1)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A fresh, empty database; dropped afterwards even if the test left connections."""
    name = f"test_{next(numbers)}"
    postgres_server.command(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.command(f"DROP DATABASE {name} WITH (FORCE)")
