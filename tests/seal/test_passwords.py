"""An operator's password opens the centre's page, and what is kept of it opens nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from threading import Condition, Thread

import pytest

from app.seal import passwords
from app.seal.passwords import hash_password, is_password

PASSWORD = "Bản Phố mùa ngô"


def test_only_the_password_is_the_password() -> None:
    kept = hash_password(PASSWORD)
    assert PASSWORD not in kept
    assert kept.startswith("$argon2id$")
    assert "m=65536,t=3" in kept
    assert hash_password(PASSWORD) != kept  # a salt of its own
    assert is_password(kept, PASSWORD) is True
    assert is_password(kept, unicodedata.normalize("NFD", PASSWORD)) is True
    assert is_password(kept, PASSWORD + " ") is False


def test_what_is_no_kept_password_opens_to_nobody() -> None:
    for kept in ("", PASSWORD, "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$x"):
        assert is_password(kept, PASSWORD) is False
        assert is_password(kept, "") is False


@dataclass
class Crowd:
    """In the place of Argon2id: who is inside stays until two are, and looks whether a third comes."""

    inside: int = 0
    most: int = 0
    moved: Condition = field(default_factory=Condition)

    def verify(self, _kept: str, _password: str) -> bool:
        with self.moved:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.moved.notify_all()
            self.moved.wait_for(lambda: self.most >= 2, timeout=5)
            self.moved.wait_for(lambda: self.most > 2, timeout=0.2)
            self.inside -= 1
        return True


def test_of_a_crowd_at_the_door_two_are_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MiB: so many make no centre fall, and one alone would let all others wait."""
    crowd = Crowd()
    monkeypatch.setattr(passwords, "_HASHER", crowd)
    people = [Thread(target=is_password, args=("kept", PASSWORD)) for _ in range(6)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert crowd.most == 2
