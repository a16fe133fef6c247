"""`python -m tests.stripe_server` prints its port and serves. `/_control/…` is the test's, the rest Stripe's."""

import hashlib
import hmac
import json
import random
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from tests.stripe_server import card_page, objects
from tests.stripe_server.description import Description, parsed
from tests.stripe_server.desk import Desk, Refused

KEY = "Bearer sk_test_chophien"


class State:
    """All that the server knows."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.description = Description()
        self.fresh(1_795_316_400)

    def fresh(self, now: int) -> None:
        """As new."""
        self.desk, self.keys, self.calls = Desk(now), {}, []  # type: ignore[var-annotated]
        self.opened: list[str] = []  # what the buyer's browser asked for
        self.weather: dict[str, Any] = {"mode": "", "count": 0, "seconds": 0}
        self.description.faults.clear()


STATE = State()


def signed(body: str, secrets: list[str], at: int, forge: str = "") -> str:
    """Stripe-Signature, with one v1 for each secret while a key rolls."""
    if forge == "body":
        body += " "
    marks = [
        hmac.new((secret + forge).encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        for secret in secrets
    ]
    return f"t={at}," + ",".join(f"v1={mark}" for mark in marks)


def letters(plan: dict[str, Any]) -> list[list[str]]:
    """The news as [body, signature] pairs: repeated, shuffled, dropped, late and forged as the plan says."""
    chosen = [
        one for one in STATE.desk.events[plan.get("since", 0) :] if one["type"] not in plan.get("drop", ())
    ]
    chosen = chosen * int(plan.get("repeat", 1))
    if "shuffle" in plan:
        random.Random(plan["shuffle"]).shuffle(chosen)
    secrets, at = plan.get("secrets", ["whsec_test"]), int(plan.get("at", STATE.desk.now))
    sent = []
    for one in chosen:
        STATE.description.event(one)
        body = json.dumps(one, ensure_ascii=False)
        sent.append([body, signed(body, secrets, at, plan.get("forge", ""))])
    return sent


def deliver(plan: dict[str, Any]) -> list[int]:
    """Send the letters to plan["url"]; the statuses answered, 0 for no answer."""
    found = []
    for body, signature in letters(plan):
        time.sleep(float(plan.get("delay", 0)))
        ask = urllib.request.Request(plan["url"], body.encode(), method="POST", headers={
            "Stripe-Signature": signature, "Content-Type": "application/json"})  # fmt: skip
        try:
            with urllib.request.urlopen(ask, timeout=30) as answer:
                found.append(answer.status)
        except urllib.error.HTTPError as error:
            found.append(error.code)
            error.close()
        except OSError:
            found.append(0)
    return found


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Silence."""

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def _say(self, status: int, body: Any) -> None:
        self._send(
            status,
            json.dumps(body),
            {"Content-Type": "application/json", "Request-Id": f"req_{len(STATE.calls)}"},
        )

    def _send(self, status: int, text: str, headers: dict[str, str]) -> None:
        sent = text.encode()
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(sent))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self._body()
        if path.startswith("/_control/"):
            self._say(200, self._control(path.removeprefix("/_control/"), json.loads(body or "{}")))
            return
        if path.startswith("/redirect/"):
            with STATE.lock:
                self._send(303, "", {"Location": card_page.proved(STATE.desk, path, body)})
            return
        self._serve("POST", path, "", body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if page := card_page.shown(parts.path):
            STATE.opened.append(self.path)
            self._send(200, page[0], {"Content-Type": page[1]})
            return
        self._serve("GET", parts.path, parts.query, "")

    def _control(self, what: str, told: dict[str, Any]) -> Any:
        if what == "deliver":  # outside the lock: the one who is told may ask us something
            return deliver(told)
        with STATE.lock:
            if what == "fresh":
                STATE.fresh(int(told["now"]))
            elif what == "now":
                STATE.desk.now = int(told["now"])
            elif what == "weather":
                STATE.weather = {"mode": "", "count": 0, "seconds": 0} | told
            elif what == "refunds_wait":
                STATE.desk.refunds_wait = bool(told["yes"])
            elif what == "letters":
                return letters(told)
            elif what == "look":
                seen = STATE.description
                return {"calls": STATE.calls, "rows": STATE.desk.rows, "events": STATE.desk.events,
                        "opened": STATE.opened, "faults": seen.faults, "checked": seen.checked,
                        "described": seen.there}  # fmt: skip
            else:
                return STATE.desk.order(what, told)
        return {}

    def _serve(self, method: str, path: str, query: str, body: str) -> None:
        mode = self._mode()
        if mode == "hang":
            time.sleep(float(STATE.weather["seconds"]))
        if mode == "500":
            self._say(500, objects.error("api_error", "", "down"))
            return
        with STATE.lock:
            status, answer = self._answer(method, path, query, body)
        if mode in ("drop", "hang"):  # done, and nobody hears of it
            self.close_connection = True
            self.connection.close()
            return
        self._say(status, answer)

    def _mode(self) -> str:
        with STATE.lock:
            if STATE.weather["count"] <= 0:
                return ""
            STATE.weather["count"] -= 1
            return str(STATE.weather["mode"])

    def _answer(self, method: str, path: str, query: str, body: str) -> tuple[int, Any]:
        key = self.headers.get("Idempotency-Key", "")
        STATE.calls.append(
            {"method": method, "path": path, "key": key, "version": self.headers.get("Stripe-Version")}
        )
        STATE.description.request(method, path, query, body)
        try:
            if self.headers.get("Authorization") != (
                card_page.PUBLIC_KEY if path.endswith("/confirm") else KEY
            ):
                raise Refused(401, "invalid_request_error", "api_key_invalid")
            status, answer = 200, self._known(method, path, query, body, key)
        except Refused as no:
            status, answer = no.status, no.body
        STATE.description.answer(method, path, status, answer)
        return status, answer

    def _known(self, method: str, path: str, query: str, body: str, key: str) -> Any:
        if method == "POST" and key:
            before = STATE.keys.get((path, key))
            if before is not None:
                if before[0] != body:
                    raise Refused(400, "idempotency_error", "idempotency_key_in_use")
                return before[1]
        found = self._do(method, path.strip("/").split("/")[1:], parsed(query), parsed(body))
        if method == "POST" and key:
            STATE.keys[path, key] = (body, json.loads(json.dumps(found)))
        return found

    def _do(self, method: str, steps: list[str], query: dict[str, Any], params: dict[str, Any]) -> Any:
        desk, wanted = STATE.desk, query.get("expand", [])
        host = f"http://{self.headers['Host']}"
        match [method, *steps]:
            case ["POST", "checkout", "sessions"]:
                return desk.create_session(params, host)
            case ["POST", "checkout", "sessions", number, "expire"]:
                return desk.expire_session(number)
            case ["GET", "checkout", "sessions", number]:
                return desk.expanded(desk.get(number), wanted)
            case ["POST", "payment_intents"]:
                return desk.create_intent(params)
            case ["POST", "payment_intents", number, "confirm"]:
                return card_page.confirm(desk, number, params, host)
            case ["POST", "payment_intents", number, "cancel"]:
                return desk.cancel_intent(number, params)
            case ["GET", "payment_intents", number]:
                return desk.expanded(desk.get(number), wanted)
            case ["POST", "refunds"]:
                return desk.create_refund(params)
            case ["GET", "refunds", number]:
                return desk.get(number)
            case ["GET", "balance"]:
                return desk.balance()
            case ["GET", "balance_transactions"]:
                return self._page(
                    desk.movements(int(query.get("created", {}).get("gte", 0)), bool(wanted)), query
                )
        raise Refused(404, "invalid_request_error", "url_invalid")

    def _page(self, rows: list[Any], query: dict[str, Any]) -> Any:
        after, most = query.get("starting_after"), int(query.get("limit", 10))
        start = next((place + 1 for place, row in enumerate(rows) if row["id"] == after), 0)
        return {"object": "list", "url": "/v1/balance_transactions", "data": rows[start : start + most],
                "has_more": len(rows) > start + most}  # fmt: skip


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
