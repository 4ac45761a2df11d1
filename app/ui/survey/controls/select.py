"""One of several choices, or several of them; which face shows them follows from how many they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from app.survey.choices import Choice
from app.survey.views import NodeView
from app.ui.parts.boxes import fill, label
from app.ui.parts.buttons import Button
from app.ui.survey.asking import Asking
from app.ui.survey.controls.control import Control
from app.ui.survey.controls.faces import Columns, Face, Row, Segments
from app.ui.survey.controls.search import LAZY_FROM, Checklist, Search
from app.ui.theme import give, look
from app.words import gettext as _

JOINED_MOST, RADIOS_MOST, TICKS_MOST, MARKS_MOST, COLUMNS_MOST = 4, 7, 12, 40, 5
_SEARCHED = {"minimal", "autocomplete", "search", "search()"}
_ROWS = {"likert", "label", "list-nolabel", "list"}
_SIDE_BY_SIDE = {"horizontal", "horizontal-compact"}
_SIDEWAYS = {"columns", "columns-pack", "compact", "quickcompact"} | _SIDE_BY_SIDE
_JOINED_PX = 340


class Select(Control):
    """Both kinds: asks what may be chosen, and changes its face when that asks for another."""

    def __init__(self, asking: Asking, face_for: Callable[[Sequence[Choice], frozenset[str]], Face | None]):
        super().__init__()
        self._asking, self._face_for = asking, face_for
        self._offered: tuple[Choice, ...] | None = None
        self.face: Face | None = None
        self._is_search = False
        self._nothing: QLabel | None = None
        self._row = QHBoxLayout()
        fill(self._row)
        self.put(self._row)

    def boxes(self) -> Sequence[QWidget]:
        return (self.face,) if self.face is not None else ()

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What may be chosen, as it was last asked."""
        return self._offered or ()

    def paint(self, node: NodeView) -> None:
        if self._must_ask(node):
            self._offer(self._ask())
        if self.face is not None and not self.is_typing:
            self.face.choose(
                node.value.split() if node.kind == "select" else [node.value][: bool(node.value)]
            )
            description = node.message if node.violation else node.hint
            self.face.describe(node.label, description)

    def said(self, node: NodeView) -> str:
        words = {choice.value: choice.label or choice.value for choice in self.offered}
        values = node.value.split() if node.kind != "select1" else [node.value]
        return ", ".join(words.get(value, value) for value in values)

    def _ask(self) -> tuple[Choice, ...]:
        assert self.node is not None
        return tuple(
            choice if choice.label else Choice(choice.value, choice.value)
            for choice in self._asking.choices(self.node.ref)
        )

    def _must_ask(self, node: NodeView) -> bool:
        is_long = self._offered is not None and len(self._offered) >= LAZY_FROM
        if not is_long or not isinstance(self.face, Search):
            return True
        return bool(node.value) and all(choice.value != node.value for choice in self.offered)

    def _refreshed(self) -> tuple[Choice, ...]:
        """For whoever opens the list."""
        self._offered = self._ask()
        return self._offered

    def _offer(self, offered: tuple[Choice, ...]) -> None:
        if offered == self._offered:
            return
        self._offered = offered
        assert self.node is not None
        appearance = frozenset(self.node.control.appearance if self.node.control else ())
        if isinstance(self.face, Search) and self.face.box.hasFocus():
            self.face.offer(offered)
            return
        self._wear(self._face_for(offered, appearance) if offered else None)

    def _wear(self, face: Face | None) -> None:
        """Another face; the keyboard stays where it was."""
        inside = QApplication.focusWidget()
        has_focus = self.face is not None and inside is not None and self.face.isAncestorOf(inside)
        if self.face is not None:
            self.face.hide()
            self.face.setParent(None)
            self.face.deleteLater()
        self.face = face
        if self._nothing is not None:
            self._nothing.setVisible(face is None)
        if face is None:
            if self._nothing is None:
                self._nothing = label(_("There is nothing to choose from yet."), "third", wrap=True)
                self._row.addWidget(self._nothing, 1)
            return
        self._row.insertWidget(0, face, 1)
        if self.isVisible():
            face.show()  # a layout does so only later, and the keyboard may come before
        self.keep_in_turn(face)
        give(face, error=self.property("error") == "true")
        face.changed.connect(self._chosen)
        if isinstance(face, Search):
            face.left.connect(self.commit)
            face.fresh = self._refreshed
        if has_focus:
            face.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self) -> None:
        assert self.face is not None
        self.refuse("")
        self.answered.emit(" ".join(self.face.values()))


class SelectOne(Select):
    """At most one."""

    def __init__(self, asking: Asking) -> None:
        super().__init__(asking, one_face)
        self.back: Button | None = None  # made when first needed

    def paint(self, node: NodeView) -> None:
        super().paint(node)
        can_be_empty = not node.is_required and isinstance(self.face, Segments | Columns)
        if self.back is None and can_be_empty:
            self.back = Button.only_icon("cross", _("Take the answer back"), bare=True, on=self._take_back)
            self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does it from the keyboard
            self._row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        if self.back is not None:
            policy = self.back.sizePolicy()
            policy.setRetainSizeWhenHidden(can_be_empty)
            self.back.setSizePolicy(policy)
            self.back.setVisible(can_be_empty and bool(node.value))

    @property
    def is_typing(self) -> bool:
        face = self.face
        if not isinstance(face, Search) or not face.is_edited:
            return False
        return bool(face.typed or (self.node and self.node.value) or self.refusal)

    def commit(self) -> None:
        """What was typed in full counts as chosen; what was emptied is no answer any more."""
        face = self.face
        if not isinstance(face, Search) or not self.is_typing:
            return
        if not face.typed or face.take_typed():
            self._chosen()
        else:
            self.refuse(_("Choose one from the list."))

    def _take_back(self) -> None:
        if self.face is not None:
            self.face.choose([])
            self._chosen()


class SelectMany(Select):
    """Any number of them."""

    def __init__(self, asking: Asking) -> None:
        super().__init__(asking, many_face)


def one_face(offered: Sequence[Choice], appearance: frozenset[str]) -> Face:
    """For at most one of these."""
    if appearance & _ROWS and len(offered) <= MARKS_MOST:
        return _row(offered, appearance, is_one=True)
    columns = _columns(offered, appearance)
    if columns and not appearance & (_SEARCHED | _SIDE_BY_SIDE):
        return Columns(offered, is_one=True, columns=columns)
    if appearance & _SEARCHED or (len(offered) > RADIOS_MOST and not columns):
        return Search(offered)
    return Segments(offered) if _are_short(offered) else Columns(offered, is_one=True, columns=columns or 1)


def many_face(offered: Sequence[Choice], appearance: frozenset[str]) -> Face:
    """For any number of these."""
    if appearance & _ROWS and len(offered) <= MARKS_MOST:
        return _row(offered, appearance, is_one=False)
    columns = _columns(offered, appearance)
    if not columns and len(offered) > TICKS_MOST:
        return Checklist(offered)
    return Columns(offered, is_one=False, columns=columns or (2 if len(offered) > RADIOS_MOST else 1))


def _row(offered: Sequence[Choice], appearance: frozenset[str], *, is_one: bool) -> Row:
    return Row(
        offered,
        is_one=is_one,
        has_words="list-nolabel" not in appearance,
        has_marks="label" not in appearance,
    )


def _columns(offered: Sequence[Choice], appearance: frozenset[str]) -> int:
    """How many the form asks for; 0 where it does not, or offers more than anybody looks through."""
    if len(offered) > MARKS_MOST:
        return 0
    for word in appearance:
        name, _dash, count = word.partition("-")
        if name == "columns" and count.isdecimal():
            return max(1, int(count))
    if not appearance & _SIDEWAYS:
        return 0
    return min(len(offered), COLUMNS_MOST)


def _are_short(offered: Sequence[Choice]) -> bool:
    metrics = QFontMetrics(look().font("input"))
    widest = max(metrics.horizontalAdvance(choice.label) for choice in offered) + look().px(46)
    return len(offered) <= JOINED_MOST and widest * len(offered) <= look().px(_JOINED_PX)
