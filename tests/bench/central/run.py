"""`make bench-central`: exchanges a second and how long they take, as communes and their journals grow.

    make bench-central                     10, then 100, then 1,000 communes of 200 people each
    make bench-central STAGES="10 3321" PEOPLE=1505 MORNING=300     a country of five million, and its morning

No-op: a laptop in step asks. Changes: twenty sets pushed and judged. First fill: header, blocks, policy and a
sync; a page of the past: as many signed sets as one answer holds, fetched in the background. `kept`: over
lines that stay open, `new`: a handshake each, as laptops call that are quiet for longer than the centre keeps
a line. Processor time is the service's and PostgreSQL's, for one exchange: it says what a rate on a busy
machine does not.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench import people, processes
from tests.bench.central import country, morning
from tests.bench.central.calls import CHANGES, Caller
from tests.bench.central.country import Template
from tests.bench.central.driver import Answers, Line, Visit, drive
from tests.bench.processes import Centre

HERE = Path(__file__).resolve().parent
CREWS, PROCESSES = 4, 2
_NO_OPS, _PUSHES, _FILLS = 1_000, 300, 100
_TIMES = 10  # as long a journal, to compare with
HEADING = (
    f"{'communes':>8} {'sets':>5}  {'exchange':<24} {'rate':>9}  {'p50':>7} {'p95':>7} {'p99':>7}"
    "   processor ms: service, database"
)


@dataclass(frozen=True)
class Row:
    """What one kind of exchange cost at one size of the country. Milliseconds, but the rate."""

    communes: int
    sets: int  # in each commune's journal
    work: str
    rate: float
    p50: float
    p95: float
    p99: float
    service: float
    database: float
    errors: int

    def shown(self) -> str:
        """The line as it is printed."""
        where = f"{self.communes:>6,} {self.sets:>7,}  {self.work:<24} {self.rate:>7.1f}/s"
        times = f"{self.p50:>7.1f} {self.p95:>7.1f} {self.p99:>7.1f}"
        return f"{where}  {times}   {self.service:>6.2f} {self.database:>6.2f}   {self.errors or ''}"


@dataclass
class Load:
    """A centre whose country grows, and what was measured on it."""

    centre: Centre
    rows: list[Row] = field(default_factory=list)
    laid: int = 0

    def grow(self, template: Template, count: int) -> list[Caller]:
        """More communes like the template; their laptops that call."""
        codes = country.codes(self.laid, count)
        start = time.perf_counter()
        country.lay_all(self.centre.database, self.centre.keys, template, codes)
        self.laid += count
        said = f"{count:,} communes of {len(template.people):,} people laid in: "
        print(f"{said}{time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        return [Caller(template, code) for code in codes]

    def measure(self, size: tuple[int, int], work: str, drive_it: Callable[[], Answers]) -> None:
        """Drive it and keep the line; `size`: communes, and sets in the journal of each."""
        service, database = self.centre.seconds(), self.centre.database_seconds()
        answers = drive_it()
        count = max(1, len(answers.seconds))
        self.keep(size, work, answers, (self.centre.seconds() - service) / count * 1000,
                  (self.centre.database_seconds() - database) / count * 1000)  # fmt: skip

    def keep(
        self, size: tuple[int, int], work: str, answers: Answers, service: float, database: float
    ) -> None:
        """Keep and print a line of the table."""
        p50, p95, p99 = (answers.percentile(share) * 1000 for share in (50, 95, 99))
        rate = len(answers.seconds) / answers.wall
        row = Row(*size, work, rate, p50, p95, p99, service, database, len(answers.errors))
        self.rows.append(row)
        print(row.shown(), flush=True)
        for error in answers.errors[:3]:
            print(f"    {error}", file=sys.stderr)


def dealt(visits: list[tuple[int, Visit]]) -> list[list[Visit]]:
    """Visits given out so that each commune's stay with one crew, in their order."""
    crews: list[list[Visit]] = [[] for _ in range(CREWS)]
    for commune, visit in visits:
        crews[commune % CREWS].append(visit)
    return crews


def rounds(callers: Sequence[Caller], count: int, say: Callable[[Caller], Visit]) -> list[list[Visit]]:
    """So many visits, the communes taking turns; where there are more communes, spread over all of them."""
    step = max(1, len(callers) // count)
    chosen = callers[::step]
    return dealt([(at % len(chosen), say(chosen[at % len(chosen)])) for at in range(count)])


def measure_all(load: Load, callers: Sequence[Caller], sets: int) -> None:
    """Every kind of exchange once. Fills first: what is pushed makes the snapshot an old one."""
    port, size = load.centre.port, (len(callers), sets)
    step = max(1, len(callers) // _FILLS)
    some = callers[::step]
    load.measure(size, "header, snapshot built", lambda: prepared(port, some, Caller.find_snapshot))
    fills = rounds(some, _FILLS, lambda one: tuple(one.first_fill()))
    load.measure(size, "first fill, new line", lambda: drive(port, fills, new_lines=True))
    past = rounds(some, _FILLS, lambda one: (one.past(),))
    load.measure(size, "a page of the past", lambda: drive(port, past))
    prepared(port, [one for one in callers if one.number], Caller.find_digest)
    quiet = rounds(callers, _NO_OPS, lambda one: (one.nothing_new(),))
    load.measure(size, "no-op, kept line", lambda: drive(port, quiet))
    load.measure(size, "no-op, new line", lambda: drive(port, quiet, new_lines=True))
    pushes = rounds(callers, _PUSHES, lambda one: (one.changes(),))
    load.measure(size, f"{CHANGES} changes, kept line", lambda: drive(port, pushes))


def prepared(port: int, callers: Sequence[Caller], find: Callable[[Caller, Line], None]) -> Answers:
    """Each laptop learns something of its commune, one after the other."""
    answers, line, start = Answers(), Line(port), time.perf_counter()
    for one in callers:
        began = time.perf_counter()
        find(one, line)
        answers.seconds.append(time.perf_counter() - began)
    line.hang_up()
    answers.wall = time.perf_counter() - start
    return answers


def run(load: Load, stages: Sequence[int], count: int, seconds: int) -> None:
    """The country as it grows, and its morning; or ten communes whose journals are ten times as long."""
    template = country.make_template(list(people.people(count)))
    callers: list[Caller] = []
    for stage in stages:
        callers += load.grow(template, stage - len(callers))
        measure_all(load, callers, count)
    if seconds:
        prepared(load.centre.port, [one for one in callers if one.number], Caller.find_digest)
        _morning(load, callers, count, seconds)
        return
    long = country.make_template(list(people.people(_TIMES * count)))
    measure_all(load, load.grow(long, 10), _TIMES * count)


def _morning(load: Load, callers: Sequence[Caller], count: int, seconds: int) -> None:
    size, before = (len(callers), count), (load.centre.seconds(), load.centre.database_seconds())
    went = morning.run(load.centre.port, callers, seconds)
    calls = len(went.calls.seconds)
    service = (load.centre.seconds() - before[0]) / calls * 1000
    database = (load.centre.database_seconds() - before[1]) / calls * 1000
    load.keep(size, f"a morning of {seconds} s", went.calls, service, database)
    load.keep(size, "  lines to listen on", went.opened, 0, 0)
    load.measure(size, "  all break, open anew", went.all_lines_break)
    went.end()


def main() -> int:
    """Measure, print, write them as JSON beside this file; 1 when an answer was an error."""
    stages = [int(each) for each in (os.environ.get("STAGES") or "10 100 1000").split()]
    count = int(os.environ.get("PEOPLE") or 200)
    seconds = int(os.environ.get("MORNING") or 0)
    before = processes.load()
    with (
        tempfile.TemporaryDirectory(prefix="sas-bench-") as name,
        processes.centre(Path(name), [], PROCESSES) as centre,
    ):
        load = Load(centre)
        print(HEADING, flush=True)
        run(load, stages, count, seconds)
    loads = f"{before} before, {processes.load()} after"
    print(f"load averages: {loads}")
    said = {"load": loads, "rows": [asdict(row) for row in load.rows]}
    file = HERE / ("results-morning.json" if seconds else "results.json")
    file.write_text(json.dumps(said, indent=1) + "\n")
    return int(any(row.errors for row in load.rows))


if __name__ == "__main__":
    raise SystemExit(main())
