"""Pages of payouts afterwards: all of them, cash confirmed by the producer, her PIN, and the limit for one person."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles, signed_in
from accounts.passwords import hash_password, verify_password
from accounts.queries import user
from cooperatives import queries as cooperatives
from core import clock
from core.db import transaction
from core.errors import NotFound, TooMany
from core.forms import Form
from core.i18n import N_, _
from core.once import allow_attempt, forget_attempts
from revenue.payouts import operations, queries
from revenue.payouts.forms import CodeForm, LimitForm, NewPinForm, PinForm
from revenue.payouts.operations import STAFF
from revenue.payouts.rules import HOW_TEXT, PIN_TRIES_MAX, PIN_WAIT_H, check_pin

bp = Blueprint("confirmations", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"HOW_TEXT": HOW_TEXT}


def _own() -> int:
    return int(cooperatives.of_organisation(actor().organisation_id).organisation_id or 0)


@bp.get("/manage/money/payouts")
@roles(*STAFF)
def index() -> ResponseReturnValue:
    """Every payout, newest first, with what became of it; cash nobody confirmed stands first."""
    page = max(1, request.args.get("page", 1, type=int))
    rows, waiting = queries.payouts_page(_own(), page), queries.unconfirmed_cash(_own())
    ids = {one.producer_id for one, *_rest in rows} | {one.producer_id for one in waiting}
    return render_template(
        "revenue/payouts/index.html", rows=rows, waiting=waiting, page=page, more=len(rows) == 30,
        who=cooperatives.producer_views(list(ids)),
    )  # fmt: skip


@bp.route("/manage/money/payouts/<int:payout_id>/cash", methods=["GET", "POST"])
@roles(*STAFF)
def cash(payout_id: int) -> ResponseReturnValue:
    """The producer confirms that she holds the cash: by the code on her phone, or by her PIN on this one."""
    paid = queries.payout_in(_own(), payout_id)
    step = request.form.get("step", "")
    code, pin = (
        CodeForm(request.form if step == "code" else None),
        PinForm(request.form if step == "pin" else None),
    )
    checked = {"send": Form(), "code": code, "pin": pin}.get(step)
    if checked is not None and checked.validate():
        if _confirmed(step, payout_id, checked):
            return redirect(url_for("revenue.payout", payout_id=payout_id))
        paid = queries.payout_in(_own(), payout_id)
    faulty = next((form for form in (code, pin) if form.errors or form.form_errors), None)
    page = render_template(
        "revenue/payouts/cash.html", paid=paid, who=cooperatives.producer_view(paid.producer_id), code=code, pin=pin,
        fate=queries.fate(paid), has_pin=queries.pin_of(paid.producer_id), sent=step in ("send", "code"),
        faulty=faulty or code,
    )  # fmt: skip
    return page, 422 if faulty else 200


def _confirmed(step: str, payout_id: int, form: Any) -> bool:
    """Carry out one step; whether the cash is confirmed now."""
    if step == "send":
        return _send(payout_id)
    return _by_code(payout_id, form) if step == "code" else _by_pin(payout_id, form)


def _send(payout_id: int) -> bool:
    who = actor()
    with transaction():
        operations.send_cash_code(who, payout_id)
    flash(_("Đã gửi mã tới điện thoại của nhà."))
    return False


def _by_code(payout_id: int, form: Any) -> bool:
    who = actor()
    with transaction():
        fits = operations.confirm_by_code(who, payout_id, form.code.data)
    if not fits:
        form.code.errors = [_("Mã này không khớp hoặc đã hết hạn. Gửi mã mới rồi gõ lại.")]
    return fits


def _by_pin(payout_id: int, form: Any) -> bool:
    """The try is counted first, then the slow comparison runs outside any transaction."""
    who, paid = actor(), queries.payout_in(_own(), payout_id)
    producer_id, row = paid.producer_id, queries.pin_of(paid.producer_id)
    stored = row.pin_hash if row else None
    try:
        with transaction():
            allow_attempt(
                "producer-pin", str(producer_id), most=PIN_TRIES_MAX, within=timedelta(hours=PIN_WAIT_H)
            )
    except TooMany as error:
        form.pin.errors = [f"{_(error.message, **error.params)} {_(error.remedy, **error.params)}"]
        return False
    if not verify_password(stored, form.pin.data.replace(" ", "")):
        form.pin.errors = [_("Mã này không khớp. Đưa điện thoại để nhà tự gõ lại.")]
        return False
    with transaction():
        forget_attempts("producer-pin", str(producer_id))
        operations.confirm_by_pin(who, payout_id)
    return True


@bp.route("/manage/money/producers/<int:producer_id>/pin", methods=["GET", "POST"])
@roles(*STAFF)
def pin(producer_id: int) -> ResponseReturnValue:
    """A producer without a phone chooses her PIN on this one."""
    one = cooperatives.producer(producer_id)
    if cooperatives.cooperative(one.cooperative_id).organisation_id != _own():
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    form: Any = NewPinForm()
    who = actor()

    def save() -> None:
        chosen = check_pin(form.pin.data)
        hashed = hash_password(chosen)
        with transaction():
            operations.set_pin(who, producer_id, hashed)

    if form.validate_on_submit():
        if form.pin.data != form.again.data:
            form.again.errors = [_("Hai lần gõ chưa giống nhau.")]
        elif form.accepts(save):
            flash(_("Đã đặt mã riêng. Chỉ nhà mình biết mã này."))
            return redirect(url_for("revenue.producer", producer_id=producer_id))
    before = queries.pin_of(producer_id)
    page = render_template(
        "revenue/payouts/pin.html", form=form, who=cooperatives.producer_view(producer_id), before=before,
        setter=user(before.set_by_user_id).name if before else "",
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/me/statement/payouts/<int:payout_id>/received")
@signed_in
def received(payout_id: int) -> ResponseReturnValue:
    """The producer confirms on her own phone that she holds the cash."""
    who = actor()
    if Form().validate_on_submit():
        with transaction():
            operations.confirm_own(who, payout_id)
        flash(_("Đã ghi: nhà mình đã nhận đủ tiền mặt."))
    return redirect(url_for("revenue.my_statements"))


@bp.route("/manage/money/limit", methods=["GET", "POST"])
@roles(*STAFF)
def limit() -> ResponseReturnValue:
    """How much one person may pay out alone in a day; a rise waits for a second person."""
    own, who = _own(), actor()
    form: Any = LimitForm(data={"from_on": clock.today()})

    def save() -> None:
        with transaction():
            operations.set_limit(who, form.limit_vnd.data, form.from_on.data)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã ghi mức mới."))
        return redirect(url_for(".limit"))
    rows = queries.limits(own)
    names = {one.set_by_user_id: user(one.set_by_user_id).name for one in rows[:20]}
    page = render_template("revenue/payouts/limit.html", form=form, rows=rows[:20], names=names, me=who.user_id,
                           now_vnd=queries.limit_on(own, clock.today()))  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/manage/money/limit/<int:limit_id>/approve")
@roles(*STAFF)
def approve_limit(limit_id: int) -> ResponseReturnValue:
    """The second person agrees to a rise."""
    who, form = actor(), Form()

    def save() -> None:
        with transaction():
            operations.approve_limit(who, limit_id)

    if form.validate_on_submit() and form.accepts(save):
        flash(_("Đã duyệt mức mới."))
    else:
        flash(" ".join(form.form_errors) or _("Chưa duyệt được. Mở lại trang."))
    return redirect(url_for(".limit"))
