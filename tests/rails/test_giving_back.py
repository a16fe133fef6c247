"""Money given back over the rail it came by, and disputes: booked once, in both books, and never twice."""

import pytest
from flask import Flask

from core.db import db, transaction
from core.errors import Conflict
from orders.queries import lines
from payments import operations as payments
from payments.attempts import refunds
from payments.attempts.models import RailDispute, RailRefund
from payments.attempts.reconciliation import reconcile
from payments.attempts.rules import DisputeState, RefundState
from payments.models import Refund
from payments.providers.protocol import ProviderDown, Receipt
from payments.queries import payment_of
from revenue.operations import deliver
from tests.factories.payments import shipped, staff_of
from tests.payments.scene import shelf
from tests.rails.scene import (
    all_is_well,
    attempt_of,
    card_orders,
    collector,
    in_book,
    key,
    opened,
    owed,
    paid,
    reread,
    tell,
)
from tests.stripe_server.desk import DISPUTE_FEE
from tests.stripe_server.process import StripeServer


def _sent() -> list[RailRefund]:
    db.session.expire_all()
    return list(db.session.query(RailRefund).order_by(RailRefund.id))


def _delivered(order: object) -> None:
    with transaction():
        deliver(staff_of(order), shipped(order).id)  # type: ignore[arg-type]


def test_cancelling_sends_everything_back_to_the_card(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    with transaction():
        payments.cancel(staff_of(order), order.id, "khách đổi ý")
    assert payment_of(order.id).state == "refund_due"
    assert reconcile("stripe", everything=True).changed >= 1

    assert payment_of(order.id).state == "refunded"
    assert [one["amount"] for one in bank.rows("refund")] == [order.total_vnd]
    book = in_book(coop.organisation_id)
    assert "refund_due" not in book
    assert "buyer_prepayment" not in book
    assert owed(who, coop)[0] == -in_book(coop.organisation_id).get("provider_fee", 0)
    all_is_well()


def test_a_part_and_then_the_rest_go_back_and_each_share_gives_its_part(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 3))[0]
    _delivered(order)
    line = lines(order.id)[0]
    for pieces in (1, 2):
        with transaction():
            payments.refund(staff_of(order), order.id, {line.id: pieces}, "vỡ", key=key())
        reconcile("stripe", everything=True)
    assert [one["amount"] for one in bank.rows("refund")] == [65_000, 130_000]
    assert payment_of(order.id).state == "paid", "the delivery was not given back"
    assert {one.state for one in _sent()} == {RefundState.DONE}
    assert "refund_due" not in in_book(coop.organisation_id)
    all_is_well()


def test_a_lost_answer_to_a_refund_is_one_refund(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    with transaction():
        payments.cancel(staff_of(order), order.id, "khách đổi ý")
    bank.order("weather", mode="drop", count=2)
    with pytest.raises(ProviderDown):
        refunds.send(_sent()[0].id)
    assert _sent()[0].state == RefundState.PENDING
    tell(bank, who.account)  # meanwhile its news may come, in whatever order
    assert _sent()[0].state == RefundState.DONE
    assert len(bank.rows("refund")) == 1
    assert refunds.send(_sent()[0].id) is Receipt.AGAIN
    all_is_well()


def test_a_refund_on_its_way_is_not_also_sent_by_hand(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    _coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    bank.order("refunds_wait", yes=True)
    with transaction():
        payments.cancel(staff_of(order), order.id, "khách đổi ý")
    reconcile("stripe", everything=True)
    owed_back = db.session.query(Refund).one()
    with pytest.raises(Conflict, match="đang được trả"), transaction():
        payments.mark_sent(staff_of(order), owed_back.id, "cash")
    assert who.account.rail == "stripe"


def test_a_refund_that_the_bank_refused_is_still_owed_and_goes_by_hand(
    ctx: Flask, bank: StripeServer
) -> None:
    from tests.factories.revenue import opened as opened_books

    who = collector()
    coop, pack = shelf()
    opened_books(coop, bank_vnd=1_000_000)
    order = paid(bank, who, (pack, 1))[0]
    bank.order("refunds_wait", yes=True)
    with transaction():
        payments.cancel(staff_of(order), order.id, "khách đổi ý")
    reconcile("stripe", everything=True)
    bank.order("finish_refund", number=bank.rows("refund")[0]["id"], how="failed")
    tell(bank, who.account)
    assert _sent()[0].state == RefundState.FAILED
    with transaction():
        payments.mark_sent(staff_of(order), db.session.query(Refund).one().id, "bank")
    assert payment_of(order.id).state == "refunded"
    assert owed(who, coop)[0] >= order.total_vnd - 20_000, "the money stays with the collector, and is owed"
    all_is_well()


def test_money_for_an_order_that_was_cancelled_meanwhile_goes_back_by_itself(
    ctx: Flask, bank: StripeServer
) -> None:
    """Payment taken and order missing: it is recorded, and sent back."""
    who = collector()
    coop, pack = shelf()
    order = card_orders((pack, 1))[0]
    found = opened(order)
    with transaction():
        payments.cancel(order.token, order.id, "đổi ý")
    bank.order("buyer", number=found.provider_ref, how="success")
    tell(bank, who.account)
    assert reread(order).state == "cancelled"
    assert in_book(coop.organisation_id)["refund_due"] == -order.total_vnd
    reconcile("stripe", everything=True)
    assert [one["amount"] for one in bank.rows("refund")] == [order.total_vnd]
    assert "refund_due" not in in_book(coop.organisation_id)
    all_is_well()


def test_a_dispute_holds_the_money_and_a_won_one_gives_it_back(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    reconcile("stripe", everything=True)
    before = owed(who, coop)[0]
    made = bank.order("dispute", intent=attempt_of(order).payment_ref, amount=None)
    tell(bank, who.account, shuffle=3, repeat=2)
    assert in_book(who.organisation_id)["dispute_held"] == order.total_vnd
    assert owed(who, coop)[0] == before - DISPUTE_FEE
    bank.order("close_dispute", number=made["id"], how="won")
    tell(bank, who.account, repeat=2)
    assert "dispute_held" not in in_book(who.organisation_id)
    assert owed(who, coop)[0] == before - DISPUTE_FEE
    assert db.session.query(RailDispute).one().state == DisputeState.WON
    all_is_well()


def test_a_lost_dispute_after_delivery_is_the_cooperatives_cost_and_members_keep_their_shares(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    _delivered(order)
    before = in_book(coop.organisation_id)
    made = bank.order("dispute", intent=attempt_of(order).payment_ref, amount=None)
    bank.order("close_dispute", number=made["id"], how="lost")
    tell(bank, who.account, shuffle=1)  # the end may come before the beginning
    book = in_book(coop.organisation_id)
    assert book["dispute_cost"] == order.total_vnd
    assert book["cooperative_income"] == before["cooperative_income"]
    assert owed(who, coop)[0] == -book["provider_fee"]
    all_is_well()


def test_a_lost_dispute_before_delivery_takes_the_buyers_own_money_and_a_cancel_gives_nothing_twice(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = paid(bank, who, (pack, 1))[0]
    made = bank.order("dispute", intent=attempt_of(order).payment_ref, amount=None)
    bank.order("close_dispute", number=made["id"], how="lost")
    tell(bank, who.account)
    assert payment_of(order.id).state == "refunded"
    with transaction():
        payments.cancel(staff_of(order), order.id, "ngân hàng lấy lại tiền")
    assert bank.rows("refund") == []
    book = in_book(coop.organisation_id)
    assert "dispute_cost" not in book
    assert "buyer_prepayment" not in book
    assert "refund_due" not in book
    all_is_well()
