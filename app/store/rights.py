"""What her role lets an officer write, asked before anything is signed; the centre asks again.

The roles are data (`resources/policy/roles.toml`, or as the centre published them), hers are those of her
certificate as it stands when she saves: a role that the centre takes counts from the moment this laptop has
heard of it. Every set passes her pen, so no action can forget to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from app.domain.changes import ChangeSet
from app.domain.errors import Denied
from app.domain.roles import PLACE, Author, Rights, fault_of_edit, owners
from app.domain.standing import Standing, touched
from app.store import rows


def guarding(
    rights: Rights, author_of: Callable[[Connection], Author]
) -> Callable[[Connection, ChangeSet], None]:
    """What her pen asks of each set: Denied("right.role"), ("right.place") for what is not hers."""

    def require(connection: Connection, found: ChangeSet) -> None:
        author, today, written = author_of(connection), rights.on(found.clock), tuple(found.edits())
        standing = Standing({})
        if any(today[role].assigned for role in author.roles if role in today):
            standing = Standing(rows.load(connection, touched(written)))
            standing.records.update(rows.load(connection, owners(written, standing)))
        for edit in written:
            fault = fault_of_edit(today, author, edit, written, standing)
            if fault:
                deed = f"save {edit.field.partition('/')[0]}"
                raise Denied(
                    "right.place" if fault == PLACE else "right.role", author.id, deed, kind=edit.kind
                )

    return require
