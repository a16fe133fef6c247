"""Where uploads are opened: a child process with little memory, little time and nothing worth stealing.

Decoders are where a crafted picture does its harm, so none runs in a process that answers requests or holds the
database. The child has at most `MEMORY_MAX` of address space and `CPU_MAX_S` a picture, no environment and no more
files than it needs. When it dies, hangs or runs out, that picture has failed and nothing else; the next one gets a new
child. It is kept warm, since starting costs as much as a picture, and leaves by itself when nothing comes.

A job is a letter and bytes in; a line of JSON and blobs out. Nothing the child says is trusted beyond that.
"""

import atexit
import json
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from catalog.photos.heads import NotAPicture, Served, sniff, too_big

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[2]
MEMORY_MAX = 400 * 1024 * 1024
CPU_MAX_S, WALL_MAX_S = 20, 60
IDLE_S, JOBS_MOST = 60, 500
ANSWER_MAX = 8 * 1024 * 1024
HELLO = b"ready\n"
FROM_OUTSIDE = {
    0,
    -signal.SIGTERM,
    -signal.SIGINT,
    -signal.SIGHUP,
}  # it was told to go: not the picture's doing


class Gone(Exception):
    """The child ended before it answered."""


class Darkroom:
    """The child of this process and the way to talk to it; one job at a time."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.turn = threading.Lock()
        self.cpu_s = 0.0  # of the child, for the last job

    def develop(self, job: bytes, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """Have one job done. Raises NotAPicture for what cannot be shown and for what took too much."""
        with self.turn:
            for _try in range(2):  # a child may leave in the very moment in which it is asked
                try:
                    return self._ask(job, data)
                except Gone as gone:
                    code = self._buried()
                    if code not in FROM_OUTSIDE:
                        log.warning("a picture ended the darkroom", extra={"code": code, "why": str(gone)})
                        raise too_big() from gone
            raise RuntimeError("the darkroom is stopped again and again")

    def _ask(self, job: bytes, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        child, until = self._running(), time.monotonic() + WALL_MAX_S
        _send(child, struct.pack(">cQ", job, len(data)) + data, until)
        line = _take(child, struct.unpack(">I", _take(child, 4, until))[0], until)
        answer: dict[str, Any] = json.loads(line)
        blobs = [_take(child, size, until) for size in answer["sizes"]]
        self.cpu_s = answer["cpu_s"]
        if "refused" in answer:
            message, remedy, params = answer["refused"]
            raise NotAPicture(message, remedy=remedy, field="photos", **params)
        return answer, blobs

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.child is not None and self.child.poll() is None:
            return self.child
        self._buried()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "catalog.photos.darkroom"], cwd=ROOT, env=_environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        for pipe in (self.child.stdin, self.child.stdout):
            os.set_blocking(pipe.fileno(), False)  # type: ignore[union-attr]
        try:
            said = _take(self.child, len(HELLO), time.monotonic() + WALL_MAX_S)
        except Gone as gone:
            raise RuntimeError("the darkroom does not start") from gone
        if said != HELLO:
            raise RuntimeError("the darkroom does not start")
        return self.child

    def _buried(self) -> int:
        """End the child, if one is left; with what code it ended, or -9 where we had to."""
        child, self.child = self.child, None
        if child is None:
            return 0
        try:
            code = child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            child.kill()
            code = child.wait()
        for pipe in (child.stdin, child.stdout):
            pipe.close()  # type: ignore[union-attr]
        return code

    def close(self) -> None:
        """Let the child go."""
        if self.child is not None and self.child.stdin is not None:
            self.child.stdin.close()
            self._buried()


def _environment() -> dict[str, str]:
    """No secret, and a heap that gives back what it took."""
    return {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1",
            "MALLOC_MMAP_THRESHOLD_": "1048576", "MALLOC_TRIM_THRESHOLD_": "1048576"}  # fmt: skip


def _send(child: "subprocess.Popen[bytes]", data: bytes, until: float) -> None:
    pipe, view = child.stdin.fileno(), memoryview(data)  # type: ignore[union-attr]
    while view:
        if not select.select([], [pipe], [], max(0, until - time.monotonic()))[1]:
            raise Gone("too slow to take it")
        try:
            view = view[os.write(pipe, view[:65536]) :]
        except BrokenPipeError as error:
            raise Gone("left while it was asked") from error


def _take(child: "subprocess.Popen[bytes]", size: int, until: float) -> bytes:
    if not 0 <= size <= ANSWER_MAX:
        raise Gone("answered nonsense")
    pipe, got = child.stdout.fileno(), bytearray()  # type: ignore[union-attr]
    while len(got) < size:
        if not select.select([pipe], [], [], max(0, until - time.monotonic()))[0]:
            raise Gone("too slow")
        piece = os.read(pipe, min(65536, size - len(got)))
        if not piece:
            raise Gone("died")
        got += piece
    return bytes(got)


# ---- the one of this process ----

_rooms: dict[int, Darkroom] = {}


def room() -> Darkroom:
    """This process's darkroom; a forked process makes its own."""
    pid = os.getpid()
    if pid not in _rooms:
        _rooms.clear()  # a parent's child is not ours to talk to
        _rooms[pid] = Darkroom()
        atexit.register(_rooms[pid].close)
    return _rooms[pid]


def make_safely(data: bytes) -> Served:
    """`pictures.make` in the darkroom. Raises NotAPicture, also where opening takes more memory or time than it may."""
    sniff(data)
    answer, blobs = room().develop(b"m", data)
    webp = {int(width): blob for width, blob in zip(answer["widths"], blobs[1:], strict=True)}
    return Served(webp, blobs[0], *(int(one) for one in answer["numbers"]))


def paper_safely(data: bytes) -> bytes:
    """`pictures.paper` in the darkroom. Raises NotAPicture as `make_safely` does."""
    sniff(data)
    return room().develop(b"p", data)[1][0]


def stamp_safely(data: bytes) -> bytes:
    """`pictures.stamp` in the darkroom. Raises NotAPicture as `make_safely` does."""
    sniff(data)
    return room().develop(b"s", data)[1][0]


def codes_safely(data: bytes) -> list[str]:
    """What the symbols on a photograph say, read in the darkroom; empty where it shows none. Raises NotAPicture."""
    sniff(data)
    return [str(one) for one in room().develop(b"c", data)[0]["codes"]]


# ---- inside: only the child loads the decoders ----


def _work(job: bytes, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    from catalog.photos.pictures import make, paper, stamp

    if job in (b"p", b"s"):
        return {}, [paper(data) if job == b"p" else stamp(data)]
    if job == b"c":
        from catalog.photos.codes import codes

        return {"codes": codes(paper(data))}, []
    served = make(data)
    numbers = [served.width_px, served.height_px, served.sent_width_px, served.sent_height_px, served.brightness,
               served.sharpness]  # fmt: skip
    return {"widths": list(served.webp), "numbers": numbers}, [served.jpeg, *served.webp.values()]


def _refused(error: NotAPicture) -> dict[str, Any]:
    return {"refused": [error.message, error.remedy, dict(error.params)]}


def _answer(job: bytes, data: bytes) -> bytes:
    started = time.process_time()
    try:
        said, blobs = _work(job, data)
    except NotAPicture as error:
        said, blobs = _refused(error), []
    except MemoryError:
        said, blobs = _refused(too_big()), []
    said |= {"sizes": [len(blob) for blob in blobs], "cpu_s": time.process_time() - started}
    line = json.dumps(said).encode()
    return struct.pack(">I", len(line)) + line + b"".join(blobs)


def _limit_cpu() -> None:
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    whole = int(used.ru_utime + used.ru_stime) + CPU_MAX_S
    resource.setrlimit(resource.RLIMIT_CPU, (whole, resource.RLIM_INFINITY))


def main() -> None:
    """Take jobs from stdin until it closes, nothing comes for a minute, or enough was done."""
    import resource

    from catalog.photos import pictures

    assert pictures  # loaded before the limits: its libraries are files too
    for kind, most in ((resource.RLIMIT_AS, MEMORY_MAX), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
                       (resource.RLIMIT_NOFILE, 16)):  # fmt: skip
        resource.setrlimit(kind, (most, most))
    taken, given = sys.stdin.buffer, sys.stdout.buffer
    given.write(HELLO)
    given.flush()
    for _job in range(JOBS_MOST):
        if not select.select([taken], [], [], IDLE_S)[0]:
            return
        head = taken.read(9)
        if len(head) < 9:
            return
        job, size = struct.unpack(">cQ", head)
        data = taken.read(size)
        if len(data) < size:
            return
        _limit_cpu()
        given.write(_answer(job, data))
        given.flush()


if __name__ == "__main__":
    main()
