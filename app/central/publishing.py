"""Programme data published by an operator: a folder's files, checked, signed, kept for every laptop."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.central.deeds import Operating
from app.central.programmes import UNREADABLE, trust
from app.domain.errors import Refusal
from app.resources import PUBLISHED, load_reference, published_rights
from app.store import operators, programmes
from app.store.programmes import Published
from app.sync.programme import Programme, read_programme, signed_programme


def publish(at: Operating, folder: Path) -> Programme:
    """Sign the files of a folder, laid over what was published before, as the next version for all laptops.

    They lie there as in this program's own `resources`: `policy/levels.csv`, `banks/fees.csv` and so on.
    Refusal("central.programme_file") for a file that may not be published, ("central.programme_none") for a
    folder without any, ("central.programme_unreadable") for one that this program could not work by.
    """
    found = _files(folder)
    with at.centre.write() as connection:
        held = programmes.newest(connection)
        before = read_programme(held.signed, trust(at.keys)).files if held else {}
        files = {**before, **found}
        _check(files, found)
        version = (held.version if held else 0) + 1
        signed = signed_programme(at.keys.policy, version, at.now_ms, files)
        programmes.add(connection, Published(version, at.now_ms, signed))
        operators.note(connection, at.deed("programme_published", "", str(version), " ".join(sorted(found))))
    return read_programme(signed, trust(at.keys))


def published(at: Operating) -> list[Programme]:
    """Every version, the newest first."""
    with at.centre.read() as connection:
        return [read_programme(one.signed, trust(at.keys)) for one in programmes.every(connection)]


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


def _check(files: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Whether the program can work by them: what no laptop could read must not leave here."""
    try:
        load_reference(files)
        published_rights(files)
    except UNREADABLE as error:
        raise Refusal("central.programme_unreadable", name=", ".join(sorted(found))) from error
