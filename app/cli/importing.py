"""`soansinh import FILE`: a commune's workbook, read as the window reads it.

With `--json` one object a person, then `{"summary": …}` as the last line; without, what an
officer wants to know at a glance.
"""

from __future__ import annotations

import datetime
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.saving import save
from app.cli.telling import TellingProgress, tell_lines
from app.words import gettext as _

if TYPE_CHECKING:
    from app.domain.progress import Progress
    from app.sheets.proposed import Reading


def add_to(verbs: _SubParsersAction[ArgumentParser]) -> None:
    """Declare `import`."""
    verb = verbs.add_parser("import", help=_("read a commune's workbook into the register"))
    verb.add_argument("file", type=Path, metavar=_("FILE"), help=_("the workbook: .xlsx, .xls, .ods or .csv"))
    verb.add_argument("--dry-run", action="store_true", help=_("read and tell, save nothing"))
    verb.add_argument("--json", action="store_true", help=_("one JSON object a person, then a summary"))
    verb.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the file, tell what it says, and save it unless asked not to."""
    progress = TellingProgress()
    reading = read(args.file, progress)
    progress.clear()
    _tell_lines(reading) if args.json else _tell(reading)
    if not args.dry_run:
        return save(args, progress)
    if not args.json:
        print(_("Nothing was saved: this was a reading only."))
    return 0


def read(file: Path, progress: Progress) -> Reading:
    """Everything the workbook says, as of today."""
    from app.resources import load_reference
    from app.sheets.reader import read_book
    from app.sheets.reading import understand

    return understand(read_book(file, progress), load_reference(), datetime.date.today(), progress)


def _tell_lines(reading: Reading) -> None:
    from app.cli.import_lines import line_of, summary_of

    tell_lines(map(line_of, reading.people))
    tell_lines([summary_of(reading)])


def _tell(reading: Reading) -> None:
    for sheet in reading.sums:
        told = _(
            "People {people}, headings {headings}, totals {totals}, questions {questions}, other {other}, "
            "blank {blank}; rows in all: {rows}"
        )
        counts = {name: getattr(sheet, name) for name in (*sheet.__dataclass_fields__, "rows")}
        print(f"{sheet.sheet}: {told.format(**counts)}" if sheet.sheet else told.format(**counts))
    for layout in reading.layouts:
        if layout.unknown:
            columns = ", ".join(f"{column.letter} {column.heading}".strip() for column in layout.unknown)
            print(f"{layout.sheet}: " + _("Nobody recognised: {columns}").format(columns=columns))
    kinds = (problem.kind for person in reading.people for problem in person.problems)
    _tell_counts(_("To look at:"), "problem", kinds)
    _tell_counts(
        _("Mended:"), "mended", (mended.kind for person in reading.people for mended in person.mended)
    )
    if reading.questions:
        print(_("Rows nobody could place:"))
    for question in reading.questions:
        why = _(f"sheets.question.{question.why}")
        place = _("{sheet}, row {row}: {why}").format(sheet=question.sheet, row=question.row, why=why)
        print(f"  {place}")


def _tell_counts(title: str, family: str, kinds: Iterable[str]) -> None:
    counts = Counter(kinds).most_common()
    if counts:
        print(title)
    for kind, count in counts:
        print(f"  {count:>6}  " + _(f"sheets.{family}.{kind}"))
