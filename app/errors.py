"""Where refusals become pages, once."""

from contextlib import suppress
from typing import Any

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.db import db
from core.errors import DomainError
from core.i18n import N_, _
from core.patience import Busy, is_silence

WORDS: dict[int, tuple[str, str]] = {
    400: (N_("Yêu cầu chưa đọc được."), N_("Quay lại trang trước rồi thử lại.")),
    403: (N_("Trang này không dành cho vai trò đang dùng."), N_("Đổi vai trò ở trang Tôi.")),
    404: (N_("Không có trang này."), N_("Xem lại đường dẫn, hoặc về trang đầu.")),
    405: (N_("Trang này không nhận cách gửi đó."), N_("Mở lại trang rồi thử lại.")),
    413: (N_("Tệp gửi lên quá nặng."), N_("Mỗi ảnh nhiều nhất 16 MB. Chụp lại hoặc chọn ảnh nhỏ hơn.")),
    429: (N_("Bấm nhanh quá."), N_("Chờ một phút rồi thử lại.")),
    500: (
        N_("Máy chủ gặp lỗi, chưa làm được việc này."),
        N_("Việc vừa gửi chưa được ghi. Thử lại sau ít phút."),
    ),
}


def _wants_json() -> bool:
    return request.path.startswith("/webhooks/") or request.accept_mimetypes.best == "application/json"


def page(status: int, message: str, remedy: str) -> ResponseReturnValue:
    """An error as the reader's page, or as JSON for machines."""
    if _wants_json():
        return jsonify(success=False, message=message, remedy=remedy), status
    return render_template("error.html", status=status, message=message, remedy=remedy), status


def _domain(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    return page(
        error.status,
        _(error.message, **error.params),
        _(error.remedy, **error.params) if error.remedy else "",
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()
    message, remedy = WORDS.get(code, WORDS[400 if code < 500 else 500])
    return page(code, _(message), _(remedy))


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    """A form of an ended session, or without a cookie: the form comes back to be sent again, nothing typed is lost."""
    from app.sessions import held_form

    held = held_form()
    return render_template("form_again.html", held=held, target=request.path), 400


def _busy(error: Busy | None = None) -> ResponseReturnValue:
    """The database is away: what was typed comes back to be sent again under its key. Nothing is read here."""
    from app.sessions import held_form

    error = error or Busy()
    message, remedy = _(error.message), _(error.remedy)
    if _wants_json():
        return jsonify(success=False, message=message, remedy=remedy), 503, {"Retry-After": "10"}
    target = request.full_path.rstrip("?") if request.method == "GET" else request.path
    held = held_form()
    shown = render_template("busy.html", message=message, remedy=remedy, held=held, target=target)
    return shown, 503, {"Retry-After": "10", "Cache-Control": "no-store"}


def _silent(error: Exception) -> ResponseReturnValue:
    """An error of the database: silence is said as such, a mistake of ours is a crash."""
    if not is_silence(error):
        return _crash(error)
    from flask import current_app

    current_app.logger.error(
        "database silent", extra={"endpoint": request.endpoint, "error": type(error).__name__}
    )
    with suppress(SQLAlchemyError):
        db.session.rollback()
    return _busy()


def _crash(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    from flask import current_app

    if current_app.testing and not isinstance(error, HTTPException):
        raise error
    current_app.logger.exception("request failed", extra={"endpoint": request.endpoint})
    return page(500, _(WORDS[500][0]), _(WORDS[500][1]))


def init(app: Flask) -> None:
    """Register the handlers."""
    handlers: list[tuple[type[Exception], Any]] = [
        (DomainError, _domain),
        (Busy, _busy),
        (OperationalError, _silent),
        (TimeoutError, _silent),
        (RequestEntityTooLarge, _http),
        (CSRFError, _csrf),
        (HTTPException, _http),
        (Exception, _crash),
    ]
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)
