"""Every change of a product is written down, and can be taken back where that is right."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from accounts.rules import Role
from catalog import operations
from catalog.availability import operations as availability
from catalog.history.models import ProductChange
from catalog.history.queries import changes, price_history
from catalog.models import Pack, Photo, Product
from catalog.operations import Draft
from catalog.photos import operations as photos
from catalog.undo.operations import undo
from core.db import db, transaction
from core.errors import Conflict, NotAllowed, NotFound
from tests.factories.accounts import actor_for
from tests.factories.catalog import STORY, category, create_product
from tests.factories.cooperatives import create_cooperative
from tests.queries import count_queries


@pytest.fixture
def coop(ctx):
    return create_cooperative()


@pytest.fixture
def manager(coop):
    return actor_for(Role.MANAGER, coop.organisation_id)


@pytest.fixture
def noodles(coop, manager):
    return create_product(coop)


def rows(product):
    found = sa.select(ProductChange).where(ProductChange.product_id == product.id).order_by(ProductChange.id)
    return list(db.session.execute(found).scalars())


def newest(product):
    return rows(product)[-1]


def draft_of(product, **changes_):
    kept = {name: getattr(product, name) for name in Draft.__dataclass_fields__}
    return Draft(**(kept | changes_))


def save(manager, product, **changes_):
    with transaction():
        operations.save_draft(manager, product.cooperative_id, product.key, draft_of(product, **changes_))


def take_back(manager, change):
    with transaction():
        undo(manager, change.id)


def reread(product):
    db.session.expire_all()
    return db.session.get_one(Product, product.id)


def test_a_change_says_who_when_which_fields_before_and_after(manager, noodles):
    save(manager, noodles, name="Miến dong Nà Rì", storage="Nơi mát.")
    change = newest(noodles)
    assert (change.by_user_id, change.owner_user_id, change.deed) == (manager.user_id, None, "words")
    assert json.loads(change.before) == {"name": "Miến dong", "storage": "Để nơi khô, thoáng."}
    assert json.loads(change.after) == {"name": "Miến dong Nà Rì", "storage": "Nơi mát."}


def test_saving_the_same_again_leaves_no_line(manager, noodles):
    before = len(rows(noodles))
    save(manager, noodles)
    assert len(rows(noodles)) == before


def test_a_line_can_never_be_changed_or_deleted(manager, noodles):
    change = newest(noodles)
    with pytest.raises(sa.exc.DatabaseError, match="immutable"), transaction():
        db.session.execute(sa.update(ProductChange).values(after="{}"))
    with pytest.raises(sa.exc.DatabaseError, match="immutable"), transaction():
        db.session.execute(sa.delete(ProductChange).where(ProductChange.id == change.id))


def test_words_are_taken_back_and_the_taking_back_can_be_taken_back(manager, noodles):
    save(manager, noodles, name="Miến sai tên")
    first = newest(noodles)
    take_back(manager, first)
    assert reread(noodles).name == "Miến dong"
    second = newest(noodles)
    assert second.undoes_id == first.id
    take_back(manager, second)
    assert reread(noodles).name == "Miến sai tên"


def test_only_the_fields_of_that_change_go_back(manager, noodles):
    save(manager, noodles, name="Miến mới")
    change = newest(noodles)
    save(manager, reread(noodles), usage="Nấu canh.")
    take_back(manager, change)
    assert (reread(noodles).name, reread(noodles).usage) == ("Miến dong", "Nấu canh.")


def test_what_was_changed_again_since_is_refused_in_plain_words(manager, noodles):
    save(manager, noodles, name="Miến một")
    change = newest(noodles)
    save(manager, reread(noodles), name="Miến hai")
    with pytest.raises(Conflict, match="đã sửa tiếp sau lần đó"):
        take_back(manager, change)
    assert reread(noodles).name == "Miến hai"


def test_a_change_is_taken_back_once(manager, noodles):
    save(manager, noodles, name="Miến một")
    change = newest(noodles)
    take_back(manager, change)
    with pytest.raises(Conflict, match="hoàn lại rồi"):
        take_back(manager, change)


def test_taking_back_words_a_sale_needs_is_refused_and_nothing_changes(manager, coop):
    bare = create_product(coop, story="", published=False)
    save(manager, bare, story=STORY)
    told = newest(bare)
    with transaction():
        operations.publish(manager, bare.id)
    with pytest.raises(Exception, match="ít nhất hai câu"):
        take_back(manager, told)
    assert reread(bare).story == STORY


def test_a_price_goes_back_and_the_price_list_remembers_all_three(manager, noodles):
    pack = noodles.packs[0]
    with transaction():
        operations.set_price(manager, pack.id, 70_000)
    take_back(manager, newest(noodles))
    db.session.expire_all()
    assert db.session.get_one(Pack, pack.id).price_vnd == 65_000
    assert [row.price_vnd for row in price_history(pack.id)] == [65_000, 70_000, 65_000]


def test_a_retired_pack_is_sold_again(manager, noodles):
    with transaction():
        second = operations.add_pack(manager, noodles.id, label="1 kg", net_quantity=1_000, net_unit="g",
                                     price_vnd=120_000).id  # fmt: skip
    with transaction():
        operations.retire_pack(manager, second)
    take_back(manager, newest(noodles))
    db.session.expire_all()
    assert db.session.get_one(Pack, second).active


def test_a_pack_added_by_mistake_goes_unless_goods_were_sold_under_its_number(manager, noodles):
    with transaction():
        second = operations.add_pack(manager, noodles.id, label="1 kg", net_quantity=1_000, net_unit="g",
                                     price_vnd=120_000).id  # fmt: skip
    added = newest(noodles)
    with transaction():
        availability.set_available(second, 5, date(2026, 12, 1))
    with transaction():
        availability.set_available(second, 0, None)
    with pytest.raises(Conflict) as refused:
        take_back(manager, added)
    number = db.session.get_one(Pack, second).gtin[1:]
    assert f"đã có hàng bán dưới mã {number}" in str(refused.value)
    with transaction():
        third = operations.add_pack(manager, noodles.id, label="2 kg", net_quantity=2_000, net_unit="g",
                                    price_vnd=230_000).id  # fmt: skip
    take_back(manager, newest(noodles))
    db.session.expire_all()
    assert not db.session.get_one(Pack, third).active


def test_publishing_is_taken_back_by_withdrawing_and_the_reverse(manager, noodles):
    published = next(row for row in rows(noodles) if row.deed == "state")
    take_back(manager, published)
    assert reread(noodles).state == "withdrawn"
    take_back(manager, newest(noodles))
    assert reread(noodles).state == "published"


def test_the_first_line_cannot_be_taken_back(manager, noodles):
    with pytest.raises(Conflict, match="ghi món lần đầu"):
        take_back(manager, rows(noodles)[0])


def test_a_deleted_photo_comes_back_with_its_words(manager, coop):
    noodles = create_product(coop)
    with transaction():
        more = photos.add_illustration(manager, noodles.id, "nep", "Nếp").id
    with transaction():
        photos.delete_photo(manager, more)
    take_back(manager, newest(noodles))
    again = db.session.query(Photo).filter_by(product_id=noodles.id, illustration="nep").one()
    assert (again.alt, again.state, again.position) == ("Nếp", "ready", 1)


def test_anothers_change_does_not_exist_and_nobody_else_takes_back(manager, noodles, coop):
    stranger = actor_for(Role.MANAGER, create_cooperative("HTX Bạn").organisation_id)
    treasurer = actor_for(Role.TREASURER, coop.organisation_id)
    with pytest.raises(NotFound):
        take_back(stranger, newest(noodles))
    with pytest.raises(NotAllowed):
        take_back(treasurer, newest(noodles))
    with pytest.raises(NotFound):
        take_back(manager, ProductChange(id=999_999))


def test_the_page_reads_in_words_with_a_stated_number_of_queries(ctx, manager, noodles):
    save(manager, noodles, category_id=category("nam-mang").id, shelf_life_days=180, allergens="soy,milk",
         harvest_months=0b100000000001)  # fmt: skip
    with transaction():
        operations.set_price(manager, noodles.packs[0].id, 70_000)
    db.session.expire_all()
    with count_queries(ctx) as statements:
        found, total = changes(noodles.id, 1)
    assert statements.count <= 5
    assert total == len(rows(noodles))
    price, words = found[0], found[1]
    assert [(one.name, one.before, one.after) for one in price.fields] == [
        ("Giá bán", "65.000\u00a0đ", "70.000\u00a0đ")
    ]
    assert ("Dùng được bao lâu", "12 tháng", "6 tháng") in [
        (one.name, one.before, one.after) for one in words.fields
    ]
    said = {one.name: one.after for one in words.fields}
    assert said["Loại hàng"] == "Nấm, măng" and said["Tháng thu hoạch"] == "Tháng 1, Tháng 12"
    assert said["Chất dễ gây dị ứng"] == "Đậu nành, Sữa"
    assert words.by == manager.name and words.owner == ""
