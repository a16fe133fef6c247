"""Gift boxes: their arithmetic, and what may lie in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.availability import operations as availability
from catalog.bundles import operations
from catalog.bundles.operations import Box
from catalog.bundles.queries import contents
from catalog.bundles.rules import PIECES_MAX, Part, Share, boxes_from, check_parts, divide
from catalog.models import Pack, Product
from catalog.queries import product_page
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotFound
from core.money import PRICE_MAX_VND
from tests.factories.bundles import create_box
from tests.factories.catalog import create_product, set_available
from tests.factories.cooperatives import create_cooperative

PARTS = st.lists(
    st.builds(Part, st.integers(1, 9), st.integers(1, 6), st.integers(1, 3_000_000)),
    min_size=1, max_size=6, unique_by=lambda part: part.pack_id,
)  # fmt: skip


@given(PARTS, st.integers(40, PRICE_MAX_VND))
def test_the_pieces_of_a_box_cost_its_price_to_the_dong(parts, price):
    shares = divide(price, parts)
    assert sum(one.unit_price_vnd * one.quantity for one in shares) == price
    assert all(one.unit_price_vnd > 0 for one in shares)
    for part in parts:
        assert sum(one.quantity for one in shares if one.pack_id == part.pack_id) == part.quantity


@given(PARTS)
def test_a_box_at_the_price_of_its_parts_costs_them_exactly_that(parts):
    total = sum(part.price_vnd * part.quantity for part in parts)
    if total >= sum(part.quantity for part in parts):
        found = {(one.pack_id, one.unit_price_vnd, one.quantity) for one in divide(total, parts)}
        assert found == {(part.pack_id, part.price_vnd, part.quantity) for part in parts}


def test_the_division_by_example():
    parts = [Part(1, 2, 65_000), Part(2, 1, 70_000)]
    assert divide(180_000, parts) == (Share(1, 2, 58_500), Share(2, 1, 63_000))
    assert divide(100, [Part(1, 3, 1)]) == (Share(1, 1, 34), Share(1, 2, 33))
    assert divide(3, [Part(1, 1, 1_000_000), Part(2, 2, 1)]) == (Share(1, 1, 1), Share(2, 2, 1))
    with pytest.raises(ValueError, match="one đồng a piece"):
        divide(2, [Part(1, 3, 5)])


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 9)), min_size=1, max_size=6))
def test_as_many_boxes_as_the_scarcest_part_allows_and_not_one_more(stock):
    boxes = boxes_from(stock)
    assert all(boxes * quantity <= available for available, quantity in stock)
    assert any((boxes + 1) * quantity > available for available, quantity in stock)


def test_a_box_needs_two_pieces_and_has_an_end():
    assert check_parts([(1, 1), (2, 1), (1, 2)]) == {1: 3, 2: 1}
    for wrong in ([(1, 1)], [(1, 0), (2, 3)], [(1, PIECES_MAX + 1)], [(n, 1) for n in range(9)], []):
        with pytest.raises(Invalid):
            check_parts(wrong)


@pytest.fixture
def goods(ctx):
    """A cooperative with two products in stock: 10 and 7 pieces."""
    coop = create_cooperative()
    noodles, tea = create_product(coop, "Miến dong"), create_product(coop, "Trà hoa", 70_000)
    set_available(noodles.id, 10)
    set_available(tea.id, 7)
    return coop, noodles.packs[0], tea.packs[0]


def pieces(pack):
    db.session.expire_all()
    return db.session.get_one(Pack, pack.id).available


def test_a_box_follows_its_scarcest_part(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 2), (tea, 3)])
    assert pieces(box) == 2
    set_available(tea.product_id, 30)
    assert pieces(box) == 5
    set_available(noodles.product_id, 1)
    assert pieces(box) == 0


def test_the_last_day_of_a_part_is_that_of_the_box(goods):
    coop, noodles, tea = goods
    box, today = create_box(coop, [(noodles, 1), (tea, 1)]), clock.today()
    set_available(noodles.product_id, 5, today)
    assert db.session.get_one(Pack, box.id, populate_existing=True).available_until == today
    set_available(noodles.product_id, 5, today.replace(day=1))
    assert pieces(box) == 0  # a number of yesterday counts as none


def test_a_part_that_is_taken_off_the_shelf_empties_the_box_until_it_is_back(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    with transaction():
        catalog.withdraw(SYSTEM, tea.product_id)
    assert pieces(box) == 0
    with transaction():
        catalog.publish(SYSTEM, tea.product_id)
    assert pieces(box) == 7


def test_nobody_counts_a_box_by_hand(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    set_available(box.product_id, 99)
    assert pieces(box) == 7


def test_what_was_rolled_back_leaves_the_box_alone(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    with pytest.raises(RuntimeError), transaction():
        availability.set_available(noodles.id, 0, None)
        raise RuntimeError
    with transaction():
        pass
    assert pieces(box) == 7


def test_the_label_of_a_box_gathers_what_its_parts_say(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    product = db.session.get_one(Product, box.product_id)
    assert "Miến dong: Tinh bột dong riềng" in product.ingredients and "Trà hoa:" in product.ingredients
    assert product.shelf_life_days == 365
    assert box.gross_weight_g == noodles.gross_weight_g + tea.gross_weight_g
    page = product_page(product.slug, clock.today())
    assert page.packs[0].bundle and contents([box.id])[box.id][0].name == "Miến dong"


def test_the_same_key_is_the_same_box(goods):
    coop, noodles, tea = goods
    first = create_box(coop, [(noodles, 1), (tea, 1)], key="box-key-1", published=False)
    assert create_box(coop, [(noodles, 2), (tea, 1)], key="box-key-1", published=False).id == first.id


def test_only_own_goods_on_sale_lie_in_a_box_and_never_a_box(goods):
    coop, noodles, tea = goods
    other = create_product(create_cooperative(), "Mật ong").packs[0]
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    draft = create_product(coop, "Chưa bán", published=False).packs[0]
    for foreign in (other, box, draft):
        with pytest.raises(Invalid, match="không phải hàng đang bán"):
            create_box(coop, [(noodles, 1), (foreign, 1)])
    with pytest.raises(Invalid, match="chưa tới"):
        create_box(coop, [(noodles, 2)], price_vnd=1_500)


def test_another_content_counts_at_once(goods):
    coop, noodles, tea = goods
    box = create_box(coop, [(noodles, 1), (tea, 1)])
    with transaction():
        operations.change_box(SYSTEM, box.id, [(noodles.id, 5)], 300_000, None)
    assert pieces(box) == 2 and len(contents([box.id])[box.id]) == 1
    with pytest.raises(NotFound), transaction():
        operations.change_box(SYSTEM, noodles.id, [(tea.id, 2)], 100_000, None)


def test_a_box_of_nothing_is_refused_before_anything_is_written(goods):
    coop, _noodles, _tea = goods
    with pytest.raises(Invalid), transaction():
        operations.make_box(SYSTEM, coop.id, "empty-box-1", Box("Hộp rỗng", [], 100_000))
    assert db.session.query(Product).filter_by(key="empty-box-1").count() == 0
