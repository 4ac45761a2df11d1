"""What is read out before somebody agrees, and how she is addressed.

Consent is asked in words that name the law (Law 91/2025/QH15, Decree 356/2025/NĐ-CP: explicit,
purpose shown, nothing ticked beforehand). The words are data with a day they begin
(`resources/papers/consent.toml`), so that what an old consent says can be found again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date

from app.domain.dates import PartialDate, age_on
from app.resources import resource

_GROWN, _OLD = 16, 50


@dataclass(frozen=True)
class Asked:
    """Who is asked, and for whom: the words' placeholders. Names whole, commune with its kind."""

    address: str
    name: str
    commune: str
    for_another: str = ""

    @property
    def who(self) -> str:
        """`Bà Pánh`; the whole name where no address fits."""
        return f"{self.address} {self.name.split()[-1]}" if self.address else self.name


@dataclass(frozen=True)
class Consent:
    """One text for one purpose, in force from a day on; braces are filled by `Asked`."""

    purpose: str
    version: str
    since: date
    laws: str
    title: str
    title_for_another: str
    spoken: str
    printed: str

    def heading(self, asked: Asked) -> str:
        """What is ticked: `Bà Pánh đồng ý …`."""
        title = self.title_for_another if asked.for_another else self.title
        return title.format(who=asked.who, name=asked.for_another)

    def read_out(self, asked: Asked) -> str:
        """What the officer reads to her."""
        return self.spoken.format(address=asked.address or asked.name)

    def paragraph(self, asked: Asked) -> str:
        """What stands above the signature."""
        return self.printed.format(commune=within(asked.commune))

    def record(self, asked: Asked) -> str:
        """What the register keeps: the words that were used, the law, and which version they are."""
        said = " ".join((self.heading(asked) + ".", self.read_out(asked), self.paragraph(asked)))
        return f"{said} ({self.laws}; {self.version})"


def consent(purpose: str, day: date) -> Consent:
    """The text for `account_payment` or `vneid_link` on a day."""
    with resource("papers/consent.toml").open("rb") as file:
        texts = [Consent(**text) for text in tomllib.load(file)["consent"] if text["purpose"] == purpose]
    return max((text for text in texts if text.since <= day), key=lambda text: text.since, default=texts[0])


def address_key(sex: str | None, birth: PartialDate | None, day: date) -> str:
    """The key of Ông, Bà, Anh, Chị or Em in the catalogue: `address.female.old`."""
    age = age_on(birth, day) if birth else _OLD
    stage = "child" if age < _GROWN else "grown" if age < _OLD else "old"
    return f"address.{sex or 'unknown'}.{stage}"


def within(words: str) -> str:
    """`Xã Mường Sen` as it stands inside a sentence: `xã Mường Sen`."""
    return words[:1].lower() + words[1:]
