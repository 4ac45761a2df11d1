"""The tab of her photos and papers: taken in by file, clipboard or camera, seen large, fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QVBoxLayout, QWidget

from app.actions import attachments, people
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.domain.attachments import Cited
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store.attachments import Attachment
from app.ui.camera import PhotoPane
from app.ui.link import Link
from app.ui.notices import WorkBar
from app.ui.papers.page import office_printer
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty, scroll
from app.ui.person.attaching import Attaching
from app.ui.person.editing import written
from app.ui.person.file import File
from app.ui.person.tab import PersonTab
from app.ui.person.tiles import TILE, Tile, Viewer, name_of
from app.ui.pictures import SMALL, SUFFIXES, Prepared, Source, decode, prepare, sources_in
from app.ui.proving import asking
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

_TILE_WIDTH = TILE.width() + 26


class Documents(PersonTab):
    """Small pictures side by side; what was closed stands below them."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window, desk, link)
        self._small: dict[str, QImage] = {}  # in memory alone, while she is shown
        self._next: list[Source] = []
        self._columns = 1
        self.tiles: dict[str, Tile] = {}
        self.bar = WorkBar()
        self.camera = PhotoPane()
        self.camera.taken.connect(lambda image: self.take([image]))
        self.camera.failed.connect(self.notice.show_error)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, self.camera)
        layout.addWidget(self.bar)
        self.setAcceptDrops(True)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, self.paste)

    def begin(self) -> None:
        super().begin()
        self.camera.close_camera()
        self._small.clear()
        self._next.clear()

    def page(self, file: File) -> QWidget:
        self.tiles = {}
        found = file.person.attachments
        if not found:
            why = _("No photo or paper of hers is kept yet.")
            more = _("Drop a photo or a PDF here. Photos are made small and kept encrypted.")
            return card(Empty(why, *self._ways(), icon="image", more=more))
        open_ones = [each for each in found if each.is_active]
        closed = [each for each in found if not each.is_active]
        head = row(label(_("Drop a photo or a PDF here."), "second"), STRETCH, *self._ways()[::-1])
        parts: list[QWidget] = [head, self._grid(open_ones)]
        if closed:
            parts += [label(_("No longer used"), "card"), self._grid(closed)]
        return scroll(column(*parts, STRETCH, gap=12))

    def _ways(self) -> list[Button]:
        return [
            Button(_("Choose a file"), "primary", icon="image", on=self.choose),
            Button(_("Camera"), icon="camera", on=self.camera.toggle),
            Button(_("Paste"), icon="clipboard", key="Ctrl+V", on=self.paste),
        ]

    def _grid(self, shown: Sequence[Attachment]) -> QFrame:
        frame = QFrame()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look().px(12))
        grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for at, each in enumerate(shown):
            tile = Tile(each)
            tile.opened.connect(partial(self.open, each))
            self.tiles[each.opened.record] = tile
            grid.addWidget(tile, *divmod(at, self._columns))
            if each.is_here and each.is_active and not tile.is_pdf:
                self._show_small(tile, each.cited)
        return frame

    def _show_small(self, tile: Tile, cited: Cited) -> None:
        known = self._small.get(cited.sha256)
        if known is not None:
            tile.picture.show_image(known)
            return

        def done(image: QImage) -> None:
            self._small[cited.sha256] = image
            tile.picture.show_image(image)

        self.window_.jobs.run(tile, _small, self.desk, cited, done=done, failed=lambda _error: None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, (self.width() - look().px(16)) // look().px(_TILE_WIDTH + 12))
        if columns != self._columns:
            self._columns = columns
            if self.shown.held is not None:
                self.show_file(self.file)

    def choose(self) -> None:
        """Ask for files."""
        kinds = f"{_('Photos and PDF')} ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)})"
        paths, _kind = QFileDialog.getOpenFileNames(self, _("A photo or paper for her file"), "", kinds)
        self.take([Path(path) for path in paths])

    def paste(self) -> None:
        """What lies on the clipboard."""
        found = sources_in(QGuiApplication.clipboard().mimeData())
        if not found:
            self.notice.say(_("There is no picture on the clipboard."), tone="warn")
        self.take(found)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if sources_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.take(sources_in(event.mimeData()))

    def take(self, sources: Sequence[Source]) -> None:
        """Look through these one after the other; each is kept when somebody said what it is."""
        self._next += sources
        if self._next and not isinstance(self.form.held, Attaching):
            self.notice.clear()
            self._look_at_next()

    def _look_at_next(self) -> None:
        if not self._next:
            self._leave_form()
            return
        self.window_.jobs.run(
            self, prepare, self._next.pop(0), done=self._ask, failed=self._unreadable, bar=self.bar
        )

    def _unreadable(self, error: Exception) -> None:
        self._look_at_next()
        self.notice.show_error(error)

    def _ask(self, prepared: Prepared) -> None:
        form = Attaching(prepared)
        form.wanted.connect(partial(self._attach, form))
        form.given_up.connect(self._look_at_next)
        self.form.put(form)
        self.shown.hide()
        form.setFocus()

    def _attach(self, form: Attaching, paper: Paper) -> None:
        work = (self.desk, attachments.attach, self.file.person.row.id, paper)
        self.window_.jobs.run(self, written, *work, lane="write", done=self._attached, failed=form.show_error)

    def _attached(self, set_id: str) -> None:
        self._look_at_next()
        self.said(set_id)

    def _leave_form(self) -> None:
        self.form.put(None)
        self.shown.show()
        self.refresh_wanted.emit()

    def open(self, attachment: Attachment) -> None:
        """See it large; fetch it first when it is not here. A PDF is copied out, to be read elsewhere."""
        self.notice.clear()
        if not attachment.is_here:
            self._fetch(attachment)
        elif attachment.opened.values.get("media") == "pdf":
            self._save_copy(attachment)
        else:
            done = partial(self._view, attachment)
            work = (self.desk, attachment.cited)
            self.window_.jobs.run(
                self,
                _looked_at,
                *work,
                lane="write",
                done=done,
                failed=asking(
                    self,
                    _("See the paper large"),
                    again=lambda: self.open(attachment),
                    otherwise=self._not_seen,
                ),
                bar=self.bar,
            )

    def _not_seen(self, error: Exception) -> None:
        self.notice.show_error(error)
        self.refresh_wanted.emit()  # damaged here: it may be at the centre

    def _fetch(self, attachment: Attachment) -> None:
        self.link.give_way()
        self.tiles[attachment.opened.record].button.busy(_("Fetching…"))
        work = (attachments.fetch, self.desk, attachment.cited)
        self.window_.jobs.run(
            self,
            *work,
            lane="net",
            title=_("Fetching the photo"),
            done=lambda _none: self._fetched(attachment),
            failed=self._not_fetched,
            bar=self.bar,
        )

    def _fetched(self, attachment: Attachment) -> None:
        self.refresh_wanted.emit()
        self.link.send_files()
        if attachment.opened.values.get("media") != "pdf":
            self.open(Attachment(attachment.opened, is_here=True, is_waiting=False))

    def _not_fetched(self, error: Exception) -> None:
        self.notice.show_error(error)
        self.refresh_wanted.emit()

    def _view(self, attachment: Attachment, image: QImage) -> None:
        if not self.isVisible() or self.form.held is not None:
            return
        viewer = Viewer(attachment, image)
        viewer.closed.connect(self._leave_form)
        viewer.copy_wanted.connect(partial(self._save_copy, attachment))
        viewer.print_wanted.connect(partial(self._print, attachment, image))
        viewer.ending_wanted.connect(partial(self._end, attachment))
        self.form.put(viewer)
        self.shown.hide()
        viewer.back.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if isinstance(self.form.held, Viewer):
            self.form.put(None)
            self.shown.show()

    def _end(self, attachment: Attachment, state: str, why: str) -> None:
        self._leave_form()
        self.write(people.change_record, attachment.opened, {"state": state}, why)

    def _save_copy(self, attachment: Attachment) -> None:
        media = str(attachment.opened.values.get("media"))
        suffix = "jpg" if media == "jpeg" else media
        name = f"{name_of(attachment.opened.values)}.{suffix}".replace(", ", "-").replace(" ", "-")
        path, _kind = QFileDialog.getSaveFileName(self, _("Save a copy"), name, f"*.{suffix}")
        if path:
            self._copy_to(attachment, Path(path))

    def _copy_to(self, attachment: Attachment, path: Path) -> None:
        words = _("Saved as {file}.").format(file=path)
        more = _("This copy lies outside the register and is not encrypted; that it was made is on record.")
        self.window_.jobs.run(
            self,
            _copied,
            self.desk,
            attachment.cited,
            path,
            lane="write",
            done=lambda _none: self.notice.say(words, more, tone="ok", icon="tick"),
            failed=asking(
                self,
                _("Save a copy"),
                again=lambda: self._copy_to(attachment, path),
                otherwise=self.notice.show_error,
            ),
        )

    def _print(self, attachment: Attachment, image: QImage) -> None:
        printer = office_printer()
        if printer is not None:
            self.window_.jobs.run(
                self,
                _printed,
                self.desk,
                attachment.cited,
                image,
                printer,
                lane="print",
                done=lambda _none: self.notice.say(_("It went to the printer."), tone="ok", icon="tick"),
                failed=asking(
                    self,
                    _("Print the paper"),
                    again=lambda: self._print(attachment, image),
                    otherwise=self.notice.show_error,
                ),
            )


def _small(_progress: Progress, desk: Desk, cited: Cited) -> QImage:
    """The small picture: its numbers cannot be read, so that it is not a look that the audit must know."""
    return decode(desk.files.read(cited.sha256), SMALL)


def _looked_at(_progress: Progress, desk: Desk, cited: Cited) -> QImage:
    return decode(attachments.look_at(desk, cited))


def _copied(_progress: Progress, desk: Desk, cited: Cited, path: Path) -> None:
    attachments.save_copy(desk, cited, path)


def _printed(_progress: Progress, desk: Desk, cited: Cited, image: QImage, printer: QPrinter) -> None:
    """As large as the sheet allows, upright or turned as the picture lies."""
    attachments.let_print(desk, cited)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble("paper.printer")
    sheet = QRectF(painter.viewport())
    size = image.size().scaled(sheet.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    painter.end()
