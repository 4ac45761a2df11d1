"""The minute of a parcel: on the office's printer; without one, a PDF where the officer wants it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from app.actions.desk import Desk
from app.domain.ids import machine_of
from app.domain.progress import Progress
from app.store.parcels import Parcel
from app.sync.minutes import is_centre, minute_of
from app.ui.jobs import Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Made
from app.ui.papers.minute import MinuteSheet, send_minute, write_minute
from app.ui.papers.page import printer_or_file
from app.ui.papers.vietnamese import gettext as _
from app.words import gettext


def print_minute(owner: QWidget, jobs: Jobs, desk: Desk, parcel: Parcel, notice: NoticeSlot) -> None:
    """Print it, or ask for a PDF's name."""
    name = f"bien-ban-{parcel.number:04}.pdf"
    where = printer_or_file(owner, gettext("Save the minute"), name)
    if where is None:
        return
    said = gettext("The minute went to the printer.")
    if isinstance(where, Path):
        said = gettext("The minute was saved as {file}.").format(file=where.name)
    jobs.run(
        owner,
        put_out,
        sheet_of(desk, parcel),
        where,
        lane="print",
        done=lambda _none: notice.say(said, tone="ok", icon="tick"),
        failed=notice.show_error,
    )


def put_out(_progress: Progress, sheet: MinuteSheet, where: QPrinter | Path) -> None:
    """On the printer or as a PDF; Trouble("paper.printer"), ("paper.not_written")."""
    if isinstance(where, Path):
        write_minute(sheet, where)
    else:
        send_minute(sheet, where)


def sheet_of(desk: Desk, parcel: Parcel) -> MinuteSheet:
    """What stands on it: the lines that the centre prints too."""
    here = f"{desk.commune.code}/{machine_of(desk.device_key.id)}"
    minute = minute_of(parcel, here)
    made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
    lines = tuple((_(key), _(value) if key in minute.keys else _end(value)) for key, value in minute.lines)
    return MinuteSheet(made, lines, _side(minute.giver, desk), _side(minute.receiver, desk))


def _end(value: str) -> str:
    return _("The province's centre") if is_centre(value) else value


def _side(end: str, desk: Desk) -> str:
    return _end(end) if is_centre(end) else f"{desk.commune.name}, {end.partition('/')[2]}"
