"""A password typed again at an open register: what approving, exporting and revealing ask for.

A colleague's unlocked screen is not her word; her password, a moment ago, is.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Refusal
from app.store.keyslots import KeyFile, Unlocked
from app.store.throttle import Moment


@dataclass(frozen=True)
class Proof:
    """That an officer typed her password at some moment; a `Prover` alone makes one."""

    officer: str
    at: Moment

    def require(self, officer: str, now: Moment, within_s: int) -> None:
        """Refusal("proof.wanted") when it is another's, or older than so many seconds."""
        passed = now.up - self.at.up
        if self.officer != officer or self.at.boot != now.boot or not 0 <= passed <= within_s:
            raise Refusal("proof.wanted")


class Prover:
    """Takes one officer's password while she is at work, and knows when she last typed it.

    Coming in was the first time. `prover(password)` is slow on purpose: it runs in a job. `unlocked`:
    what her slot gave her, as it now is.
    """

    def __init__(self, keyfile: KeyFile, unlocked: Unlocked, now: Moment) -> None:
        self.keyfile = keyfile
        self.renew(unlocked, now)

    def renew(self, unlocked: Unlocked, now: Moment) -> None:
        """She has just come in, or changed her password."""
        self.unlocked = unlocked
        self.latest = Proof(unlocked.officer.id, now)

    def __call__(self, password: str, now: Moment | None = None) -> Proof:
        """Her word for what she does next: refusals and counted tries as of `KeyFile.unlock`.

        Refusal("keyfile.put_back") when another slot of hers lies there than the one she came in by.
        """
        now, came_in = now or Moment.now(), self.unlocked
        again = self.keyfile.unlock(came_in.officer.id, password, now)
        is_same = again.officer == came_in.officer and again.database_key == came_in.database_key
        if not is_same or again.slot_number < came_in.slot_number:
            raise Refusal("keyfile.put_back")
        self.latest = Proof(came_in.officer.id, now)
        return self.latest
