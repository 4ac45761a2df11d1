"""Walks through the window of a program that shows itself over VNC, by keyboard alone.

`python -m tests.frozen_window HOME PROGRAM…`, in a network of its own (`unshare --net`): Qt's VNC
screen listens to everybody. What the window did is seen by what lies in HOME.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_PORT = 5999
_TAB, _SPACE = 0xFF09, 0x20
_PATIENCE_S = 240
_DRAWN_S = 8  # after the screen is there


class Keyboard:
    """The keys of a remote screen (RFB 3.3)."""

    def __init__(self) -> None:
        until(self._connect, "no screen")
        self._read(12)
        self._socket.sendall(b"RFB 003.003\n")
        self._read(4)
        self._socket.sendall(b"\1")
        (named,) = struct.unpack(">20xI", self._read(24))
        self._read(named)

    def _connect(self) -> bool:
        try:
            self._socket = socket.create_connection(("127.0.0.1", _PORT), timeout=60)
        except OSError:
            return False
        return True

    def _read(self, count: int) -> bytes:
        data = self._socket.recv(count, socket.MSG_WAITALL)
        if len(data) < count:
            raise SystemExit("the program went away")
        return data

    def press(self, key: int) -> None:
        """A key down and up, at a person's pace."""
        for is_down in (1, 0):
            self._socket.sendall(struct.pack(">BBxxI", 4, is_down, key))
            time.sleep(0.5)


def until(holds: Callable[[], object], complaint: str) -> None:
    """Wait patiently."""
    last = time.monotonic() + _PATIENCE_S
    while not holds():
        if time.monotonic() > last:
            raise SystemExit(complaint)
        time.sleep(0.2)


def walk(home: Path) -> None:
    """First start → training → the register of the invented commune, served by a centre of its own."""
    keyboard = Keyboard()
    time.sleep(_DRAWN_S)
    for key in (_SPACE, _TAB, _SPACE):  # the card of training, its door
        keyboard.press(key)
    time.sleep(_DRAWN_S)
    keyboard.press(_SPACE)  # open the training register
    until(lambda: any(home.rglob("vault.db")), "no vault")
    until(lambda: any((home / "training-centre").rglob("*.db*")), "no centre")


def main(home: str, *program: str) -> None:
    """Start the program, walk, end it."""
    screen = f"vnc:size=1366x768:port={_PORT}"
    environment = {**os.environ, "QT_QPA_PLATFORM": screen, "SOANSINH_HOME": home}
    with subprocess.Popen(program, cwd=home, env=environment) as window:
        try:
            walk(Path(home))
            time.sleep(_DRAWN_S)
            if window.poll() is not None:
                raise SystemExit("the program ended by itself")
        finally:
            window.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
