"""One free-text cell that holds bank and number together, in whatever order an office writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.accounts import AccountKind, Provider
from app.domain.phones import read_phone
from app.domain.reference import Reference
from app.domain.text import clean, fold


@dataclass(frozen=True)
class AccountReading:
    """What an account cell says; all None and no problem when it says there is none.

    mended: `separators`, `apostrophe`, `second_number` (another number stands in the cell),
    and for wallets those of `phones.PhoneReading`. problem: `unknown_provider` (the number
    is kept), `missing_account_number`, `invalid_account` (digits lost to 3.9E+12, a wallet
    whose number is no telephone, or nothing that reads as an account).
    """

    kind: AccountKind | None = None
    provider: Provider | None = None
    number: str | None = None
    mended: tuple[str, ...] = ()
    problem: str | None = None


_NONE = {"", "0", "x", "k", "ko", "khong", "chua", "tm", "none"}
_NONE_START = re.compile(
    r"(chua|khong|ko|k) (co|mo|lam|dang ky)\b.*|dang (mo|lam|cho)\b.*"
    r"|(nhan |chi |linh |tra )?tien mat\b[^0-9]*"
)
_EXPONENT = re.compile(r"[0-9][.,]?[0-9]*\s*e\s*\+?[0-9]{1,2}\b", re.I)
_GLUED = re.compile(r"([^\W\d_]+)(?=[0-9]{6})")
_LABELS = {"stk", "tk", "sotk"}
_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ .\-]?[0-9])*")
_CHOSEN = re.compile(r"\b(?=[A-Z0-9]*[0-9]{3})(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6,19}\b")
_PHONE = re.compile("0[35789][0-9]{8}")


def read_account(text: str, reference: Reference) -> AccountReading:
    """Read `STK: 0123 456 789 - Vietcombank CN Lào Cai`, `Viettel Money 0987654321`, `MB: 0987…`."""
    cell = clean(text)
    said = fold(cell).strip(" .,-_/?'*:")
    if said in _NONE or _NONE_START.fullmatch(said):
        return AccountReading()
    plain = _GLUED.sub(lambda word: _apart(word[0], reference), cell.replace("'", ""))
    mended: tuple[str, ...] = ("apostrophe",) * cell.startswith("'")
    provider = reference.providers.find(_RUN.sub(" ", plain))
    kind = provider.kind if provider else None
    if _EXPONENT.search(plain):
        return AccountReading(kind, provider, None, mended, "invalid_account")
    numbers = _numbers(plain)
    if not numbers:
        problem = "missing_account_number" if provider and not _RUN.search(plain) else "invalid_account"
        return AccountReading(kind, provider, None, mended, problem)
    if provider and provider.kind != "bank":
        return _wallet(provider, numbers, mended, reference)
    number = _of_bank(numbers)
    mended += ("separators",) * (number not in plain) + ("second_number",) * (len(numbers) > 1)
    return AccountReading(kind, provider, number, mended, None if provider else "unknown_provider")


def _apart(word: str, reference: Reference) -> str:
    """`STK` and `AGRIBANK` stand before a number by themselves; other letters may belong to it."""
    is_said = fold(word) in _LABELS or reference.providers.find(word)
    return f"{word} " if is_said else word


def _numbers(plain: str) -> list[str]:
    """Runs that can be an account: 6 to 19 digits, else a chosen number with letters."""
    found = []
    for run in _RUN.findall(plain):
        digits = re.sub("[^0-9]", "", run)
        pieces = [digits] if len(digits) <= 19 else [re.sub("[^0-9]", "", piece) for piece in run.split()]
        found += [piece for piece in pieces if 6 <= len(piece) <= 19]
    return found or _CHOSEN.findall(plain)


def _of_bank(numbers: list[str]) -> str:
    """The first number, but a telephone beside an account is the telephone."""
    return next((number for number in numbers if not _PHONE.fullmatch(number)), numbers[0])


def _wallet(
    provider: Provider, numbers: list[str], mended: tuple[str, ...], reference: Reference
) -> AccountReading:
    """Wallets and mobile money are reached by telephone number."""
    readings = [read_phone(number, reference) for number in numbers]
    sound = next((reading for reading in readings if reading.phone), None)
    if sound is None:
        return AccountReading(provider.kind, provider, numbers[0], mended, "invalid_account")
    more = ("second_number",) * (len(numbers) > 1)
    return AccountReading(provider.kind, provider, sound.phone, (*mended, *sound.mended, *more))
