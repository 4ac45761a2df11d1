"""Alembic's way into the centre's database; `app.store.centre` hands over the connection.

The one place under `migrations` that looks at the program: `alembic check` compares the
tables as migrated with `store.central_tables`. Revisions are frozen text.
"""

from __future__ import annotations

from alembic import context

from app.store.central_tables import central

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=central,
    transactional_ddl=True,
)
context.run_migrations()
