"""Headers, the guard of every route, and where a cart's post may come from."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from accounts import access
from app.floods import limiter
from core.errors import NotAllowed
from core.frames import more_policy
from core.i18n import N_

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def came_from_us() -> bool:
    """Whether an unsafe request started on our own page: Sec-Fetch-Site where sent, else Origin or Referer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return source is None or urlsplit(source).netloc == request.host


def _guard() -> ResponseReturnValue | None:
    asked = request_ctx.request  # looked up once: a page asks its proxy a hundred times
    if asked.endpoint is None or asked.endpoint == "static":
        return None
    unsafe = asked.method not in ("GET", "HEAD", "OPTIONS") and not asked.path.startswith("/webhooks/")
    if unsafe and not came_from_us():
        raise NotAllowed(
            N_("Yêu cầu này đến từ trang khác nên không nhận."), remedy=N_("Mở lại trang rồi gửi.")
        )
    if access.require(access.access_of(asked.endpoint)):
        return None
    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]


def _headers(response: Response) -> Response:
    headers, endpoint = response.headers, request.endpoint
    headers.setdefault("Content-Security-Policy", CSP + more_policy())
    headers.setdefault("Referrer-Policy", "same-origin")
    for name, value in ALWAYS:
        headers[name] = value
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if endpoint != "static":
        rule = access.access_of(endpoint) if endpoint else None
        kept = rule is not None and rule.kind == "public" and response.status_code < 400
        headers.setdefault("Cache-Control", "public, no-cache" if kept else "no-store")
    return response


def init(app: Flask) -> None:
    """Refuse by default, and put the headers on every answer."""
    limiter.init_app(app)
    app.before_request(_guard)
    app.after_request(_headers)
