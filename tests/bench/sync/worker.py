"""One laptop in a process of its own: told what to do in lines of JSON, it answers in lines of JSON.

A real vault, the real carrier over TLS with pins, the real conversation. A record's cell is named by
[kind, record, cell].
"""

from __future__ import annotations

import gc
import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app import words
from app.domain.changes import lone
from app.domain.errors import Coded
from app.domain.hybrid_clock import HybridClock
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.store import disputes, place, rows, search, unit
from app.store.opened import open_record
from app.store.tables import records
from app.store.unit import Pen
from app.store.vault import Vault
from app.sync import conversation, enrolment, https, policy
from app.sync.enrolment import Applicant
from app.sync.https import HttpsCarrier
from tests.bench.bare import driver_as_it_comes

Said = dict[str, Any]
_HISTORY_SECONDS = 1_800.0


class Laptop:
    """A vault enrolled with a centre, its line kept open between syncs."""

    def __init__(self, folder: Path, name: str, typed: str) -> None:
        code = EnrolmentCode.read(typed)
        folder.mkdir(parents=True)
        self._device = DeviceKey(name, SigningKey.generate())
        officer = OfficerKey(secrets.token_hex(16), f"Cán bộ {name}", SigningKey.generate())
        self._folder = folder
        self._vault = Vault.create(folder / "vault.db", secrets.token_bytes(32))
        enrolled = https.enrol(code, Applicant(self._device, f"máy {name}", [officer]))
        with self._vault.write() as connection:
            place.write(connection, "commune", code.commune.encode())
            place.write(connection, "device", name.encode())
            enrolment.keep(connection, enrolled)
            pins = policy.centre_of(connection).tls
        self._pen = Pen(
            code.commune,
            name,
            officer.id,
            partial(sign, officer.key, CHANGE_SET),
            HybridClock(lambda: time.time_ns() // 1_000_000).tick,
        )
        self._carrier = HttpsCarrier(code.address, pins)

    def fill(self) -> Said:
        """First fill: until list, search and digest are whole; what was signed before comes later."""
        began, cpu = time.perf_counter(), time.process_time()
        filled = conversation.fill(self._vault, self._carrier, self._device, Progress())
        said = {"records": filled.count} if filled else self.sync()  # a short journal is read instead
        listed = {"listed": time.perf_counter() - began, "listed_cpu": time.process_time() - cpu}
        more = True
        while more:
            with self._vault.write() as connection:
                more = search.catch_up(connection, 1_000)
        return {**said, **listed}

    def sync(self) -> Said:
        """Press Sync."""
        done = conversation.synchronise(self._vault, self._carrier, self._device, Progress(), self._pen)
        return {"exchanges": done.exchanges, "in_step": done.in_step, "waiting": done.waiting}

    def history(self) -> Said:
        """What a first fill left out: the signed sets behind what stands, then all the others."""
        left = conversation.fetch_history(self._vault, self._carrier, self._device, _HISTORY_SECONDS)
        return {"left": left}

    def exchange(self) -> Said:
        """One exchange and nothing else, as `synchronise` does it: the history need not be here."""
        sent = conversation.compose(self._vault, self._device)
        outcome, _ = conversation.absorb(self._vault, sent, self._carrier.exchange(sent.carried), self._pen)
        return {"in_step": outcome.in_step, "waiting": outcome.waiting}

    def hang_up(self) -> Said:
        """The next sync takes a new line."""
        self._carrier.close()
        return {}

    def edit(self, changes: list[tuple[str, str, str, str | int]]) -> Said:
        """A form opened, one field changed and saved, for each."""
        for kind, record, name, value in changes:
            with self._vault.write() as connection:
                opened = open_record(connection, kind, record)
                assert opened is not None
                if edits := opened.edits({name: value}):
                    unit.save(connection, self._pen, "edit", lone(edits))
        return {}

    def values(self, places: list[tuple[str, str, str]]) -> Said:
        """What stands in these cells, as the officer sees it."""
        with self._vault.read() as connection:
            held = rows.load(connection, {(kind, record) for kind, record, _ in places})
        cells = [held.get((kind, record), {}).get(name) for kind, record, name in places]
        return {"values": [cell.value if cell else None for cell in cells]}

    def shown(self) -> Said:
        """What the officer is told of values apart: the cell, what stands, what came, conflict or not."""
        with self._vault.read() as connection:
            told = [*disputes.conflicts(connection), *disputes.gave_way(connection, self._pen.author)]
        cells = [[[d.kind, d.record, d.field], d.stands, d.came, bool(d.conflict)] for d in told]
        return {"shown": cells}

    def digest(self) -> Said:
        """The digest over all that stands, and a hash over the rows themselves."""
        with self._vault.read() as connection:
            whole = place.whole_digest(place.digests(connection)).hex()
            return {"digest": whole, "rows": _hash_of_rows(connection)}

    def insert_barely(self, rounds: int = 3) -> Said:
        """The rows of this vault as a bare bulk insert into SQLCipher, durable; the best of some rounds.

        Through the driver as it comes, and (`ours`) as our connections have it.
        """
        with self._vault.read() as connection:
            held = [
                (table.name, connection.execute(select(table)).mappings().all()) for table in records.values()
            ]
        tables = [
            (name, list(found[0]), [tuple(row.values()) for row in found]) for name, found in held if found
        ]
        with driver_as_it_comes():
            took = [self._inserted(tables) for _ in range(rounds)]
        ours = min(self._inserted(tables)[0] for _ in range(rounds))
        return {"seconds": min(wall for wall, _ in took), "cpu": min(cpu for _, cpu in took), "ours": ours}

    def _inserted(self, tables: list[tuple[str, list[Any], list[tuple[Any, ...]]]]) -> tuple[float, float]:
        """Wall and processor seconds, into tables that have the same indexes."""
        path = self._folder / f"bare-{secrets.token_hex(4)}.db"
        with Vault.create(path, secrets.token_bytes(32)) as bare:
            start, cpu = time.perf_counter(), time.process_time()
            with bare.write() as connection:
                raw: Any = connection.connection.driver_connection
                for table, columns, found in tables:
                    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
                    raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", found)
            return time.perf_counter() - start, time.process_time() - cpu

    def close(self) -> Said:
        """Lock and hang up."""
        self._carrier.close()
        self._vault.lock()
        return {}


def _hash_of_rows(connection: Connection) -> str:
    found = hashlib.sha256()
    for table in records.values():
        columns = [column for column in table.c if column.name not in ("no", "behind")]
        for row in connection.execute(select(*columns).order_by(table.c.id)):
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def main() -> None:
    """Do as told until nothing more is said; memory as the program's own start leaves it (`cli.desk`)."""
    words.speak("vi")
    gc.freeze()
    laptop: Laptop | None = None
    for line in sys.stdin:
        asked: Said = json.loads(line)
        verb = asked.pop("verb")
        start, cpu = time.perf_counter(), time.process_time()
        try:
            if laptop is None:
                laptop, said = Laptop(Path(asked["folder"]), asked["name"], asked["code"]), {}
            else:
                act: Callable[..., Said] = getattr(laptop, verb)
                said = act(**asked)
        except Coded as error:
            said = {"refused": error.code}
        took = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu}
        print(json.dumps({**took, **said}), flush=True)


if __name__ == "__main__":
    main()
