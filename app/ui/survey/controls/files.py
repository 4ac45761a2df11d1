"""A file as an answer: chosen from the disk, kept encrypted, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.survey.views import NodeView
from app.ui.forms.text import TextBox
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, row
from app.ui.parts.buttons import Button
from app.ui.pictures import read_file
from app.ui.survey.asking import Asking
from app.ui.survey.controls.control import Control
from app.words import explain
from app.words import gettext as _

_KINDS = {
    "audio": "*.mp3 *.m4a *.aac *.ogg *.oga *.opus *.wav *.amr *.flac",
    "video": "*.mp4 *.m4v *.mov *.3gp *.webm *.mkv *.avi",
}


class FileControl(Control):
    """Any file, or a recording. `media`: `audio`, `video`, or empty for any."""

    def __init__(self, asking: Asking, media: str = "") -> None:
        super().__init__()
        self._asking, self._media = asking, media
        self._name = TextBox()
        self._name.set_plain(True)
        self._name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icon = IconLabel("file", 16, "ink2")
        self.pick = Button(_("Choose a file"), icon="folder", size="form", on=self.choose)
        self.away = Button(_("Take it away"), "quietbad", icon="trash", size="form", on=self.take_away)
        self._named = row(self._icon, self._name, gap=6, grows=1)
        self.put(self._named, row(self.pick, self.away, STRETCH, gap=8))

    def boxes(self) -> Sequence[QWidget]:
        return (self.pick,)

    def paint(self, node: NodeView) -> None:
        self._name.set_value(node.value)
        self._name.setToolTip(node.value)
        self._named.setVisible(bool(node.value))
        self.away.setVisible(bool(node.value))
        self.pick.setText(_("Replace it") if node.value else _("Choose a file"))
        self.pick.setAccessibleName(f"{self.pick.text()}: {node.label}")

    def choose(self) -> None:
        """Ask for a file."""
        kinds = _KINDS.get(self._media, "*")
        path, _kind = QFileDialog.getOpenFileName(self, _("A file for this question"), "", kinds)
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Read it, and keep it."""
        self.pick.busy(_("Reading…"))
        self._asking.jobs.run(
            self, _read, path, done=lambda content: self._keep(content, path.name), failed=self.failed
        )

    def take_away(self) -> None:
        """No answer any more."""
        self.refuse("")
        self.answered.emit("")
        self.pick.setFocus(Qt.FocusReason.OtherFocusReason)

    def failed(self, error: Exception) -> None:
        """It was not read; the answer is what it was."""
        self.pick.ready()
        if isinstance(error, Refusal | Trouble):
            told = explain(error)
            self.refuse(" ".join(part for part in (told.happened, told.todo) if part))

    def _keep(self, content: bytes, name: str) -> None:
        self.pick.ready()
        try:
            kept = self._asking.keep_file(content, name)
        except (Refusal, Trouble) as error:
            self.failed(error)
            return
        self.refuse("")
        self.answered.emit(kept)


def _read(_progress: Progress, path: Path) -> bytes:
    return read_file(path)
