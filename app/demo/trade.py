"""A year of buying: orders in every state, paid exactly, short, late, twice or never, refused, refunded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.rules import SYSTEM
from app.demo import names
from app.demo.cast import Stall
from app.demo.harvest import Step, Story
from catalog.queries import pack_facts
from cooperatives.models import BankAccount
from core import clock
from core.db import db
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.operations import Buyer, Pick, Wanted
from orders.problems.operations import report_problem
from orders.rules import Method
from payments import operations as payments
from payments.providers.sepay import Notice
from payments.queries import payment_of
from revenue.operations import deliver
from traceability.models import Lot

CARRIERS = ("Bưu điện", "Viettel Post", "Giao hàng nhanh")


@dataclass
class Market:
    """What the shopping needs to know."""

    random: Random
    stalls: list[Stall]
    towns: list[int]
    number: int = 0

    def stall_of(self, cooperative_id: int) -> Stall:
        """The stall that sells an order."""
        return next(stall for stall in self.stalls if stall.cooperative_id == cooperative_id)


def later(hours: float) -> datetime:
    """An instant some hours from the story's present."""
    return clock.now() + timedelta(hours=hours)


def shop(market: Market, fate: str, stall: Stall | None = None) -> list[Story]:
    """Somebody fills a cart of what can be had today and checks out; what follows depends on the fate."""
    random = market.random
    market.number += 1
    wanted = _basket(market, stall)
    if not wanted:
        return []
    buyer = Buyer(
        random.choice(names.BUYERS),
        names.phone(5_000_000 + random.randint(1, 260)),
        random.choice(market.towns),
        random.choice(names.STREETS),
    )
    method = Method.COD if fate.startswith("cod") else Method.VIETQR
    if method is Method.COD and order_queries.open_cod_count(buyer.phone) >= 2:
        method, fate = Method.VIETQR, "exact"
    purchase = payments.check_out(f"demo-order-{market.number}", buyer, wanted, method)
    after: list[Story] = []
    for order in order_queries.orders_of(purchase.id):
        after.append((later(random.uniform(0.1, 0.7)), Step(FATES[fate], market, order.id)))
    return after


def _basket(market: Market, stall: Stall | None) -> list[Wanted]:
    """One to three kinds, mostly from one cooperative (the stated one), sometimes from two."""
    random = market.random
    stalls = random.sample(market.stalls, 2) if random.random() < 0.12 else [random.choice(market.stalls)]
    stalls = stalls if stall is None else [stall]
    packs = [pack for stall in stalls for goods in stall.products for pack in goods.packs]
    facts = pack_facts(pack_id for pack_id, *_rest in packs)
    have = [fact for fact in facts.values() if fact.available_on(clock.today()) >= 6]
    chosen = random.sample(have, min(len(have), random.choice((1, 1, 2, 2, 3))))
    return [Wanted(fact.pack_id, random.choice((1, 1, 1, 2, 2, 3, 5))) for fact in chosen]


def _transfer(order: Order, amount_vnd: int, number: str, content: str | None = None) -> None:
    """The bank's news of money."""
    account = db.session.get_one(BankAccount, payment_of(order.id).bank_account_id)
    text = f"MBVCB.{number} {order.code} chuyen tien" if content is None else content
    notice = Notice(number, account.account_number, "", amount_vnd, text, f"FT{number}", clock.now(), True)
    payments.receive_transfer(account.id, notice)


def _bank_number(market: Market) -> str:
    market.number += 1
    return str(700_000 + market.number)


def _pay(part: float) -> Callable[[Market, int], list[Story]]:
    """Pay a part of the sum, then go on as the money allows."""

    def pay(market: Market, order_id: int) -> list[Story]:
        order = order_queries.order(order_id)
        amount = round(order.total_vnd * part / 1000) * 1000 if part != 1 else order.total_vnd
        _transfer(order, amount, _bank_number(market))
        if part < 1:
            rest = order.total_vnd - amount
            return [(later(0.3), Step(pay_rest, market, order_id, rest))]
        return [(later(market.random.uniform(4, 30)), Step(pack, market, order_id))]

    return pay


def pay_rest(market: Market, order_id: int, rest_vnd: int) -> list[Story]:
    """The missing part follows."""
    _transfer(order_queries.order(order_id), rest_vnd, _bank_number(market))
    return [(later(market.random.uniform(4, 30)), Step(pack, market, order_id))]


def pay_twice(market: Market, order_id: int) -> list[Story]:
    """The buyer taps twice in the bank's app."""
    order = order_queries.order(order_id)
    _transfer(order, order.total_vnd, _bank_number(market))
    _transfer(order, order.total_vnd, _bank_number(market))
    return [(later(12), Step(pack, market, order_id))]


def lapse(market: Market, order_id: int) -> list[Story]:
    """Nobody pays; the hold lapses."""
    return [(later(1.5), Step(_sweep))]


def _sweep() -> None:
    payments.expire_unpaid()


def pay_late(market: Market, order_id: int) -> list[Story]:
    """The hold lapses, the money comes the next day."""
    return [(later(1.5), Step(_sweep)), (later(20), Step(_late_money, market, order_id))]


def _late_money(market: Market, order_id: int) -> list[Story]:
    order = order_queries.order(order_id)
    _transfer(order, order.total_vnd, _bank_number(market))
    return [(later(8), Step(pack, market, order_id))]


def cod(market: Market, order_id: int) -> list[Story]:
    """The manager calls; the buyer says yes."""
    order = order_queries.order(order_id)
    orders.confirm(market.stall_of(order.cooperative_id).manager, order_id, "call")
    return [(later(market.random.uniform(4, 24)), Step(pack, market, order_id))]


def cod_waits(market: Market, order_id: int) -> list[Story]:
    """Nobody called yet."""
    return []


def call_off(market: Market, order_id: int) -> list[Story]:
    """The buyer cancels before packing."""
    order = order_queries.order(order_id)
    payments.cancel(order.token, order_id, "Đặt nhầm, để lần khác.")
    return []


def pay_then_call_off(market: Market, order_id: int) -> list[Story]:
    """Paid, then cancelled: money is owed back, and sent two days later."""
    order = order_queries.order(order_id)
    _transfer(order, order.total_vnd, _bank_number(market))
    return [(later(1), Step(call_off, market, order_id))]


def cod_refused(market: Market, order_id: int) -> list[Story]:
    """Packed and shipped, but nobody takes it at the door."""
    order = order_queries.order(order_id)
    orders.confirm(market.stall_of(order.cooperative_id).manager, order_id, "call")
    return [(later(10), Step(pack, market, order_id, "refuse"))]


def cod_other_lot(market: Market, order_id: int) -> list[Story]:
    """Confirmed, and packed with a complaint to follow."""
    order = order_queries.order(order_id)
    orders.confirm(market.stall_of(order.cooperative_id).manager, order_id, "call")
    return [(later(9), Step(pack, market, order_id, "complain"))]


def pay_then_refund(market: Market, order_id: int) -> list[Story]:
    """Paid, delivered, one thing broken: part of it is refunded."""
    order = order_queries.order(order_id)
    _transfer(order, order.total_vnd, _bank_number(market))
    return [(later(12), Step(pack, market, order_id, "refund"))]


def pack(market: Market, order_id: int, end: str = "") -> list[Story]:
    """Pack by lot; nothing to pack where the order did not come that far."""
    order = order_queries.order(order_id)
    if order.state != "to_pack":
        return []
    held = order_queries.allocations(order_id)
    ends = [db.session.get_one(Lot, one.lot_id).expires_on for one in held]
    if any(day is not None and day <= clock.today() for day in ends):  # a lot ended since it was ordered
        payments.cancel(order.token, order_id, "Lô vừa hết hạn, hợp tác xã chưa có lô khác.")
        return []
    picks = [Pick(one.order_line_id, one.lot_id, one.quantity) for one in held]
    orders.pack(market.stall_of(order.cooperative_id).manager, order_id, picks)
    return [(later(market.random.uniform(2, 20)), Step(ship, market, order_id, end))]


def ship(market: Market, order_id: int, end: str) -> list[Story]:
    """Hand over to a carrier."""
    order = order_queries.order(order_id)
    orders.ship(
        market.stall_of(order.cooperative_id).manager,
        order_id,
        market.random.choice(CARRIERS),
        f"MAU{order_id:08}VN",
    )
    if end == "refuse":
        return [(later(70), Step(_refused, market, order_id))]
    return [(later(market.random.uniform(40, 110)), Step(arrive, market, order_id, end))]


def _refused(market: Market, order_id: int) -> None:
    order = order_queries.order(order_id)
    payments.refuse_cod(market.stall_of(order.cooperative_id).manager, order_id, "Gọi ba lần không nghe máy.")


def arrive(market: Market, order_id: int, end: str) -> list[Story]:
    """Delivered: the sale is shared among the members."""
    order = order_queries.order(order_id)
    treasurer = market.stall_of(order.cooperative_id).treasurer
    deliver(SYSTEM, order_id)
    after: list[Story] = []
    if order.method == Method.COD:
        payments.collect_cod(treasurer, order_id)
        after.append((later(90), Step(remit, market, order_id)))
    if end == "refund":
        after.append((later(30), Step(give_back, market, order_id)))
    if end == "complain":
        after.append((later(20), Step(complain, market, order_id)))
    return after


def remit(market: Market, order_id: int) -> None:
    """The carrier pays the cash over, less its fee."""
    order = order_queries.order(order_id)
    treasurer = market.stall_of(order.cooperative_id).treasurer
    fee = order.total_vnd // 100 // 500 * 500
    payments.remit_cod(
        treasurer, f"demo-remit-{order_id}", [order_id], carrier=order.carrier or CARRIERS[0], fee_vnd=fee
    )


def complain(market: Market, order_id: int) -> None:
    """The buyer says what is wrong."""
    order = order_queries.order(order_id)
    report_problem(order.token, "Một gói bị rách góc, bên trong vẫn khô.", key=f"demo-problem-{order_id}")


def give_back(market: Market, order_id: int) -> list[Story]:
    """One piece of the first line is refunded."""
    order = order_queries.order(order_id)
    line = order_queries.lines(order_id)[0]
    treasurer = market.stall_of(order.cooperative_id).treasurer
    made = payments.refund(
        treasurer, order_id, {line.id: 1}, "Vỡ khi vận chuyển", key=f"demo-refund-{order_id}"
    )
    return [(later(30), Step(send_back, market, order_id, made.id))]


def send_back(market: Market, order_id: int, refund_id: int) -> None:
    """The treasurer sends the money."""
    treasurer = market.stall_of(order_queries.order(order_id).cooperative_id).treasurer
    payments.mark_sent(treasurer, refund_id, "bank", f"HT{refund_id:05}")


FATES: dict[str, Callable[[Market, int], list[Story]]] = {
    "exact": _pay(1),
    "short": _pay(0.6),
    "over": _pay(1.2),
    "twice": pay_twice,
    "late": pay_late,
    "never": lapse,
    "cancelled": pay_then_call_off,
    "refunded": pay_then_refund,
    "cod": cod,
    "cod_waits": cod_waits,
    "cod_refused": cod_refused,
    "cod_complain": cod_other_lot,
    "cod_cancelled": call_off,
}
WEIGHTS = {
    "exact": 300,
    "short": 10,
    "over": 8,
    "twice": 8,
    "late": 10,
    "never": 24,
    "cancelled": 10,
    "refunded": 14,
    "cod": 170,
    "cod_refused": 14,
    "cod_complain": 8,
    "cod_cancelled": 8,
}
