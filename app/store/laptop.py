"""Where things lie on this laptop: a folder a commune, and settings that hold no secret.

<home>/settings.json
<home>/communes/<code>/vault.db  keys.json  device.secret  rescue.capsule  files/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app.domain.changes import canonical
from app.domain.errors import Refusal
from app.seal.statements import read_object
from app.store import keyslots, leaving, rescue
from app.store.disk import make_folder, read_whole, write_whole

_CODE = re.compile(r"[0-9A-Za-z]{1,16}")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the program looks and speaks. `text_size` in percent; `commune`: the one opened last."""

    theme: Literal["system", "light", "dark"] = "system"
    text_size: Annotated[int, msgspec.Meta(ge=80, le=200)] = 100
    language: Literal["vi", "en"] = "vi"
    commune: str = ""


@dataclass(frozen=True)
class CommuneFolder:
    """What belongs to one commune's register on this laptop."""

    path: Path

    @property
    def code(self) -> str:
        """The commune's code."""
        return self.path.name

    @property
    def vault(self) -> Path:
        """The encrypted database."""
        return self.path / keyslots.VAULT

    @property
    def files(self) -> Path:
        """The sealed bytes of attachments (`files.py`)."""
        return self.path / "files"

    @property
    def has_begun(self) -> bool:
        """Whether its first start came to its end: one cut off before leaves keys without a vault."""
        return self.vault.exists() and (self.path / keyslots.FILE).exists()


@dataclass(frozen=True)
class Laptop:
    """The program's own folder."""

    home: Path

    @classmethod
    def found(cls, environment: Mapping[str, str], profile: str = "") -> Laptop:
        """Under SOANSINH_HOME, else where the system keeps a program's data; a named profile apart.

        Two profiles are two laptops: that is how one machine shows what syncing does.
        """
        if profile and not _CODE.fullmatch(profile):
            raise Refusal("laptop.profile")
        if environment.get("SOANSINH_HOME"):
            home = Path(environment["SOANSINH_HOME"])
        else:
            from platformdirs import user_data_path

            home = user_data_path("soansinh", appauthor=False)
        return cls(home / "profiles" / profile if profile else home)

    def commune(self, code: str) -> CommuneFolder:
        """A commune's folder, whether or not it is there yet."""
        if not _CODE.fullmatch(code):
            raise Refusal("laptop.commune")
        return CommuneFolder(self.home / "communes" / code)

    def communes(self) -> tuple[CommuneFolder, ...]:
        """Those whose register can be unlocked here, by code."""
        folders = map(CommuneFolder, sorted((self.home / "communes").glob("*")))
        known = (folder for folder in folders if _CODE.fullmatch(folder.code) and folder.has_begun)
        return tuple(folder for folder in known if leaving.left(folder.path) is None)

    def left(self) -> tuple[CommuneFolder, ...]:
        """Those that this laptop has left because the centre revoked it, by code."""
        folders = map(CommuneFolder, sorted((self.home / "communes").glob("*")))
        return tuple(each for each in folders if _CODE.fullmatch(each.code) and leaving.left(each.path))

    def with_capsule(self) -> tuple[CommuneFolder, ...]:
        """Those whose rescue capsule can be handed to the centre, opened or not, by code."""
        folders = map(CommuneFolder, sorted((self.home / "communes").glob("*")))
        return tuple(
            each for each in folders if _CODE.fullmatch(each.code) and (each.path / rescue.FILE).exists()
        )

    def settings(self) -> Settings:
        """As chosen; as the program comes where nothing was, or the file does not read."""
        try:
            return msgspec.convert(read_object(read_whole(self._settings) or b"{}"), Settings)
        except (Refusal, msgspec.ValidationError):
            return Settings()

    def keep(self, settings: Settings) -> None:
        """Write the settings."""
        make_folder(self.home)
        write_whole(self._settings, canonical(msgspec.to_builtins(settings)))

    @property
    def machine(self) -> Path:
        """The folder that every profile of this machine shares."""
        return self.home.parent.parent if self.home.parent.name == "profiles" else self.home

    @property
    def _settings(self) -> Path:
        return self.home / "settings.json"
