"""Blocks of a snapshot in a row, over a real line: what came whole is had, whatever comes of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import pytest

from app.domain.errors import Coded, Refusal, Trouble
from app.sync.blocks import in_a_row
from app.sync.https import HttpsCarrier
from app.sync.messages import Envelope
from tests.sync.test_https import Fake, answering, impostor, said


@pytest.fixture
def fake(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fake]:
    with impostor(tmp_path, request.param) as found:
        yield found


ROW = in_a_row([b"first" * 100, b"second" * 100])
ASKED = msgspec.msgpack.encode(Envelope("00001/m01", b"", b""))


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(ROW)))
    handler.end_headers()
    handler.wfile.write(ROW[:-1])
    handler.close_connection = True


@pytest.mark.parametrize(
    ("fake", "expected"),
    [
        (cut_short, Trouble("sync.offline")),
        (answering(200, ROW[:-1]), Trouble("sync.snapshot")),
        (answering(200, ROW[: 4 + 500] + b"\xff" * 4), Trouble("sync.snapshot")),
        (answering(200, ROW[: 4 + 500] + bytes(4)), Trouble("sync.snapshot")),
    ],
    indirect=["fake"],
)
def test_of_a_row_cut_short_the_blocks_that_came_are_had(fake: Fake, expected: Coded) -> None:
    come = list[bytes]()
    with HttpsCarrier(fake.address, [fake.identity.pin]) as carrier, pytest.raises(type(expected)) as caught:
        come.extend(carrier.blocks(ASKED, 1, 0))
    assert come == [b"first" * 100]
    assert caught.value.code == expected.code


@pytest.mark.parametrize("fake", [answering(200, ROW)], indirect=True)
def test_a_row_left_in_the_middle_does_not_run_into_the_next_answer(fake: Fake) -> None:
    with HttpsCarrier(fake.address, ["0" * 64, fake.identity.pin]) as carrier:
        come = carrier.blocks(ASKED, 1, 0)
        assert next(come) == b"first" * 100
        come.close()
        assert list(carrier.blocks(ASKED, 1, 0)) == [b"first" * 100, b"second" * 100]
        assert carrier.exchange(b"") == ROW


@pytest.mark.parametrize("fake", [answering(404, said("central.no_such_page"))], indirect=True)
def test_blocks_that_are_kept_no_longer_are_refused(fake: Fake) -> None:
    with (
        HttpsCarrier(fake.address, [fake.identity.pin]) as carrier,
        pytest.raises(Refusal, match=r"central\.no_such_page"),
    ):
        list(carrier.blocks(ASKED, 1, 0))
