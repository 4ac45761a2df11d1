"""`make bench-central` with two small communes: every call is answered well, and a morning ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import people, processes
from tests.bench.central import country, morning, run
from tests.bench.central.calls import CHANGES, Caller
from tests.bench.central.driver import Asking, Line


def test_every_exchange_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_NO_OPS", "_PUSHES", "_FILLS"):
        monkeypatch.setattr(run, name, 6)
    template = country.make_template(list(people.people(20)))
    with processes.centre(tmp_path, []) as centre:
        load = run.Load(centre)
        callers = load.grow(template, 2)
        run.measure_all(load, callers, 20)
        assert [(row.work, row.errors) for row in load.rows if row.errors] == []
        assert {caller.number for caller in callers} == {3 * CHANGES}
        run.prepared(centre.port, callers, Caller.find_digest)
        calm = morning.run(centre.port, callers, 1)
        assert [len(some.seconds) for some in (calm.calls, calm.opened)] == [2, 2]
        assert [*calm.calls.errors, *calm.opened.errors] == []
        calm.end()
        line = Line(centre.port)
        assert line.ask(_NONSENSE)[0] == 400
        line.hang_up()


_NONSENSE = Asking(b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
