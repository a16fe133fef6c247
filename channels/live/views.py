"""Pages of a live sale: the sheet that the manager works on, and the big screen beside the camera."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role, show_phone
from channels.chat.views import methods
from channels.doors.standing import Used, standing, used
from channels.live import operations, queries, taking
from channels.live.forms import GoodForm as _GoodForm
from channels.live.forms import (
    KnowForm,
    LineForm,
    NextForm,
    OpenForm,
    PressForm,
    TextForm,
    confirm_form,
    with_packs,
)
from channels.live.models import LiveSale
from channels.live.rules import WAITING, Outcome
from channels.reading.queries import on_sale
from cooperatives.queries import of_organisation
from core.db import transaction
from core.errors import DomainError, Invalid
from core.i18n import N_, _
from orders.rules import Door, Method

bp = Blueprint("live", __name__, url_prefix="/manage/live")
FILE_MAX_BYTES = 1_000_000


def _mine() -> int:
    return of_organisation(actor().organisation_id).id


def _back(sale_id: int, anchor: str = "") -> ResponseReturnValue:
    return redirect(url_for(".board", sale_id=sale_id, _anchor=anchor or None), 303)


@bp.route("", methods=["GET", "POST"])
@roles(Role.MANAGER)
def index() -> ResponseReturnValue:
    """The cooperative's live sales, and a new one."""
    form, made = OpenForm(), list[int]()

    def begin() -> None:
        with transaction():
            made.append(operations.open_sale(
                actor(), _mine(), form.key.data, form.title.data or "", form.next_on.data
            ).id)  # fmt: skip

    if form.validate_on_submit() and form.accepts(begin):
        return _back(made[0])
    seen = standing(Door.LIVE, used(_mine()).get(Door.LIVE, Used()), queries.waits(_mine()))
    page = render_template("channels/live/index.html", form=form, sales=queries.sales_of(_mine()), seen=seen)
    return page, 422 if form.is_submitted() else 200


def _board(sale: LiveSale, status: int = 200, **forms: Any) -> ResponseReturnValue:
    seen, packs = queries.board(sale), on_sale(sale.cooperative_id)
    given = {
        "good_form": with_packs(_GoodForm(None), {one.pack_id: one for one in seen.offered}),
        "text_form": TextForm(None), "press": PressForm(None), "confirm_form": None,
        "next_form": NextForm(None, next_on=sale.next_on),
    }  # fmt: skip
    if seen.ready:
        given["confirm_form"] = confirm_form(methods(sale.cooperative_id))
    page = render_template("channels/live/board.html", board=seen, packs=packs, **(given | forms))
    return page, status


@bp.get("/<int:sale_id>")
@roles(Role.MANAGER)
def board(sale_id: int) -> ResponseReturnValue:
    """Goods, comments that wait for a person, buyers with what is put aside."""
    return _board(queries.sale_of(_mine(), sale_id))


@bp.get("/<int:sale_id>/screen")
@roles(Role.MANAGER)
def screen(sale_id: int) -> ResponseReturnValue:
    """The goods in large letters, with what is left, for a second screen; it draws itself anew when that changes."""
    sale = queries.sale_of(_mine(), sale_id)
    goods = queries.screen(sale)
    return render_template(
        "channels/live/screen.html", sale=sale, goods=goods, state=queries.screen_state(goods)
    )


@bp.get("/<int:sale_id>/screen/state")
@roles(Role.MANAGER)
def screen_state(sale_id: int) -> ResponseReturnValue:
    """Whether the big screen still shows what is so; asked every few seconds."""
    goods = queries.screen(queries.sale_of(_mine(), sale_id))
    return jsonify(state=queries.screen_state(goods))


@bp.post("/<int:sale_id>/next")
@roles(Role.MANAGER)
def set_next(sale_id: int) -> ResponseReturnValue:
    """Say when the next sale is, for whoever came too late."""
    form = NextForm()

    def save() -> None:
        with transaction():
            operations.set_next(actor(), operations.own_sale(_mine(), sale_id), form.next_on.data)

    if form.validate_on_submit() and form.accepts(save):
        return _back(sale_id, "waiting")
    return _board(queries.sale_of(_mine(), sale_id), 422, next_form=form)


@bp.post("/<int:sale_id>/goods")
@roles(Role.MANAGER)
def put_good(sale_id: int) -> ResponseReturnValue:
    """Put goods on the sheet under a word."""
    form = with_packs(_GoodForm(), on_sale(_mine()))

    def put() -> None:
        with transaction():
            sale = operations.own_sale(_mine(), sale_id)
            operations.put_good(actor(), sale, form.pack_id.data or 0, form.code.data or "")

    if form.validate_on_submit() and form.accepts(put):
        return _back(sale_id, "goods")
    return _board(queries.sale_of(_mine(), sale_id), 422, good_form=form)


@bp.post("/<int:sale_id>/goods/<int:good_id>")
@roles(Role.MANAGER)
def good(sale_id: int, good_id: int) -> ResponseReturnValue:
    """Hold goods up, lay them down, or take them off the sheet."""
    if PressForm().validate_on_submit():
        with transaction():
            sale = operations.own_sale(_mine(), sale_id)
            if request.form.get("do") == "drop":
                operations.drop_good(actor(), sale, good_id)
            else:
                operations.show(actor(), sale, good_id if request.form.get("do") == "show" else None)
    return _back(sale_id, "goods")


@bp.post("/<int:sale_id>/comments")
@roles(Role.MANAGER)
def comments(sale_id: int) -> ResponseReturnValue:
    """Take comments, pasted or as a file."""
    form, told = TextForm(), list[str]()

    def take() -> None:
        text = f"{form.text.data or ''}\n{_file(form)}"
        with transaction():
            taken = taking.take(actor(), operations.own_sale(_mine(), sale_id), text)
        waiting = sum(taken.of.get(one, 0) for one in WAITING)
        told.append(
            _("Đọc %(new)s bình luận mới: ghi được %(put)s, chờ xem lại %(waiting)s, đã có từ trước %(again)s.",
              new=taken.new, put=taken.of.get(Outcome.PUT, 0), waiting=waiting, again=taken.again)
        )  # fmt: skip

    if form.validate_on_submit() and form.accepts(take):
        flash(told[0])
        return _back(sale_id, "waiting")
    return _board(queries.sale_of(_mine(), sale_id), 422, text_form=form)


def _file(form: TextForm) -> str:
    """The text of a file. Raises Invalid for one that is too big or no text."""
    sent = form.file.data
    if not sent or not getattr(sent, "filename", ""):
        return ""
    raw = sent.stream.read(FILE_MAX_BYTES + 1)
    if len(raw) > FILE_MAX_BYTES:
        raise Invalid(N_("Tệp quá lớn."), remedy=N_("Chọn tệp chữ dưới 1 MB."), field="file")
    try:
        return str(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(
            N_("Tệp này không phải tệp chữ."), remedy=N_("Lưu thành .txt hoặc .csv, mã UTF-8."), field="file"
        ) from error


@bp.post("/<int:sale_id>/comments/<int:comment_id>")
@roles(Role.MANAGER)
def settle(sale_id: int, comment_id: int) -> ResponseReturnValue:
    """A comment was seen to."""
    if PressForm().validate_on_submit():
        with transaction():
            operations.settle(actor(), operations.own_sale(_mine(), sale_id), comment_id)
    return _back(sale_id, "waiting")


@bp.post("/<int:sale_id>/comments/<int:comment_id>/whose")
@roles(Role.MANAGER)
def whose(sale_id: int, comment_id: int) -> ResponseReturnValue:
    """A person says whose a comment is: a buyer of that name, or another person of the same name."""
    queries.sale_of(_mine(), sale_id)
    said = request.form.get("buyer", "")
    if PressForm().validate_on_submit() and (said == "new" or said.isdigit()):
        with transaction():
            sale = operations.own_sale(_mine(), sale_id)
            taking.belongs(actor(), sale, comment_id, None if said == "new" else int(said))
    return _back(sale_id, "waiting")


@bp.get("/<int:sale_id>/buyers/<int:buyer_id>")
@roles(Role.MANAGER)
def buyer(sale_id: int, buyer_id: int) -> ResponseReturnValue:
    """One buyer: what is put aside, where it goes."""
    return _buyer(queries.sale_of(_mine(), sale_id), buyer_id)


def _buyer(sale: LiveSale, buyer_id: int, status: int = 200, **forms: Any) -> ResponseReturnValue:
    found = queries.buyer_of(sale.id, buyer_id)
    seen = next((one for one in queries.board(sale).buyers if one.id == buyer_id), None)
    know = KnowForm(None)
    know.receiver.data, know.phone.data = found.receiver or found.name, show_phone(found.phone)
    know.place.data, know.address_line.data = found.place, found.address_line
    given = {"know_form": know, "line_form": with_packs(LineForm(None), on_sale(sale.cooperative_id)),
             "press": PressForm(None)}  # fmt: skip
    page = render_template("channels/live/buyer.html", sale=sale, buyer=found, seen=seen, **(given | forms))
    return page, status


@bp.post("/<int:sale_id>/buyers/<int:buyer_id>/address")
@roles(Role.MANAGER)
def know(sale_id: int, buyer_id: int) -> ResponseReturnValue:
    """Write down where a buyer's parcel goes."""
    form = KnowForm()

    def save() -> None:
        known = operations.Known(
            form.receiver.data or "", str(form.phone.data), form.commune_id_chosen(), form.place.data or "",
            form.address_line.data or "",
        )  # fmt: skip
        with transaction():
            operations.know(actor(), operations.own_sale(_mine(), sale_id), buyer_id, known)

    if form.validate_on_submit() and form.accepts(save):
        return _back(sale_id, f"buyer-{buyer_id}")
    return _buyer(queries.sale_of(_mine(), sale_id), buyer_id, 422, know_form=form)


@bp.post("/<int:sale_id>/buyers/<int:buyer_id>/lines")
@roles(Role.MANAGER)
def add_line(sale_id: int, buyer_id: int) -> ResponseReturnValue:
    """Put goods aside by hand."""
    form = with_packs(LineForm(), on_sale(_mine()))

    def add() -> None:
        with transaction():
            sale = operations.own_sale(_mine(), sale_id)
            operations.add_line(
                actor(), sale, buyer_id, form.key.data, form.pack_id.data or 0, form.quantity.data or 0
            )

    if form.validate_on_submit() and form.accepts(add):
        return redirect(url_for(".buyer", sale_id=sale_id, buyer_id=buyer_id), 303)
    return _buyer(queries.sale_of(_mine(), sale_id), buyer_id, 422, line_form=form)


@bp.post("/<int:sale_id>/buyers/<int:buyer_id>/lines/<int:line_id>")
@roles(Role.MANAGER)
def line(sale_id: int, buyer_id: int, line_id: int) -> ResponseReturnValue:
    """Take back what was put aside, or put aside what is there again."""
    queries.buyer_of(queries.sale_of(_mine(), sale_id).id, buyer_id)
    verb = operations.meet if request.form.get("do") == "meet" else operations.drop_line
    if PressForm().validate_on_submit():
        try:
            with transaction():
                verb(actor(), operations.own_sale(_mine(), sale_id), line_id)
        except Invalid as error:
            flash(f"{_(error.message, **error.params)} {_(error.remedy, **error.params)}".strip())
    return redirect(url_for(".buyer", sale_id=sale_id, buyer_id=buyer_id), 303)


@bp.post("/<int:sale_id>/confirm")
@roles(Role.MANAGER)
def confirm(sale_id: int) -> ResponseReturnValue:
    """Order for every buyer whose phone and address are known, each in a transaction of its own."""
    sale = queries.sale_of(_mine(), sale_id)
    form = confirm_form(methods(sale.cooperative_id))
    if not form.validate_on_submit():
        return _board(sale, 422, confirm_form=form)
    ready = [(one.id, one.name) for one in queries.board(sale).buyers if one.ready and one.waits]
    made = 0
    for buyer_id, name in ready:
        try:
            with transaction():
                held = operations.own_sale(_mine(), sale_id)
                made += operations.order_for(actor(), held, buyer_id, Method(form.method.data)) is not None
        except DomainError as error:
            flash(f"{name}: {_(error.message, **error.params)} {_(error.remedy, **error.params)}".strip())
    flash(_("Đã đặt %(made)s đơn. Chép lời gửi từng khách.", made=made))
    return redirect(url_for(".replies", sale_id=sale_id), 303)


@bp.get("/<int:sale_id>/replies")
@roles(Role.MANAGER)
def replies(sale_id: int) -> ResponseReturnValue:
    """What to send to each buyer, and what to pack."""
    sale = queries.sale_of(_mine(), sale_id)
    return render_template(
        "channels/live/replies.html", sale=sale, board=queries.board(sale), replies=queries.replies(sale.id)
    )


@bp.post("/<int:sale_id>/close")
@roles(Role.MANAGER)
def close(sale_id: int) -> ResponseReturnValue:
    """End the sale."""
    if PressForm().validate_on_submit():
        with transaction():
            operations.close(actor(), operations.own_sale(_mine(), sale_id))
        flash(_("Đã kết thúc buổi bán."))
    return redirect(url_for(".replies", sale_id=sale_id), 303)


LINKS = [
    Link(
        "live.index",
        N_("Bán trực tiếp"),
        "sound",
        N_("Bảng hàng có mã, bình luận thành đơn, gửi đường dẫn trả tiền"),
        frozenset({Role.MANAGER}),
    )
]
