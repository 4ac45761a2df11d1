"""The last screen of a laptop that the centre revoked: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.bootstrap.shelves import Shelf
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _
from app.words import ngettext


@dataclass(frozen=True)
class Ways:
    """Where it leads."""

    begin_anew: Callable[[Shelf], object]
    train: Callable[[], object]


class Revoked(Room):
    """Nothing here opens the register any more."""

    frame = "bare"
    help_page = "dong-bo"

    def __init__(self, window: Window, shelf: Shelf, left: tuple[str, int], ways: Ways) -> None:
        super().__init__(window)
        day, photos = left
        told = _("On {day} the centre took this laptop's leave: it was reported lost, replaced or returned.")
        words = [
            told.format(day=date.fromisoformat(day).strftime("%d/%m/%Y")),
            _("Everything saved here had reached the centre first. An officer can adopt what was refused."),
            _("The keys of the register were destroyed: no password opens it on this laptop any more."),
        ]
        if photos:
            lost = ngettext(
                "{count} photo had not been sent: keep this laptop and call the province.",
                "{count} photos had not been sent: keep this laptop and call the province.",
                photos,
            )
            words.append(lost.format(count=photos))
        words.append(_("If this is a mistake, ask the province for a new enrolment code and begin anew."))
        page = card(*(label(each, wrap=True) for each in words), margins=16)
        page.setFixedWidth(look().px(520))
        title = label(_("This laptop has left the register"), "page")
        cover = Cover(place_lines(shelf.place.name, shelf.place.province), width=360)
        anew = Button(_("Begin as a new laptop"), "primary", size="form", on=lambda: ways.begin_anew(shelf))
        foot = (STRETCH, Button(_("Training"), size="form", on=ways.train), anew)
        body = column(row(page, STRETCH))
        self.setLayout(covered(cover, (title, 12, body, STRETCH), [], foot))
