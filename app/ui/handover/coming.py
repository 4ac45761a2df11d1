"""Out of another commune: who comes, what opening her file here writes, and what came late."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions import moving
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.sync.admitting import Coming
from app.sync.transfer import Late
from app.ui.handover.leaving import show_month
from app.ui.jobs import Jobs
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.words import counted
from app.words import gettext as _

_SHOWN = 6


class ComingCard(QFrame):
    """Those whom the centre told of by line or in its answer; takes no room while there are none."""

    opened = Signal()

    def __init__(self, jobs: Jobs, desk: Desk) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self._coming: Sequence[Coming] = ()
        self._late: Sequence[Late] = ()
        self.title, self.lines, self.notice = label("", "card"), Holder(), NoticeSlot()
        self.open_button = Button(_("Open their files here"), "primary", icon="tick", on=self.open)
        head = row(self.title, STRETCH, self.open_button, gap=8)
        fill(QVBoxLayout(self), card(head, self.lines, self.notice))
        self.hide()

    def show_found(self, coming: Sequence[Coming], late: Sequence[Late]) -> None:
        """Who waits to be opened; what waits to be adopted."""
        self._coming, self._late = coming, late
        told = [
            counted(
                "{count} person comes from another commune",
                "{count} people come from other communes",
                len(coming),
            )
            if coming
            else "",
            counted(
                "{count} save came late from a merged commune",
                "{count} saves came late from a merged commune",
                len(late),
            )
            if late
            else "",
        ]
        self.title.setText(" · ".join(each for each in told if each))
        self.lines.put(column(*coming_lines(self._desk, coming), gap=6) if coming else None)
        self.open_button.setVisible(bool(coming or late))
        if not coming:
            self.open_button.setText(_("Write them in my name"))
        self.setVisible(bool(coming or late) or bool(self.notice.text))

    def open(self) -> None:
        """All of them, a set each; what came late in the name of whoever sits here."""
        self.open_button.busy(_("Opening…"))
        self._jobs.run(
            self, _open, self._desk, self._coming, self._late, lane="write", title=_("Opening files"),
            done=self._done, failed=self._failed,
        )  # fmt: skip

    def _done(self, count: int) -> None:
        self.open_button.ready()
        said = counted("{count} file is open here.", "{count} files are open here.", count)
        rest = _("Their accounts wait for a second officer; hamlet and household are to be filled in.")
        self.notice.say(said, rest, tone="ok", icon="tick")
        self.opened.emit()

    def _failed(self, error: Exception) -> None:
        self.open_button.ready()
        self.notice.show_error(error)


def coming_lines(desk: Desk, coming: Sequence[Coming]) -> list[QFrame]:
    """Each by name, and what opening her file writes; the first few, then how many more."""
    lines = [
        column(label(one.transfer.name, "strong"), label(coming_words(desk, one), "second", wrap=True), gap=1)
        for one in coming[:_SHOWN]
    ]
    if len(coming) > _SHOWN:
        more = _("and {count} more").format(count=show_amount(len(coming) - _SHOWN))
        lines.append(column(label(more, "second")))
    return lines


def coming_words(desk: Desk, one: Coming) -> str:
    """From where, paid from when, which rights, whether an account waits for two officers."""
    said, groups = one.transfer, {group.code: group.name for group in desk.reference.groups.all}
    told = [_("from {commune}").format(commune=commune_name(desk, said.commune))]
    if one.is_open:
        return " · ".join([*told, _("her file is open here already")])
    told.append(_("paid here from {month}").format(month=show_month(said.month)))
    for right in one.rights:
        group, amount = str(right.get("group") or ""), int(right.get("amount") or 0)
        told.append(f"{groups.get(group, group)} {show_amount(amount)} đ")
    if one.account:
        told.append(_("account waits for two officers here"))
    if one.papers:
        told.append(counted("{count} photo or paper", "{count} photos and papers", one.papers))
    if one.is_known:
        told.append(_("her earlier record here goes on"))
    return " · ".join(told)


def commune_name(desk: Desk, code: str) -> str:
    """By its name, where the list of communes has it."""
    found = desk.reference.places.commune_by_code.get(code)
    return f"{found.name} ({code})" if found else code


def _open(_progress: Progress, desk: Desk, coming: Sequence[Coming], late: Sequence[Late]) -> int:
    count = moving.open_files(desk, [one.transfer for one in coming])
    return count + sum(moving.adopt_late(desk, one) is not None for one in late)
