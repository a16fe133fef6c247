"""One command starts web server and worker, keeps them running, and leaves nothing behind."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from app.health import WORKER_SILENT_S
from config import ROOT
from tests.exams.stage import answers, free_port, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def port():
    return free_port()


def serve(where, port, **more):
    """`flask serve` as a process of its own."""
    with (where.folder / "serve.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, stdout=log, stderr=log,
            env=where.env(PORT=str(port), BIND="127.0.0.1", WEB_WORKERS="1", **more), start_new_session=True,
        )  # fmt: skip


@pytest.fixture
def running(sqlite_place, port):
    """The product, up and ready; killed at the end if a test left it."""
    process = serve(sqlite_place, port)
    family = []
    try:
        wait_for(lambda: answers(port, "/readyz") == 200)
        family = psutil.Process(process.pid).children(recursive=True)
        yield process
    finally:
        for one in [*family, process]:
            if one.pid and psutil.pid_exists(one.pid):
                one.kill()
        process.wait()


def worker_of(process):
    """The worker among the children."""
    return next(one for one in psutil.Process(process.pid).children() if "worker" in one.cmdline()[-1])


def readiness(port):
    """Status and body of /readyz."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    return answer.status, body


def test_sigterm_stops_server_and_worker(running, port):
    family = psutil.Process(running.pid).children(recursive=True)
    assert len(family) >= 3  # server, its worker process, our worker
    assert answers(port, "/healthz") == 200
    running.terminate()
    assert running.wait(timeout=20) == 0
    _gone, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def test_a_dead_worker_is_started_again(running):
    first = worker_of(running)
    first.kill()
    wait_for(lambda: any(
        one.pid != first.pid and "worker" in one.cmdline()[-1:] for one in psutil.Process(running.pid).children()
        if one.status() != psutil.STATUS_ZOMBIE
    ))  # fmt: skip


def test_nothing_is_left_when_the_first_process_is_killed(running, port):
    family = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    _gone, alive = psutil.wait_procs(family, timeout=20)
    assert alive == []
    assert answers(port, "/healthz") == 0


def test_readyz_says_what_is_missing(running, sqlite_place, port):
    assert readiness(port) == (200, {"ok": True, "database": True, "storage": True, "worker": True})
    os.kill(worker_of(running).pid, signal.SIGSTOP)
    long_ago = time.time() - WORKER_SILENT_S - 60
    os.utime(sqlite_place.folder / "worker.heartbeat", (long_ago, long_ago))
    status, state = readiness(port)
    assert (status, state["ok"], state["worker"], state["database"]) == (503, False, False, True)
    assert answers(port, "/healthz") == 200


def test_a_port_in_use_is_said_in_one_line_that_names_the_setting(running, sqlite_place, port):
    second = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, capture_output=True, text=True,
        env=sqlite_place.env(PORT=str(port), BIND="127.0.0.1"), timeout=60,
    )  # fmt: skip
    assert second.returncode != 0
    told = second.stderr.strip().splitlines()
    assert len(told) == 1, second.stderr
    assert told[0].startswith("PORT:") and str(port) in told[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DATABASE_URL", "mysql://x"),
        ("APP_MODE", "live"),
        ("WEB_WORKERS", "0"),
        ("FIELD_KEY", "short"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(sqlite_place, name, value):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"], cwd=ROOT, capture_output=True, text=True,
        env=sqlite_place.env(**{name: value}), timeout=60,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].startswith(f"{name}:"), done.stderr
    assert "Traceback" not in done.stderr
