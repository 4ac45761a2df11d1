"""The rooms of an open register, filled with the training commune's people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.actions import attachments, exchange
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.actions.people import change_record
from app.bootstrap.training import begin_training
from app.domain.deadlines import Due
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import queries
from app.store.laptop import Laptop
from app.store.listing import Listing
from app.store.opened import open_record
from app.ui.parts.timeline import Timeline
from app.ui.person.attaching import Attaching
from app.ui.person.documents import Documents
from app.ui.person.facts import born
from app.ui.person.history import History
from app.ui.person.rights import Rights
from app.ui.pictures import prepare
from app.ui.rooms.exchange import ExchangeRoom
from app.ui.rooms.people import People
from app.ui.rooms.person import PersonRoom
from app.ui.rooms.training import TrainingDoor
from app.words import gettext as _
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
    day = begin_training(Progress(), Laptop(stage.home / "profiles" / "second"), load_reference())
    try:
        yield day.entered.desk
    finally:
        day.entered.desk.vault.lock()
        if day.centre is not None:
            day.centre.service.stop()


def first_people(desk: Desk, text: str, count: int, account: str = "") -> list[str]:
    """Ids of those who answer what is typed."""
    wanted = Listing(text=text, accounts=(account,) if account else ())
    with desk.vault.read() as connection:
        nos = queries.ids(connection, wanted)[:count]
        return [row.id for row in queries.person_rows(connection, nos) if row is not None]


def change(desk: Desk, person: str, **values: str) -> None:
    """A form opened, changed and saved."""
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", person)
    assert opened is not None
    change_record(desk, opened, values, "Con gái cho số" if "phone" in values else "Theo thẻ căn cước")


def write_apart(stage: Stage) -> None:
    """Two laptops write the same fields unseen: conflicts, and a change that waits."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    people = first_people(desk, "lo thi", 3)
    with second_laptop(stage) as other:
        for person, number in zip(people, ("014151000123", "014151000124"), strict=False):
            change(other, person, birth="1951-03-12", personal_id=number)
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
    room.print_button.click()
    stage.draw_menu("people-print")
    stage.window.go("people", text="", account="none")
    stage.settle()


def person(stage: Stage) -> None:
    """One person's file: each tab, its forms, closing it, somebody new."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    room = stage.window.go("person", person=first_people(desk, "lo thi", 1)[0])
    assert isinstance(room, PersonRoom)
    stage.draw("person")
    room.tabs.open("history")
    stage.settle()
    room.pages["history"].findChildren(Timeline)[0]._press(next(iter(_history(room)._told)))
    stage.draw("person-history")
    room.change_button.click()
    stage.draw("person-change")
    _leave(stage, room)
    stage.window.go("person", person=first_people(desk, "quang thi", 1, account="proposed")[0])
    for tab in ("accounts", "household", "entitlements"):
        room.tabs.open(tab)
        stage.draw(f"person-{tab}")
    documents(stage, room, desk)
    rights = room.pages["entitlements"]
    assert isinstance(rights, Rights)
    room.tabs.open("entitlements")
    stage.settle()
    rights.add()
    stage.draw("person-right")
    _leave(stage, room)
    room.end_button.click()
    stage.draw("person-ending")
    room._close_ending()
    stage.window.go("person", add=True)
    stage.settle()
    assert room.adding is not None
    with desk.vault.read() as connection:
        known = queries.person_rows(connection, queries.ids(connection, Listing(text="lo thi bo"))[:1])[0]
    assert known is not None
    for name, typed in (("name", known.name), ("birth", born(known.birth))):
        box = room.adding.form.fields[name].control
        box.setText(typed)
        box.textEdited.emit(typed)
    stage.settle(0.6)
    stage.draw("person-add")
    room.adding.editing.give_up()
    stage.settle()


def documents(stage: Stage, room: PersonRoom, desk: Desk) -> None:
    """Her photos and papers: none yet, one before it is kept, several, one large."""
    room.tabs.open("documents")
    stage.draw("person-documents-none")
    page = room.pages["documents"]
    assert isinstance(page, Documents)
    page.take([_paper(_("choice.attachment.purpose.id_front"))])
    stage.settle()
    stage.draw("person-documents-new")
    assert isinstance(page.form.held, Attaching)
    page.form.held.given_up.emit()
    stage.settle()
    for purpose in ("id_front", "id_back", "consent", "account_paper"):
        content = prepare(Progress(), _paper(_(f"choice.attachment.purpose.{purpose}"))).content
        attachments.attach(desk, room._record, Paper(content, purpose))
    attachments.attach(desk, room._record, Paper(b"%PDF-1.7 invented", "other", "Giấy ủy quyền"))
    room.refresh()
    stage.settle()
    stage.draw("person-documents")
    page.open(next(each for each in page.file.person.attachments if each.opened.values["media"] != "pdf"))
    stage.settle()
    stage.draw("person-documents-large")
    page._leave_form()
    stage.settle()


def _paper(words: str) -> QImage:
    """A sheet that says what it is: nobody's."""
    made = QImage(1_200, 800, QImage.Format.Format_RGB32)
    made.fill(QColor("#dfe8dc"))
    painter = QPainter(made)
    font = painter.font()
    font.setPixelSize(70)
    painter.setFont(font)
    painter.drawText(made.rect(), Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return made


def _history(room: PersonRoom) -> History:
    page = room.pages["history"]
    assert isinstance(page, History)
    return page


def _leave(stage: Stage, room: PersonRoom) -> None:
    """Give up the form that is open."""
    for page in room.pages.values():
        if page.editing is not None:
            page.editing.give_up()
    stage.settle()


def sync(stage: Stage) -> None:
    """How the laptop stands with its centre."""
    room = stage.window.go("sync")
    assert isinstance(room, ExchangeRoom)
    for tab in ("waiting", "conflicts", "past"):
        room.tabs.open(tab)
        stage.draw(f"sync-{tab}")


def before_the_list(stage: Stage) -> None:
    """The same five days before the list is due, with work for it on board, and data of the centre's."""
    room = stage.window.go("sync")
    assert isinstance(room, ExchangeRoom)
    stage.settle()
    link, found = room._link, room._found
    assert found is not None
    due = Due(date(2026, 12, 25), 5, True, ("account",))
    far = link.state
    state = replace(found.state, due=due, for_list=12, waiting=14, programme="2026-11-20T03:00:00Z")
    link.state = state
    link._show()
    room._show(replace(found, state=state))
    stage.draw("sync-before-the-list")
    link.state = far
    room.refresh()


def guidance(stage: Stage) -> None:
    """The guide."""
    stage.window.go("guidance")
    stage.draw("guidance")


def settings(stage: Stage) -> None:
    """In training."""
    stage.window.go("settings")
    stage.draw("settings-training")


SCENES: tuple[Callable[[Stage], None], ...] = (
    today,
    people,
    person,
    sync,
    before_the_list,
    guidance,
    settings,
)
