"""`make bench-central` with two small communes: every call is answered well, and a morning ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import people, processes
from tests.bench.central import country, morning, run
from tests.bench.central.calls import CHANGES, Caller
from tests.bench.central.driver import Asking, Due, at_their_time


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
        assert (len(calm.seconds), calm.errors) == (2, [])
        refused = at_their_time(centre.port, [Due(0.0, 0)], lambda _: _NONSENSE, lambda *_: None, 1)
        assert len(refused.errors) == 1


_NONSENSE = Asking(b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
