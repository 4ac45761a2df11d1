"""What a page is called, and values as they are read in a table."""

from __future__ import annotations

from contextlib import suppress

from app.domain.dates import PartialDate, show
from app.survey.choices import SELECTS
from app.survey.pages import Page
from app.survey.session import Session
from app.survey.views import NodeView
from app.words import gettext as _

NOTHING = "—"


def title_of(page: Page, alone: str = "") -> str:
    """The form's own title, or one for questions that stand in no group; `alone` for the only page."""
    return page.title or alone or _("Questions, part {number}").format(number=page.number)


def value_of(session: Session, node: NodeView) -> str:
    """One line: choices by their labels, days and numbers as they are written here."""
    if not node.value:
        return NOTHING
    if node.kind in SELECTS:
        labels = {choice.value: choice.label for choice in session.choices(node.ref)}
        chosen = [node.value] if node.kind == "select1" else node.value.split()
        return ", ".join(labels.get(value, value) for value in chosen)
    if node.kind == "trigger":
        return _("Yes")
    if node.type == "date" or (node.control and "partial-date" in node.control.appearance):
        with suppress(ValueError):
            return show(PartialDate.parse(node.value[:10]))
    if node.type == "decimal":
        return node.value.removesuffix(".0").replace(".", ",")
    return " ".join(node.value.split())
