"""The work that both sides do: fill, push, pull, nothing, collisions, a slow line, a line that breaks."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.bench import people
from tests.bench.people import Change, Listed
from tests.bench.sync import sides
from tests.bench.sync.sides import TWO_G, Measured, Side, Worker

_EDITS, _EACH, _ROUNDS = 1_000, 500, 15
_APART_SECONDS = 1.1  # Anki tells edits apart by whole seconds, and two of one second stay apart for good


class Pair:
    """The workload on one side: two laptops that know everybody, and what it costs to keep them alike."""

    def __init__(self, side: Side, lines: list[Listed]) -> None:
        self.side, self.lines = side, lines
        self.taken: dict[str, Measured] = {}
        self.lost = self.shown = self.collided = 0
        self.first: Worker
        self.second: Worker

    def begin(self) -> None:
        """Two laptops; the second one's first fill is what counts, for the server has nothing to prepare."""
        hire, measure = self.side.hire, self.side.measure
        verb = "fill" if self.side.name == "ours" else "sync"
        self.side.watch()
        self.first, self.second = hire("a"), hire("b")
        if self.side.name == "anki":
            self.first.do("load")
        self.taken["seed"] = measure(self.first, verb)
        self.taken["fill"] = measure(self.second, verb)
        for one in (self.first, self.second):
            if self.side.name == "ours":
                self.taken["history"] = measure(one, "history")
            measure(one, "sync")
        self.same()

    def same(self) -> None:
        """Both hold the same rows."""
        held = {worker.do("digest")["rows"] for worker in (self.first, self.second)}
        if len(held) != 1:
            raise RuntimeError(f"{self.side.name}: the two laptops differ")

    def edit(self, worker: Worker, changes: list[Change]) -> None:
        """Changes made on one laptop."""
        worker.do("edit", changes=sides.told(self.side, changes, self.lines))

    def deltas(self, seed: int, name: str = "", line: dict[str, int] | None = None) -> None:
        """One pushes a thousand edits, the other pulls them; then there is nothing new."""
        self.push_and_pull(seed, name, line)
        self._new_line(self.second)
        self.taken[f"settle{name}"] = self.side.measure(self.second, "sync", line=line)
        self.taken[f"nothing{name}"] = self.side.measure(self.second, "sync", line=line)
        self._new_line(self.second)
        self.taken[f"nothing, new line{name}"] = self.side.measure(self.second, "sync", line=line)
        self.same()

    def push_and_pull(
        self, seed: int, name: str = "", line: dict[str, int] | None = None, *, is_kept: bool = False
    ) -> None:
        """A thousand edits go, and come; each on a new line, or on the one kept since the last sync."""
        edits = min(_EDITS, len(self.lines) // 2)
        for worker in (self.first, self.second):
            if is_kept:
                worker.do("sync")
            else:
                self._new_line(worker)
        self.edit(self.first, people.changes(edits, range(len(self.lines)), seed))
        for worker, work in ((self.first, "push"), (self.second, "pull")):
            self.taken[f"{work}{name}"] = self.side.measure(worker, "sync", line=line)

    def _new_line(self, worker: Worker) -> None:
        if self.side.name == "ours":
            worker.do("hang_up")

    def collide(self, seed: int) -> None:
        """Both change apart, some of it the same; what was lost, and what is shown to somebody."""
        each = min(_EACH, len(self.lines) // 3)
        shared = each // 5
        ours, theirs = people.collisions(each, shared, range(len(self.lines)), seed)
        self.edit(self.first, ours)
        time.sleep(_APART_SECONDS)
        self.edit(self.second, theirs)
        for _ in range(4):
            for worker in (self.first, self.second):
                self.side.measure(worker, "sync")
        self.same()
        mine = {(change.line, change.field): change for change in ours}
        met = {(c.line, c.field): (mine[c.line, c.field], c) for c in theirs if (c.line, c.field) in mine}
        self.collided = len(met)
        alone = [c for c in (*ours, *theirs) if (c.line, c.field) not in met]
        places = [place[:-1] for place in sides.told(self.side, alone, self.lines)]
        held = self.first.do("values", places=places)["values"]
        self.lost = sum(str(now) != str(c.value) for now, c in zip(held, alone, strict=True))
        self.shown = self._shown_of(list(met.values()))

    def _shown_of(self, met: list[tuple[Change, Change]]) -> int:
        """How many collisions somebody is shown with both values."""
        if self.side.name == "anki":
            return 0  # it has no list of them
        told = [*self.first.do("shown")["shown"], *self.second.do("shown")["shown"]]
        both = {(tuple(cell), frozenset((stands, came))) for cell, stands, came, _ in told}
        cells = [sides.told(self.side, [one], self.lines)[0][:-1] for one, _ in met]
        values = [frozenset((one.value, other.value)) for one, other in met]
        return sum((cell, value) in both for cell, value in zip(cells, values, strict=True))


@dataclass(frozen=True)
class Beside:
    """First fills and bare inserts of the same rows in turns, the best of each: wall and processor s.

    `ours`: the bare insert's wall where the driver was told what our connections tell it.
    """

    listed: float
    listed_cpu: float
    whole: float
    whole_cpu: float
    bare: float
    bare_cpu: float
    ours: float


def beside(pair: Pair, rounds: int = 3) -> Beside:
    """A machine that does other work stretches now the one, now the other: each has its best round."""
    found = []
    for at in range(rounds):
        worker = pair.side.hire(f"beside{at}")
        filled = pair.side.measure(worker, "fill")
        if "refused" in filled.said:
            raise RuntimeError(f"the fill was refused: {filled.said}")
        bare = worker.do("insert_barely", rounds=2)
        said = filled.said
        mine = (said["listed"], said["listed_cpu"], filled.wall, filled.cpu)
        found.append((*mine, bare["seconds"], bare["cpu"], bare["ours"]))
        worker.do("close")
    return Beside(*map(min, zip(*found, strict=True)))


def fill_slowly(pair: Pair) -> None:
    """A first fill on a line of 2G. Before anybody edits, like `cut`."""
    worker = pair.side.hire("slow")
    verb = "fill" if pair.side.name == "ours" else "sync"
    pair.taken["fill 2G"] = pair.side.measure(worker, verb, line=TWO_G)


def cut(pair: Pair) -> int:
    """Bytes that a line which breaks in the middle of a first fill makes somebody pay twice.

    Before anybody edits: it is beside the second laptop's fill, from the same snapshot.
    """
    worker, whole = pair.side.hire("cut"), pair.taken["fill"].bytes
    broken = pair.side.measure(worker, "fill", line={"cut_after": whole // 2})
    if broken.said.get("refused") != "sync.offline":
        raise RuntimeError(f"the line did not break: {broken.said}")
    rest = pair.side.measure(worker, "fill")
    if "refused" in rest.said:
        raise RuntimeError(f"the fill did not go on: {rest.said}")
    return broken.bytes + rest.bytes - whole


@dataclass(frozen=True)
class Lone:
    """One laptop of a commune, filled; what the fill cost, the building of the snapshot among it."""

    side: Side
    lines: list[Listed]
    worker: Worker
    filled: Measured


def lone(side: Side, lines: list[Listed]) -> Lone:
    """A laptop that knows everybody."""
    side.watch()
    worker = side.hire("a")
    filled = side.measure(worker, "fill")
    if "refused" in filled.said:
        raise RuntimeError(f"the fill was refused: {filled.said}")
    return Lone(side, lines, worker, filled)


def one_edit(*laptops: Lone) -> list[list[Measured]]:
    """A field changed and pushed, in turns, on each of these laptops."""
    taken: list[list[Measured]] = [[] for _ in laptops]
    for turn in range(1 + _ROUNDS):
        for laptop, some in zip(laptops, taken, strict=True):
            change = Change(turn, "phone", f"09{turn:08d}")
            laptop.worker.do("edit", changes=sides.told(laptop.side, [change], laptop.lines))
            measured = laptop.side.measure(laptop.worker, "exchange")
            if turn:  # the first one warms both ends
                some.append(measured)
    return taken
