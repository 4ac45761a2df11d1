"""Taking leave: a revoked laptop that has handed over all that waited saves nothing more."""

from __future__ import annotations

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import attachments, leaving, outbox, place


def take_leave(_progress: Progress, desk: Desk) -> bool:
    """Close the register for good, if the centre revoked this laptop and has everything; whether it did.

    After this the key must be let go, and slots and secret destroyed (`store.leaving.destroy`).
    """
    with desk.vault.write() as connection:
        if not place.read(connection, place.REVOKED) or not outbox.is_handed_over(connection):
            return False
        place.write(connection, place.LEFT, b"yes")  # in one transaction with the look: no save between
        photos = attachments.load(connection).count
    leaving.mark(desk.folder, desk.clock.today().isoformat(), photos)
    return True
