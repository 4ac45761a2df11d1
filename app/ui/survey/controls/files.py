"""A file as an answer; a picture among them loses what a telephone writes into it, as every picture does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from app.domain.attachments import media_of
from app.domain.progress import Progress
from app.survey.views import NodeView
from app.ui.forms.text import TextBox
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, row
from app.ui.parts.buttons import Button
from app.ui.pictures import Source, prepare, read_file
from app.ui.survey.asking import Asking, Brought
from app.ui.survey.controls.upload import Upload
from app.words import gettext as _

_KINDS = {
    "audio": "*.mp3 *.m4a *.aac *.ogg *.oga *.opus *.wav *.amr *.flac",
    "video": "*.mp4 *.m4v *.mov *.3gp *.webm *.mkv *.avi",
}


class FileControl(Upload):
    """Any file, or a recording. `media`: `audio`, `video`, or empty for any."""

    def __init__(self, asking: Asking, media: str = "") -> None:
        pick = Button(_("Choose a file"), icon="folder", size="form")
        away = Button(_("Take it away"), "quietbad", icon="trash", size="form")
        super().__init__(asking, pick, away, _read)
        self.title, self.kinds = _("A file for this question"), _KINDS.get(media, "*")
        self._name = TextBox()
        self._name.set_plain(True)
        self._name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._named = row(IconLabel("file", 16, "ink2"), self._name, gap=6, grows=1)
        self.put(self._named, row(pick, away, STRETCH, gap=8))

    def paint(self, node: NodeView) -> None:
        super().paint(node)
        self._name.set_value(node.value)
        self._name.setToolTip(node.value)
        self._named.setVisible(bool(node.value))


def _read(progress: Progress, source: Source) -> Brought:
    if isinstance(source, Path):
        content = read_file(source)
        if media_of(content) not in ("jpeg", "png"):
            return Brought(content, source.name)
    made = prepare(progress, source)
    return Brought(made.content, f"photo.{made.media}")
