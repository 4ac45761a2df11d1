"""Alembic's way into a laptop's vault; `app.store.schema` hands over the connection.

The one place under `migrations/replica` that looks at the program: `alembic check` compares
the tables as migrated with `store.tables`. Revisions are frozen text.
"""

from __future__ import annotations

from alembic import context

from app.store.tables import replica

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=replica,
    transactional_ddl=True,
)
context.run_migrations()
