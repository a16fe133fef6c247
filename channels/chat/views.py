"""The manager's chat order: paste, look over, send back."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.menu import Link
from accounts.rules import Role, show_phone
from channels.chat import queries
from channels.chat.forms import MessageForm, OrderForm, order_form
from channels.doors.standing import Used, standing, used
from channels.reading.queries import on_sale, province_names, read, shelf_of
from cooperatives.queries import active_account_id, of_organisation
from core.db import transaction
from core.i18n import N_
from orders.queries import orders_of
from orders.rules import Door, Method
from payments.operations import Buyer, check_out

bp = Blueprint("chat", __name__)


def methods(cooperative_id: int) -> list[Method]:
    """How a buyer can pay this cooperative from a text: by transfer where it has an account, and in cash."""
    return [*([Method.VIETQR] if active_account_id(cooperative_id) else []), Method.COD]


@bp.route("/manage/chat", methods=["GET", "POST"])
@roles(Role.MANAGER)
def paste() -> ResponseReturnValue:
    """A message in, what was read from it out; nothing is stored."""
    form = MessageForm()
    mine = of_organisation(actor().organisation_id)
    if not form.validate_on_submit():
        seen = standing(Door.CHAT, used(mine.id).get(Door.CHAT, Used()))
        page = render_template("channels/chat/paste.html", form=form, seen=seen)
        return page, 422 if form.is_submitted() else 200
    packs = on_sale(mine.id)
    written = read(form.message.data or "", shelf_of(packs), province_names())
    seen = order_form(packs, methods(mine.id))
    who = written.contact
    seen.name.data, seen.phone.data, seen.address_line.data = (
        who.name,
        show_phone(who.phone),
        who.address_line,
    )
    seen.place.data = who.place
    if who.place:
        seen.resolve()
    seen.put(written.items)
    return _look(seen)


def _look(form: OrderForm, status: int = 200) -> ResponseReturnValue:
    return render_template("channels/chat/look.html", form=form), status


@bp.post("/manage/chat/order")
@roles(Role.MANAGER)
def order() -> ResponseReturnValue:
    """What was looked over becomes an order by the one door that every channel uses."""
    mine = of_organisation(actor().organisation_id)
    packs = on_sale(mine.id)
    form = order_form(packs, methods(mine.id))
    made: list[int] = []

    def check() -> None:
        buyer = Buyer(
            name=form.name.data or "", phone=str(form.phone.data), commune_id=form.commune_id_chosen(),
            address_line=form.address_line.data or "", door=Door.CHAT,
        )  # fmt: skip
        with transaction():
            bought = check_out(f"chat:{form.key.data}", buyer, form.wanted(packs), Method(form.method.data))
            made.extend(one.id for one in orders_of(bought.id))

    if form.validate_on_submit() and form.accepts(check):
        return redirect(url_for(".done", order_id=made[0]), 303)
    return _look(form, 422)


@bp.get("/manage/chat/<int:order_id>")
@roles(Role.MANAGER)
def done(order_id: int) -> ResponseReturnValue:
    """The words to send back."""
    return render_template(
        "channels/chat/done.html", reply=queries.reply_of(order_id, actor().organisation_id)
    )


LINKS = [
    Link(
        "chat.paste",
        N_("Đơn từ tin nhắn"),
        "edit",
        N_("Dán tin nhắn của khách, xem lại, gửi lại đường dẫn trả tiền"),
        frozenset({Role.MANAGER}),
    )
]
