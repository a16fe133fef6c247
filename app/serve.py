"""One command: web server and worker together, both stopped cleanly.

A dead worker is started again; a dead server ends everything. If this process is killed, the kernel tells both
children to stop (PR_SET_PDEATHSIG), so nothing is left running.
"""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from config import ROOT, ConfigError, Settings

STOP_WAIT_S = 10.0
_PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _spawn(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, preexec_fn=_die_with_parent)


def _port_is_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.bind, settings.port))
        except OSError as error:
            raise ConfigError(
                f"PORT: {settings.port} cannot be used ({error.strerror}); choose another, e.g. PORT=8001"
            ) from error


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_WAIT_S
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def serve(settings: Settings, *, ready: Callable[[], None] = lambda: None) -> int:
    """Run until a signal; the exit code: 0 when asked to stop, 1 when the server died."""
    _port_is_free(settings)
    where = (settings.bind, str(settings.port), str(settings.web_workers))
    server = _spawn(sys.executable, "-m", "app.web", *where)
    worker = _spawn(sys.executable, "-m", "flask", "--app", "wsgi", "worker")
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: asked.append(got))
    ready()
    while not asked and server.poll() is None:
        if worker.poll() is not None:
            logging.getLogger("serve").warning("worker ended; starting it again")
            time.sleep(1)
            worker = _spawn(sys.executable, "-m", "flask", "--app", "wsgi", "worker")
        time.sleep(0.2)
    died = not asked
    _stop([server, worker])
    return 1 if died else 0
