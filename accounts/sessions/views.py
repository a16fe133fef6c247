"""The page of signed-in machines, and the one door by which a person comes in."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from accounts.access import actor, signed_in
from accounts.queries import user
from accounts.sessions import operations, queries
from core.db import transaction
from core.i18n import _

bp = Blueprint("machines", __name__)


def enter(person_id: int, *, second_step: bool) -> None:
    """Sign this machine in: a new row and a new cookie; the one it had before ends."""
    before = current_user.seat.id if current_user.is_authenticated else None
    with transaction():
        token = operations.begin(
            person_id, request.user_agent.string, second_step=second_step, instead_of=before
        )
    person = user(person_id)
    person.token = token
    login_user(person, remember=False)
    session.permanent = True


@bp.get("/me/sessions")
@signed_in
def mine() -> ResponseReturnValue:
    """Every machine that I am signed in on: what kind, since when, last used when."""
    rows = queries.machines(actor(), current_user.seat.id)
    return render_template("accounts/machines.html", rows=rows)


@bp.post("/me/sessions/end")
@signed_in
def end_others() -> ResponseReturnValue:
    """Sign out every other machine at once; this one goes on."""
    me, this = actor(), current_user.seat.id
    with transaction():
        operations.end_others(me, this)
    flash(_("Đã đăng xuất mọi máy khác. Máy này vẫn đăng nhập."))
    return redirect(url_for(".mine"))


@bp.post("/me/sessions/<int:session_id>/end")
@signed_in
def end(session_id: int) -> ResponseReturnValue:
    """Sign one machine out."""
    me = actor()
    with transaction():
        operations.end(me, session_id)
    flash(_("Đã đăng xuất máy đó. Mở lại phải gõ mật khẩu."))
    return redirect(url_for(".mine"))
