"""A training centre in a process of its own, and laptops that join it over TLS."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.central.training import READY
from app.seal.enrolment import EnrolmentCode
from app.sync import enrolment, https
from app.sync.https import HttpsCarrier
from app.sync.policy import centre_of
from tests.central.laptops import Laptop

TRAINING = "T0001"


@dataclass
class Running:
    """A served centre in a process of its own."""

    process: subprocess.Popen[bytes]
    code: EnrolmentCode


@contextmanager
def served(folder: Path) -> Iterator[Running]:
    """The training centre of a folder; at the end it is asked to stop, and stops well."""
    command = [sys.executable, "-m", "app", "central", "training", str(folder), "--name", "Xã Mường Sen"]
    ready = folder / READY
    ready.unlink(missing_ok=True)
    with (folder / "log").open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            while not ready.exists():
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.02)
            yield Running(process, EnrolmentCode.read(json.loads(ready.read_bytes())["code"]))
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()


def carrier_of(laptop: Laptop, address: str) -> HttpsCarrier:
    with laptop.vault.read() as connection:
        return HttpsCarrier(address, centre_of(connection).tls)


def join(laptop: Laptop, running: Running) -> None:
    with laptop.vault.write() as connection:
        enrolment.keep(connection, https.enrol(running.code, laptop.applicant))
