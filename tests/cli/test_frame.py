"""The command line: refusals and troubles become three lines and a code; heavy imports wait."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace

import pytest

from app.cli import desk, frame
from app.domain.errors import Cancelled, Refusal, Trouble


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refusal("commune.unknown"), 2), (Trouble("desk.no_screen"), 3), (Cancelled(), 130)],
)
def test_an_error_is_said_on_stderr_and_chooses_the_code(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_args: Namespace) -> int:
        raise error

    monkeypatch.setattr(frame, "DEFAULT", fail)
    assert frame.run([]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert 1 <= len(said.err.splitlines()) <= 3
    assert "error." not in said.err


def test_a_line_not_understood_is_refused_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert frame.run(["--language", "en", "dance"]) == 2
    assert "not understood" in capsys.readouterr().err
    assert frame.run(["--language=fr"]) == 2
    assert "Không hiểu" in capsys.readouterr().err


def test_a_bug_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_args: Namespace) -> int:
        raise KeyError("bug")

    monkeypatch.setattr(frame, "DEFAULT", fail)
    with pytest.raises(KeyError):
        frame.run([])


def test_help_imports_nothing_heavy() -> None:
    heavy = ("PySide6", "sqlalchemy", "openpyxl", "fastapi", "cryptography")
    code = "import sys; from app.cli.frame import run\ntry: run(['--help'])\nexcept SystemExit: pass\n"
    code += f"sys.exit(', '.join(name for name in {heavy} if name in sys.modules))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert child.stderr.strip() == ""


def test_a_reader_that_goes_away_ends_the_work_quietly() -> None:
    code = (
        "import sys; from app.cli import frame\n"
        "def run(args):\n for i in range(100000): print(i)\n return 0\n"
        "frame.DEFAULT = run\nsys.exit(frame.run([]))"
    )
    line = f'"{sys.executable}" -c "$0" | head -n 1; echo ${{PIPESTATUS[0]}}'
    child = subprocess.run(["bash", "-c", line, code], capture_output=True, text=True, check=False)
    assert (child.stdout, child.stderr) == ("0\n3\n", "")


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
    ],
)
def test_a_window_needs_a_screen(environment: dict[str, str], platform: str, seen: bool) -> None:
    assert desk.has_screen(environment, platform) is seen
