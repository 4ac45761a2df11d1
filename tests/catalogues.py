"""The translators' catalogues as the tests read them: from the .po files, not from what was compiled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "translations"
LANGUAGES = ("vi", "en")


def catalogues(language: str) -> Iterator[tuple[str, Catalog]]:
    """Each .po file of a language, by name."""
    for file in sorted((FOLDER / language).glob("*.po")):
        with file.open("rb") as lines:
            yield file.name, read_po(lines, locale=language, abort_invalid=True)


def messages(language: str) -> Iterator[tuple[str, Message]]:
    """Every message with the file it stands in; the header is none."""
    for file, catalogue in catalogues(language):
        yield from ((file, message) for message in catalogue if message.id)


def key(message: Message) -> str:
    """The msgid, in the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """What is said for it, one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


@cache
def said(language: str) -> dict[str, str]:
    """msgid → what is said (its first form)."""
    return {key(message): forms(message)[0] for _file, message in messages(language)}
