"""Her sheet: what the register holds on her, on paper or as a PDF; numbers stay masked, the act audited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from app.actions.desk import Desk, require_way_out
from app.domain.accounts import mask_account
from app.domain.progress import Progress
from app.domain.records import KINDS, Type
from app.domain.text import show_amount
from app.store import audit
from app.store.opened import Opened
from app.ui.jobs import Jobs
from app.ui.moments import show_moment
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Column, Made
from app.ui.papers.page import printer_or_file
from app.ui.papers.person_sheet import Facts, Ledger, PersonSheet, print_person, write_person
from app.ui.person.events import tell, why_words
from app.ui.person.facts import group_name, who
from app.ui.person.file import File
from app.ui.person.profile import profile_parts
from app.ui.proving import asking
from app.ui.values import show_value
from app.words import gettext as _


def print_file(owner: QWidget, jobs: Jobs, desk: Desk, file: File, notice: NoticeSlot) -> None:
    """On the office's printer; without one, into a PDF where the officer wants it."""
    where = printer_or_file(owner, _("Save her sheet"), _("person") + ".pdf")
    if where is not None:
        put(owner, jobs, desk, file, where, notice)


def put(
    owner: QWidget, jobs: Jobs, desk: Desk, file: File, where: QPrinter | Path, notice: NoticeSlot
) -> None:
    """There, and say so; her password is asked for when it was typed too long ago."""
    said = _("Her sheet went to the printer.")
    if isinstance(where, Path):
        said = _("Her sheet was saved as {file}.").format(file=where.name)
    jobs.run(
        owner,
        put_out,
        desk,
        file,
        where,
        lane="print",
        done=lambda _none: notice.say(said, tone="ok", icon="tick"),
        failed=asking(
            owner,
            _("Let her sheet leave the register"),
            again=lambda: put(owner, jobs, desk, file, where, notice),
            otherwise=notice.show_error,
        ),
    )


def put_out(_progress: Progress, desk: Desk, file: File, where: QPrinter | Path) -> None:
    """On the printer or as a PDF, and noted; Refusal("proof.wanted").

    Trouble("paper.printer"), ("paper.not_written").
    """
    require_way_out(desk)
    sheet = sheet_of(desk, file)
    if isinstance(where, Path):
        write_person(sheet, where)
    else:
        print_person(sheet, where)
    act = "export" if isinstance(where, Path) else "print"
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, act, kind="person", record=file.person.row.id, detail="sheet")


def sheet_of(desk: Desk, file: File) -> PersonSheet:
    """What stands on it."""
    person = file.person.row
    made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
    below = who(person.sex, person.birth, person.hamlet, desk.clock.today())
    parts = [_part(part.title, file.person.opened, part.fields) for part in profile_parts()]
    return PersonSheet(
        made,
        person.name,
        below,
        [*parts, _rights(desk, file), _accounts(desk, file), _papers(file), _history(desk, file)],
    )


def _part(title: str, opened: Opened, names: Sequence[str]) -> Facts:
    rows = []
    for declared in KINDS["person"].fields:
        if declared.name not in names:
            continue
        words = _(f"field.person.{declared.name}")
        if declared.type is Type.MEMBERS:
            had = [m for m in declared.choices if opened.values.get(f"{declared.name}/{m}")]
            rows.append((words, "; ".join(_(f"choice.person.{declared.name}.{m}") for m in had)))
            continue
        value = opened.values.get(declared.name)
        rows.append((words, show_value("person", declared.name, value) if value is not None else ""))
    return Facts(title, tuple(rows))


def _rights(desk: Desk, file: File) -> Ledger:
    rows = []
    for right in file.person.entitlements:
        values = right.values
        amount = show_amount(int(values.get("amount") or 0))
        shown = [
            show_value("entitlement", n, values[n]) if values.get(n) else "" for n in ("since", "decision")
        ]
        state = _(f"choice.entitlement.state.{values.get('state') or 'active'}")
        rows.append((group_name(str(values.get("group") or ""), desk.reference), amount, *shown, state))
    columns = (
        Column(_("field.entitlement.group")),
        Column(_("field.entitlement.amount"), is_figure=True),
        Column(_("field.entitlement.since")),
        Column(_("field.entitlement.decision")),
        Column(_("State")),
    )
    return Ledger(_("What she receives"), columns, tuple(rows), _("nothing decided"))


def _accounts(desk: Desk, file: File) -> Ledger:
    rows = []
    for account in file.person.accounts:
        values = account.opened.values
        provider = show_value("account", "provider", values.get("provider"), desk.reference)
        number, holder = mask_account(str(values.get("number") or "")), str(values.get("holder") or "")
        rows.append((provider, number, holder, _(f"account.{account.standing}")))
    names = (_("Bank or provider"), _("Account number"), _("Name on the account"), _("State"))
    return Ledger(_("Accounts"), tuple(map(Column, names)), tuple(rows), _("no account yet"))


def _papers(file: File) -> Ledger:
    """Which photos and papers are kept of her; not what they show."""
    rows = []
    for each in file.person.attachments:
        values = each.opened.values
        told = [show_value("attachment", name, values.get(name)) for name in ("purpose", "taken", "state")]
        rows.append((*told, str(values.get("note") or "")))
    names = (_("field.attachment.purpose"), _("field.attachment.taken"), _("State"), _("Note"))
    return Ledger(_("tab.documents"), tuple(map(Column, names)), tuple(rows), _("none kept"))


def _history(desk: Desk, file: File) -> Ledger:
    rows = []
    for told in tell(file, file.lines, desk.reference):
        event, hand = told.event, told.hand
        change = f"{event.before} → {event.after}" if event.before else event.after
        who_why = f"{file.names.officer(hand.author)}, {why_words(hand.reason)}"
        rows.append((show_moment(hand.at), event.field, change, who_why))
    names = (_("When"), _("Field"), _("Change"), _("Who and why"))
    heading = _("History, not all of which has come yet") if file.arriving else _("History")
    return Ledger(heading, tuple(map(Column, names)), tuple(rows), _("nothing written"))
