"""Joins `resources/translations/<language>/*.po` into one `soansinh.mo` a language.

The catalogues are kept by area so that several people can write at once; the program
wants one file. A msgid said in two ways is refused: one of the two would be silent.
Run by `make`, and by the tests' conftest before anything is said.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"


class OneVoice(Catalog):
    """A catalogue fed from several files, in which each msgid has one translation."""

    reading = Path()

    def __init__(self, language: str) -> None:
        super().__init__(locale=language, charset="utf-8")
        self.told_by: dict[str, Path] = {}

    def __setitem__(self, id: str | tuple[str, ...] | list[str], message: Message) -> None:
        held = self.get(id, message.context) if id else None
        name = id if isinstance(id, str) else id[0]
        if held is not None and held.string != message.string:
            raise ValueError(
                f"{name!r} is {held.string!r} in {self.told_by[name].name} "
                f"and {message.string!r} in {self.reading.name}"
            )
        self.told_by.setdefault(name, self.reading)
        super().__setitem__(id, message)


def sources(language: str) -> list[Path]:
    """The .po files of a language, in a fixed order."""
    return sorted((TRANSLATIONS / language).glob("*.po"))


def join(language: str, files: Iterable[Path]) -> OneVoice:
    """One catalogue out of many files; ValueError where two disagree or one is malformed."""
    catalogue = OneVoice(language)
    for catalogue.reading in files:
        with catalogue.reading.open(encoding="utf-8") as lines:
            try:
                PoFileParser(catalogue, ignore_obsolete=True, abort_invalid=True).parse(lines)
            except PoFileError as error:
                raise ValueError(f"{catalogue.reading.name}, line {error.lineno}: {error}") from error
    return catalogue


def compile_language(language: str) -> bool:
    """Write `soansinh.mo` where a source is newer than it; True when it was written."""
    files = sources(language)
    target = TRANSLATIONS / language / "soansinh.mo"
    newest = max(file.stat().st_mtime_ns for file in [*files, Path(__file__)])
    if target.exists() and target.stat().st_mtime_ns >= newest:
        return False
    catalogue = join(language, files)
    # Another process may be reading the old file or writing its own: replace it whole.
    handle, draft = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        write_mo(file, catalogue)
    os.chmod(draft, 0o644)
    os.replace(draft, target)
    return True


def languages() -> list[str]:
    """Every language that has a folder."""
    return sorted(folder.name for folder in TRANSLATIONS.iterdir() if folder.is_dir())


def main() -> int:
    """Compile every language; 1 and a sentence when two files disagree."""
    try:
        for language in languages():
            if compile_language(language):
                sys.stdout.write(f"words: {language}/soansinh.mo\n")
    except ValueError as error:
        sys.stderr.write(f"words: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
