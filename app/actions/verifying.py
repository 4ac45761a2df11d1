"""The register looked over before it is relied on."""

from __future__ import annotations

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.sync.verifying import Register, Report


def look_over(progress: Progress, desk: Desk) -> Report:
    """Everything that is in the file, offline; each step can be cancelled."""
    with desk.vault.whole() as connection:
        register = Register.of(connection, desk.folder, desk.officer_key, desk.reference.rights)
        return register.look_over(progress)
