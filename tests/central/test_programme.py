"""Programme data published at the command line: every laptop has them, the newest, and works by them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import entering, shelves
from app.central.deeds import Operating
from app.central.keys import Keys
from app.central.programmes import trust
from app.central.publishing import publish
from app.cli import frame
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.resources import load_reference, resource
from app.seal.keys import SigningKey
from app.store import place
from app.store.laptop import Laptop as Machine
from app.sync import enrolment
from app.sync.programme import held_programme, keep_programme, signed_programme
from tests import desks
from tests.central.conftest import TRAINING
from tests.central.laptops import House, Laptop, house

LEVELS, ROLES = "policy/levels.csv", "policy/roles.toml"
MONTH = PartialDate.parse("2027-02")


def operating(found: House) -> Operating:
    return Operating(found.centre, found.keys, "huy", found.clock())


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder to publish from, with these texts in it."""

    def lay(**texts: str) -> Path:
        for name, text in texts.items():
            file = tmp_path / "publish" / re.sub("_(csv|toml)$", r".\1", name.replace("__", "/"))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return tmp_path / "publish"

    return lay


def raised(amount: int) -> str:
    """The shipped standards, and a higher one from 2027 on."""
    return resource(LEVELS).read_text("utf-8") + f"assistance,2027-01,{amount},,Nghị định,V\n"


def held(laptop: Laptop) -> int:
    with laptop.vault.read() as connection:
        return place.here(connection).programme


def test_published_data_reach_every_laptop_and_the_centre(
    served: House, pair: list[Laptop], folder: Callable[..., Path]
) -> None:
    a, b = pair
    found = publish(operating(served), folder(policy__levels_csv=raised(700_000)))
    assert (found.version, set(found.files)) == (1, {LEVELS})
    a.sync(served)
    assert held(a) == 1
    roles = resource(ROLES).read_text("utf-8").replace('writes = ["*"]', 'writes = ["person.name"]')
    publish(operating(served), folder(policy__roles_toml=roles))
    a.sync(served)
    b.sync(served)
    assert (held(a), held(b)) == (2, 2)
    with b.vault.read() as connection:
        programme = held_programme(connection, trust(served.keys))
    assert programme is not None
    assert set(programme.files) == {LEVELS, ROLES}  # the second stands on the first
    reference = load_reference(programme.files, programme.issued)
    assert reference.levels.in_force("assistance", MONTH).amount == 700_000
    a.new_person()
    assert a.sync(served).refused > 0  # the centre judges by what it published


def test_an_older_or_anothers_is_passed_over(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    believed = trust(trained.keys)
    for version, kept in ((3, 3), (2, 3), (3, 3), (4, 4)):
        signed = signed_programme(trained.keys.policy, version, version, {LEVELS: str(version)})
        with a.vault.write() as connection:
            keep_programme(connection, believed, signed)
            programme = held_programme(connection, believed)
        assert programme is not None
        assert programme.files == {LEVELS: str(kept)}
    for key in (SigningKey.generate(), trained.keys.register):
        forged = signed_programme(key, 9, 9, {})
        with a.vault.write() as connection, pytest.raises(Refusal, match=r"policy\.not_entitled"):
            keep_programme(connection, believed, forged)


def test_what_no_laptop_could_read_is_not_published(trained: House, folder: Callable[..., Path]) -> None:
    at = operating(trained)
    for texts, code in (
        ({}, "programme_none"),
        ({"policy__levels_csv": "programme;since\nx;y"}, "programme_unreadable"),
        ({"policy__levels_csv": raised(1).splitlines()[0]}, "programme_unreadable"),
        ({"policy__levels_csv": raised(1), "policy__roles_toml": "[["}, "programme_unreadable"),
        ({"policy__denied_csv": "x"}, "programme_file"),
    ):
        with pytest.raises(Refusal, match=rf"central\.{code}"):
            publish(at, folder(**texts))


def test_a_desk_works_by_them_from_its_next_unlock_on(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    desks.make_keys_cheap(monkeypatch)
    database = f"sqlite:///{tmp_path / 'centre.db'}"
    known = load_reference()
    desk = desks.found(tmp_path / "home", code=TRAINING).desk
    with house(tmp_path / "centre.db", keys, TRAINING) as found:
        laptop = Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)
        found.enrol(laptop)

        def central(*words: str) -> Any:
            said = ("--database", database, "--keys", str(keys.folder), "--json")
            assert frame.run(["central", "policy", *words, *said]) == 0
            return json.loads(capsys.readouterr().out)

        fees = "provider,commune,group,upkeep,withdrawal,minimum,source,since\nLPB,,,1100,,,báo,2026-01-01\n"
        central("publish", str(folder(policy__levels_csv=raised(650_000), banks__fees_csv=fees)))
        [row] = central("list")
        assert (row["version"], row["files"]) == (1, f"banks/fees.csv {LEVELS}")
        laptop.sync(found)
    desk.vault.lock()

    def unlocked() -> Any:
        at = shelves.shelf(Machine(tmp_path / "home"), shelves.place_of(known, TRAINING))
        return entering.unlock(at, desk.officer.id, desks.PASSWORD, known).desk

    desk = unlocked()
    assert desk.reference.published == row["issued"]
    assert desk.reference.levels.in_force("assistance", MONTH).amount == 650_000
    [policy] = desk.reference.fees.told("00001", (), desk.clock.today())
    assert policy.upkeep == 1_100
    # What a newer centre wrote, and this program cannot read, is kept; work goes on by what ships.
    with desk.vault.write() as connection:
        assert enrolment.is_enrolled(connection)
        unread = signed_programme(keys.policy, 2, 2, {LEVELS: "in another form"})
        keep_programme(connection, trust(keys), unread)
    desk.vault.lock()
    desk = unlocked()
    assert desk.reference.published == ""
    assert desk.reference.levels == known.levels
    desk.vault.lock()
