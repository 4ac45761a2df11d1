"""An officer's roles, to be changed: ticked, with the hamlets of a surveyor, and why.

appointing = Appointing(colleague, hamlets)
appointing.wanted.connect(lambda roles, hamlets, why: …); appointing.given_up.connect(…)
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout

from app.actions.officers import Colleague
from app.domain.appointments import SURVEYOR
from app.domain.roles import OFFICERS
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field, Form
from app.ui.parts.boxes import STRETCH, card, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.theme import look
from app.words import gettext as _

_ROLES_A_ROW, _HAMLETS_A_ROW = 3, 5


class Appointing(QFrame):
    """`wanted` with roles, hamlets and why; no role ticked: her leave is asked for."""

    wanted = Signal(object, object, str)
    given_up = Signal()

    def __init__(self, officer: Colleague, hamlets: Sequence[str]) -> None:
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
        self.form = Form({"roles": roles, "hamlets": self.places, "why": self.why})
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
        if not self._officer.is_certified:
            self.go.setText(_("Give these roles"))
        else:
            self.go.setText(
                _("Ask the centre for these roles") if roles else _("Ask the centre to take her leave")
            )
        self.go.setEnabled(bool(roles) or self._officer.is_certified)

    def _ask(self) -> None:
        self.form.clear_errors()
        self.wanted.emit(self.roles.value(), self.hamlets.value(), self.why.control.value())


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
