"""Pages of the stall: outings, goods out and back, what waits for a decision; the till and its door."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, public, roles
from accounts.menu import Link
from accounts.phone import check_key
from accounts.queries import user
from accounts.rules import Role
from channels.doors.standing import Used, standing, used
from channels.stall import operations, queries, settling
from channels.stall.forms import ConfirmForm, carry_form, return_form, sent_from, unpaid_form
from channels.stall.models import StallSale
from channels.stall.operations import Counted
from channels.stall.rules import ANSWER_TEXT, STEP_TEXT, Answer, SaleState, seal
from channels.stall.unpaid import answer
from channels.stall.waiting import waits
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import DomainError
from core.forms import Form
from core.i18n import N_, _
from orders.rules import Door

bp = Blueprint("stall", __name__)


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


def _back(outing_id: int) -> ResponseReturnValue:
    return redirect(url_for(".outing", outing_id=outing_id), 303)


@bp.get("/manage/stalls")
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """The cooperative's outings, and how the stall stands."""
    seen = standing(Door.STALL, used(_mine()).get(Door.STALL, Used()), waits(_mine()))
    return render_template("channels/stall/index.html", outings=queries.outings(_mine()), seen=seen)


@bp.route("/manage/stalls/new", methods=["GET", "POST"])
@roles(Role.MANAGER)
def new() -> ResponseReturnValue:
    """Open an outing: its name, where, what goes along."""
    mine = _mine()
    form, made = carry_form(queries.in_store(mine), new=True), list[int]()

    def begin() -> None:
        wanted = form.wanted()
        with transaction():
            made.append(operations.open_outing(
                actor(), mine, form.key.data, name=form.name.data or "", commune_id=form.commune.id, wanted=wanted
            ).id)  # fmt: skip

    if form.validate_on_submit() and form.accepts(begin):
        flash(_("Hàng đã ra quầy, trang bán không bán số này nữa."))
        return _back(made[0])
    page = render_template("channels/stall/carry.html", form=form, outing=None)
    return page, 422 if form.is_submitted() else 200


@bp.route("/manage/stalls/<int:outing_id>/carry", methods=["GET", "POST"])
@roles(Role.MANAGER)
def carry(outing_id: int) -> ResponseReturnValue:
    """Carry more to an outing."""
    mine = _mine()
    found = queries.outing_of(mine, outing_id)
    form = carry_form(queries.in_store(mine), new=False)

    def more() -> None:
        wanted = form.wanted()
        with transaction():
            operations.carry(actor(), queries.outing_of(mine, outing_id, lock=True), wanted)

    if form.validate_on_submit() and form.accepts(more):
        flash(_("Đã mang thêm ra quầy. Mở lại máy bán khi có mạng để máy biết."))
        return _back(outing_id)
    page = render_template("channels/stall/carry.html", form=form, outing=found)
    return page, 422 if form.is_submitted() else 200


@bp.get("/manage/stalls/<int:outing_id>")
@roles(Role.MANAGER)
def outing(outing_id: int) -> ResponseReturnValue:
    """One outing: goods, money, sales, what was settled by the rule."""
    found = queries.outing_of(_mine(), outing_id)
    sales = queries.sales_of(found.id)
    return render_template(
        "channels/stall/outing.html", outing=found, goods=queries.goods_of(found.id), sales=sales,
        sums=queries.sums(sales), named=queries.named(found.id), words=STEP_TEXT, answers=ANSWER_TEXT,
        counted_by=user(found.closed_by_user_id).name if found.closed_by_user_id else "",
        last_at=queries.last_arrival(found.id),
    )  # fmt: skip


@bp.route("/manage/stalls/<int:outing_id>/return", methods=["GET", "POST"])
@roles(Role.MANAGER)
def come_back(outing_id: int) -> ResponseReturnValue:
    """Count what came back."""
    mine = _mine()
    found = queries.outing_of(mine, outing_id)
    goods, sums = queries.goods_of(found.id), queries.sums(queries.sales_of(found.id))
    form = return_form(goods)

    def count() -> None:
        counted = Counted(form.counted(), form.cash_vnd.data or 0, form.reason.data or "")
        with transaction():
            operations.come_back(actor(), queries.outing_of(mine, outing_id, lock=True), counted)

    if form.validate_on_submit() and form.accepts(count):
        flash(_("Hàng đã về kho, trang bán lại bán được."))
        if sums.asked:
            flash(_("%(count)s lần bán chưa thấy tiền chuyển: trả lời từng lần ở dưới.", count=sums.asked))
        return _back(outing_id)
    page = render_template("channels/stall/return.html", form=form, outing=found, sums=sums)
    return page, 422 if form.is_submitted() else 200


def _sale(sale: StallSale, form: Form, unpaid: Form, status: int = 200) -> ResponseReturnValue:
    found = queries.outing_of(_mine(), sale.stall_outing_id)
    lines = queries.lines_of([sale.id])[sale.id]
    steps = queries.plans(found, lines) if sale.state == SaleState.HELD else []
    row = next(one for one in queries.sales_of(found.id) if one.id == sale.id)
    given: dict[str, Any] = {
        "steps": queries.proposed(lines, steps) if steps else [
            one for one in queries.named(found.id) if one.sale_id == sale.id
        ],
        "seen": seal(steps), "row": row, "words": STEP_TEXT, "answers": ANSWER_TEXT,
    }  # fmt: skip
    page = render_template(
        "channels/stall/sale.html", outing=found, sale=sale, form=form, unpaid=unpaid, **given
    )
    return page, status


@bp.route("/manage/stalls/sales/<int:sale_id>", methods=["GET", "POST"])
@roles(Role.MANAGER)
def sale(sale_id: int) -> ResponseReturnValue:
    """One sale: what it was, what the rule proposes where the books have too few, and the manager's yes."""
    mine, form = _mine(), ConfirmForm()
    found = queries.sale_of(mine, sale_id)

    def agree() -> None:
        with transaction():
            settling.confirm(actor(), mine, sale_id, form.seen.data or "")

    if form.validate_on_submit() and form.accepts(agree):
        flash(_("Đã ghi. Đơn của lần bán này đã vào sổ."))
        return redirect(url_for(".sale", sale_id=sale_id), 303)
    found = queries.sale_of(mine, sale_id)
    return _sale(found, form, unpaid_form(None), 422 if form.is_submitted() else 200)


@bp.post("/manage/stalls/sales/<int:sale_id>/unpaid")
@roles(Role.MANAGER)
def unpaid(sale_id: int) -> ResponseReturnValue:
    """The transfer did not come: the seller says what happened."""
    mine, form = _mine(), unpaid_form()
    found = queries.sale_of(mine, sale_id)

    def say() -> None:
        with transaction():
            answer(actor(), mine, sale_id, Answer(form.answer.data), form.reason.data or "")

    if form.validate_on_submit() and form.accepts(say):
        flash(_("Đã ghi: %(said)s.", said=_(ANSWER_TEXT[Answer(form.answer.data)])))
        return _back(found.stall_outing_id)
    return _sale(queries.sale_of(mine, sale_id), ConfirmForm(None), form, 422)


# ---- the till that a phone keeps ----


@bp.get("/manage/offline/stall")
@public
def till() -> ResponseReturnValue:
    """The till. The page is empty of everybody; the phone fills it."""
    return render_template("channels/stall/till.html")


@bp.post("/manage/offline/stall/take")
@roles(Role.MANAGER)
def take() -> ResponseReturnValue:
    """Goods, prices and codes for this phone to seal. A post, because codes are given out."""
    mine = _mine()
    given = request.form
    have, wanted = (int(given[name]) if given.get(name, "").isdigit() else 0 for name in ("have", "outing"))
    with transaction():
        found = operations.take_along(actor(), queries.outing_of(mine, wanted), have)
    return jsonify(found)


@bp.post("/manage/offline/sales")
@roles(Role.MANAGER)
def arrive() -> ResponseReturnValue:
    """A sale that was made without a line, or with one: the same door."""
    mine = _mine()
    try:
        sent, key = sent_from(request.form), check_key(request.form.get("key", ""))
        wanted = request.form.get("outing", "")
        with transaction():
            found = queries.outing_of(mine, int(wanted) if wanted.isdigit() else 0, lock=True)
            made = settling.arrive(actor(), found, key, sent)
            url = url_for(".sale", sale_id=made.id)
    except DomainError as error:
        remedy = _(error.remedy, **error.params) if error.remedy else ""
        return jsonify(message=_(error.message, **error.params), remedy=remedy, errors={}), 422
    return jsonify(url=url)


LINKS = [
    Link(
        "stall.index",
        N_("Quầy phiên chợ"),
        "money",
        N_("Mang hàng đi bán, bán không cần mạng, về khớp sổ"),
        frozenset({Role.MANAGER}),
    )
]
