"""Taro sold by the root and weighed at packing: one product of the first cooperative, and orders in every step of it.

Its own dice and its own buyers. Its goods and money come on top of the story's, so the fixed sums name them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select

from accounts.rules import SYSTEM
from app.demo import names
from app.demo.cast import Cast, Stall
from app.demo.harvest import TARE_G, Step, Story
from catalog import operations as catalog
from catalog.kinds.rules import NONE
from catalog.measures.rules import mask_of
from catalog.models import Category, Pack, Product
from catalog.operations import Draft
from catalog.photos.operations import add_illustration
from catalog.photos.rules import Shot
from catalog.weighed.operations import add_weighed
from catalog.weighed.rules import Band
from cooperatives.models import BankAccount
from core import clock
from core.db import db
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order, Purchase
from orders.operations import Buyer, Pick, Wanted
from orders.rules import Method
from payments import operations as payments
from payments.models import Refund
from payments.providers.sepay import Notice
from payments.queries import payment_of
from payments.rules import RefundState
from payments.weighed.operations import pack_weighed
from places.queries import find_address
from revenue.operations import deliver, weigh_and_advance
from traceability import operations as trace
from traceability.rules import Output

KEY, CROP = "demo-taro", "Khoai môn tươi"
BAND = Band(45_000, 800, 1_400, "củ")
HARVEST_G, STORE_G = 96_000, 60_000
STORY = (
    "Khoai môn trồng trên đất đồi Nguyên Phúc, mỗi gốc một củ cái to, ruột vân tím, luộc lên bở và thơm. "
    "Củ nào nhổ lên cũng một cân nặng riêng, nên bán theo củ: bạn chọn số củ, lúc gói bà con cân thật từng củ."
)
BUYS = (  # days before the end, pieces, method, weights in grams, how it ends
    (5.0, 2, Method.VIETQR, (1_150, 1_260), "delivered"),
    (4.0, 1, Method.COD, (1_040,), "delivered"),
    (3.0, 3, Method.VIETQR, (1_310, 950, 1_120), "refund_sent"),
    (1.6, 1, Method.VIETQR, (740,), "light"),
    (0.9, 2, Method.COD, (1_005, 1_330), "packed"),
    (0.4, 2, Method.VIETQR, (), "to_pack"),
)


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """The harvest, the product, then the buyers."""
    stall = cast.stalls[0]
    for number, member in enumerate(stall.members[:3]):
        at = end - timedelta(days=8, hours=number)
        yield at, Step(_weigh, stall, member.producer_id, number)
    yield end - timedelta(days=7), Step(_list, stall)
    for number, (days, *_rest) in enumerate(BUYS):
        yield end - timedelta(days=days), Step(_buy, stall, number)


def _weigh(stall: Stall, producer_id: int, number: int) -> None:
    """A third of the harvest; nothing is paid before it is sold."""
    weigh_and_advance(
        stall.manager, key=f"{KEY}-slip-{number}", producer_id=producer_id,
        crop_id=trace.add_crop(stall.manager, CROP).id, gross_g=HARVEST_G // 3 + TARE_G, tare_g=TARE_G, grade="1",
        price_vnd_per_kg=15_000, advance_vnd=0, weighed_at=clock.now(),
    )  # fmt: skip


def _list(stall: Stall) -> None:
    """The product with its band, a lot of the harvest, and most of it in the store."""
    manager = stall.manager
    category = db.session.execute(select(Category.id).where(Category.slug == "rau-qua")).scalar_one()
    draft = Draft(
        name="Khoai môn Nguyên Phúc nguyên củ", category_id=category, story=STORY, ingredients="Khoai môn 100 %",
        usage="Gọt vỏ, luộc, hấp hoặc ninh xương.", storage="Để nơi khô, thoáng.", shelf_life_days=30,
        origin_commune_id=stall.commune_id, allergens=NONE, harvest_months=mask_of([10, 11, 12]),
    )  # fmt: skip
    made = catalog.save_draft(manager, stall.cooperative_id, KEY, draft)
    words = f"Khoai môn Nguyên Phúc, {stall.spec['name']}"
    add_illustration(manager, made.id, "khoai-mon", words, Shot.FRONT)
    pack = add_weighed(manager, made.id, BAND)
    catalog.publish(manager, made.id)
    recipe = trace.save_recipe(manager, "Chọn khoai môn nguyên củ", 6_000, 10_000, made.id)
    batch = trace.open_batch(manager, f"{KEY}-batch", recipe.id, clock.today())
    for slip_id in _slips():
        trace.add_slip(manager, batch.id, slip_id)
    lots = trace.close_batch(manager, batch.id, [Output(made.id, 72_000, clock.today(), None)])
    trace.pack_lot(manager, lots[0].id, pack.id, STORE_G)


def _slips() -> list[int]:
    from traceability.models import Slip

    mine = select(Slip.id).where(Slip.key.like(f"{KEY}-slip-%")).order_by(Slip.id)
    return list(db.session.execute(mine).scalars())


def _buy(stall: Stall, number: int) -> list[Story]:
    """One buyer, who pays at once; the scale comes some hours later."""
    _days, pieces, method, weights, end = BUYS[number]
    dice = Random(190 + number)
    found = find_address("phường Cầu Giấy, Hà Nội")
    assert found is not None
    town = (found.exact or found.candidates[0]).id
    buyer = Buyer(
        dice.choice(names.BUYERS), names.phone(5_000_300 + number), town, dice.choice(names.STREETS)
    )
    pack = select(Pack.id).join(Product, Product.id == Pack.product_id).where(Product.key == KEY)
    wanted = Wanted(db.session.execute(pack).scalar_one(), pieces)
    bought: Purchase = payments.check_out(f"{KEY}-order-{number}", buyer, [wanted], method)
    order = order_queries.orders_of(bought.id)[0]
    if method is Method.COD:
        orders.confirm(stall.manager, order.id, "call")
    else:
        _pay(order, number)
    if end == "to_pack":
        return []
    return [(clock.now() + timedelta(hours=5), Step(_pack, stall, order.id, weights, end))]


def _pay(order: Order, number: int) -> None:
    account = db.session.get_one(BankAccount, payment_of(order.id).bank_account_id)
    text, code = f"MBVCB.9900{number} {order.code} chuyen tien", f"9900{number}"
    notice = Notice(code, account.account_number, "", order.total_vnd, text, f"FT{code}", clock.now(), True)
    payments.receive_transfer(account.id, notice)


def _pack(stall: Stall, order_id: int, weights: tuple[int, ...], end: str) -> list[Story]:
    """Weighed and packed; a root lighter than promised with its reason."""
    held = order_queries.allocations(order_id)[0]
    picks = [Pick(held.order_line_id, held.lot_id, len(weights), weights)]
    reasons = {held.order_line_id: "đã gọi, khách đồng ý lấy củ nhỏ"} if end == "light" else {}
    pack_weighed(stall.manager, order_id, picks, reasons, key=f"{KEY}-pack-{order_id}")
    after: list[Story] = []
    if end in ("refund_sent", "delivered"):
        after.append((clock.now() + timedelta(hours=3), Step(partial(_send_back, stall, order_id))))
    if end == "delivered":
        after.append((clock.now() + timedelta(hours=4), Step(partial(_ship, stall, order_id))))
        after.append((clock.now() + timedelta(hours=52), Step(partial(_arrive, stall, order_id))))
    return after


def _send_back(stall: Stall, order_id: int) -> None:
    due = select(Refund.id).where(Refund.order_id == order_id, Refund.state == RefundState.DUE)
    for refund_id in list(db.session.execute(due).scalars()):
        payments.mark_sent(stall.treasurer, refund_id, "bank", f"FT-CAN-{order_id}")


def _ship(stall: Stall, order_id: int) -> None:
    orders.ship(stall.manager, order_id, "Bưu điện", f"CAN{order_id:08}VN")


def _arrive(stall: Stall, order_id: int) -> None:
    deliver(SYSTEM, order_id)
    if order_queries.order(order_id).method == Method.COD:
        payments.collect_cod(stall.treasurer, order_id)
