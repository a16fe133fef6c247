"""Pages of slips, batches, lots and stock: accepted, refused, and a stranger."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import SYSTEM, Role
from cooperatives.members.operations import add_producer
from cooperatives.rules import StandingKind
from core.db import db, transaction
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.households import create_household
from tests.factories.traceability import (
    create_bulk,
    create_crop,
    create_lot,
    create_recipe,
    create_slip,
    open_batch,
)
from tests.queries import count_queries
from traceability.models import Batch, BatchInput, Lot, Recipe, SlipVoid, Stock


class Farm:
    """Ids of one cooperative's things, made before the browser opens."""

    def __init__(self, name="HTX Thử Nghiệm"):
        coop = create_cooperative(name)
        producer, product = create_producer(coop), create_product(coop)
        self.coop_id, self.product_id, self.pack_id = coop.id, product.id, product.packs[0].id
        self.slip_id = create_slip(coop, producer, net_g=40_000).id
        self.paid_slip_id = create_slip(coop, producer, net_g=10_000, advance_vnd=35_000).id
        self.recipe_id = create_recipe(coop, "Tráng miến", 2_000, 3_000).id
        self.batch_id = open_batch(coop, recipe=db.session.get_one(Recipe, self.recipe_id)).id
        self.lot_id = create_lot(coop, product.packs[0], 20, [create_slip(coop, producer, net_g=60_000)]).id
        self.bulk_id = create_bulk(coop, product, 5_000).id
        self.manager = manager_of(coop)
        self.team = actor_for(Role.DIGITAL_TEAM, coop.organisation_id)
        self.treasurer = actor_for(Role.TREASURER, coop.organisation_id)


@pytest.fixture
def farm(app: Flask) -> Farm:
    with app.app_context():
        return Farm()


def send(client: FlaskClient, path: str, **data):
    """Post a form as a browser does: with the token and key of the page it is on."""
    page = client.get(data.pop("page", path)).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    if token:
        data.setdefault("csrf_token", token[1])
    if key:
        data.setdefault("key", key[1])
    return client.post(path, data=data)


def rows(app: Flask, query):
    with app.app_context():
        return query()


PAGES = ("/manage/slips", "/manage/batches", "/manage/lots", "/manage/stock", "/manage/recipes", "/manage/crops",
         "/manage/recipes/new", "/manage/batches/new", "/manage/lots/new")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_manager_opens(client, farm, path, language):
    sign_in(client, farm.manager)
    page = client.get(path, query_string={"hl": language})
    assert page.status_code == 200
    assert page.get_data(as_text=True).count("<h1") == 1


def test_pages_of_one_thing_open(client, farm):
    sign_in(client, farm.manager)
    for path in (f"slips/{farm.slip_id}", f"slips/{farm.paid_slip_id}", f"batches/{farm.batch_id}",
                 f"lots/{farm.lot_id}",
                 f"lots/{farm.bulk_id}", f"lots/{farm.lot_id}/change", f"lots/{farm.bulk_id}/pack",
                 f"lots/{farm.bulk_id}/bulk", f"lots/{farm.bulk_id}/close", f"recipes/{farm.recipe_id}"):  # fmt: skip
        page = client.get(f"/manage/{path}")
        assert page.status_code == 200, path
        assert page.get_data(as_text=True).count("<h1") == 1, path


def test_a_stranger_finds_nothing_of_another_cooperative(app, client, farm):
    with app.app_context():
        other = Farm("HTX Khác")
    sign_in(client, other.manager)
    for path in (f"slips/{farm.slip_id}", f"batches/{farm.batch_id}", f"lots/{farm.lot_id}",
                 f"lots/{farm.bulk_id}/pack", f"lots/{farm.lot_id}/change", f"recipes/{farm.recipe_id}"):  # fmt: skip
        assert client.get(f"/manage/{path}").status_code == 404, path
    listed = client.get("/manage/slips").get_data(as_text=True)
    assert f"/manage/slips/{farm.slip_id}" not in listed


def test_the_treasurer_reads_and_does_not_write(client, farm):
    sign_in(client, farm.treasurer)
    assert client.get(f"/manage/batches/{farm.batch_id}").status_code == 200
    assert client.get("/manage/batches/new").status_code == 403
    assert client.get(f"/manage/lots/{farm.bulk_id}/pack").status_code == 403


def test_the_list_of_slips_takes_as_many_queries_for_forty_as_for_four(app, client, farm):
    sign_in(client, farm.manager)
    with count_queries(app) as few:
        client.get("/manage/slips")
    with app.app_context():
        from cooperatives.models import Cooperative

        coop = db.session.get_one(Cooperative, farm.coop_id)
        producers = [create_producer(coop, name=f"Bàn Thị Mẫu {n}") for n in range(3)]
        for n in range(36):
            create_slip(coop, producers[n % 3])
    with count_queries(app) as many:
        page = client.get("/manage/slips").get_data(as_text=True)
    assert few.count == many.count <= 12
    assert "39 phiếu" in page


def test_slips_are_narrowed_by_day_and_use(client, farm):
    sign_in(client, farm.manager)
    assert "Không có phiếu nào như thế" in client.get("/manage/slips?on=2026-11-01").get_data(as_text=True)
    page = client.get("/manage/slips?unused=1&on=2026-11-22").get_data(as_text=True)
    assert f"/manage/slips/{farm.slip_id}" in page
    assert client.get("/manage/slips?on=nonsense&producer=x&page=-3").status_code == 200


def test_a_slip_is_voided_with_a_reason_and_stays(app, client, farm):
    sign_in(client, farm.team)
    page = f"/manage/slips/{farm.slip_id}"
    refused = send(client, f"{page}/void", page=page, reason="")
    assert refused.status_code == 422 and "Ô này cần được điền" in refused.get_data(as_text=True)
    assert send(client, f"{page}/void", page=page, reason="Cân nhầm bao của nhà khác").status_code == 302
    assert "Đã bỏ, không tính" in client.get(page).get_data(as_text=True)
    assert rows(app, lambda: db.session.query(SlipVoid).count()) == 1


def test_a_slip_with_an_advance_is_not_voided_without_its_money(app, client, farm):
    sign_in(client, farm.manager)
    page = f"/manage/slips/{farm.paid_slip_id}"
    assert f"/manage/money/slips/{farm.paid_slip_id}/void" in client.get(page).get_data(as_text=True)
    token = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"',
        client.get(f"/manage/slips/{farm.slip_id}").get_data(as_text=True),
    )[1]
    assert (
        client.post(f"{page}/void", data={"csrf_token": token, "reason": "Cân nhầm bao"}).status_code == 409
    )
    assert rows(app, lambda: db.session.query(SlipVoid).count()) == 0


def test_a_double_tap_opens_one_batch(app, client, farm):
    sign_in(client, farm.team)
    before = rows(app, lambda: db.session.query(Batch).count())
    form = {"recipe_id": farm.recipe_id, "made_on": "2026-11-22", "key": "k" * 16}
    for _tap in range(2):
        assert send(client, "/manage/batches/new", **form).status_code == 302
    assert rows(app, lambda: db.session.query(Batch).count()) == before + 1


def test_slips_go_in_by_tick_and_the_batch_closes_into_a_lot(app, client, farm):
    sign_in(client, farm.team)
    page = f"/manage/batches/{farm.batch_id}"
    assert send(client, f"{page}/slips", page=page, slip_ids=[farm.slip_id]).status_code == 302
    assert send(client, f"{page}/materials", page=page, name="muối", weight_g="0,5").status_code == 302
    heavy = send(client, f"{page}/close", page=page, product_id=farm.product_id, weight_g="41", key="h" * 16)
    assert heavy.status_code == 422
    assert "Đầu ra 41 kg nặng hơn đầu vào 40,5 kg. Cân lại, hoặc thêm nguyên liệu vào mẻ." in heavy.get_data(
        as_text=True
    )
    odd = send(client, f"{page}/close", page=page, product_id=farm.product_id, weight_g="4", key="o" * 16)
    assert "thường ra từ 8,1 đến 12,15 kg" in odd.get_data(as_text=True)
    assert 'value="4"' in odd.get_data(as_text=True)
    assert (
        send(
            client, f"{page}/close", page=page, product_id=farm.product_id, weight_g="9", key="c" * 16
        ).status_code
        == 302
    )
    closed = client.get(page).get_data(as_text=True)
    assert "Ra được" in closed and "22" in closed
    lot = rows(app, lambda: db.session.query(Lot).filter_by(batch_id=farm.batch_id).one())
    assert (lot.output_g, lot.bulk_g) == (9_000, 9_000)


def test_an_input_is_taken_out_again(app, client, farm):
    sign_in(client, farm.manager)
    page = f"/manage/batches/{farm.batch_id}"
    send(client, f"{page}/part", page=page, slip_id=farm.slip_id, weight_g="10")
    send(client, f"{page}/lots", page=page, lot_id=farm.bulk_id, weight_g="1", key="l" * 16)
    ids = rows(
        app, lambda: [one.id for one in db.session.query(BatchInput).filter_by(batch_id=farm.batch_id)]
    )
    assert len(ids) == 2
    for input_id in ids:
        assert send(client, f"{page}/inputs/{input_id}/remove", page=page).status_code == 302
    assert rows(app, lambda: db.session.get_one(Batch, farm.batch_id).input_g) == 0
    assert rows(app, lambda: db.session.get_one(Lot, farm.bulk_id).bulk_g) == 5_000


def test_packing_more_than_the_bulk_is_refused_and_less_is_stocked_once(app, client, farm):
    sign_in(client, farm.team)
    page = f"/manage/lots/{farm.bulk_id}/pack"
    refused = send(client, page, pack_id=farm.pack_id, quantity=11)
    assert refused.status_code == 422 and "chỉ đủ 10 gói" in refused.get_data(as_text=True)
    for _tap in range(2):
        assert send(client, page, pack_id=farm.pack_id, quantity=4, key="p" * 16).status_code == 302
    stock = rows(app, lambda: db.session.query(Stock).filter_by(lot_id=farm.bulk_id).one())
    assert stock.on_hand == 4


@pytest.mark.parametrize(("what", "quantity", "left"), [
    ("counted", 18, {"store": 18}), ("lost", 3, {"store": 17}), ("quarantine", 5, {"store": 15, "quarantine": 5}),
    ("stall", 2, {"store": 18, "stall": 2}), ("destroyed", 20, {"store": 0}),
])  # fmt: skip
def test_packs_change_by_hand_with_a_reason(app, client, farm, what, quantity, left):
    sign_in(client, farm.manager)
    page = f"/manage/lots/{farm.lot_id}/change"
    form = {"what": what, "quantity": quantity, "where": f"{farm.pack_id}:store"}
    assert send(client, page, reason="", **form).status_code == 422
    assert send(client, page, reason="Kiểm kho cuối tháng", **form).status_code == 302
    found = rows(
        app, lambda: {one.place: one.on_hand for one in db.session.query(Stock).filter_by(lot_id=farm.lot_id)}
    )
    assert found == left


def test_bulk_is_lost_and_the_lot_closed(app, client, farm):
    sign_in(client, farm.manager)
    page = f"/manage/lots/{farm.bulk_id}"
    assert send(client, f"{page}/bulk", weight_g="6", reason="Ẩm mốc một bao").status_code == 422
    assert send(client, f"{page}/bulk", weight_g="1", reason="Ẩm mốc một bao").status_code == 302
    assert send(client, f"{page}/close", reason="").status_code == 422
    assert send(client, f"{page}/close", reason="Bụi vụn, cho gà").status_code == 302
    lot = rows(app, lambda: db.session.get_one(Lot, farm.bulk_id))
    assert (lot.state, lot.bulk_g) == ("closed", 0)


def test_goods_are_promised_before_they_are_made(app, client, farm):
    sign_in(client, farm.manager)
    form = {"pack_id": farm.pack_id, "quantity": 30}
    assert send(client, "/manage/lots/new", promised_on="2026-11-01", **form).status_code == 422
    assert send(client, "/manage/lots/new", promised_on="2026-12-20", **form).status_code == 302
    assert rows(app, lambda: db.session.query(Lot).filter_by(kind="planned").count()) == 1


def test_a_recipe_is_written_and_changed(app, client, farm):
    sign_in(client, farm.manager)
    form = {
        "name": "Chưng tinh dầu sả",
        "yield_min": "0.2",
        "yield_max": "0.5",
        "product_id": "",
        "density_g_per_l": "890",
    }
    assert send(client, "/manage/recipes/new", **(form | {"yield_min": "60"})).status_code == 422
    assert send(client, "/manage/recipes/new", **form).status_code == 302
    found = rows(app, lambda: db.session.query(Recipe).filter_by(name="Chưng tinh dầu sả").one())
    assert (found.yield_min_bp, found.yield_max_bp, found.density_g_per_l) == (20, 50, 890)
    assert send(client, f"/manage/recipes/{found.id}", **(form | {"yield_max": "0.6"})).status_code == 302
    assert rows(app, lambda: db.session.get_one(Recipe, found.id).yield_max_bp) == 60


def test_a_crop_is_added_once(app, client, farm):
    from traceability.models import Crop

    sign_in(client, farm.manager)
    for _time in range(2):
        assert send(client, "/manage/crops", name="Sả chanh tươi").status_code == 302
    assert rows(app, lambda: db.session.query(Crop).filter_by(name="Sả chanh tươi").count()) == 1


def test_html_in_a_reason_is_shown_as_text(client, farm):
    sign_in(client, farm.manager)
    page = f"/manage/lots/{farm.lot_id}/change"
    send(
        client,
        page,
        what="lost",
        quantity=1,
        where=f"{farm.pack_id}:store",
        reason="<script>alert(1)</script>",
    )
    assert "<script>alert" not in client.get(f"/manage/lots/{farm.lot_id}").get_data(as_text=True)


def test_crops_are_shared(ctx):
    assert create_crop("Quế").id == create_crop("Quế").id


def test_an_open_batch_shows_whose_slip_each_row_is(app, client, farm):
    sign_in(client, farm.manager)
    answer = send(client, f"/manage/batches/{farm.batch_id}/slips", page=f"/manage/batches/{farm.batch_id}",
                  slip_ids=str(farm.slip_id))  # fmt: skip
    assert answer.status_code == 302
    page = client.get(f"/manage/batches/{farm.batch_id}").get_data(as_text=True)
    row = re.search(rf'<li>(?:(?!<li>).)*href="/manage/slips/{farm.slip_id}".*?</li>', page, re.DOTALL)[0]
    assert "Lý Thị Mẫu" in row and 'class="mark' in row and "40\u00a0kg" in row


def test_a_finished_slip_offers_the_next_weighing_to_who_weighs(client, farm):
    for who, offered in ((farm.manager, True), (farm.team, True), (farm.treasurer, False)):
        sign_in(client, who)
        page = client.get(f"/manage/slips/{farm.slip_id}").get_data(as_text=True)
        assert ("Cân tiếp" in page) is offered


def test_a_lots_book_writes_what_went_out_with_a_true_minus(client, farm):
    sign_in(client, farm.manager)
    page = client.get(f"/manage/lots/{farm.lot_id}").get_data(as_text=True)
    moved = re.findall(r'<b class="nowrap">([^<]*)</b>', page)
    assert any(text.startswith("−") for text in moved) and not any(text.startswith("-") for text in moved)


def test_a_household_that_supplies_as_a_whole_is_called_by_its_head(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Cả Nhà")
        home = create_household(head="Triệu Thị Lềnh")
        with transaction():
            whole = add_producer(SYSTEM, StandingKind.LINKED, cooperative_id=coop.id, household_id=home.id)
        slip_id = create_slip(coop, whole, net_g=30_000).id
        manager = manager_of(coop)
    sign_in(client, manager)
    assert "Triệu Thị Lềnh" in client.get("/manage/slips").get_data(as_text=True)
    assert "Triệu Thị Lềnh" in client.get(f"/manage/slips/{slip_id}").get_data(as_text=True)
