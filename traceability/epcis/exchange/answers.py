"""How the REST interface answers: GS1's headers, problem details, JSON-LD documents, pages and their tokens."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import urlencode

from flask import Response, current_app, request

from core import clock
from traceability.epcis.exchange import queries
from traceability.epcis.exchange.operations import problem
from traceability.epcis.exchange.rules import (
    CAPTURE_BYTES_MAX,
    CAPTURE_EVENTS_MAX,
    PER_PAGE,
    PER_PAGE_MAX,
    URL_MAX,
    BadQuery,
    Writer,
    read_json,
)
from traceability.epcis.rules import CONTEXT

VERSION = "2.0"
HEADERS = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION, "GS1-Extensions": "{}"}
DISCOVERY = {
    "GS1-EPCIS-Min": VERSION, "GS1-EPCIS-Max": VERSION, "GS1-CBV-Min": VERSION, "GS1-CBV-Max": VERSION,
    "GS1-EPC-Format": "Never_Translates", "GS1-CBV-XML-Format": "Never_Translates", "GS1-Vendor-Version": "1",
}  # fmt: skip
LIMITS = {
    "GS1-EPCIS-Capture-Limit": str(CAPTURE_EVENTS_MAX),
    "GS1-EPCIS-Capture-File-Size-Limit": str(CAPTURE_BYTES_MAX),
    "GS1-Capture-Error-Behaviour": "rollback",
}
JSON_TYPES = ("application/json", "application/ld+json")
TOKEN_LIFE = timedelta(days=1)  # tokens hold no state; the day is what the standard's header asks to name


class Problem(Exception):
    """A refusal as the standard names it."""

    def __init__(self, kind: str, title: str, status: int, detail: str = "") -> None:
        super().__init__(title)
        self.body, self.status = problem(kind, title, status, detail), status


def refuse(kind: str, title: str, status: int, detail: str = "") -> NoReturn:
    """Raise a refusal."""
    raise Problem(kind, title, status, detail)


def missing(what: str) -> NoReturn:
    """404: nothing of this name, or nothing one may see."""
    refuse("NoSuchNameException", f"There is no {what} here", 404)


def refused(error: Problem) -> Response:
    """A refusal as problem details (RFC 7807)."""
    headers = dict(HEADERS)
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="epcis"'
    if error.status == 413:
        headers |= LIMITS
    return Response(json.dumps(error.body), error.status, headers, mimetype="application/problem+json")


def check_request() -> None:
    """Refuse what cannot be answered: a URL too long, a version or a form of answer that is not spoken here."""
    if len(request.url) > URL_MAX:
        refuse("URITooLongException", "The address is too long", 414)
    if request.accept_mimetypes and not request.accept_mimetypes.best_match(JSON_TYPES):
        refuse("NotAcceptableException", "Only JSON and JSON-LD are spoken here", 406)
    for family in ("EPCIS", "CBV"):
        least, most = request.headers.get(f"GS1-{family}-Min"), request.headers.get(f"GS1-{family}-Max")
        exact = request.headers.get(f"GS1-{family}-Version") if request.method == "POST" else None
        if _number(least, "2.0") > (2, 0) or _number(most, "2.0") < (2, 0) or _number(exact, "2.0") != (2, 0):
            refuse("NotAcceptableException", f"Only {family} {VERSION} is spoken here", 406)
    if (request.headers.get("GS1-EPC-Format") or "").startswith("Always_"):
        refuse("NotAcceptableException", "Identifiers are given as they were captured", 406)


def _number(text: str | None, default: str) -> tuple[int, ...]:
    parts = (text or default).split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        refuse("NotAcceptableException", "A version is numbers with points", 406)
    return (*(int(part) for part in parts), 0)[:2]


def writer() -> Writer | None:
    """For whom the request speaks by its key; None without one. 401 for a key that opens nothing."""
    header = request.headers.get("Authorization", "")
    kind, _space, key = header.partition(" ")
    if not header:
        return None
    found = queries.writer_of(key.strip()) if kind.lower() == "bearer" else None
    if found is None:
        refuse("SecurityException", "This key opens nothing", 401)
    return found


def must_write() -> Writer:
    """For whom the request speaks. 401 without a key."""
    found = writer()
    if found is None:
        refuse("SecurityException", "A key is needed", 401, "Send it as Authorization: Bearer …")
    return found


def body() -> Any:
    """The JSON that was sent. 413, 415 or 400 where there is none to read."""
    if (request.content_length or 0) > CAPTURE_BYTES_MAX:
        refuse("CaptureLimitExceededException", "The document is too large", 413)
    if request.mimetype not in JSON_TYPES:
        refuse("UnsupportedMediaTypeException", "Send application/json or application/ld+json", 415)
    data = request.get_data(cache=False)
    if len(data) > CAPTURE_BYTES_MAX:
        refuse("CaptureLimitExceededException", "The document is too large", 413)
    try:
        return read_json(data)
    except (ValueError, RecursionError):
        refuse("ValidationException", "The document is not JSON", 400)


def answer(value: object, status: int = 200, **headers: str) -> Response:
    """JSON with GS1's headers."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(
        json.dumps(value, ensure_ascii=False), status, HEADERS | named, mimetype="application/json"
    )


def per_page() -> int:
    """How many to a page: 30 unless asked, at most 200."""
    text = request.args.get("perPage", str(PER_PAGE))
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise BadQuery("perPage is a whole number from 1")
    return min(int(text[:9]), PER_PAGE_MAX)


def following(token: str) -> dict[str, str]:
    """Headers that lead to the next page."""
    args = [(name, value) for name, value in request.args.items(multi=True) if name != "nextPageToken"]
    address = f"{request.path}?{urlencode([*args, ('nextPageToken', token)])}"
    expires = (clock.now() + TOKEN_LIFE).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "Link": f'<{current_app.config["BASE_URL"]}{address}>; rel="next"',
        "GS1-Next-Page-Token-Expires": expires,
    }


def collection(members: Sequence[str], headers: Mapping[str, str] | None = None) -> Response:
    """A collection of names."""
    found = answer({"@context": CONTEXT, "type": "Collection", "member": list(members)})
    found.headers.update(headers or {})
    return found


def query_document(events: Sequence[dict[str, Any]], name: str = "SimpleEventQuery",
                   headers: Mapping[str, str] | None = None) -> Response:  # fmt: skip
    """Events as an EPCISQueryDocument in JSON-LD; each event brings its own context where it has names of its own."""
    document = {
        "@context": [CONTEXT], "type": "EPCISQueryDocument", "schemaVersion": "2.0",
        "creationDate": clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "epcisBody": {"queryResults": {"queryName": name, "resultsBody": {"eventList": list(events)}}},
    }  # fmt: skip
    found = answer(document)
    found.headers.update(headers or {})
    return found
