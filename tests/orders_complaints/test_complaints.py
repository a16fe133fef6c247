"""A complaint goes to the cooperative, then to the market; each step is seen, told, and has its time."""

import itertools
from datetime import timedelta

import pytest

from accounts.rules import Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from messages.models import Message
from orders.complaints import operations, queries
from orders.complaints.models import Complaint
from orders.complaints.operations import Said
from orders.complaints.rules import TRANSITIONS, Event, State, after
from orders.complaints.tasks import keep_time
from tests.conftest import NOW
from tests.factories import accounts, catalog, cooperatives, payments, traceability


@pytest.fixture
def sale(ctx):
    """An order, its manager, another manager, an administrator."""
    coop, other = cooperatives.create_cooperative("HTX Ta"), cooperatives.create_cooperative("HTX Bạn")
    product = catalog.create_product(coop)
    traceability.create_lot(coop, product.packs[0], 9)
    return {
        "order": payments.place_order([(product.packs[0], 1)], method="cod")[0], "coop": coop, "other": other,
        "manager": accounts.actor_for(Role.MANAGER, organisation_id=coop.organisation_id),
        "stranger": accounts.actor_for(Role.MANAGER, organisation_id=other.organisation_id),
        "admin": accounts.actor_for(Role.ADMINISTRATOR),
    }  # fmt: skip


def complain(sale, key="key-1", **more):
    said = {"kind": "goods", "text": "Hai gói bị ẩm.", "wish": "Gửi lại", "name": "Đỗ Minh Mẫu",
            "phone": payments.PHONE, "code": sale["order"].code} | more  # fmt: skip
    with transaction():
        return operations.receive(key, Said(**said))


def do(verb, *args):
    with transaction():
        return verb(*args)


def state(found):
    return db.session.get_one(Complaint, found.id, populate_existing=True).state


@pytest.mark.parametrize(("before", "event"), list(itertools.product(State, Event)))
def test_every_pair_of_the_table_is_allowed_or_refused(before, event):
    if (before, event) in TRANSITIONS:
        assert after(before, event) == TRANSITIONS[before, event]
    else:
        with pytest.raises(Conflict):
            after(before, event)


def test_with_an_orders_code_it_goes_to_that_cooperative_and_both_are_told(sale):
    found = complain(sale)
    assert (found.state, found.cooperative_id) == ("with_cooperative", sale["coop"].id)
    told = db.session.query(Message).filter(Message.kind == "complaint").all()
    assert payments.PHONE in {one.to_address for one in told} and len(told) >= 2
    assert any(f"/complaints/{found.token}" in one.body for one in told)


def test_sent_twice_it_is_one(sale):
    assert complain(sale).id == complain(sale).id


def test_a_code_with_another_phone_is_refused_and_says_nothing_of_the_order(sale):
    with pytest.raises(Invalid, match="Không có đơn nào với số và mã này"):
        complain(sale, phone="+84900000099")


def test_what_only_the_market_may_judge_does_not_go_to_the_cooperative(sale):
    assert complain(sale, kind="privacy").state == "escalated"
    assert complain(sale, "key-2", kind="other", code="").cooperative_id is None


def test_five_a_day_from_one_number(sale):
    for number in range(5):
        complain(sale, f"key-{number}")
    with pytest.raises(TooMany):
        complain(sale, "key-6")


def test_it_is_acknowledged_answered_and_accepted(sale):
    found = complain(sale)
    do(operations.acknowledge, sale["manager"], found.id)
    do(operations.answer, sale["manager"], found.id, "Mai gửi bù hai gói.")
    assert state(found) == "answered"
    do(operations.accept, found.token)
    view = queries.complaint(found.id)
    assert view.state == "settled" and view.due_at is None
    assert [step.title for step in view.steps] == [
        "Chợ nhận khiếu nại", "Hợp tác xã báo đã nhận", "Hợp tác xã trả lời", "Bạn đồng ý cách giải quyết",
    ]  # fmt: skip
    assert view.steps[2].text == "Mai gửi bù hai gói."


def test_an_answer_that_is_not_enough_goes_to_the_market_which_decides(sale):
    found = complain(sale)
    do(operations.answer, sale["manager"], found.id, "Không đổi.")
    do(operations.escalate, found.token, "Hàng ẩm thật, có ảnh.")
    do(operations.decide, sale["admin"], found.id, "Hợp tác xã hoàn tiền hai gói.")
    assert state(found) == "settled"
    with pytest.raises(Conflict):
        do(operations.escalate, found.token, "Nữa.")


def test_the_market_may_send_it_to_a_cooperative(sale):
    found = complain(sale, kind="other", code="")
    do(operations.forward, sale["admin"], found.id, sale["other"].id, "Xem giúp.")
    assert queries.complaint(found.id, sale["other"].id).state == "with_cooperative"
    do(operations.answer, sale["stranger"], found.id, "Đã xem.")


def test_nobody_elses_complaint_is_answered_and_only_the_market_decides(sale):
    found = complain(sale)
    with pytest.raises(NotFound):
        do(operations.answer, sale["stranger"], found.id, "Của tôi đâu.")
    with pytest.raises(NotFound):
        queries.complaint(found.id, sale["other"].id)
    with pytest.raises(NotAllowed):
        do(operations.decide, sale["manager"], found.id, "Xong.")


def test_what_the_cooperative_does_not_answer_in_three_days_goes_to_the_market(sale):
    found = complain(sale)
    with clock.use(NOW + timedelta(days=3, seconds=-1)):
        assert keep_time() == 0
    with clock.use(NOW + timedelta(days=3)):
        assert keep_time() == 1 and keep_time() == 0
    assert state(found) == "escalated"


def test_an_answer_without_objection_is_settled_after_seven_days(sale):
    found = complain(sale)
    do(operations.answer, sale["manager"], found.id, "Mai gửi bù.")
    with clock.use(NOW + timedelta(days=7)):
        assert keep_time() == 1
    assert state(found) == "settled"


def test_what_waits_for_the_market_is_shown_late_and_never_settled_by_the_clock(sale):
    found = complain(sale, kind="privacy")
    with clock.use(NOW + timedelta(days=8)):
        assert keep_time() == 0
        assert queries.complaint(found.id).late
    assert state(found) == "escalated"


def test_every_step_leaves_an_audit_line_without_what_was_written(sale):
    found = complain(sale)
    do(operations.answer, sale["manager"], found.id, "Mai gửi bù hai gói.")
    lines = db.session.query(AuditLine).filter_by(subject=f"complaint:{found.id}").order_by("id").all()
    assert [one.verb for one in lines] == ["receive complaint", "complaint answer"]
    assert all("gói" not in one.fields + one.purpose for one in lines)


def test_the_form_keeps_what_was_typed_when_something_is_missing(client, app):
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = client.post(
            "/complaints/new", data={"kind": "goods", "text": "Hai gói bị ẩm.", "phone": "0912"}
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert (
        answer.status_code == 422
        and "Hai gói bị ẩm." in answer.text
        and "Viết tên để tiện gọi." in answer.text
    )


def test_the_lists_take_one_query_each(sale, ctx):
    from tests.queries import count_queries

    complain(sale)
    complain(sale, "key-2", kind="privacy")
    db.session.rollback()
    with count_queries(ctx) as counted:
        assert len(queries.listed()) == 2
    assert counted.count == 1
