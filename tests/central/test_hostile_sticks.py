"""Bundles bent and forged: none is taken in, nothing changes, each is refused for what is wrong with it."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from app.central.keys import Keys
from app.domain.errors import Coded, Refusal
from app.seal.sealing import recipient_of
from tests.central.conftest import TRAINING
from tests.central.forged_sticks import AT_THE_CENTRE, ON_THE_LAPTOP, Scene
from tests.central.hostile_sticks import Inside, bent, sealed_bytes
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


def test_bent_bundles_are_refused_at_the_centre_and_on_the_laptop(scene: Scene) -> None:
    chance = random.Random(4)
    before, said, slowest = scene.state(), Counter[str](), 0.0
    whole = {"centre": scene.small, "laptop": scene.answer}
    plain = {"centre": Inside.of(scene.small, scene.opener).plain(), "laptop": scene.told.plain()}
    seal_to = {"centre": scene.opener.recipient, "laptop": recipient_of(scene.key.public)}
    for at in range(MUTATED):
        end = ("centre", "laptop")[at % 2]
        is_insiders = at % 4 < 2
        original = plain[end] if is_insiders else whole[end]
        content = bent(chance, original, [scene.small, scene.answer, *plain.values()])
        if content == original:
            continue
        sealed = sealed_bytes(content, seal_to[end]) if is_insiders else content
        begun = time.process_time()
        with pytest.raises(Refusal) as caught:
            (scene.hand_in if end == "centre" else scene.plug_in)(sealed)
        slowest = max(slowest, time.process_time() - begun)
        said[caught.value.code] += 1
    assert scene.state() == before
    assert slowest < 2
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
    content, before = make(scene), scene.state()
    with pytest.raises(Coded) as caught:
        scene.hand_in(content)
    assert (caught.value.code, scene.state()) == (code, before)


@pytest.mark.parametrize("name", ON_THE_LAPTOP)
def test_what_is_wrong_is_what_the_laptop_says(scene: Scene, name: str) -> None:
    code, make = ON_THE_LAPTOP[name]
    content, before = make(scene), scene.state()
    with pytest.raises(Coded) as caught:
        scene.plug_in(content)
    assert (caught.value.code, scene.state()) == (code, before)


def test_true_bundles_are_taken_in_after_all_that(scene: Scene) -> None:
    done = scene.hand_in(scene.request)
    assert (done.again, done.older) == (False, True)
    scene.plug_in(scene.answer)
