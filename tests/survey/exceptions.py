"""What this engine answers otherwise than ODK's, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

_SAID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
XPATH: dict[str, str] = _SAID["xpath"]
SCENARIOS: dict[str, str] = _SAID["scenarios"]
