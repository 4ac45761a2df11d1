"""Which communes the operator's page shows: what was asked for, page by page, with their totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.text import fold
from app.store.overview import CommuneLine

PAGE = 25
_DAY_MS = 24 * 3600 * 1000
LATE_DAYS = (7, 14, 21)


@dataclass(frozen=True)
class Wanted:
    """What the form of the page asks for; `open`: the commune opened, `device`: its laptop to revoke."""

    sought: str = ""
    contact: str = ""
    conflicts: str = ""
    page: int = 1
    open: str = ""
    device: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Wanted:
        """As the address says it; what is odd is left out."""
        number = query.get("page", "1")
        page = int(number) if number.isdecimal() and len(number) < 6 else 1
        sought = query.get("sought", "").strip()[:60]
        contact = query.get("contact", "") if query.get("contact") in ("late", "never") else ""
        conflicts = "open" if query.get("conflicts") == "open" else ""
        return cls(
            sought, contact, conflicts, max(page, 1), query.get("open", "")[:10], query.get("device", "")[:64]
        )


@dataclass(frozen=True)
class Listed:
    """One page of communes, of `found` that were asked for; the totals are of all."""

    lines: Sequence[CommuneLine]
    found: int
    first: int
    pages: int
    communes: int
    laptops: int
    late: int
    conflicts: int


def shown(lines: Sequence[CommuneLine], wanted: Wanted, now_ms: int) -> Listed:
    """The page that is asked for; the last one beyond the end."""
    found = [line for line in lines if _is_wanted(line, wanted, now_ms)]
    pages = max(1, -(-len(found) // PAGE))
    start = (min(wanted.page, pages) - 1) * PAGE
    return Listed(
        found[start : start + PAGE],
        len(found),
        start + 1,
        pages,
        len(lines),
        sum(line.laptops for line in lines),
        sum(days_late(line.last_contact, now_ms) > 0 for line in lines if line.last_contact),
        sum(line.conflicts for line in lines),
    )


def days_late(contact_ms: int, now_ms: int) -> int:
    """How many days a silence has lasted, in the steps it is told in; 0 while it is none."""
    silent = (now_ms - contact_ms) // _DAY_MS
    return max((days for days in LATE_DAYS if silent >= days), default=0)


def _is_wanted(line: CommuneLine, wanted: Wanted, now_ms: int) -> bool:
    if fold(wanted.sought) not in fold(line.name) and wanted.sought not in line.code:
        return False
    if wanted.conflicts and not line.conflicts:
        return False
    if wanted.contact == "never":
        return not line.last_contact
    return wanted.contact != "late" or bool(line.last_contact and days_late(line.last_contact, now_ms))
