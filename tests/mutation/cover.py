"""`make cover`: every branch of the security core is taken by some test, or is named here."""

from __future__ import annotations

import sys

import coverage
import pytest

from tests.mutation.core import CORE, ROOT, TAKING


def main() -> int:
    """0 when the tests pass and nothing was left out."""
    files = [str(ROOT / file) for of in CORE.values() for file in of]
    measuring = coverage.Coverage(data_file=None, branch=True, config_file=False, include=files)
    measuring.exclude("if TYPE_CHECKING:")
    measuring.exclude(r'if sys\.platform == "win32":')  # Windows' seams do not run here
    measuring.start()
    code = int(
        pytest.main(["-q", "-p", "no:randomly", "-p", "no:xdist", *(str(ROOT / test) for test in TAKING)])
    )
    measuring.stop()
    if code:
        return code
    whole = [_say(part, measuring) for part in CORE]
    return 0 if all(whole) else 1


def _say(part: str, measuring: coverage.Coverage) -> bool:
    taken = every = 0
    for file in CORE[part]:
        found = measuring._analyze(str(ROOT / file))
        left, numbers = found.missing_branch_arcs(), found.numbers
        taken, every = taken + numbers.n_executed_branches, every + numbers.n_branches
        for line in sorted(found.missing):
            print(f"  {file}:{line} never ran")
        for line, ways in sorted(left.items()):
            to = ", ".join("out" if way < 0 else str(way) for way in ways)
            print(f"  {file}:{line} never went to {to}")
    print(f"{part:10} {taken:4} of {every:4} branches")
    return taken == every


if __name__ == "__main__":
    sys.exit(main())
