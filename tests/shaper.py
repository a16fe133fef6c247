"""One bar of 4G between a browser and the site, that can be cut: a loopback proxy of our own.

A browser's own throttling does not reach its service worker; this does. All connections share one rate each way, as in
a radio cell. `with Line(upstream) as line:` gives `line.url`.
"""

import asyncio
import threading
import time
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from tests.journeys.live import free_port

CHUNK = 4 * 1460


class _Rate:
    """One direction of the cell: when the next bytes have passed."""

    def __init__(self, kbit_s: float) -> None:
        self.bytes_per_s, self.free_at = kbit_s * 125, 0.0

    def slot(self, size: int) -> float:
        self.free_at = max(self.free_at, time.monotonic()) + size / self.bytes_per_s
        return self.free_at


class Line:
    """The line. rtt_ms and kbit_s shape it; `down`, `up`, `mute` and `cut_uplink` trouble it while it runs."""

    def __init__(self, upstream: int, rtt_ms: float = 400, kbit_s: float = 400) -> None:
        self.upstream, self.rtt_s = upstream, rtt_ms / 1000
        self.rates = {"up": _Rate(kbit_s), "down": _Rate(kbit_s)}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.dead = self.muted = False
        self.cut_after, self.cuts_left, self.cuts_made, self.torn = 0, 0, 0, 0
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    # ---- what a test does to it ----

    def down(self) -> None:
        """No line any more: what is open is torn off, what is new is torn off at once."""
        self.dead = True
        self._run(self._tear())

    def up(self) -> None:
        """The line is back."""
        self.dead = self.muted = False

    def mute(self) -> None:
        """What is sent arrives, but no answer comes back."""
        self.muted = True

    def cut_uplink(self, after_bytes: int, times: int) -> None:
        """Tear off a connection each time it has sent so many bytes."""
        self.cut_after, self.cuts_left, self.cuts_made = after_bytes, times, 0

    # ---- how it runs ----

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.dead = True
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)

    async def _tear(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._tear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            await asyncio.sleep(self.rtt_s)  # the handshake
            if self.dead:
                raise ConnectionRefusedError
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.upstream)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, far, "up"))
                both.create_task(self._pump(far_reader, writer, "down"))
        except* OSError:
            self.torn += 1  # here or there
        finally:
            self._open.discard(writer)
            for side in filter(None, (writer, far)):
                side.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        """Move bytes one way: each chunk waits its turn in the cell and is then half a round trip under way."""
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
        landing = asyncio.create_task(self._land(flying, writer, way))
        sent = 0
        try:
            while chunk := await reader.read(CHUNK):
                sent += len(chunk)
                if way == "up" and self.cuts_left > 0 and sent > self.cut_after:
                    self.cuts_left -= 1
                    self.cuts_made += 1
                    raise ConnectionAbortedError
                await flying.put((self.rates[way].slot(len(chunk)) + self.rtt_s / 2, chunk))
            await flying.put((0.0, b""))
            await landing
        finally:
            landing.cancel()
            await asyncio.gather(landing, return_exceptions=True)
        raise ConnectionResetError  # one side is done: so is the connection

    async def _land(
        self, flying: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, way: str
    ) -> None:
        while True:
            due, chunk = await flying.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            while way == "down" and self.muted:
                await asyncio.sleep(0.05)
            if not chunk:
                return
            writer.write(chunk)
            await writer.drain()
