"""Forms of surveys as a centre publishes them: programme data like any other, a text a form.

Whoever authors a form has it looked over on a laptop, which packs it (`actions/surveys.py`); the centre
carries the parcel, signed with the rest, and understands none of it. A laptop keeps every form that it was
ever given, for a draft finishes on its own version; only those that are published now may be begun.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.store import forms
from app.store.forms import Form

FOLDER = "surveys/"
_ABOUT = ("household", "person", "")
_FILE = re.compile(r"surveys/[A-Za-z0-9_.-]{1,64}\.json")


@dataclass(frozen=True)
class Parcel:
    """A form with the lists that lie beside it, by file name.

    `about`: what one filling is of, `household`, `person` or empty.
    """

    id: str
    version: str
    title: str
    xform: str
    about: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """What a submission says it is of."""
        return hashlib.sha256(self.xform.encode()).hexdigest()

    @property
    def file(self) -> str:
        """Under which name the centre publishes it. Refusal("form.id") for an id that names no file."""
        name = f"{FOLDER}{self.id}.json"
        if not is_form(name):
            raise Refusal("form.id", name=self.id)
        return name

    @property
    def text(self) -> str:
        """As it is written, and read by `read_parcel`."""
        return msgspec.json.encode(self).decode()


def is_form(name: str) -> bool:
    """Whether a published file is a form."""
    return _FILE.fullmatch(name) is not None


def read_parcel(text: str | bytes) -> Parcel:
    """Refusal("form.parcel") for anything else than a packed form."""
    try:
        found = msgspec.json.decode(text, type=Parcel)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Refusal("form.parcel") from error
    if not found.id or not found.version or not found.xform or found.about not in _ABOUT:
        raise Refusal("form.parcel")
    return found


def lay_forms(connection: Connection, files: Mapping[str, str]) -> None:
    """Keep what is published now; a form that only a newer program can read waits for that program.

    Nothing is written where all of it is here: each unlock asks.
    """
    found = dict[str, Form]()
    for name, text in files.items():
        if is_form(name):
            try:
                parcel = read_parcel(text)
            except Refusal:
                continue
            about = parcel.id, parcel.version, parcel.title, parcel.about
            found[parcel.sha256] = Form(parcel.sha256, *about, is_open=True, parcel=text.encode())
    if found.keys() != {each.sha256 for each in forms.known(connection) if each.is_open}:
        forms.lay(connection, list(found.values()))
