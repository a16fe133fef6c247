"""The collector: what it owes is what is claimed, to the đồng; what it sends on; what is refunded afterwards."""

import pytest
from flask import Flask

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Invalid, NotFound
from payments import operations as payments
from payments.attempts.reconciliation import reconcile
from revenue.collector import operations as collector_verbs
from revenue.collector.queries import due_to, held_by_rails
from revenue.collector.rules import divided
from revenue.operations import deliver, pay_producer
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import treasurer_of
from tests.factories.payments import shipped, staff_of
from tests.payments.scene import shelf
from tests.rails.scene import all_is_well, collector, in_book, key, owed, paid
from tests.stripe_server.process import StripeServer


def test_a_remittance_is_owed_no_longer_when_sent_and_in_the_bank_when_confirmed(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    paid(bank, who, (pack, 2))
    reconcile("stripe", everything=True)
    due = owed(who, coop)[0]
    with transaction():
        collector_verbs.settle(who.manager, "stripe", held_by_rails(who.organisation_id)["stripe"], key())
    form = key()
    for _tap in range(2):
        with transaction():
            sent = collector_verbs.remit(who.manager, coop.id, due, form)
    assert owed(who, coop)[0] == 0
    assert in_book(coop.organisation_id)["remittance_coming"] == due
    assert "bank" not in in_book(who.organisation_id)
    for _tap in range(2):
        with transaction():
            collector_verbs.confirm(treasurer_of(coop), sent.id)
    assert in_book(coop.organisation_id)["bank"] == due
    assert "remittance_coming" not in in_book(coop.organisation_id)
    all_is_well()


def test_a_remittance_that_the_bank_returned_is_owed_again(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    paid(bank, who, (pack, 1))
    due = owed(who, coop)[0]
    with transaction():
        collector_verbs.settle(who.manager, "stripe", due, key())
        sent = collector_verbs.remit(who.manager, coop.id, due, key())
        collector_verbs.take_back(who.manager, sent.id)
    assert owed(who, coop)[0] == due
    assert in_book(who.organisation_id)["bank"] == due
    all_is_well()


def test_a_refund_after_the_remittance_is_netted_from_the_next(ctx: Flask, bank: StripeServer) -> None:
    who = collector()
    coop, pack = shelf()
    first = paid(bank, who, (pack, 1))[0]
    reconcile("stripe", everything=True)
    due = owed(who, coop)[0]
    with transaction():
        collector_verbs.settle(who.manager, "stripe", due, key())
        collector_verbs.remit(who.manager, coop.id, due, key())
        payments.cancel(staff_of(first), first.id, "khách đổi ý")
    reconcile("stripe", everything=True)
    assert owed(who, coop)[0] == -first.total_vnd
    with pytest.raises(Invalid, match="Còn nợ"), transaction():
        collector_verbs.remit(who.manager, coop.id, 1, key())
    second = paid(bank, who, (pack, 2))[0]
    reconcile("stripe", everything=True)
    left = owed(who, coop)[0]
    assert 0 < left < second.total_vnd - first.total_vnd
    assert due_to(coop.organisation_id)[0].owed_vnd == left
    all_is_well()


def test_members_are_paid_from_the_bank_and_not_from_what_a_collector_still_owes(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    order = shipped(paid(bank, who, (pack, 1))[0])
    manager = staff_of(order)
    with transaction():
        deliver(manager, order.id)
    from revenue.ledger.queries import owed_producers

    producer_id, amount = owed_producers(coop.organisation_id)[0]
    with pytest.raises(Invalid, match="Tài khoản ngân hàng chỉ còn"), transaction():
        pay_producer(manager, producer_id, amount, "bank", key())
    assert owed(who, coop)[0] > 0


def test_a_refunded_order_is_not_paid_out_and_the_members_balance_follows(
    ctx: Flask, bank: StripeServer
) -> None:
    """Two bugs of others: a vendor's balance unchanged after a refund, and a refunded order still paid out."""
    from orders.queries import lines
    from revenue.ledger.queries import owed_producers

    who = collector()
    coop, pack = shelf()
    order = shipped(paid(bank, who, (pack, 1))[0])
    manager = staff_of(order)
    with transaction():
        deliver(manager, order.id)
    assert owed_producers(coop.organisation_id)
    with transaction():
        payments.refund(manager, order.id, {lines(order.id)[0].id: 1}, "hỏng", order.shipping_vnd, key=key())
    assert owed_producers(coop.organisation_id) == [], "the moment it is owed back, before the card has it"
    reconcile("stripe", everything=True)
    assert owed_producers(coop.organisation_id) == []
    assert owed(who, coop)[0] <= 0
    all_is_well()


def test_only_the_collectors_own_staff_send_on_and_only_the_cooperatives_confirm(
    ctx: Flask, bank: StripeServer
) -> None:
    who = collector()
    coop, pack = shelf()
    paid(bank, who, (pack, 1))
    stranger = actor_for(Role.MANAGER, organisation_id=coop.organisation_id)
    with pytest.raises(NotFound), transaction():
        collector_verbs.remit(stranger, coop.id, 1_000, key())
    with transaction():
        collector_verbs.settle(who.manager, "stripe", 50_000, key())
        sent = collector_verbs.remit(who.manager, coop.id, 50_000, key())
    other, _pack = shelf(name="HTX Khác")
    for actor in (treasurer_of(other), who.manager):
        with pytest.raises(NotFound), transaction():
            collector_verbs.confirm(actor, sent.id)
    db.session.rollback()


@pytest.mark.parametrize(
    ("total", "amounts", "parts"),
    [
        (1_000, {1: 100_000, 2: 50_000, 3: 50_000}, {1: 500, 2: 250, 3: 250}),
        (10, {1: 1, 2: 1, 3: 1}, {1: 4, 2: 3, 3: 3}),
        (7_210, {5: 65_000}, {5: 7_210}),
    ],
)
def test_a_fee_is_divided_exactly(total: int, amounts: dict[int, int], parts: dict[int, int]) -> None:
    assert divided(total, amounts) == parts
    assert sum(parts.values()) == total
