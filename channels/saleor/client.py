"""A small GraphQL client on httpx: once and within its time; who calls decides whether to try again, and when.

A shop that answers with HTTP 429 or 503 may say for how long it wants to be left alone; nothing is sent to it before.
"""

import json
import time
from collections.abc import Mapping
from contextlib import nullcontext
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from core import clock

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 12.0
ANSWER_MAX_BYTES = 8_000_000
READ_TRIES = 2  # of a query, which changes nothing; a mutation is sent once
TOO_SLOW = "too slow or too long"
SILENT = frozenset(
    {"ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", TOO_SLOW}
)  # not asked twice


class ShopDown(Exception):
    """No answer that can be used came: nobody knows whether a mutation was carried out. why: a class, no data.

    after_s: how long the shop asked to be left alone.
    """

    def __init__(self, why: str, after_s: float | None = None) -> None:
        super().__init__(why)
        self.why, self.after_s = why[:60], after_s


class ShopRefused(Exception):
    """The shop answered, and said no to the whole document: a wrong token, a missing permission, a word of ours."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code, self.message = code[:60], message[:300]


class Client:
    """One shop's interface. In a `with` block it holds its connections; otherwise each call makes its own.

    May be used by several threads at a time.
    """

    def __init__(self, api_url: str, token: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._url, self._token, self._timeout_s = api_url, token, timeout_s
        self._held: httpx.Client | None = None

    def __enter__(self) -> "Client":
        self._held = self._connections()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def query(self, document: str, **variables: object) -> dict[str, Any]:
        """Ask; a connection that broke is tried once more, silence is not. Raises ShopDown, ShopRefused."""
        for left in reversed(range(READ_TRIES)):
            try:
                return self._send(document, variables)
            except ShopDown as error:
                if not left or error.after_s is not None or error.why in SILENT:
                    raise
        raise AssertionError("unreachable")

    def mutate(self, document: str, **variables: object) -> dict[str, Any]:
        """Change something, once. After ShopDown nobody knows whether it was changed: look before the next try."""
        return self._send(document, variables)

    def _connections(self) -> "httpx.Client":
        import httpx  # here, not above: web processes that call no shop do without it

        return httpx.Client(timeout=self._timeout_s, follow_redirects=False, trust_env=False)

    def _send(self, document: str, variables: Mapping[str, object]) -> dict[str, Any]:
        import httpx

        body = json.dumps({"query": document, "variables": variables}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            with (
                nullcontext(self._held) if self._held is not None else self._connections() as http,
                http.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                return _data(answer.status_code, answer.headers, _within(answer, self._timeout_s))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ShopDown(type(error).__name__) from error


def fetch_keys(url: str, timeout_s: float = 6.0) -> str:
    """The text at an address of published keys. Raises ShopDown."""
    import httpx

    try:
        with (
            httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False) as http,
            http.stream("GET", url) as answer,
        ):
            content = _within(answer, timeout_s)
            if answer.status_code != 200:
                raise ShopDown(f"http {answer.status_code}")
            return content.decode()
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeDecodeError) as error:
        raise ShopDown(type(error).__name__) from error


def _within(answer: "httpx.Response", timeout_s: float) -> bytes:
    """The body, read before the time is over even when it comes drop by drop, and not longer than makes sense."""
    until, read = time.monotonic() + timeout_s, bytearray()
    for piece in answer.iter_bytes():
        read += piece
        if time.monotonic() > until or len(read) > ANSWER_MAX_BYTES:
            raise ShopDown(TOO_SLOW)
    return bytes(read)


def _data(status: int, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    if status in (429, 503):
        raise ShopDown(f"http {status}", _after(headers.get("retry-after", "")))
    if status >= 500:
        raise ShopDown(f"http {status}")
    try:
        found = json.loads(content)
    except ValueError as error:
        raise ShopDown(f"http {status}, not json") from error
    if not isinstance(found, dict):
        raise ShopDown(f"http {status}, not an object")
    if found.get("errors"):
        raise _refused(found["errors"])
    data = found.get("data")
    if not isinstance(data, dict):
        raise ShopDown(f"http {status}, no data")
    return data


def _refused(errors: object) -> ShopRefused:
    """A document answered with errors is refused whole, even where a part of its data came."""
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    extensions = first.get("extensions") or {}
    exception = extensions.get("exception") or {}
    code = exception.get("code") or extensions.get("code") or "GraphQLError"
    return ShopRefused(str(code), str(first.get("message", "")))


def _after(said: str) -> float | None:
    """Seconds of a Retry-After header: a number, or a date."""
    if said.strip().isdigit():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max((at - clock.now()).total_seconds(), 0.0) if at.tzinfo else None
