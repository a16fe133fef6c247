"""A collector that takes cards, cooperatives with goods, and buyers who pay by card."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from orders import queries as order_queries
from orders.models import Order
from orders.rules import Method
from payments.attempts import news, operations
from payments.attempts.models import Attempt, AttemptShare
from payments.attempts.rules import State
from payments.providers.protocol import Answer, Notice
from payments.rails import queries as rails
from payments.rails.models import RailAccount
from payments.rails.operations import set_rail
from revenue.audit.queries import faults
from revenue.collector import queries as collected
from revenue.collector.operations import open_collector
from revenue.ledger import queries as ledger
from tests.factories.accounts import actor_for
from tests.factories.payments import place_order
from tests.stripe_server.process import StripeServer

KEYS = {"secret_key": "sk_test_chophien", "webhook_secret": "whsec_test"}


@dataclass
class Collector:
    """A collector's organisation, manager and Stripe account."""

    organisation_id: int
    manager: Actor
    account: RailAccount


def collector(name: str = "Bên thu hộ Thử Nghiệm", rail: str = "stripe", **keys: str) -> Collector:
    """A collector whose rail is offered."""
    with transaction():
        organisation_id = open_collector(name).id
    manager = actor_for(Role.MANAGER, organisation_id=organisation_id)
    with transaction():
        account = set_rail(manager, rail, KEYS | keys, enabled=True)
    return Collector(organisation_id, manager, account)


def card_orders(*lines: tuple[Any, int], method: str = Method.CARD) -> list[Order]:
    """A purchase by card; its attempt is written, not opened."""
    return place_order(list(lines), method)


def attempt_of(order: Order) -> Attempt:
    """The newest attempt of an order."""
    wanted = (
        select(Attempt).join(AttemptShare, AttemptShare.attempt_id == Attempt.id)
        .where(AttemptShare.order_id == order.id).order_by(Attempt.id.desc()).limit(1)
    )  # fmt: skip
    return db.session.execute(wanted).scalar_one()


def opened(order: Order) -> Attempt:
    """The attempt of an order, opened at its provider."""
    operations.open_attempt(attempt_of(order).id)
    found = attempt_of(order)
    assert found.state == State.OPEN
    return found


def tell(bank: StripeServer, account: RailAccount, **plan: Any) -> list[int]:
    """Bring the server's news to our door, in the order and shape of the plan; the statuses answered."""
    at = int(clock.now().timestamp())
    return [
        hear(account, body, signature).status
        for body, signature in bank.order("letters", **({"at": at} | plan))
    ]


def hear(account: RailAccount, body: str, signature: str) -> Answer:
    """One letter."""
    notice = Notice("POST", {}, {"stripe-signature": signature}, body.encode(), clock.now())
    return news.hear("stripe", account.id, notice)


def paid(bank: StripeServer, who: Collector, *lines: tuple[Any, int]) -> list[Order]:
    """Orders paid by card, told by webhook."""
    orders = card_orders(*lines)
    bank.order("buyer", number=opened(orders[0]).provider_ref, how="success")
    tell(bank, who.account, since=len(bank.look()["events"]) - 3)
    return [order_queries.order(one.id) for one in orders]


def owed(who: Collector, coop: Any) -> tuple[int, int]:
    """What the collector owes a cooperative, by its own book and by the cooperative's; they must be equal."""
    pair = (
        collected.owed_to(who.organisation_id, coop.id),
        collected.owed_by(coop.organisation_id, who.organisation_id),
    )
    assert pair[0] == pair[1]
    return pair


def in_book(organisation_id: int) -> dict[str, int]:
    """A ledger: kind → đồng, debit +, zeros left out."""
    return {str(kind): amount for kind, amount in ledger.balances(organisation_id).items() if amount}


def all_is_well() -> None:
    """Every book recomputes, and the two sides of every debt agree."""
    assert list(faults()) == []


def reread(order: Order) -> Order:
    """An order as it is now."""
    db.session.expire_all()
    return order_queries.order(order.id)


def state_of(account: RailAccount) -> RailAccount:
    """An account as it is now."""
    db.session.expire_all()
    return rails.account(account.id)


def later(minutes: int) -> Any:
    """The clock so many minutes on."""
    return clock.use(clock.now() + timedelta(minutes=minutes))


def key() -> str:
    """A form's key."""
    return secrets.token_urlsafe(12)
