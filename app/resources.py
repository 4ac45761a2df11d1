"""Where the read-only files that ship with the program lie, from source and when frozen.

What laws, banks and the province change may be published by the centre (`app.sync.programme`); a
published file stands in the place of the shipped one of the same name.
"""

from __future__ import annotations

import csv
import gzip
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.accounts import Provider, ProviderName, Providers
from app.domain.authority import Authorities, Authority
from app.domain.dates import PartialDate
from app.domain.deadlines import Deadline, Deadlines
from app.domain.fees import Fees, read_fees
from app.domain.leave import Leave
from app.domain.places import Commune, FormerCommune, FormerCommunes, Places, Province
from app.domain.policy import Group, Groups, GroupWording, Level, Levels
from app.domain.reference import Reference
from app.domain.roles import EVERYBODY, Right, Rights
from app.domain.save_to import read_save_map

_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"

# What a centre may publish; the rest changes with the program.
PUBLISHED = (
    *(f"policy/{name}.csv" for name in ("abbreviations", "groups", "levels", "wordings")),
    *(f"policy/{name}.toml" for name in ("authority", "deadlines", "leave", "roles", "surveys")),
    *(f"banks/{name}.csv" for name in ("banks", "fees", "names", "wallets")),
)


def resource(relative: str) -> Path:
    """The path of a shipped file, e.g. `resource("banks/napas_banks.csv")`."""
    return _ROOT / relative


def load_reference(published: Mapping[str, str] | None = None, issued: str = "") -> Reference:
    """Everything laws, banks and registries may change, read once at start.

    `published`: texts of the centre's, by the name of the file that each replaces, and when.
    ValueError, KeyError or a Refusal for texts that this program cannot read.
    """
    return _Shelf(published or {}).reference(issued)


@cache
def load_rights() -> Rights:
    """Who may do what, as shipped."""
    return _Shelf({}).rights()


def published_rights(published: Mapping[str, str]) -> Rights:
    """Who may do what, as published; the errors of `load_reference`."""
    return _Shelf(published).rights()


def load_money_words() -> tuple[str, ...]:
    """Parts of names and labels that speak of money, in lower case: no form may count it in small numbers."""
    return tuple(resource("surveys/money.txt").read_text("utf-8").split("\n")[:-1])


def load_shipped_forms() -> list[bytes]:
    """The forms of surveys that we ship, packed as a centre publishes them."""
    return [gzip.decompress(path.read_bytes()) for path in sorted(resource("surveys").glob("*.json.gz"))]


def load_former_communes() -> FormerCommunes:
    """The communes of before July 2025; apart, for it is large and seldom asked."""
    return FormerCommunes(
        tuple(
            FormerCommune(
                row["province"],
                row["district"],
                row["commune"],
                row["successor"],
                row["default"] == "1",
                row["split"] == "1",
            )
            for row in _Shelf({}).rows("places/communes_before_2025.csv.gz")
        )
    )


@dataclass(frozen=True)
class _Shelf:
    """The files as they count: a published text, else what ships."""

    published: Mapping[str, str] = field(default_factory=dict)

    def reference(self, issued: str) -> Reference:
        """All of it."""
        tcvn3 = self.pairs("text/tcvn3.csv").items()
        return Reference(
            places=Places(
                tuple(Province(row["code"], row["name"]) for row in self.rows("places/provinces.csv")),
                tuple(
                    Commune(row["code"], row["name"], row["province"])
                    for row in self.rows("places/communes.csv")
                ),
            ),
            providers=self._providers(),
            id_provinces=self.pairs("identity/provinces.csv"),
            phone_prefixes=self.pairs("identity/phone_prefixes.csv"),
            old_phone_prefixes=self.pairs("identity/phone_prefixes_2018.csv"),
            groups=self._groups(),
            levels=self._levels(),
            authorities=self._authorities(),
            rights=self.rights(),
            fees=self._fees(),
            deadlines=self._deadlines(),
            leave=Leave(**self._toml("policy/leave.toml")),
            tcvn3={bytes.fromhex(byte).decode("latin-1"): letter for byte, letter in tcvn3},
            vni=self.pairs("text/vni.csv"),
            save_map=read_save_map(self._toml("policy/surveys.toml")),
            published=issued,
        )

    def rights(self) -> Rights:
        """Who may do what."""
        found = self._toml("policy/roles.toml")["from"]
        dated = ((date.fromisoformat(one["day"]), _roles(one["roles"])) for one in found)
        return Rights(tuple(dated), self._authorities())

    def _providers(self) -> Providers:
        banks = (
            Provider(
                row["code"],
                row["bin"] or None,
                row["short_name"],
                row["full_name"],
                "bank",
                _list(row["former_names"]),
                _list(row["former_codes"]),
                tuple(map(int, _list(row["lengths"]))),
            )
            for row in self.rows("banks/banks.csv")
        )
        wallets = (
            Provider(
                row["code"],
                row["bin"] or None,
                row["short_name"],
                row["full_name"],
                "mobile_money" if row["kind"] == "mobile_money" else "e_wallet",
                _list(row["former_names"]),
            )
            for row in self.rows("banks/wallets.csv")
        )
        names = (
            ProviderName(row["code"], row["name"], row["alone"] == "1")
            for row in self.rows("banks/names.csv")
        )
        return Providers((*banks, *wallets), tuple(names))

    def _groups(self) -> Groups:
        groups = (
            Group(
                row["code"],
                row["name"],
                row["clause"],
                _list(row["coefficients"]),
                row["form"],
                "pension" if row["programme"] == "pension" else "assistance",
                row["hidden"] == "1",
            )
            for row in self.rows("policy/groups.csv")
        )
        wordings = (GroupWording(row["code"], row["pattern"]) for row in self.rows("policy/wordings.csv"))
        return Groups(tuple(groups), tuple(wordings), tuple(self.pairs("policy/abbreviations.csv").items()))

    def _levels(self) -> Levels:
        return Levels(
            tuple(
                Level(
                    "pension" if row["programme"] == "pension" else "assistance",
                    PartialDate.parse(row["since"]),
                    int(row["amount"]),
                    row["province"],
                    row["source"],
                    row["confidence"],
                )
                for row in self.rows("policy/levels.csv")
            )
        )

    def _authorities(self) -> Authorities:
        found = self._toml("policy/authority.toml")
        fields = (
            Authority(
                tuple(field["of"]),
                field["authority"],
                tuple(field["trusted"]),
                tuple(field["deciders"]),
                newest=field.get("newest", False),
                apart=field.get("apart", False),
                second=field.get("second", False),
            )
            for field in found["field"]
        )
        return Authorities(tuple(fields), found["sources"])

    def _fees(self) -> Fees:
        return read_fees(self.rows("banks/fees.csv"))

    def _deadlines(self) -> Deadlines:
        found = self._toml("policy/deadlines.toml")["list"]
        return Deadlines(
            tuple(
                Deadline(date.fromisoformat(one["since"]), one["day"], one["lead"], tuple(one["kinds"]))
                for one in found
            )
        )

    def rows(self, relative: str) -> list[dict[str, str]]:
        """A table's rows by heading."""
        path = resource(relative)
        if relative in self.published:
            rows = _by_heading(self.published[relative].splitlines())
            with path.open(encoding="utf-8", newline="") as file:
                known = next(csv.reader(file))
            if not rows or not set(known) <= set(rows[0]):
                raise ValueError(relative)  # an empty table would empty the screens
            return rows
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                return _by_heading(file)
        with path.open(encoding="utf-8", newline="") as file:
            return _by_heading(file)

    def pairs(self, relative: str) -> dict[str, str]:
        """A table's first column by its second."""
        return {key: value for key, value, *_ in (row.values() for row in self.rows(relative))}

    def _toml(self, relative: str) -> dict[str, Any]:
        text = self.published.get(relative)
        return tomllib.loads(resource(relative).read_text("utf-8") if text is None else text)


def _roles(written: dict[str, dict[str, Any]]) -> dict[str, Right]:
    return {name: _right(role) for name, role in written.items()}


def _right(role: dict[str, Any]) -> Right:
    approves, refuses, keeps, hides = (
        tuple(role.get(name, ())) for name in ("approves", "refuses", "keeps", "hides")
    )
    writes, assigned = tuple(role["writes"]), role.get("assigned", False)
    return Right(writes, assigned, approves, refuses, keeps, role.get("sees", EVERYBODY), hides)


def _by_heading(file: Iterable[str]) -> list[dict[str, str]]:
    """As csv.DictReader, in a third of its time: the communes are read before the first screen."""
    headings, *lines = filter(None, csv.reader(file))
    return [dict(zip(headings, line, strict=True)) for line in lines]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
