"""One HTTP call to a wallet or gateway: once, within its time, never repeated here.

Repeating is the caller's business, because only the caller knows whether the key makes it harmless.
"""

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from payments.providers.protocol import ProviderDown

if TYPE_CHECKING:
    import httpx

ANSWER_MAX_BYTES = 200_000


def post(
    url: str,
    *,
    timeout_s: float,
    body: Mapping[str, object] | None = None,
    form: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """POST `body` as JSON or `form` url-encoded, and read a JSON object, whatever the status below 500.

    No redirect is followed and no proxy of the environment is taken. Raises ProviderDown where no such answer came in
    time: nobody knows then what happened at the other end.
    """
    import httpx  # here, not above: pages that sell nothing do without it

    transport = httpx.HTTPTransport(retries=0)
    try:
        with (
            httpx.Client(
                transport=transport, timeout=timeout_s, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", url, **_content(body, form)) as response,
        ):
            return _object(response.status_code, _within(response, timeout_s))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderDown(type(error).__name__) from error


def _content(body: Mapping[str, object] | None, form: Mapping[str, object] | None) -> dict[str, Any]:
    if body is not None:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return {"content": text.encode(), "headers": {"Content-Type": "application/json; charset=UTF-8"}}
    return {"data": {name: str(value) for name, value in (form or {}).items()}}


def _within(response: "httpx.Response", timeout_s: float) -> bytes:
    """The body, read before the time is over even when it comes drop by drop, and not longer than makes sense."""
    until, read = time.monotonic() + timeout_s, bytearray()
    for piece in response.iter_bytes():
        read += piece
        if time.monotonic() > until or len(read) > ANSWER_MAX_BYTES:
            raise ProviderDown("too slow or too long")
    return bytes(read)


def _object(status: int, content: bytes) -> dict[str, Any]:
    if status >= 500:
        raise ProviderDown(f"http {status}")
    try:
        found = json.loads(content)
    except ValueError as error:
        raise ProviderDown(f"http {status}, not json") from error
    if not isinstance(found, dict):
        raise ProviderDown(f"http {status}, not an object")
    return found
