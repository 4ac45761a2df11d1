"""`make bench-sync` with sixty people, ours alone: what it measures is measured, on real lines."""

from __future__ import annotations

from pathlib import Path

from tests.bench import people, processes
from tests.bench.sync import run, sides, workload
from tests.bench.sync.run import COMMUNE, Report
from tests.bench.sync.workload import Pair


def test_the_workload_runs_and_says_what_it_found(tmp_path: Path) -> None:
    lines = list(people.people(60))
    report = Report(len(lines))
    with processes.centre(tmp_path, [COMMUNE]) as centre:
        run.fill_commune(centre, COMMUNE, lines)
        with sides.ours(tmp_path / "ours", centre, COMMUNE) as side:
            pair = Pair(side, lines)
            pair.begin()
            pair.deltas(5)
            pair.collide(6)
            run.say_fill(report, pair, None, workload.beside(pair, 1))
            run.say_deltas(report, pair, None)
            run.say_collisions(report, pair, None)
            slow = side.measure(pair.first, "sync", line={"rtt_ms": 200})
    said = {row.work: row for row in report.rows}
    assert said["first fill, bytes"].ours > 5
    assert said["nothing new, warm, bytes"].is_met
    assert said["push 30 edits, bytes"].ours > 30 * 64 / 1_000
    assert {pair.taken[work].requests for work in ("push", "pull", "nothing")} == {1}
    assert (pair.lost, pair.collided) == (0, pair.shown)
    assert pair.collided > 0
    assert slow.wall > 0.2
