"""Read a workbook, lay it beside the register, take answers. Each answer keeps itself in the draft."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.cells import Cells
from app.actions.importing.facts import (
    Answer,
    Fate,
    File,
    Ground,
    How,
    Import,
    Point,
    Review,
    Row,
    Side,
)
from app.actions.importing.matching import alike, facts_of, key_of, repeated
from app.actions.importing.points import judged, settled_of
from app.actions.importing.settling import Typing
from app.actions.importing.values import headings_kept
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sheets.book import Book
from app.sheets.proposed import Proposed, Question, Reading
from app.sheets.reader import read_book
from app.sheets.reading import understand
from app.sheets.vocabulary import Meaning
from app.store import drafts, layouts, likeness, meant
from app.store.likeness import Likeness
from app.store.meant import Known

_UNUSED = {
    Meaning.UNKNOWN,
    Meaning.STANDARD,
    Meaning.ARREARS,
    Meaning.TOTAL,
    Meaning.MONTHS,
    Meaning.SIGNATURE,
    Meaning.AGE,
}
_PART = 1 << 20


def read(progress: Progress, desk: Desk, path: Path) -> Review:
    """Read a workbook and compare it with the register, with the answers that were given to it before.

    The refusals of `read_book`; nothing is written, not even the draft: that is `keep`.
    """
    book = read_book(path, progress)
    file = File(path.name, str(path.parent), _digest(path))
    return compared(progress, desk, replace(_kept(desk, file.digest) or Import(file), file=file), book)


def resume(progress: Progress, desk: Desk, digest: str) -> Review:
    """Go on with a draft, from what was kept of the workbook; Refusal("import.no_draft") when it is gone."""
    kept = _kept(desk, digest)
    with desk.vault.read() as connection:
        packed = drafts.kept(connection, keeping.book_subject(digest))
    if kept is None or packed is None:
        raise Refusal("import.no_draft")
    return compared(progress, desk, kept, keeping.unpack_book(packed))


def _kept(desk: Desk, digest: str) -> Import | None:
    with desk.vault.read() as connection:
        bodies = [drafts.kept(connection, subject) for subject in keeping.subjects(digest)]
    return next(filter(None, map(keeping.read, bodies)), None)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_PART):
                digest.update(part)
    except OSError as error:
        raise Trouble("file.unreadable", reason=error.strerror or "") from error
    return digest.hexdigest()


def again(progress: Progress, desk: Desk, review: Review) -> Review:
    """The same workbook and answers, by the columns and beside the register as they are now."""
    return compared(progress, desk, review.ground.kept, review.ground.cells.book)


def remember(_progress: Progress, desk: Desk, fingerprint: str, meanings: Sequence[str]) -> None:
    """Keep what the columns of a layout mean; `again` reads by it."""
    with desk.vault.write() as connection:
        layouts.remember(connection, fingerprint, tuple(meanings))


def compared(progress: Progress, desk: Desk, kept: Import, book: Book) -> Review:
    """Understand a book by the layouts remembered, and lay its people beside the register."""
    with desk.vault.read() as connection:
        corrections = {
            fingerprint: tuple(map(Meaning, meanings))
            for fingerprint, meanings in layouts.remembered(connection).items()
        }
    reading = understand(book, desk.reference, desk.clock.today(), progress, corrections)
    numbers, names = told(reading.people, kept)
    with desk.vault.read() as connection:
        found = likeness.likes(connection, [facts_of(person) for person in reading.people], progress)
        register = meant.meant(connection, numbers, names, {each.no for one in found for each in one})
    rows = _rows(reading, found, register, progress)
    ground = Ground(kept, Cells(book), reading, register, rows, headings_kept(reading.layouts))
    return judge(progress, desk, ground)


def told(people: Iterable[Proposed], kept: Import) -> tuple[set[str], set[str]]:
    """The numbers and names by which the register could know these people, typed answers included."""
    numbers: set[str] = set()
    names: set[str] = set()
    for person in people:
        numbers.update(number for number in (person.personal_id, person.old_id) if number)
        names.add(person.name)
    typed = (answer.value for row in kept.answers.values() for answer in row.values())
    numbers.update(value for value in typed if value.isascii() and value.isdecimal())
    return numbers, names


def _rows(
    reading: Reading, found: Sequence[Sequence[Likeness]], register: Known, progress: Progress
) -> tuple[Row, ...]:
    """Every row that holds a person or asks what it is, sheet by sheet from the top."""
    above = repeated(reading.people, progress)
    order = {sheet.sheet: at for at, sheet in enumerate(reading.sums)}
    rows = [
        Row(
            key_of(person),
            person.sheet,
            person.row,
            person,
            alike=alike(likes, register),
            repeats=above.get(key_of(person), ()),
        )
        for person, likes in zip(reading.people, found, strict=True)
    ]
    rows += [_asking(question, at) for at, question in enumerate(reading.questions)]
    return tuple(sorted(rows, key=lambda row: (order.get(row.sheet, 0), row.number)))


def _asking(question: Question, at: int) -> Row:
    return Row(f"{question.sheet}!{question.row}?{at}", question.sheet, question.row, None, question)


def typing_of(desk: Desk) -> Typing:
    """What an officer at this desk is read with."""
    return Typing(desk.reference, desk.clock.today())


def judge(progress: Progress, desk: Desk, ground: Ground) -> Review:
    """Say what becomes of every row, and what is to be seen of it."""
    typing = typing_of(desk)
    points: list[tuple[Point, ...]] = []
    fates: list[Fate] = []
    for done, row in enumerate(ground.rows):
        seen, fate = judged(ground, row, typing)
        points.append(seen)
        fates.append(fate)
        if done % 500 == 0:
            progress.step(done, len(ground.rows), "Comparing with the register")
    return Review(ground, tuple(_columns(ground)), tuple(points), tuple(fates))


def _columns(ground: Ground) -> Iterable[Point]:
    seen = set()
    for layout in ground.reading.layouts:
        for column in layout.columns:
            if column.meaning in _UNUSED and (layout.fingerprint, column.letter) not in seen:
                seen.add((layout.fingerprint, column.letter))
                kind = "unknown_column" if column.meaning is Meaning.UNKNOWN else "unused_column"
                place = f"{layout.sheet}!{column.letter}"
                yield Point("", place, Side.KNOW, kind, "column", column.letter, column.heading)


def answer(desk: Desk, review: Review, given: Sequence[tuple[Point, Answer | None]]) -> Review:
    """Take answers, or take them back (None); nothing is kept before `keep`.

    Refusal("import.value") for a value that says nothing, ("import.number_taken") for the number of another
    row; then the review stands as it was.
    """
    ground = review.ground
    answers = {key: dict(told) for key, told in ground.kept.answers.items()}
    touched: dict[str, None] = {}
    for point, told in given:
        _check(ground, point, told)
        for row, topic, worded in _effects(ground, point, told):
            touched[row] = None
            if worded is None:
                answers.get(row, {}).pop(topic, None)
            else:
                answers.setdefault(row, {})[topic] = worded
    kept = replace(ground.kept, answers={key: told for key, told in answers.items() if told})
    return _judged_anew(desk, review, replace(ground, kept=kept), touched)


def _effects(ground: Ground, point: Point, told: Answer | None) -> Iterable[tuple[str, str, Answer | None]]:
    """The answer itself; and what a row says of the person above it stands in her row."""
    if told is not None and told.how in (How.BLANK, How.TYPED) and not told.value:
        told = Answer(told.how, point.typed)
    yield point.row, point.topic, told
    if point.topic == "place":
        above = _above(ground, ground.row(point.row))
        if above is not None:
            is_hers = told is not None and told.how is How.ABOVE
            yield above.key, f"above:{point.row}", Answer(How.ABOVE, point.typed) if is_hers else None


def _above(ground: Ground, row: Row) -> Row | None:
    before = ground.rows[: ground.place[row.key]]
    return next((one for one in reversed(before) if one.person and one.sheet == row.sheet), None)


def _check(ground: Ground, point: Point, told: Answer | None) -> None:
    if told is None:
        return
    if told.how not in point.ways:
        raise Refusal("import.answer")
    if told.how is How.ABOVE and _above(ground, ground.row(point.row)) is None:
        raise Refusal("import.nobody_above")
    if told.how is How.SAME and told.value not in {one.record or one.row for one in point.candidates}:
        raise Refusal("import.answer")


def _judged_anew(desk: Desk, review: Review, ground: Ground, touched: Iterable[str]) -> Review:
    """Judge the rows that were answered, and those that are the same person as one of them."""
    typing = typing_of(desk)
    rows = list(dict.fromkeys(touched))
    for key in rows:
        ground = _with_number(desk, ground, ground.row(key), typing)
    leaning: dict[str, list[str]] = {}
    for key, told in ground.kept.answers.items():
        leaning.setdefault(told["who"].value if "who" in told else "", []).append(key)
    for key in rows:  # grows while it is walked: who leans on a row may be leant on
        rows += [other for other in leaning.get(key, ()) if other not in rows]
    points, fates = list(review.points), list(review.fates)
    for key in rows:
        at = ground.place[key]
        points[at], fates[at] = judged(ground, ground.rows[at], typing)
    return Review(ground, review.columns, tuple(points), tuple(fates))


def _with_number(desk: Desk, ground: Ground, row: Row, typing: Typing) -> Ground:
    """The register with whoever has the number typed for this row.

    It may not be another row's: that row could not be asked any more.
    """
    number = settled_of(ground, row, typing).person.personal_id if row.person else None
    if number is None or row.person is None or number == row.person.personal_id:
        return ground
    for other in ground.rows:
        if other.person is not None and other.key != row.key and other.person.personal_id == number:
            raise Refusal("import.number_taken", field="personal_id", row=other.number)
    with desk.vault.page() as connection:
        return replace(ground, register=meant.with_holder(connection, ground.register, number))


def suggested(review: Review, points: Iterable[Point]) -> list[tuple[Point, Answer]]:
    """The suggested answer to each point that has none yet and may be answered with others."""
    return [
        (point, Answer(point.ways[0]))
        for point in points
        if is_acceptable(point) and review.answer(point) is None
    ]


def is_acceptable(point: Point) -> bool:
    """Whether a point has a suggested answer that may be given with others; leaving a row out is none."""
    return point.is_bulk and point.ways[0] is not How.SKIP


def keep(_progress: Progress, desk: Desk, review: Review) -> None:
    """Keep the answers, and the workbook with them while it asks something or waits to be written.

    What says nothing new is not kept as unfinished: importing a file again leaves no trace.
    """
    kept = replace(review.ground.kept, open=review.count(Fate.ASKS))
    digest, is_settled = kept.file.digest, not review.count(Fate.ASKS, Fate.NEW, Fate.FILLS)
    with desk.vault.write() as connection:
        if is_settled and not kept.id:
            drafts.put(connection, keeping.nothing(digest))
            return
        drafts.put(connection, keeping.entries(kept, is_done=is_settled))
        if not is_settled and not drafts.is_kept(connection, keeping.book_subject(digest)):
            drafts.keep(connection, keeping.book_subject(digest), keeping.pack_book(review.ground.cells.book))


def give_up(_progress: Progress, desk: Desk, kept: Import) -> None:
    """Forget what was not written of a workbook; what was written stays, and can be taken back."""
    with desk.vault.write() as connection:
        is_written = bool(kept.id)
        left = keeping.entries(replace(kept, open=0), is_done=True)
        drafts.put(connection, left if is_written else keeping.nothing(kept.file.digest))
