"""The communes this laptop holds, as their covers say; no vault is opened, no database imported."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from app.actions.invented.officers import Seats, seats
from app.actions.invented.people import TRAINING_CODE, training_place
from app.domain.errors import Refusal
from app.domain.places import Place
from app.domain.reference import Reference
from app.store import leaving, replacing
from app.store.keyslots import Guard, KeyFile
from app.store.laptop import CommuneFolder, Laptop
from app.store.throttle import Moment


@dataclass(frozen=True)
class Shelf:
    """A commune's register on this laptop, begun or not."""

    folder: CommuneFolder
    place: Place

    @property
    def is_training(self) -> bool:
        """Whether its people are invented."""
        return self.place.code == TRAINING_CODE

    def guard(self) -> Guard:
        """How hard its keys are to derive, and which names no password may be."""
        return Guard(names=(self.place.name, self.place.province), ask_system=not self.is_training)

    def keyfile(self) -> KeyFile:
        """Its key file."""
        return KeyFile.load(self.folder.path, self.guard())

    def wait_s(self, officer_id: str) -> int:
        """Seconds until this officer's next password is looked at; 0 when it is."""
        return self.keyfile().seconds_to_wait(officer_id, Moment.now()) if officer_id else 0


def laptop(profile: str = "") -> Laptop:
    """This laptop's folder; a profile stands for another laptop on the same machine."""
    return Laptop.found(os.environ, profile)


def shelf(where: Laptop, place: Place) -> Shelf:
    """The place of a commune on this laptop, begun or not."""
    return Shelf(where.commune(place.code), place)


def shelves(where: Laptop, reference: Reference) -> Sequence[Shelf]:
    """The real communes this laptop holds, the one opened last first; a restore cut off is ended."""
    replacing.finish(where.home / "communes")
    last = where.settings().commune
    codes = [folder.code for folder in where.communes() if folder.code != TRAINING_CODE]
    ordered = sorted(codes, key=lambda code: (code != last, code))
    return [shelf(where, place_of(reference, code)) for code in ordered]


def left_shelves(where: Laptop, reference: Reference) -> Sequence[Shelf]:
    """The communes that this laptop had to leave; what a cut-off leave left of their keys is destroyed."""
    found = [shelf(where, place_of(reference, folder.code)) for folder in where.left()]
    for each in found:
        leaving.destroy(each.folder.path)
    return found


def put_aside(at: Shelf, now_ms: int) -> None:
    """Make room for the same commune to begin anew on this laptop; nothing of the former is deleted."""
    path = at.folder.path
    path.rename(path.with_name(f"{path.name}revoked{now_ms}"))


def training_shelf(where: Laptop, reference: Reference) -> Shelf:
    """The training commune's place on this laptop."""
    return shelf(where, place_of(reference, TRAINING_CODE))


def training_seats(where: Laptop, reference: Reference) -> Seats:
    """Who sits at this training laptop, or would: not those of another profile of this machine."""
    homes = [where.machine, *sorted((where.machine / "profiles").glob("*"))]
    others = {name for home in homes if home != where.home for name in _seated(Laptop(home), reference)}
    return seats(_seated(where, reference), others)


def _seated(where: Laptop, reference: Reference) -> list[str]:
    at = training_shelf(where, reference)
    return [slot.name for slot in at.keyfile().officers] if at.folder.has_begun else []


def place_of(reference: Reference, code: str) -> Place:
    """A commune's name and province by its code; Refusal("commune.unknown") for none of the 3,321."""
    if code == TRAINING_CODE:
        invented = training_place()
        return Place(code, invented.name, reference.places.province_by_code[invented.province].name)
    commune = reference.places.commune_by_code.get(code)
    if commune is None:
        raise Refusal("commune.unknown")
    province = reference.places.province_by_code[commune.province]
    return Place(commune.code, commune.name, province.name)
