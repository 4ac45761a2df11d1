"""Provinces and communes since 1 July 2025, and which of them an old address means today.

The code is the identity: kinds change (a tỉnh becomes a thành phố), 245 commune names
repeat between provinces, and in eight pairs of one province only a mark tells them apart
(Văn Lang, Văn Lăng). So typing finds by folded names, but only spelled names match.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.domain.text import canonical, fold, initials

_KIND = re.compile(r"(thành phố|tỉnh|đặc khu|phường|xã|thị trấn|thị xã|huyện|quận|tp\.?|tt\.?)\s+", re.I)


def without_kind(name: str) -> str:
    """`Xã Mường Lạn` as `Mường Lạn`; a numbered ward keeps its kind, for `1` is no name."""
    bare = _KIND.sub("", name, count=1) if _KIND.match(name) else name
    return name if bare.isdigit() else bare


@dataclass(frozen=True)
class Province:
    """One of the 34; `code` has two digits (Decision 19/2025/QĐ-TTg)."""

    code: str
    name: str

    @property
    def bare_name(self) -> str:
        """Without `Tỉnh` or `Thành phố`."""
        return without_kind(self.name)


@dataclass(frozen=True)
class Commune:
    """One of the 3,321 communes, wards and special zones; `code` has five digits."""

    code: str
    name: str
    province: str

    @property
    def bare_name(self) -> str:
        """Without `Xã`, `Phường` or `Đặc khu`."""
        return without_kind(self.name)


@dataclass(frozen=True)
class Place:
    """A commune as covers and papers name it: its name, and its province's."""

    code: str
    name: str
    province: str


@dataclass(frozen=True)
class _Entry:
    """What typing is compared with, made once."""

    code: str
    full: str
    bare: str
    short: str

    @classmethod
    def of(cls, place: Province | Commune) -> _Entry:
        return cls(place.code, fold(place.name), fold(place.bare_name), initials(place.bare_name))

    def rank(self, typed: str) -> int | None:
        """How well typed text fits, 0 best; None when it does not."""
        if typed in (self.bare, self.full, self.code):
            return 0
        if typed.isdigit():
            return 1 if self.code.startswith(typed) else None
        if self.bare.startswith(typed) or self.full.startswith(typed):
            return 1
        if typed == self.short:
            return 2
        if _begins_words(typed, self.bare) or self.short.startswith(typed):
            return 3
        return 4 if len(typed) > 2 and typed in self.full else None


def _begins_words(typed: str, name: str) -> bool:
    """Whether each typed word begins one of the name's words, in order: `mu la` in `muong lan`."""
    words = iter(name.split())
    return all(any(word.startswith(part) for word in words) for part in typed.split())


@dataclass(frozen=True)
class Places:
    """All provinces and communes, in the order of their codes."""

    provinces: tuple[Province, ...]
    communes: tuple[Commune, ...]

    @cached_property
    def province_by_code(self) -> Mapping[str, Province]:
        """Provinces by two-digit code."""
        return {province.code: province for province in self.provinces}

    @cached_property
    def commune_by_code(self) -> Mapping[str, Commune]:
        """Communes by five-digit code."""
        return {commune.code: commune for commune in self.communes}

    def search_provinces(self, text: str) -> tuple[Province, ...]:
        """Provinces by what is typed: with or without marks, initials (`sl`), or code; best first."""
        codes = _ranked(self._province_entries, text)
        return tuple(self.province_by_code[code] for code in codes)

    def search_communes(self, text: str, province: str | None = None, limit: int = 50) -> tuple[Commune, ...]:
        """Communes by what is typed, of one province (a code) or all; best first, at most `limit`."""
        entries = self._commune_entries
        if province is not None:
            entries = tuple(e for e in entries if self.commune_by_code[e.code].province == province)
        return tuple(self.commune_by_code[code] for code in _ranked(entries, text)[:limit])

    def match_communes(self, name: str, province: str | None = None) -> tuple[Commune, ...]:
        """Communes spelled so (tone placement apart), with their kind or without; several if ambiguous."""
        wanted = canonical(name)
        return tuple(
            commune
            for commune in self.communes
            if province in (None, commune.province)
            and wanted in (canonical(commune.name), canonical(commune.bare_name))
        )

    @cached_property
    def _province_entries(self) -> tuple[_Entry, ...]:
        return tuple(map(_Entry.of, self.provinces))

    @cached_property
    def _commune_entries(self) -> tuple[_Entry, ...]:
        return tuple(map(_Entry.of, self.communes))


def _ranked(entries: tuple[_Entry, ...], text: str) -> list[str]:
    typed = fold(text)
    ranked = [(rank, entry) for entry in entries if (rank := entry.rank(typed)) is not None]
    ranked.sort(key=lambda hit: (hit[0], hit[1].bare, hit[1].code))
    return [entry.code for _, entry in ranked]


@dataclass(frozen=True)
class FormerCommune:
    """An old commune and one commune its land belongs to now.

    `is_split`: the land went to several; `is_usual` then marks the customary successor,
    which is a convention of the data and no rule of law.
    """

    province: str
    district: str
    name: str
    successor: str
    is_usual: bool
    is_split: bool


@dataclass(frozen=True)
class FormerCommunes:
    """What became of the 10,040 communes of before 1 July 2025."""

    all: tuple[FormerCommune, ...]

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[FormerCommune, ...]]:
        found: dict[str, tuple[FormerCommune, ...]] = {}
        for former in self.all:
            for name in {canonical(former.name), canonical(without_kind(former.name))}:
                found[name] = (*found.get(name, ()), former)
        return found

    def successors(self, name: str, district: str = "", province: str = "") -> tuple[FormerCommune, ...]:
        """What an old commune became; more than one where it was split or the name repeats.

        Old district and province narrow it, with or without their kind.
        """
        return tuple(
            former
            for former in self._by_name.get(canonical(name), ())
            if _is_named(district, former.district) and _is_named(province, former.province)
        )


def _is_named(wanted: str, name: str) -> bool:
    return not wanted or canonical(without_kind(wanted)) == canonical(without_kind(name))
