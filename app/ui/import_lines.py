"""The rows of an import under review: kinds at the side, rows of a kind in a table, answers below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.workbook import Fate, Line, Review
from app.domain.dates import show
from app.domain.identity import mask_personal_id
from app.domain.text import show_amount
from app.ui.parts.boxes import STRETCH, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.letters import drawn
from app.ui.tables.columns import Cell, Column, MarkCell
from app.ui.tables.table import Table
from app.ui.theme import Tone
from app.words import gettext as _

_FATES: dict[Fate, tuple[str, Tone]] = {
    Fate.NEW: ("plus", "ok"),
    Fate.KNOWN: ("tick", "neutral"),
    Fate.FILLS: ("pencil", "info"),
    Fate.ASKS: ("triangle", "warn"),
    Fate.SKIPPED: ("dash", "neutral"),
}


_MASKED = frozenset({"personal_id", "old_id", "phone", "account", "payee_id", "payee_phone"})


@dataclass(frozen=True)
class Shown:
    """What the table shows: a fate, a kind of problem or of mending, or everybody."""

    key: str
    words: str
    note: str = ""
    icon: str = "people"
    tone: Tone = "neutral"


def shown_kinds(found: Review) -> list[tuple[Shown, int]]:
    """Everything one may look through, what asks first; with counts."""
    kinds: list[tuple[Shown, int]] = []
    for fate in (Fate.ASKS, Fate.NEW, Fate.FILLS, Fate.KNOWN, Fate.SKIPPED):
        icon, tone = _FATES[fate]
        count = len(found.of(fate))
        if count:
            kinds.append((Shown(f"fate:{fate}", _(f"import.fate.{fate}"), "", icon, tone), count))
    problems = Counter(p.kind for line in found.lines for p in line.person.problems)
    mended = Counter(m.kind for line in found.lines for m in line.person.mended)
    for kind, count in problems.most_common():
        words = _(f"sheets.problem.{kind}")
        kinds.append((Shown(f"problem:{kind}", words, _("To look at"), "triangle", "warn"), count))
    for kind, count in mended.most_common():
        words = _(f"sheets.mended.{kind}")
        kinds.append((Shown(f"mended:{kind}", words, _("Mended by itself"), "pencil", "info"), count))
    return kinds


def lines_of(kind: Shown, found: Review) -> Sequence[Line]:
    """The rows a kind is about."""
    family, _colon, name = kind.key.partition(":")
    match family:
        case "fate":
            return found.of(Fate(name))
        case "problem":
            return [line for line in found.lines if any(p.kind == name for p in line.person.problems)]
        case "mended":
            return [line for line in found.lines if any(m.kind == name for m in line.person.mended)]
    return found.lines


class LineTable(QFrame):
    """Rows of one kind, and the answers an officer may give to the row she stands at."""

    def __init__(
        self, answer: Callable[[Line, Fate, str], object], review: Callable[[], Review | None]
    ) -> None:
        super().__init__()
        self._answer, self._review = answer, review
        self._lines: dict[str, Line] = {}
        self.title = label("", "card")
        self.table = Table(_columns(), lambda ids: [self._lines.get(i) for i in ids])
        self.table.followed.connect(lambda _key: self._allow())
        self.new = Button(_("A new person"), icon="plus", on=lambda: self._give(Fate.NEW))
        self.same = Button(_("The same person"), icon="tick", on=lambda: self._give(Fate.KNOWN))
        self.skip = Button(_("Leave out"), "quiet", on=lambda: self._give(Fate.SKIPPED))
        self.why = label("", "second", wrap=True)
        foot = row(self.why, STRETCH, self.skip, self.same, self.new, gap=8, margins=(12, 8), role="footer")
        layout = QVBoxLayout(self)
        fill(layout, row(self.title, STRETCH, margins=(16, 10), role="bar"), self.table, foot)
        layout.setStretch(1, 1)

    def show_kind(self, kind: Shown, found: Review) -> None:
        """Show the rows of a kind."""
        lines = lines_of(kind, found)
        self._lines = {"!".join(line.key): line for line in lines}
        words = kind.words or _("Everybody")
        self.title.setText(f"{words} · {show_amount(len(lines))}")
        self.table.set_ids(list(self._lines))
        if self.table.current_id is None:
            self.table.go_to_first()
        self._allow()

    def _current(self) -> Line | None:
        return self._lines.get(self.table.current_id or "")

    def _allow(self) -> None:
        line = self._current()
        asked = line is not None and line.fate in (Fate.ASKS, Fate.NEW, Fate.SKIPPED)
        for button in (self.new, self.skip):
            button.setEnabled(asked)
        self.same.setEnabled(line is not None and asked)
        self.why.setText(_reason(line) if line is not None else "")

    def _give(self, fate: Fate) -> None:
        line = self._current()
        if line is not None:
            self._answer(line, fate, line.near[0] if fate is Fate.KNOWN and line.near else line.record)


def _reason(line: Line) -> str:
    if line.fate is Fate.ASKS:
        return _("Could be somebody who is already here, or further up in the workbook.")
    if line.differs:
        fields = ", ".join(_(f"field.person.{name}") for name in line.differs)
        return _("The register says otherwise and stays as it is: {fields}.").format(fields=fields)
    plain = [mended for mended in line.person.mended if mended.field not in _MASKED]
    typed = [f"{mended.cell} {drawn(mended.typed)} → {mended.value}" for mended in plain]
    return "; ".join(typed[:3])


def _columns() -> tuple[Column, ...]:
    return (
        _column("place", _("Sheet · row"), 130, lambda line: f"{line.person.sheet} · {line.person.row}"),
        Column("name", _("Full name"), 160, _name, "name", grows=True, is_sortable=False),
        _column("birth", _("Born"), 100, lambda line: show(line.person.birth) if line.person.birth else ""),
        _column("number", _("Personal ID"), 130, _number),
        _column("fate", _("What happens"), 150, _fate),
        _column("problems", _("To look at"), 200, _problems, grows=True),
    )


def _column(
    name: str, words: str, width: int, show_line: Callable[[Line], Cell], *, grows: bool = False
) -> Column:
    return Column(
        name, words, width, lambda line: show_line(line) if line else "", grows=grows, is_sortable=False
    )


def _name(line: Line | None) -> Cell:
    return line.person.name if line else ""


def _number(line: Line) -> Cell:
    return mask_personal_id(line.person.personal_id or line.person.old_id or "")


def _fate(line: Line) -> Cell:
    icon, tone = _FATES[line.fate]
    return MarkCell(_(f"import.fate.{line.fate}"), icon, tone)


def _problems(line: Line) -> Cell:
    return ", ".join(dict.fromkeys(_(f"sheets.problem.{p.kind}") for p in line.person.problems))
