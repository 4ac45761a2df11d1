"""Forms of surveys on this laptop: those published now, and every one that came before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.sqlite import insert

from app.store.tables import forms

_ABOUT = ("id", "version", "title", "about")
_NAMES = (forms.c[name] for name in ("sha256", *_ABOUT, "open"))
_ALL = select(*_NAMES).order_by(forms.c.title, forms.c.version)


@dataclass(frozen=True)
class Form:
    """One version of a form. `about`: what one filling is of, `household`, `person` or empty.

    `is_open`: a filling may be begun; `parcel`: as it was published, where it was asked for.
    """

    sha256: str
    id: str
    version: str
    title: str
    about: str
    is_open: bool
    parcel: bytes = b""


def lay(connection: Connection, published: Sequence[Form]) -> None:
    """These are published now, and no other."""
    connection.execute(update(forms).values(open=False))
    for each in published:
        about = {name: getattr(each, name) for name in _ABOUT}
        row = insert(forms).values(sha256=each.sha256, open=True, parcel=each.parcel, **about)
        anew = {name: row.excluded[name] for name in ("open", "title", "about", "parcel")}
        connection.execute(row.on_conflict_do_update(index_elements=["sha256"], set_=anew))


def known(connection: Connection) -> list[Form]:
    """Every version that this laptop was ever given, by title."""
    return [
        Form(row.sha256, row.id, row.version, row.title, row.about, row.open)
        for row in connection.execute(_ALL)
    ]


def abouts(connection: Connection) -> dict[str, str]:
    """What one filling of each form is of, as its newest version here says it."""
    found = select(forms.c.id, forms.c.about).order_by(forms.c.open, forms.c.version)
    return {row.id: row.about for row in connection.execute(found)}


def newest(connection: Connection, form: str) -> Form | None:
    """The version that is published now, else the last one that was; whole."""
    found = select(forms).where(forms.c.id == form).order_by(forms.c.open.desc(), forms.c.version.desc())
    row = connection.execute(found.limit(1)).first()
    return _whole(row)


def one(connection: Connection, sha256: str) -> Form | None:
    """One version whole."""
    row = connection.execute(select(forms).where(forms.c.sha256 == sha256)).first()
    return _whole(row)


def open_one(connection: Connection, form: str) -> Form | None:
    """The version of a form that is published now, whole."""
    found = select(forms).where(forms.c.id == form, forms.c.open.is_(True)).limit(1)
    row = connection.execute(found).first()
    return _whole(row)


def _whole(row: Row[Any] | None) -> Form | None:
    if row is None:
        return None
    about = row.sha256, row.id, row.version, row.title, row.about
    return Form(*about, is_open=row.open, parcel=bytes(row.parcel))
