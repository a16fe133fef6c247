"""What the three sandboxes share: a server, a clock that the test sets, faults on order, and the sending of news.

Standard library only, and not a line of the product.
"""

import argparse
import json
import random
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANOI = timezone(timedelta(hours=7))
CLOCK_MAY_DIFFER = timedelta(minutes=15)


@dataclass
class Payment:
    """One payment, as the sandbox has it."""

    ref: str
    amount_vnd: int
    notify_url: str
    return_url: str
    created_at: datetime
    expires_at: datetime | None = None
    state: str = "open"  # open, processing, paid, failed, expired
    code: str = ""  # the provider's word for how it ended
    number: int = 0  # the provider's number of the money
    paid_at: datetime | None = None
    request: dict[str, Any] = field(default_factory=dict)


@dataclass
class Refund:
    """One refund."""

    ref: str
    payment: Payment
    amount_vnd: int
    state: str = "processing"  # processing, done, failed
    number: int = 0
    request: dict[str, Any] = field(default_factory=dict)


@dataclass
class News:
    """A notification to send."""

    method: str
    url: str
    body: bytes = b""
    content_type: str = "application/json"


@dataclass
class Request:
    """What came in."""

    method: str
    path: str
    query: str
    body: bytes
    content_type: str

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def form(self) -> dict[str, str]:
        """The body as an HTML form; a name that comes twice counts as none."""
        pairs = urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=False)
        names = [name for name, _value in pairs]
        return {name: value for name, value in pairs if names.count(name) == 1}


@dataclass
class Reply:
    """What goes out."""

    status: int
    body: bytes
    content_type: str = "application/json"


class Desk(ABC):
    """One provider. Subclasses answer `serve`, write `news` and say how the buyer's act ends in `finish`.

    faults, set by /_control: delay_s, status (answer this and do nothing), drop ("before" or "after" the work is
    done the connection is cut), answer (text sent instead of the real answer, after the work), trickle_s
    (between bytes). Each holds until changed; {"calls": n} ends them after n calls.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.now_at: datetime | None = None
        self.payments: dict[str, Payment] = {}
        self.refunds: dict[str, Refund] = {}
        self.complaints: list[str] = []  # what was wrong with a request: the test says which it expects
        self.calls: list[dict[str, Any]] = []
        self.faults: dict[str, Any] = {}
        self.held: list[News] = []
        self.numbers = iter(range(4_000_000_001, 5_000_000_000))
        self.settings: dict[str, Any] = {}
        self.resets = 0  # a call that was delayed beyond one belongs to nobody any more

    @property
    def now(self) -> datetime:
        """The sandbox's clock."""
        return self.now_at or datetime.now(UTC)

    # --- to be answered by a provider

    @abstractmethod
    def serve(self, request: Request) -> Reply | None:
        """Answer a call of the merchant or of a browser."""

    @abstractmethod
    def news(self, payment: Payment, change: dict[str, Any]) -> News | None:
        """The notification of how a payment ended. change: amount_vnd, merchant, code, forge."""

    # --- for the sandboxes

    def complain(self, what: str) -> None:
        """Remember what was wrong with a request."""
        self.complaints.append(what)

    def near(self, instant: datetime) -> bool:
        """Whether a merchant's time is near enough to ours."""
        return abs(instant - self.now) <= CLOCK_MAY_DIFFER

    def lapse(self) -> None:
        """Payments whose time is over."""
        for one in self.payments.values():
            if one.state == "open" and one.expires_at and one.expires_at <= self.now:
                one.state = "expired"

    # --- what the test orders

    def control(self, path: str, told: dict[str, Any]) -> Any:
        """The test's own address: acts of the buyer, of the weather, and of thieves."""
        with self.lock:
            return getattr(self, f"order_{path}")(told)

    def order_reset(self, _told: dict[str, Any]) -> Any:
        """Forget everything but the lock that is held."""
        lock, times = self.lock, self.resets
        self.__init__()  # type: ignore[misc]
        self.lock, self.resets = lock, times + 1
        return {}

    def order_control(self, told: dict[str, Any]) -> Any:
        """Set the clock, the settings and the faults."""
        if "now" in told:
            self.now_at = datetime.fromisoformat(told["now"])
        self.settings |= told.get("settings", {})
        if "faults" in told:
            self.faults = dict(told["faults"])
        return {}

    def order_pay(self, told: dict[str, Any]) -> Any:
        """The buyer acts: pays, is declined (code), or in doubt. Then news goes out unless told `lose` or `hold`."""
        self.lapse()
        payment = self.payments[told["ref"]]
        if payment.state in ("paid", "expired") or (payment.state == "failed" and not told.get("again")):
            return {"state": payment.state, "sent": []}
        payment.state = told.get("state", "paid")
        payment.code = str(told.get("code", ""))
        if payment.state == "paid":
            payment.number, payment.paid_at = next(self.numbers), self.now
        return {"state": payment.state, "sent": self.order_notify(told)}

    def order_notify(self, told: dict[str, Any]) -> Any:
        """Send (again) the news of a payment, true or changed; the answers, in order."""
        news = self.news(self.payments[told["ref"]], told.get("change", {}))
        if news is None or told.get("lose"):
            return []
        if told.get("hold"):
            self.held += [news] * told.get("times", 1)
            return []
        if told.get("at_once"):
            with ThreadPoolExecutor(told["times"]) as pool:
                return list(pool.map(send, [news] * told["times"]))
        return [send(news) for _time in range(told.get("times", 1))]

    def order_release(self, told: dict[str, Any]) -> Any:
        """Send what was held, `times` each, in an order drawn from `seed`."""
        news, self.held = self.held * told.get("times", 1), []
        random.Random(told.get("seed", 0)).shuffle(news)
        return [send(one) for one in news]

    def order_settle(self, told: dict[str, Any]) -> Any:
        """Refunds under way end."""
        for one in self.refunds.values():
            if one.state == "processing":
                one.state = told.get("state", "done")
        return {}

    def order_look(self, _told: dict[str, Any]) -> Any:
        """All that happened here."""
        return {
            "payments": {ref: [one.state, one.amount_vnd, one.number] for ref, one in self.payments.items()},
            "refunds": {
                ref: [one.state, one.amount_vnd, one.payment.ref] for ref, one in self.refunds.items()
            },
            "complaints": self.complaints,
            "calls": self.calls,
        }

    def order_page(self, told: dict[str, Any]) -> Any:
        """Where the buyer's browser is sent back to, with what the provider writes into the address."""
        return {"url": self.back(self.payments[told["ref"]])}

    def back(self, payment: Payment) -> str:
        """The return address with the provider's parameters."""
        return payment.return_url


def send(news: News) -> list[Any]:
    """Post a notification to the merchant: [status, body], status 0 where nobody answered."""
    data = news.body if news.method == "POST" else None
    ask = urllib.request.Request(news.url, data=data, method=news.method)
    if data is not None:
        ask.add_header("Content-Type", news.content_type)
    try:
        with urllib.request.urlopen(ask, timeout=20) as answer:
            return [answer.status, answer.read().decode()]
    except urllib.error.HTTPError as error:
        with error:
            return [error.code, error.read().decode()]
    except OSError as error:
        return [0, type(error).__name__]


class Handler(BaseHTTPRequestHandler):
    """What stands between a socket and a desk."""

    desk: Desk
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the test reads `calls`."""

    def _read(self) -> Request:
        split = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type", "").split(";")[0].strip()
        return Request(self.command, split.path, split.query, body, kind)

    def _answer(self, reply: Reply, pause_s: float = 0) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        for byte in [reply.body] if not pause_s else [reply.body[i : i + 1] for i in range(len(reply.body))]:
            self.wfile.write(byte)
            self.wfile.flush()
            time.sleep(pause_s)

    def _do(self) -> None:
        request = self._read()
        self.close_connection = True
        if request.path.startswith("/_"):
            told = json.loads(request.body or b"{}")
            found = self.desk.control(request.path[2:], told)
            return self._answer(Reply(200, json.dumps(found).encode()))
        return self._provider(request)

    def _provider(self, request: Request) -> None:
        with self.desk.lock:
            faults, resets = dict(self.desk.faults), self.desk.resets
            if "calls" in self.desk.faults:
                self.desk.faults["calls"] -= 1
                if self.desk.faults["calls"] <= 0:
                    self.desk.faults = {}
        time.sleep(faults.get("delay_s", 0))
        if faults.get("drop") == "before" or resets != self.desk.resets:
            return None
        if "status" in faults:
            return self._answer(Reply(faults["status"], b"{}"))
        with self.desk.lock:
            self.desk.lapse()
            reply = self.desk.serve(request) or Reply(404, b"{}")
            seen = {
                "method": request.method,
                "path": request.path,
                "body": request.body.decode(errors="replace"),
            }
            self.desk.calls.append(
                seen | {"query": request.query, "said": reply.body.decode(errors="replace")}
            )
        if faults.get("drop") == "after":
            return None
        if "answer" in faults:
            reply = Reply(200, str(faults["answer"]).encode())
        try:
            return self._answer(reply, faults.get("trickle_s", 0))
        except OSError:  # the merchant hung up before the end
            return None

    do_GET = do_POST = _do


def run(desk: Desk) -> None:
    """Serve until the process ends; the port stands on the first line of standard output."""
    given = argparse.ArgumentParser()
    given.add_argument("--port", type=int, default=0)
    server = ThreadingHTTPServer(
        ("127.0.0.1", given.parse_args().port), type("DeskHandler", (Handler,), {"desk": desk})
    )
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
