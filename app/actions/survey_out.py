"""The answers of a survey leave the register: a workbook, separated text, or files that an ODK Central takes.

Each way asks for full leave and her password, and is in the log before anything is written; what is written
is there whole or not at all. Whose answers she may see, whoever hands in the submissions has asked already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from app.actions.desk import Desk, require_way_out
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sheets import writer
from app.sheets.separate import separated
from app.store import audit, disk
from app.survey import openrosa, table_layout
from app.survey.definition import FormDefinition
from app.survey.table_layout import Column, Shape
from app.survey.tabulate import Laid, lay_out
from app.survey.taken import Taken, twice
from app.words import gettext as _

Fetch = Callable[[str], bytes | None]
_Put = Callable[[str, bytes], None]

_WIDTH_MIN, _WIDTH_MAX = 10, 40
_NOT_IN_NAMES = re.compile(r"[^\w.~ -]")


@dataclass(frozen=True)
class Asked:
    """A survey to be told of. `taken` can be gone over again: a list, or what asks the register anew.

    `has_labels`: below the questions' names a line with their labels, which ODK's own tools do not expect.
    """

    form: FormDefinition
    taken: Iterable[Taken]
    shape: Shape = table_layout.AS_IT_IS
    has_labels: bool = True


@dataclass(frozen=True)
class HandedOut:
    """How many submissions and attached files lie there now, and which files nobody had: `uuid…/name`."""

    count: int
    files: int
    missing: tuple[str, ...]


def write_workbook(progress: Progress, desk: Desk, asked: Asked, path: Path) -> int:
    """One sheet for the submissions and one for each repeat; how many submissions.

    Refusal("proof.wanted"), ("leave.capture"), ("survey.xml"), ("list.too_long"), ("list.too_wide");
    Trouble("file.unwritable"); Cancelled.
    """
    laid = _laid(progress, desk, asked, "xlsx")
    leaves = [
        writer.Leaf(each.name, _columns(each.columns), _labels(asked, each.columns)) for each in laid.frames
    ]
    writer.write_leaves(path, leaves, laid.rows(_ticking(progress, asked.taken, laid.count)))
    return laid.count


def write_separated(progress: Progress, desk: Desk, asked: Asked, folder: Path) -> int:
    """A folder of CSV files, one for the submissions and one for each repeat; how many submissions.

    Refusal("folder.taken") where something lies in it, and those of a workbook but for its limits;
    Trouble("disk.…"); Cancelled.
    """
    laid = _laid(progress, desk, asked, "csv")
    with disk.whole_folder(folder) as made, ExitStack() as files:
        writes = [
            files.enter_context(separated(made / name))
            for name in _names([each.name for each in laid.frames])
        ]
        for write, frame in zip(writes, laid.frames, strict=True):
            write([column.name for column in frame.columns])
            if asked.has_labels:
                write(_labels(asked, frame.columns))
        for at, row in laid.rows(_ticking(progress, asked.taken, laid.count)):
            writes[at](row)
    return laid.count


def write_openrosa(progress: Progress, desk: Desk, asked: Asked, fetch: Fetch, path: Path) -> HandedOut:
    """A folder, or a `.zip`, with a folder for each submission, those too whose place another took.

    In it lie `submission.xml`, byte for byte, and what was attached to it; `fetch` gives an attachment's
    bytes by its name, None where it is not here. Whoever sends them to a Central sends what was corrected
    before what corrects it. Refusal("survey.openrosa") for a submission that no Central takes, and the
    errors of `write_separated`.
    """
    require_way_out(desk)
    count = _require_sound(progress, asked)
    _note(desk, asked, "openrosa", count)
    files, missing = 0, list[str]()
    with _zipped(path) if path.suffix == ".zip" else _in_folder(path) as put:
        for each in _ticking(progress, asked.taken, count):
            inside = openrosa.folder_of(each)
            put(f"{inside}/{openrosa.SUBMISSION}", each.xml)
            for name in each.files:
                content = fetch(name)
                if content is None:
                    missing.append(f"{inside}/{name}")
                else:
                    put(f"{inside}/{name}", content)
                    files += 1
    return HandedOut(count, files, tuple(missing))


def _laid(progress: Progress, desk: Desk, asked: Asked, kind: str) -> Laid:
    """The tables without their rows, once she may and it is in the log."""
    require_way_out(desk)
    laid = lay_out(asked.form, _Looked(progress, twice(asked.taken)), asked.shape)
    _note(desk, asked, kind, laid.count)
    return laid


@dataclass(frozen=True)
class _Looked:
    """Submissions looked at, as often as one likes; each look can be cancelled."""

    progress: Progress
    taken: Iterable[Taken]

    def __iter__(self) -> Iterator[Taken]:
        return _ticking(self.progress, self.taken, 0, "Reading the answers")


def _ticking(
    progress: Progress, taken: Iterable[Taken], total: int, what: str = "Writing the answers"
) -> Iterator[Taken]:
    for at, each in enumerate(taken):
        progress.step(min(at, total), total, what)
        yield each


def _note(desk: Desk, asked: Asked, kind: str, count: int) -> None:
    detail = f"as={kind} count={count} form={asked.form.id}"
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "export", kind="submission", detail=detail)


def _columns(columns: Iterable[Column]) -> list[writer.Column]:
    widths = [max(len(each.name), len(each.label) // 2) + 2 for each in columns]
    return [
        writer.Column(each.name, min(max(width, _WIDTH_MIN), _WIDTH_MAX))
        for each, width in zip(columns, widths, strict=True)
    ]


def _labels(asked: Asked, columns: Iterable[Column]) -> list[str]:
    return [_label(each) for each in columns] if asked.has_labels else []


def _label(column: Column) -> str:
    """As the form says it, or as we do of a column of our own."""
    own = {
        table_layout.SENT: _("Handed in"),
        table_layout.KEY: _("Key of this row"),
        table_layout.PARENT: _("Key of the row it lies in"),
        table_layout.OFFICER: _("Officer"),
        table_layout.ABOUT: _("About whom"),
        table_layout.VERSION: _("Version of the form"),
        table_layout.REPLACED: _("Replaced by"),
    }
    return column.label if column.path else own[column.name]


def _names(frames: list[str]) -> list[str]:
    """`form.csv`, `form-repeat.csv`, as ODK Central names them."""
    first, *others = [_NOT_IN_NAMES.sub("_", name) for name in frames]
    return [f"{first}.csv", *(f"{first}-{name}.csv" for name in others)]


def _require_sound(progress: Progress, asked: Asked) -> int:
    """How many there are, all of them such as a Central takes."""
    seen = set[str]()
    for each in _Looked(progress, twice(asked.taken)):
        found = openrosa.faults(each, asked.form)
        folder = openrosa.folder_of(each).casefold()
        if found or folder in seen:
            raise Refusal("survey.openrosa", id=each.id, what=(found or ["instanceID"])[0])
        seen.add(folder)
    return len(seen)


@contextmanager
def _in_folder(path: Path) -> Iterator[_Put]:
    with disk.whole_folder(path) as made:

        def put(name: str, content: bytes) -> None:
            file = made / name
            file.parent.mkdir(mode=0o700, exist_ok=True)
            file.write_bytes(content)

        yield put


@contextmanager
def _zipped(path: Path) -> Iterator[_Put]:
    with disk.whole_file(path) as part, ZipFile(part, "w", ZIP_DEFLATED) as packed:
        yield lambda name, content: packed.writestr(name, content)
