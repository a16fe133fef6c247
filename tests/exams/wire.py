"""A wire between the product and PostgreSQL that can be cut in the middle of a commit, and that can stand still."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

BEFORE, AFTER = "before", "after"  # the commit's word is lost on the way there, or its answer on the way back


class Wire:
    """Listens on `port`, and leads every connection on to a Unix socket."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.cut_at, self.cuts = "", 0
        self.flowing = threading.Event()
        self.flowing.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.ends: list[socket.socket] = []
        self.threads: list[threading.Thread] = []
        self._run(self._listen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.flowing.set()
        for one in (self.listener, *self.ends):
            _hang_up(one)
        for thread in self.threads:
            thread.join(10)
        for one in (self.listener, *self.ends):
            one.close()

    def _run(self, what: Callable[..., None], *words: socket.socket) -> None:
        made = threading.Thread(target=what, args=words, daemon=True)
        self.threads.append(made)
        made.start()

    def _listen(self) -> None:
        while True:
            try:
                near, _address = self.listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            self.ends += [near, far]
            self._run(self._there, near, far)
            self._run(self._back, far, near)

    def _there(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65_536):
                self.flowing.wait()
                if self.cut_at and b"COMMIT" in data:
                    self.cut_at, after = "", self.cut_at == AFTER
                    self.cuts += 1
                    _hang_up(near)
                    if after:
                        far.sendall(data)
                        far.settimeout(5)
                        far.recv(65_536)  # it is written; nobody hears
                    break
                far.sendall(data)
        _hang_up(near)
        _hang_up(far)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65_536):
                self.flowing.wait()
                near.sendall(data)
        _hang_up(near)


def _hang_up(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
