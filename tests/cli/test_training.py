"""Without a screen the program still does its main job, and says why there is no window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_without_a_screen_the_main_job_is_told_in_the_console(tmp_path: Path) -> None:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    blind = {name: value for name, value in os.environ.items() if name not in screens}
    done = subprocess.run(
        [sys.executable, "-m", "app"],
        env={**blind, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "không có màn hình" in lines[0]
    assert "3.000 người" in done.stdout
    assert "Nguyễn Thị Lan: Chờ duyệt" in lines[-2]
    assert done.stdout.count("giống hệt trung tâm") == 2
    assert list(tmp_path.iterdir()) == []
