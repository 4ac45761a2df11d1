"""The verbs, in the order that --help shows them, and the one meant when none is typed."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from typing import Protocol, TypeAlias

from app.cli import (
    accounts,
    approvals,
    backups,
    central,
    desk,
    doctor,
    forms,
    handover,
    importing,
    personal,
    surveys,
    training,
    verifying,
)

Verbs: TypeAlias = "_SubParsersAction[ArgumentParser]"


class Verb(Protocol):
    """What `frame` asks of a module."""

    def add_to(self, verbs: Verbs) -> None:
        """Declare the verb's arguments, and the function that runs it."""


VERBS: tuple[Verb, ...] = (
    desk,
    importing,
    handover,
    approvals,
    accounts,
    training,
    forms,
    surveys,
    doctor,
    verifying,
    backups,
    personal,
    central,
)
DEFAULT = desk.run
