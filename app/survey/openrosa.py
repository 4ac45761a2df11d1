"""Submissions as files that an ODK Central takes: what it asks of each (OpenRosa Metadata, Form Submission).

Their bytes are never written anew: their SHA-256 holds wherever they go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.errors import Refusal
from app.survey.definition import FormDefinition
from app.survey.model import ORX
from app.survey.nodes import Node, read_root
from app.survey.taken import Taken

SUBMISSION = "submission.xml"
_ID = re.compile(r"uuid:[0-9A-Za-z](?:[0-9A-Za-z._-]{0,78}[0-9A-Za-z_-])?")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_NAME_BYTES_MAX = 200
# Windows opens a device where a file is called so, whatever its ending.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{at}" for port in ("com", "lpt") for at in range(10))}
)


def folder_of(taken: Taken) -> str:
    """Where a submission lies, as ODK Briefcase names it: its id without the colon, which Windows forbids."""
    return taken.id.replace(":", "")


def faults(taken: Taken, form: FormDefinition) -> list[str]:
    """What an ODK Central, or a disk, would not take; none of what may be written.

    `xml`, `id` and `version` of the form; `meta` and within it `instanceID`, `deprecatedID`; `files`.
    """
    try:
        taken.xml.decode("utf-8")
        root = read_root(taken.xml)
    except (Refusal, UnicodeDecodeError):
        return ["xml"]
    return list(_faults(root, taken, form))


def _faults(root: Node, taken: Taken, form: FormDefinition) -> Iterator[str]:
    if root.attribute("id") != form.id:
        yield "id"
    if form.version and not root.attribute("version"):
        yield "version"
    metas = [each for each in root.elements() if each.name == "meta"]
    spaces = {ORX, root.namespace}
    if len(metas) != 1 or metas[0].namespace not in spaces:
        yield "meta"
        return
    said = {
        name: [each.text for each in metas[0].elements() if each.name == name and each.namespace in spaces]
        for name in ("instanceID", "deprecatedID")
    }
    if said["instanceID"] != [taken.id] or not _ID.fullmatch(taken.id):
        yield "instanceID"
    if said["deprecatedID"] != ([taken.corrects] if taken.corrects else []) or taken.corrects == taken.id:
        yield "deprecatedID"
    if not _are_names(taken.files):
        yield "files"


def _are_names(files: tuple[str, ...]) -> bool:
    """Whether all can lie beside the submission, on any machine."""
    folded = [name.casefold() for name in files]
    return len({*folded, SUBMISSION}) == len(folded) + 1 and all(_is_name(name) for name in files)


def _is_name(name: str) -> bool:
    return (
        0 < len(name.encode()) <= _NAME_BYTES_MAX
        and not _NOT_IN_NAMES.search(name)
        and name[0] != "."
        and name[-1] not in ". "
        and name.partition(".")[0].rstrip().casefold() not in _DEVICES
    )
