"""What stands on the page of approvals, and in the file of whom it is about."""

from __future__ import annotations

from app.actions.desk import Desk
from app.store import dossier
from app.ui.approvals.page import ApprovalPage
from tests.ui.queueing import Sitting


def page(at: Sitting) -> ApprovalPage:
    assert isinstance(at.pane.page, ApprovalPage)
    return at.pane.page


def whole(desk: Desk, who: str) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, who)
    assert found is not None
    return found


def standing(desk: Desk, who: str) -> list[str]:
    return [account.standing for account in whole(desk, who).accounts]
