"""What stands on a page or in a row: questions in columns, groups as cards, repeats as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from PySide6.QtWidgets import QVBoxLayout

from app.survey.layout import Part
from app.survey.views import Delta
from app.ui.parts.boxes import fill, label
from app.ui.survey.grid import Grid
from app.ui.survey.laid import Laid
from app.ui.survey.live import Live
from app.ui.survey.question import Question
from app.ui.survey.rows import Repeat
from app.ui.survey.slowly import appear, hold, release
from app.ui.theme import give


class _Several(Laid):
    """Parts of which each knows itself."""

    def __init__(self, parts: Sequence[Laid] = ()) -> None:
        super().__init__()
        self._parts = tuple(parts)

    def refresh(self, delta: Delta | None) -> bool:
        there = [part.refresh(delta) for part in self._parts]
        appear(self, any(there))
        return any(there)

    def questions(self) -> Iterator[Question]:
        for part in self._parts:
            yield from part.questions()

    def reveal(self, ref: str) -> Question | None:
        return next((found for part in self._parts if (found := part.reveal(ref)) is not None), None)


class Questions(_Several):
    """Questions that follow each other, in columns; on the canvas they stand on a card."""

    def __init__(self, questions: Sequence[Question], *, is_card: bool) -> None:
        super().__init__(questions)
        grid = Grid()
        for question in questions:
            grid.addWidget(question)
            question.widened.connect(lambda wide, which=question: grid.set_wide(which, wide=wide))
        layout = QVBoxLayout(self)
        fill(layout, grid, margins=16 if is_card else 0)
        if is_card:
            give(self, role="card")

    def refresh(self, delta: Delta | None) -> bool:
        hold(self)
        is_there = super().refresh(delta)
        release(self)
        return is_there


class Group(_Several):
    """A group within a page: its heading and all it holds, in a card or within one."""

    def __init__(self, live: Live, part: Part, board: Laid, ref: str) -> None:
        super().__init__([board])
        self._live, self._part, self._ref = live, part, ref
        self._heading = label("", "card", wrap=True)
        give(self, role="card")
        fill(QVBoxLayout(self), self._heading, board, gap=12, margins=16)

    def refresh(self, delta: Delta | None) -> bool:
        is_there = super().refresh(delta)
        if is_there:
            words = self._live.session.said(self._part.label, self._ref).strip()
            self._heading.setText(words)
            appear(self._heading, bool(words))
        return is_there


class Board(_Several):
    """Parts below each other. `depth`: in how many cards; `is_headed`: a repeat says its own name."""

    def __init__(
        self,
        live: Live,
        parts: Sequence[Part],
        row: str = "",
        row_path: str = "",
        *,
        depth: int = 0,
        is_headed: bool = True,
    ) -> None:
        self.repeats = list[Repeat]()
        made = list(_laid(live, parts, (row, row_path), depth, is_headed, self.repeats.append))
        super().__init__(made)
        fill(QVBoxLayout(self), *made, gap=12)


def _laid(
    live: Live,
    parts: Iterable[Part],
    within: tuple[str, str],
    depth: int,
    is_headed: bool,
    found: Callable[[Repeat], None],
) -> Iterator[Laid]:
    for kind, run in groupby(parts, lambda part: part.kind):
        together = list(run)
        if kind == "question":
            yield Questions([Question(live, _ref(part, within)) for part in together], is_card=depth == 0)
            continue
        for part in together:
            ref = _ref(part, within)
            if kind == "group":
                yield Group(live, part, Board(live, part.parts, *within, depth=depth + 1), ref)
            else:
                repeat = Repeat(
                    live,
                    part,
                    ref,
                    lambda inner, row, path: Board(live, inner, row, path, depth=depth + 1),
                    is_headed=is_headed,
                )
                found(repeat)
                yield repeat


def _ref(part: Part, within: tuple[str, str]) -> str:
    return part.ref(*within) if within[0] else part.path
