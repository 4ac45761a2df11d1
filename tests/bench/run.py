"""Runs each measurement in a process of its own, so that none inherits another's memory or caches."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from app.__main__ import collect_seldom

HERE = Path(__file__).resolve().parent
MARK = "@@row "
_SURROUNDINGS = {
    "QT_QPA_PLATFORM": "offscreen",
    "LC_ALL": "C.UTF-8",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",  # nothing into the developer's own
}


class Row(NamedTuple):
    """One line of the table; `figure` is a ratio unless `what` names a unit."""

    name: str
    figure: float
    what: str


def measurements() -> list[str]:
    """The modules that measure."""
    return sorted(file.stem for file in HERE.glob("[!_]*.py") if "\ndef measure(" in file.read_text("utf-8"))


def measure_here(module: str) -> None:
    """The child's part: measure, and write the rows where the parent finds them."""
    collect_seldom()  # as the program does
    for row in import_module(f"tests.bench.{module}").measure():
        print(MARK + json.dumps(row), flush=True)


def measure_apart(module: str) -> list[Row]:
    """One module's rows, measured in a fresh process; what it says besides goes through."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.bench.run", "--here", module],
        cwd=HERE.parent.parent,
        env={**os.environ, **_SURROUNDINGS},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if child.returncode:
        return [Row(module, float("nan"), f"failed with exit code {child.returncode}, see above")]
    lines = child.stdout.splitlines()
    return [Row(*json.loads(line.removeprefix(MARK))) for line in lines if line.startswith(MARK)]


def table(rows: Iterable[Row]) -> str:
    """The rows, aligned."""
    rows = list(rows)
    width = max((len(row.name) for row in rows), default=0)
    return "\n".join(f"{row.name:<{width}}  {row.figure:>10.3f}  {row.what}" for row in rows)


def main(argv: Sequence[str]) -> int:
    """Measure all, or the modules named; 1 when one of them failed."""
    if argv[:1] == ["--here"]:
        measure_here(argv[1])
        return 0
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("BENCH_FOLDER", folder)
        for module in argv or measurements():
            print(f"… {module}", file=sys.stderr)
            rows += measure_apart(module)
    print(table(rows))
    return int(any(row.figure != row.figure for row in rows))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
