"""Where money can be sent: banks, wallets and mobile money, VietQR, and whose account it is.

Providers are data (`resources/banks`): banks merge and change names, and an office writes
Agribank in ten ways. A VietQR proves bank and number, never the holder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from app.domain import emv
from app.domain.errors import Refusal
from app.domain.scans import repair_input_method
from app.domain.text import canonical, fold

AccountKind = Literal["bank", "e_wallet", "mobile_money"]


@dataclass(frozen=True)
class Provider:
    """A bank, wallet or mobile-money operator. `lengths`: usual lengths of its numbers, if known."""

    code: str
    bin: str | None
    short_name: str
    full_name: str
    kind: AccountKind
    former_names: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()
    lengths: tuple[int, ...] = ()

    @property
    def identifier(self) -> str:
        """What other offices know it by: a bank's BIN, which outlives its names; else its name."""
        return self.bin if self.kind == "bank" and self.bin else self.short_name


@dataclass(frozen=True)
class ProviderName:
    """A way of writing a provider. Unless `alone`, only as a bank's name: `NH Công thương`."""

    code: str
    name: str
    alone: bool


_BANK_WORDS = {"nh", "nhtm", "nhtmcp", "bank"}
_FILLERS = {"tmcp", "tm", "cp", "tnhh", "mtv", "vn", "viet", "nam", "so", "dien", "tu", "thuong", "mai", "co"}
_FILLERS |= {"phan", "lien", "doanh", "tk", "stk", "tai", "khoan", "mo", "vi"}
_BRANCH_WORDS = {"cn", "chi", "pgd", "phong", "tinh", "huyen", "xa", "bank", "vn", "viet"}
_NAME_WORDS_MAX = 14
_SHORTEST_ALONE = 3


@dataclass(frozen=True)
class Providers:
    """All providers, in the order offices meet them, and how they are written."""

    all: tuple[Provider, ...]
    names: tuple[ProviderName, ...] = ()

    @cached_property
    def by_bin(self) -> Mapping[str, Provider]:
        """Providers by the six digits a VietQR names them with."""
        return {provider.bin: provider for provider in self.all if provider.bin}

    @cached_property
    def by_code(self) -> Mapping[str, Provider]:
        """Providers by code; a code given up in a merger finds the successor."""
        former = {code: provider for provider in self.all for code in provider.former_codes}
        return former | {provider.code: provider for provider in self.all}

    @cached_property
    def _written(self) -> Mapping[str, tuple[Provider, bool]]:
        """Every known way of writing, without spaces: the provider, and whether it may stand alone."""
        known: dict[str, tuple[Provider, bool]] = {}
        for provider in self.all:
            own = (provider.code, provider.short_name, provider.full_name)
            for name in map(_squeezed, (*own, *provider.former_names, *provider.former_codes)):
                known.setdefault(name, (provider, len(name) >= _SHORTEST_ALONE))
        for written in self.names:
            known[_squeezed(written.name)] = (self.by_code[written.code], written.alone)
        return known

    def find(self, text: str) -> Provider | None:
        """The provider an office means: the first named in the text, the longer name first.

        Words that are also ordinary ones (Đầu tư, Sài Gòn) count only after a bank word
        or when they are all there is. Remembered, for lists say the same few over and over.
        """
        return self._remembered(text)

    @cached_property
    def _remembered(self) -> Callable[[str], Provider | None]:
        return lru_cache(maxsize=4096)(self._found)

    def _found(self, text: str) -> Provider | None:
        words = _words(text)
        for start in range(len(words)):
            for end in range(min(len(words), start + _NAME_WORDS_MAX), start, -1):
                hit = self._written.get("".join(words[start:end]))
                if hit and _is_named(words, start, end, alone=hit[1]):
                    return hit[0]
        return None

    def search(self, text: str) -> tuple[Provider, ...]:
        """Providers some word of whose names begins so; those that are called so come first."""
        typed, words = _squeezed(text), _words(text)

        def rank(provider: Provider) -> int | None:
            called = (provider.short_name, provider.code, *provider.former_names)
            others = [written.name for written in self.names if written.code == provider.code]
            if any(_squeezed(name).startswith(typed) for name in called):
                return 0
            if any(_squeezed(name).startswith(typed) for name in others):
                return 1
            inside = _words(" ".join([provider.full_name, *others]))
            return 2 if all(any(word.startswith(part) for word in inside) for part in words) else None

        ranked = [(place, provider) for provider in self.all if (place := rank(provider)) is not None]
        return tuple(provider for _, provider in sorted(ranked, key=lambda hit: hit[0]))


def _words(text: str) -> list[str]:
    plain = fold(text).replace("ngan hang", "nh").replace("nganhang", "nh ")
    return re.sub(r"[^a-z0-9]+", " ", plain).split()


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _is_named(words: list[str], start: int, end: int, *, alone: bool) -> bool:
    """Whether words[start:end] stand where a name stands; two letters must be one word."""
    if alone:
        return end - start == 1 or sum(map(len, words[start:end])) > 3
    before = start
    while before and words[before - 1] in _FILLERS:
        before -= 1
    if before and words[before - 1] in _BANK_WORDS:
        return True
    return before == 0 and (end == len(words) or words[end] in _BRANCH_WORDS)


def bank_name(name: str) -> str:
    """A name as banks write it: capitals without marks, H'Hen as HHEN."""
    return " ".join(re.findall("[a-z0-9]+", fold(name).replace("'", ""))).upper()


def compare_holder(register_name: str, holder_name: str) -> Literal["same", "same_folded", "different"]:
    """Whether the account is in this person's name; banks keep no marks, so `same_folded` is a match."""
    if not bank_name(register_name) or not bank_name(holder_name):
        return "different"
    if _letters(canonical(register_name)) == _letters(canonical(holder_name)):
        return "same"
    return "same_folded" if _joined(register_name) == _joined(holder_name) else "different"


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _joined(name: str) -> str:
    return bank_name(name).replace(" ", "")


def mask_account(number: str) -> str:
    """`3906205121845` as `•••••••••1845`; all dots when there is too little to hide."""
    return "•" * (len(number) - 4) + number[-4:] if len(number) >= 7 else "•" * len(number)


_NUMBER = re.compile("[0-9A-Za-z]{1,19}")
_LENGTHS = range(6, 20)


def plausible_account(provider: Provider, number: str) -> tuple[str, ...]:
    """Warnings, never reasons to refuse: `account_length`, `account_letters`, `wallet_not_phone`.

    Chosen numbers and phone-number accounts break every bank's rules of length.
    """
    if provider.kind != "bank":
        return () if re.fullmatch("0[35789][0-9]{8}", number) else ("wallet_not_phone",)
    usual: Iterable[int] = provider.lengths or _LENGTHS
    warnings = (
        ("account_length", len(number) not in usual and not re.fullmatch("0[35789][0-9]{8}", number)),
        ("account_letters", not (number.isascii() and number.isdigit())),
    )
    return tuple(kind for kind, holds in warnings if holds)


@dataclass(frozen=True)
class VietQr:
    """What a VietQR says: bank and number for certain; amount (đồng), name and purpose if given."""

    bin: str
    number: str
    is_card: bool
    amount: int | None = None
    name: str = ""
    purpose: str = ""


_NAPAS = "A000000727"
_SERVICES = {"QRIBFTTA": False, "QRIBFTTC": True}


def parse_vietqr(text: str) -> VietQr:
    """Read a VietQR of NAPAS (EMVCo tag 38) after undoing what an input method did.

    Refusals `vietqr.not_vietqr`, `.malformed` (cut short, lengths that do not add up),
    `.crc` and `.garbled`.
    """
    plain = repair_input_method(text)
    if not plain.startswith("000201"):
        raise Refusal("vietqr.not_vietqr")
    try:
        found = emv.tags(plain)
        receiver = emv.tags(found.get("38", ""))
        account = emv.tags(receiver.get("01", "")) if receiver.get("00") == _NAPAS else {}
        amount = _amount(found.get("54", ""))
        purpose = emv.tags(found.get("62", "")).get("08", "")
    except ValueError:
        raise Refusal("vietqr.malformed") from None
    if plain[-8:-4] != "6304" or len(plain) > emv.LENGTH_MAX:
        raise Refusal("vietqr.malformed")
    if not emv.is_sound(plain):
        raise Refusal("vietqr.crc")
    service = _SERVICES.get(receiver.get("02", "QRIBFTTA"))
    if not account or service is None or found.get("53", "704") != "704":
        raise Refusal("vietqr.not_vietqr")
    number = account.get("01", "")
    if not re.fullmatch("[0-9]{6}", account.get("00", "")) or not _NUMBER.fullmatch(number):
        raise Refusal("vietqr.malformed")
    return VietQr(account["00"], number, service, amount, found.get("59", ""), purpose)


def _amount(text: str) -> int | None:
    """`540000` or `540000.00`; ValueError for anything but whole đồng."""
    if not text:
        return None
    whole = re.fullmatch(r"([0-9]{1,13})(?:\.0*)?", text)
    if not whole:
        raise ValueError
    return int(whole[1])


def vietqr_provider(code: VietQr, providers: Providers) -> Provider:
    """The provider a VietQR names; Refusal `vietqr.unknown_bank` for a BIN not in the data."""
    provider = providers.by_bin.get(code.bin)
    if provider is None:
        raise Refusal("vietqr.unknown_bank", bin=code.bin)
    return provider
