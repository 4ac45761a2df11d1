"""Into the room where a form is filled."""

from __future__ import annotations

from app.store.fillings import About
from app.ui.surveys.found import Found
from app.ui.window import Window


def begin(window: Window, found: Found, form: str, about: About) -> None:
    """Begin a filling, or go on with the draft that is there for the same household or person."""
    draft = found.draft_of(form, about.record) if about.record else None
    if draft is not None:
        window.go("survey", draft=draft.id)
    else:
        window.go("survey", form=form, about=about)
