"""The rooms of an open register, filled with the training commune's people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app import bootstrap
from app.actions import exchange
from app.actions.desk import Desk
from app.actions.people import change_record
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import queries
from app.store.laptop import Laptop
from app.store.listing import Listing
from app.store.opened import open_record
from app.ui.rooms.exchange import ExchangeRoom
from app.ui.rooms.people import People
from app.ui.rooms.training import TrainingDoor
from tests.ui.scenes import Stage


def open_training(stage: Stage) -> None:
    """Through the training door; its people are written, its centre runs."""
    stage.doors.train()
    door = stage.room
    assert isinstance(door, TrainingDoor)
    door._open()
    stage.wait_until(lambda: stage.window.pill.link.kind == "synced")


@contextmanager
def second_laptop(stage: Stage) -> Iterator[Desk]:
    """Another laptop of the commune, joined to the same centre."""
    day = bootstrap.begin_training(Progress(), Laptop(stage.home / "profiles" / "second"), load_reference())
    try:
        yield day.entered.desk
    finally:
        day.entered.desk.vault.lock()
        if day.centre is not None:
            day.centre.service.stop()


def first_people(desk: Desk, text: str, count: int) -> list[str]:
    """Ids of those who answer what is typed."""
    with desk.vault.read() as connection:
        nos = queries.ids(connection, Listing(text=text))[:count]
        return [row.id for row in queries.person_rows(connection, nos) if row is not None]


def change(desk: Desk, person: str, **values: str) -> None:
    """A form opened, changed and saved."""
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    change_record(desk, opened, values, "correction")


def write_apart(stage: Stage) -> None:
    """Two laptops write the same fields unseen: conflicts, and a change that waits."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    people = first_people(desk, "lo thi", 3)
    with second_laptop(stage) as other:
        for person in people[:2]:
            change(other, person, birth="1951-03-12", personal_id="014151000123")
        exchange.exchange(Progress(), other)
    change(desk, people[0], birth="1951-12-03", personal_id="014151000456")
    change(desk, people[1], birth="1952")
    stage.doors.session.link.sync_now()
    stage.settle()
    change(desk, people[2], phone="0388004417", note="Con gái nghe máy hộ")
    stage.doors.session.link.refresh()
    stage.settle()


def today(stage: Stage) -> None:
    """What waits."""
    stage.window.go("today")
    stage.draw("today")


def people(stage: Stage) -> None:
    """List, pane, search, filters, nobody."""
    room = stage.window.go("people")
    assert isinstance(room, People)
    stage.draw("people")
    for name, text in (
        ("people-search", "lo thi 48"),
        ("people-approximate", "quagn thi"),
        ("people-nobody", "xyz 1954"),
    ):
        room.box.set_text(text)
        room.box.searched.emit(text)
        stage.draw(name)
    room.box.set_text("")
    stage.window.go("people", text="", account="none")
    stage.settle()
    hamlets = [facet.value for facet in room._listed.counts.hamlets] if room._listed else []
    stage.window.go("people", text="", hamlet=hamlets[1], account="none")
    stage.draw("people-filters")
    room.filters._open_menu("groups")
    stage.draw_menu("people-menu")
    room._choose_columns()
    stage.draw_menu("people-columns")
    stage.window.go("people", text="", account="none")
    stage.settle()


def person(stage: Stage) -> None:
    """One person's file."""
    assert stage.doors.session is not None
    found = first_people(stage.doors.session.desk, "lo thi", 1)
    stage.window.go("person", person=found[0])
    stage.draw("person")


def sync(stage: Stage) -> None:
    """How the laptop stands with its centre."""
    room = stage.window.go("sync")
    assert isinstance(room, ExchangeRoom)
    for tab in ("waiting", "conflicts", "past"):
        room.tabs.open(tab)
        stage.draw(f"sync-{tab}")


def guidance(stage: Stage) -> None:
    """The guide."""
    stage.window.go("guidance")
    stage.draw("guidance")


def settings(stage: Stage) -> None:
    """In training."""
    stage.window.go("settings")
    stage.draw("settings-training")


SCENES: tuple[Callable[[Stage], None], ...] = (today, people, person, sync, guidance, settings)
