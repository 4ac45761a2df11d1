"""What a typed text means to a question, and how its answer is shown: one reader a type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.domain.text import clean
from app.words import gettext as _


@dataclass(frozen=True)
class Reading:
    """`value`: as a session takes it; `problem`: a sentence when the text is no value of the type.

    `is_whole`: nobody would go on typing from here, so that a pause may answer it.
    """

    value: str = ""
    problem: str = ""
    is_whole: bool = True


class Reader(Protocol):
    """Reads what is typed, shows what is kept. `hint` stands in the empty box."""

    @property
    def hint(self) -> str: ...

    def read(self, text: str) -> Reading: ...

    def show(self, value: str) -> str: ...


@dataclass(frozen=True)
class Words:
    """Text, without spaces that nobody meant."""

    hint: str = ""

    def read(self, text: str) -> Reading:
        """Any text is one."""
        return Reading(clean(text))

    def show(self, value: str) -> str:
        """As it is."""
        return value


@dataclass(frozen=True)
class Lines:
    """Text of several lines, as it was typed."""

    hint: str = ""

    def read(self, text: str) -> Reading:
        """Any text is one."""
        return Reading("\n".join(clean(line) for line in text.split("\n")).strip("\n"))

    def show(self, value: str) -> str:
        """As it is."""
        return value


@dataclass(frozen=True)
class Digits:
    """A number that nobody counts with, such as a telephone's: its zeros stay."""

    hint: str = ""

    def read(self, text: str) -> Reading:
        """Digits, with the signs that stand among them."""
        typed = clean(text)
        if all(letter in "0123456789 .,-+/()" for letter in typed):
            return Reading(typed)
        return Reading(problem=_("Only digits belong here."))

    def show(self, value: str) -> str:
        """As it is."""
        return value
