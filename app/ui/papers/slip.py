"""The slip of an enrolment: what was written, who wrote it, what happens next, where she signs.

It shows what its holder needs and no more: numbers masked, no group, no illness, no amount.
It promises no day on which money comes, for a second officer must approve first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from app.actions.accounts import Payee
from app.actions.wording import Asked, Consent, address_key, consent, within
from app.domain.accounts import Provider, bank_name, mask_account
from app.domain.dates import PartialDate, show
from app.domain.identity import mask_personal_id
from app.ui.papers import page as paper
from app.ui.papers.page import A4, A5, Align, Page, Style
from app.ui.papers.vietnamese import gettext as _
from app.ui.theme import LIGHT, make_look

_WIDTH, _HEIGHT, _MARGIN = 148.0, 210.0, 11.0
_END = _WIDTH - _MARGIN
_BODY, _SMALL, _LARGE = Style(9), Style(7.8), Style(13.5, leading=1.3).bold()
_LABEL_WIDTH = 35.0


@dataclass(frozen=True)
class Slip:
    """Facts as the register has them; numbers whole, they are masked here.

    `commune` and `province` with their kinds (`Xã Mường Sen`, `Tỉnh Sơn La`); `reference`: the
    number by which the office finds the enrolment; `at`: when it was saved, in local time.
    """

    commune: str
    province: str
    reference: str
    name: str
    sex: str | None
    birth: PartialDate | None
    personal_id: str | None
    hamlet: str | None
    provider: Provider
    number: str
    holder: str
    officer: str
    at: datetime
    sign: str = "signature"  # signature | fingerprint
    payee: Payee = field(default_factory=Payee)
    wants_vneid: bool = False
    is_training: bool = False

    @property
    def address(self) -> str:
        """Bà, Ông, Chị, Anh or Em, in Vietnamese."""
        return _(address_key(self.sex, self.birth, self.at.date()))

    @property
    def asked(self) -> Asked:
        """Who agreed: she herself, or who receives for her."""
        if self.payee.kind == "self" or not self.payee.name:
            return Asked(self.address, self.name, self.commune)
        return Asked("", self.payee.name, self.commune, for_another=self.name)


def write_slip(slip: Slip, path: Path) -> None:
    """One A5 page; Trouble("paper.not_written") when the folder does not take it."""
    title = _("Account enrolment slip")
    paper.save(paper.pdf(lambda sheet: _draw(sheet, slip), A5, title=title), path)


def print_slip(slip: Slip, printer: QPrinter) -> None:
    """On A5 one copy; on larger paper two on an A4 to be cut, for her and for the office."""
    if printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A5:
        paper.send(lambda sheet: _draw(sheet, slip), printer, A5)
    else:
        paper.send(lambda sheet: _draw_two(sheet, slip), printer, A4, is_wide=True)


def _draw_two(sheet: Page, slip: Slip) -> None:
    _draw(sheet.part(0, 0, _WIDTH, _HEIGHT), slip, _("Copy for the holder"))
    _draw(sheet.part(sheet.width - _WIDTH, 0, _WIDTH, _HEIGHT), slip, _("Copy for the office"))
    sheet.part(sheet.width / 2, 0, 1, _HEIGHT).cut_line()


def _draw(sheet: Page, slip: Slip, copy: str = "") -> None:
    y = _head(sheet, slip)
    y = _person(sheet, slip, y)
    y = _account(sheet, slip, y)
    y = _next_steps(sheet, slip, y)
    y = _consents(sheet, slip, y)
    _signatures(sheet, slip, y)
    _foot(sheet, slip, copy)


def _head(sheet: Page, slip: Slip) -> float:
    if slip.is_training:
        band = QRectF(0, 0, _WIDTH, 6.5)
        sheet.box(band, None, make_look(training=True).colours.spine)
        words = _("TRAINING: invented people and numbers, not a valid slip")
        sheet.text((0, 1.5), _WIDTH, words, Style(8, colour=LIGHT.onFill).bold(), Align.AlignHCenter)
    small = Style(7.6, leading=1.35)
    left, right = 44.0, _END - _MARGIN - 44
    sheet.text((_MARGIN, 10), left, _("PEOPLE'S COMMITTEE"), small, Align.AlignHCenter)
    sheet.text((_MARGIN, 13.6), left, slip.commune.upper(), small.bold(), Align.AlignHCenter)
    start = _MARGIN + left
    sheet.text((start, 10), right, _("SOCIALIST REPUBLIC OF VIET NAM"), small.bold(), Align.AlignHCenter)
    motto = _("Independence - Freedom - Happiness")
    sheet.text((start, 13.6), right, motto, small.bold(), Align.AlignHCenter)
    half = sheet.width_of(motto, small.bold()) / 2
    sheet.rule(18, start + right / 2 - half, start + right / 2 + half, LIGHT.ink, 0.25)
    sheet.rule(18, _MARGIN + left / 2 - 8, _MARGIN + left / 2 + 8, LIGHT.ink, 0.25)
    title = _("ACCOUNT ENROLMENT SLIP")
    sheet.text((_MARGIN, 22.3), _END - _MARGIN, title, Style(13).bold(), Align.AlignHCenter)
    made = _("No. {reference} · written {time} on {day}").format(
        reference=slip.reference, time=f"{slip.at:%H:%M}", day=f"{slip.at:%d/%m/%Y}"
    )
    sheet.text((_MARGIN, 28.6), _END - _MARGIN, made, Style(8.2).quiet(), Align.AlignHCenter)
    return 34.8


def _person(sheet: Page, slip: Slip, y: float) -> float:
    y = _section(sheet, y, _("Beneficiary"))
    y += sheet.text((_MARGIN, y), _END - _MARGIN, f"{slip.address} {slip.name}", _LARGE)
    facts = [_("born {date}").format(date=show(slip.birth))] if slip.birth else []
    if slip.personal_id:
        facts.append(_("ID number {number}").format(number=mask_personal_id(slip.personal_id)))
    around = (within(slip.commune), within(slip.province))
    home = ", ".join(part for part in (slip.hamlet, *around) if part)
    for line in (" · ".join(facts), home):
        y += sheet.text((_MARGIN, y + 0.3), _END - _MARGIN, line[:1].upper() + line[1:], _BODY)
    return y + 2.4


def _account(sheet: Page, slip: Slip, y: float) -> float:
    y = _section(sheet, y, _("Account enrolled"))
    shown = f"{slip.provider.short_name}  {mask_account(slip.number)}"
    y += sheet.text((_MARGIN, y), _END - _MARGIN, shown, _LARGE)
    rows = [
        (_("Opened at"), slip.provider.full_name),
        (_("In the name of"), bank_name(slip.holder)),
        (_("Received by"), _payee(slip)),
    ]
    if slip.payee.kind != "self" and slip.payee.paper:
        rows.append((_("By the paper"), _payee_paper(slip.payee)))
    for label, value in rows:
        sheet.text((_MARGIN, y + 0.3), _LABEL_WIDTH, label, _BODY.quiet())
        y += sheet.text((_MARGIN + _LABEL_WIDTH, y + 0.3), _END - _MARGIN - _LABEL_WIDTH, value, _BODY)
    return y + 2.4


def _payee(slip: Slip) -> str:
    payee = slip.payee
    if payee.kind == "self" or not payee.name:
        return _("{who} in person").format(who=f"{slip.address} {slip.name}")
    role = _(f"choice.account.payee.{payee.kind}")
    known = [within(role), payee.relation]
    return f"{payee.name} ({', '.join(part for part in known if part)})"


def _payee_paper(payee: Payee) -> str:
    said = payee.paper or ""
    if payee.paper_date:
        said += _(" of {date}").format(date=show(PartialDate.parse(payee.paper_date)))
    if payee.until:
        said += _(", valid until {date}").format(date=show(PartialDate.parse(payee.until)))
    return said


def _next_steps(sheet: Page, slip: Slip, y: float) -> float:
    y = _section(sheet, y, _("What happens next"))
    steps = (
        _("A second officer of the commune checks and approves this account."),
        _("Only once it is approved does the allowance go to this account; until then it is paid as before."),
        _("To change or take back: come to the People's Committee of {commune}, at any time.").format(
            commune=within(slip.commune)
        ),
    )
    for number, step in enumerate(steps, 1):
        sheet.text((_MARGIN, y), 5, f"{number}.", _BODY.bold())
        y += sheet.text((_MARGIN + 5, y), _END - _MARGIN - 5, step, _BODY)
    return y + 2.4


def _consents(sheet: Page, slip: Slip, y: float) -> float:
    y = _section(sheet, y, _("Consent"))
    day = slip.at.date()
    agreed = consent("account_payment", day)
    y = _consent(sheet, slip, y, agreed, is_ticked=True)
    y = _consent(sheet, slip, y, consent("vneid_link", day), is_ticked=slip.wants_vneid)
    law = _("By {laws}. Wording {version}.").format(laws=agreed.laws, version=agreed.version)
    return y + sheet.text((_MARGIN + 6, y), _END - _MARGIN - 6, law, Style(7).quiet()) + 2.5


def _consent(sheet: Page, slip: Slip, y: float, wording: Consent, *, is_ticked: bool) -> float:
    start, width = _MARGIN + 6, _END - _MARGIN - 6
    sheet.tick_box(_MARGIN, y + 0.4, 3.4, is_ticked=is_ticked)
    y += sheet.text((start, y), width, wording.heading(slip.asked), _BODY.bold())
    if wording.purpose == "account_payment":
        y += sheet.text((start, y), width, wording.paragraph(slip.asked), _SMALL)
    return y + 1


def _signatures(sheet: Page, slip: Slip, y: float) -> None:
    middle = (_MARGIN + _END) / 2
    width = middle - _MARGIN - 2
    day = _("{place}, day {day} month {month} year {year}").format(
        place=slip.commune.partition(" ")[2], day=f"{slip.at:%d}", month=f"{slip.at:%m}", year=slip.at.year
    )
    sheet.text((middle, y), _END - middle, day, _SMALL, Align.AlignHCenter)
    is_self = slip.payee.kind == "self"
    title = _("Beneficiary") if is_self else _("Who receives")
    how = _("(fingerprint)") if slip.sign == "fingerprint" else _("(signature, full name)")
    y += 4.6
    for x, span, name, hint in (
        (_MARGIN, width, title, how),
        (middle, _END - middle, _("Enrolling officer"), _("(signature, full name)")),
    ):
        sheet.text((x, y), span, name, _BODY.bold(), Align.AlignHCenter)
        sheet.text((x, y + 4.4), span, hint, _SMALL.quiet(), Align.AlignHCenter)
    bottom = _HEIGHT - 17.5
    if slip.sign == "fingerprint":
        frame = QRectF(_MARGIN + width / 2 - 10, y + 9.4, 20, bottom - y - 10.4)
        sheet.box(frame, LIGHT.line2, is_dashed=True)
    signer = slip.asked.name
    sheet.text((_MARGIN, bottom), width, signer, _BODY.bold(), Align.AlignHCenter)
    sheet.text((middle, bottom), _END - middle, slip.officer, _BODY.bold(), Align.AlignHCenter)


def _foot(sheet: Page, slip: Slip, copy: str) -> None:
    y = _HEIGHT - 11.5
    sheet.rule(y, _MARGIN, _END)
    warning = _("Officers never ask for a PIN, an OTP code or a password. Give them to nobody.")
    sheet.text((_MARGIN, y + 1), _END - _MARGIN, warning, _SMALL.bold())
    made = " · ".join(part for part in (_("Printed from Sổ An Sinh"), slip.reference, copy) if part)
    sheet.text((_MARGIN, y + 4.6), _END - _MARGIN, made, Style(7).quiet())


def _section(sheet: Page, y: float, title: str) -> float:
    sheet.rule(y, _MARGIN, _END)
    return y + 1.6 + sheet.text((_MARGIN, y + 1.2), _END - _MARGIN, title, Style(7.8).quiet().bold())
