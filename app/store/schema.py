"""Which form a vault's tables have, and how an older form becomes this program's.

Revisions lie in `migrations/replica`, one line without branches, named by four digits. The
newest is known from the files' names: importing Alembic costs a third of a second, and at
nearly every open there is nothing to do.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from app.domain.errors import Refusal, Trouble
from app.resources import resource

SCRIPTS = resource("../migrations/replica").resolve()


def known_revisions(scripts: Path) -> tuple[str, ...]:
    """Every form this program knows, oldest first."""
    return tuple(sorted(path.name[:4] for path in (scripts / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")))


def revision_of(connection: Connection) -> str:
    """The form of this vault's tables; empty before the first."""
    named = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(named).first() is None:
        return ""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def is_behind(connection: Connection, scripts: Path) -> bool:
    """Whether this vault must be brought up to date; Refusal("vault.newer") when it knows more than we."""
    known, found = known_revisions(scripts), revision_of(connection)
    if found and found not in known:
        raise Refusal("vault.newer")
    return found != known[-1]


def bring_up_to_date(connection: Connection, scripts: Path) -> None:
    """Run the revisions that are missing, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    command.upgrade(config, "head")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise Trouble("vault.migration_failed")
