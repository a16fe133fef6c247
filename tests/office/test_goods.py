"""Prices and counts of many packs on one screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Role
from catalog.models import Pack, PriceChange
from catalog.operations import set_price
from core.db import db, transaction
from core.errors import FormErrors, Invalid
from office.goods import queries
from office.goods.operations import Counted, NewPrice, change_goods
from office.goods.rules import changed_by, read_percent
from tests.factories import accounts, catalog, cooperatives, traceability
from tests.factories.accounts import sign_in
from tests.queries import count_queries
from traceability.models import Stock


@given(
    st.integers(1, 10**9), st.integers(-9_000, 30_000).filter(bool), st.sampled_from([100, 500, 1_000, 5_000])
)
def test_a_changed_price_is_round_and_near_and_never_nothing(price, by, step) -> None:
    new = changed_by(price, by, step)
    exact = price * (10_000 + by) / 10_000
    assert new == 10**9 or (new % step == 0 and new >= step)
    assert new in (step, 10**9) or abs(new - exact) <= step / 2


@pytest.mark.parametrize("typed", ["", "abc", "0", "301", "-91"])
def test_a_per_cent_that_is_none_says_how_to_write_one(typed) -> None:
    with pytest.raises(Invalid):
        read_percent(typed)


@pytest.fixture
def coop(ctx):
    return cooperatives.create_cooperative("HTX Bản Vàng")


@pytest.fixture
def manager(coop):
    return accounts.actor_for(Role.MANAGER, coop.organisation_id)


def stocked(coop, name="Miến dong", pieces=40):
    product = catalog.create_product(coop, name, price_vnd=65_000)
    pack = product.packs[0]
    return pack, traceability.create_lot(coop, pack, pieces)


def price(pack, now, seen=65_000):
    return NewPrice(pack.id, now, seen, f"p{pack.id}")


def counted(pack, lot, now, seen=40):
    return Counted(lot.id, pack.id, now, seen, f"c{lot.id}_{pack.id}")


def test_prices_and_counts_change_together_and_buyers_see_both(manager, coop):
    pack, lot = stocked(coop)
    with transaction():
        assert change_goods(
            manager, [price(pack, 70_000)], [counted(pack, lot, 38)], "đếm kho cuối tháng"
        ) == (1, 1)
    fresh = db.session.get_one(Pack, pack.id, populate_existing=True)
    assert (fresh.price_vnd, fresh.available) == (70_000, 38)


def test_one_refusal_leaves_everything_and_each_names_its_field(manager, coop):
    pack, lot = stocked(coop)
    other, _lot = stocked(coop, "Măng khô")
    with transaction():
        set_price(manager, pack.id, 66_000)
    with pytest.raises(FormErrors) as refusal, transaction():
        change_goods(
            manager,
            [price(pack, 70_000), price(other, 71_000)],
            [counted(pack, lot, 3, seen=41)],
            "đếm lại kho",
        )
    db.session.rollback()
    assert [error.field for error in refusal.value.errors] == [f"p{pack.id}", f"c{lot.id}_{pack.id}"]
    assert "66.000" in str(refusal.value.errors[0])
    assert db.session.get_one(Pack, other.id, populate_existing=True).price_vnd == 65_000
    assert db.session.query(Stock.on_hand).filter_by(lot_id=lot.id).scalar() == 40


def test_a_count_needs_a_reason_and_says_so_once(manager, coop):
    made = [stocked(coop, name) for name in ("Miến", "Măng", "Nấm")]
    with pytest.raises(FormErrors) as refusal, transaction():
        change_goods(manager, [], [counted(pack, lot, 1) for pack, lot in made], "")
    assert [error.field for error in refusal.value.errors] == ["reason"]


def test_nobody_changes_anothers_goods(manager, coop):
    pack, lot = stocked(cooperatives.create_cooperative("HTX Bạn"))
    for prices, counts in (([price(pack, 1_000)], []), ([], [counted(pack, lot, 1)])):
        with pytest.raises(FormErrors), transaction():
            change_goods(manager, prices, counts, "đếm lại kho")
    db.session.rollback()
    assert db.session.get_one(Pack, pack.id, populate_existing=True).price_vnd == 65_000
    assert queries.lines(coop.id, [pack.id]) == []


def test_the_page_costs_three_questions_however_many_packs(app, coop):
    for n in range(6):
        stocked(coop, f"Nấm {n}")
    coop_id = coop.id
    with count_queries(app) as counted_here:
        lines, page_count = queries.page(coop_id, "nam", None, 1)
    assert (len(lines), page_count, counted_here.count) == (6, 1, 3)


# ---- the page ----


@pytest.fixture
def shop(app):
    """A signed-in manager's client, and a pack with a lot."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        coop = cooperatives.create_cooperative("HTX Bản Vàng")
        actor = accounts.actor_for(Role.MANAGER, coop.organisation_id)
        pack, lot = stocked(coop)
        ids = pack.id, lot.id
        db.session.remove()
    client = app.test_client()
    sign_in(client, actor)
    yield client, *ids
    app.config["WTF_CSRF_ENABLED"] = True


def prices_of(app, pack_id):
    with app.app_context():
        return [
            one.price_vnd
            for one in db.session.query(PriceChange).filter_by(pack_id=pack_id).order_by(PriceChange.id)
        ]


def test_a_per_cent_is_shown_and_nothing_is_saved(app, shop):
    client, pack_id, lot_id = shop
    form = {
        f"p{pack_id}": "65.000",
        f"w{pack_id}": "65000",
        f"c{lot_id}_{pack_id}": "40",
        f"h{lot_id}_{pack_id}": "40",
    }
    page = client.post("/manage/goods", data=form | {"do": "percent", "percent": "5", "step": "1000"})
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and 'value="68.000"' in text and "Chưa lưu gì cả" in text
    assert prices_of(app, pack_id) == [65_000]


def test_a_form_sent_twice_changes_once(app, shop):
    client, pack_id, _lot = shop
    form = {
        "key": "goods-form-1",
        f"p{pack_id}": "70.000",
        f"w{pack_id}": "65000",
        "do": "save",
        "step": "1000",
    }
    for _again in range(2):
        assert client.post("/manage/goods", data=form).status_code == 302
    assert prices_of(app, pack_id) == [65_000, 70_000]


def test_a_conflict_keeps_what_was_typed_and_the_second_try_goes_through(app, shop):
    client, pack_id, _lot = shop
    form = {
        "key": "goods-form-1",
        f"p{pack_id}": "70.000",
        f"w{pack_id}": "60000",
        "do": "save",
        "step": "1000",
    }
    answer = client.post("/manage/goods", data=form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'value="70.000"' in text
    assert f'name="w{pack_id}" value="65000"' in text
    assert client.post("/manage/goods", data=form | {f"w{pack_id}": "65000"}).status_code == 302
    assert prices_of(app, pack_id) == [65_000, 70_000]


def test_a_price_that_cannot_be_read_stays_in_its_box(shop):
    client, pack_id, _lot = shop
    form = {f"p{pack_id}": "bảy mươi", f"w{pack_id}": "65000", "do": "save", "step": "1000"}
    answer = client.post("/manage/goods", data=form)
    assert answer.status_code == 422 and 'value="bảy mươi"' in answer.get_data(as_text=True)
