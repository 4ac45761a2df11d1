"""What was recorded of ODK's own engines, by its name within `tests/data/survey/recorded.zip`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zipfile import ZipFile

_PACKED = Path(__file__).parents[1] / "data" / "survey" / "recorded.zip"


@cache
def recorded() -> Mapping[str, bytes]:
    """Every file of it."""
    with ZipFile(_PACKED) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def forms(suffix: str) -> list[str]:
    """The forms that end so, in the order of their names."""
    return sorted(name for name in recorded() if name.startswith("forms/") and name.endswith(suffix))
