"""What every test stands on: words compiled, no screen, no trace in the tester's home, no thread left."""

from __future__ import annotations

import os
import runpy
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Engine, event

HOME_OF_TESTS = tempfile.TemporaryDirectory(prefix="soansinh-tests-")

os.environ["LC_ALL"] = "C.UTF-8"
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The real register, keyring and settings of whoever runs the tests stay out of reach.
for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
    os.environ[f"XDG_{kind}_HOME"] = str(Path(HOME_OF_TESTS.name, kind.lower()))
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

if "PYTEST_XDIST_WORKER" not in os.environ:
    compiler = runpy.run_path(str(Path(__file__).parent.parent / "packaging" / "compile_words.py"))
    if compiler["main"]():
        raise pytest.UsageError("the translations do not compile; see the line above")

from app import words  # noqa: E402 - after the words are compiled
from app.store import schema, vault  # noqa: E402

SLOW_IS_FINE = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture]
# The suite repeats itself exactly, so that a landing never fails by luck; the soak looks for news.
hypothesis.settings.register_profile(
    "suite", max_examples=60, derandomize=True, deadline=None, suppress_health_check=SLOW_IS_FINE
)
hypothesis.settings.register_profile(
    "soak", max_examples=3000, deadline=None, print_blob=True, suppress_health_check=SLOW_IS_FINE
)
hypothesis.settings.load_profile("soak" if os.environ.get("SOAK") else "suite")

pytest_plugins = ["tests.postgres", "tests.desks", "tests.offices"]


@pytest.fixture(autouse=True, scope="session")
def tables_made_again() -> Iterator[None]:
    """What revisions wrote into the first new vault is written into the others: a third of what a desk takes.

    A vault that holds anything is migrated by its revisions, and so is every one of another process.
    """
    migrate, ours, written = vault._migrate, schema.SCRIPTS, list[tuple[str, Any]]()

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            written.append((statement, values))

    def made(engine: Engine, scripts: Path, folder: Path) -> None:
        with engine.connect() as connection:
            is_new = scripts == ours and not schema.revision_of(connection)
        if not is_new:
            migrate(engine, scripts, folder)
        elif written:
            with engine.begin() as connection:
                for statement, values in written:
                    connection.exec_driver_sql(statement, values)
        else:
            event.listen(engine, "before_cursor_execute", note)
            migrate(engine, scripts, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vault, "_migrate", made)
        yield


@pytest.fixture(autouse=True, scope="session")
def speaking_vietnamese() -> None:
    """The language that the officers use; a test may change it for itself."""
    words.speak("vi")


@pytest.fixture(autouse=True)
def language_restored(monkeypatch: pytest.MonkeyPatch, speaking_vietnamese: None) -> None:
    """What a test says in another language is not heard by the next one."""
    monkeypatch.setattr(words, "_current", words._current)
    monkeypatch.setattr(words, "_language", words._language)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test that leaves a thread running fails: it would write into the next test's files."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]
    for thread in left:
        thread.join(timeout=5)
    still = [thread.name for thread in left if thread.is_alive() and not thread.daemon]
    assert not still, f"threads left running: {still}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests measured of themselves: schedules a second, for one."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid}: {name} {value}")
