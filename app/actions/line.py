"""The line from this desk to its centre."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import place
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of


def dial(desk: Desk, progress: Progress) -> HttpsCarrier:
    """A line of one's own, to be hung up by whoever dialled; Refusal("sync.not_enrolled")."""
    return HttpsCarrier(*_where(desk), progress)


@contextmanager
def to_centre(desk: Desk, progress: Progress) -> Iterator[HttpsCarrier]:
    """The one kept since the last talk, or a new one; whoever cancels `progress` is heard on it.

    Refusal("sync.not_enrolled") before the laptop knows a centre.
    """
    where = _where(desk)
    with desk.line.lent(where, lambda: HttpsCarrier(*where)) as carrier:
        carrier.heed(progress)
        yield carrier


def _where(desk: Desk) -> tuple[str, tuple[str, ...]]:
    """Its address, and the certificates that it may show."""
    with desk.vault.read() as connection:
        return place.read_text(connection, "address"), tuple(centre_of(connection).tls)
