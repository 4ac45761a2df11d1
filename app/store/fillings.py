"""An unfinished filling as it lies in the vault: answers, whom it is about, what was known at first."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, func, select

from app.store import drafts
from app.store.aliases import is_shown
from app.store.households import household_head
from app.store.opened import Opened, open_record, open_records
from app.store.tables import records

_UNDER = "survey:"


class About(msgspec.Struct, frozen=True):
    """Whom a filling is of, and where they live; all empty for what the register does not know."""

    household: str = ""
    person: str = ""
    hamlet: str = ""
    name: str = ""

    @property
    def record(self) -> str:
        """The household's id, else the person's."""
        return self.household or self.person


class Seen(msgspec.Struct, frozen=True):
    """A record as the register held it when the filling began."""

    kind: str
    record: str
    values: dict[str, str | int | bool | None]
    on: dict[str, int | str | None]

    @classmethod
    def of(cls, opened: Opened) -> Seen:
        """The same, to be kept."""
        return cls(opened.kind, opened.record, dict(opened.values), dict(opened.on))

    @property
    def opened(self) -> Opened:
        """The same, to be laid on."""
        return Opened(self.kind, self.record, self.values, self.on)


class Kept(msgspec.Struct, frozen=True):
    """A draft. `definition`: the SHA-256 of its form; `content`: the answers as `Session.draft` gives them.

    `told`: what was filled in from the register, by `kind/record/property`; `files`: SHA-256 of photos that
    its answers name; `corrects`: the submission whose place it takes.
    `answered` of `asked` questions; `page`: where she was.
    """

    id: str
    definition: str
    form: str
    version: str
    title: str
    about: About
    begun: str
    content: bytes
    seen: list[Seen] = []
    told: dict[str, str] = {}
    files: list[str] = []
    corrects: str = ""
    language: str = ""
    page: str = ""
    answered: int = 0
    asked: int = 0


class _Files(msgspec.Struct, frozen=True):
    files: list[str] = []


def new_id() -> str:
    """Of a draft: it never leaves this laptop."""
    return uuid.uuid4().hex


def subject_of(draft: str) -> str:
    """Under which it is kept; an officer who sees a part of the register has hers apart (`desk.draft_of`)."""
    return f"{_UNDER}{draft}"


def keep(connection: Connection, subject: str, kept: Kept) -> None:
    """In the place of what was kept of it before."""
    drafts.keep(connection, subject, msgspec.msgpack.encode(kept))


def read(connection: Connection, subject: str) -> Kept | None:
    """One of them; None where there is none, or an older program left it."""
    return drafts.unpacked(drafts.kept(connection, subject), Kept)


def every(connection: Connection) -> list[Kept]:
    """Those that she sees, the newest first."""
    found = (drafts.unpacked(body, Kept) for _subject, body in drafts.kept_under(connection, _UNDER))
    return [each for each in found if each is not None]


def count(connection: Connection) -> int:
    """How many she sees."""
    return drafts.count_under(connection, _UNDER)


def files_of_drafts(connection: Connection) -> Iterator[str]:
    """Photos of fillings that are not handed in: no set speaks of them yet."""
    for _subject, body in drafts.kept_under(connection, _UNDER):
        found = drafts.unpacked(body, _Files)
        yield from found.files if found else ()


def about_household(connection: Connection, record: str) -> About | None:
    """Whose and where; None for one that she does not see."""
    opened = open_record(connection, "household", record)
    if opened is None:
        return None
    name = household_head(connection, opened.values)
    return About(record, str(opened.values.get("head") or ""), str(opened.values.get("hamlet") or ""), name)


def about_person(connection: Connection, record: str) -> About | None:
    """Who and where; None for one whom she does not see."""
    opened = open_record(connection, "person", record)
    if opened is None:
        return None
    said = opened.values
    return About("", record, str(said.get("hamlet") or ""), str(said.get("name") or ""))


def about_assigned(connection: Connection, assignment: Opened) -> About:
    """To whom an assignment leads: one household or person, or a hamlet alone."""
    household, person, hamlet = (
        str(assignment.values.get(name) or "") for name in ("household", "person", "hamlet")
    )
    if household:
        return about_household(connection, household) or About(household, "", hamlet)
    if person:
        return about_person(connection, person) or About("", person, hamlet)
    return About(hamlet=hamlet)


def seen_of(connection: Connection, about: About) -> list[Opened]:
    """The household with everybody who belongs to it now, the head first; or the person alone."""
    if not about.household:
        keys = [("person", about.person)] if about.person else []
        return list(open_records(connection, keys).values())
    person = records["person"]
    living = func.coalesce(person.c.state, "active").in_(("active", "ended"))
    members = select(person.c.id).where(person.c.household == about.household, living, is_shown())
    ids = list(connection.scalars(members.order_by(person.c.id != about.person, person.c.birth, person.c.id)))
    keys = [("household", about.household), *(("person", each) for each in ids)]
    found = open_records(connection, keys)
    return [found[key] for key in keys if key in found]
