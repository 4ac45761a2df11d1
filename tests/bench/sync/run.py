"""`make bench-sync`: what sync costs, the program beside Anki, on the same invented people in one run.

    make bench-sync N=1000      a quick one; N=10000 is what the limits were agreed for
    make bench-sync LINK=       without the slow line: what is said of 2G is measured or left out
    make bench-sync BIG=20000   the large commune smaller than 100,000 people

2G is a line of 300 ms and 64 kbit/s. Bytes are those that TCP carries both ways: TLS counts with ours, while
Anki speaks plain HTTP. Memory is the most that a process held above what it held before the work began.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from app.seal.enrolment import EnrolmentCode
from app.seal.keys import DeviceKey, OfficerKey, SigningKey
from app.sync import https
from app.sync.enrolment import Applicant
from tests.bench import founding, people, processes
from tests.bench.founding import Hand
from tests.bench.people import Listed
from tests.bench.processes import Centre
from tests.bench.sync import sides, workload
from tests.bench.sync.sides import TWO_G, Measured
from tests.bench.sync.workload import Beside, Lone, Pair

COMMUNE, SMALL, LARGE = "03127", "03160", "03163"
SMALL_COUNT = 1_000
RESULTS = Path(__file__).with_name("results.json")
ANKI = Path(".venv/anki/bin/python")
_KB, _SIGNATURE_BYTES, _EDITS = 1_000, 64, 1_000
_TWO_G_BITS = 1_000 * TWO_G["kbit"]


@dataclass(frozen=True)
class Row:
    """One line of the table. `bound`: the most that ours may be, None where nothing was agreed."""

    work: str
    ours: float
    unit: str
    anki: float | None = None
    bound: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether ours stays within what was agreed."""
        return self.bound is None or self.ours <= self.bound

    def shown(self) -> str:
        """The line as it is printed."""
        beside = "–" if self.anki is None else f"{self.anki:,.2f}"
        share = f"{self.ours / self.anki:.2f}×" if self.anki else "–"
        bound = "–" if self.bound is None else f"≤ {self.bound:,.1f}{'' if self.is_met else ' ✗'}"
        figure = f"{self.work:<46} {self.ours:>10,.2f} {self.unit:<4} {beside:>9} {share:>6}"
        return f"{figure}  {bound:<12} {self.note}"


@dataclass
class Report:
    """What came of a run, printed line by line as it comes: a run takes minutes."""

    count: int
    rows: list[Row] = field(default_factory=list)
    raw: dict[str, dict[str, object]] = field(default_factory=dict)

    def say(self, row: Row) -> None:
        """Add a line."""
        self.rows.append(row)
        print(row.shown(), flush=True)

    def keep(self, side: str, taken: dict[str, Measured]) -> None:
        """Keep everything that was measured on a side."""
        self.raw[side] = {work: asdict(one) for work, one in taken.items()}

    def scaled(self, bound: float) -> float | None:
        """A bound that was agreed for 10,000 people and 1,000 edits; None for another number."""
        return bound if self.count == 10_000 else None


def founder(centre: Centre, commune: str) -> Hand:
    """A laptop and an officer enrolled for the sets that are laid in by COPY."""
    code = EnrolmentCode.read(centre.invite(commune, f"https://127.0.0.1:{centre.port}"))
    device = DeviceKey("m01", SigningKey.generate())
    officer = OfficerKey("0" * 32, "Cán bộ một", SigningKey.generate())
    https.enrol(code, Applicant(device, "máy một", [officer]))
    return Hand(commune, device, officer)


def fill_commune(centre: Centre, commune: str, lines: list[Listed]) -> None:
    """People in a commune's journal, a set each."""
    hand = founder(centre, commune)
    with processes.connect(centre) as book:
        founding.found_commune(book, hand, (line.edits() for line in lines))


def say_fill(report: Report, ours: Pair, anki: Pair | None, best: Beside) -> None:
    """First fill: bytes, memory, and its time beside a bare insert."""
    mine, theirs = ours.taken["fill"], anki.taken["fill"] if anki else None
    built = ours.taken["seed"]
    kb = theirs.bytes / _KB if theirs else None
    report.say(Row("first fill, bytes", mine.bytes / _KB, "kB", kb, report.scaled(750), "evidence apart"))
    past = ours.taken["history"]
    note = f"evidence, then history, in the background: {past.wall:.1f} s"
    report.say(Row("  all signed sets after it", past.bytes / _KB, "kB", None, None, note))
    report.say(Row("  requests", mine.requests, "", theirs.turns if theirs else None))
    memory = theirs.memory if theirs else None
    report.say(Row("  memory, laptop", mine.memory, "MB", memory, 60))
    memory = theirs.server_memory if theirs else None
    report.say(Row("  memory, server, building it", built.server_memory, "MB", memory, 60))
    wall = theirs.wall if theirs else None
    report.say(Row("  wall", best.whole, "s", wall, None, f"bare insert {best.bare:.2f} s, best of three"))
    listed, whole = best.listed / best.bare, best.whole / best.bare
    report.say(Row("  wall to a bare SQLCipher insert, the list", listed, "×", None, 2.5, "and the digest"))
    report.say(Row("  wall to a bare SQLCipher insert, whole", whole, "×", None, 4, "search with it"))
    note = f"whole {best.whole / best.ours:.2f} ×, a bare insert with our adapters {best.ours:.2f} s"
    report.say(Row("    the list to one with our adapters", best.listed / best.ours, "×", None, None, note))
    note = f"{best.listed_cpu / best.bare_cpu:.1f} × for the list"
    share = best.whole_cpu / best.bare_cpu
    report.say(Row("  laptop's processor to the bare insert's", share, "×", None, None, note))


def say_deltas(report: Report, ours: Pair, anki: Pair | None) -> None:
    """A thousand edits pushed and pulled, and nothing new."""
    edits = min(_EDITS, report.count // 2)
    bound = report.scaled(40 + _SIGNATURE_BYTES * edits / _KB)
    for work in ("push", "pull"):
        mine, theirs = ours.taken[work], anki.taken[work] if anki else None
        kb, turns = (theirs.bytes / _KB, theirs.turns) if theirs else (None, None)
        report.say(Row(f"{work} {edits:,} edits, bytes", mine.bytes / _KB, "kB", kb, bound, "on a new line"))
        report.say(Row("  requests", mine.requests, "", turns, 1))
        report.say(Row("  wall", mine.wall, "s", theirs.wall if theirs else None))
    mine, theirs = ours.taken["nothing"], anki.taken["nothing"] if anki else None
    size, turns = (theirs.bytes, theirs.turns) if theirs else (None, None)
    report.say(Row("nothing new, warm, bytes", mine.bytes, "B", size, 600))
    report.say(Row("  requests", mine.requests, "", turns, 1))
    mine = ours.taken["nothing, new line"]
    report.say(Row("  on a new line, bytes", mine.bytes, "B", None, None, "the handshake of TLS among them"))


def say_collisions(report: Report, ours: Pair, anki: Pair | None) -> None:
    """Edits apart: none may be lost, every collision is shown with both values."""
    report.say(Row("edits apart: lost", ours.lost, "", anki.lost if anki else None, 0))
    hidden, theirs = ours.collided - ours.shown, anki.collided - anki.shown if anki else None
    note = f"{ours.shown} of {ours.collided} shown with both values"
    report.say(Row("  collisions that nobody is shown", hidden, "", theirs, 0, note))


def say_link(report: Report, ours: Pair, anki: Pair | None) -> None:
    """The same on 2G, as it really took; a push and a pull also on the line kept since the last sync."""
    bounds = {"fill": report.scaled(100)}
    for work in ("push", "pull"):  # what the line carries in, and a second
        bounds[f"{work}, kept line"] = ours.taken[f"{work}, kept line 2G"].bytes * 8 / _TWO_G_BITS + 1
    for work in ("fill", "push", "push, kept line", "pull", "pull, kept line", "nothing"):
        mine, theirs = ours.taken[f"{work} 2G"], anki.taken.get(f"{work} 2G") if anki else None
        note = f"{mine.bytes / _KB:,.0f} kB, {mine.requests} requests, {mine.turns} turns"
        beside = theirs.wall if theirs else None
        report.say(Row(f"2G, {work}", mine.wall, "s", beside, bounds.get(work), note))


def say_one_edit(report: Report, small: Lone, large: Lone, bare: dict[str, float]) -> None:
    """One edit from a small commune and from a large one; the large one's first fill."""
    few, many = workload.one_edit(small, large)
    sizes = [statistics.median(one.bytes for one in some) for some in (few, many)]
    walls = [statistics.median(one.wall for one in some) for some in (few, many)]
    costs = [statistics.mean(one.cpu + one.server_cpu for one in some) for some in (few, many)]
    note = f"{len(large.lines):,} people to {len(small.lines):,}: {sizes[1]:.0f} B"
    report.say(Row("one edit pushed, bytes", sizes[1] / sizes[0], "×", None, 1.1, note))
    report.say(Row("  wall", walls[1] / walls[0], "×", None, 1.1, f"{walls[1] * 1000:.0f} ms"))
    note = f"{costs[1] * 1000:.0f} ms"
    report.say(Row("  processor of both ends", costs[1] / costs[0], "×", None, None, note))
    filled = large.filled
    report.say(Row(f"first fill of {len(large.lines):,}, bytes", filled.bytes / _KB, "kB"))
    report.say(Row("  memory, laptop", filled.memory, "MB", None, 60))
    report.say(Row("  memory, server, building it", filled.server_memory, "MB", None, 60))
    note = f"{filled.cpu:.1f} s to {bare['cpu']:.1f} s"
    report.say(
        Row("  laptop's processor to the bare insert's", filled.cpu / bare["cpu"], "×", None, None, note)
    )


def run(report: Report, large: int, python: Path | None, *, with_link: bool) -> None:
    """Everything, once."""
    lines = list(people.people(report.count))
    with tempfile.TemporaryDirectory(prefix="sas-bench-") as name:
        folder = Path(name)
        if python:
            with sides.anki(folder / "anki", python, sides.people_file(folder, lines)) as side:
                anki = Pair(side, lines)
                anki.begin()
                _edit(anki)
                _beside(report, folder, anki, large, with_link=with_link)
        else:
            _beside(report, folder, None, large, with_link=with_link)


def _edit(pair: Pair) -> None:
    pair.deltas(5)
    pair.collide(6)


def _beside(report: Report, folder: Path, anki: Pair | None, large: int, *, with_link: bool) -> None:
    with processes.centre(folder, (COMMUNE, SMALL, LARGE)) as centre:
        fill_commune(centre, COMMUNE, list(people.people(report.count)))
        with sides.ours(folder / "ours", centre, COMMUNE) as side:
            ours = Pair(side, list(people.people(report.count)))
            ours.begin()
            say_fill(report, ours, anki, workload.beside(ours))
            over = workload.cut(ours)
            report.say(Row("  cut in the middle, bytes paid twice", over / _KB, "kB", None, 64))
            both = [ours, anki] if anki else [ours]
            if with_link:
                sides.at_once(*(partial(workload.fill_slowly, one) for one in both))
            _edit(ours)
            say_deltas(report, ours, anki)
            say_collisions(report, ours, anki)
            if with_link:
                sides.at_once(*(partial(one.deltas, 77, " 2G", TWO_G) for one in both))
                ours.push_and_pull(78, ", kept line 2G", TWO_G, is_kept=True)
                say_link(report, ours, anki)
            report.keep("ours", ours.taken)
        if anki:
            report.keep("anki", anki.taken)
        if large:
            _one_edit(report, folder, centre, large)


def _one_edit(report: Report, folder: Path, centre: Centre, large: int) -> None:
    sizes = {SMALL: min(SMALL_COUNT, large // 10), LARGE: large}
    with ExitStack() as stack:
        laptops = []
        for code, count in sizes.items():
            lines = list(people.people(count))
            fill_commune(centre, code, lines)
            side = stack.enter_context(sides.ours(folder / code, centre, code))
            laptops.append(workload.lone(side, lines))
        small, large_one = laptops
        say_one_edit(report, small, large_one, large_one.worker.do("insert_barely"))
        report.keep("large", {"fill": large_one.filled})


def main() -> int:
    """Measure, print, write `results.json`; 1 when a bound was not met."""
    count = int(os.environ.get("N") or 10_000)
    large = int(os.environ.get("BIG") or (100_000 if count >= 10_000 else 10 * count))
    before = processes.load()
    report = Report(count)
    if not ANKI.exists():
        print("Anki is not there (make bench-sync installs it): ours alone", file=sys.stderr)
    print(f"{'':<46} {'ours':>15} {'Anki':>9} {'share':>6}  {'to reach':<12}")
    run(report, large, ANKI if ANKI.exists() else None, with_link=os.environ.get("LINK", "1") != "")
    loads = f"{before} before, {processes.load()} after"
    print(f"load averages: {loads}")
    said = {"people": count, "load": loads, "rows": [asdict(row) for row in report.rows], "raw": report.raw}
    RESULTS.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    return int(not all(row.is_met for row in report.rows))


if __name__ == "__main__":
    raise SystemExit(main())
