"""Kinds, answers and explanations of an import in the officer's words; numbers masked, letters marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from app.actions.desk import Desk
from app.actions.importing.facts import Answer, Candidate, Ground, How, Point, Review, Side
from app.domain.dates import PartialDate, show
from app.domain.identity import birth_year_of, sex_of
from app.sheets.proposed import Proposed
from app.sync.policy import held_policy
from app.ui.person.file import known_names
from app.ui.tables.columns import DifferenceCell, Span
from app.words import gettext as _

_DIGIT = re.compile("[0-9]")
_LONG_NUMBER = re.compile("[0-9](?:[ .-]?[0-9]){8,}")
_SHOWN_END, _HIDDEN, _SHEET_SHOWN = 4, 5, 12
_FONT_KINDS = {"tcvn3", "vni", "decomposed"}
_CASE_KINDS = {"capitals", "spaces", "title"}
_SIDES = {Side.ANSWER: "answer", Side.MENDED: "mended", Side.KNOW: "know"}


def side_words(side: Side) -> str:
    """The heading of a part of the list."""
    return _(f"import.side.{side.value}")


def kind_words(kind: str) -> str:
    """A kind of point, wherever its words are kept."""
    for family in ("import.kind", "sheets.problem", "sheets.mended"):
        words = _(f"{family}.{kind}")
        if words != f"{family}.{kind}":
            return words
    if kind.startswith("row_"):
        return _(f"sheets.question.{kind.removeprefix('row_')}")
    return kind


def masked(text: str) -> str:
    """`14048032213` as `14•••••2213`: five digits before the last four are dots; fewer digits, more dots.

    As long as the text, so that letters marked in one stand in the other.
    """
    places = [found.start() for found in _DIGIT.finditer(text)]
    shown = _SHOWN_END if len(places) > _SHOWN_END + 2 else 0
    end = len(places) - shown
    hidden = places[max(0, end - _HIDDEN) : end]
    letters = list(text)
    for place in hidden:
        letters[place] = "•"
    return "".join(letters)


def masked_anywhere(text: str) -> str:
    """Long numbers in any text, as `masked`."""
    return _LONG_NUMBER.sub(lambda found: masked(found[0]), text)


def shown_cells(point: Point) -> tuple[DifferenceCell, DifferenceCell]:
    """What the workbook says and what will be written, with the letters marked that differ."""
    typed, value = point.typed.strip("\n"), point.value
    veil = masked if point.masked else str
    if point.side is not Side.MENDED and point.kind not in ("register_says", "decomposed"):
        return DifferenceCell(veil(typed)), DifferenceCell(veil(value), is_strong=True)
    left, right = _marks(point.kind, typed, value)
    if point.kind == "register_says":
        left, right = (tuple(_toned(span, "warn") for span in spans) for spans in (left, right))
    return DifferenceCell(veil(typed), left), DifferenceCell(veil(value), right, is_strong=True)


def _toned(span: Span, tone: str) -> Span:
    return Span(span.start, span.length, "warn" if tone == "warn" else "bad")


def _marks(kind: str, typed: str, value: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Letters of the one that the other has not: red what goes, blue what comes."""
    folds = str.casefold if kind in _CASE_KINDS else str
    left: list[Span] = []
    right: list[Span] = []
    one, other = folds(typed), folds(value)
    if len(one) != len(typed) or len(other) != len(value) or not typed:
        return (), ()
    for what, start, end, at, to in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        if end > start and kind not in _FONT_KINDS:
            left.append(Span(start, end - start, "bad"))
        if to > at:
            right.append(Span(at, to - at, "info"))
    return tuple(left), tuple(right)


def why(review: Review, point: Point) -> str:
    """Why a cell is shown: what speaks for the mending, what is against the value."""
    row = review.ground.row(point.row) if point.row else None
    person = row.person if row is not None else None
    answer = review.answer(point)
    if answer is not None and answer.how is not How.ACCEPT:
        return answered_words(point, answer)
    if person is None:
        return ""
    match point.kind:
        case "lost_zero" if point.field == "personal_id" and person.personal_id:
            return _agreement(person)
        case "sex_disagrees" if person.personal_id:
            sex = _(f"choice.person.sex.{sex_of(person.personal_id)}")
            return _("The number says: {value}").format(value=sex.lower())
        case "birth_disagrees" if person.personal_id:
            return _("The number says: {value}").format(value=birth_year_of(person.personal_id))
        case "remark_in_name":
            return _("Behind the name: {remark}").format(remark=person.remark or "")
        case "note_says_dead":
            return person.details.note or ""
        case "repeated" | "could_be_known" | "number_taken":
            return reasons_words(point.candidates[0]) if point.candidates else ""
        case "register_says" | "fills":
            return (
                _(f"field.person.{point.field}") if point.field not in _RIGHT else _right_words(point.field)
            )
    words = _(f"import.why.{point.kind}")
    return words if words != f"import.why.{point.kind}" else kind_words(point.kind)


_RIGHT = {"group", "coefficient", "amount", "since", "until", "decision", "decided", "account"}


def _right_words(field: str) -> str:
    return _(f"sheets.meaning.{field}")


def _agreement(person: Proposed) -> str:
    """`Prefix 014, female, born 1948: fits`: what the mended number agrees with."""
    number = person.personal_id or ""
    problems = {problem.kind for problem in person.problems}
    parts = [_("prefix {digits}").format(digits=number[:3])]
    if person.sex and "sex_disagrees" not in problems:
        parts.append(_(f"choice.person.sex.{person.sex}").lower())
    if person.birth and "birth_disagrees" not in problems:
        parts.append(_("born {year}").format(year=person.birth.year))
    said = ", ".join(parts)
    return _("{facts}: fits").format(facts=said[:1].upper() + said[1:])


def reasons_words(candidate: Candidate) -> str:
    """What speaks for one person, and what does not."""
    return ", ".join(_(f"likeness.{reason}") for reason in candidate.reasons)


def candidate_words(ground: Ground, candidate: Candidate) -> str:
    """Somebody a row could be: where she stands, name, birth, hamlet, the end of her number."""
    if candidate.row:
        row = ground.row(candidate.row)
        person = row.person
        if person is None:
            return ""
        place = _("{sheet}, row {row}").format(sheet=row.sheet, row=row.number)
        facts = [person.name, show(person.birth) if person.birth else "", person.hamlet or ""]
        number = person.personal_id or person.old_id or ""
    else:
        held = ground.register.by_id[candidate.record]
        place = _("In the register")
        born = held.values.get("birth")
        facts = [held.name, show(PartialDate.parse(str(born))) if born else ""]
        facts.append(str(held.values.get("hamlet") or ""))
        number = str(held.values.get("personal_id") or held.values.get("old_id") or "")
    return f"{place}: " + " · ".join(filter(None, [*facts, masked(number)]))


def candidate_brief(ground: Ground, candidate: Candidate) -> str:
    """The same in a cell of the table."""
    if candidate.row:
        row = ground.row(candidate.row)
        return _("as row {row}").format(row=row.number)
    held = ground.register.by_id[candidate.record]
    born = held.values.get("birth")
    said = f" · {PartialDate.parse(str(born)).year}" if born else ""
    return f"{held.name}{said}"


def way_words(point: Point, how: How) -> str:
    """An answer as its button says it."""
    for key in (f"import.way.{point.kind}.{how.value}", f"import.way.{how.value}"):
        words = _(key)
        if words != key:
            return words.format(value=masked(point.value) if point.masked else point.value)
    return how.value


def answered_words(point: Point, answer: Answer) -> str:
    """What was answered, in a few words."""
    if answer.how is How.SKIP:
        return _("Left out: {reason}").format(reason=answer.value) if answer.value else _("Left out")
    return way_words(point, answer.how).rstrip("…")


def place_words(point: Point) -> str:
    """Sheet and cell: `Nà Lụa · E17`; of a long sheet's name the beginning, for the cell must be read."""
    sheet = point.row.partition("!")[0] if point.row else point.topic.partition("!")[0]
    if len(sheet) > _SHEET_SHOWN:
        sheet = sheet[: _SHEET_SHOWN - 1].rstrip() + "…"
    return f"{sheet} · {point.cell}" if sheet else point.cell


def officer_names(desk: Desk) -> Callable[[str], str]:
    """Names of those who wrote, by the policy held here."""
    with desk.vault.page() as connection:
        return known_names(desk, held_policy(connection)).officer
