"""An operator's password opens the centre's page, and what is kept of it opens nothing."""

from __future__ import annotations

import unicodedata

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
