"""Which passwords are taken: eight signs or more, and none of those that are tried first.

No composition rules: they make people write passwords down. Long ones are welcome.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from app.domain.errors import Refusal
from app.domain.text import fold
from app.resources import resource

SHORTEST = 8
LONGEST = 1024
_AROUND = re.compile(r"[\W\d_]+")
_BIRTHDAY = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d")
_RANKS = ("", "xa", "phuong", "thitran", "dackhu")


def check_password(password: str, names: Iterable[str]) -> None:
    """Refusal("password.too_short"), ("password.too_long") or ("password.too_common").

    Too common: in `resources/policy/denied_passwords.txt`, one or two signs over and over, a
    birthday, or one of `names` (the commune, the officer) with figures or signs around it.
    """
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < SHORTEST:
        raise Refusal("password.too_short", field="password", least=SHORTEST)
    if len(plain) > LONGEST:
        raise Refusal("password.too_long", field="password", most=LONGEST)
    whole = fold(plain).replace(" ", "")
    denied = _denied() | {rank + _letters(name) for name in names for rank in _RANKS}
    repeated = len(set(whole)) <= 2
    if repeated or _BIRTHDAY.fullmatch(whole) or not denied.isdisjoint({whole, _letters(whole) or whole}):
        raise Refusal("password.too_common", field="password")


def _letters(text: str) -> str:
    return _AROUND.sub("", fold(text))


def _denied() -> set[str]:
    lines = resource("policy/denied_passwords.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}
