"""Reads the text out of a PDF that Qt wrote: enough to see that a paper says what it should."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|(-?[\d.]+) (-?[\d.]+) Td|<([0-9A-Fa-f]+)> Tj|\bET\b")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> (?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")


def pages(content: bytes) -> list[str]:
    """The text of each page, one line for each run that was drawn, in the order of drawing."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    fonts = {
        number: _unicode(objects[int(reference[1])])
        for number, body in objects.items()
        if (reference := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    found = []
    for body in objects.values():
        if re.search(rb"/Type\s*/Page\b(?!s)", body):
            drawn = objects[_reference(rb"Contents", body)]
            names = _fonts_of(body, objects)
            found.append(_text(_stream(drawn), {name: fonts[number] for name, number in names.items()}))
    return found


def sheets(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in millimetres."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes]


def _reference(name: bytes, body: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found
    return int(found[1])


def _fonts_of(page: bytes, objects: dict[int, bytes]) -> dict[str, int]:
    resources = objects[_reference(rb"Resources", page)]
    return {name.decode(): int(number) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", resources)}


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    # Its last byte may be taken for the end of a line: a decompressor of its own does without.
    return zlib.decompressobj().decompress(found[1]) if b"FlateDecode" in body else found[1]


def _unicode(body: bytes) -> dict[int, str]:
    """Glyph → what it means, out of a ToUnicode map."""
    known: dict[int, str] = {}
    for first, last, start, several in _RANGE.findall(_stream(body)):
        low, high = int(first, 16), int(last, 16)
        if several:
            texts = [bytes.fromhex(text.decode()) for text in re.findall(rb"<([0-9A-Fa-f]+)>", several)]
            known |= {low + at: text.decode("utf-16-be") for at, text in enumerate(texts)}
        else:
            known |= {code: chr(int(start, 16) + code - low) for code in range(low, high + 1)}
    return known


def _text(stream: bytes, fonts: dict[str, dict[int, str]]) -> str:
    said, font = [], dict[int, str]()
    for shown in _SHOWN.finditer(stream):
        if shown[1]:
            font = fonts[shown[1].decode()]
        elif shown[4]:
            said.append("".join(font.get(code, "�") for code in _codes(shown[4].decode())))
        elif shown[0] == b"ET":
            said.append("\n")
    # The blank and the tabulator are one glyph, and Qt names it by the lower of the two.
    return "".join(said).replace("\t", " ")


def _codes(digits: str) -> list[int]:
    return [int(digits[at : at + 4], 16) for at in range(0, len(digits), 4)]
