"""Where the read-only files that ship with the program lie, from source and when frozen."""

from __future__ import annotations

import csv
import gzip
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.accounts import Provider, ProviderName, Providers
from app.domain.authority import Authorities, Authority
from app.domain.dates import PartialDate
from app.domain.places import Commune, FormerCommune, FormerCommunes, Places, Province
from app.domain.policy import Group, Groups, GroupWording, Level, Levels
from app.domain.reference import Reference
from app.domain.roles import Right, Rights

_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"


def resource(relative: str) -> Path:
    """The path of a shipped file, e.g. `resource("banks/napas_banks.csv")`."""
    return _ROOT / relative


def load_reference() -> Reference:
    """Everything laws, banks and registries may change, read once at start."""
    return Reference(
        places=Places(
            tuple(Province(row["code"], row["name"]) for row in _rows("places/provinces.csv")),
            tuple(Commune(row["code"], row["name"], row["province"]) for row in _rows("places/communes.csv")),
        ),
        providers=_providers(),
        id_provinces=_pairs("identity/provinces.csv"),
        phone_prefixes=_pairs("identity/phone_prefixes.csv"),
        old_phone_prefixes=_pairs("identity/phone_prefixes_2018.csv"),
        groups=_groups(),
        levels=_levels(),
        authorities=_authorities(),
        tcvn3={
            bytes.fromhex(byte).decode("latin-1"): letter for byte, letter in _pairs("text/tcvn3.csv").items()
        },
        vni=_pairs("text/vni.csv"),
    )


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
            for row in _rows("places/communes_before_2025.csv.gz")
        )
    )


def _providers() -> Providers:
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
        for row in _rows("banks/banks.csv")
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
        for row in _rows("banks/wallets.csv")
    )
    names = (ProviderName(row["code"], row["name"], row["alone"] == "1") for row in _rows("banks/names.csv"))
    return Providers((*banks, *wallets), tuple(names))


def _groups() -> Groups:
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
        for row in _rows("policy/groups.csv")
    )
    wordings = (GroupWording(row["code"], row["pattern"]) for row in _rows("policy/wordings.csv"))
    return Groups(tuple(groups), tuple(wordings), tuple(_pairs("policy/abbreviations.csv").items()))


def _levels() -> Levels:
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
            for row in _rows("policy/levels.csv")
        )
    )


def _authorities() -> Authorities:
    with resource("policy/authority.toml").open("rb") as file:
        found = tomllib.load(file)
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


@cache
def load_rights() -> Rights:
    """Who may do what, as shipped."""
    with resource("policy/roles.toml").open("rb") as file:
        found = tomllib.load(file)["from"]
    dated = ((date.fromisoformat(one["day"]), _roles(one["roles"])) for one in found)
    return Rights(tuple(dated), _authorities())


def _roles(written: dict[str, dict[str, Any]]) -> dict[str, Right]:
    return {name: Right(tuple(role["writes"]), role.get("assigned", False)) for name, role in written.items()}


def _rows(relative: str) -> list[dict[str, str]]:
    path = resource(relative)
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return _by_heading(file)
    with path.open(encoding="utf-8", newline="") as file:
        return _by_heading(file)


def _by_heading(file: Iterable[str]) -> list[dict[str, str]]:
    """As csv.DictReader, in a third of its time: the communes are read before the first screen."""
    headings, *lines = filter(None, csv.reader(file))
    return [dict(zip(headings, line, strict=True)) for line in lines]


def _pairs(relative: str) -> dict[str, str]:
    """A table's first column by its second."""
    return {key: value for key, value, *_ in (row.values() for row in _rows(relative))}


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
