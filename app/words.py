"""The officer's words: gettext catalogues shared by window, command line and centre.

A msgid is an English sentence (written where it is shown) or a dotted key (named by
data: a field, an error code, a problem kind). Vietnamese has every msgid; English has
every dotted key. Sources are `resources/translations/<language>/*.po`, one file a room;
`make` joins them into one `soansinh.mo` a language.
"""

from __future__ import annotations

import gettext as catalogues
from dataclasses import dataclass

from app.domain.errors import Cancelled, Coded, Trouble
from app.resources import resource

LANGUAGES = ("vi", "en")
_current = catalogues.NullTranslations()


def speak(language: str) -> None:
    """Choose the language of everything said from now on: `vi` or `en`."""
    global _current  # noqa: PLW0603 - the one ambient thing: a process speaks one language
    with resource(f"translations/{language}/soansinh.mo").open("rb") as file:
        _current = catalogues.GNUTranslations(file)


def gettext(msgid: str) -> str:
    """The officer's words for a msgid. Imported as `_`."""
    return _current.gettext(msgid)


def ngettext(one: str, many: str, count: int) -> str:
    """Plural-aware words; Vietnamese has one form."""
    return _current.ngettext(one, many, count)


@dataclass(frozen=True)
class Explanation:
    """What an officer is told of an error, each part a sentence or empty."""

    happened: str
    kept: str
    todo: str


def explain(error: BaseException) -> Explanation:
    """What happened, what was kept, what to do; for a bug, a calm general answer."""
    if isinstance(error, Coded):
        code, facts = error.code, error.facts
    else:
        code, facts = ("cancelled" if isinstance(error, Cancelled) else "bug"), {}

    def part(name: str) -> str:
        key = f"error.{code}.{name}"
        text = gettext(key)
        return "" if text == key else text.format(**facts)

    happened = part("happened") or gettext("error.bug.happened")
    kept = part("kept") or (gettext("error.trouble.kept") if isinstance(error, Trouble) else "")
    return Explanation(happened, kept, part("todo"))
