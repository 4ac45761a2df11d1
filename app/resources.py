"""Where the read-only files that ship with the program lie, from source and when frozen."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"


def resource(relative: str) -> Path:
    """The path of a shipped file, e.g. `resource("banks/napas_banks.csv")`."""
    return _ROOT / relative
