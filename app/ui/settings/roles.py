"""What each role may see and do, in an officer's words, out of the rules that count; and who holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QFrame

from app.actions import officers
from app.actions.desk import Desk, now_ms, rights_now
from app.actions.officers import Colleague, Office
from app.domain.appointments import APPOINTMENT
from app.domain.roles import ASSIGNED, NOBODY, OFFICERS, Right
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row_layout
from app.ui.parts.holder import Holder
from app.ui.window import Window
from app.words import gettext as _

Line = tuple[str, str]  # icon, words


class RolesPage(QFrame):
    """A card a role; nothing here is changed: the rules are the centre's, roles change with the officers."""

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self.cards = Holder()
        since = desk.reference.rights.since(now_ms(desk) << 16)
        told = _("These rules count since {day}. The centre asks them again of everything that it is sent.")
        head = label(told.format(day=since.strftime("%d/%m/%Y")), "second", wrap=True)
        self.setLayout(column_layout(head, self.cards, STRETCH, gap=12))

    def refresh(self) -> None:
        """Read again who holds what."""
        self._window.jobs.run(self, officers.look_up, self._desk, title="roles", done=self._show)

    def _show(self, office: Office) -> None:
        rights = rights_now(self._desk)
        known = [role for role in OFFICERS if role in rights]
        self.cards.put(column(*(_card(role, rights[role], office.officers) for role in known), gap=12))


def _card(role: str, right: Right, everybody: Sequence[Colleague]) -> QFrame:
    holders = [_holder(one) for one in everybody if role in one.roles]
    who = ", ".join(holders) or _("Nobody in this commune holds it.")
    lines = [_told(*line) for line in lines_of(right)]
    head = row_layout(label(_(f"role.{role}"), "card"), STRETCH)
    return card(head, label(who, "strong" if holders else "third", wrap=True), 2, *lines, gap=6)


def _told(icon: str, words: str) -> QFrame:
    drawn = column_layout(3, IconLabel(icon, 14, "ink3"), STRETCH)
    line = row_layout(drawn, label(words, wrap=True), gap=8)
    line.setStretch(1, 1)
    frame = QFrame()
    frame.setLayout(line)
    return frame


def _holder(one: Colleague) -> str:
    return f"{one.name} ({', '.join(one.hamlets)})" if one.hamlets else one.name


def lines_of(right: Right) -> list[Line]:
    """What a role may, line by line: whom it sees, what it writes, what it puts in force, what it keeps."""
    lines: list[Line] = [("people", _sees(right))]
    if right.hides:
        hidden = _("Does not see: {fields}.").format(fields=_fields(right.hides))
        lines.append(("shield", hidden))
    lines.append(("pencil", _writes(right)))
    if right.approves:
        words = _("Puts in force what somebody else proposed: {subjects}.")
        lines.append(("tick", words.format(subjects=_subjects(right.approves))))
    elif right.refuses:
        words = _("Turns down what somebody else proposed: {subjects}.")
        lines.append(("cross", words.format(subjects=_subjects(right.refuses))))
    if "officers" in right.keeps:
        lines.append(
            ("key", _("Sees to this laptop's officers: who comes, who leaves, which role is asked for."))
        )
    return lines


def _sees(right: Right) -> str:
    if right.sees == ASSIGNED:
        return _("Sees the people of the hamlets given to her, and nobody else.")
    if right.sees == NOBODY:
        return _("Sees no beneficiary.")
    return _("Sees everybody in the register.")


def _writes(right: Right) -> str:
    patterns = [pattern for pattern in right.writes if not pattern.startswith(f"{APPOINTMENT}.")]
    if "*" in patterns:
        return _("Writes everything in the register.")
    if not patterns:
        return _("Writes nothing about beneficiaries.")
    words = _("Writes, in her hamlets: {fields}.") if right.assigned else _("Writes: {fields}.")
    return words.format(fields=_fields(patterns))


def _fields(patterns: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(map(_field, patterns)))


def _field(pattern: str) -> str:
    kind, _dot, name = pattern.partition(".")
    words = _(f"kind.{kind}") if name == "*" else _(f"field.{kind}.{name}")
    return words[:1].lower() + words[1:]


def _subjects(subjects: Iterable[str]) -> str:
    words = (_(f"choice.proposal.subject.{subject}") for subject in subjects)
    return ", ".join(word[:1].lower() + word[1:] for word in words)
