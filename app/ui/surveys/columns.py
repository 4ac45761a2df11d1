"""The lists of the room of surveys, column by column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from app.domain.dates import PartialDate, show
from app.store.fillings import Kept
from app.ui.moments import show_moment
from app.ui.surveys.found import DoneLine, Errand, LeftLine
from app.ui.tables.columns import BarCell, Cell, Column, MarkCell
from app.ui.theme import Tone
from app.words import counted
from app.words import gettext as _

_SOON_DAYS = 3


def show_day(iso: str) -> str:
    """`30/11/2026`; empty for none."""
    return show(PartialDate.parse(iso)) if iso else ""


def due_mark(iso: str, today: date) -> Cell:
    """By when, in words where it is near or over."""
    if not iso:
        return ""
    day = PartialDate.parse(iso).latest()
    days = (day - today).days
    if days < 0:
        late = counted("{count} day late", "{count} days late", -days)
        return MarkCell(late, "triangle", "bad", show_day(iso))
    if days == 0:
        return MarkCell(_("Last day"), "clock", "warn", show_day(iso))
    if days <= _SOON_DAYS:
        words = counted("{count} day left", "{count} days left", days)
        return MarkCell(words, "clock", "warn", show_day(iso))
    return show_day(iso)


def to_whom(errand: Errand) -> str:
    """A hamlet, or whose household."""
    hamlet = errand.value("hamlet")
    if errand.value("household"):
        return _("Household of {name} · {hamlet}").format(name=errand.whose or "…", hamlet=hamlet)
    return f"{errand.whose} · {hamlet}" if errand.value("person") else hamlet


def progress_cell(errand: Errand) -> BarCell:
    """7/12."""
    done, total = errand.assigned.done, errand.assigned.total
    return BarCell(done, total, f"{done}/{total}", "ok" if done == total else "neutral")


def errand_columns(today: date) -> tuple[Column, ...]:
    """Of assignments."""
    return (
        Column("form", _("Form"), 220, lambda e: e.title, "strong", grows=True, is_sortable=False),
        Column("whom", _("Whom to ask"), 220, to_whom, grows=True, is_sortable=False),
        Column("officer", _("Who goes"), 150, lambda e: e.officer, is_sortable=False, secondary=True),
        Column("due", _("Due"), 200, lambda e: due_mark(e.value("due"), today), is_sortable=False),
        Column("progress", _("Asked"), 150, progress_cell, is_sortable=False),
    )


def left_columns(draft_of: Callable[[str], Kept | None]) -> tuple[Column, ...]:
    """Of who is left; `draft_of`: hers for a household or person."""
    return (
        Column("name", _("Name"), 200, lambda e: e.left.name or "…", "name", grows=True, is_sortable=False),
        Column("hamlet", _("Hamlet"), 140, lambda e: e.left.hamlet, is_sortable=False, secondary=True),
        Column("address", _("Address"), 160, lambda e: e.left.address, is_sortable=False, secondary=True),
        Column("visits", _("In vain"), 250, visits_cell, grows=True, is_sortable=False),
        Column("state", _("State"), 150, partial(_draft_cell, draft_of), is_sortable=False),
    )


def visits_cell(line: LeftLine) -> Cell:
    """How often somebody came, the last time when and why, when she comes again."""
    left = line.left
    if not left.visits:
        return ""
    outcome = _(f"choice.visit.outcome.{left.outcome}") if left.outcome else ""
    times = counted("{count} time", "{count} times", left.visits)
    last = " · ".join(part for part in (times, show_day(left.day)) if part)
    if left.again:
        last = f"{last} · {_('again {day}').format(day=show_day(left.again))}"
    return MarkCell(outcome, "door", "warn" if left.again else "neutral", f"· {last}")


def _draft_cell(draft_of: Callable[[str], Kept | None], line: LeftLine) -> Cell:
    draft = draft_of(line.about.record)
    return MarkCell(_("Draft"), "pencil", "info", far(draft)) if draft else ""


def far(draft: Kept) -> str:
    """`12/40`; empty while nobody counted."""
    return f"{draft.answered}/{draft.asked}" if draft.asked else ""


def draft_columns(newer: Callable[[str], str]) -> tuple[Column, ...]:
    """Of drafts; `newer`: the version that is published in the place of a draft's own."""
    return (
        Column("form", _("Form"), 220, lambda d: d.title, "strong", grows=True, is_sortable=False),
        Column("whom", _("Of whom"), 200, whom_of_draft, "name", grows=True, is_sortable=False),
        Column("hamlet", _("Hamlet"), 140, lambda d: d.about.hamlet, is_sortable=False, secondary=True),
        Column("begun", _("Begun"), 140, begun, is_sortable=False),
        Column("answered", _("Filled in"), 130, answered_cell, is_sortable=False),
        Column("state", _("State"), 210, partial(_state_of_draft, newer), is_sortable=False),
    )


def whom_of_draft(draft: Kept) -> str:
    """Her name, or that it is of nobody in the register."""
    return draft.about.name or _("nobody in the register")


def begun(draft: Kept) -> str:
    """When it was begun."""
    return show_moment(datetime.fromisoformat(draft.begun))


def answered_cell(draft: Kept) -> Cell:
    """How much of it is answered."""
    return BarCell(draft.answered, draft.asked, far(draft)) if draft.asked else ""


def _state_of_draft(newer: Callable[[str], str], draft: Kept) -> Cell:
    if version := newer(draft.id):
        return MarkCell(_("newer form: {version}").format(version=version), "triangle", "warn")
    if draft.corrects:
        return MarkCell(_("corrects one handed in"), "pencil", "info")
    return ""


def done_columns() -> tuple[Column, ...]:
    """Of what was handed in."""
    return (
        Column("finished", _("Handed in"), 150, handed_in, is_sortable=False),
        Column("whom", _("Of whom"), 220, whom_of_done, "name", grows=True, is_sortable=False),
        Column("hamlet", _("Hamlet"), 160, lambda d: d.submitted.hamlet, is_sortable=False, secondary=True),
        Column("officer", _("Officer"), 170, lambda d: d.officer, is_sortable=False, secondary=True),
        Column(
            "version", _("Version"), 120, lambda d: d.submitted.version, is_sortable=False, secondary=True
        ),
        Column("state", _("State"), 170, _state_of_done, is_sortable=False),
    )


def handed_in(line: DoneLine) -> str:
    """When."""
    at = line.submitted.finished
    return show_moment(datetime.fromisoformat(at)) if at else ""


def whom_of_done(line: DoneLine) -> str:
    """Her name, or that it is of nobody in the register."""
    return line.submitted.name or _("nobody in the register")


def _state_of_done(line: DoneLine) -> Cell:
    tone: Tone = "neutral"
    if line.is_replaced:
        return MarkCell(_("replaced"), "replaced", tone)
    return MarkCell(_("a correction"), "pencil", tone) if line.submitted.corrects else ""
