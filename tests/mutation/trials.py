"""One mutant after another, each in a forked child of a pytest that has everything loaded.

The parent runs no test, so nothing that a test left behind is there to be found. A first child runs all of
them once and says which lines each ran and how long it took; a mutant meets only those that run its
statement, the quickest first. It is noticed when one of them fails, ends the child, or takes too long:
each has its own time, so that a mutant that never ends costs seconds however many tests would run it.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import coverage
import hypothesis
import pytest

from tests.mutation.living import Living
from tests.mutation.operators import Mutant

_SECONDS_MIN, _TIMES = 5, 10  # a test may take ten times as long as it did, and five seconds
_SURVIVED, _NOTICED = 0, 1
FOUND_BY_ITSELF = "(could not be loaded)"
TOO_LONG = "(ended or took too long)"
_UNTRIED = "untried:"


@dataclass(frozen=True)
class Ran:
    """What the tests did: file → line → tests that ran it; test → seconds."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def tests_of(self, mutant: Mutant, first: str) -> list[str]:
        """Those that run a mutant's statement, quickest first; `first` before all.

        Of a statement of the module: every test beside one that runs any of its file, for whoever only
        looks at a constant runs no line.
        """
        first_line, last_line = mutant.lines
        lines = self.lines.get(mutant.file, {})
        hit = {
            test
            for line, tests in lines.items()
            if not mutant.function or first_line <= line <= last_line
            for test in tests
        }
        if not mutant.function:
            beside = {test.split("::")[0] for test in hit}
            hit = {test for test in self.seconds if test.split("::")[0] in beside}
        return sorted(hit, key=lambda test: (test != first, self.seconds[test], test))


@dataclass(eq=False)  # a plugin is looked up by itself
class Trials:
    """A pytest plugin in the place of its loop. `told` has of each mutant the test that noticed it, or ""."""

    root: Path
    files: Sequence[str]
    mutants: Sequence[Mutant]
    hints: dict[str, str]  # key → the test that noticed it last time
    told: Callable[[Mutant, str], None]
    at_once: int
    _failed: list[str] = field(default_factory=list)
    _items: dict[str, pytest.Item] = field(default_factory=dict)
    _trees: dict[str, ast.Module] = field(default_factory=dict)
    _living: Living = field(default_factory=lambda: Living({}, ()))

    def pytest_configure(self) -> None:
        """Examples that fail are not made smaller: that one does is all that is asked."""
        settings = hypothesis.settings
        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        settings.register_profile("mutants", settings.get_profile("suite"), phases=phases, database=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what failed in this process."""
        if report.failed:
            self._failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests once: once to measure, then once a mutant."""
        if session.testsfailed:
            raise session.Interrupted("the tests do not load")
        for file in self.files:
            importlib.import_module(file.removesuffix(".py").replace("/", "."))
        ran = self._measured(session)
        self._items = {item.nodeid: item for item in session.items}
        self._trees = {file: ast.parse((self.root / file).read_text("utf-8")) for file in self.files}
        self._living = Living.found(self.files, self.root)
        gc.freeze()  # so that children do not copy what they never touch
        pending = iter(self.mutants)
        running: dict[int, tuple[Mutant, int]] = {}
        while True:
            while len(running) < self.at_once and (mutant := next(pending, None)) is not None:
                tests = ran.tests_of(mutant, self.hints.get(mutant.key, ""))
                may = {name: _SECONDS_MIN + _TIMES * ran.seconds[name] for name in tests}
                pid, said = _forked(partial(self._tried, mutant, may), _SECONDS_MIN + sum(may.values()))
                running[pid] = mutant, said
            if not running:
                return True
            pid, status = os.waitpid(-1, 0)
            mutant, said = running.pop(pid)
            self.told(mutant, _answer(status, said))

    def _measured(self, session: pytest.Session) -> Ran:
        """Every test once, in a child; UsageError where one fails on code that is whole."""
        file = self.root / ".mutation" / f"ran-{os.getpid()}.json"
        file.parent.mkdir(exist_ok=True)
        pid, said = _forked(lambda: self._measure(session, file), 3600)
        status = os.waitpid(pid, 0)[1]
        failed = _answer(status, said)
        if failed:
            raise pytest.UsageError(f"fails on code that is whole: {failed}")
        found = json.loads(file.read_text("utf-8"))
        file.unlink()
        lines = {name: {int(at): tests for at, tests in of.items()} for name, of in found["lines"].items()}
        return Ran(lines, found["seconds"])

    def _measure(self, session: pytest.Session, file: Path) -> str:
        measuring = coverage.Coverage(
            data_file=None, config_file=False, include=[str(self.root / f) for f in self.files]
        )
        seconds = dict[str, float]()
        measuring.start()
        for item, following in _followed(session.items):
            begun = time.process_time()
            measuring.switch_context(item.nodeid)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds[item.nodeid] = time.process_time() - begun
        measuring.stop()
        data = measuring.get_data()
        lines = {name: data.contexts_by_lineno(str(self.root / name)) for name in self.files}
        lines = {
            name: {at: [test for test in tests if test] for at, tests in of.items()}
            for name, of in lines.items()
        }
        file.write_text(json.dumps({"lines": lines, "seconds": seconds}), "utf-8")
        return ", ".join(self._failed)

    def _tried(self, mutant: Mutant, tests: Mapping[str, float]) -> str:
        """The first of these tests that notices it, or ""; each may use so many seconds of a processor."""
        try:
            self._living.put(mutant, self._trees[mutant.file])
        except LookupError:
            raise
        except Exception:  # noqa: BLE001 - nobody could have shipped a module that does not load
            return FOUND_BY_ITSELF
        for item, following in _followed([self._items[name] for name in tests]):
            _until(time.process_time() + tests[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return self._failed[0]
        return ""


def _followed(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=False)  # the last is followed by nothing


def _until(seconds: float) -> None:
    """End this process when it has used so much of a processor, as long as the whole may use more."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (min(int(seconds) + 1, most), most))


def _forked(work: Callable[[], str], seconds: float) -> tuple[int, int]:
    """A child that does it, and where it will say what came of it. It may use so much of a processor."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(int(20 * seconds) + 60)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        said = work()
        os.write(writing, said.encode()[:4000])
        os._exit(_NOTICED if said else _SURVIVED)
    except BaseException:  # noqa: BLE001 - the parent says it
        os.write(writing, f"{_UNTRIED} {traceback.format_exc()}".encode()[-4000:])
    finally:
        os._exit(2)


def _answer(status: int, said: int) -> str:
    """The test that noticed; empty when none did."""
    with os.fdopen(said, "rb") as pipe:
        name = pipe.read().decode()
    if name.startswith(_UNTRIED):
        raise LookupError(name)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == _SURVIVED:
        return ""
    return name or TOO_LONG
