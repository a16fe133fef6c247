"""Listings are moderated, taken down within the clock, and a shop closes only after notice."""

import itertools
from datetime import date, timedelta

import pytest

from accounts.rules import Role
from catalog import operations as catalog
from catalog.models import Product
from catalog.moderation import operations, queries
from catalog.moderation.rules import (
    TRANSITIONS,
    Event,
    State,
    claims,
    due_at,
    forbidden_goods,
    left,
    next_state,
)
from catalog.moderation.tasks import keep_the_clock
from catalog.queries import pack_facts
from catalog.rules import Facts, Kind, hits, missing
from catalog.search.queries import search
from catalog.search.rules import Asked, Filters, read_query
from cooperatives.models import Cooperative
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from messages.models import Message
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative


@pytest.fixture
def shop(ctx):
    """A cooperative with a manager, a product on sale, and an administrator."""
    coop = create_cooperative("HTX Ta")
    return {
        "coop": coop, "product": create_product(coop, "Miến dong"), "admin": actor_for(Role.ADMINISTRATOR),
        "manager": actor_for(Role.MANAGER, organisation_id=coop.organisation_id),
    }  # fmt: skip


def ask(shop, number="12/SCT", received_at=None, key=None):
    """An authority's request against the product."""
    with transaction():
        return operations.record(
            shop["admin"], key or f"key-{number}", shop["product"].slug, authority="Sở Công Thương mẫu",
            document_number=number, document_on=date(2026, 11, 20), reason="Nhãn thiếu hạn dùng.",
            received_at=received_at or clock.now(),
        )  # fmt: skip


def down(shop, **more):
    """The request carried out."""
    found = ask(shop, **more)
    with transaction():
        return operations.take_down(shop["admin"], found.id)


def found_by_search(words):
    return [card.title for card in search(Asked(read_query(words), Filters())).hits]


# ---- words ----


@pytest.mark.parametrize("text", ["Vòng NGÀ VOI thật", "cao hổ cốt", "Thuốc lào Tiên Lãng"])
def test_goods_that_nobody_may_sell_are_named(text):
    assert forbidden_goods(text)


@pytest.mark.parametrize("text", ["Miến dong", "Bán sỉ, bán lẻ", "Gạo nếp nương thơm"])
def test_ordinary_goods_are_not(text):
    assert forbidden_goods(text) == [] and claims(text) == []


def test_a_forbidden_name_cannot_be_published_and_a_claim_waits_for_a_person():
    lacking = missing(Facts(name="Cao hổ nguyên chất"))
    assert any("hàng cấm" in one.text for one in lacking)
    assert hits(Facts(kind=Kind.FOOD, story="Uống là dứt điểm đau lưng.")) == ["dứt điểm"]
    assert hits(Facts(kind=Kind.CRAFT, story="Khăn số một Việt Nam.")) == ["số một việt nam"]


@pytest.mark.parametrize(
    ("kind", "anchor"),
    [(Kind.FOOD, "ingredients"), (Kind.FOOD, "storage"), (Kind.FOOD, "shelf_life_days"),
     (Kind.COSMETIC, "notification_number"), (Kind.HEALTH_FOOD, "warning"), (Kind.ROOM_SCENT, "ingredients")],
)  # fmt: skip
def test_each_product_group_asks_for_its_label_fields(kind, anchor):
    assert anchor in [one.anchor for one in missing(Facts(kind=kind))]


# ---- the take-down's table and clock ----


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Event)))
def test_every_pair_of_the_table_is_allowed_or_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) == TRANSITIONS[state, event]
    else:
        with pytest.raises(Conflict):
            next_state(state, event)


def test_the_clock_counts_from_the_documents_arrival():
    due = due_at(NOW, 24)
    assert left(due, NOW + timedelta(hours=20, minutes=30)) == (3, 30)
    assert left(due, NOW + timedelta(hours=25)) == (0, 0)


def test_a_recorded_request_is_one_however_often_it_is_sent(shop):
    first = ask(shop)
    assert ask(shop, key="key-12/SCT").id == first.id
    with pytest.raises(Conflict):
        ask(shop, key="another-key")
    assert first.due_at == NOW + timedelta(hours=24)


def test_a_request_cannot_have_arrived_tomorrow(shop):
    with pytest.raises(Invalid, match="ngày mai"):
        ask(shop, received_at=NOW + timedelta(minutes=1))


def test_what_is_taken_down_is_found_by_nobody_and_cannot_be_bought(shop):
    assert found_by_search("mien dong") == ["Miến dong"]
    down(shop)
    product = db.session.get_one(Product, shop["product"].id, populate_existing=True)
    assert product.state == "withdrawn" and product.review_note == "Nhãn thiếu hạn dùng."
    assert found_by_search("mien dong") == []
    pack = product.packs[0].id
    assert not pack_facts([pack])[pack].on_sale


def test_the_cooperative_is_told_and_cannot_publish_again_by_itself(shop):
    down(shop)
    told = db.session.query(Message).filter(Message.kind == "moderation").all()
    assert len(told) == len({one.to_address for one in told}) == 2, "the applicant and the second manager"
    body = told[0].body
    assert "12/SCT" in body and "Miến dong" in body
    with pytest.raises(Conflict, match="12/SCT"), transaction():
        catalog.publish(shop["manager"], shop["product"].id)


def test_an_appeal_is_answered_and_lets_the_cooperative_sell_again(shop):
    found = down(shop)
    with transaction():
        operations.appeal(shop["manager"], found.id, "Hạn dùng in ở đáy gói.")
    with pytest.raises(DomainError), transaction():
        operations.appeal(shop["manager"], found.id, "Lần nữa.")
    with transaction():
        operations.answer_appeal(shop["admin"], found.id, "Đã xem ảnh nhãn.", lift=True)
    with transaction():
        catalog.publish(shop["manager"], shop["product"].id)
    assert found_by_search("mien dong") == ["Miến dong"]


def test_a_refused_appeal_keeps_it_down(shop):
    found = down(shop)
    with transaction():
        operations.appeal(shop["manager"], found.id, "Hạn dùng in ở đáy gói.")
        operations.answer_appeal(shop["admin"], found.id, "Nhãn vẫn thiếu.", lift=False)
    with pytest.raises(Conflict), transaction():
        catalog.publish(shop["manager"], shop["product"].id)


def test_every_step_leaves_an_audit_line(shop):
    found = down(shop)
    with transaction():
        operations.appeal(shop["manager"], found.id, "Hạn dùng in ở đáy gói.")
        operations.answer_appeal(shop["admin"], found.id, "Nhãn vẫn thiếu.", lift=False)
    verbs = [
        row.verb
        for row in db.session.query(AuditLine).filter_by(subject=f"takedown:{found.id}").order_by("id")
    ]
    assert verbs == ["record takedown", "takedown take_down", "takedown appeal", "takedown keep"]


def test_what_nobody_acts_on_goes_down_by_itself_before_the_clock_runs_out(shop):
    found = ask(shop)
    with clock.use(NOW + timedelta(hours=21, minutes=59)):
        assert keep_the_clock() == 0
    with clock.use(NOW + timedelta(hours=22)):
        assert keep_the_clock() == 1 and keep_the_clock() == 0
    view = queries.takedown(found.id)
    assert view.row.automatic and view.row.state == "down" and not view.late


def test_only_an_administrator_takes_down_and_only_the_seller_appeals(shop):
    found = ask(shop)
    with pytest.raises(NotAllowed), transaction():
        operations.take_down(shop["manager"], found.id)
    with pytest.raises(NotFound), transaction():
        operations.appeal(shop["manager"], found.id, "Chưa được báo.")
    with transaction():
        operations.take_down(shop["admin"], found.id)
    other = actor_for(Role.MANAGER, organisation_id=create_cooperative("HTX Bạn").organisation_id)
    with pytest.raises(NotFound), transaction():
        operations.appeal(other, found.id, "Không phải của mình.")


# ---- suspension ----


def notice(shop, number="", key="notice-1"):
    with transaction():
        return operations.give_notice(shop["admin"], key, shop["coop"].id, "Chưa gửi giấy an toàn.", number)


def state_of(shop):
    return db.session.get_one(Cooperative, shop["coop"].id, populate_existing=True).state


def test_a_shop_closes_five_days_after_the_notice_and_not_before(shop):
    assert notice(shop).effective_at == NOW + timedelta(days=5)
    with clock.use(NOW + timedelta(days=5, seconds=-1)):
        keep_the_clock()
        assert state_of(shop) == "approved"
    with clock.use(NOW + timedelta(days=5)):
        assert keep_the_clock() == 1
    assert state_of(shop) == "suspended" and found_by_search("mien dong") == []
    assert db.session.query(Message).filter(Message.kind == "moderation").count() == 4, (
        "before and then, two managers"
    )


def test_a_notice_taken_back_closes_nothing(shop):
    found = notice(shop)
    with transaction():
        operations.withdraw_notice(shop["admin"], found.id)
    with clock.use(NOW + timedelta(days=6)):
        assert keep_the_clock() == 0
    assert state_of(shop) == "approved"


def test_an_authoritys_document_closes_it_at_once(shop):
    notice(shop, number="9/QĐ")
    assert state_of(shop) == "suspended"


def test_one_notice_at_a_time(shop):
    first = notice(shop)
    assert notice(shop).id == first.id
    with pytest.raises(Conflict):
        notice(shop, key="notice-2")


# ---- pages ----


def test_a_product_is_named_by_its_whole_address(client, world, app):
    from tests.site.reading import sign_in_as

    sign_in_as(client, world, Role.ADMINISTRATOR)
    with app.app_context():
        slug = world.product.slug
    data = {
        "key": "form-key-1", "address": f"https://chophien.example/products/{slug}?pack=3", "authority": "Sở Mẫu",
        "document_number": "1/SM", "document_on": "2026-11-20", "received_at": "2026-11-22T08:30",
        "reason": "Nhãn sai.",
    }  # fmt: skip
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        answer = client.post("/admin/takedowns/new", data=data, follow_redirects=True)
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert "Còn 22 giờ 30 phút để gỡ." in answer.text
