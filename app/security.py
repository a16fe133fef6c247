"""Headers, the guard of every route, and where a cart's post may come from."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
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


def came_from_us() -> bool:
    """Whether an unsafe request started on our own page: Sec-Fetch-Site where sent, else Origin or Referer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return source is None or urlsplit(source).netloc == request.host


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    unsafe = request.method not in ("GET", "HEAD", "OPTIONS") and not request.path.startswith("/webhooks/")
    if unsafe and not came_from_us():
        raise NotAllowed(
            N_("Yêu cầu này đến từ trang khác nên không nhận."), remedy=N_("Mở lại trang rồi gửi.")
        )
    if access.require(access.access_of(request.endpoint)):
        return None
    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined,no-any-return]


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP + more_policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    rule = access.access_of(request.endpoint) if request.endpoint else None
    if request.endpoint != "static" and (
        rule is None or rule.kind != "public" or response.status_code >= 400
    ):
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "public, no-cache")
    return response


def init(app: Flask) -> None:
    """Refuse by default, and put the headers on every answer."""
    limiter.init_app(app)
    app.before_request(_guard)
    app.after_request(_headers)
