"""What an officer does with keys of this laptop: her own password, a colleague who comes or leaves."""

from __future__ import annotations

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import audit, place, rekeying
from app.store.arrival import slot_number
from app.store.rekeying import Register
from app.store.throttle import Moment


def change_password(progress: Progress, desk: Desk, old: str, new: str) -> None:
    """Her own; the register gets another key, so that no older key file opens it.

    The refusals of `KeyFile.unlock` for the old one, of `check_password` for the new one.
    """
    now = Moment.now()
    register = Register(desk.vault, desk.prove.keyfile)
    unlocked = rekeying.change_password(register, desk.officer.id, old, new, now, progress)
    desk.prove.renew(unlocked, now)
    with desk.vault.write() as connection:
        place.write(connection, slot_number(desk.officer.id), str(unlocked.slot_number).encode())
        audit.note(connection, desk.officer.id, "password", kind="officer", record=desk.officer.id)
