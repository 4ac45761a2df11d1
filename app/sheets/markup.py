"""XML of strangers, read as a stream of tags: no DOCTYPE, no entities, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from app.domain.errors import Refusal

Attributes = Mapping[str, str]
Start = Callable[[Attributes], None]
End = Callable[[str], None]
_CHUNK = 1 << 16


def read_markup(stream: IO[bytes], starts: Mapping[str, Start], ends: Mapping[str, End]) -> None:
    """Call `starts[tag](attributes)` and `ends[tag](text since the last start)`, prefixes dropped.

    Raises Refusal("workbook.doctype") and Refusal("workbook.damaged").
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    _listen(parser, starts, ends)
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refusal("workbook.damaged") from error


def _listen(parser: expat.XMLParserType, starts: Mapping[str, Start], ends: Mapping[str, End]) -> None:
    """Called half a million times for 10,000 people: look up once, join seldom."""
    text: list[str] = []
    opening: dict[str, Start | None] = dict(starts)  # grows by tags with prefixes and tags nobody reads
    closing: dict[str, End | None] = dict(ends)

    def start(tag: str, attributes: dict[str, str]) -> None:
        if text:
            text.clear()
        if tag not in opening:
            opening[tag] = starts.get(tag.rpartition(":")[2])
        found = opening[tag]
        if found is not None:
            found(attributes)

    def end(tag: str) -> None:
        if tag not in closing:
            closing[tag] = ends.get(tag.rpartition(":")[2])
        found = closing[tag]
        if found is not None:
            found(text[0] if len(text) == 1 else "".join(text))
        if text:
            text.clear()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append


def _refuse_doctype(*_: object) -> None:
    raise Refusal("workbook.doctype")
