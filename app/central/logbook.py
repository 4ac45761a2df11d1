"""One line of JSON for each visit: which commune, which laptop, how much, how long, how it ended.

No name, number or value of a person ever stands in it; a failure says where it happened in
the code and not what the exception said, for that may hold a value.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.central import metrics
from app.domain.errors import Coded, Fact
from app.seal.statements import utc

_log = logging.getLogger("soansinh.central")


@dataclass
class Visit:
    """What is noted while a request is served."""

    facts: dict[str, Fact] = field(default_factory=dict)

    def note(self, **facts: Fact) -> None:
        """Remember something for the line written at the end."""
        self.facts |= facts


@contextmanager
def visit(what: str, bytes_in: int) -> Iterator[Visit]:
    """Note a visit to its end, whatever it is."""
    noted, start, outcome = Visit({"bytes_in": bytes_in}), time.monotonic(), "bug"
    try:
        yield noted
        outcome = "done"
    except Coded as error:
        outcome = error.code
        raise
    finally:
        seconds = time.monotonic() - start
        metrics.count(what, outcome, seconds, dict(noted.facts))
        noted.note(outcome=outcome, ms=round(seconds * 1000))
        _log.info(what, extra={"facts": noted.facts})


def turned_away(what: str, code: str) -> None:
    """Note somebody who did not get as far as a visit: at the gate, or without a session."""
    metrics.count(what, code, 0.0, {})
    _log.info(what, extra={"facts": {"outcome": code}})


class _Line(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": utc(int(record.created * 1000)),
            "level": record.levelname,
            "what": record.getMessage(),
        }
        said |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            said["bug"] = record.exc_info[0].__name__
            said["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(said, ensure_ascii=False)


def write_to_standard_error() -> None:
    """Send every line of this process there: whoever runs the service keeps it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
