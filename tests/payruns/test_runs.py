"""Pay runs: made by one, approved by another, sent once each, returned, confirmed by the bank, closed."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, DomainError, Invalid, NotFound
from messages.models import Message
from payments.payouts.operations import set_producer_account
from payments.payouts.queries import account_of, usable_account
from payments.payruns import operations, queries, rules
from payments.payruns.models import PayrunLine
from payments.payruns.operations import Seen, confirm_sent, send_all, send_line, take_return
from payments.payruns.queries import Choice
from payments.payruns.rules import LineState, RunState, Why
from revenue.audit.queries import faults
from revenue.models import Payout
from revenue.operations import pay_producer, reverse
from revenue.payouts.operations import approve_limit, set_limit
from revenue.payouts.queries import limit_on, why_paid
from revenue.queries import statement
from revenue.rules import PayMethod
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, treasurer_of
from tests.factories.revenue import delivered, refunded
from tests.payruns.scene import Till, a_till
from tests.revenue.stories import a_world
from tests.revenue.test_refund import line_of

BIG = 30_000_000


def sent(till: Till, run_id: int, place: int = 0, reference: str = "") -> PayrunLine:
    """Mark one line of a run sent."""
    line_id = till.lines(run_id)[place].id
    with transaction():
        return send_line(till.maker, run_id, line_id, reference)


def test_a_run_below_the_limit_is_open_at_once_and_each_line_goes_into_the_book_once(ctx: Flask) -> None:
    till = a_till(30_000, 20_000)
    run = till.run()
    assert (run.state, [one.amount_vnd for one in till.lines(run.id)]) == (RunState.OPEN, [30_000, 20_000])
    for _tap in range(2):
        assert sent(till, run.id, 0, "FT1").state == LineState.SENT
    assert (till.owed(0), till.owed(1), till.bank()) == (0, 20_000, 49_970_000)
    assert db.session.query(Payout).count() == 1
    told = db.session.query(Message).filter_by(to_address=till.phones[0], kind="payout").all()
    assert len(told) == 1 and "30.000" in told[0].body
    assert list(faults()) == []


def test_a_run_above_the_limit_waits_for_a_second_person_who_is_not_its_maker(ctx: Flask) -> None:
    till = a_till(BIG)
    run = till.run()
    run_id = run.id
    assert run.state == RunState.PROPOSED
    with pytest.raises(Conflict), transaction():
        send_line(till.maker, run_id, till.lines(run_id)[0].id)
    with pytest.raises(Invalid, match="không tự duyệt"), transaction():
        operations.approve_run(till.maker, run_id)
    with transaction():
        operations.approve_run(till.second, run_id)
    sent(till, run_id)
    paid = db.session.query(Payout).one()
    assert (paid.by_user_id, paid.approved_by_user_id) == (till.maker.user_id, till.second.user_id)
    assert till.owed() == 0


def test_the_one_who_approved_may_also_move_the_money_since_two_agreed(ctx: Flask) -> None:
    till = a_till(BIG)
    run_id = till.run().id
    with transaction():
        operations.approve_run(till.second, run_id)
        send_line(till.second, run_id, till.lines(run_id)[0].id)
    assert db.session.query(Payout).one().approved_by_user_id == till.maker.user_id


def test_many_small_runs_of_one_day_do_not_get_around_the_second_person(ctx: Flask) -> None:
    till = a_till(15_000_000, 0)
    first = till.run()
    sent(till, first.id)
    till.earns(6_000_000, 1)
    assert till.run().state == RunState.PROPOSED
    with clock.use(NOW + timedelta(days=1)):
        till.earns(6_000_000, 0)
        assert till.run().state == RunState.OPEN


def test_paying_one_family_by_itself_does_not_get_around_it_either(ctx: Flask) -> None:
    till = a_till(BIG)
    with pytest.raises(Invalid, match="Một người tự trả"), transaction():
        pay_producer(till.maker, till.producers[0], BIG, PayMethod.BANK, "alone-1")
    with transaction():
        pay_producer(till.maker, till.producers[0], 20_000_000, PayMethod.BANK, "alone-2")
    with pytest.raises(Invalid), transaction():
        pay_producer(till.maker, till.producers[0], 1, PayMethod.BANK, "alone-3")


def test_a_lower_limit_holds_at_once_and_a_rise_waits_for_a_second_person(ctx: Flask) -> None:
    till = a_till(1)
    today = clock.today()
    with transaction():
        set_limit(till.maker, 1_000_000, today)
    assert limit_on(till.org, today) == 1_000_000
    with transaction():
        rise = set_limit(till.maker, 9_000_000, today).id
    assert limit_on(till.org, today) == 1_000_000
    with pytest.raises(Invalid), transaction():
        approve_limit(till.maker, rise)
    with transaction():
        approve_limit(till.second, rise)
    assert limit_on(till.org, today) == 9_000_000
    assert limit_on(till.org, today - timedelta(days=1)) == 20_000_000
    with pytest.raises(NotFound), transaction():
        approve_limit(treasurer_of(create_cooperative("HTX Kia")), rise)


def test_cash_that_carriers_still_hold_pays_nobody(ctx: Flask) -> None:
    world = a_world(grams=(40_000,), cash_vnd=1)
    delivered(world.bought(method="cod"))
    plan = queries.planned(world.org, Choice(clock.today()))
    assert plan.total_vnd <= 1
    assert queries.funds(world.org).carrier_vnd > 0
    treasurer = treasurer_of(world.coop)
    with pytest.raises(Invalid), transaction():
        operations.make_run(treasurer, Choice(clock.today(), least_vnd=2), "no-money-1", "")


def test_what_is_not_in_the_bank_by_the_book_is_not_planned_twice(ctx: Flask) -> None:
    till = a_till(30_000, 30_000, bank_vnd=40_000)
    first = till.run(most_vnd=30_000)
    assert [one.amount_vnd for one in till.lines(first.id)] == [30_000]
    second = queries.planned(till.org, Choice(clock.today()))
    assert [one.amount_vnd for one in second.lines] == [10_000]
    assert [one.why for one in second.left] == [Why.IN_RUN]


def test_what_was_earned_after_the_chosen_day_waits(ctx: Flask) -> None:
    till = a_till(10_000)
    with clock.use(NOW + timedelta(days=3)):
        till.earns(7_000)
        plan = queries.planned(till.org, Choice(NOW.date()))
        assert [(one.amount_vnd, one.owed_vnd) for one in plan.lines] == [(10_000, 17_000)]
        assert queries.planned(till.org, Choice(clock.today())).total_vnd == 17_000


def test_what_was_shown_is_what_is_made(ctx: Flask) -> None:
    till = a_till(10_000)
    digest = queries.planned(till.org, Choice(clock.today())).digest
    till.earns(1)
    with pytest.raises(Conflict, match="vừa thay đổi"), transaction():
        operations.make_run(till.maker, Choice(clock.today()), "shown-then-1", digest)


def test_a_double_tap_makes_one_run_and_a_second_treasurer_plans_nobody_twice(ctx: Flask) -> None:
    till = a_till(10_000, 5_000)
    asked = Choice(clock.today())
    digest = queries.planned(till.org, asked).digest
    with transaction():
        first = operations.make_run(till.maker, asked, "the-same-key", digest).id
    with transaction():
        again = operations.make_run(till.maker, asked, "the-same-key", digest).id
    assert first == again
    with pytest.raises(Invalid), transaction():
        operations.make_run(till.second, asked, "another-key", digest)


def test_an_account_that_changed_after_the_run_was_made_is_not_paid(ctx: Flask) -> None:
    till = a_till(10_000, 5_000)
    run_id = till.run().id
    with clock.use(NOW + timedelta(minutes=5)):
        till.account(0, "99998888")
        assert sent(till, run_id).state == LineState.FAILED
        assert till.lines(run_id)[0].why == Why.CHANGED
        assert (till.owed(0), till.bank()) == (10_000, 50_000_000)
        assert sent(till, run_id, 1).state == LineState.SENT
    with pytest.raises(Conflict):
        sent(till, run_id)


def test_a_number_that_takes_the_place_of_another_is_held_two_days_and_the_family_is_told(ctx: Flask) -> None:
    till = a_till(10_000)
    with clock.use(NOW + timedelta(hours=1)):
        till.account(0, "99998888")
        assert [one.why for one in queries.planned(till.org, Choice(clock.today())).left] == [Why.HELD]
        with pytest.raises(Invalid):
            usable_account(till.producers[0])
    told = db.session.query(Message).filter_by(to_address=till.phones[0], kind="payout").one()
    assert "vừa đổi" in told.body and "99998888" not in told.body
    with clock.use(NOW + timedelta(hours=50)):
        assert usable_account(till.producers[0]).number == "99998888"
        assert queries.planned(till.org, Choice(clock.today())).total_vnd == 10_000


def test_writing_the_same_number_again_holds_nothing(ctx: Flask) -> None:
    till = a_till(10_000)
    till.account(0, "100000000")
    account = account_of(till.producers[0])
    assert account is not None and not account.held


def test_one_failed_line_does_not_stop_the_others_and_stays_owed(ctx: Flask) -> None:
    till = a_till(10_000, 20_000, 30_000)
    run_id = till.run().id
    with clock.use(NOW + timedelta(minutes=1)):
        till.account(1, "99998888")
        with transaction():
            pay_producer(till.maker, till.producers[2], 5_000, PayMethod.BANK, "meanwhile-1")
        with transaction():
            assert send_all(till.maker, run_id, "FILE-7") == (1, 2)
    states = [(one.state, one.why) for one in till.lines(run_id)]
    assert states[0] == (LineState.SENT, "")
    assert states[1] == (LineState.FAILED, Why.CHANGED)
    assert states[2][0] == LineState.FAILED and "25.000" in states[2][1]
    assert [till.owed(place) for place in range(3)] == [0, 20_000, 25_000]
    assert list(faults()) == []


def test_a_returned_transfer_is_owed_again_and_never_shown_as_paid(ctx: Flask) -> None:
    till = a_till(10_000)
    run_id = till.run().id
    line = sent(till, run_id)
    payout_id = line.payout_id or 0
    for _tap in range(2):
        with transaction():
            take_return(till.maker, payout_id, "sai số tài khoản")
    assert till.lines(run_id)[0].state == LineState.RETURNED
    assert (till.owed(), till.bank()) == (10_000, 50_000_000)
    seen = statement(till.org, till.producers[0])
    assert (seen.paid_vnd, seen.owed_vnd, seen.payments[0].returned) == (0, 10_000, True)
    told = [
        one.body
        for one in db.session.query(Message).filter_by(to_address=till.phones[0]).order_by(Message.id)
    ]
    assert "Ngân hàng trả lại" in told[-1] and len(told) == 2
    paid = db.session.get_one(Payout, payout_id)
    with pytest.raises(Conflict), transaction():
        reverse(till.maker, paid.entry_id, "ghi nhầm nhà")
    assert list(faults()) == []
    assert till.run().state == RunState.OPEN


def test_a_payout_that_was_undone_cannot_come_back_as_well(ctx: Flask) -> None:
    till = a_till(10_000)
    with transaction():
        paid = pay_producer(till.maker, till.producers[0], 10_000, PayMethod.BANK, "once-only-1")
        reverse(till.maker, paid.entry_id, "ghi nhầm nhà")
    with pytest.raises(Conflict), transaction():
        take_return(till.maker, paid.id, "sai số")
    assert till.owed() == 10_000


def test_money_that_comes_back_first_pays_what_a_refund_had_left_as_debt(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    order = delivered(world.bought(2))
    who, owed = world.producers[0], world.owed(world.producers[0])
    who_id, treasurer = who.id, treasurer_of(world.coop)
    with transaction():
        paid = pay_producer(treasurer, who_id, owed, PayMethod.BANK, "before-refund-1").id
    refunded(order, {line_of(order): 65_000})
    debt = statement(world.org, who_id).debt_vnd
    assert debt > 0
    with transaction():
        take_return(treasurer, paid, "tài khoản đã đóng")
    seen = statement(world.org, who_id)
    assert (seen.debt_vnd, seen.owed_vnd, seen.paid_vnd) == (0, owed - debt, 0)
    assert list(faults()) == []


def test_a_bank_statement_confirms_a_line_by_its_code_once(ctx: Flask) -> None:
    till = a_till(10_000)
    run_id = till.run().id
    line = sent(till, run_id)
    words = f"MBVCB 123 {rules.purpose('014', line.id).lower()}"
    for seen in (Seen.CONFIRMED, Seen.AGAIN):
        with transaction():
            assert confirm_sent(till.maker, till.org, 10_000, content=words).seen is seen
    assert till.lines(run_id)[0].state == LineState.CONFIRMED
    with transaction():
        assert confirm_sent(till.maker, till.org, 9_000, content=words).seen is Seen.DIFFERENT
        assert confirm_sent(till.maker, till.org, 9_000, content="tiền điện").seen is Seen.UNKNOWN


def test_a_debit_of_a_line_that_nobody_marked_goes_into_the_book(ctx: Flask) -> None:
    till = a_till(10_000)
    run_id = till.run().id
    line_id = till.lines(run_id)[0].id
    with transaction():
        found = confirm_sent(
            till.maker, till.org, 10_000, reference="FT9", content=rules.purpose("1", line_id)
        )
    assert found.seen is Seen.CONFIRMED
    assert (till.owed(), till.lines(run_id)[0].state) == (0, LineState.CONFIRMED)


def test_a_debit_is_also_known_by_the_banks_number_and_never_across_cooperatives(ctx: Flask) -> None:
    till, other = a_till(10_000), a_till(10_000)
    run_id = till.run().id
    line = sent(till, run_id, 0, "FT77")
    words = rules.purpose("1", line.id)
    with transaction():
        assert (
            confirm_sent(other.maker, other.org, 10_000, reference="FT77", content=words).seen is Seen.UNKNOWN
        )
        assert confirm_sent(till.maker, till.org, 10_000, reference="FT77").seen is Seen.CONFIRMED


def test_a_closed_run_says_what_went_and_leaves_the_rest_owed(ctx: Flask) -> None:
    till = a_till(10_000, 20_000)
    run_id = till.run().id
    sent(till, run_id)
    for _tap in range(2):
        with transaction():
            run = operations.close_run(till.maker, run_id)
    seen = queries.run_view(run)
    assert (seen.sums["sent"], seen.sums["dropped"], run.state) == (10_000, 20_000, RunState.CLOSED)
    with pytest.raises(Conflict):
        sent(till, run_id, 1)
    assert till.run().state == RunState.OPEN


def test_families_without_an_account_are_paid_in_cash_from_the_same_run(ctx: Flask) -> None:
    till = a_till(10_000, cash_vnd=50_000, accounts=False)
    run_id = till.run().id
    line = sent(till, run_id)
    assert (line.method, till.owed(), till.bank()) == ("cash", 0, 50_000_000)


def test_each_line_opens_to_the_sales_it_pays(ctx: Flask) -> None:
    world = a_world(grams=(40_000,))
    first, second = delivered(world.bought()), delivered(world.bought(2))
    owed, who_id = world.owed(world.producers[0]), world.producers[0].id
    why = why_paid(world.org, who_id, owed, owed)
    assert [one.order_code for one in why] == [second.code, first.code]
    assert sum(one.amount_vnd for one in why) == owed
    part = why_paid(world.org, who_id, owed, why[1].amount_vnd + 1)
    assert [(one.order_code, one.amount_vnd) for one in part] == [
        (second.code, 1),
        (first.code, why[1].amount_vnd),
    ]


def test_strangers_find_no_run(ctx: Flask) -> None:
    till = a_till(10_000)
    run_id = till.run().id
    stranger = treasurer_of(create_cooperative("HTX Kia"))
    for verb in (operations.approve_run, operations.close_run, operations.take_file):
        with pytest.raises(NotFound), transaction():
            verb(stranger, run_id)
    with pytest.raises(NotFound), transaction():
        send_line(stranger, run_id, till.lines(run_id)[0].id)
    with pytest.raises(DomainError), transaction():
        set_producer_account(stranger, till.producers[0], "970436", "12345678", "AI DO")


def test_every_step_leaves_an_audit_line_without_numbers_of_accounts(ctx: Flask) -> None:
    till = a_till(BIG)
    run_id = till.run().id
    with transaction():
        operations.approve_run(till.second, run_id)
        operations.take_file(till.maker, run_id)
    line = sent(till, run_id)
    with transaction():
        take_return(till.maker, line.payout_id or 0, "sai số tài khoản")
    lines = db.session.query(AuditLine).filter(AuditLine.chain == f"organisation:{till.org}").all()
    verbs = {one.verb for one in lines}
    assert {"make_payrun", "approve_payrun", "take_payrun_file", "send_payrun_line", "return_payout"} <= verbs
    assert not re.search("100000000", " ".join(str(vars(one)) for one in lines))
