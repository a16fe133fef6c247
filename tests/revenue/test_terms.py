"""Settlement terms as documents: drafted, tried on last month, published forward only, read by members."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from cooperatives import queries as cooperatives
from cooperatives.operations import set_terms
from cooperatives.rules import Terms
from cooperatives.terms import operations as drafts
from cooperatives.terms import queries as kept
from cooperatives.terms.rules import Clause
from cooperatives.terms.words import sentences
from core import clock
from core.db import db, transaction
from core.errors import Conflict, FormErrors, Invalid, NotAllowed, NotFound
from revenue.audit.queries import faults
from revenue.models import Entry, Posting
from revenue.rules import AccountKind, Component
from revenue.terms import operations, previews
from tests.conftest import NOW
from tests.factories.accounts import create_user, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
from tests.factories.revenue import delivered, opened, weighed
from tests.factories.traceability import create_lot, open_batch
from tests.households.test_views import token
from tests.queries import count_queries
from tests.revenue.stories import World, a_world
from traceability import operations as trace

TODAY = NOW.date()
RICH = (
    Clause("platform", "rate", rate_bp=100), Clause("labour", "kg", amount_vnd=2_000),
    Clause("fee", "rate", rate_bp=200, name="bao bì"), Clause("fund", "rate", rate_bp=600, name="development"),
    Clause("fund", "rate", rate_bp=400, name="reserve"),
)  # fmt: skip


def written(**changes: Any) -> Terms:
    """Terms of 60 / 30 / 10 from today."""
    values: dict[str, Any] = {
        "from_on": TODAY,
        "producers_bp": 6_000,
        "processing_bp": 3_000,
        "fund_bp": 1_000,
    }
    return Terms(**values | changes)


# ---- the document ----


def test_terms_come_back_as_they_were_written(ctx: Flask) -> None:
    coop = create_cooperative()
    manager = manager_of(coop)
    given = written(
        clauses=RICH, buying="outright", member_agreement=False, withholds_tax=True, advance_bp=5_000
    )
    with transaction():
        drafts.save_draft(manager, given)
    assert kept.draft(coop.id) == given
    with transaction():
        made = drafts.publish_draft(manager)
    assert cooperatives.terms_view(coop.id, made.id).as_terms() == given
    assert kept.draft(coop.id) is None


def test_a_draft_changes_nothing_until_it_is_published(ctx: Flask) -> None:
    world = a_world()
    manager, before = manager_of(world.coop), cooperatives.terms_on(world.coop.id, TODAY)
    with transaction():
        drafts.save_draft(manager, written(producers_bp=9_000, processing_bp=500, fund_bp=500))
    delivered(world.bought(1))
    assert cooperatives.terms_on(world.coop.id, TODAY) == before
    assert sum(world.owed(one) for one in world.producers) == 65_000 * before.producers_bp // 10_000


def test_terms_change_only_forward(ctx: Flask) -> None:
    coop = create_cooperative()
    manager = manager_of(coop)
    with pytest.raises(FormErrors), transaction():
        drafts.save_draft(manager, written(from_on=TODAY - timedelta(days=1)))
    with transaction():
        drafts.save_draft(manager, written())
    with clock.use(NOW + timedelta(days=1)), pytest.raises(FormErrors), transaction():
        drafts.publish_draft(manager)
    assert kept.draft(coop.id) is not None, "the draft waits to be mended"
    with transaction():
        drafts.discard_draft(manager)
        drafts.discard_draft(manager)
    with pytest.raises(Conflict), transaction():
        drafts.publish_draft(manager)


@pytest.mark.parametrize(
    "clauses",
    [
        (Clause("fund", "rate", rate_bp=999, name="reserve"),),  # the funds must make the fund part
        (Clause("fund", "rate", rate_bp=1_000, name="holiday"),),
        (Clause("fund", "rate", rate_bp=500, name="reserve"), Clause("fund", "rate", rate_bp=500, name="reserve")),
        (Clause("fee", "rate", rate_bp=3_001, name="bao bì"),),  # more than the processing part
        (Clause("fee", "rate", rate_bp=1, name=""),),
        (Clause("fee", "hour", amount_vnd=1, name="bao bì"),),
        (Clause("labour", "rate", rate_bp=1),),
        (Clause("labour", "kg", amount_vnd=0),),
        (Clause("labour", "hour", amount_vnd=1_000_001),),
        (Clause("platform", "kg", amount_vnd=5),),
        (Clause("labour", "kg", amount_vnd=1),) * 13,
    ],
)  # fmt: skip
def test_clauses_that_cannot_hold_are_refused(ctx: Flask, clauses: tuple[Clause, ...]) -> None:
    manager = manager_of(create_cooperative())
    with pytest.raises(FormErrors), transaction():
        set_terms(manager, written(clauses=clauses))


def test_only_a_manager_writes_terms(ctx: Flask) -> None:
    coop = create_cooperative()
    for verb in (lambda who: drafts.save_draft(who, written()), drafts.publish_draft, drafts.discard_draft):
        with pytest.raises(NotAllowed), transaction():
            verb(treasurer_of(coop))


def test_the_text_says_every_clause_in_plain_words(ctx: Flask) -> None:
    said = {
        one.key: one.text
        for one in sentences(written(clauses=RICH, guaranteed_price=True, withholds_tax=True))
    }
    assert "60 % tiền hàng" in said["producers"] and "6 % vào quỹ đầu tư phát triển" in said["fund"]
    assert "2.000\xa0đ một ki-lô-gam" in said["labour:2"] and "2 % tiền hàng" in said["fee:3"]
    assert "1 % tiền hàng" in said["platform:1"] and "bù cho đủ" in said["guarantee"]
    assert "chưa kiểm chứng" in said["tax"]


def test_a_posting_names_a_clause_that_stands_in_the_text_of_its_terms(ctx: Flask) -> None:
    world = a_world()
    manager = manager_of(world.coop)
    with transaction():
        set_terms(manager, written(clauses=RICH))
    bought = delivered(world.bought(2))
    entry = db.session.query(Entry).filter_by(order_id=bought.id, kind="sale").one()
    terms = cooperatives.terms_view(world.coop.id, entry.terms_id or 0)
    said = {one.key for one in sentences(terms.as_terms())} | {"fund:development", "fund:reserve"}
    asked = select(Posting.rule).where(Posting.entry_id == entry.id, Posting.rule != "")
    named = set(db.session.execute(asked).scalars())
    assert named == {
        "producers",
        "processing",
        "platform:1",
        "labour:2",
        "fee:3",
        "fund:development",
        "fund:reserve",
    }
    assert named <= said
    assert (
        world.of(AccountKind.FUND, "development") == -7_800
        and world.of(AccountKind.FUND, "reserve") == -5_200
    )
    assert world.of(AccountKind.PLATFORM_FEE_DUE) == -1_300
    assert list(faults()) == []


# ---- advances and labour ----


def test_no_more_is_paid_at_the_scale_than_the_terms_allow(ctx: Flask) -> None:
    coop = create_cooperative()
    opened(coop)
    manager, who = manager_of(coop), create_producer(coop)
    with transaction():
        set_terms(manager, written(advance_bp=5_000))
    assert weighed(who, advance_vnd=70_000).advance_vnd == 70_000
    with pytest.raises(Invalid):
        weighed(who, advance_vnd=70_001)


def test_hours_are_written_while_the_batch_is_open_and_paid_as_its_goods_sell(ctx: Flask) -> None:
    coop = create_cooperative()
    opened(coop)
    manager, worker, grower = manager_of(coop), create_producer(coop, "Lý Thị Công"), create_producer(coop)
    with transaction():
        set_terms(manager, written(clauses=(Clause("labour", "hour", amount_vnd=30_000),)))
    pack = create_product(coop).packs[0]
    batch = open_batch(coop, [weighed(grower)])
    batch_id, product_id, pack_id, worker_id, mass = (
        batch.id,
        pack.product_id,
        pack.id,
        worker.id,
        pack.net_quantity,
    )
    with transaction():
        operations.write_hours(manager, batch_id, worker_id, 999)
        operations.write_hours(manager, batch_id, worker_id, 120)
        operations.write_hours(manager, batch_id, grower.id, 60)
        operations.write_hours(manager, batch_id, grower.id, 0)
        lot = trace.close_batch(manager, batch_id, [(product_id, mass * 10, TODAY, None)])[0]
        trace.pack_lot(manager, lot.id, pack_id, 10)
    world = World(coop, [worker, grower], [], pack, lot)
    delivered(world.bought(2))
    assert world.owed(worker) == 12_000, "two hours at 30,000 đ, a fifth of the batch sold"
    assert world.owed(grower) == 78_000
    assert list(faults()) == []
    with pytest.raises(Conflict), transaction():
        operations.write_hours(manager, batch_id, worker_id, 60)


def test_hours_are_for_the_own_people_of_the_own_batch(ctx: Flask) -> None:
    coop, other = create_cooperative(), create_cooperative("HTX Kia")
    batch_id, stranger = open_batch(coop).id, create_producer(other).id
    manager = manager_of(coop)
    with pytest.raises(NotFound), transaction():
        operations.write_hours(manager, batch_id, stranger, 60)
    with pytest.raises(NotFound), transaction():
        operations.write_hours(manager_of(other), batch_id, stranger, 60)
    with pytest.raises(Invalid), transaction():
        operations.write_hours(manager, batch_id, create_producer(coop).id, 60_001)


# ---- the preview ----

LAST = datetime(2026, 10, 15, 3, tzinfo=UTC)


def sold_last_month() -> World:
    """Two producers, 40 and 20 kg of grades 1; three packs delivered in October."""
    with clock.use(LAST):
        world = a_world(grams=(40_000, 20_000))
        delivered(world.bought(1))
        delivered(world.bought(2))
    return world


def test_a_preview_of_the_terms_in_force_is_the_month_as_it_was(ctx: Flask) -> None:
    world = sold_last_month()
    now = cooperatives.terms_on(world.coop.id, TODAY).as_terms()
    seen = previews.preview(world.org, world.coop.id, now, LAST.date())
    assert seen.was == seen.would and seen.order_count == 2
    assert {one.difference_vnd for one in seen.changes} == {0} and seen.said == []
    assert seen.total(seen.was) == seen.all_vnd == 195_000


def test_a_preview_shows_each_one_more_or_less_and_why_and_writes_nothing(ctx: Flask) -> None:
    world = sold_last_month()
    rows = db.session.execute(select(func.count(Posting.id))).scalar_one()
    draft = written(producers_bp=8_000, processing_bp=1_500, fund_bp=500)
    seen = previews.preview(world.org, world.coop.id, draft, LAST.date())
    found = {one.producer_id: (one.was_vnd, one.would_vnd) for one in seen.changes}
    a, b = (one.id for one in world.producers)
    assert found == {a: (91_000, 104_000), b: (45_500, 52_000)}
    assert all(one.by_rates_vnd == one.difference_vnd and not one.by_grades_vnd for one in seen.changes)
    assert seen.total(seen.was) == seen.total(seen.would)
    assert {new.key for _old, new in seen.said if new} == {"producers", "processing", "fund"}
    assert db.session.execute(select(func.count(Posting.id))).scalar_one() == rows


def test_a_preview_keeps_apart_what_the_grades_factors_do(ctx: Flask) -> None:
    with clock.use(LAST):
        world = a_world(grams=(40_000,))
        second = weighed(create_producer(world.coop, "Lý Thị Hai"), net_g=40_000, grade="2")
        mixed = create_lot(
            world.coop, world.pack, 4, slips=[second, weighed(world.producers[0], net_g=40_000)]
        )
        with transaction():
            db.session.execute(text("UPDATE stock SET on_hand = 0 WHERE lot_id <> :lot"), {"lot": mixed.id})
        delivered(world.bought(2))
    draft = written(
        producers_bp=7_000, processing_bp=2_000, grade_factors_bp={"1": 10_000, "2": 5_000, "3": 4_000}
    )
    seen = previews.preview(world.org, world.coop.id, draft, LAST.date())
    changes = {one.producer_id: one for one in seen.changes}
    assert changes[second.producer_id].by_grades_vnd < 0 == changes[second.producer_id].by_rates_vnd
    assert sum(one.difference_vnd for one in seen.changes) == 0


def test_a_preview_counts_labour_among_what_people_get(ctx: Flask) -> None:
    world = sold_last_month()
    draft = written(
        producers_bp=7_000, processing_bp=2_000, clauses=(Clause("labour", "kg", amount_vnd=10_000),)
    )
    seen = previews.preview(world.org, world.coop.id, draft, LAST.date())
    assert seen.would.components[Component.LABOUR] == 10_000 * 3 * world.pack.net_quantity // 1000
    assert seen.total(seen.would) == 195_000


def test_a_preview_is_bounded_and_says_what_it_covers(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = sold_last_month()
    now = cooperatives.terms_on(world.coop.id, TODAY).as_terms()
    monkeypatch.setattr(previews, "PARTS_MOST", 1)
    together = previews.preview(world.org, world.coop.id, now, LAST.date())
    assert together.together and together.total(together.would) == 195_000
    monkeypatch.setattr(previews, "LOTS_MOST", 0)
    nothing = previews.preview(world.org, world.coop.id, now, LAST.date())
    assert (nothing.seen_vnd, nothing.all_vnd) == (0, 195_000)


def test_a_preview_asks_no_more_for_many_orders_than_for_one(ctx: Flask) -> None:
    def asked(orders: int) -> int:
        with clock.use(LAST):
            world = a_world()
            for _n in range(orders):
                delivered(world.bought(1))
        draft = written(clauses=RICH)
        db.session.expire_all()
        with count_queries(ctx) as counted:
            previews.preview(world.org, world.coop.id, draft, LAST.date())
        return counted.count

    assert asked(1) == asked(4) <= 25


# ---- pages ----

FORM = {"from_on": "2026-12-01", "producers": "62,5", "processing": "27,5", "fund": "10", "grade_1": "100",
        "grade_2": "85", "grade_3": "70", "recall_borne_by": "cooperative", "buying": "consigned", "advance": "80",
        "platform": "1", "labour_kg": "2.000", "labour_hour": "30.000", "fee_1_name": "bao bì", "fee_1": "2",
        "fee_2_name": "tem", "fee_2_kg": "500", "fund_development": "6", "fund_reserve": "4",
        "member_agreement": "y"}  # fmt: skip


def test_a_manager_drafts_tries_and_publishes_on_the_phone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        world = sold_last_month()
        manager, coop_id = manager_of(world.coop), world.coop.id
        names = [cooperatives.producer_name(one.id) for one in world.producers]
    sign_in(client, manager)
    path = "/manage/cooperative/terms/draft"
    wrong = client.post(path, data=FORM | token(client, path) | {"fund_reserve": "5"})
    assert wrong.status_code == 422 and "2.000" in wrong.get_data(as_text=True), "nothing typed is lost"
    sent = client.post(path, data=FORM | token(client, path), follow_redirects=True)
    page = sent.get_data(as_text=True)
    assert sent.request.path == "/manage/money/terms-preview"
    assert all(name in page for name in names) and "do cách chia" in page and "195.000" in page
    assert "Xem thử và công bố" in client.get("/manage/cooperative/terms").get_data(as_text=True)
    done = client.post("/manage/cooperative/terms/publish", data=token(client, "/manage/money/terms-preview"),
                       follow_redirects=True)  # fmt: skip
    assert "sắp dùng" in done.get_data(as_text=True)
    with app.app_context():
        made = cooperatives.terms_on(coop_id, date(2026, 12, 1))
        assert (made.producers_bp, made.advance_bp, len(made.clauses)) == (6_250, 8_000, 7)
    read = client.get(f"/manage/cooperative/terms/{made.id}").get_data(as_text=True)
    assert "Điều 1." in read and "30.000\xa0đ một giờ" in read
    again = client.post("/manage/cooperative/terms/publish", data=token(client, path))
    assert again.status_code == 422, "no draft is left"


def test_the_form_shows_the_draft_again(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        manager = manager_of(create_cooperative())
    sign_in(client, manager)
    path = "/manage/cooperative/terms/draft"
    client.post(path, data=FORM | token(client, path))
    page = client.get(path).get_data(as_text=True)
    assert 'value="62,5"' in page and 'value="30.000"' in page and 'value="tem"' in page
    client.post("/manage/cooperative/terms/discard", data=token(client, path))
    assert 'value="62,5"' not in client.get(path).get_data(as_text=True)


def test_a_member_reads_the_terms_in_force_coming_and_past(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop = create_cooperative()
        user = create_user("Lý Thị Mẫu")
        producer_id = create_producer(coop, user_id=user.id).id
        manager = manager_of(coop)
        with transaction():
            set_terms(manager, written(from_on=TODAY + timedelta(days=9), clauses=RICH))
        with clock.use(NOW + timedelta(days=3)), transaction():
            set_terms(manager, written(from_on=TODAY + timedelta(days=3)))
        stranger = create_producer(coop).id
        user_id = user.id
    sign_in(client, user_id)
    with clock.use(NOW + timedelta(days=4)):
        shown = client.get("/me/terms", follow_redirects=True)
        page = shown.get_data(as_text=True)
        assert shown.request.path == f"/me/terms/{producer_id}"
        assert "có quy chế mới" in page and "60 % tiền hàng" in page and "Quy chế trước đây" in page
        assert client.get(f"/me/terms/{stranger}").status_code == 404


def test_the_page_of_hours_writes_and_refuses(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop = create_cooperative()
        batch_id, who = open_batch(coop).id, create_producer(coop, "Lý Thị Công").id
        manager = manager_of(coop)
    sign_in(client, manager)
    path = f"/manage/batches/{batch_id}/hours"
    body = token(client, path) | {"key": "hours-of-batch", "producer_id": str(who), "hours": "3,5"}
    assert client.post(path, data=body | {"hours": "ba giờ"}).status_code == 422
    assert client.post(path, data=body).status_code == 302
    assert "3 giờ 30 phút" in client.get(path).get_data(as_text=True)
