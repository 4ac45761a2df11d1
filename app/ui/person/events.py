"""A person's history put into words: one event a field, or one for a record that was made at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.domain.reasons import code_of
from app.domain.records import Type, Value, field_of
from app.domain.reference import Reference
from app.store.disputes import Hand
from app.store.history import Fate, Line
from app.ui.moments import show_day, show_moment, show_time
from app.ui.parts.timeline import Day, Dot, Event
from app.ui.person.facts import group_words
from app.ui.person.file import File
from app.ui.pointing import account_words
from app.ui.theme import Tone, look
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _

# fate → verdict word, icon, tone, dot (look.md, Verdict words)
_VERDICTS: dict[Fate, tuple[str, str, Tone, Dot]] = {
    Fate.WAITING: ("waiting", "ring", "neutral", "waiting"),
    Fate.APPLIED: ("applied", "tick", "ok", "in_force"),
    Fate.SAME: ("applied", "tick", "ok", "in_force"),
    Fate.REPLACED: ("superseded", "replaced", "neutral", "replaced"),
    Fate.SUPERSEDED: ("superseded", "replaced", "neutral", "replaced"),
    Fate.CONFLICT: ("conflict", "triangle", "bad", "conflict"),
    Fate.REFUSED: ("refused", "cross", "bad", "conflict"),
}
_PROPOSED: dict[str, tuple[str, str, Tone, Dot]] = {
    "proposed": ("proposed", "clock", "warn", "waiting"),
    "refused": ("refused", "cross", "bad", "conflict"),
    "withdrawn": ("withdrawn", "undo", "neutral", "replaced"),
}
_WORST = (Fate.CONFLICT, Fate.REFUSED, Fate.WAITING, Fate.APPLIED, Fate.SAME)
_FOLDED_FROM = 4
_SILENT = frozenset(
    {
        ("proposal", "proposer"),
        ("proposal", "person"),
        ("proposal", "agreed"),
        ("conflict", "seq"),
        *(("attachment", name) for name in ("about", "sha256", "size", "media")),
    }
)


@dataclass(frozen=True)
class Told:
    """An event of the timeline, the save behind it, its verdict's word, and where it was written."""

    event: Event
    hand: Hand
    verdict: str
    origin: Mapping[str, str | int]


def tell(file: File, lines: Sequence[Line], reference: Reference) -> list[Told]:
    """Lines (newest first) as events."""
    teller = _Teller(file, reference)
    told: list[Told] = []
    for _key, group in groupby(lines, key=lambda line: (line.hand.set_id, line.kind, line.record)):
        shown = [line for line in group if _is_told(line)]
        is_new = all(line.old is None for line in shown)
        made = is_new and (len(shown) >= _FOLDED_FROM or (shown and shown[0].kind == "attachment"))
        if not shown or (is_new and shown[0].kind in ("proposal", "consent")):
            continue  # the account's own event says what was proposed, and its card the consent
        told += [teller.record(shown)] if made else [teller.line(line) for line in shown]
    return told


def days_of(told: Iterable[Told], now: datetime) -> list[Day]:
    """Events under their days."""
    days = groupby(told, key=lambda each: show_day(each.hand.at, now))
    return [Day(words, [each.event for each in day]) for words, day in days]


def why_words(reason: str) -> str:
    """A reason of the program in words, an officer's own in quotes."""
    key = f"reason.{code_of(reason)}"
    known = _(key)
    return f"“{reason}”" if known == key else known


def _is_told(line: Line) -> bool:
    """Links that only tie records together, and sealed contents, say nothing to an officer."""
    field = field_of(line.kind, line.field)
    if field is None or field.type is Type.SEALED or (line.kind, line.field) in _SILENT:
        return False
    return line.field != "person"


class _Teller:
    """Finds words for the lines of one file."""

    def __init__(self, file: File, reference: Reference) -> None:
        self._file, self._reference = file, reference
        self._accounts = {account.opened.record: account for account in file.person.accounts}

    def record(self, lines: Sequence[Line]) -> Told:
        """A record made at once: what it is, and how many fields; they unfold."""
        first = lines[0]
        fates = {line.fate for line in lines}
        worst = next((fate for fate in _WORST if fate in fates), Fate.REPLACED)
        verdict = self._verdict(first, worst)
        values = {line.field: line.new for line in lines}
        count = counted("{count} field", "{count} fields", len(lines))
        after = " · ".join(part for part in (self._made(first, values), count) if part)
        details = [(self._label(line), self._value(line, line.new)) for line in reversed(lines)]
        kind = _("tab.profile") if first.kind == "person" else _(f"kind.{first.kind}")
        return self._told(first, (kind, "", after), verdict, details)

    def line(self, line: Line) -> Told:
        """One field moved."""
        verdict = self._verdict(line, line.fate)
        before, after = (self._value(line, value) for value in (line.old, line.new))
        return self._told(line, (self._label(line), before, after), verdict, [])

    def _told(
        self,
        line: Line,
        change: tuple[str, str, str],
        verdict: tuple[str, str, Tone, Dot],
        details: list[tuple[str, str]],
    ) -> Told:
        word, icon, tone, dot = verdict
        who = f"{self._file.names.by(line.hand)} · {why_words(line.hand.reason)}"
        if line.by is not None and line.fate in (Fate.REPLACED, Fate.SUPERSEDED):
            who += " · " + _("replaced by that of {moment}").format(moment=show_moment(line.by.at))
        field, before, after = change
        event = Event(
            f"{line.hand.set_id}/{line.record}/{line.field}",
            show_time(line.hand.at),
            field,
            _short(before),
            _short(after),
            who,
            dot,
            (_(f"verdict.{word}"), icon, tone),
            [*details, *self._behind(line, change)],
        )
        origin: dict[str, str | int] = {
            "number": line.number,
            "machine": self._file.names.machine(line.hand.device),
        }
        return Told(event, line.hand, word, origin)

    def _verdict(self, line: Line, fate: Fate) -> tuple[str, str, Tone, Dot]:
        """An account at the centre is no more in force than its proposal."""
        account = self._accounts.get(line.record)
        if account is not None and fate in (Fate.APPLIED, Fate.SAME) and account.standing in _PROPOSED:
            return _PROPOSED[account.standing]
        return _VERDICTS[fate]

    def _behind(self, line: Line, change: tuple[str, str, str]) -> list[tuple[str, str]]:
        """What its author had seen, what it stands against, where it stands in the journal, its signature."""
        _field, before, after = change
        rows = []
        if before:
            words = self._seen(line)
            rows.append((_("Written over"), words if line.old is None else f"{before} ({words})"))
        if len(after) > _limit():
            rows.append((_("In full"), after))
        if line.fate is Fate.CONFLICT:
            rows.append((_("Against"), self._against(line)))
        if line.why:
            rows.append((_("Refused because"), _(f"verdict.why.{line.why}")))
        where = _("save {number} of {machine}").format(
            number=line.number, machine=self._file.names.machine(line.hand.device)
        )
        if line.seq is not None:
            where += " · " + _("line {seq} of the register").format(seq=line.seq)
        return [*rows, (_("Origin"), where), (_("Signature"), self._signature(line.hand))]

    def _seen(self, line: Line) -> str:
        if line.seen is None:
            return _("nothing stood there")
        if isinstance(line.seen, int):
            return _("line {seq} of the register").format(seq=line.seen)
        return _("a save that waited on the same machine")

    def _against(self, line: Line) -> str:
        """The value that stands, whose, and when: both are shown, people decide."""
        for dispute in self._file.person.conflicts:
            if dispute.came_by.set_id == line.hand.set_id and dispute.field == line.field:
                stands = self._value(line, dispute.stands)
                if dispute.stands_by is None:
                    return stands
                by, at = self._file.names.by(dispute.stands_by), show_moment(dispute.stands_by.at)
                return _("{value}, written by {who} at {moment}").format(value=stands, who=by, moment=at)
        return _("decided since")

    def _signature(self, hand: Hand) -> str:
        is_sound = self._file.signed.get(hand.set_id)
        if is_sound is None:
            return _("her key is not known on this machine")
        name = self._file.names.officer(hand.author)
        return (
            _("right, {name}'s").format(name=name) if is_sound else _("WRONG: not {name}'s").format(name=name)
        )

    def _label(self, line: Line) -> str:
        words = _(f"field.{line.kind}.{line.field.partition('/')[0]}")
        return words if line.kind == "person" else f"{_(f'kind.{line.kind}')} · {words}"

    def _value(self, line: Line, value: Value) -> str:
        if "/" in line.field:
            words = show_value(line.kind, line.field, True)
            return words if value else _("without {what}").format(what=words.lower())
        if value is not None and line.field == "receiving_account":
            account = self._accounts.get(str(value))
            known = account.opened.values if account else {}
            return account_words(known, self._reference) if known else _("an account not known here")
        if value is not None and line.kind == "alias" and line.field == "survivor":
            return self._file.person.row.name if value == self._file.person.row.id else _("another one")
        if value is not None and line.field == "household":
            return (
                _("household of {head}").format(head=self._file.head)
                if self._is_hers(value)
                else _("another one")
            )
        return show_value(line.kind, line.field, value, self._reference)

    def _is_hers(self, household: Value) -> bool:
        known = self._file.person.household
        return known is not None and known.opened.record == household

    def _made(self, line: Line, values: Mapping[str, Value]) -> str:
        """What a new record is, in a few words."""
        if line.kind == "account":
            return account_words(values, self._reference)
        if line.kind == "entitlement":
            return group_words((str(values.get("group") or ""),), self._reference)
        if line.kind == "attachment":
            return show_value("attachment", "purpose", values.get("purpose"))
        return _("entered") if line.kind == "person" else ""


def _limit() -> int:
    """Letters of a value that fit on the event's line."""
    return 44 if look().factor < 1.25 else 26


def _short(words: str) -> str:
    limit = _limit()
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"
