"""The provider's own book against ours: what it has and we lack is asked for, or shown until a person has looked."""

import json

from flask import Flask
from sqlalchemy import select

from core.db import db
from payments.attempts import reconciliation
from payments.attempts.models import BookDifference
from payments.attempts.reconciliation import reconcile
from payments.attempts.rules import State
from tests.conftest import NOW
from tests.payments.scene import shelf
from tests.rails.scene import (
    all_is_well,
    attempt_of,
    card_orders,
    collector,
    in_book,
    later,
    opened,
    paid,
    reread,
)
from tests.stripe_server.process import StripeServer


def _differences() -> list[BookDifference]:
    db.session.expire_all()
    return list(db.session.execute(select(BookDifference).order_by(BookDifference.id)).scalars())


def test_what_agrees_makes_no_difference(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    paid(bank, who, (pack, 1))
    with later(90):
        assert reconcile("stripe", everything=True).differences == 0
    net = sum(row["net"] for row in bank.rows("balance_transaction"))
    assert in_book(who.organisation_id)["rail_clearing"] == net, "what it holds by our book is what it says"
    all_is_well()


def test_money_without_news_is_found_by_asking(ctx: Flask, bank: StripeServer) -> None:
    """Payment taken and order missing: every webhook was lost."""
    collector()
    _coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    bank.order("buyer", number=opened(order).provider_ref, how="success")
    assert reconcile("stripe", everything=True).changed == 1
    assert attempt_of(order).state == State.PAID
    assert reread(order).state == "to_pack"


def test_a_refund_made_on_the_providers_own_page_is_shown_to_a_person(ctx: Flask, bank: StripeServer) -> None:
    import stripe

    who = collector()
    _coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    by_hand = stripe.StripeClient(
        "sk_test_chophien", base_addresses={"api": bank.url}, stripe_version="2026-08-26.dahlia"
    )
    by_hand.v1.refunds.create({"payment_intent": attempt_of(order).payment_ref, "amount": 20_000})
    with later(90):
        assert reconcile("stripe", everything=True).differences == 1
        assert reconcile("stripe", everything=True).differences == 0, "once is enough"
    found = _differences()[0]
    assert (found.kind, found.theirs_vnd, found.ours_vnd, found.settled_at) == ("refund", -20_000, 0, None)


def test_the_command_says_a_line_for_each_rail_and_asks_about_everything(
    app: Flask, bank: StripeServer
) -> None:
    with app.app_context():
        collector()
        _coop, pack = shelf()
        order = card_orders((pack, 1))[0]
        bank.order("buyer", number=opened(order).provider_ref, how="success")
        db.session.remove()
    result = app.test_cli_runner().invoke(args=["payments", "reconcile", "--provider", "stripe"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.output.strip().splitlines()[-1])
    assert told["provider"] == "stripe"
    assert (told["changed"], told["unfinished"], told["down"]) == (1, 0, 0)
    everything = app.test_cli_runner().invoke(args=["payments", "reconcile"])
    assert [json.loads(line)["provider"] for line in everything.output.splitlines() if line.startswith("{")] == [
        "stripe", "momo", "vnpay", "zalopay",
    ]  # fmt: skip


def test_a_round_of_the_worker_is_one_duty_a_rail(ctx: Flask) -> None:
    from payments.tasks import TASKS

    names = [task.name for task in TASKS]
    assert [name for name in names if name.startswith("payments.reconcile.")] == [
        f"payments.reconcile.{rail}" for rail in ("stripe", "momo", "vnpay", "zalopay")
    ]
    assert reconciliation.reconcile("stripe") == reconciliation.Tally(), "nothing to do without an account"
    assert NOW.tzinfo is not None
