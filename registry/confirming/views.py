"""Pages of a household's yes: its PIN, the sheet to sign, the photo of it."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from accounts.access import actor, signed_in
from accounts.passwords import hash_password, verify_password
from accounts.rules import Actor
from catalog.photos.darkroom import make_safely
from catalog.photos.heads import NotAPicture
from catalog.rules import PHOTO_MAX_BYTES
from core import clock
from core.db import transaction
from core.errors import Invalid, NotFound
from core.i18n import N_, _
from core.once import allow_attempt
from households.queries import head_name, household_of_user
from registry import queries
from registry.confirming import operations
from registry.confirming.forms import MarkForm, PinForm
from registry.confirming.queries import photo_of, pin_of
from registry.confirming.rules import TRIES, WITHIN, is_pin
from registry.questions import QUESTIONS, shown_answer

bp = Blueprint("confirming", __name__)


@bp.url_value_preprocessor
def _room_for_a_photo(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = PHOTO_MAX_BYTES


@bp.route("/declare/pin", methods=["GET", "POST"])
@signed_in
def pin() -> ResponseReturnValue:
    """Set the household's PIN, or another one."""
    me, form = actor(), PinForm()
    mine = household_of_user(me.user_id or 0)

    def save() -> None:
        if not is_pin(form.pin.data or ""):
            raise Invalid(
                N_("Mã cần 6 chữ số, không dễ đoán như 111111 hay 123456."),
                remedy=N_("Chọn số nhà mình nhớ được."),
                field="pin",
            )
        if form.pin.data != form.again.data:
            raise Invalid(N_("Hai lần gõ không giống nhau."), remedy=N_("Gõ lại cả hai ô."), field="again")
        hashed = hash_password(form.pin.data or "")
        with transaction():
            operations.set_pin(me, hashed)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã đặt mã PIN của hộ."))
        return redirect(url_for("registry.declare"))
    held = pin_of(mine.id) if mine else None
    page = render_template("registry/phones/pin.html", form=form, household=mine, held=held)
    return page, 422 if form.errors or form.form_errors else 200


def confirmed_by_pin(me: Actor, key: str, typed: str) -> bool:
    """The household typed its PIN; five tries a day, counted whatever the answer."""
    review = queries.own_review(me, key)
    held = pin_of(review.household_id)
    with transaction():
        allow_attempt("household pin", str(review.household_id), most=TRIES, within=WITHIN)
    if not verify_password(held.pin_hash if held else None, typed):
        return False
    with transaction():
        operations.confirm_by_pin(me, key)
    return True


def drawn_anew(sent: object) -> bytes:
    """An uploaded photo as WebP without metadata. Raises Invalid at field `photo`."""
    data = sent.stream.read(PHOTO_MAX_BYTES + 1) if isinstance(sent, FileStorage) else b""
    if not data:
        raise Invalid(N_("Chụp ảnh tờ giấy hộ đã ký."), field="photo")
    try:
        return safe_photo(data)
    except NotAPicture as error:
        error.field = "photo"
        raise


def safe_photo(data: bytes) -> bytes:
    """The bytes of a photo drawn anew in the darkroom, the largest width. Raises NotAPicture."""
    made = make_safely(data).webp
    return made[max(made)]


@bp.route("/declare/<key>/mark", methods=["GET", "POST"])
@signed_in
def mark(key: str) -> ResponseReturnValue:
    """A household signs, or leaves its fingerprint, before a witness."""
    me, form = actor(), MarkForm()
    review = queries.own_review(me, key)
    if review.state != "to_confirm" or queries.is_own(me, review):
        return redirect(url_for("registry.resume", key=key))

    def save() -> None:
        photo = drawn_anew(form.photo.data)
        with transaction():
            operations.confirm_by_mark(me, key, form.witness.data or "", photo)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi lời đồng ý của hộ, cùng người làm chứng."))
        return redirect(url_for("registry.resume", key=key))
    head = head_name(review.household_id, clock.today())
    page = render_template("registry/phones/mark.html", form=form, key=key, head=head)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/declare/<key>/sheet")
@signed_in
def sheet(key: str) -> ResponseReturnValue:
    """All answers on paper, with room for the household's sign or print and for the witness."""
    me = actor()
    review = queries.own_review(me, key)
    answers = queries.answers_of(review)
    return render_template(
        "registry/phones/sheet.html",
        key=key,
        head=head_name(review.household_id, clock.today()),
        village=review.village,
        today=clock.today(),
        rows=[(one, shown_answer(one.id, answers.get(one.id))) for one in QUESTIONS],
    )


@bp.get("/declare/<key>/mark/photo")
@signed_in
def photo(key: str) -> ResponseReturnValue:
    """The photo of the signed sheet. The reading is in the audit chain before it is sent; no copy is kept."""
    me = actor()
    with transaction():
        review = operations.read_mark(me, key)
        found = photo_of(review)
    if found is None:
        raise NotFound(N_("Không có ảnh nào."))
    answer = send_file(BytesIO(found), mimetype="image/webp")
    answer.headers["Cache-Control"] = "no-store"
    return answer
