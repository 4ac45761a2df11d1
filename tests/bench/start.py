"""From a command to an unlock screen that takes a key, beside a bare PySide6 window: both fresh processes.

The issue's bound is 2.5×. The two are started in turns, and a side's figure is its median.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

BOUND = 2.5
_ROUNDS = 11
_LONGEST_S = 60
_SAID = "takes a key"


def measure() -> Iterator[tuple[str, float, str]]:
    """Seconds of both, and how often the bare window's time ours takes."""
    with tempfile.TemporaryDirectory() as folder:
        _begin_commune(Path(folder))
        taken: dict[str, list[float]] = {"bare": [], "ours": []}
        for turn in range(1 + _ROUNDS):
            for which, seconds in taken.items():
                began = time.perf_counter()
                _start(which, Path(folder))
                if turn:  # the first of each reads from the disk
                    seconds.append(time.perf_counter() - began)
    bare, ours = statistics.median(taken["bare"]), statistics.median(taken["ours"])
    yield "start, a bare window", bare, "s, median"
    yield "start, the unlock screen", ours, "s, median, until a key stands in the password box"
    yield "start", ours / bare, f"× the bare window, at most {BOUND}"


def _begin_commune(home: Path) -> None:
    from tests.desks import found

    found(home).desk.vault.lock()


def _start(which: str, home: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.start", which]
    environment = {**os.environ, "SOANSINH_HOME": str(home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # on an officer's laptop the second start finds them
    said = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, timeout=_LONGEST_S, check=True
    ).stdout
    if said.strip() != _SAID:
        raise RuntimeError(f"{which} said {said!r}")


def _bare() -> None:
    from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

    _listen()
    app = QApplication([])
    window = QWidget()
    layout = QVBoxLayout(window)
    box = QLineEdit()
    layout.addWidget(box)
    window.show()
    box.setFocus()
    app.exec()


def _ours() -> None:
    from app.cli.frame import run

    import_module("app.bootstrap")  # before Qt, as in the program
    _listen()
    run([])


def _type_a_key() -> int:
    """In place of the event loop: turn it until a key typed at the focus stands in a box, then end."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QLineEdit

    kinds = [QEvent.Type.KeyPress, QEvent.Type.KeyRelease]
    while True:
        QApplication.processEvents()
        box = QApplication.focusWidget()
        if not isinstance(box, QLineEdit) or not box.isVisible():
            continue
        while kinds:  # once: more of them at this pace would be a scanner's
            key = QKeyEvent(kinds.pop(0), Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
            QApplication.sendEvent(box.window().windowHandle(), key)
        if box.text() == "a":
            print(_SAID, flush=True)
            os._exit(0)  # closing is not measured


def _listen() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.exec = staticmethod(_type_a_key)  # type: ignore[method-assign]


if __name__ == "__main__":
    {"bare": _bare, "ours": _ours}[sys.argv[1]]()
