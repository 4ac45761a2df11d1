"""The programme data in force at this process: looked at in each exchange, read when another is published."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.central.keys import Keys
from app.domain.errors import Refusal
from app.domain.roles import Rights
from app.resources import load_rights, published_rights
from app.seal.certificates import Trust
from app.store import programmes
from app.sync.programme import read_programme

UNREADABLE = (Refusal, ValueError, KeyError, TypeError, AttributeError, IndexError)
_log = logging.getLogger("soansinh.central")


@dataclass(frozen=True)
class InForce:
    """The newest version as signed, and who may do what by it; version 0 while all is as shipped."""

    version: int
    signed: bytes
    rights: Rights


AS_SHIPPED = InForce(0, b"", load_rights())


class Programmes:
    """The data in force at this process."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._held = AS_SHIPPED

    def in_force(self, connection: Connection) -> InForce:
        """What counts now: looked at each time, read when it is another."""
        version = programmes.version(connection)
        found = programmes.newest(connection) if version != self._held.version else None
        if found is not None:
            files = read_programme(found.signed, trust(self._keys)).files
            self._held = InForce(found.version, found.signed, self._rights(files))
        return self._held

    def _rights(self, files: Mapping[str, str]) -> Rights:
        try:
            return published_rights(files)
        except UNREADABLE:  # a newer program published them: this process goes on by what it had
            _log.warning("programme unreadable")
            return self._held.rights


def trust(keys: Keys) -> Trust:
    """The centre's keys as laptops believe them."""
    return Trust.established(keys.root_fingerprint, keys.certificates)
