"""The line from this desk to its centre."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import place
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of


@contextmanager
def to_centre(desk: Desk, progress: Progress) -> Iterator[HttpsCarrier]:
    """The one kept since the last talk, or a new one; whoever cancels `progress` is heard on it.

    Refusal("sync.not_enrolled") before the laptop knows a centre.
    """
    with desk.vault.read() as connection:
        address, pins = place.read_text(connection, "address"), tuple(centre_of(connection).tls)
    with desk.line.lent((address, pins), lambda: HttpsCarrier(address, pins)) as carrier:
        carrier.heed(progress)
        yield carrier
