"""A breach of personal data, reported from the log: what was done in a time, by whom, about how many.

The specialised body is to be told within 72 hours of discovery (Law 91/2025/QH15, Art. 23). The report
says what the log knows, counts and codes alone: no person's name or number stands in it, so it can be
handed on as it is. What the log cannot know is left for whoever signs it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.actions.desk import Desk, require_everybody, require_lately_proved
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import audit, exchanges, outbox, place, queries, witness
from app.store.audit import Deed
from app.store.disk import write_whole
from app.store.listing import Listing

FORM = "soansinh.breach.1"
NOTIFY_WITHIN = timedelta(hours=72)
LEAVING = ("export", "print", "reveal", "list")
_PEOPLE = "people="


@dataclass(frozen=True)
class Span:
    """What is asked: since when, until when, and when it was found out."""

    since: datetime
    until: datetime
    found: datetime


@dataclass(frozen=True)
class Report:
    """What the log knows of that time.

    `acts`: how often each was done, by act and officer; `people`: records of people that were looked at
    or left one by one; `listed`: the longest list that left; `held`: people in the register, at most
    concerned; `log_holds`: whether the log's chain is whole, and goes as far as it did; `denied`: what roles
    forbade.
    """

    span: Span
    commune: str
    device: str
    acts: Mapping[tuple[str, str], int]
    people: int
    listed: int
    wrong_tries: int
    held: int
    unsent: int
    last_contact: datetime | None
    log_holds: bool
    deeds: Sequence[Deed]
    denied: Sequence[Deed]

    @property
    def due(self) -> datetime:
        """By when the specialised body must have it."""
        return self.span.found + NOTIFY_WITHIN


def prepare(progress: Progress, desk: Desk, span: Span) -> Report:
    """The report of a time. Refusal("breach.span") when it ends before it begins or after it was found."""
    require_everybody(desk, "breach_report")
    require_lately_proved(desk)
    if not span.since <= span.until or span.until > span.found:
        raise Refusal("breach.span", field="since")
    progress.step(0, 2, "Reading the log")
    with desk.vault.read() as connection:
        deeds = audit.between(connection, span.since, span.until)
        mark = witness.recall(desk.folder)
        holds = audit.verify(connection, mark.log_head if mark else None) is None
        progress.step(1, 2)
        held = len(queries.ids(connection, Listing()))
        unsent = outbox.waiting(connection)
        done = next(
            (each.at for each in exchanges.recent(connection) if each.outcome == exchanges.DONE), None
        )
        device = place.read_text(connection, "device")
    with desk.vault.write() as connection:
        detail = f"since={_utc(span.since)}"
        audit.note(connection, desk.officer.id, "breach_report", detail=detail)
    leaving = [deed for deed in deeds if deed.act in LEAVING]
    return Report(
        span,
        desk.commune.code,
        device,
        Counter((deed.act, deed.officer) for deed in deeds),
        len({deed.record for deed in leaving if deed.record}),
        max((_people(deed) for deed in leaving), default=0),
        sum(_number(deed.detail, "wrong_tries=") for deed in deeds),
        held,
        unsent,
        done,
        holds,
        leaving,
        [deed for deed in deeds if deed.act == audit.DENIED],
    )


def write_for_machines(_progress: Progress, desk: Desk, report: Report, path: Path) -> None:
    """As JSON, whole on the disk. Refusal("proof.wanted"): it may lie on the screen a while."""
    require_lately_proved(desk)
    said = {
        "form": FORM,
        "commune": report.commune,
        "device": report.device,
        "since": _utc(report.span.since),
        "until": _utc(report.span.until),
        "found": _utc(report.span.found),
        "due": _utc(report.due),
        "acts": [{"act": act, "officer": who, "count": n} for (act, who), n in sorted(report.acts.items())],
        "people": report.people,
        "listed": report.listed,
        "wrong_tries": report.wrong_tries,
        "held": report.held,
        "unsent": report.unsent,
        "last_contact": _utc(report.last_contact) if report.last_contact else "",
        "log_holds": report.log_holds,
        "deeds": [_said(deed) for deed in report.deeds],
        "denied": [_said(deed) for deed in report.denied],
    }
    write_whole(path, json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode())


def _said(deed: Deed) -> dict[str, str | int]:
    told = {"at": deed.at, "officer": deed.officer, "act": deed.act, "kind": deed.kind, "what": deed.detail}
    return {"no": deed.no, **told}


def _people(deed: Deed) -> int:
    """How many were on a list that left, as its own line says."""
    return max(_number(deed.detail, _PEOPLE), _number(deed.detail, " count="))


def _number(detail: str, name: str) -> int:
    _, found, rest = detail.partition(name)
    digits = rest.split(" ")[0]
    return int(digits) if found and digits.isdecimal() else 0


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
