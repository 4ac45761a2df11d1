"""Settings: this laptop, how it looks and speaks, my password; officers and laptops; the recovery code."""

from __future__ import annotations

from importlib.metadata import version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.actions import officers as acting
from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.store.laptop import Laptop, Settings
from app.ui.application import Theme, Wishes
from app.ui.forms.choices import Joined
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.idle import IDLE_MINUTES
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Facts, scroll
from app.ui.parts.tabs import Tab, Tabs
from app.ui.room import Room
from app.ui.settings.forms import FormsCard
from app.ui.settings.officers import OfficersPage
from app.ui.settings.recovery import RecoveryPage
from app.ui.settings.roles import RolesPage
from app.ui.theme import FACTORS
from app.ui.window import Window
from app.words import gettext as _


class SettingsRoom(Room):
    """Small on purpose: what an officer changes, and nothing that loosens a rule."""

    section = "settings"
    help_page = "cai-dat"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self.set_head(_("Settings"))
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.officers, self.recovery = OfficersPage(window, desk, link), RecoveryPage(window, desk)
        self.roles, self.forms = RolesPage(window, desk), FormsCard(window, desk)
        own = _stacked(self._look_card(), self._password_card(), self._machine_card(), self.forms)
        self.pages = {
            "device": own,
            "officers": self.officers,
            "roles": self.roles,
            "recovery": self.recovery,
        }
        self.tabs = Tabs(
            [
                Tab("device", _("This laptop")),
                Tab("officers", _("Officers and laptops")),
                Tab("roles", _("Roles")),
                Tab("recovery", _("Recovery code")),
            ]
        )
        self.tabs.chosen.connect(self._show_page)
        pages = column(*self.pages.values(), STRETCH)
        body = column_layout(self.notice, scroll(pages), self.bar, gap=12, margins=20)
        self.setLayout(column_layout(self.tabs, body))

    def enter(self, **arguments: object) -> None:
        """`recovery_code`: a new one to be printed or written down now; `page` to open."""
        code, page = arguments.get("recovery_code"), arguments.get("page")
        if isinstance(code, str) and code:
            page = "recovery"
            self.recovery.show_code(code)
        self.tabs.open(str(page or self.tabs.key))
        self._show_page(self.tabs.key)

    def _show_page(self, key: str) -> None:
        for name, page in self.pages.items():
            page.setVisible(name == key)
        if key == "device":
            self.forms.refresh()
        elif key == "officers":
            self.officers.refresh()
        elif key == "roles":
            self.roles.refresh()
        elif key == "recovery":
            self.recovery.refresh()

    def _look_card(self) -> QFrame:
        settings = _laptop(self._desk).settings()
        self.theme = Field(
            _("Colours"),
            Joined([("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]),
        )
        self.text_size = Field(
            _("Text size"), Joined([(str(int(100 * f)), f"{int(100 * f)} %") for f in FACTORS[:4]])
        )
        self.language = Field(
            _("Language"), Joined([("vi", "Tiếng Việt"), ("en", "English")]), hint=_("From the next start on")
        )
        self.theme.control.set_value(settings.theme)
        self.text_size.control.set_value(str(settings.text_size))
        self.language.control.set_value(settings.language)
        for field in (self.theme, self.text_size, self.language):
            field.control.changed.connect(self._wear)
        wishes = row_layout(gap=24)
        for field in (self.theme, self.text_size, self.language):
            wishes.addWidget(field, 0, Qt.AlignmentFlag.AlignTop)
        wishes.addStretch(1)
        return card(
            label(_("Look and language"), "card"),
            wishes,
        )

    def _wear(self) -> None:
        laptop, theme = _laptop(self._desk), self.theme.control.value() or "system"
        before = laptop.settings()
        wished = Settings(
            _theme(theme),
            int(self.text_size.control.value() or 100),
            "en" if self.language.control.value() == "en" else "vi",
            before.commune,
        )
        laptop.keep(wished)
        self.shell.wishes_changed.emit(Wishes(wished.theme, wished.text_size / 100, self._desk.training))

    def _password_card(self) -> QFrame:
        self.old = Field(_("Password now"), PasswordBox(), required=True)
        self.new = Field(_("New password"), PasswordBox(), required=True)
        self.again = Field(_("New password once more"), PasswordBox(), required=True)
        self.form = Form({"old": self.old, "password": self.new, "again": self.again}, columns=3)
        self.change = Button(_("Change my password"), icon="key", size="form", on=self._change_password)
        if self._desk.training:
            self.change.forbid(_("In training the password is the one that its door shows."))
        return card(label(_("My password"), "card"), self.form, row(self.change, STRETCH))

    def _change_password(self) -> None:
        self.form.clear_errors()
        if self.new.control.value() != self.again.control.value():
            self.form.show_error(Refusal("password.differs", field="again"))
            return
        self.change.busy(_("Changing…"))
        self.shell.jobs.run(
            self,
            acting.change_password,
            self._desk,
            self.old.control.text(),
            self.new.control.value(),
            lane="write",
            done=self._password_changed,
            failed=self._password_refused,
            bar=self.bar,
        )

    def _password_changed(self, _none: object) -> None:
        self.change.ready()
        for field in (self.old, self.new, self.again):
            field.control.clear()
        self.notice.say(_("Your password is changed."), tone="ok", icon="tick")

    def _password_refused(self, error: Exception) -> None:
        self.change.ready()
        if isinstance(error, Refusal) and error.code == "unlock.wrong_password":
            error = Refusal(error.code, field="old")
        if not self.form.show_error(error):
            self.notice.show_error(error)

    def _machine_card(self) -> QFrame:
        desk, place = self._desk, self._desk.commune
        facts = [
            (_("Commune"), f"{place.name}, {place.province} · {place.code}"),
            (_("Number of this machine"), desk.device_key.id),
            (_("Where the register lies"), str(desk.folder)),
            (_("Locks itself"), _("after {minutes} minutes without a key").format(minutes=IDLE_MINUTES)),
            (_("Version"), version("soansinh")),
        ]
        look_over = Button(_("Self-test"), icon="checklist", on=lambda: self.shell.go("checkup"))
        kept = Button(_("Backups"), icon="download", on=lambda: self.shell.go("backups"))
        breach = Button(_("Breach of personal data"), icon="shield", on=lambda: self.shell.go("breach"))
        if not self.shell.offers("breach"):
            breach.forbid(_("Your role does not open this."))
        facts_shown = Facts(facts, label_width=168)
        return card(label(_("This machine"), "card"), facts_shown, row(look_over, kept, breach, STRETCH))


def _stacked(*cards: QWidget) -> QFrame:
    return column(*cards, STRETCH, gap=12)


def _laptop(desk: Desk) -> Laptop:
    return Laptop(desk.folder.parent.parent)


def _theme(text: str) -> Theme:
    return "light" if text == "light" else "dark" if text == "dark" else "system"
