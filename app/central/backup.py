"""The whole database into one sealed file: `pg_dump` into age, no plain byte on any disk.

Only the centre's sealing key opens it:
`age -d -i identity file | pg_restore -d database`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile

from app.central.deeds import Operating
from app.domain.errors import Refusal, Trouble
from app.seal.certificates import Trust
from app.seal.sealing import seal_stream
from app.store import operators

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Backup:
    """A file that was written, read again and reached the disk."""

    file: Path
    size: int
    sha256: str


def back_up(at: Operating, folder: Path) -> Backup:
    """Write a sealed backup into a folder.

    Refusal("central.backup_training") for a file of training, ("central.no_pg_dump") without that
    program; Trouble("central.backup_failed") for anything that went wrong: then there is no file.
    """
    command, environment = _dump(at)
    sealing = Trust.established(at.keys.root_fingerprint, at.keys.certificates).sealing
    moment = datetime.fromtimestamp(at.now_ms / 1000, UTC).strftime("%Y%m%d-%H%M%S")
    file = folder / f"soansinh-{moment}.dump.age"
    draft = file.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile() as complaints, draft.open("wb") as written:
            with subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=complaints
            ) as dumping:
                assert dumping.stdout is not None
                seal_stream(dumping.stdout, written, [sealing])
            written.flush()
            os.fsync(written.fileno())
        if dumping.returncode:
            raise Trouble("central.backup_failed")
        draft.chmod(0o600)
        draft.replace(file)
        found = Backup(file, file.stat().st_size, _sha256(file))
    except FileNotFoundError as error:
        raise Refusal("central.no_pg_dump") from error
    except OSError as error:
        raise Trouble("central.backup_failed") from error
    finally:
        draft.unlink(missing_ok=True)
    with at.centre.write() as connection:
        operators.note(connection, at.deed("backed_up", "", file.name, found.sha256))
    return found


def _dump(at: Operating) -> tuple[list[str], dict[str, str]]:
    """What to run. The password goes by the environment: every user may read a command line."""
    if at.centre.is_training:
        raise Refusal("central.backup_training")
    address, password = at.centre.address_and_password()
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-password", f"--dbname={address}"]
    return command, {**os.environ, **({"PGPASSWORD": password} if password else {})}


def _sha256(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as read:
        while chunk := read.read(_CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest()
