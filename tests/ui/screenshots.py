"""`make screenshots`: every screen, light, dark and at 150 %, into screenshots/.

ARGS="people today" draws the pictures whose names hold one of these words; `gallery` draws the parts.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app import words
from app.ui.application import Wardrobe, Wishes, make_application
from tests.ui import (
    gallery,
    scenes_approvals,
    scenes_backups,
    scenes_checkup,
    scenes_conflict,
    scenes_desk,
    scenes_doors,
    scenes_drive,
    scenes_duplicates,
    scenes_filled,
    scenes_forms,
    scenes_handover,
    scenes_holder,
    scenes_import,
    scenes_leave,
    scenes_moving,
    scenes_officers,
    scenes_papers,
    scenes_returned,
    scenes_survey,
    scenes_surveys,
    scenes_two_hands,
)
from tests.ui.pictures import draw_all
from tests.ui.scenes import LOOKS, Stage

DOORS: tuple[Callable[[Stage], object], ...] = (
    scenes_doors.first_start,
    scenes_doors.empty_register,
    scenes_officers.roles_here,
    scenes_backups.backups,
    scenes_doors.unlocked_again,
    scenes_officers.put_out,
    scenes_handover.handover,
    scenes_doors.locked,
    scenes_doors.revoked,
    scenes_doors.training_door,
)


def main(wanted: list[str]) -> int:
    """Draw the screens named, or all of them."""
    words.speak("vi")
    app = make_application(sys.argv[:1])
    asked = tuple(wanted)
    drawn = [] if wanted and "gallery" not in wanted else draw_gallery(app)
    if asked != ("gallery",):
        with tempfile.TemporaryDirectory(prefix="soansinh-screens-") as folder:
            drawn += draw_doors(app, Path(folder), asked)
            drawn += draw_office(app, Path(folder), asked)
            drawn += scenes_papers.draw(Path(folder, "papers"), asked)
            drawn += draw_desk(app, Path(folder, "training"), asked)
    sys.stdout.write("".join(f"{path.name}\n" for path in drawn))
    return 0


def draw_gallery(app: QApplication) -> list[Path]:
    """The parts, with nothing behind them."""
    screens: dict[str, Callable[[], QWidget]] = {"gallery-unlock": gallery.unlock}
    screens |= {f"gallery-{name}": partial(gallery.window, app, name) for name in gallery.ROOMS}
    return [path for name, build in screens.items() for path in draw_all(app, name, build)]


def draw_doors(app: QApplication, folder: Path, wanted: tuple[str, ...]) -> list[Path]:
    """First start to the lock: a laptop of its own for each look, for a register begins once."""
    return _anew_for_each_look(app, folder / "doors", wanted, DOORS)


def draw_office(app: QApplication, folder: Path, wanted: tuple[str, ...]) -> list[Path]:
    """Where something is in force already: an office of its own for each look."""
    return _anew_for_each_look(app, folder / "office", wanted, [scenes_two_hands.two_hands])


def _anew_for_each_look(
    app: QApplication, home: Path, wanted: tuple[str, ...], scenes: Sequence[Callable[[Stage], object]]
) -> list[Path]:
    drawn: list[Path] = []
    for suffix, theme, factor in LOOKS:
        wardrobe = Wardrobe(app, Wishes(theme, factor))
        stage = Stage.set_up(app, wardrobe, home.with_name(f"{home.name}{suffix}"))
        stage.wanted = wanted
        stage.wear(suffix, theme, factor)
        for scene in scenes:
            scene(stage)
        stage.strike()
        drawn += stage.drawn
        wardrobe.deleteLater()
    return drawn


def draw_desk(app: QApplication, home: Path, wanted: tuple[str, ...]) -> list[Path]:
    """The rooms of the training commune, once through in each look."""
    wardrobe = Wardrobe(app, Wishes("light", 1.0))
    stage = Stage.set_up(app, wardrobe, home)
    stage.wanted = wanted
    scenes_desk.open_training(stage)
    scenes_desk.write_apart(stage)
    scenes_conflict.decide_one(stage)
    scenes_returned.come_back(stage)
    scenes_duplicates.enter_twice(stage)
    scenes_duplicates.judge_some(stage)
    scenes_approvals.propose_some(stage)
    scenes_surveys.give_some(stage)
    for suffix, theme, factor in LOOKS:
        stage.wear(suffix, theme, factor)
        for scene in (
            *scenes_desk.SCENES,
            *scenes_conflict.SCENES,
            *scenes_returned.SCENES,
            *scenes_duplicates.SCENES,
            *scenes_approvals.SCENES,
            *scenes_holder.SCENES,
            *scenes_checkup.SCENES,
            *scenes_officers.SCENES,
            *scenes_filled.SCENES,
            *scenes_forms.SCENES,
            *scenes_leave.SCENES,
            *scenes_moving.SCENES,
            *scenes_survey.SCENES,
            *scenes_surveys.SCENES,
            scenes_import.importing,
            scenes_drive.drive,
        ):
            scene(stage)
    stage.strike()
    return stage.drawn


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
