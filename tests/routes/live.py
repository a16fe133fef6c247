"""Who may sell live, and order out of a chat."""

from accounts.rules import Role
from catalog.models import Pack, Product
from core.db import db, transaction
from orders.operations import Buyer, Wanted
from orders.queries import orders_of
from orders.rules import Door, Method
from payments.operations import check_out
from tests.factories.live import TEXT, LiveBuyer, LiveComment, LiveGood, LiveLine, create_sale, first
from tests.routes.row import Row

NAMES = {LiveGood: "good_id", LiveBuyer: "buyer_id", LiveComment: "comment_id", LiveLine: "line_id"}
MANAGER = frozenset({Role.MANAGER})


def _sale(coop, product):
    pack = db.session.query(Pack).filter_by(product_id=product.id).first()
    return create_sale(coop, [pack], TEXT)


def _of(world, model=None, prefix=""):
    sale = _sale(getattr(world, f"{prefix}coop"), getattr(world, f"{prefix}product"))
    found = {"sale_id": sale.id}
    if model is not None:
        row = first(sale.id, model)
        found[NAMES[model]] = row.id
        if model is LiveLine:
            found["buyer_id"] = row.live_buyer_id
    return found


def _chat(product):
    pack = db.session.query(Pack).join(Product).filter(Product.id == product.id).first()
    who = Buyer("Đỗ Minh Mẫu", "+84912345678", product.origin_commune_id, "Số 8", door=Door.CHAT)
    with transaction():
        bought = check_out(f"chat-{product.id:08}", who, [Wanted(pack.id, 1)], Method.COD)
        return orders_of(bought.id)[0].id


def _row(name, model=None, **more):
    return Row(
        f"live.{name}",
        MANAGER,
        own=lambda w: _of(w, model),
        foreign=lambda w: _of(w, model, "other_"),
        **more,
    )


POST = {"methods": ("POST",), "page": False}
ROWS = [
    Row("chat.paste", MANAGER, methods=("GET", "POST")),
    Row("chat.order", MANAGER, **POST),
    Row("chat.done", MANAGER, own=lambda w: {"order_id": _chat(w.product)},
        foreign=lambda w: {"order_id": _chat(w.other_product)}),
    Row("live.index", MANAGER, methods=("GET", "POST")),
    _row("board"),
    _row("screen"),
    _row("screen_state", page=False),
    _row("set_next", **POST),
    _row("replies"),
    _row("buyer", LiveBuyer),
    _row("put_good", **POST),
    _row("good", LiveGood, **POST),
    _row("comments", **POST),
    _row("settle", LiveComment, **POST),
    _row("whose", LiveComment, **POST),
    _row("know", LiveBuyer, **POST),
    _row("add_line", LiveBuyer, **POST),
    _row("line", LiveLine, **POST),
    _row("confirm", **POST),
    _row("close", **POST),
]  # fmt: skip
