"""Documents of strangers: read whole or refused, and nothing outside them fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.survey import nodes
from app.survey.nodes import XFORMS, Kind, read_document

BOMB = b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'


def test_a_forms_own_elements_have_no_namespace() -> None:
    document = read_document(
        f'<data xmlns="{XFORMS}" xmlns:h="http://x" h:k="1"><h:p>a</h:p>b</data>'.encode()
    )
    (data,) = document.elements()
    assert (data.name, data.namespace, data.attribute("k", "http://x")) == ("data", "", "1")
    (other,) = data.elements()
    assert (other.name, other.namespace, other.prefix) == ("p", "http://x", "h")
    assert data.text == "ab"
    assert [each.kind for each in data.walk()] == [Kind.ELEMENT, Kind.ELEMENT, Kind.TEXT, Kind.TEXT]


@pytest.mark.parametrize(
    "content", [b"", b"<a>", b"no", BOMB, b"<a>&nothing;</a>", b"<a>" * 300 + b"</a>" * 300, b"\xff\xfe\x00"]
)
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match=r"survey\.xml"):
        read_document(content)


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Lò Thị Pánh", "utf-8")
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'
    with pytest.raises(Refusal, match=r"survey\.xml"):
        read_document(outside.encode())


def test_a_million_nodes_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "NODES_MAX", 50)
    read_document(b"<a>" + b"<b/>" * 49 + b"</a>")
    with pytest.raises(Refusal, match=r"survey\.xml"):
        read_document(b"<a>" + b"<b/>" * 50 + b"</a>")


def test_many_children_are_found_by_name_as_they_come_and_go() -> None:
    (element,) = read_document(f"<a>{'<b/><c/>' * 20}</a>".encode()).elements()
    assert (len(element.named("b")), len(element.named("d"))) == (20, 0)
    made = element.add(nodes.Node(Kind.ELEMENT, "d"), 3)
    assert element.named("d") == [made]
    element.remove(element.named("b")[0])
    assert len(element.named("b")) == 19
    element.remove(made)
    assert element.named("d") == []


def test_what_is_written_is_what_is_read() -> None:
    (element,) = read_document(b"<a/>").elements()
    assert element.text == ""
    for text in ("Nà Lụa", "", "x"):
        element.write(text)
        assert element.text == text
    element.set_attribute("k", "1")
    element.set_attribute("k", "2")
    assert [(each.name, each.value) for each in element.attributes] == [("k", "2")]
