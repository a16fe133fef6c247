"""Who is signed in. Public pages never touch this: no cookie is read, none is set."""

import json
from typing import Any

from flask import Flask, make_response, render_template, request
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer

from core.seals import QuickTimestampSigner, SealedTimed

login_manager = LoginManager()
HELD_MAX = 100_000
NEVER_HELD = frozenset({"csrf_token", "password", "current", "code"})  # secrets are typed again


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Any:
    from accounts.sessions.queries import person_of

    return person_of(token)


def held_form() -> str:
    """What was typed into a form whose sender is not signed in any more, as JSON, so that nothing is lost."""
    if request.method == "GET":
        return ""
    typed = {name: values for name, values in request.form.lists() if name not in NEVER_HELD}
    text = json.dumps(typed, ensure_ascii=False)
    return text if typed and len(text) <= HELD_MAX else ""


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _ask_to_sign_in() -> ResponseReturnValue:
    from accounts.forms import SignInForm

    target = request.full_path.rstrip("?") if request.method == "GET" else request.path
    form = SignInForm(formdata=None, data={"next": target, "held": held_form()})
    page = render_template("accounts/sign_in.html", form=form, asked=True)
    return make_response(page, 401)


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookie, its signer made once: it is asked for twice a request."""

    _signer: tuple[Any, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer for the key in force."""
        if self._signer[0] != app.secret_key:
            keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
            self._signer = (app.secret_key, SealedTimed(keys, salt=self.salt))
        return self._signer[1]


def init(app: Flask) -> None:
    """Attach the sign-in machinery."""
    URLSafeTimedSerializer.default_signer = (
        QuickTimestampSigner  # Flask-WTF makes its tokens' serializer itself
    )
    app.session_interface = Cookies()
    login_manager.session_protection = "basic"
    login_manager.init_app(app, add_context_processor=False)
    # It would read the session after every answer to renew a "remember me" that we do not offer; a public page that
    # reads the session varies by cookie and can never be cached.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
