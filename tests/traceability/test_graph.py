"""Slips, batches and lots on a real database: who may, what must hold, and what the public may know."""

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from accounts.rules import SYSTEM, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, FormErrors, Invalid, NotAllowed, NotFound
from households.operations import give_consent, move_person, withdraw_consent
from households.rules import Purpose
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of, treasurer_of
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
from traceability import operations, queries
from traceability.cli import stock
from traceability.models import Batch, Lot, Slip
from traceability.public import Mass


@pytest.fixture
def coop(ctx):
    return create_cooperative()


def do(verb, *args, **kwargs):
    with transaction():
        return verb(*args, **kwargs)


def weigh(actor, producer, key="k" * 12, **changes):
    figures = {"gross_g": 43_600, "tare_g": 800, "grade": "1", "price_vnd_per_kg": 3_500, "advance_vnd": 0,
               "weighed_at": NOW} | changes  # fmt: skip
    crop_id = create_crop().id
    return do(operations.weigh, actor, key, producer.id, crop_id, **figures)


def slips_of(coop, count, net_g=10_000):
    return [
        create_slip(coop, create_producer(coop, name=f"Bàn Thị Mẫu {n}"), net_g=net_g) for n in range(count)
    ]


def test_a_second_tap_gives_the_same_slip_and_other_figures_are_refused(coop):
    producer, manager = create_producer(coop), manager_of(coop)
    first, again = weigh(manager, producer), weigh(manager, producer)
    assert first.id == again.id and first.number == "PC-26-0001"
    with pytest.raises(Conflict, match="PC-26-0001"):
        weigh(manager, producer, tare_g=900)
    assert db.session.query(Slip).count() == 1


def test_numbers_count_up_for_each_cooperative_and_year(coop):
    other = create_cooperative("HTX Khác")
    producer, foreign = create_producer(coop), create_producer(other)
    numbers = [weigh(SYSTEM, producer, key=f"{n}" * 12).number for n in range(2)]
    assert [*numbers, weigh(SYSTEM, foreign).number] == ["PC-26-0001", "PC-26-0002", "PC-26-0001"]
    with clock.use(datetime(2027, 1, 2, tzinfo=UTC)):
        assert weigh(SYSTEM, producer, key="y" * 12, weighed_at=clock.now()).number == "PC-27-0001"


def test_the_slip_keeps_the_household_of_that_day(coop):
    producer, other = create_producer(coop), create_household(village="Thôn Nà Mẫu")
    before = weigh(SYSTEM, producer)
    home_id = before.household_id
    with clock.use(NOW + timedelta(days=3)):
        do(move_person, SYSTEM, producer.person_id, other.id, clock.today())
        after = weigh(SYSTEM, producer, key="a" * 12, weighed_at=clock.now())
    db.session.expire_all()
    assert (before.household_id, after.household_id) == (home_id, other.id)
    assert home_id not in (None, other.id)


def test_someone_without_standing_that_day_is_not_weighed(coop):
    producer = create_producer(coop)
    with clock.use(NOW - timedelta(days=3000)), pytest.raises(Invalid, match="chưa là thành viên"):
        weigh(SYSTEM, producer, weighed_at=clock.now())


def test_who_may_weigh(coop):
    producer, stranger = create_producer(coop), manager_of(create_cooperative("HTX Khác"))
    assert weigh(actor_for(Role.DIGITAL_TEAM, coop.organisation_id), producer).by_user_id
    with pytest.raises(NotAllowed):
        weigh(treasurer_of(coop), producer, key="t" * 12)
    with pytest.raises(NotFound):
        weigh(stranger, producer, key="s" * 12)
    with pytest.raises(FormErrors):
        weigh(SYSTEM, producer, key="x" * 12, tare_g=50_000)


def test_a_slip_in_a_batch_is_not_voided_and_a_void_one_not_used(coop):
    slip, wrong = slips_of(coop, 2)
    batch = open_batch(coop, [slip])
    with pytest.raises(Conflict, match="đã vào mẻ"):
        do(operations.void_slip, SYSTEM, slip.id, "Cân nhầm bao")
    do(operations.void_slip, SYSTEM, wrong.id, "Cân nhầm bao")
    with pytest.raises(Conflict, match="đã bỏ"):
        do(operations.add_slip, SYSTEM, batch.id, wrong.id)


def test_a_slip_gives_at_most_its_net_over_all_batches(coop):
    slip = slips_of(coop, 1)[0]
    first, second = open_batch(coop), open_batch(coop)
    do(operations.add_slip, SYSTEM, first.id, slip.id, 6_000)
    with pytest.raises(Invalid, match="chỉ còn 4 kg"):
        do(operations.add_slip, SYSTEM, second.id, slip.id, 4_001)
    do(operations.add_slip, SYSTEM, second.id, slip.id)
    with pytest.raises(Invalid, match="dùng hết"):
        do(operations.add_slip, SYSTEM, first.id, slip.id, 1)


def test_a_strangers_slip_and_lot_never_enter_a_batch(coop):
    other = create_cooperative("HTX Khác")
    foreign = slips_of(other, 1)[0]
    bulk = create_bulk(other, create_product(other, "Chè"), 1_000)
    batch, manager = open_batch(coop), manager_of(coop)
    with pytest.raises(NotFound):
        do(operations.add_slip, manager, batch.id, foreign.id)
    with pytest.raises(NotFound):
        do(operations.add_slip, SYSTEM, batch.id, foreign.id)
    with pytest.raises(NotFound):
        do(operations.add_lot, manager, batch.id, bulk.id)


def test_a_closed_batch_takes_nothing_and_closing_twice_gives_the_same_lots(coop):
    product, slip = create_product(coop), slips_of(coop, 1)[0]
    batch = open_batch(coop, [slip])
    out = [(product.id, 2_000, batch.made_on, None)]
    lots = [lot.id for lot in do(operations.close_batch, SYSTEM, batch.id, out)]
    assert [lot.id for lot in do(operations.close_batch, SYSTEM, batch.id, out)] == lots
    with pytest.raises(Conflict, match="đã đóng"):
        do(operations.add_material, SYSTEM, batch.id, "nước", 5)
    closed = db.session.get_one(Batch, batch.id)
    assert (closed.input_g, closed.output_g) == (10_000, 2_000)


def test_an_unusual_yield_is_kept_with_its_reason(coop):
    recipe, product = create_recipe(coop, "Tráng miến", 2_000, 3_000), create_product(coop)
    batch = open_batch(coop, slips_of(coop, 1), recipe=recipe)
    out = [(product.id, 500, batch.made_on, None)]
    with pytest.raises(Invalid, match="thường ra từ 2 đến 3 kg"):
        do(operations.close_batch, SYSTEM, batch.id, out)
    do(operations.close_batch, SYSTEM, batch.id, out, "Máy sấy hỏng nửa mẻ")
    assert db.session.get_one(Batch, batch.id).loss_reason == "Máy sấy hỏng nửa mẻ"


def test_shares_pass_through_lots_of_lots(coop):
    starch, noodles = create_product(coop, "Tinh bột"), create_product(coop)
    slips = slips_of(coop, 2, net_g=40_000)
    bulk = create_bulk(coop, starch, 20_000, slips)
    batch = open_batch(coop, slips_of(coop, 1))
    do(operations.add_lot, SYSTEM, batch.id, bulk.id, 10_000)
    do(operations.add_material, SYSTEM, batch.id, "muối", 500)
    outputs = [(noodles.id, 3_000, batch.made_on, None), (starch.id, 1_000, batch.made_on, None)]
    done = do(operations.close_batch, SYSTEM, batch.id, outputs)
    first, second = queries.contributions(done[0].id), queries.contributions(done[1].id)
    assert [one.grams for one in first] == [15_000, 15_000, 7_500]
    assert [one.grams for one in second] == [5_000, 5_000, 2_500]
    assert queries.forward(bulk.id) == [done[0].id, done[1].id]
    assert queries.lots_of_slip(slips[0].id) == [bulk.id, done[0].id, done[1].id]
    assert queries.slips_behind(done[0].id) == queries.slips_behind(done[1].id)
    assert db.session.get_one(Lot, bulk.id).bulk_g == 10_000


def test_contributions_take_two_queries_however_deep(ctx, coop):
    starch = create_product(coop, "Tinh bột")
    lot = create_bulk(coop, starch, 9_000, slips_of(coop, 3))
    for _step in range(4):
        batch = open_batch(coop)
        do(operations.add_lot, SYSTEM, batch.id, lot.id)
        lot = do(operations.close_batch, SYSTEM, batch.id, [(starch.id, 8_000 - _step, batch.made_on, None)])[
            0
        ]
    lot_id = lot.id
    with count_queries(ctx) as counted:
        parts = queries.contributions(lot_id)
    assert counted.count == 2
    assert sum(one.grams for one in parts) == 30_000


def test_lots_of_one_product_get_different_codes(coop):
    pack = create_product(coop).packs[0]
    assert [create_lot(coop, pack, 1, []).code for _ in range(2)] == ["MD-2611-01", "MD-2611-02"]


def test_fewer_than_five_households_are_not_counted_nor_dated(coop):
    pack = create_product(coop).packs[0]
    origin = queries.origin_of(create_lot(coop, pack, 4, slips_of(coop, 4)).id)
    assert origin.households is None and origin.names == ()
    harvest = origin.steps[0]
    assert (harvest.kind, harvest.month_only, harvest.from_on) == ("harvested", True, date(2026, 11, 1))
    assert origin.places == ("xã Côn Minh, Thái Nguyên",)


def test_five_households_are_counted_and_dated(coop):
    pack = create_product(coop).packs[0]
    origin = queries.origin_of(create_lot(coop, pack, 4, slips_of(coop, 5)).id)
    assert origin.households == 5 and origin.names == ()
    assert (origin.steps[0].month_only, origin.steps[0].from_on) == (False, date(2026, 11, 22))


def test_names_are_shown_only_while_every_household_agrees(coop):
    from cooperatives.models import Producer

    slips = slips_of(coop, 2)
    lot_id = create_lot(coop, create_product(coop).packs[0], 4, slips).id
    people = [db.session.get_one(Producer, slip.producer_id).person_id for slip in slips]
    first = do(give_consent, SYSTEM, people[0], coop.organisation_id, Purpose.SHOW_NAME)
    assert queries.origin_of(lot_id).names == ()
    do(give_consent, SYSTEM, people[1], coop.organisation_id, Purpose.SHOW_NAME)
    shown = queries.origin_of(lot_id)
    assert (shown.households, shown.names) == (2, ("Bàn Thị Mẫu 0", "Bàn Thị Mẫu 1"))
    do(withdraw_consent, SYSTEM, first.id)
    assert queries.origin_of(lot_id).names == ()


def test_of_five_households_those_who_agreed_are_named_and_the_others_counted(coop):
    from cooperatives.models import Producer

    slips = slips_of(coop, 5)
    lot_id = create_lot(coop, create_product(coop).packs[0], 4, slips).id
    person = db.session.get_one(Producer, slips[0].producer_id).person_id
    do(give_consent, SYSTEM, person, coop.organisation_id, Purpose.SHOW_NAME)
    shown = queries.origin_of(lot_id)
    assert (shown.names, shown.unnamed, shown.households) == (("Bàn Thị Mẫu 0",), 4, 5)
    assert shown.makers[0].mark and str(slips[0].household_id) != shown.makers[0].mark


def test_the_balance_of_mass_is_told_without_the_weights_of_few_households(coop):
    pack = create_product(coop).packs[0]
    five = queries.origin_of(create_lot(coop, pack, 4, slips_of(coop, 5)).id).mass
    few = queries.origin_of(create_lot(coop, pack, 4, slips_of(coop, 4)).id).mass
    assert five.input_g > five.output_g > 0 and five.named
    assert (few.input_g, few.output_g) == (None, None) and (few.least_bp, few.within) == (
        five.least_bp,
        five.within,
    )


def test_bought_goods_claim_no_origin(coop):
    origin = queries.origin_of(create_lot(coop, create_product(coop).packs[0], 4, []).id)
    assert not origin.has_slips
    assert [step.kind for step in origin.steps] == ["made", "packed"]


def test_origin_holds_no_row_of_a_person(coop):
    origin = queries.origin_of(create_lot(coop, create_product(coop).packs[0], 4, slips_of(coop, 2)).id)
    plain = (str, int, bool, date, tuple, type(None), type(origin.steps[0]), Mass)
    assert all(isinstance(value, plain) for value in vars(origin).values())
    assert "Bàn Thị" not in str(origin)


def test_the_command_says_whether_the_books_hold(coop):
    create_lot(coop, create_product(coop).packs[0], 4, [])
    done = CliRunner().invoke(stock, ["verify"])
    assert (done.exit_code, done.output) == (0, "0 differences\n")
    with transaction():
        db.session.execute(db.text("UPDATE stock SET on_hand = 9"))
    assert CliRunner().invoke(stock, ["verify"]).exit_code == 1
