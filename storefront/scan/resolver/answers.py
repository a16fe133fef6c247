"""The answers of a resolver: a page, a linkset, a way on, or plainly what is wrong. Public: no session, no write.

`resolved` stands before the views of pages: what it hands on is named rightly and asks for the page itself. Pages
behind it must not be kept by address alone (`core.pages.reads`): the same address has other answers too.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.db import db
from core.i18n import _, language
from storefront.scan.resolver import queries
from storefront.scan.resolver.rules import (
    HTML,
    JSON,
    JSON_LD,
    KEYS,
    LINKSET,
    Named,
    Wanted,
    choose,
    linkset,
    passed_on,
    read_request,
    wanted,
    with_query,
)
from traceability.gs1.syntax.faults import Fault
from traceability.gs1.words import said

View = TypeVar("View", bound=Callable[..., Any])
CONTEXT = "/.well-known/gs1resolver-context.jsonld"
OFFERED = (HTML, LINKSET, JSON, JSON_LD)


def sent_path() -> str:
    """The path as it was sent, percent-encoded; where the server keeps it not, as the router writes it."""
    sent = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "").partition("?")[0]
    if sent.startswith("/"):
        return sent
    return quote(request.path, safe="/", encoding="latin-1", errors="replace")


def resolved(view: View) -> View:
    """A view of a Digital Link's page, asked only for what has that page."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        named = read_request(
            current_app.config["BASE_URL"], sent_path(), request.query_string.decode("latin-1")
        )
        instead = resolve(named)
        if instead is not None:
            return instead
        page = make_response(view(*args, **kwargs))
        if page.status_code < 300:
            point(page, named)
        return page

    return answer  # type: ignore[return-value]


def resolve(named: Named) -> Response | None:
    """Everything but the page itself; None where the page is wanted."""
    query = request.query_string.decode("latin-1")
    if named.faults:
        return unread(named.faults)
    if named.key not in KEYS:
        return missing(_("Chợ chỉ giữ mã hàng (01), mã kiện (00) và mã nơi chốn (414)."))
    if named.moved:
        return _open(make_response(redirect(with_query(named.moved, query), 301)))
    asked = wanted(query, request.accept_mimetypes.best_match(OFFERED))
    if not asked.link_type and asked.form is None:
        return None
    levels = queries.levels_of(named)
    if levels is None:
        return missing(_("Sổ của chợ không có mã này."))
    if asked.form is not None:
        return _linkset(named, asked, linkset(current_app.config["BASE_URL"], levels, levels[0].description))
    return _onward(named, asked, choose(levels, asked.link_type, _languages()))


def _languages() -> list[str]:
    """What the reader's browser likes, best first; the page's own language where it says none."""
    liked = [name.partition("-")[0].lower() for name in request.accept_languages.values()]
    return [language(), *liked] if "hl" in request.args or not liked else liked


def _onward(named: Named, asked: Wanted, target: Any) -> Response:
    """The way to the link that was asked for."""
    if target is None:
        return missing(
            _("Mã này có, nhưng chợ không giữ loại trang “%(name)s” của nó.", name=asked.link_type[:40])
        )
    href = target.path if "hl" in request.args else target.href
    answer = make_response(redirect(with_query(href, passed_on(request.query_string.decode("latin-1"))), 307))
    point(answer, named)
    return answer


def _linkset(named: Named, asked: Wanted, found: dict[str, object]) -> Response:
    base = current_app.config["BASE_URL"]
    if asked.form == JSON_LD:
        found = {"@context": base + CONTEXT} | found
    answer = Response(json.dumps(found, ensure_ascii=False), content_type=str(asked.form))
    answer.headers.add(
        "Link", f'<{base}{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'
    )
    point(answer, named)
    return answer


def point(answer: Response, named: Named) -> None:
    """Where the whole linkset is, in a header of the answer."""
    address = f"{current_app.config['BASE_URL']}{named.path}"
    answer.headers.add("Link", f'<{address}?linkType=linkset>; rel="linkset"; type="{LINKSET}"')
    if named.expanded:
        answer.headers.add("Link", f'<{address}>; rel="owl:sameAs"')
    _open(answer)


def _open(answer: Response) -> Response:
    """The answer depends on what the caller likes."""
    answer.vary.update(("Accept", "Accept-Language"))
    return answer


# ---- what is wrong ----


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(OFFERED, default=HTML) != HTML


def unread(faults: tuple[Fault, ...]) -> Response:
    """400: the address is no Digital Link, each fault named."""
    lines = []
    for one in faults:
        why, parts = said(one)
        text = _(why, **parts)
        lines.append((f"({one.ai})" if one.ai else "", text[:1].upper() + text[1:] if not one.ai else text))
    if _wants_json():
        named = [
            {"ai": one.ai, "why": one.why, "said": text}
            for one, (_ai, text) in zip(faults, lines, strict=True)
        ]
        return _refusal({"error": "bad request", "faults": named}, 400)
    page = render_template("storefront/scan/misread.html", lines=lines, typed="")
    return _open(make_response(page, 400))


def missing(text: str) -> Response:
    """404: named rightly, and we hold nothing of it."""
    db.session.rollback()
    if _wants_json():
        return _refusal({"error": "not found", "said": text}, 404)
    page = render_template("storefront/scan/unknown.html", text=text, typed="", known=None, lang=language())
    return _open(make_response(page, 404))


def _refusal(said_so: dict[str, object], status: int) -> Response:
    return _open(Response(json.dumps(said_so, ensure_ascii=False), status, content_type=JSON))


def share(answer: Response) -> Response:
    """Any site's script may read what is public here (CORS)."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "Link, Location"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        answer.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
        answer.headers["Access-Control-Max-Age"] = "86400"
    return answer
