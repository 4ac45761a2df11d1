"""An officer's roles, to be changed: ticked, with the hamlets of a surveyor, until when, and why.

appointing = Appointing(colleague, hamlets, today)
appointing.wanted.connect(lambda wish: …); appointing.given_up.connect(…)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout

from app.actions.officers import Colleague, Wish
from app.domain.appointments import SURVEYOR
from app.domain.dates import PartialDate
from app.domain.roles import OFFICERS
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field, Form
from app.ui.forms.text import DateBox
from app.ui.parts.boxes import STRETCH, card, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.theme import look
from app.words import gettext as _

_ROLES_A_ROW, _HAMLETS_A_ROW = 3, 5


class Appointing(QFrame):
    """`wanted` with a Wish; no role ticked: her leave is asked for."""

    wanted = Signal(object)
    given_up = Signal()

    def __init__(self, officer: Colleague, hamlets: Sequence[str], today: date) -> None:
        super().__init__()
        self._officer = officer
        known = list(dict.fromkeys([*hamlets, *officer.hamlets]))
        self.roles = _Ticks([(role, _(f"role.{role}")) for role in OFFICERS], officer.roles)
        self.hamlets = _Chips(known, officer.hamlets)
        phrases = [_("New task"), _("Stands in for a colleague"), _("Leaves the office")]
        self.why = Field(_("Why"), Reason(phrases), required=officer.is_certified)
        roles = Field(_("Roles"), self.roles, hint=_("None ticked: her leave is taken."))
        none = "" if known else _("The register knows no hamlet yet: bring the list of people in first.")
        self.places = Field(_("Hamlets given to her"), self.hamlets, required=True, hint=none)
        self.until = _until(officer, today)
        fields = {"roles": roles, "hamlets": self.places, "until": self.until, "why": self.why}
        self.form = Form(fields)
        self.roles.changed.connect(self._fit)
        self.go = Button("", "primary", icon="key", on=self._ask)
        title = label(_("Roles of {name}").replace("{name}", officer.name), "card")
        told = label(_told(officer), "second", wrap=True)
        buttons = row(STRETCH, Button(_("Cancel"), on=self.given_up.emit), self.go, gap=8)
        fill(QVBoxLayout(self), card(title, told, self.form, buttons, gap=12))
        self._fit()

    def _fit(self) -> None:
        roles = self.roles.value()
        self.places.setVisible(SURVEYOR in roles)
        self.until.setVisible(bool(roles) and self._officer.is_certified)
        if not self._officer.is_certified:
            self.go.setText(_("Give these roles"))
        else:
            self.go.setText(
                _("Ask the centre for these roles") if roles else _("Ask the centre to take her leave")
            )
        self.go.setEnabled(bool(roles) or self._officer.is_certified)

    def _ask(self) -> None:
        self.form.clear_errors()
        if self.until.control.problem():
            self.until.set_error(self.until.control.problem())
            return
        last = self.until.control.value()
        until = last.latest().isoformat() if last is not None else ""
        wish = (self.roles.value(), self.hamlets.value(), self.why.control.value(), until)
        self.wanted.emit(Wish(*wish))


def _until(officer: Colleague, today: date) -> Field[DateBox]:
    """The last day on which her roles count; what she has now stands there, to be put later."""
    term, known = officer.term, None
    if term is not None:
        known = PartialDate(term.last.year, term.last.month, term.last.day)
    box = DateBox(today, known)
    box.setMaximumWidth(look().px(240))
    hint = _("For one who helps out: after that day they end by themselves. Empty: no end.")
    return Field(_("Last day"), box, hint=hint)


def _told(officer: Colleague) -> str:
    if not officer.is_certified:
        return _("The centre has not certified her yet: until then this laptop says what she may do.")
    return _(
        "Roles are certified by the centre. The request goes with the next sync or stick; its answer counts "
        "at the centre and on every laptop as soon as it is there."
    )


class _Ticks(QFrame):
    """Roles that may be held together."""

    changed = Signal()

    def __init__(self, answers: Sequence[tuple[str, str]], ticked: Sequence[str]) -> None:
        super().__init__()
        self.boxes = {key: QCheckBox(words) for key, words in answers}
        grid = _grid(self)
        for place, (key, box) in enumerate(self.boxes.items()):
            box.setChecked(key in ticked)
            box.toggled.connect(lambda _on: self.changed.emit())
            grid.addWidget(box, *divmod(place, _columns(_ROLES_A_ROW)))
        grid.setColumnStretch(_columns(_ROLES_A_ROW), 1)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> tuple[str, ...]:
        """Those ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())


class _Chips(QFrame):
    """The commune's hamlets, those given switched on."""

    changed = Signal()

    def __init__(self, known: Sequence[str], given: Sequence[str]) -> None:
        super().__init__()
        self.chips = [FilterChip(hamlet, is_toggle=True) for hamlet in known]
        grid = _grid(self)
        for place, chip in enumerate(self.chips):
            chip.setChecked(chip.name in given)
            chip.toggled.connect(lambda _on: self.changed.emit())
            grid.addWidget(chip, *divmod(place, _columns(_HAMLETS_A_ROW)))
        grid.setColumnStretch(_columns(_HAMLETS_A_ROW), 1)

    def value(self) -> tuple[str, ...]:
        """Those switched on."""
        return tuple(chip.name for chip in self.chips if chip.isChecked())


def _columns(wished: int) -> int:
    return max(2, round(wished / look().factor))


def _grid(frame: QFrame) -> QGridLayout:
    grid = QGridLayout(frame)
    grid.setContentsMargins(0, look().px(4), 0, 0)
    grid.setHorizontalSpacing(look().px(16))
    grid.setVerticalSpacing(look().px(8))
    return grid
