"""Templates of `resources/central` filled in: escaped, in the language spoken, with the program's icons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.central.listing import days_late
from app.domain.text import show_amount
from app.resources import resource
from app.sync import minutes
from app.words import gettext

_VIETNAM = timezone(timedelta(hours=7))


def render(name: str, **facts: object) -> str:
    """One page as HTML."""
    return _environment().get_template(name).render(**facts)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(resource("central")), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(_=gettext, icon=_icon, moment=moment, days_late=days_late)
    made.globals.update(moment_of=minutes.show_moment, amount=show_amount, day=day)
    return made


@cache
def _icon(name: str) -> Markup:
    drawn = resource(f"icons/{name}.svg").read_text("utf-8")
    return Markup(drawn.replace("<svg ", f'<svg class="icon {name}" aria-hidden="true" ', 1))


def moment(ms: int) -> str:
    """A moment as people of the province read it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(_VIETNAM).strftime("%d/%m/%Y %H:%M")


def day(said: date | str) -> str:
    """A day as people of the province read it."""
    return f"{date.fromisoformat(said) if isinstance(said, str) else said:%d/%m/%Y}"
