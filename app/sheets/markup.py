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
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        text.clear()
        found = starts.get(tag) or (starts.get(tag.rpartition(":")[2]) if ":" in tag else None)
        if found:
            found(attributes)

    def end(tag: str) -> None:
        found = ends.get(tag) or (ends.get(tag.rpartition(":")[2]) if ":" in tag else None)
        if found:
            found("".join(text))
        text.clear()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refusal("workbook.damaged") from error


def _refuse_doctype(*_: object) -> None:
    raise Refusal("workbook.doctype")
