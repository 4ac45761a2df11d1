"""Forms laid on a desk as a centre would have them published."""

from __future__ import annotations

from app.actions.desk import Desk
from app.resources import load_shipped_forms
from app.survey.definition import FormDefinition
from app.survey.entities import about
from app.sync.forms import Parcel, lay_forms, read_parcel


def parcel(xform: str) -> Parcel:
    """A form packed."""
    form = FormDefinition.load(xform.encode())
    return Parcel(form.id, form.version, form.title, xform, about(form))


def shipped(name: str) -> Parcel:
    """One of those that we ship."""
    return next(each for each in map(read_parcel, load_shipped_forms()) if each.id == name)


def published(desk: Desk, *parcels: Parcel) -> None:
    """These may be filled at this desk, and no other."""
    with desk.vault.write() as connection:
        lay_forms(connection, {each.file: each.text for each in parcels})
