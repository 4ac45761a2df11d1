"""`soansinh desk`, or `soansinh` alone: the window an officer works in."""

from __future__ import annotations

import gc
import os
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Mapping

from app import words
from app.cli import training
from app.words import gettext as _


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `desk`; which laptop and language stand before the verb."""
    verbs.add_parser("desk", help=_("open the window (this is done without a verb too)")).set_defaults(
        run=run
    )


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether a window can be seen; a Qt platform named by hand (offscreen, vnc) counts as a screen."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform in ("win32", "darwin") or any(environment.get(name) for name in named)


def run(args: Namespace) -> int:
    """Open the window on this laptop's register and stay until it is closed."""
    if not has_screen(os.environ, sys.platform):
        print(_("No window: this machine has no screen (neither DISPLAY nor WAYLAND_DISPLAY is set)."))
        print(_("Instead, the training commune's main job in the console:"))
        return training.run(args)
    gc.disable()  # nothing of what is imported now will ever be garbage
    from app.bootstrap import shelves

    laptop = shelves.laptop(args.profile)
    settings = laptop.settings()
    if args.language is None:
        words.speak(settings.language)

    from app.ui.application import Wardrobe, Wishes, make_application
    from app.ui.doors import Doors
    from app.ui.window import Window

    app = make_application(sys.argv[:1])
    wardrobe = Wardrobe(app, Wishes(settings.theme, settings.text_size / 100))
    window = Window(app)
    wardrobe.changed.connect(window.refurnish)
    Doors(window, wardrobe, laptop).knock()
    window.show()
    gc.freeze()
    gc.enable()
    return app.exec()
