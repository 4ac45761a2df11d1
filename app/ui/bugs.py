"""A bug: said calmly, once per distinct trace, with details the officer may save to a file.

Details hold file names, line numbers and function names, the kind of error and its code.
Never the values of variables, nor an exception's own text, for either may hold a person.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import Coded
from app.ui.parts.boxes import STRETCH, column_layout, fill, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import explain
from app.words import gettext as _

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


def details(error: BaseException) -> str:
    """Where it happened, without data: safe to hand to a technician."""
    # Only a bug needs these two, and the unlock screen should not wait for them.
    import platform
    import traceback

    lines = [f"Python {platform.python_version()}, {platform.system()} {platform.release()}"]
    link: BaseException | None = error
    while link is not None:
        lines.append(str(link) if isinstance(link, Coded) else type(link).__qualname__)
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines)


class Bugs(QObject):
    """Receives every unexpected error of the window and shows each distinct one once."""

    reported = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._seen: set[str] = set()
        self._before: Hook = sys.excepthook
        sys.excepthook = self._hook

    def close(self) -> None:
        """Hand the hook back."""
        sys.excepthook = self._before

    def show(self, error: BaseException) -> None:
        """Tell the officer, unless this very trace was told before."""
        text = details(error)
        if text in self._seen:
            return
        self._seen.add(text)
        self.reported.emit(text)
        BugDialog(self._window, error, text).open()

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, Exception):
            self._before(kind, error, trace)
            return
        sys.stderr.write(details(error) + "\n")
        self.show(error)


class BugDialog(QDialog):
    """What happened, what was kept, what to do; details fold out and can be saved."""

    def __init__(self, parent: QWidget, error: BaseException, text: str) -> None:
        super().__init__(parent)
        told = explain(error)
        self._text = text
        self.setWindowTitle(_("Something went wrong in the program"))
        self._details = QPlainTextEdit(text)
        self._details.setReadOnly(True)
        self._details.setMinimumHeight(look().px(180))
        self._details.hide()
        self.setMinimumWidth(look().px(480))
        self._saved = label("", "hint", wrap=True)
        self._saved.hide()
        unfold = Button(_("Details"), "quiet", on=self._unfold)
        save = Button(_("Save details to a file"), on=self._save)
        close = Button(_("Continue"), "primary", on=self.accept)
        fill(
            QVBoxLayout(self),
            column_layout(
                label(told.happened, "card", wrap=True),
                label(" ".join(part for part in (told.kept, told.todo) if part), "second", wrap=True),
                self._details,
                self._saved,
                row_layout(unfold, STRETCH, save, close),
                gap=10,
            ),
            margins=20,
        )

    def done(self, result: int) -> None:
        super().done(result)
        self.deleteLater()

    def _unfold(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self.adjustSize()

    def _save(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _("Save details to a file"), "so-an-sinh-loi.txt")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the details; a failing disk is said here, not raised."""
        try:
            path.write_text(self._text + "\n", "utf-8")
        except OSError:
            self._saved.setText(_("The file could not be written there; choose another folder."))
        else:
            self._saved.setText(_("Saved. The file has no names or numbers of people in it."))
        self._saved.show()
