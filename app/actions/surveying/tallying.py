"""How much of each form was filled here: drafts that she sees, submissions that stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.actions.desk import Desk
from app.store import fillings, forms, submissions
from app.store.forms import Form


@dataclass(frozen=True)
class Tally:
    """One form. `version`: the one that may be begun, else the last that was; empty for a form that is only
    known by what others handed in of it.
    """

    form: str
    title: str
    version: str
    is_open: bool
    drafts: int
    submissions: int


def tally(desk: Desk) -> list[Tally]:
    """Those that may be begun first, each by its title."""
    with desk.vault.read() as connection:
        known = forms.known(connection)
        drafts = Counter(each.form for each in fillings.every(connection))
        handed_in = submissions.counts(connection)
    by_id = {each.id: each for each in sorted(known, key=lambda each: (each.is_open, each.version))}
    nameless = dict.fromkeys([*drafts, *handed_in])
    shown = [*by_id.values(), *(Form("", each, "", "", "", False) for each in nameless if each not in by_id)]
    told = (
        Tally(each.id, each.title, each.version, each.is_open, drafts[each.id], handed_in.get(each.id, 0))
        for each in shown
    )
    return sorted(told, key=lambda each: (not each.is_open, each.title, each.form))
