"""The tab of her history: who wrote what, when, from what to what, why; a save may be undone from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.store.history import Line
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.link import Link
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.timeline import Timeline
from app.ui.person.events import Told, days_of, tell
from app.ui.person.file import File
from app.ui.person.tab import PersonTab
from app.ui.theme import give
from app.ui.window import Window
from app.words import counted, ngettext
from app.words import gettext as _

_IDENTITY = frozenset(
    ("name", "name_typed", "sex", "birth", "personal_id", "old_id", "id_issued", "id_issuer", "state")
)
KINDS: dict[str, Callable[[Line], bool]] = {
    "all": lambda _line: True,
    "account": lambda line: (
        line.kind in ("account", "proposal", "consent")
        or line.field in ("receiving_account", "wish", "wish_reason")
    ),
    "identity": lambda line: line.kind == "person" and line.field in _IDENTITY,
    "entitlement": lambda line: line.kind == "entitlement",
}


@dataclass
class _Asked:
    """What the chips leave."""

    kind: str = "all"
    author: str = ""
    verdict: str = ""


class History(PersonTab):
    """Chips above, the timeline, and below it what can be done about the chosen save."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window, desk, link)
        self._asked = _Asked()
        self._told: dict[str, Told] = {}
        words = {
            "all": _("Everything"),
            "account": _("Account"),
            "identity": _("Identity"),
            "entitlement": _("kind.entitlement"),
        }
        self.kinds = {name: FilterChip(words[name], is_toggle=True) for name in KINDS}
        for name, chip in self.kinds.items():
            chip.clicked.connect(lambda _on=False, name=name: self._ask(kind=name))
        self.author, self.verdict = FilterChip(_("Who wrote")), FilterChip(_("Result"))
        self.author.opened.connect(lambda: self._open_menu(self.author, "author"))
        self.verdict.opened.connect(lambda: self._open_menu(self.verdict, "verdict"))
        self.author.cleared.connect(lambda: self._ask(author=""))
        self.verdict.cleared.connect(lambda: self._ask(verdict=""))
        self.count = label("", "second")
        self.timeline = Timeline()
        self.timeline.chosen.connect(self._choose)
        self.empty, self.foot = Holder(), Holder()
        self.arriving = label("", "second", wrap=True)
        bar = row(
            *self.kinds.values(), self.author, self.verdict, STRETCH, self.count, margins=(16, 10), role="bar"
        )
        self._card = give(QWidget(), role="surface")
        inside = QVBoxLayout(self._card)
        arriving = row(self.arriving, margins=(16, 10))
        fill(inside, bar, arriving, self.empty, scroll(self.timeline), self.foot)
        inside.setStretch(3, 1)
        self._arriving = arriving
        self._whole = column(self._card, margins=1, role="card")
        self.shown.put(self._whole)

    def show_file(self, file: File) -> None:
        self.file = file
        self._fill()

    def begin(self) -> None:
        super().begin()
        self._asked = _Asked()

    def _ask(self, **asked: str) -> None:
        for name, value in asked.items():
            setattr(self._asked, name, value)
        self._fill()

    def _fill(self) -> None:
        file, asked = self.file, self._asked
        lines = [line for line in file.lines if KINDS[asked.kind](line)]
        lines = [line for line in lines if not asked.author or line.hand.author == asked.author]
        told = [
            each for each in tell(file, lines, self.desk.reference) if asked.verdict in ("", each.verdict)
        ]
        self._told = {each.event.key: each for each in told}
        self.timeline.set_days(days_of(told, self.desk.clock.now()))
        words = ngettext(
            "The commune's past is still on its way ({count} save): older ones of hers may be missing here.",
            "The commune's past is still on its way ({count} saves): older ones of hers may be missing here.",
            file.arriving,
        )
        self.arriving.setText(words.format(count=file.arriving))
        self._arriving.setVisible(bool(file.arriving))
        nothing = Empty(_("Nothing of this kind was written."), icon="history")
        self.empty.put(None if told or file.arriving else nothing)
        self.foot.put(None)
        for name, chip in self.kinds.items():
            chip.setChecked(name == asked.kind)
            chip.update()
        self.author.set_value(file.names.officer(asked.author) if asked.author else "")
        self.verdict.set_value(_(f"verdict.{asked.verdict}") if asked.verdict else "")
        sets = len({each.hand.set_id for each in told})
        self.count.setText(counted("{count} save", "{count} saves", sets))

    def _open_menu(self, chip: FilterChip, name: str) -> None:
        menu = QMenu(chip)
        for value, words in self._choices(name).items():
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, value=value: self._ask(**{name: value}))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _choices(self, name: str) -> dict[str, str]:
        if name == "author":
            authors = {hand.author for hand in self.file.sets}
            return {author: self.file.names.officer(author) for author in sorted(authors)}
        told = tell(self.file, self.file.lines, self.desk.reference)
        return {each.verdict: _(f"verdict.{each.verdict}") for each in told}

    def _choose(self, key: str) -> None:
        """What can be done about the save that was unfolded."""
        told = self._told.get(key)
        shown = self.foot.held is not None and self.foot.held.property("key") == key
        if told is None or shown:
            self.foot.put(None)
            return
        ways: list[QWidget] = []
        if told.verdict == "conflict":
            ways.append(Button(_("See both"), "primary", icon="fork", on=self._see_both))
        if told.verdict in ("waiting", "applied") and not _is_an_answer(self.file, told.hand.set_id):
            ways.append(Button(_("Undo this save"), icon="undo", on=lambda: self._ask_why(told)))
        words = label(_("Save {number} of {machine}").format(**told.origin), "second")
        foot = row(words, STRETCH, *ways, gap=12, margins=(16, 10), role="footer")
        foot.setProperty("key", key)
        self.foot.put(foot)

    def _see_both(self) -> None:
        self.window_.go("conflicts")

    def _ask_why(self, told: Told) -> None:
        why = Field(_("Why it is undone"), Reason([_("Written wrongly"), _("Wrong person")]))
        undo = Button(_("Undo this save"), "danger", icon="undo", size="form")
        undo.clicked.connect(lambda: self._take_back(told, why))
        back = Button(_("Give up"), "quiet", size="form", on=lambda: self.foot.put(None))
        buttons = column(STRETCH, row(back, undo, gap=12))
        foot = row(why, 16, buttons, margins=(16, 10), role="footer")
        self.foot.put(foot)
        why.control.setFocus()

    def _take_back(self, told: Told, why: Field[Reason]) -> None:
        reason = why.control.value()
        if not reason:
            why.set_error(_("Say why; it stands in her history."))
            return
        self.foot.put(None)
        self.write(people.undo, told.hand.set_id, reason)


def _is_an_answer(file: File, set_id: str) -> bool:
    """Whether a save answered a proposal: what two officers did is not undone by one."""
    return any(
        line.hand.set_id == set_id and (line.kind, line.field) == ("proposal", "state") and line.new != "open"
        for line in file.lines
    )
