"""Pages of people: signing in and out, forgotten passwords, the second step, /me."""

import io
import json
from datetime import timedelta
from typing import Any

import pyotp
import segno
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from accounts import operations, queries
from accounts.access import actor, roles, signed_in, visitor
from accounts.forms import (
    AcceptForm,
    ChangePasswordForm,
    CodeForm,
    NewPasswordForm,
    OfficerForm,
    PhoneForm,
    RegisterForm,
    ResetInPersonForm,
    SignInForm,
    own_path,
)
from accounts.menu import Link
from accounts.models import User
from accounts.passwords import hash_password, verify_password
from accounts.rules import OFFICES, ROLE_NAMES, SYSTEM, TOTP_REQUIRED, Role
from accounts.sessions import views as machines
from accounts.sessions.operations import leave
from accounts.sessions.views import enter
from accounts.voices import views as voices
from core import once
from core.db import transaction
from core.errors import DomainError
from core.forms import Form
from core.i18n import N_, _
from places.queries import province_of

bp = Blueprint("accounts", __name__)
BLUEPRINTS = [bp, voices.bp, machines.bp]
LINKS = [
    *voices.LINKS,
    Link(
        "accounts.officers", N_("Cán bộ và vai trò"), "people", roles=frozenset({Role.ADMINISTRATOR}), rank=5
    ),
]
SIGN_IN_TRIES, SIGN_IN_WINDOW = 10, timedelta(minutes=15)


@bp.app_context_processor
def _worn() -> dict[str, Any]:
    """`worn_role()` for layouts of pages that are not public: the actor, or None. Public templates never call it."""

    def worn_role() -> Any:
        return actor() if current_user.is_authenticated else None

    return {"worn_role": worn_role, "ROLE_NAMES": ROLE_NAMES}


def _go_on(target: str, held: str) -> ResponseReturnValue:
    """Where the person was going; with what was typed before, to be sent again with one tap."""
    if held:
        return render_template("form_again.html", held=held, target=target)
    return redirect(target)


def _enter(person: User, target: str, held: str) -> ResponseReturnValue:
    """Start the session, or ask for the second step first."""
    if queries.needs_totp(person.id):
        session["half"] = person.session_key
        session["after"] = target
        endpoint = "accounts.second_step" if person.totp_confirmed_at else "accounts.set_up_totp"
        if held:
            return render_template(
                "accounts/second_step.html", form=CodeForm(formdata=None, data={"held": held})
            )
        return redirect(url_for(endpoint))
    enter(person.id, second_step=False)
    return _go_on(target, held)


@bp.route("/sign-in", methods=["GET", "POST"])
@visitor
def sign_in() -> ResponseReturnValue:
    """Phone and password: ten tries in a quarter of an hour; the answer never says which part was wrong."""
    form = SignInForm(data={"next": own_path(request.args.get("next"))})
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422 if form.errors else 200
    with transaction():
        once.allow_attempt("sign-in", form.phone.data, most=SIGN_IN_TRIES, within=SIGN_IN_WINDOW)
    person = queries.user_by_phone(form.phone.data)
    if not verify_password(person.password_hash if person else None, form.password.data) or person is None:
        form.form_errors.append(_("Số điện thoại hoặc mật khẩu chưa đúng. Gõ lại, hoặc lấy lại mật khẩu."))
        return render_template("accounts/sign_in.html", form=form), 422
    with transaction():
        once.forget_attempts("sign-in", form.phone.data)
    return _enter(queries.user(person.id), form.target(), form.held.data or "")


def _half() -> User:
    person = queries.user_by_session(session.get("half", ""))
    if person is None:
        abort(redirect(url_for("accounts.sign_in")))
    return person


def _second_step_done(person_id: int, held: str) -> ResponseReturnValue:
    target = own_path(session.pop("after", "/me"))
    session.pop("half", None)
    enter(person_id, second_step=True)
    return _go_on(target, held)


def _try_code(person_id: int, form: CodeForm) -> bool:
    with transaction():
        once.allow_attempt("totp", str(person_id), most=SIGN_IN_TRIES, within=SIGN_IN_WINDOW)
    with transaction():
        fits = operations.totp_fits(person_id, form.code.data)
    if not fits:
        form.code.errors = [_("Mã này không khớp, hoặc đã dùng. Chờ mã mới trong ứng dụng rồi gõ lại.")]
    return fits


@bp.route("/sign-in/code", methods=["GET", "POST"])
@visitor
def second_step() -> ResponseReturnValue:
    """The code of the authenticator, for officers and staff."""
    person, form = _half(), CodeForm()
    if form.validate_on_submit() and _try_code(person.id, form):
        return _second_step_done(person.id, form.held.data or "")
    return render_template("accounts/second_step.html", form=form), 422 if form.errors else 200


@bp.route("/sign-in/set-up", methods=["GET", "POST"])
@visitor
def set_up_totp() -> ResponseReturnValue:
    """The first time: show the secret as QR and text, and take a first code."""
    person, form = _half(), CodeForm()
    if person.totp_confirmed_at:
        return redirect(url_for("accounts.second_step"))
    person_id, phone = person.id, person.phone
    if form.validate_on_submit() and _try_code(person_id, form):
        return _second_step_done(person_id, form.held.data or "")
    secret = operations.totp_secret(queries.user(person_id))
    if secret is None:
        with transaction():
            secret = operations.start_totp(person_id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=phone, issuer_name="Chợ Phiên")
    matrix = [[bool(cell) for cell in row] for row in segno.make(uri, error="m").matrix]
    page = render_template("accounts/set_up_totp.html", form=form, secret=secret, matrix=matrix)
    return page, 422 if form.errors else 200


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session. Where no script emptied the phone first, the browser is told to."""
    seat_id = current_user.seat.id
    with transaction():
        leave(seat_id)
    logout_user()
    session.clear()
    gone = redirect("/")
    if "wiped" not in request.form:
        gone.headers["Clear-Site-Data"] = '"storage"'
    return gone


@bp.route("/register", methods=["GET", "POST"])
@visitor
def register() -> ResponseReturnValue:
    """A new account begins with a code sent to the phone: nobody takes another's number."""
    form = PhoneForm()
    if form.validate_on_submit():
        purpose = "password" if queries.user_by_phone(form.phone.data) else "register"
        with transaction():
            operations.send_code(form.phone.data, purpose)
        session["forgot"] = form.phone.data
        return redirect(
            url_for("accounts.new_password" if purpose == "password" else "accounts.finish_registering")
        )
    return render_template("accounts/register.html", form=form), 422 if form.errors else 200


@bp.route("/register/code", methods=["GET", "POST"])
@visitor
def finish_registering() -> ResponseReturnValue:
    """Code, name and password make the account."""
    form = RegisterForm(data={"phone": session.get("forgot", "")})
    if form.validate_on_submit():
        hashed, person = hash_password(form.password.data), None
        with transaction():
            if operations.code_fits(form.phone.data, "register", form.code.data):
                person = operations.create_user(form.phone.data, form.name.data, hashed)
        if person is not None:
            session.pop("forgot", None)
            return _enter(person, own_path(request.args.get("next")), "")
        form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Xin mã mới.")]
    return render_template("accounts/finish_registering.html", form=form), 422 if form.errors else 200


@bp.route("/forgot", methods=["GET", "POST"])
@visitor
def forgot() -> ResponseReturnValue:
    """Ask for a code by message. The answer is the same whether the number is known or not."""
    form = PhoneForm()
    if form.validate_on_submit():
        known = queries.user_by_phone(form.phone.data)
        if known is not None and not queries.needs_totp(known.id):
            with transaction():
                operations.send_code(form.phone.data, "password")
        session["forgot"] = form.phone.data
        return redirect(url_for("accounts.new_password"))
    return render_template("accounts/forgot.html", form=form), 422 if form.errors else 200


@bp.route("/forgot/code", methods=["GET", "POST"])
@visitor
def new_password() -> ResponseReturnValue:
    """Code and new password."""
    form = NewPasswordForm(data={"phone": session.get("forgot", "")})
    if form.validate_on_submit():
        hashed = hash_password(form.password.data)
        with transaction():
            person = queries.user_by_phone(form.phone.data)
            fits = operations.code_fits(form.phone.data, "password", form.code.data) and person is not None
            if fits and person is not None:
                operations.set_password(SYSTEM, person.id, form.password.data, hashed)
        if fits:
            session.pop("forgot", None)
            flash(_("Đã đặt mật khẩu mới. Đăng nhập bằng mật khẩu đó."))
            return redirect(url_for("accounts.sign_in"))
        form.code.errors = [_("Mã không đúng hoặc đã quá 5 phút. Xin mã mới.")]
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@visitor
def invitation(token: str) -> ResponseReturnValue:
    """Take up a role that was offered by message."""
    offer = queries.open_invitation(operations.token_hash(token))
    if offer is None:
        return render_template("accounts/invitation_gone.html"), 404
    form, known = AcceptForm(), queries.user_by_phone(offer.phone)
    if known is not None:
        del form.name, form.password
    page = {"form": form, "offer": offer, "known": known is not None}
    if form.validate_on_submit():
        hashed = None if known else hash_password(form.password.data)
        name = known.name if known else form.name.data
        with transaction():
            operations.accept_invitation(token, name, hashed)
        flash(_("Đã nhận vai trò. Đăng nhập để bắt đầu."))
        return redirect(url_for("accounts.sign_in"))
    return render_template("accounts/invitation.html", **page), 422 if form.errors else 200


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """The person's own page: links of every part for the role worn now, and the roles to change to."""
    from flask import current_app

    worn, mine = actor(), queries.grants(current_user.id)
    served = queries.organisation(worn.organisation_id).kind if worn.organisation_id else ""
    collects = "collector" if served == "collector" else ""
    mine_too = [
        link
        for link in current_app.extensions["me_links"]
        if not link.roles or (worn.role in link.roles and link.kind == collects)
    ]
    links = sorted(mine_too, key=lambda link: link.rank)
    locked = not queries.made_second_step(current_user)
    choices = [
        (grant, ROLE_NAMES[Role(grant.role)], locked and Role(grant.role) in TOTP_REQUIRED) for grant in mine
    ]
    return render_template(
        "accounts/me.html", worn=worn, links=links, choices=choices, role_name=ROLE_NAMES[worn.role]
    )


@bp.post("/me/role")
@signed_in
def wear() -> ResponseReturnValue:
    """Change the role worn in this session; 0 is the plain buyer."""
    wanted = request.form.get("grant", "0")
    chosen = next((grant for grant in queries.grants(current_user.id) if str(grant.id) == wanted), None)
    session["grant"] = chosen.id if chosen else 0
    locked = chosen and Role(chosen.role) in TOTP_REQUIRED and not queries.made_second_step(current_user)
    if locked:
        session["half"], session["after"] = current_user.session_key, "/me"
        return redirect(url_for("accounts.second_step"))
    return redirect(url_for("accounts.me"))


@bp.route("/me/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password; other sessions end."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        if verify_password(current_user.password_hash, form.current.data):
            person_id, hashed = current_user.id, hash_password(form.password.data)
            second_step, me_now = queries.made_second_step(current_user), actor()
            with transaction():
                operations.set_password(me_now, person_id, form.password.data, hashed)
            enter(person_id, second_step=second_step)
            flash(_("Đã đổi mật khẩu. Các máy khác phải đăng nhập lại."))
            return redirect(url_for("accounts.me"))
        form.current.errors = [_("Mật khẩu đang dùng chưa đúng.")]
    return render_template("accounts/change_password.html", form=form), 422 if form.errors else 200


@bp.route("/me/help-sign-in", methods=["GET", "POST"])
@roles(Role.MANAGER, Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD, Role.ADMINISTRATOR)
def help_sign_in() -> ResponseReturnValue:
    """Give somebody who stands here a code to set a new password. Audited."""
    form, code = ResetInPersonForm(), None
    if form.validate_on_submit():
        me_now = actor()
        try:
            with transaction():
                code = operations.reset_in_person(me_now, form.phone.data, form.seen.data)
        except DomainError as error:
            form.take(error)
    return render_template("accounts/help_sign_in.html", form=form, code=code), 422 if form.errors else 200


@bp.route("/admin/people", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def officers() -> ResponseReturnValue:
    """Who holds an office; offer one to a phone number."""
    form, me_now = OfficerForm(), actor()

    def save() -> None:
        role, commune = Role(form.role.data), form.commune_id_chosen()
        unit_id = province_of(commune).id if OFFICES[role][1] == "province" else commune
        with transaction():
            operations.invite_officer(me_now, form.phone.data, role, unit_id, form.village.data or "")

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã gửi lời mời. Người đó mở đường dẫn trong tin nhắn, trong 7 ngày."))
        return redirect(url_for("accounts.officers"))
    rows = [(grant, person, ROLE_NAMES[Role(grant.role)]) for grant, person in queries.officers()]
    page = render_template("accounts/officers.html", form=form, rows=rows, me_id=me_now.user_id)
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/admin/people/<int:grant_id>/end")
@roles(Role.ADMINISTRATOR)
def end_office(grant_id: int) -> ResponseReturnValue:
    """End an office today."""
    me_now = actor()
    with transaction():
        operations.end_grant(me_now, grant_id)
    flash(_("Đã thôi vai trò này từ hôm nay."))
    return redirect(url_for("accounts.officers"))


@bp.route("/admin/people/<int:grant_id>/lost", methods=["GET", "POST"])
@roles(Role.ADMINISTRATOR)
def lost_phone(grant_id: int) -> ResponseReturnValue:
    """An officer lost the only phone: say what will be closed, then close it."""
    me_now, form = actor(), Form()
    person = queries.officer(grant_id)
    if form.validate_on_submit():
        with transaction():
            operations.lost_phone(me_now, grant_id)
        flash(_("Đã đăng xuất mọi máy của người này. Giờ gặp người đó để đặt mật khẩu mới."))
        return redirect(url_for("accounts.help_sign_in"))
    return render_template("accounts/lost_phone.html", form=form, person=person)


def held_fields(held: str) -> list[tuple[str, str]]:
    """What was typed before the session ended, as pairs for hidden inputs."""
    try:
        typed = json.load(io.StringIO(held)) if held else {}
    except ValueError:
        return []
    if not isinstance(typed, dict):
        return []
    lists = {name: values for name, values in typed.items() if isinstance(values, list)}
    return [(name, value) for name, values in lists.items() for value in values if isinstance(value, str)]


@bp.app_template_filter("held_fields")
def _held_fields(held: str) -> list[tuple[str, str]]:
    return held_fields(held)
