"""What one answer may cost, whoever sends it: so much time in all, so many bytes of any kind."""

from __future__ import annotations

import math
import ssl
import time
from typing import Any

from app.domain.errors import Cancelled, Refusal
from app.domain.progress import Progress
from app.sync import events
from app.sync.messages import BODY_BYTES_MAX

READ_SECONDS = 60
ANSWER_SECONDS = 300.0  # for a whole round trip, however it dribbles: a page at 16 kbit/s takes 200
_CANCEL_SECONDS = 0.5  # after so long a Cancel is heard
_HEAD_BYTES_MAX = 1 << 16


class Bounds:
    """The bounds of the round trip under way on one line."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.begin()

    def begin(self) -> None:
        """A round trip begins."""
        self.silence: float = READ_SECONDS
        self._until = time.monotonic() + ANSWER_SECONDS
        self._bytes_left: float = BODY_BYTES_MAX + _HEAD_BYTES_MAX

    def heed(self, progress: Progress) -> None:
        """From now on this is who may stop it."""
        self._progress = progress

    def stay(self) -> None:
        """The answer began well and has no end: from here on only its silence is bounded."""
        self.silence = events.SILENCE_SECONDS
        self._until = self._bytes_left = math.inf

    def seconds(self, wanted: float) -> float:
        """How long may be waited now; TimeoutError when the time is over, Cancelled when told to stop."""
        if self._progress.stop:
            raise Cancelled
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("answer")
        return min(wanted, left)

    def count(self, came: int) -> None:
        """So many bytes came. Counted here, for status lines, headers and trailers may be endless too."""
        self._bytes_left -= came
        if self._bytes_left < 0:
            raise Refusal("sync.too_large", bytes_max=BODY_BYTES_MAX)


def tls_13(bounds: Bounds) -> ssl.SSLContext:
    """TLS 1.3 to whoever answers, within bounds; a pin is to be checked before a byte of ours is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = _bounded(bounds)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _bounded(bounds: Bounds) -> type[ssl.SSLSocket]:
    """Sockets that keep within the bounds; a timeout of the system's is for one call alone."""

    class Bounded(ssl.SSLSocket):
        def recv_into(self, *args: Any, **kwargs: Any) -> int:
            silent_until = time.monotonic() + bounds.silence
            while True:
                self.settimeout(bounds.seconds(_CANCEL_SECONDS))
                try:
                    came = super().recv_into(*args, **kwargs)
                except TimeoutError:
                    if time.monotonic() >= silent_until:
                        raise
                    continue
                bounds.count(came)
                return came

        def send(self, *args: Any, **kwargs: Any) -> int:
            self.settimeout(bounds.seconds(READ_SECONDS))
            return super().send(*args, **kwargs)

    return Bounded
