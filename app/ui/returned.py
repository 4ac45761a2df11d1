"""Lines of what came back: whose, which field, the value, why it does not stand, what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.records import Type, field_of
from app.domain.reference import Reference
from app.store.disputes import Dispute
from app.store.pointed import Pointed
from app.store.returned import Returned
from app.ui.moments import show_moment
from app.ui.person.file import Names
from app.ui.pointing import pointed_words
from app.ui.tables.columns import Column, MarkCell
from app.ui.theme import look
from app.ui.values import show_value
from app.words import gettext as _


@dataclass(frozen=True)
class ReturnedLine:
    """One line, ready to be shown; `whole` and `next_step` are for the foot of the list."""

    person: str
    name: str
    field: str
    value: str
    mark: MarkCell
    by: str
    whole: str
    next_step: str


def line_of_lost(lost: Dispute, names: Names, reference: Reference) -> ReturnedLine:
    """An ordinary value that gave way to another."""
    value, stands = (show_value(lost.kind, lost.field, each, reference) for each in (lost.came, lost.stands))
    name = lost.name or _("a household")
    field = _field(lost.kind, lost.field)
    by = names.by(lost.stands_by) if lost.stands_by else _("nobody")
    at = show_moment(lost.stands_by.at) if lost.stands_by else ""
    whole = _("{name} · {field}: {value} gave way to {stands}, written by {who}, {moment}.").format(
        name=name, field=field, value=value, stands=stands, who=by, moment=at
    )
    return ReturnedLine(
        lost.person,
        name,
        field,
        value,
        MarkCell(stands, "replaced"),
        _by(names, lost.came_by.author, lost.came_by.device),
        whole,
        _("The later of two ordinary values stands. If yours is right, write it again."),
    )


def line_of_returned(
    came_back: Returned, names: Names, pointed: Pointed, reference: Reference, officer: str
) -> ReturnedLine:
    """A set that was refused, or not taken, as this officer is told."""
    edits = [edit for atom in came_back.atoms for edit in atom.edits if _is_told(edit.kind, edit.field)]
    edits.sort(key=lambda edit: edit.kind != "person")  # what it would do to her before what it is made of
    told = [
        (_field(edit.kind, edit.field), pointed_words(pointed, edit.kind, edit.field, edit.new, reference))
        for edit in edits
    ]
    field, value = told[0] if told else (_("links between records"), "")
    if len(told) > 1:
        field = _("{field} and {count} more").format(field=field, count=len(told) - 1)
    why = _(f"verdict.why.{came_back.why}") if came_back.taken else _(f"not_taken.{came_back.why}")
    name = ", ".join(came_back.people[:3]) or _("a household")
    mark = MarkCell(why, "cross", "bad") if came_back.taken else MarkCell(why, "clock", "warn")
    wrote = f"{field}: {value}" if value else field
    whole = f"{name} · {wrote} · {why}"
    by = _by(names, came_back.by.author, came_back.by.device)
    return ReturnedLine(came_back.person, name, field, value, mark, by, whole, _next(came_back, officer))


def returned_columns() -> tuple[Column, ...]:
    """What the list shows; large text leaves out who wrote, nearly always the officer herself."""
    shown = (
        Column("name", _("Concerns"), 150, lambda line: line.name, "strong", is_sortable=False),
        Column("field", _("Field"), 190, lambda line: line.field, grows=True, is_sortable=False),
        Column("value", _("Was written"), 210, lambda line: line.value, is_sortable=False),
        Column("mark", _("Stands, or why not"), 220, lambda line: line.mark, grows=True, is_sortable=False),
        Column("by", _("Who wrote"), 190, lambda line: line.by, is_sortable=False),
    )
    return shown if look().factor < 1.5 else shown[:-1]


def _next(came_back: Returned, officer: str) -> str:
    if came_back.may_adopt(officer):
        return _("If it is right, adopt it: it is written again in your name, on what stands now.")
    if came_back.taken:
        known = f"returned.next.{came_back.why}"
        words = _(known)
        return (
            words
            if words != known
            else _("Open the file and write it anew; call the province if it repeats.")
        )
    return _("It is kept here and sent again by itself. If it stays, call the province.")


def _by(names: Names, author: str, device: str) -> str:
    return f"{names.officer(author)} · {names.machine(device)}"


def _field(kind: str, field: str) -> str:
    words = _(f"field.{kind}.{field.partition('/')[0]}")
    return words if kind == "person" else f"{_(f'kind.{kind}')} · {words}"


def _is_told(kind: str, field: str) -> bool:
    """Links that only tie records together, sealed contents and digests say nothing to an officer."""
    declared = field_of(kind, field)
    if declared is None or declared.type in (Type.SEALED, Type.DIGEST):
        return False
    return field != "person"
