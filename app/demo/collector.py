"""A collector: two cooperatives paid at once through it, settled, sent on, and a refund after that, netted.

Nothing leaves the machine: the account has invented keys and is closed again before anybody visits, the stand-ins below
say what the provider would have said, and in a demonstration MoMo's address leads nowhere (`config.DEMO_BASES`): so one
order goes on waiting for it. MoMo's rail is chosen because it has no book that the worker would go and
read. No dice, and the last minutes of the year: no other story's goods change.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.rules import Role
from app.demo import names
from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog.queries import pack_facts
from core import clock
from core.db import db
from orders.models import Order, Purchase
from orders.operations import Buyer, Wanted
from orders.queries import orders_of
from orders.rules import Method
from payments import operations as payments
from payments.attempts import operations as attempts
from payments.attempts import refunds
from payments.attempts.models import RailRefund
from payments.attempts.queries import unfinished
from payments.providers.protocol import RefundSeen, RefundStanding, Seen, Standing
from payments.rails.operations import set_rail
from revenue.collector.operations import confirm, open_collector, remit, settle
from revenue.collector.queries import held_by_rails, owed_to

NAME, MANAGER = "Bên thu hộ Mẫu (minh hoạ)", "Đinh Thu Hộ Mẫu"
RAIL = "momo"
KEYS = {"partner_code": "MINHHOA", "access_key": "khong-phai-khoa-that", "secret_key": "khong-phai-khoa-that"}
FEE_BP = 200  # invented
NOTE = "minh hoạ, tiền không rời máy này"
MINUTE = timedelta(minutes=1)


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Each step a minute after the one before."""
    steps = (_founded, _bought, _sent_on, _given_back, _bought_again, _netted)
    for number, step in enumerate(steps):
        yield end - (len(steps) - number) * MINUTE, Step(step, cast)


def _founded(cast: Cast) -> None:
    """The operator makes the collector; its manager writes the keys down."""
    made = open_collector(NAME)
    cast.collector = cast.wear(MANAGER, Role.MANAGER, made.id)
    set_rail(cast.collector, RAIL, KEYS, enabled=True)


def _bought(cast: Cast) -> None:
    """One buyer, two cooperatives, one payment."""
    wanted = [one for stall in cast.stalls if (one := _something(stall, 1))][:2]
    _paid(_purchase(cast, "demo-collected", wanted))


def _purchase(cast: Cast, key: str, wanted: list[Wanted]) -> Purchase:
    commune_id = cast.stalls[0].commune_id
    buyer = Buyer("Trần Khách Mẫu", names.phone(5_900_001), commune_id, "Số 1, ngõ Mẫu")
    return payments.check_out(key, buyer, wanted, Method.MOMO)


def _something(stall: Stall, pieces: int) -> Wanted | None:
    """The first thing of a stall that can be had today."""
    facts = pack_facts(pack_id for goods in stall.products for pack_id, *_rest in goods.packs)
    have = [one.pack_id for one in facts.values() if one.available_on(clock.today()) >= pieces]
    return Wanted(min(have), pieces) if have else None


def _paid(bought: Purchase) -> None:
    """The stand-in's word, in place of the provider's."""
    attempt = unfinished(orders_of(bought.id)[0].id)[0]
    fee_vnd = attempt.amount_vnd * FEE_BP // 10_000
    word = Seen(Standing.PAID, "0", attempt.amount_vnd, payment_ref=f"MINHHOA-{attempt.id}", paid_at=clock.now(),
                fee_vnd=fee_vnd)  # fmt: skip
    attempts.apply(attempt.id, word)


def _own(cast: Cast) -> int:
    return cast.collector.organisation_id or 0


def _first(cast: Cast) -> Stall:
    """The cooperative whose manager visitors sign in as."""
    return cast.stalls[0]


def _sent_on(cast: Cast) -> None:
    """The provider pays out; the collector sends each its part. One has said that it came."""
    settle(cast.collector, RAIL, held_by_rails(_own(cast))[RAIL], "demo-settled", NOTE)
    for number, order in enumerate(sorted(_orders(cast), key=lambda one: one.id)):
        owed = owed_to(_own(cast), order.cooperative_id)
        sent = remit(cast.collector, order.cooperative_id, owed, f"demo-remitted-{number}", NOTE)
        if order.cooperative_id == _first(cast).cooperative_id:
            confirm(_first(cast).treasurer, sent.id)


def _orders(cast: Cast) -> list[Order]:
    """The orders paid over the rail."""
    return list(db.session.execute(select(Order).where(Order.method == str(Method.MOMO))).scalars())


def _given_back(cast: Cast) -> None:
    """After that the buyer changes their mind: the provider pays back, and the cooperative owes the collector."""
    own_id = _first(cast).cooperative_id
    order = next(one for one in _orders(cast) if one.cooperative_id == own_id)
    payments.cancel(_first(cast).manager, order.id, "khách đổi ý")
    promised_id = db.session.execute(
        select(RailRefund.id).where(RailRefund.order_id == order.id)
    ).scalar_one()
    refunds.apply(promised_id, RefundSeen(RefundStanding.DONE, "0", f"MINHHOA-HOAN-{promised_id}"))


def _bought_again(cast: Cast) -> None:
    """A larger order of the same cooperative, and one that the provider never answers; then the account is closed to
    visitors."""
    wanted = _something(_first(cast), 3)
    assert wanted is not None, "its pieces have just come back"
    _paid(_purchase(cast, "demo-collected-again", [wanted]))
    unanswered = _something(_first(cast), 1)
    assert unanswered is not None, "it has more than three"
    _purchase(cast, "demo-unanswered", [unanswered])
    set_rail(cast.collector, RAIL, KEYS, enabled=False)


def _netted(cast: Cast) -> None:
    """What the provider holds comes to the bank; what is owed, less what was given back, is on its way."""
    settle(cast.collector, RAIL, held_by_rails(_own(cast))[RAIL], "demo-settled-again", NOTE)
    cooperative_id = _first(cast).cooperative_id
    remit(cast.collector, cooperative_id, owed_to(_own(cast), cooperative_id), "demo-remitted-again", NOTE)
