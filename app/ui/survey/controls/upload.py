"""What a photo and a file have in common: brought from the disk, replaced, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.survey.views import NodeView
from app.ui.parts.buttons import Button
from app.ui.pictures import Source
from app.ui.survey.asking import Asking, Read
from app.ui.survey.controls.control import Control
from app.words import gettext as _


class Upload(Control):
    """`read` makes of a file what is kept, in a job; `title`, `kinds`: of the dialog that asks for one.

    To keep it and to answer is the filling's: the page may be another one by then.
    """

    def __init__(self, asking: Asking, pick: Button, away: Button, read: Read) -> None:
        super().__init__()
        self._asking, self._read = asking, read
        self.pick, self.away = pick, away
        self.title = self._words = pick.text()
        self.kinds = "*"
        pick.clicked.connect(self.choose)
        away.clicked.connect(self.take_away)

    def boxes(self) -> Sequence[QWidget]:
        return (self.pick,)

    def paint(self, node: NodeView) -> None:
        self.away.setVisible(bool(node.value))
        self.pick.setText(_("Replace it") if node.value else self._words)
        self.pick.setAccessibleName(f"{self.pick.text()}: {node.label}")
        if self._asking.is_bringing(node.ref):
            self.pick.busy(_("Reading…"))
        else:
            self.pick.ready()

    def choose(self) -> None:
        """Ask for a file."""
        path, _kind = QFileDialog.getOpenFileName(self, self.title, "", self.kinds)
        if path:
            self.take(Path(path))

    def take(self, source: Source) -> None:
        """Bring it."""
        if self.node is not None:
            self._asking.bring(self.node.ref, self._read, source)

    def take_away(self) -> None:
        """No answer any more."""
        self.answered.emit("")
        self.pick.setFocus(Qt.FocusReason.OtherFocusReason)
