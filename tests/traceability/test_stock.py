"""Stock: reserved, packed, sold, counted, recalled, and always the sum of its movements."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.rules import SYSTEM, Role
from catalog.models import Pack
from core import clock
from core.db import db, transaction
from core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.traceability import create_bulk, create_lot
from traceability import operations, queries
from traceability.epcis.models import EpcisEvent
from traceability.models import Stock
from traceability.rules import OutOfStock, Place, Reserved
from traceability.tasks import refresh_available

TODAY = date(2026, 11, 22)


@pytest.fixture
def coop(ctx):
    return create_cooperative()


@pytest.fixture
def pack(coop):
    return create_product(coop).packs[0]


def do(verb, *args, **kwargs):
    with transaction():
        return verb(*args, **kwargs)


def shelf(lot, place=Place.STORE):
    row = db.session.execute(
        sa.select(Stock.on_hand, Stock.reserved).where(Stock.lot_id == lot.id, Stock.place == place)
    ).one_or_none()
    return tuple(row) if row else (0, 0)


def shown(pack):
    db.session.expire_all()
    found = db.session.get_one(Pack, pack.id)
    return found.available, found.available_until


def test_the_first_to_expire_goes_first_and_a_line_may_take_two_lots(coop, pack):
    later = create_lot(coop, pack, 5, [], expires_on=date(2027, 3, 1))
    sooner = create_lot(coop, pack, 3, [], expires_on=date(2027, 1, 1))
    assert do(operations.reserve, pack.id, 4, "line:1") == [Reserved(sooner.id, 3), Reserved(later.id, 1)]
    assert (shelf(sooner), shelf(later)) == ((3, 3), (5, 1))
    assert shown(pack) == (4, date(2027, 3, 1))


def test_a_refusal_says_what_is_left_and_writes_nothing(coop, pack):
    lot = create_lot(coop, pack, 2, [])
    with pytest.raises(OutOfStock) as refused:
        do(operations.reserve, pack.id, 3, "line:1")
    assert refused.value.left == 2
    assert shelf(lot) == (2, 0)
    assert queries.allocations("line:1") == []


def test_expired_recalled_and_quarantined_goods_are_not_sold(coop, pack):
    create_lot(coop, pack, 5, [], expires_on=TODAY - timedelta(days=1))
    recalled = create_lot(coop, pack, 5, [])
    do(operations.mark_recalled, SYSTEM, recalled.id, "Mẫu không đạt")
    apart = create_lot(coop, pack, 5, [])
    do(operations.move_stock, SYSTEM, apart.id, pack.id, 5, Place.STORE, Place.QUARANTINE, "Bao bì rách")
    assert shown(pack) == (0, None)
    with pytest.raises(OutOfStock):
        do(operations.reserve, pack.id, 1, "line:1")


def test_goods_sell_on_their_last_day_and_not_the_day_after(coop, pack):
    create_lot(coop, pack, 5, [], expires_on=TODAY)
    assert shown(pack) == (5, TODAY)
    assert do(operations.reserve, pack.id, 1, "line:1")
    with clock.use(clock.start_of(TODAY + timedelta(days=1))):
        assert refresh_available() == 1
        assert shown(pack) == (0, None)
        assert refresh_available() == 0


def test_release_gives_back_once(coop, pack):
    lot = create_lot(coop, pack, 5, [])
    do(operations.reserve, pack.id, 2, "line:1")
    assert do(operations.release, "line:1") == [Reserved(lot.id, 2)]
    assert do(operations.release, "line:1") == []
    assert shelf(lot) == (5, 0)


def test_packing_may_take_another_lot_than_the_proposed_one(coop, pack):
    first, second = (create_lot(coop, pack, 4, [], expires_on=date(2027, month, 1)) for month in (1, 2))
    do(operations.reserve, pack.id, 3, "line:1")
    do(operations.confirm_packed, manager_of(coop), "line:1", pack.id, [(first.id, 1), (second.id, 2)])
    assert (shelf(first), shelf(second)) == ((3, 0), (2, 0))
    packed = [(one.lot_id, one.quantity) for one in queries.allocations("line:1") if one.packed]
    assert packed == [(first.id, 1), (second.id, 2)]


def test_confirming_twice_moves_goods_once(coop, pack):
    lot = create_lot(coop, pack, 4, [])
    do(operations.reserve, pack.id, 3, "line:1")
    for _time in range(2):
        do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(lot.id, 3)])
    assert shelf(lot) == (1, 0)


def test_what_is_packed_must_be_as_much_as_is_held(coop, pack):
    lot = create_lot(coop, pack, 9, [])
    do(operations.reserve, pack.id, 3, "line:1")
    for quantity in (2, 4):
        with pytest.raises(Conflict, match="Đơn giữ 3 gói"):
            do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(lot.id, quantity)])


def test_a_lot_held_for_others_an_expired_one_and_a_strangers_are_refused(coop, pack):
    first, second = (create_lot(coop, pack, 2, [], expires_on=date(2027, month, 1)) for month in (1, 2))
    old = create_lot(coop, pack, 2, [], expires_on=TODAY - timedelta(days=1))
    other = create_cooperative("HTX Khác")
    foreign = create_lot(other, create_product(other, "Chè").packs[0], 2, [])
    do(operations.reserve, pack.id, 2, "line:1")
    do(operations.reserve, pack.id, 2, "line:2")
    with pytest.raises(Conflict, match="chưa có người giữ"):
        do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(second.id, 2)])
    with pytest.raises(Conflict, match="hết hạn"):
        do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(old.id, 2)])
    with pytest.raises(NotFound):
        do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(foreign.id, 2)])
    assert (shelf(first), shelf(second)) == ((2, 2), (2, 2))


def test_a_promise_is_held_last_and_kept_from_a_real_lot(coop, pack):
    promise = do(operations.plan_lot, SYSTEM, pack.id, 10, date(2026, 12, 20))
    assert do(operations.reserve, pack.id, 2, "line:1") == [Reserved(promise.id, 2)]
    with pytest.raises(Conflict, match="mới là dự kiến"):
        do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(promise.id, 2)])
    real = create_lot(coop, pack, 5, [])
    assert do(operations.reserve, pack.id, 1, "line:2") == [Reserved(real.id, 1)]
    do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(real.id, 2)])
    assert (shelf(promise), shelf(real)) == ((8, 0), (3, 1))
    assert queries.contributions(promise.id) == []


def test_returns_wait_in_quarantine_until_somebody_says_why_they_are_good(coop, pack):
    lot, manager = create_lot(coop, pack, 4, []), manager_of(coop)
    do(operations.reserve, pack.id, 3, "line:1")
    do(operations.confirm_packed, manager, "line:1", pack.id, [(lot.id, 3)])
    do(operations.take_back, manager, lot.id, pack.id, 2, "line:1")
    assert (shelf(lot), shelf(lot, Place.QUARANTINE)) == ((1, 0), (2, 0))
    assert shown(pack)[0] == 1
    with pytest.raises(Invalid, match="chỉ bán ra 1 gói"):
        do(operations.take_back, manager, lot.id, pack.id, 2, "line:1")
    with pytest.raises(Invalid):
        do(operations.restock, manager, lot.id, pack.id, 1, "  ")
    do(operations.restock, manager, lot.id, pack.id, 1, "Bưu tá chưa giao, còn niêm phong")
    do(operations.destroy, manager, lot.id, pack.id, 1, "Gói đã mở")
    assert (shelf(lot), shelf(lot, Place.QUARANTINE)) == ((2, 0), (0, 0))


def test_a_recall_frees_orders_and_locks_the_goods_away(coop, pack):
    lot = create_lot(coop, pack, 6, [])
    for line in (1, 2):
        do(operations.reserve, pack.id, line, f"line:{line}")
    assert do(operations.mark_recalled, manager_of(coop), lot.id, "Mẫu không đạt") == ["line:1", "line:2"]
    assert (shelf(lot), shelf(lot, Place.QUARANTINE)) == ((0, 0), (6, 0))
    assert shown(pack)[0] == 0
    assert do(operations.mark_recalled, SYSTEM, lot.id, "Mẫu không đạt") == []
    with pytest.raises(Conflict, match="thu hồi"):
        do(operations.restock, SYSTEM, lot.id, pack.id, 1, "Vẫn còn tốt mà")
    with pytest.raises(Conflict, match="thu hồi"):
        do(operations.pack_lot, SYSTEM, lot.id, pack.id, 1)


def test_a_count_never_goes_below_what_orders_hold(coop, pack):
    lot = create_lot(coop, pack, 6, [])
    do(operations.reserve, pack.id, 4, "line:1")
    with pytest.raises(Conflict, match="giữ 4 gói"):
        do(operations.count_stock, SYSTEM, lot.id, pack.id, 3, "Kiểm kho")
    assert do(operations.count_stock, SYSTEM, lot.id, pack.id, 5, "Kiểm kho") == -1
    assert do(operations.count_stock, SYSTEM, lot.id, pack.id, 5, "Kiểm kho") == 0
    with pytest.raises(Conflict):
        do(operations.lose_stock, SYSTEM, lot.id, pack.id, 2, "Chuột cắn")
    assert shelf(lot) == (5, 4)


def test_an_expired_lot_is_not_packed(coop, pack):
    lot = create_bulk(coop, create_product(coop, "Bột"), 5_000)
    with clock.use(clock.start_of(date(2028, 1, 1))):
        with pytest.raises(Conflict, match="hết hạn"):
            do(operations.pack_lot, SYSTEM, lot.id, pack.id, 1)


def test_the_digital_team_packs_and_does_not_count(coop, pack):
    lot, team = create_lot(coop, pack, 2, []), actor_for(Role.DIGITAL_TEAM, coop.organisation_id)
    with pytest.raises(NotAllowed):
        do(operations.count_stock, team, lot.id, pack.id, 1, "Kiểm kho")
    with pytest.raises(NotAllowed):
        do(operations.mark_recalled, team, lot.id, "Mẫu không đạt")
    with pytest.raises(NotFound):
        do(operations.count_stock, manager_of(create_cooperative("HTX Khác")), lot.id, pack.id, 1, "Kiểm kho")


def test_every_step_leaves_an_event(coop, pack):
    lot = create_lot(coop, pack, 4, [])
    do(operations.reserve, pack.id, 2, "line:1")
    do(operations.confirm_packed, SYSTEM, "line:1", pack.id, [(lot.id, 2)])
    do(operations.lose_stock, SYSTEM, lot.id, pack.id, 1, "Chuột cắn")
    do(operations.mark_recalled, SYSTEM, lot.id, "Mẫu không đạt")
    steps = db.session.execute(sa.select(EpcisEvent.step).order_by(EpcisEvent.id)).scalars().all()
    assert steps == ["made", "packed", "picked", "lost", "recalled"]


@pytest.mark.parametrize(
    "change", ["on_hand = -1", "reserved = on_hand + 1", "reserved = -1", "on_hand = 1.5"]
)
def test_the_database_itself_refuses_impossible_stock(coop, pack, change):
    create_lot(coop, pack, 2, [])
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"UPDATE stock SET {change}"))


@pytest.mark.parametrize("statement", ["UPDATE movement SET on_hand_change = 9", "DELETE FROM movement",
                                       "UPDATE slip SET net_g = 1", "DELETE FROM slip_void"])  # fmt: skip
def test_movements_and_slips_never_change(coop, pack, statement):
    from tests.factories.cooperatives import create_producer
    from tests.factories.traceability import create_slip

    slip = create_slip(coop, create_producer(coop))
    create_lot(coop, pack, 2, [])
    do(operations.void_slip, SYSTEM, slip.id, "Cân nhầm bao")
    with pytest.raises(sa.exc.DatabaseError, match="immutable"), transaction():
        db.session.execute(sa.text(statement))


def test_verify_finds_stock_edited_behind_the_movements(app, coop, pack):
    create_lot(coop, pack, 2, [])
    assert queries.differences() == []
    with transaction():
        db.session.execute(sa.text("UPDATE stock SET on_hand = 7"))
    assert [(one.cached, one.folded) for one in queries.differences()] == [(7, 2)]


class Store(RuleBasedStateMachine):
    """Random days of a store with three lots; nothing is ever sold twice, and the books equal the movements."""

    def __init__(self) -> None:
        super().__init__()
        coop = create_cooperative(f"HTX {id(self)}")
        pack = create_product(coop).packs[0]
        self.pack_id, self.count = pack.id, 0
        days = (date(2026, 11, 20), date(2027, 1, 1), None)
        self.lots = [create_lot(coop, pack, 6, [], expires_on=day).id for day in days]
        do(operations.plan_lot, SYSTEM, self.pack_id, 3, date(2026, 12, 20))

    def attempt(self, verb, *args):
        try:
            return (
                do(verb, SYSTEM, *args)
                if verb not in (operations.reserve, operations.release)
                else do(verb, *args)
            )
        except DomainError:
            db.session.rollback()
            return None

    lot = st.integers(0, 2)
    quantity = st.integers(1, 5)
    line = st.integers(0, 4).map(lambda n: f"line:{n}")

    @rule(quantity=quantity, line=line)
    def reserve(self, quantity, line):
        before = queries.available(self.pack_id, TODAY).pieces
        got = self.attempt(operations.reserve, self.pack_id, quantity, line)
        assert (got is not None) == (quantity <= before)

    @rule(line=line)
    def release(self, line):
        self.attempt(operations.release, line)

    @rule(line=line, lot=lot)
    def pack(self, line, lot):
        held = sum(one.quantity for one in queries.allocations(line) if not one.packed)
        self.attempt(operations.confirm_packed, line, self.pack_id, [(self.lots[lot], max(1, held))])

    @rule(lot=lot, quantity=quantity, line=line)
    def take_back(self, lot, quantity, line):
        self.attempt(operations.take_back, self.lots[lot], self.pack_id, quantity, line)

    @rule(lot=lot, quantity=quantity)
    def restock(self, lot, quantity):
        self.attempt(operations.restock, self.lots[lot], self.pack_id, quantity, "Còn niêm phong")

    @rule(lot=lot, quantity=quantity)
    def lose(self, lot, quantity):
        self.attempt(operations.lose_stock, self.lots[lot], self.pack_id, quantity, "Chuột cắn")

    @rule(lot=lot, quantity=st.integers(0, 9))
    def count_again(self, lot, quantity):
        self.attempt(operations.count_stock, self.lots[lot], self.pack_id, quantity, "Kiểm kho")

    @rule(lot=st.just(2))
    def recall(self, lot):
        self.attempt(operations.mark_recalled, self.lots[lot], "Mẫu không đạt")

    @invariant()
    def books_hold(self):
        assert queries.differences() == []
        now = queries.available(self.pack_id, TODAY)
        db.session.expire_all()
        pack = db.session.get_one(Pack, self.pack_id)
        assert (pack.available, pack.available_until) == (now.pieces, now.until)
        assert (pack.promised, pack.promised_on) == (now.promised, now.promised_on)
        assert 0 <= now.promised <= now.pieces


def test_the_books_hold_through_random_days(ctx):
    fast = settings(
        max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Store, settings=fast)
