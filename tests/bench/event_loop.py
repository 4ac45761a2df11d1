"""Waiting as the program waits: in the event loop. QTest's own waiting keeps other threads from running."""

from __future__ import annotations

import time
from collections.abc import Callable

_PATIENCE_S = 600.0


def wait(until: Callable[[], bool], every_ms: int = 20) -> None:
    """Until something is so, asked so often; TimeoutError where it never comes."""
    from PySide6.QtCore import QEventLoop, QTimer

    deadline = time.monotonic() + _PATIENCE_S
    loop, look = QEventLoop(), QTimer(interval=every_ms)
    look.timeout.connect(lambda: loop.quit() if until() or time.monotonic() > deadline else None)
    look.start()
    loop.exec()
    look.stop()
    if time.monotonic() > deadline:
        raise TimeoutError
