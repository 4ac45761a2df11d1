"""A slow and simple reading of what the search box promises."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.text import fold, initials, sort_key
from tests.invented import Invented

KINDS_OF_PLACE = ("ban", "thon", "to", "dan", "pho", "so", "xom", "buon")
ONSETS = " b c ch d g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x "


class Oracle:
    """Reads every person for every word, as the docstrings of `typed` and `tokens` promise."""

    def __init__(self, everybody: Sequence[Invented]) -> None:
        self.everybody = everybody
        self.beginnings = {w for who in everybody for w in [*self.named(who), *self.lives(who)]}

    @staticmethod
    def named(who: Invented) -> list[str]:
        split = [fold(piece).replace("'", " ").split() for piece in who.name.split()]
        return [word for parts in split for word in [*parts, "".join(parts)]]

    @staticmethod
    def lives(who: Invented) -> list[str]:
        split = fold(who.hamlet).split()
        while split and split[0] in KINDS_OF_PLACE:
            split.pop(0)
        return split

    @staticmethod
    def place_kinds(who: Invented) -> list[str]:
        return fold(who.hamlet).split()[: len(fold(who.hamlet).split()) - len(Oracle.lives(who))]

    def answers(self, who: Invented, typed: str) -> bool:
        split = typed.split()
        return bool(split) and all(
            self.answers_word(who, word, last=at == len(split) - 1, open_ended=not typed[-1].isspace())
            for at, word in enumerate(split)
        )

    def answers_word(self, who: Invented, typed: str, *, last: bool, open_ended: bool) -> bool:
        word = fold(typed).replace("'", "")
        if word.isdigit():
            return self.answers_number(who, word, open_ended=last and open_ended)
        if any(known.startswith(word) for known in [*self.named(who), *self.lives(who)]):
            return True
        if not last and word in self.place_kinds(who):
            return True
        vowelless = not set(word) & set("aeiouy") and f" {word} " not in ONSETS
        if len(word) < 2 or not (vowelless or not any(b.startswith(word) for b in self.beginnings)):
            return False
        mine = initials(who.name)
        return mine.startswith(word) or any(word == mine[:n] + mine[-1] for n in range(1, len(mine)))

    def answers_number(self, who: Invented, digits: str, *, open_ended: bool) -> bool:
        year = (who.birth or "")[:4]
        if len(digits) <= 4 and any(w.startswith(digits) for w in [*self.named(who), *self.lives(who)]):
            return True
        if len(digits) == 4 and year == digits:
            return True
        if len(digits) == 2 and year in (f"19{digits}", f"20{digits}"):
            return True
        if year and open_ended and len(digits) < 4:
            begun = [year] if len(digits) > 1 or digits in "12" else []
            if any(b.startswith(digits) for b in [*begun, *([year[2:]] if len(digits) == 1 else [])]):
                return True
        numbers = (who.personal_id, who.old_id, who.phone)
        return len(digits) >= 4 and any(number and number.endswith(digits) for number in numbers)

    def search(self, typed: str) -> list[str]:
        found = [who for who in self.everybody if self.answers(who, typed)]
        in_order = sorted(found, key=lambda who: sort_key(who.name))  # stable: equals by `no`
        return [who.id for who in in_order]
