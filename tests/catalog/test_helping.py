"""A helper fills in drafts after the manager agreed; both names stand in the record, and the owner confirms."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from accounts.models import User
from accounts.operations import create_organisation
from accounts.rules import Actor, Role
from catalog import operations
from catalog.helping import operations as helping
from catalog.helping import queries
from catalog.history.queries import changes
from catalog.models import Product
from catalog.operations import Draft
from catalog.photos.operations import add_illustration
from core import audit, clock
from core.db import db, transaction
from core.errors import FormErrors, NotAllowed, NotFound
from messages.models import Message
from tests.conftest import NOW
from tests.factories import places
from tests.factories.accounts import actor_for, create_user, sign_in
from tests.factories.catalog import STORY, category, create_product
from tests.factories.cooperatives import create_cooperative


@pytest.fixture
def coop(ctx):
    return create_cooperative()


@pytest.fixture
def manager(coop):
    return actor_for(Role.MANAGER, coop.organisation_id)


@pytest.fixture
def helper(coop):
    with transaction():
        office = create_organisation("commune_office", "UBND xã", coop.commune_id).id
    return actor_for(Role.DIGITAL_TEAM, office, coop.commune_id)


def phone_of(actor: Actor) -> str:
    return db.session.get_one(User, actor.user_id).phone


def code_sent_to(phone: str) -> str | None:
    rows = db.session.query(Message).filter_by(to_address=phone).order_by(Message.id.desc())
    found = rows.first()
    return re.search(r"\d{6}", found.body)[0] if found else None


def agree(helper, coop, manager):
    with transaction():
        helping.offer_help(helper, coop.id, phone_of(manager))
    with transaction():
        return helping.begin_help(helper, coop.id, phone_of(manager), code_sent_to(phone_of(manager)))


def complete(coop):
    return Draft(name="Miến dong", category_id=category().id, story=STORY, ingredients="Bột dong", storage="Nơi khô",
                 shelf_life_days=365, origin_commune_id=coop.commune_id)  # fmt: skip


def fill_in(helper, coop, key="helper-key-1"):
    with transaction():
        made = operations.save_draft(helper, coop.id, key, complete(coop))
        operations.add_pack(helper, made.id, label="500 g", net_quantity=500, net_unit="g", price_vnd=65_000)
        return made.id


def test_without_the_managers_word_a_helper_sees_no_cooperative(helper, coop):
    with pytest.raises(NotFound):
        fill_in(helper, coop)
    assert queries.helped_by(helper) == []


def test_the_code_goes_to_a_manager_alone_and_only_in_the_helpers_commune(helper, coop, manager):
    stranger, elsewhere = (
        create_user("Người Lạ"),
        create_cooperative("HTX Xa", commune=places.commune("Cầu Giấy")),
    )
    far = actor_for(Role.MANAGER, elsewhere.organisation_id)
    with transaction():
        helping.offer_help(helper, coop.id, stranger.phone)
        helping.offer_help(helper, elsewhere.id, phone_of(far))
    assert code_sent_to(stranger.phone) is None and code_sent_to(phone_of(far)) is None


def test_a_wrong_code_agrees_to_nothing(helper, coop, manager):
    with transaction():
        helping.offer_help(helper, coop.id, phone_of(manager))
    right = code_sent_to(phone_of(manager))
    with transaction():
        assert (
            helping.begin_help(helper, coop.id, phone_of(manager), "000000" if right != "000000" else "1")
            is None
        )
    with pytest.raises(NotFound):
        fill_in(helper, coop)


def test_both_names_stand_in_the_record(helper, coop, manager):
    agree(helper, coop, manager)
    product_id = fill_in(helper, coop)
    found, _total = changes(product_id, 1)
    assert {(one.by, one.owner) for one in found} == {(helper.name, manager.name)}
    lines = db.session.query(audit.AuditLine).filter_by(user_id=helper.user_id, verb="save product").all()
    assert [line.subject for line in lines] == [f"product:{product_id}"]


def test_what_a_helper_filled_in_is_sold_only_after_the_owner_confirmed(helper, coop, manager):
    agree(helper, coop, manager)
    product_id = fill_in(helper, coop)
    with transaction():
        add_illustration(manager, product_id, "mien-dong", "Miến")
    with pytest.raises(FormErrors, match="Chủ hàng xác nhận"), transaction():
        operations.publish(manager, product_id)
    with transaction():
        helping.confirm(manager, product_id)
    with transaction():
        assert operations.publish(manager, product_id).state == "published"


def test_a_helper_neither_publishes_nor_confirms_nor_touches_what_is_on_sale(helper, coop, manager):
    agree(helper, coop, manager)
    product_id, shown = fill_in(helper, coop), create_product(coop, "Nấm hương")
    for verb in (operations.publish, operations.publish_when_ready, helping.confirm, operations.withdraw):
        with pytest.raises(NotAllowed), transaction():
            verb(helper, product_id)
    with pytest.raises(NotAllowed, match="chỉ quản lý"), transaction():
        operations.set_price(helper, shown.packs[0].id, 1_000)


def test_the_database_itself_sells_nothing_unconfirmed(helper, coop, manager):
    agree(helper, coop, manager)
    product_id = fill_in(helper, coop)
    with pytest.raises(sa.exc.IntegrityError, match="published_is_confirmed"), transaction():
        db.session.execute(sa.update(Product).where(Product.id == product_id)
                           .values(state="published", published_at=clock.now()))  # fmt: skip


def test_help_ends_after_thirty_days_and_when_the_manager_says_so(helper, coop, manager):
    agreed = agree(helper, coop, manager)
    with clock.use(NOW + timedelta(days=30)):
        assert [one.cooperative_id for one in queries.helped_by(helper)] == [coop.id]
    with clock.use(NOW + timedelta(days=31)):
        assert queries.helped_by(helper) == []
    for _ in range(2):
        with transaction():
            helping.end_help(manager, agreed.id)
    assert queries.helped_by(helper) == []


def test_anothers_manager_cannot_end_a_help(helper, coop, manager):
    agreed = agree(helper, coop, manager)
    other = actor_for(Role.MANAGER, create_cooperative("HTX Bạn").organisation_id)
    with pytest.raises(NotFound), transaction():
        helping.end_help(other, agreed.id)


def test_one_whom_the_cooperative_invited_to_its_own_team_needs_no_code(coop, manager):
    invited = actor_for(Role.DIGITAL_TEAM, coop.organisation_id, coop.commune_id)
    product_id = fill_in(invited, coop)
    assert changes(product_id, 1)[0][0].owner == manager.name
    assert [one.until_on for one in queries.helped_by(invited)] == [None]


# ---- over the pages ----


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def newest_code(app):
    with app.app_context():
        found = re.search(r"\d{6}", db.session.query(Message).order_by(Message.id.desc()).first().body)[0]
        db.session.rollback()
    return found


@pytest.fixture
def village(app):
    """A cooperative, its manager's id and number, and a helper of the same commune's office."""
    with app.app_context():
        coop = create_cooperative()
        manager = actor_for(Role.MANAGER, coop.organisation_id)
        with transaction():
            office = create_organisation("commune_office", "UBND xã", coop.commune_id).id
        helper = actor_for(Role.DIGITAL_TEAM, office, coop.commune_id)
        found = {"coop": coop.id, "manager": manager.user_id, "phone": phone_of(manager), "helper": helper.user_id,
                 "names": (helper.name, manager.name)}  # fmt: skip
        db.session.rollback()
    return found


def test_from_the_code_read_aloud_to_the_owners_word(app, village):
    helper, manager = app.test_client(), app.test_client()
    sign_in(helper, village["helper"])
    sign_in(manager, village["manager"])
    page = helper.get("/help/goods")
    sent = {"csrf_token": token(page), "cooperative_id": village["coop"], "phone": village["phone"]}
    asked = helper.post("/help/goods", data=sent)
    page = helper.get(asked.location)
    wrong = helper.post("/help/goods/code", data={"csrf_token": token(page), "code": "12345x"})
    assert wrong.status_code == 422 and "Mã không đúng" in wrong.text
    begun = helper.post("/help/goods/code", data={"csrf_token": token(page), "code": newest_code(app)})
    assert begun.location == f"/help/goods/{village['coop']}"
    form = helper.get(f"{begun.location}/new")
    assert "Tên bạn và tên người nhờ được ghi lại" in form.text and "Đăng bán</button>" not in form.text
    key = re.search(r'name="key"[^>]*value="([^"]+)"', form.text)[1]
    kept = helper.post(f"{begun.location}/new", data={
        "csrf_token": token(form), "key": key, "do": "publish", "name": "Miến dong", "pack0_net_quantity": "2 lạng",
        "pack0_net_unit": "g", "pack0_price_vnd": "26k",
    })  # fmt: skip
    assert kept.status_code == 302 and kept.location.startswith("/help/products/")
    product_id = int(kept.location.rsplit("/", 1)[1].split("?")[0])
    assert "Quản lý xem lại và nhận rồi" in helper.get(kept.location).text
    page = manager.get(f"/manage/products/{product_id}")
    assert f"{village['names'][0]} điền giúp món này" in page.text and "Chờ chủ xác nhận" in page.text
    assert "Chờ bạn nhận" in manager.get("/manage/helpers").text
    answer = manager.post(f"/manage/products/{product_id}/confirm", data={"csrf_token": token(page)})
    assert "điền giúp món này" not in manager.get(answer.location).text
    history = manager.get(f"/manage/products/{product_id}/history").text
    assert "{} làm giúp {}".format(*village["names"]) in history and "Chủ hàng nhận phần điền giúp" in history


def test_a_helper_without_consent_meets_404_and_never_the_managers_pages(app, village):
    helper = app.test_client()
    sign_in(helper, village["helper"])
    assert helper.get(f"/help/goods/{village['coop']}").status_code == 404
    assert helper.get(f"/help/goods/{village['coop']}/new").status_code == 404
    assert helper.get("/manage/products").status_code == 403
    assert helper.get("/help/goods/code").status_code == 302
