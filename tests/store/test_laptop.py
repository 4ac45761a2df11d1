"""Where things lie, and settings that never stop the program from starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.store.laptop import Laptop, Settings


def test_the_home_is_what_the_environment_says(tmp_path: Path) -> None:
    assert Laptop.found({"SOANSINH_HOME": str(tmp_path)}).home == tmp_path
    second = Laptop.found({"SOANSINH_HOME": str(tmp_path)}, "second")
    assert second.home.is_relative_to(tmp_path)
    assert second.home != tmp_path
    assert Laptop.found({}).home.name == "soansinh"


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "", " ", "x" * 40])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"laptop\.commune"):
        Laptop(tmp_path).commune(name)
    if name:
        with pytest.raises(Refusal, match=r"laptop\.profile"):
            Laptop.found({"SOANSINH_HOME": str(tmp_path)}, name)


def test_a_commune_is_listed_once_it_has_keys_and_a_vault(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path)
    assert laptop.communes() == ()
    for code, files in (
        ("02692", ("keys.json", "vault.db")),
        ("02693", ("keys.json",)),
        ("x y", ("vault.db",)),
    ):
        folder = tmp_path / "communes" / code
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).touch()
    (listed,) = laptop.communes()
    assert listed == laptop.commune("02692")
    assert (listed.code, listed.vault.name) == ("02692", "vault.db")
    assert not laptop.commune("02693").has_begun


def test_settings_are_kept(tmp_path: Path) -> None:
    laptop = Laptop(tmp_path / "new")
    assert laptop.settings() == Settings()
    chosen = Settings("dark", 150, "en", "02692")
    laptop.keep(chosen)
    assert Laptop(tmp_path / "new").settings() == chosen


@pytest.mark.parametrize(
    "bad", [b"", b"{", b"[]", b'{"theme":"pink"}', b'{"text_size":9000}', b'{"key":"x"}', b"\xff"]
)
def test_settings_that_do_not_read_are_those_the_program_comes_with(tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(bad)
    assert Laptop(tmp_path).settings() == Settings()
