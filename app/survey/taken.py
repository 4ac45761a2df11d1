"""Submissions as they lie in the register, handed to whoever tells of many of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """One submission. `corrects`: the id of the one whose place it takes, or empty; `at`: ISO 8601, +07:00.

    `officer`: her name; `about`: whom it is about, as shown; `files`: names of what was attached.
    """

    xml: bytes
    id: str
    corrects: str
    officer: str
    at: str
    about: str
    files: tuple[str, ...] = ()


def twice(taken: Iterable[Taken]) -> Iterable[Taken]:
    """The same, which may be gone over again. ValueError for what can be gone over only once."""
    if iter(taken) is taken:
        raise ValueError("submissions are gone over twice: hand in a list, or what asks for them anew")
    return taken


def replaced(taken: Iterable[Taken]) -> Mapping[str, str]:
    """Which submissions no longer stand, each with the one that took its place.

    Where some name one another in a circle, which no laptop writes, all of them stand: none is lost.
    """
    after = {each.corrects: each.id for each in taken if each.corrects}
    return {before: later for before, later in after.items() if not _comes_back(before, after)}


def standing(taken: Iterable[Taken], gone: Collection[str]) -> Iterator[Taken]:
    """Those whose place none of these took."""
    return (each for each in taken if each.id not in gone)


def _comes_back(begun: str, after: Mapping[str, str]) -> bool:
    at, seen = after.get(begun), set[str]()
    while at is not None and at not in seen:
        seen.add(at)
        at = after.get(at)
    return begun in seen
