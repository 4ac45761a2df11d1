"""Programme data published by an operator: a folder's files, checked, signed, kept for every laptop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.central.deeds import Operating
from app.central.programmes import UNREADABLE, trust
from app.domain.errors import Refusal
from app.resources import PUBLISHED, load_reference, published_rights
from app.store import operators, programmes
from app.store.programmes import Published
from app.sync.forms import FOLDER, Parcel, is_form, read_parcel
from app.sync.programme import Programme, read_programme, signed_programme


@dataclass(frozen=True)
class Standing:
    """A form that may be filled. `since`: milliseconds since 1970."""

    parcel: Parcel
    since: int


def publish(at: Operating, folder: Path) -> Programme:
    """Sign the files of a folder, laid over what was published before, as the next version for all laptops.

    They lie there as in this program's own `resources`: `policy/levels.csv`, `banks/fees.csv` and so on.
    Refusal("central.programme_file") for a file that may not be published, ("central.programme_none") for a
    folder without any, ("central.programme_unreadable") for one that this program could not work by.
    """
    found = _files(folder)
    return _next(at, lambda before: {**before, **found}, " ".join(sorted(found)))


def publish_form(at: Operating, packed: bytes) -> Programme:
    """Publish a form that a laptop packed, in the place of its version before.

    Refusal("form.parcel"), ("form.id"); ("form.version") where that version is published with other words: an
    answer says which version it is of.
    """
    parcel = read_parcel(packed)

    def with_form(before: Mapping[str, str]) -> dict[str, str]:
        held = before.get(parcel.file)
        if held is not None and read_parcel(held).version == parcel.version and held != parcel.text:
            raise Refusal("form.version", name=parcel.id, version=parcel.version)
        return {**before, parcel.file: parcel.text}

    return _next(at, with_form, f"{parcel.file} {parcel.version}")


def publish_missing(at: Operating, packed: Iterable[bytes]) -> None:
    """Those of some forms that never were, in their version: what was withdrawn since stays withdrawn."""
    known = {(form.id, form.version) for each in published(at) for form in _forms(each.files)}
    for content in packed:
        form = read_parcel(content)
        if (form.id, form.version) not in known:
            publish_form(at, content)


def withdraw_form(at: Operating, form: str) -> Programme:
    """No filling of it is begun any more; what was begun is finished. Refusal("form.not_published")."""
    name = f"{FOLDER}{form}.json"

    def without(before: Mapping[str, str]) -> dict[str, str]:
        if name not in before:
            raise Refusal("form.not_published", name=form)
        return {each: text for each, text in before.items() if each != name}

    return _next(at, without, f"{name} -")


def published_forms(at: Operating) -> list[Parcel]:
    """Those that may be filled now, by their names."""
    with at.centre.read() as connection:
        held = programmes.newest(connection)
    return _forms(read_programme(held.signed, trust(at.keys)).files) if held else []


def standing_forms(at: Operating) -> list[Standing]:
    """The same, and since when each of them is as it is."""
    current = {parcel.file: parcel for parcel in published_forms(at)}
    since, unsettled = dict[str, int](), set(current)
    with at.centre.read() as connection:
        version = programmes.version(connection)
        while unsettled and (held := programmes.numbered(connection, version)) is not None:
            files = read_programme(held.signed, trust(at.keys)).files
            unsettled = {name for name in unsettled if files.get(name) == current[name].text}
            since |= dict.fromkeys(unsettled, held.at)
            version -= 1
    return [Standing(current[name], since[name]) for name in current if name in since]


def _next(at: Operating, change: Callable[[Mapping[str, str]], dict[str, str]], told: str) -> Programme:
    """Sign the version after the newest; two operators publish one after the other."""
    with at.centre.write() as connection:
        held = programmes.newest(connection)
        before = read_programme(held.signed, trust(at.keys)).files if held else {}
        files = change(before)
        _check(files, told)
        version = (held.version if held else 0) + 1
        signed = signed_programme(at.keys.policy, version, at.now_ms, files)
        programmes.add(connection, Published(version, at.now_ms, signed))
        operators.note(connection, at.deed("programme_published", "", str(version), told))
    return read_programme(signed, trust(at.keys))


def published(at: Operating) -> list[Programme]:
    """Every version, the newest first."""
    with at.centre.read() as connection:
        return [read_programme(one.signed, trust(at.keys)) for one in programmes.every(connection)]


def _forms(files: Mapping[str, str]) -> list[Parcel]:
    return [read_parcel(files[name]) for name in sorted(files) if is_form(name)]


def _files(folder: Path) -> dict[str, str]:
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name not in PUBLISHED:
            raise Refusal("central.programme_file", name=name, known=", ".join(PUBLISHED))
        try:
            found[name] = file.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal("central.programme_unreadable", name=name) from error
    if not found:
        raise Refusal("central.programme_none")
    return found


def _check(files: Mapping[str, str], told: str) -> None:
    """Whether the program can work by them: what no laptop could read must not leave here."""
    try:
        load_reference(files)
        published_rights(files)
    except UNREADABLE as error:
        raise Refusal("central.programme_unreadable", name=told) from error
