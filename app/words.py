"""The officer's words: gettext catalogues shared by window, command line and centre.

A msgid is an English sentence (written where it is shown) or a dotted key (named by
data: a field, an error code, a problem kind). Vietnamese has every msgid; English has
every dotted key. Sources are `resources/translations/<language>/*.po`, one file a room;
`make` joins them into one `soansinh.mo` a language.
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import Cancelled, Coded, Fact, Trouble
from app.domain.text import show_amount
from app.resources import resource

LANGUAGES = ("vi", "en")
_current = catalogues.NullTranslations()
_language = LANGUAGES[0]


def speak(language: str) -> None:
    """Choose the language of everything said from now on: `vi` or `en`."""
    global _current, _language
    _language = language
    with resource(f"translations/{language}/soansinh.mo").open("rb") as file:
        _current = catalogues.GNUTranslations(file)


def spoken() -> str:
    """The language of everything said: `vi` or `en`."""
    return _language


def gettext(msgid: str) -> str:
    """The officer's words for a msgid. Imported as `_`."""
    return _current.gettext(msgid)


def ngettext(one: str, many: str, count: int) -> str:
    """Plural-aware words; Vietnamese has one form."""
    return _current.ngettext(one, many, count)


def counted(one: str, many: str, count: int) -> str:
    """The same with its one number, `{count}`, written as amounts are."""
    return ngettext(one, many, count).format(count=show_amount(count))


@dataclass(frozen=True)
class Explanation:
    """What an officer is told of an error, each part a sentence or empty."""

    happened: str
    kept: str
    todo: str

    @property
    def at_field(self) -> str:
        """What happened and what to do, on one line: at a field nothing was to be kept."""
        return _joined(self.happened, self.todo)

    @property
    def rest(self) -> str:
        """What stands after the sentence that says what happened."""
        return _joined(self.kept, self.todo)


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)


def explain(error: BaseException) -> Explanation:
    """What happened, what was kept, what to do; for a bug, a calm general answer."""
    unsaid = "cancelled" if isinstance(error, Cancelled) else "bug"
    code = error.code if isinstance(error, Coded) else unsaid
    facts = error.facts if isinstance(error, Coded) else {}
    happened = _part(code, "happened", facts) or gettext("error.bug.happened")
    kept = _part(code, "kept", facts) or (gettext("error.trouble.kept") if isinstance(error, Trouble) else "")
    return Explanation(happened, kept, _part(code, "todo", facts))


def are_known(code: str) -> bool:
    """Whether there are words for an error's code: a centre newer than we are may send others."""
    key = f"error.{code}.happened"
    return gettext(key) != key


class _Told(dict[str, Fact]):
    """Facts for a sentence; one that did not come, as the centre's may not, is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


def explain_code(code: str) -> str:
    """What happened, for a code kept without its facts; the code itself where the words need them."""
    key = f"error.{code}.happened"
    text = gettext(key)
    return code if text == key or "{" in text else text


def say_finding(code: str, facts: Mapping[str, Fact]) -> str:
    """What was found in a form of a survey."""
    return gettext(f"finding.survey.{code}").format_map(_Told(facts))


def _part(code: str, name: str, facts: Mapping[str, Fact]) -> str:
    key = f"error.{code}.{name}"
    text = gettext(key)
    return "" if text == key else text.format_map(_Told(facts))
