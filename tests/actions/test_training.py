"""The training centre is started, and never left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions import training
from app.domain.errors import Cancelled
from app.domain.progress import Progress
from app.sandbox.companions import Service, start_service


def test_who_stops_waiting_for_the_centre_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Service] = []

    def start(argv: list[str], log: Path) -> Service:
        started.append(start_service(argv, log))
        return started[0]

    monkeypatch.setattr(training, "start_service", start)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        training.start_centre(progress, tmp_path, "00000", "Mường Sen")
    assert not started[0].is_running
