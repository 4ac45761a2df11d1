"""A line between a laptop and its server, in a process of its own: counts bytes and turns, and may be poor.

    python -m tests.bench.sync.proxy LISTEN SERVER CONTROL      (three ports of this machine)

It knows nothing of what it carries: plain TCP, so that TLS and HTTP count as they would on the air. At
CONTROL it is told in lines of JSON what line to be from now on ({"rtt_ms": 300, "kbit": 64, "cut_after":
bytes}) and answers what it has counted since it was last told; without a word it only answers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field

_CHUNK, _PACKET = 1 << 18, 1_400
_QUEUE_SECONDS = 0.5  # of bytes that wait in the line: beyond it the sender waits

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


@dataclass
class Counted:
    """Bytes each way, connections, and how often the laptop spoke after having listened."""

    up: int = 0
    down: int = 0
    turns: int = 0
    connections: int = 0


@dataclass
class Line:
    """What the line is like; 0 for no limit. `cut_after`: bytes, both ways, after which it breaks once."""

    rtt_ms: int = 0
    kbit: int = 0
    cut_after: int = 0


@dataclass
class Proxy:
    """One line, all its connections sharing what it can carry."""

    server: int
    line: Line = field(default_factory=Line)
    counted: Counted = field(default_factory=Counted)
    free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    async def carry(self, laptop: Reader, to_laptop: Writer) -> None:
        """One connection, to its end."""
        self.counted.connections += 1
        await asyncio.sleep(self.line.rtt_ms / 1000)  # the handshake of TCP
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.server)
        except OSError:
            to_laptop.close()
            return
        both = (to_laptop, to_server)
        for writer in both:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        spoke = [""]
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(laptop, to_server, "up", spoke))
                group.create_task(self._pump(server, to_laptop, "down", spoke))
        except* _Cut:
            to_laptop.close()  # what had come out of the line by then is there to be read
        except* ConnectionError:
            pass
        for writer in both:
            if not writer.is_closing():
                writer.transport.abort()

    async def _pump(self, read: Reader, write: Writer, way: str, spoke: list[str]) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            group.create_task(_deliver(waiting, write))
            while said := await read.read(_PACKET if self.line.kbit or self.line.cut_after else _CHUNK):
                try:
                    self._count(len(said), way, spoke)
                except _Cut:
                    await waiting.join()  # the line breaks behind what it carried already
                    raise
                await waiting.put((await self._due(len(said), way), said))
            await waiting.put((0.0, b""))

    def _count(self, size: int, way: str, spoke: list[str]) -> None:
        counted, line = self.counted, self.line
        setattr(counted, way, getattr(counted, way) + size)
        counted.turns += way == "up" and spoke[0] != "up"
        spoke[0] = way
        if line.cut_after and counted.up + counted.down > line.cut_after:
            line.cut_after = 0
            raise _Cut

    async def _due(self, size: int, way: str) -> float:
        """When the last of these bytes comes out at the other end."""
        now, line = time.monotonic(), self.line
        if not line.kbit:
            return now + line.rtt_ms / 2000 if line.rtt_ms else 0.0
        sent = max(self.free_at[way], now) + size / (line.kbit * 125)
        self.free_at[way] = sent
        if sent - now > _QUEUE_SECONDS:
            await asyncio.sleep(sent - now - _QUEUE_SECONDS)
        return sent + line.rtt_ms / 2000

    async def control(self, read: Reader, write: Writer) -> None:
        """Be told what to be, and say what was counted before."""
        while said := await read.readline():
            write.write(json.dumps(asdict(self.counted)).encode() + b"\n")
            if (told := json.loads(said)) is not None:
                self.line, self.counted = Line(**told), Counted()
                self.free_at = dict.fromkeys(self.free_at, 0.0)
            await write.drain()
        write.close()


class _Cut(Exception):
    """The line broke, as it was told to."""


async def _deliver(waiting: asyncio.Queue[tuple[float, bytes]], write: Writer) -> None:
    while True:
        due, said = await waiting.get()
        if not said:
            break
        if (left := due - time.monotonic()) > 0:
            await asyncio.sleep(left)
        write.write(said)
        await write.drain()
        waiting.task_done()
    if write.can_write_eof():
        with suppress(OSError):
            write.write_eof()


async def serve(listen: int, server: int, control: int) -> None:
    """Carry until told to end; says when it is ready."""
    proxy = Proxy(server)
    doors: list[tuple[Callable[[Reader, Writer], Awaitable[None]], int]] = [
        (proxy.carry, listen),
        (proxy.control, control),
    ]
    opened = [await asyncio.start_server(door, "127.0.0.1", port) for door, port in doors]
    print("ready", flush=True)
    await asyncio.gather(*(each.serve_forever() for each in opened))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(*map(int, sys.argv[1:])))
