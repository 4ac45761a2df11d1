"""The tag-length-value text inside a merchant QR code (EMVCo QRCPS 1.1) and its check sum.

Kept apart from what the tags mean: `accounts` reads VietQR from it, `scans` tries a
repaired text against the check sum.
"""

from __future__ import annotations

from collections.abc import Mapping

LENGTH_MAX = 512  # QRCPS 1.1 §3.4: a code holds at most 512 characters


def tags(text: str) -> Mapping[str, str]:
    """Split one level of two-digit tags; lengths count characters. ValueError when it does not add up.

    A tag that comes twice is an error: which of two account numbers is meant?
    """
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()) or head[:2] in found:
            raise ValueError
        end = at + 4 + int(head[2:])
        if end > len(text):
            raise ValueError
        found[head[:2]] = text[at + 4 : end]
        at = end
    return found


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) as four capital hexadecimal digits."""
    remainder = 0xFFFF
    for byte in text.encode(errors="replace"):
        remainder ^= byte << 8
        for _ in range(8):
            remainder = (remainder << 1) ^ (0x1021 if remainder & 0x8000 else 0)
            remainder &= 0xFFFF
    return f"{remainder:04X}"


def is_sound(text: str) -> bool:
    """Whether the text ends in tag 63 and its check sum is right (in either case)."""
    return text[-8:-4] == "6304" and crc16(text[:-4]) == text[-4:].upper()
