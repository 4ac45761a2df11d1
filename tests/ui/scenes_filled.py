"""After a first fill: the past on its way; and a copy that had differed from the centre's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select, update

from app.actions.desk import Desk
from app.domain.standing import DIGEST_MODULUS
from app.store import past, place
from app.store.tables import changes, records, touched
from app.ui.rooms.exchange import ExchangeRoom
from app.ui.rooms.person import PersonRoom
from tests.ui.scenes import Stage
from tests.ui.scenes_desk import first_people


@contextmanager
def without_past(stage: Stage) -> Iterator[Desk]:
    """The laptop as it stands just filled from a snapshot: what was signed before has not come."""
    assert stage.doors.session is not None
    desk, link = stage.doors.session.desk, stage.doors.session.link
    link._goes_on = False
    with desk.vault.write() as connection:
        gone = select(changes.c.no).where(changes.c.seq.is_not(None))
        connection.execute(delete(touched).where(touched.c.change.in_(gone)))
        connection.execute(delete(changes).where(changes.c.no.in_(gone)))
        past.begin(connection, place.cursor(connection), place.head(connection))
    link.refresh()
    stage.settle()
    yield desk
    link.sync_now()
    stage.wait_until(lambda: link.state is not None and not link.state.arriving and not link.is_running)


def arriving(stage: Stage) -> None:
    """A person's accounts and history, and Sync, before the past is here."""
    with without_past(stage) as desk:
        person = [*first_people(desk, "", 1, "proposed"), *first_people(desk, "lo thi", 1)][0]
        room = stage.window.go("person", person=person)
        assert isinstance(room, PersonRoom)
        stage.settle()
        for tab in ("accounts", "history"):
            room.tabs.open(tab)
            stage.settle()
            stage.draw(f"arriving-{tab}")
        stage.window.go("sync")
        stage.draw("arriving-sync")


def differed(stage: Stage) -> None:
    """Rows that rotted on the disk: found by the digest, fetched anew, told."""
    assert stage.doors.session is not None
    desk, link = stage.doors.session.desk, stage.doors.session.link
    people = first_people(desk, "lo thi", 2)
    person, right = records["person"], records["entitlement"]
    with desk.vault.write() as connection:
        connection.execute(update(person).where(person.c.id == people[0]).values(hamlet="Bản Xa", phone="0"))
        connection.execute(update(right).where(right.c.person == people[1]).values(amount=1))
        sums = place.digests(connection)
        place.write_digests(connection, {**sums, "person": (sums["person"] + 1) % DIGEST_MODULUS})
    link.sync_now()
    stage.wait_until(lambda: link.state is not None and link.state.diverged > 0 and not link.is_running)
    room = stage.window.go("sync")
    assert isinstance(room, ExchangeRoom)
    room.tabs.open("past")
    stage.draw("differed")
    room._see_differed()
    stage.settle()
    stage.draw("differed-where")


SCENES: tuple[Callable[[Stage], None], ...] = (arriving, differed)
