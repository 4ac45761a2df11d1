"""Numbers for whoever watches the service: visits by what and how they ended, seconds, bytes.

One process counts in memory; where several serve one port, PROMETHEUS_MULTIPROC_DIR names the
folder in which prometheus-client joins them. No label names a commune, a laptop or a person.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60)

_registry = CollectorRegistry()
_visits = Counter("soansinh_visits", "Visits, by what was asked and how it ended", ["what", "outcome"],
                  registry=_registry)  # fmt: skip
_seconds = Histogram("soansinh_visit_seconds", "How long a visit took", ["what"], buckets=_SECONDS,
                     registry=_registry)  # fmt: skip
_bytes_in = Counter("soansinh_received_bytes", "Bytes of bodies received", ["what"], registry=_registry)
_bytes_out = Counter("soansinh_attachment_bytes", "Bytes of attachments that laptops fetched",
                     registry=_registry)  # fmt: skip
_sets = Counter("soansinh_sets", "Change sets that laptops pushed", registry=_registry)
_entries = Counter("soansinh_entries", "Journal entries that laptops were given", registry=_registry)


def count(what: str, outcome: str, seconds: float, facts: dict[str, object]) -> None:
    """Note one visit from what the log says of it."""
    _visits.labels(what, outcome).inc()
    _seconds.labels(what).observe(seconds)
    _bytes_in.labels(what).inc(_number(facts, "bytes_in"))
    _bytes_out.inc(_number(facts, "bytes_out"))
    _sets.inc(_number(facts, "sets"))
    _entries.inc(_number(facts, "entries"))


def _number(facts: dict[str, object], name: str) -> int:
    found = facts.get(name, 0)
    return found if isinstance(found, int) else 0


def written() -> bytes:
    """Everything counted, in Prometheus's text format."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(_registry)
    joined = CollectorRegistry()
    MultiProcessCollector(joined)  # type: ignore[no-untyped-call]
    return generate_latest(joined)
