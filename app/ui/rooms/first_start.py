"""First start: two doors, the commune, its first officer, the recovery code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from app.bootstrap.shelves import Shelf, place_of, shelf
from app.domain.errors import Refusal
from app.domain.places import Commune, Province
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.store.laptop import Laptop
from app.store.passwords import check_password
from app.ui.charts import Step, Steps
from app.ui.forms.cards import Choice, ChoiceCards
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import TextBox
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.parts.holder import Holder
from app.ui.recovery import RecoveryCard
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.bootstrap.entering import Entered

ROLES = ("officer", "approver", "administrator")
_DOOR, _OFFICER, _CODE = range(3)


@dataclass(frozen=True)
class Ways:
    """Where first start leads: into training, into the new register, back to unlock if one exists."""

    train: Callable[[], object]
    opened: Callable[[Entered], object]
    restore: Callable[[], object]
    back: Callable[[], object] | None = None


class FirstStart(Room):
    """Three minutes, no network; what is unsure can be changed later in Settings."""

    frame = "bare"
    help_page = "bat-dau"

    def __init__(self, window: Window, laptop: Laptop, reference: Reference, ways: Ways) -> None:
        super().__init__(window)
        self._laptop, self._reference, self._ways = laptop, reference, ways
        self._entered: Entered | None = None
        self.cover = Cover(self._cover_lines(), width=360)
        self.steps = Steps()
        self.notice = NoticeSlot()
        self.bar = WorkBar(at_edge=True)
        self.sheet = Holder()
        # Shown and hidden by hand: a stack would give every page the height of the tallest.
        self.pages = (self._door_page(), self._officer_page(), self.sheet)
        self._page = _DOOR
        self.hint = label("", "second", wrap=True)
        self.back = Button(_("Back"), size="form", on=self._go_back)
        self.forward = Button(_("Continue"), "primary", trailing="chevron-right", size="form", on=self._go_on)
        words = _("About three minutes, no network needed. Leave what is unsure for Settings.")
        title, subtitle = label(_("Begin"), "page"), label(words, "second", wrap=True)
        work = (title, subtitle, 16, self.steps, 20, self.notice, *self.pages, STRETCH)
        self.setLayout(covered(self.cover, work, [self.bar], [self.hint, STRETCH, self.back, self.forward]))
        self.setTabOrder(self.forward, self.restore)  # Tab leads on first: few come to restore
        self._show(_DOOR)

    def _door_page(self) -> QFrame:
        self.doors = ChoiceCards(
            [
                Choice(
                    "training",
                    _("Training"),
                    _("An invented commune. Try anything; nothing is sent anywhere.")
                    + "\n"
                    + _("The screen is brown and says TRAINING."),
                    "cap",
                ),
                Choice(
                    "own",
                    _("My commune"),
                    _("The real register, locked by a password, kept on this laptop.")
                    + "\n"
                    + _("It can be joined to the centre later."),
                    "home",
                ),
            ]
        )
        self.province = Field(
            _("Province, city"),
            PickBox(self._find_provinces, hint=_("Name, initials or code")),
            required=True,
            hint=_("{count} provinces and cities; no accents needed").format(
                count=len(self._reference.places.provinces)
            ),
        )
        self.commune = Field(
            _("Commune, ward"),
            PickBox(self._find_communes, hint=_("Name or code")),
            required=True,
            hint=_("Up and Down choose, Enter takes; no accents needed"),
        )
        self.place_form = Form({"province": self.province, "commune": self.commune}, columns=2)
        self.place_card = card(self.place_form)
        self.doors.changed.connect(self._door_changed)
        self.province.control.changed.connect(self._province_changed)
        self.commune.control.changed.connect(self._place_changed)
        self.restore = Button(_("Restore a backup"), "link", icon="download", on=self._ways.restore)
        return column(self.doors, self.place_card, row(self.restore, STRETCH), STRETCH, gap=12)

    def _officer_page(self) -> QFrame:
        self.name = Field(_("Full name"), TextBox(), required=True)
        self.role = Field(_("Role"), Dropdown([(role, _(f"role.{role}")) for role in ROLES]))
        hint = _("8 characters or more; a short sentence is best")
        self.password = Field(_("Password"), PasswordBox(), required=True, hint=hint)
        self.again = Field(_("Password once more"), PasswordBox(), required=True)
        self.role.control.set_value("officer")
        self.password.control.warned.connect(
            lambda words: self.password.set_hint(words or hint, "warn" if words else "")
        )
        self.form = Form(
            {"name": self.name, "role": self.role, "password": self.password, "again": self.again}
        )
        page = card(label(_("Keeper of the register"), "card"), self.form, gap=12)
        page.setFixedWidth(look().px(460))
        return row(page, STRETCH)

    def enter(self, **arguments: object) -> None:
        """Begin at the doors; `door` may already be chosen."""
        door = arguments.get("door")
        self._show(_DOOR)
        if isinstance(door, str):
            self.doors.set_value(door)
        else:
            self.doors.setFocus()

    def _find_provinces(self, text: str) -> Sequence[Pick]:
        return [Pick(p.code, p.name, p.code) for p in self._reference.places.search_provinces(text)]

    def _find_communes(self, text: str) -> Sequence[Pick]:
        communes = self._reference.places.search_communes(text, self.province.control.value())
        return [Pick(c.code, c.name, f"{self._province_of(c).bare_name} · {c.code}") for c in communes]

    def _province_of(self, commune: Commune) -> Province:
        return self._reference.places.province_by_code[commune.province]

    @property
    def _chosen(self) -> Commune | None:
        code = self.commune.control.value()
        return self._reference.places.commune_by_code[code] if code else None

    def _cover_lines(self, commune: str = "", province: str = "", machine: str = "") -> list[tuple[str, str]]:
        year = str(date.today().year)
        return [*place_lines(commune, province), (_("Machine"), machine), (_("Year"), year)]

    def _door_changed(self) -> None:
        own = self.doors.value() == "own"
        self.place_card.setVisible(own)
        if own:
            self.province.control.setFocus()
        self._show(_DOOR)

    def _province_changed(self) -> None:
        self.commune.control.set_value(None)
        if self.province.control.value():
            self.commune.control.setFocus()
        self._place_changed()

    def _place_changed(self) -> None:
        chosen = self._chosen
        if chosen is not None:
            province = self._province_of(chosen)
            if self.province.control.value() != province.code:
                self.province.control.set_value(Pick(province.code, province.name))
            self.cover.set_lines(self._cover_lines(chosen.name, province.name))
        else:
            self.cover.set_lines(self._cover_lines())
        self._show(_DOOR)

    def _show(self, page: int) -> None:
        self._page = page
        for place, shown in enumerate(self.pages):
            shown.setVisible(place == page)
        self.notice.clear()
        chosen, training = self._chosen, self.doors.value() == "training"
        words = [_("Choose a door"), _("Commune"), _("Keeper of the register"), _("Recovery code")]
        now = page + 1 if page or self.doors.value() == "own" else 0
        doors = {"training": _("Training"), "own": _("My commune")}
        notes = [
            doors.get(self.doors.value() or "", ""),
            chosen.bare_name if chosen else "",
            self.name.control.value() if page == _CODE else "",
            _("print it, keep it in the safe"),
        ]
        self.steps.set_steps(
            [
                Step(word, note, "done" if place < now else "now" if place == now else "later")
                for place, (word, note) in enumerate(zip(words, notes, strict=True))
            ]
        )
        self.place_card.setVisible(self.doors.value() == "own")
        self.back.setVisible(page == _OFFICER or (page == _DOOR and self._ways.back is not None))
        self.forward.setEnabled(training or chosen is not None if page == _DOOR else page == _OFFICER)
        self.forward.setText(_("Enter training") if training and page == _DOOR else _("Continue"))
        self.hint.setText("")

    def _go_back(self) -> None:
        if self._page == _OFFICER:
            self._show(_DOOR)
        elif self._ways.back is not None:
            self._ways.back()

    def _go_on(self) -> None:
        page = self._page
        if page == _DOOR and self.doors.value() == "training":
            self._ways.train()
        elif page == _DOOR:
            self._go_to_officer()
        elif page == _OFFICER:
            self._found()
        elif self._entered is not None:
            self._ways.opened(replace(self._entered, recovery_code=""))

    def _go_to_officer(self) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        if self._laptop.commune(chosen.code).has_begun:
            self.place_form.show_error(Refusal("commune.exists", field="commune"))
            return
        self._show(_OFFICER)
        self.name.control.setFocus()

    def _found(self) -> None:
        commune = self._chosen
        if commune is None:
            return
        at = shelf(self._laptop, place_of(self._reference, commune.code))
        try:
            self._check(at)
        except Refusal as refusal:
            if not self.form.show_error(refusal):
                self.notice.show_error(refusal)
            return
        self.forward.busy(_("Making the keys…"))
        self.shell.jobs.run(
            self,
            _found_commune,
            at,
            self.name.control.value(),
            self.password.control.value(),
            self.role.control.value() or "officer",
            self._reference,
            lane="write",
            done=self._code_made,
            failed=self._failed,
            bar=self.bar,
        )

    def _check(self, at: Shelf) -> None:
        if not self.name.control.value():
            raise Refusal("officer.name", field="name")
        check_password(self.password.control.value(), (at.place.name, at.place.province))
        if self.password.control.value() != self.again.control.value():
            raise Refusal("password.differs", field="again")

    def _failed(self, error: Exception) -> None:
        self.forward.ready()
        self.notice.show_error(error)

    def _code_made(self, entered: Entered) -> None:
        self._entered = entered
        self.forward.ready()
        place = entered.desk.commune
        recovery = RecoveryCard(entered.recovery_code, place)
        recovery.confirmed.connect(self._confirmed)
        recovery.told.connect(self.hint.setText)
        self.sheet.put(recovery)
        self.cover.set_lines(
            self._cover_lines(place.name, place.province, f"01 · {entered.desk.officer.name}")
        )
        self._show(_CODE)
        self.forward.setText(_("Open the register"))
        recovery.focus()

    def _confirmed(self) -> None:
        """The sheet is known to be readable: the way on opens."""
        if self._entered is not None:
            shelf(self._laptop, self._entered.desk.commune).keyfile().confirm_recovery()
            self.forward.setEnabled(True)
            self.forward.setFocus()


def _found_commune(
    _progress: Progress, at: Shelf, name: str, password: str, role: str, reference: Reference
) -> Entered:
    from app.bootstrap.entering import found

    return found(at, name, password, role, reference)
