"""The list of accounts in force: told from signed sets and verdicts, never from rows; shown, then issued.

Until payment rounds exist this list is what an office pays by. What looking the register over found
stands beside it; a journal that does not hold gives no list (design/security.md, The chain).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from app.actions.desk import Desk, require_everybody, require_way_out
from app.domain.dates import PartialDate
from app.domain.errors import Refusal
from app.domain.hybrid_clock import milliseconds
from app.domain.in_force import LeftOff, Line, digest_of
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.text import show_amount, sort_key
from app.sheets import writer
from app.sheets.writer import Holds
from app.store import paid, place, queue
from app.store.paid import Issued
from app.sync.policy import officer_names
from app.sync.verifying import Register, Report
from app.words import gettext as _
from app.words import ngettext

RECENT_DAYS = 7
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Listed:
    """One line as an officer reads it. `flags`: moved or rewritten (since the last list), recent, shared."""

    line: Line
    proposed_by: str
    approved_by: str
    approved: datetime
    flags: tuple[str, ...]


@dataclass(frozen=True)
class AccountList:
    """All of it at one seq. `last`: the list that left before; `names`: of whoever is left off.

    `is_stopped`: the journal itself does not hold, see `report`; then nobody is on the list.
    """

    seq: int
    made: datetime
    lines: tuple[Listed, ...]
    left: tuple[LeftOff, ...]
    names: Mapping[str, str]
    total: int
    digest: str
    last: Issued | None
    report: Report
    is_stopped: bool

    def flagged(self, flag: str) -> list[Listed]:
        """The lines to look at twice: moved, rewritten, recent or shared."""
        return [each for each in self.lines if flag in each.flags]

    def left_by_reason(self) -> dict[str, int]:
        """How many are left off, for each reason."""
        whys = [each.why for each in self.left]
        return {why: whys.count(why) for why in dict.fromkeys(whys)}


def accounts_in_force(progress: Progress, desk: Desk) -> AccountList:
    """Derived now, from the first entry of the journal on; changes nothing. Each step can be cancelled.

    Denied("right.sight") for an officer who does not see everybody; ("commune.merged") from the month on
    for which another commune pays this one's people.
    """
    require_everybody(desk, "list")
    now = desk.clock.now()
    with desk.vault.whole() as connection:
        into, _blank, month = place.here(connection).merged.partition(" ")
        if into and month <= desk.clock.today().isoformat()[:7]:
            raise Refusal("commune.merged", into=into)
        register = Register.of(connection, desk.folder, desk.officer_key, desk.reference.rights)
        found = register.in_force(progress, desk.clock.today())
        last, called = paid.last(connection), officer_names(connection)
        names = queue.names(connection, {each.person for each in found.left})
    since, written = (last.seq if last else found.seq), last.seq if last else 0
    recent = int(now.timestamp() * 1000) - RECENT_DAYS * _DAY_MS
    ordered = sorted(found.lines, key=lambda line: (sort_key(str(line.who.get("name") or "")), line.person))
    looked = _Looked(since, written, recent)
    lines = tuple(_listed(line, called, looked, now.tzinfo) for line in ordered)
    total, digest = sum(line.amount for line in found.lines), digest_of(found.lines)
    known = (found.seq, now, lines, found.left, names)
    return AccountList(*known, total, digest, last, found.report, found.is_stopped)


@dataclass(frozen=True)
class _Looked:
    """Since when a line is looked at twice: seqs, and a moment in milliseconds."""

    moved: int
    rewritten: int
    recent: int

    def flags(self, line: Line) -> tuple[str, ...]:
        known = {
            "moved": line.moved_since(self.moved),
            "rewritten": line.rewritten_since(self.rewritten),
            "recent": line.moved_after(self.recent),
            "shared": line.shared > 0,
        }
        return tuple(name for name, is_so in known.items() if is_so)


def _listed(line: Line, called: Mapping[str, str], looked: _Looked, zone: tzinfo | None) -> Listed:
    proposed = ", ".join(called.get(officer, officer) for officer in sorted(line.paid.proposers))
    approver = called.get(line.paid.approver, line.paid.approver)
    approved = datetime.fromtimestamp(milliseconds(line.paid.clock) / 1000, zone)
    return Listed(line, proposed, approver, approved, looked.flags(line))


def issue(desk: Desk, made: AccountList) -> None:
    """A list leaves the register: into the log, with count, total and digest.

    Refusal("list.unsound") when the journal does not hold; Refusal("proof.wanted") unless its officer typed
    her password a moment ago.
    """
    require_way_out(desk)
    if made.is_stopped:
        raise Refusal("list.unsound", count=len(made.report.faults))
    with desk.vault.write() as connection:
        paid.note(connection, desk.officer.id, made.seq, len(made.lines), made.total, made.digest)


def write_accounts(progress: Progress, desk: Desk, made: AccountList, path: Path) -> int:
    """The workbook, account numbers as text; noted before it is written. The refusals of `issue`."""
    issue(desk, made)
    columns = [
        writer.Column(_("No."), 6, Holds.NUMBER),
        writer.Column(_("Full name"), 28),
        writer.Column(_("Born"), 12, Holds.DATE),
        writer.Column(_("field.person.personal_id"), 16),
        writer.Column(_("Hamlet"), 20),
        writer.Column(_("field.account.provider"), 18),
        writer.Column(_("field.account.number"), 20),
        writer.Column(_("field.account.holder"), 26),
        writer.Column(_("field.account.payee_name"), 26),
        writer.Column(_("A month, đ"), 14, Holds.AMOUNT),
        writer.Column(_("Officer who proposed"), 22),
        writer.Column(_("Officer who approved"), 22),
        writer.Column(_("Approved on"), 12, Holds.DATE),
        writer.Column(_("To look at"), 34),
    ]
    return writer.write_list(path, titles(desk, made), columns, _rows(desk, made), progress)


def titles(desk: Desk, made: AccountList) -> list[str]:
    """What stands above a list, on paper and in a workbook: count, total, digest, who is left off."""
    counts = {"count": show_amount(len(made.lines)), "total": show_amount(made.total)}
    said = [
        _("Accounts in force"),
        f"{desk.commune.name} · {made.made:%d/%m/%Y %H:%M} · {desk.officer.name}",
        ngettext(
            "{count} person, {total} đ a month", "{count} people, {total} đ a month", len(made.lines)
        ).format(**counts),
        _("Digest {digest}, at entry {seq}").format(digest=made.digest, seq=made.seq),
    ]
    for why, count in made.left_by_reason().items():
        said.append(_(f"list.left.{why}").format(count=show_amount(count)))
    return said


def provider_name(desk: Desk, code: Value) -> str:
    """A bank, wallet or mobile money by its short name."""
    found = desk.reference.providers.by_code.get(str(code))
    return found.short_name if found else str(code or "")


def _rows(desk: Desk, made: AccountList) -> Iterator[tuple[writer.Value, ...]]:
    for at, each in enumerate(made.lines, 1):
        who, cells = each.line.who, each.line.cells
        born, day = who.get("birth"), each.approved
        yield (
            at,
            _text(who.get("name")),
            PartialDate.parse(str(born)) if born else None,
            _text(who.get("personal_id")),
            _text(who.get("hamlet")),
            provider_name(desk, cells.get("provider")),
            _text(cells.get("number")),
            _text(cells.get("holder")),
            _text(cells.get("payee_name")),
            each.line.amount or None,
            each.proposed_by,
            each.approved_by,
            PartialDate(day.year, day.month, day.day),
            "; ".join(_(f"list.flag.{flag}") for flag in each.flags),
        )


def _text(value: Value) -> str | None:
    return str(value) if value is not None else None
