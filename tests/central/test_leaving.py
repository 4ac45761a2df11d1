"""A revoked laptop: it hands over what waits, and only then destroys what opens its register."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from app.actions.desk import Desk
from app.actions.leaving import take_leave
from app.actions.people import add_person
from app.bootstrap import entering, shelves
from app.central.deeds import Operating, revoke_laptop
from app.central.keys import Keys
from app.domain.changes import unpack_verdicts
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.resources import load_reference
from app.seal.sealing import Identity
from app.store import device_secret, journal, leaving, place, replacing
from app.store.keyslots import FILE
from app.store.laptop import Laptop as Machine
from app.store.slots import Recovery
from app.sync.conversation import Summary, synchronise
from tests import desks
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house


@dataclass
class Stolen:
    """A desk whose laptop will be revoked, and the centre it speaks with."""

    home: Path
    desk: Desk
    centre: House

    def sync(self, carrier: House | Cut | None = None) -> Summary:
        desk = self.desk
        return synchronise(desk.vault, carrier or self.centre, desk.device_key, Progress(), desk.pen)

    def revoke(self) -> None:
        at = Operating(self.centre.centre, self.centre.keys, "huy", self.centre.clock())
        revoke_laptop(at, TRAINING, self.desk.device_key.id, "stolen")

    def unlock(self) -> None:
        """As its officer would, at the next start."""
        known = load_reference()
        at = shelves.training_shelf(Machine(self.home), known)
        entering.unlock(at, self.desk.officer.id, desks.PASSWORD, known).desk.vault.lock()


class Cut:
    """A line that breaks after so many answers."""

    def __init__(self, inner: House, answers: int) -> None:
        self._inner, self._left = inner, answers

    def exchange(self, request: bytes) -> bytes:
        if not self._left:
            raise Trouble("sync.offline")
        self._left -= 1
        return self._inner.exchange(request)


@pytest.fixture
def stolen(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stolen]:
    desks.make_keys_cheap(monkeypatch)
    desk = desks.found(tmp_path / "home", code=TRAINING).desk
    with house(tmp_path / "centre.db", keys, TRAINING) as found:
        found.enrol(Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files))
        made = Stolen(tmp_path / "home", desk, found)
        assert not made.sync().revoked
        yield made
    desk.vault.lock()


def files(desk: Desk) -> set[str]:
    names = {file.name for file in desk.folder.iterdir()}
    return names & {FILE, device_secret.FILE, leaving.MARK, leaving.RECOVERY}


def test_it_hands_over_then_leaves(stolen: Stolen, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stolen.desk
    monkeypatch.setattr("app.sync.replica.PAGE_BYTES", 400)  # each save a page
    for name in ("An", "Bình", "Chi", "Dung"):
        add_person(desk, {"name": f"Lò Thị {name}"}, "add")
    stolen.revoke()
    with pytest.raises(Trouble):
        stolen.sync(Cut(stolen.centre, 2))
    assert not take_leave(Progress(), desk)  # it knows, and some still wait
    assert files(desk) == {FILE, device_secret.FILE}
    add_person(desk, {"name": "Lò Thị Em"}, "add")
    assert stolen.sync().revoked
    with stolen.centre.centre.read() as connection:
        taken = journal.lines(connection, TRAINING, 0, 1 << 24)
    assert [unpack_verdicts(line.verdicts)[0].why for line in taken] == ["standing"] * 5
    assert take_leave(Progress(), desk)
    with pytest.raises(Refusal, match=r"laptop\.revoked"):
        add_person(desk, {"name": "Lò Thị Muộn"}, "add")
    desk.vault.lock()
    leaving.destroy(desk.folder)
    assert files(desk) == {leaving.MARK, leaving.RECOVERY}
    with pytest.raises(Trouble, match=r"keyfile\.missing"):
        stolen.unlock()
    assert leaving.left(desk.folder) == (desk.clock.today().isoformat(), 0)


def test_what_was_saved_after_the_last_exchange_holds_it_back(stolen: Stolen) -> None:
    stolen.revoke()
    assert stolen.sync().revoked
    add_person(stolen.desk, {"name": "Lò Thị Muộn"}, "add")
    assert not take_leave(Progress(), stolen.desk)
    assert stolen.sync().revoked
    assert take_leave(Progress(), stolen.desk)


def test_the_safe_and_the_centre_can_still_open_it(stolen: Stolen) -> None:
    """A photo that was never sent is not lost for ever."""
    stolen.desk.vault.lock()
    said = msgspec.json.decode((stolen.desk.folder / FILE).read_bytes())
    leaving.mark(stolen.desk.folder, "2026-11-28", 3)
    leaving.destroy(stolen.desk.folder)
    kept = msgspec.json.decode((stolen.desk.folder / leaving.RECOVERY).read_bytes())
    assert kept == {name: said[name] for name in ("file", "commune", "recovery")}
    recovery = msgspec.convert(kept["recovery"], Recovery)
    with pytest.raises(Refusal, match=r"recovery\.another_code"):
        recovery.open(kept["file"], Identity.generate())


def test_what_a_restore_put_aside_goes_too_and_a_damaged_key_file_stops_nothing(stolen: Stolen) -> None:
    folder = stolen.desk.folder
    stolen.desk.vault.lock()
    aside = folder.with_name(f"{folder.name}{replacing.FORMER}1764000000000")
    kept = folder / "backups" / "2026-11-27T000000Z"
    damaged = aside / "backups" / "2026-11-28T000000Z"
    for each in (kept, aside, damaged):
        each.mkdir(parents=True)
        shutil.copy(folder / FILE, each)
    shutil.copy(folder / device_secret.FILE, aside)
    (damaged / FILE).write_bytes((folder / FILE).read_bytes()[:-9])
    (folder / FILE).write_bytes(b"{}")
    leaving.mark(folder, "2026-11-28", 0)
    leaving.destroy(folder)
    assert not [*folder.parent.rglob(FILE), *folder.parent.rglob(device_secret.FILE)]
    assert {each.parent for each in folder.parent.rglob(leaving.RECOVERY)} == {kept, aside}


def shelved(at: Stolen) -> list[str]:
    """What the next start finds: the communes that were left."""
    return [each.place.code for each in shelves.left_shelves(Machine(at.home), load_reference())]


@pytest.mark.parametrize("at", ["mark", "recovery", "secret", "slots"])
def test_wherever_the_power_goes_it_has_left_or_not(
    stolen: Stolen, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Each step fails once; the next start finds a laptop that works, or makes an end of it."""
    folder = stolen.desk.folder
    stolen.desk.vault.lock()

    def cut(fails: Callable[[Path], bool], whole: Callable[..., None]) -> Callable[..., None]:
        def step(path: Path, *rest: object) -> None:
            if fails(path):
                raise Trouble("disk.failed", number=5)
            whole(path, *rest)

        return step

    names = {"mark": leaving.MARK, "recovery": leaving.RECOVERY, "secret": device_secret.FILE}
    name = names.get(at, FILE)
    with monkeypatch.context() as broken, suppress(Trouble):
        for step in ("write_whole", "_overwrite"):
            broken.setattr(leaving, step, cut(lambda path: path.name == name, getattr(leaving, step)))
        leaving.mark(folder, "2026-11-28", 0)
        leaving.destroy(folder)
        pytest.fail("nothing was cut")
    if at == "mark":
        assert shelved(stolen) == []
        stolen.unlock()
    else:
        assert shelved(stolen) == [TRAINING]
        assert files(stolen.desk) == {leaving.MARK, leaving.RECOVERY}
        assert shelved(stolen) == [TRAINING]


def test_a_laptop_in_standing_again_forgets_that_it_was_not(stolen: Stolen) -> None:
    """The newest policy counts."""
    with stolen.desk.vault.write() as connection:
        place.write(connection, place.REVOKED, b"2026-11-28T00:00:00Z")
    stolen.centre.invite()
    stolen.centre.enrol(Laptop.new(stolen.home, TRAINING, stolen.centre.clock))
    assert not stolen.sync().revoked
    with stolen.desk.vault.read() as connection:
        assert place.read(connection, place.REVOKED) is None
