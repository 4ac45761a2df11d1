"""The table of the access matrix: each operation of the centre and what it asks for; and the scene."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.central import logbook
from app.central.deeds import Operating, revoke_laptop
from app.domain.changes import ChangeSet, Edit, lone
from app.store.central_tables import deposit, device
from app.store.central_tables import journal as journal_table
from app.sync.attachments import Asked
from app.sync.events import ListenRequest
from app.sync.messages import PROTOCOL, SyncRequest
from app.sync.snapshot import HistoryRequest, SnapshotRequest
from tests.central.laptops import House, Laptop

ATTACKS = ("unsigned", "other_commune", "lower_role", "other_device", "revoked", "expired", "altered_body")
OTHER, SHA = "T0002", "ab" * 32
NAME, PASSWORD, WRONG = "huy", "con trâu đi trước", "mật khẩu sai"
TYPED = {"Sec-Fetch-Site": "same-origin"}
OCTETS = {"Content-Type": "application/octet-stream"}
DAY_MS = 24 * 3600 * 1000
HER, PHONE = "Khuyễng Thị Pánh", "0388123417"
PERSONAL = ("Khuyễng", PHONE, "Lò ", "Cà ", "Pánh", "Khác", "Chưa", "Cán bộ", PASSWORD, WRONG)
_SAID = ChangeSet(
    "T0001",
    "an",
    "m1",
    1,
    "",
    9,
    HER,
    lone([Edit("person", "a" * 32, "name", HER), Edit("person", "a" * 32, "phone", "0388123417")]),
)
EVERY_LAPTOPS = "what a laptop asks for is its commune's, whoever sits there"
NEVER_EXPIRES = "a laptop's key stands until it is revoked"
NOT_A_COMMUNES = "operators serve the whole centre"
ONE_RANK = "operators have one rank"
FOR_ALL = "says the same to everybody, and nothing of any commune"

Ask = Callable[[str, str], msgspec.Struct]  # commune and laptop → what is asked for


@dataclass(frozen=True)
class Words:
    """An operation that a laptop asks for in signed words, and what for."""

    ask: Ask


@dataclass(frozen=True)
class Excused:
    """An operation to which nobody needs leave, and why."""

    why: str


@dataclass(frozen=True)
class Page:
    """A page that an operator signs in for; `form`: what is filled in besides the session's word."""

    form: Mapping[str, str] | None = None


SYNC, ENROL, SIGN_IN = "POST /v1/sync", "POST /v1/enrol", "POST /sign-in"
ATTACHMENT = "/v1/communes/{code}/attachments/{sha256}"
TABLE: Mapping[str, Words | Excused | Page] = {
    "GET /v1/health": Excused(FOR_ALL),
    "GET /v1/centre": Excused(FOR_ALL),
    "GET /v1/openapi.json": Excused(FOR_ALL),
    "GET /v1/metrics": Excused("counts, to this machine alone (test_numbers_are_for_this_machine_alone)"),
    ENROL: Words(lambda code, name: SnapshotRequest(PROTOCOL, code, name, 0)),  # see _enrolments
    SYNC: Words(
        lambda code, name: SyncRequest(PROTOCOL, code, name, 9, 0, bytes(32), 0, [(_SAID.body, bytes(64))])
    ),
    "GET /v1/events": Words(lambda code, name: ListenRequest(PROTOCOL, code, name)),
    "GET /v1/communes/{code}/snapshot": Words(lambda code, name: SnapshotRequest(PROTOCOL, code, name, 0)),
    "GET /v1/communes/{code}/snapshot/{seq}/{no}": Words(
        lambda code, name: SnapshotRequest(PROTOCOL, code, name, 0)
    ),
    "POST /v1/communes/{code}/history": Words(
        lambda code, name: HistoryRequest(PROTOCOL, code, name, 0, [1])
    ),
    f"GET {ATTACHMENT}": Words(lambda code, _name: Asked(PROTOCOL, code, "a" * 32, SHA)),
    f"GET {ATTACHMENT}/{{no}}": Words(lambda code, _name: Asked(PROTOCOL, code, "a" * 32, SHA)),
    f"PUT {ATTACHMENT}/{{no}}": Words(
        lambda code, _name: Asked(PROTOCOL, code, "a" * 32, SHA, 0, HER.encode())
    ),
    "GET /": Page(),
    "GET /deeds": Page(),
    "GET /forms": Page(),
    "GET /communes/{code}/parcels": Page(),
    "GET /communes/{code}/parcels/{parcel}": Page(),
    "GET /sign-in": Excused("the door itself"),
    "GET /page/{name}": Excused("the style and its letters"),
    SIGN_IN: Excused("asks for the password (test_a_wrong_password_is_turned_away_and_noted)"),
    "POST /sign-out": Page({}),
    "POST /forms/withdraw": Page({"form": "poverty_review"}),
    "POST /forms": Excused("a file in parts (test_nobody_elses_page_publishes)"),
    "POST /communes/{code}/invite": Page({}),
    "POST /communes/{code}/roles": Page({"wish": "1", "answer": "give"}),
    "POST /communes/{code}/until": Page({"officer": "1", "until": "2099-12-31"}),
    "POST /communes/{code}/revoke": Page({"device": "m1", "again": "m1", "reason": "lost"}),
}


def is_noted(caplog: pytest.LogCaptureFixture, code: str) -> bool:
    """Whether the log has it; what it wrote, as it is written, speaks of nobody."""
    lines = [logbook._Line().format(each) for each in caplog.records]
    assert not [word for word in PERSONAL if any(word in line for line in lines)], lines
    return any(getattr(each, "facts", {}).get("outcome") == code for each in caplog.records)


@dataclass
class Scene:
    """A centre with its pages, two laptops of a commune with something in its journal, an operator."""

    house: House
    client: TestClient
    a: Laptop
    b: Laptop
    is_revoked: bool = False

    @property
    def at(self) -> Operating:
        """Whoever operates."""
        return Operating(self.house.centre, self.house.keys, NAME, self.house.clock())

    def counts(self) -> tuple[int, ...]:
        """What an attack must not move: journal, deposits, laptops that stand."""
        stands = select(func.count()).select_from(device).where(device.c.standing == "active")
        with self.house.centre.read() as connection:
            return tuple(
                connection.scalar(query) or 0
                for query in (
                    select(func.count()).select_from(journal_table),
                    select(func.count()).select_from(deposit),
                    stands,
                )
            )

    def revoke(self) -> None:
        """Take the leave of a, once."""
        if not self.is_revoked:
            revoke_laptop(self.at, self.house.code, self.a.device.id, "stolen")
        self.is_revoked = True

    def send(self, operation: str, carried: bytes, code: str = "") -> Any:
        """An operation with what is carried: in the header where it has no body."""
        method, _, path = operation.partition(" ")
        path = path.format(code=code or self.house.code, seq=1, no=0, sha256=SHA)
        if method == "GET":
            said = {"Authorization": base64.b64encode(carried).decode()} if carried else {}
            return self.client.get(path, headers=said)
        return self.client.request(method, path, content=carried, headers=OCTETS)
