"""`make mutate`: how many breaks of judge, approval and seal the tests beside them notice.

What was noticed or not is kept in `.mutation/`, a file a part: a run that was stopped goes on where it was,
and after a change of the tests whatever was noticed before is first shown to the test that noticed it.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.mutation.core import BROKEN, FILE_SCORE_MIN, NOTICING, PART_SCORE_MIN, ROOT
from tests.mutation.operators import Mutant, mutants
from tests.mutation.trials import Trials

_KEPT = ROOT / ".mutation"
_EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_SAVE_EVERY_S = 10
_PART_OF = {file: part for part, files in BROKEN.items() for file in files}


@dataclass
class Results:
    """Each mutant of a part and the test that noticed it, or ""; `world`: a hash of all they depend on."""

    part: str
    world: str
    noticed: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    _saved: float = 0.0

    @classmethod
    def kept(cls, part: str) -> Results:
        """Those of the last run, as far as they still hold."""
        world = _world(part)
        try:
            found = json.loads((_KEPT / f"{part}.json").read_text("utf-8"))
        except FileNotFoundError:
            return cls(part, world)
        said: dict[str, str] = found["noticed"]
        if found["world"] == world:
            return cls(part, world, said, found["hints"])
        return cls(part, world, {}, {**found["hints"], **{key: test for key, test in said.items() if test}})

    def tell(self, mutant: Mutant, test: str) -> None:
        """Keep one, and say so."""
        self.noticed[mutant.key] = test
        if not test:
            print(f"  lives: {mutant.lines[0]}: {mutant.key}", flush=True)
        if time.monotonic() - self._saved > _SAVE_EVERY_S:
            self.save()

    def save(self) -> None:
        """For the next run."""
        self._saved = time.monotonic()
        _KEPT.mkdir(exist_ok=True)
        file = _KEPT / f"{self.part}.json"
        whole = file.with_suffix(".part")
        whole.write_text(
            json.dumps({"world": self.world, "noticed": self.noticed, "hints": self.hints}), "utf-8"
        )
        whole.replace(file)


def main(asked: Sequence[str]) -> int:
    """`asked`: parts or pieces of file names; all when there are none.

    0 when every part that was asked for whole, and every file, has its score.
    """
    parts = {part: _mutants_of(files) for part, files in BROKEN.items()}
    wanted = {
        part: [each for each in of if not asked or part in asked or any(name in each.file for name in asked)]
        for part, of in parts.items()
    }
    equivalent = {each["break"]: each["why"] for each in _equivalents()}
    results = {part: Results.kept(part) for part in parts}
    pending = [
        each
        for part, of in wanted.items()
        for each in of
        if each.key not in results[part].noticed and each.key not in equivalent
    ]
    begun = time.monotonic()
    if pending:
        print(f"{len(pending)} breaks to try", flush=True)
        code = _try(pending, results)
        if code:
            return code
    known = {each.key for of in parts.values() for each in of}
    stale = [key for key in equivalent if key not in known]
    scores = [
        _say(part, of, results[part], equivalent.keys(), is_whole=len(of) == len(parts[part]))
        for part, of in wanted.items()
        if of
    ]
    for key in stale:
        print(f"equivalent.toml names a break that is none any more: {key}")
    print(f"{time.monotonic() - begun:.0f} s")
    return 0 if all(scores) and not stale else 1


def _try(pending: Sequence[Mutant], results: Mapping[str, Results]) -> int:
    """Have each tried, and what came of it kept, however the run ends; pytest's own answer."""
    files = sorted({each.file for each in pending})
    parts = sorted({_PART_OF[file] for file in files})
    hints = {key: test for part in parts for key, test in results[part].hints.items()}

    def told(mutant: Mutant, test: str) -> None:
        results[_PART_OF[mutant.file]].tell(mutant, test)

    trials = Trials(ROOT, files, pending, hints, told, os.cpu_count() or 1)
    options = ["-q", "-s", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", "ignore"]
    tests = dict.fromkeys(str(ROOT / test) for part in parts for test in NOTICING[part])
    try:
        return int(pytest.main([*options, *tests], plugins=[trials]))
    finally:
        for part in parts:
            results[part].save()


def _mutants_of(files: Iterable[str]) -> list[Mutant]:
    return [each for file in files for each in mutants(file, ast.parse((ROOT / file).read_text("utf-8")))]


def _say(
    part: str, of: Sequence[Mutant], results: Results, equivalent: Iterable[str], *, is_whole: bool
) -> bool:
    """One line a file, and one for the part where it was asked for whole; whether each has its score."""
    passed = list(equivalent)
    files = dict.fromkeys(each.file for each in of)
    scores = [
        _line(f"  {file}", [each for each in of if each.file == file], results, passed) >= FILE_SCORE_MIN
        for file in files
    ]
    if is_whole:
        scores.append(_line(part, of, results, passed) >= PART_SCORE_MIN)
    return all(scores)


def _line(name: str, of: Sequence[Mutant], results: Results, equivalent: Sequence[str]) -> float:
    counted = [each for each in of if each.key not in equivalent]
    noticed = sum(bool(results.noticed.get(each.key)) for each in counted)
    score = 100 * noticed / len(counted) if counted else 100.0
    print(f"{name:44} {noticed:5} of {len(counted):5}  {score:5.1f} %  ({len(of) - len(counted)} equivalent)")
    return score


def _equivalents() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(_EQUIVALENT.read_text("utf-8"))["equivalent"]
    return found


def _world(part: str) -> str:
    """Everything that decides what a mutant of this part comes to."""
    folders = ["app/domain", "app/resources", "resources"]
    folders += ["app/seal", "tests/seal"] if part == "seal" else ["tests/domain"]
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*")) if _counts(file)]
    files += [ROOT / f"tests/mutation/{name}.py" for name in ("operators", "living", "trials")]
    every = hashlib.sha256()
    for file in [*files, ROOT / "tests/conftest.py"]:
        every.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return every.hexdigest()


def _counts(file: Path) -> bool:
    return file.suffix in (".py", ".toml", ".tsv", ".csv", ".json")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
