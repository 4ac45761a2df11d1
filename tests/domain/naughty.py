"""Text that has broken programs: the Big List of Naughty Strings (MIT, see tests/data), and more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies

from app.domain.errors import Refusal

# The list without its one entry that names a local file: no committed file may look like it does.
NAUGHTY: list[str] = json.loads((Path(__file__).parent.parent / "data" / "blns.json").read_text("utf-8"))

_VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
vietnamese_words = strategies.text(_VIETNAMESE + _VIETNAMESE.upper(), min_size=1, max_size=7)
names = strategies.lists(vietnamese_words, min_size=1, max_size=4).map(" ".join)
digits_and_noise = strategies.text("0123456789 ./-,'+()|ốễAZđ<", max_size=40)
anything = strategies.one_of(
    strategies.sampled_from(NAUGHTY),
    strategies.text(max_size=80),
    strategies.text(strategies.characters(categories=["Cs", "Cc", "Mn", "Lu", "Nd"]), max_size=20),
    digits_and_noise,
    names,
)


def refusal_of(call: Callable[[], object]) -> str:
    """The code it was refused with, or nothing."""
    try:
        call()
    except Refusal as refusal:
        return refusal.code
    return ""
