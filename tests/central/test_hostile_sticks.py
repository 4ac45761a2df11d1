"""Bundles bent and forged: none is taken in, nothing changes, each is refused for what is wrong with it."""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.central.keys import Keys
from app.domain.changes import unpack_verdicts
from app.domain.errors import Coded, Refusal
from app.sandbox.children import Child
from app.seal.sealing import recipient_of
from app.store import journal, roster, snapshots
from tests.central.conftest import TRAINING
from tests.central.forged_sticks import AT_THE_CENTRE, ON_THE_LAPTOP, Scene
from tests.central.hostile_sticks import Inside, bent, chunks, sealed_bytes
from tests.central.laptops import Laptop, house
from tests.central.sticks import Stick

MUTATED = 20_000 if os.environ.get("SOAK") else 2_000
JPEG = b"\xff\xd8\xff\xe0" + random.Random(7).randbytes(150_000)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("sticks")
    with house(folder / "centre.db", keys, TRAINING) as served:
        served.open_commune("T0002")
        sender, colleague = (Laptop.new(folder, TRAINING, served.clock) for _ in range(2))
        far = Laptop.new(folder, "T0002", served.clock)
        for laptop in (sender, colleague, far):
            served.enrol(laptop)
        made = Stick(folder / "stick")
        (made.folder / "answers").mkdir(parents=True)
        with made.child:
            person = sender.new_person()
            sender.attach(JPEG, person)
            asked = made.make(sender, served.clock())
            sender.change(person, phone="0912000000")
            small = made.make(sender, served.clock(), with_photos=False)
            answer = made.handle(served, small).file
            files = (asked.read_bytes(), answer.read_bytes(), small.read_bytes())
            yield Scene(served, made, sender, colleague, far, *files)
        for laptop in (sender, colleague, far):
            laptop.vault.lock()


@dataclass
class Gauge:
    """What one bundle costs: processor time here and in the child that reads it, and that child's memory."""

    child: Child
    slowest: float = 0.0
    largest: int = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """The next bundle."""
        before, begun = self._used(), time.process_time()
        yield
        after = self._used()
        in_child = after[1] - (before[1] if before[0] == after[0] else 0.0)
        self.slowest = max(self.slowest, time.process_time() - begun + in_child)
        self.largest = max(self.largest, after[2])

    def _used(self) -> tuple[int, float, int]:
        """Which process it is, the seconds that it has worked, the most bytes that it has held."""
        process = self.child._process
        if process is None or process.poll() is not None:
            return 0, 0.0, 0
        at = Path("/proc", str(process.pid))
        ticks = (at / "stat").read_text().rpartition(")")[2].split()[11:13]
        peak = re.search(r"VmHWM:\s+(\d+) kB", (at / "status").read_text())
        worked = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        return process.pid, worked, int(peak[1]) << 10 if peak else 0


def test_bent_bundles_are_refused_at_the_centre_and_on_the_laptop(
    scene: Scene, record_property: Callable[[str, object], None]
) -> None:
    chance, gauge = random.Random(4), Gauge(scene.stick.child)
    before, said = scene.state(), Counter[str]()
    whole = {"centre": scene.small, "laptop": scene.answer}
    plain = {"centre": Inside.of(scene.small, scene.opener).plain(), "laptop": scene.told.plain()}
    seal_to = {"centre": scene.opener.recipient, "laptop": recipient_of(scene.key.public)}
    for at in range(MUTATED):
        end = ("centre", "laptop")[at % 2]
        is_insiders = at % 4 < 2
        original = plain[end] if is_insiders else whole[end]
        content = original
        while content == original:  # one that was bent to itself is none of so many
            content = bent(chance, original, [scene.small, scene.answer, *plain.values()])
        sealed = sealed_bytes(content, seal_to[end]) if is_insiders else content
        with gauge.one(), pytest.raises(Refusal) as caught:
            (scene.hand_in if end == "centre" else scene.plug_in)(sealed)
        said[caught.value.code] += 1
    record_property("bundles", said.total())
    record_property("slowest, s", round(gauge.slowest, 3))
    record_property("largest child, MB", round(gauge.largest / 1e6))
    assert said.total() == MUTATED
    assert scene.state() == before
    assert gauge.slowest < 2
    assert gauge.largest < 200e6
    assert set(said) <= {
        *(f"bundle.{word}" for word in ("header", "not_for_us", "altered", "size", "form", "signature")),
        *(f"bundle.{word}" for word in ("digest", "sender", "addressee")),
        *("sync.signature", "sync.message"),
        "child.broke",  # one that made its child stop at a limit is refused as well
    }
    assert all(said[f"bundle.{word}"] for word in ("header", "altered", "form", "signature", "digest"))


@pytest.mark.parametrize("name", AT_THE_CENTRE)
def test_what_is_wrong_is_what_the_centre_says(scene: Scene, name: str) -> None:
    code, make = AT_THE_CENTRE[name]
    content, before, gauge = make(scene), scene.state(), Gauge(scene.stick.child)
    with gauge.one(), pytest.raises(Coded) as caught:
        scene.hand_in(content)
    assert (caught.value.code, scene.state()) == (code, before)
    assert gauge.slowest < 2
    assert gauge.largest < 200e6


@pytest.mark.parametrize("name", ON_THE_LAPTOP)
def test_what_is_wrong_is_what_the_laptop_says(scene: Scene, name: str) -> None:
    code, make = ON_THE_LAPTOP[name]
    content, before, gauge = make(scene), scene.state(), Gauge(scene.stick.child)
    with gauge.one(), pytest.raises(Coded) as caught:
        scene.plug_in(content)
    assert (caught.value.code, scene.state()) == (code, before)
    assert gauge.slowest < 2
    assert gauge.largest < 200e6


def test_a_request_cut_at_every_edge_of_64_kib_is_refused_as_altered(scene: Scene) -> None:
    head, pieces = chunks(scene.request)
    assert len(pieces) > 2
    before = scene.state()
    for kept in range(len(pieces)):
        with pytest.raises(Refusal, match=r"bundle\.altered"):
            scene.hand_in(head + b"".join(pieces[:kept]))
    assert scene.state() == before


def test_true_bundles_are_taken_in_after_all_that_and_a_second_time_without_harm(scene: Scene) -> None:
    """Copied, replayed and older ones change nothing more, and are said to be such."""
    done = scene.hand_in(scene.request)
    assert (done.again, done.older) == (False, True)
    scene.plug_in(scene.answer)
    before = scene.state()
    done = scene.hand_in(scene.request)
    assert (done.again, done.older) == (True, True)
    scene.plug_in(scene.answer)
    assert scene.state() == before


def test_what_a_revoked_sender_hands_in_is_refused_and_kept(scene: Scene) -> None:
    """The last of all, for a laptop stands no more after it."""
    record = scene.far.new_person()
    made = scene.stick.make(scene.far, scene.served.clock()).read_bytes()
    with scene.served.centre.write() as connection:
        roster.revoke_device(connection, "T0002", scene.far.device.id, "stolen", scene.served.clock())
    assert scene.hand_in(made).revoked
    with scene.served.centre.read() as connection:
        (line,) = journal.lines(connection, "T0002", 0, 1 << 20)
        stands = snapshots.stand(connection, "T0002")
    assert {(each.outcome, each.why) for each in unpack_verdicts(line.verdicts)} == {("refused", "standing")}
    assert record not in repr(stands)
