"""A live sale: comments become goods put aside, once; what is unsure waits for a person; one door orders them all."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts.rules import SYSTEM, Role
from catalog.operations import add_pack
from channels.live import operations, queries, taking
from channels.live.judging import load
from channels.live.models import LiveBuyer, LiveComment, LiveLine, LiveSale
from channels.live.rules import Outcome, is_code, split_comments
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders.models import Order
from orders.rules import Door, Method
from tests.factories import accounts
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.live import create_sale
from tests.factories.traceability import create_lot
from tests.queries import count_queries

ADDRESS = "0987654321 số 5 ngõ 2, phường Cầu Giấy, Hà Nội"


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Ta")


@pytest.fixture
def pack(coop):
    """Five packs in store."""
    pack = create_product(coop, "Miến dong").packs[0]
    create_lot(coop, pack, 5, slips=[])
    return pack


def count(model):
    """How many rows a table has."""
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def outcomes(sale):
    rows = db.session.execute(select(LiveComment.outcome).where(LiveComment.live_sale_id == sale.id))
    return sorted(rows.scalars())


def test_a_paste_is_cut_into_comments_however_it_was_copied():
    text = "Hoa: m1 x2\nLan Anh\tm1\nTú\n2 m1\n\n: rỗng\nHoa: m1 x2"
    said = split_comments(text)
    assert [(one.name, one.body) for one in said] == [
        ("Hoa", "m1 x2"),
        ("Lan Anh", "m1"),
        ("Tú", "2 m1"),
        ("Hoa", "m1 x2"),
    ]
    assert len({one.digest for one in said}) == 4
    assert [one.digest for one in split_comments(text)] == [one.digest for one in said]


@pytest.mark.parametrize(
    "code, fine", [("M1", True), ("mật", True), ("12", False), ("", False), ("a b", False), ("x" * 9, False)]
)
def test_a_code_has_letters(code, fine):
    assert is_code(code) is fine


def test_comments_become_goods_put_aside_and_the_same_paste_again_changes_nothing(coop, pack):
    text = f"Hoa: m1 x2\nLan: 1 m1 {ADDRESS}\nTú: m1 còn không\nBé: m1 9\nHoa: thêm 1 m1\nMinh: ngon quá"
    sale = create_sale(coop, [pack], text)
    board = queries.board(sale)
    assert outcomes(sale) == sorted(["put", "put", "put", "asked", "sold_out", "talk"])
    assert [(one.name, sum(line.quantity for line in one.lines), one.waits, one.ready) for one in board.buyers] == [
        ("Hoa", 3, True, False), ("Lan", 1, True, True), ("Bé", 9, False, False)]  # fmt: skip
    assert (board.goods[0].left, board.goods[0].put_aside) == (1, 4)
    assert [one.outcome for one in board.comments] == ["asked", "sold_out"]
    with transaction():
        taken = taking.take(manager_of(coop), sale, text)
    assert (taken.new, taken.again) == (0, 6)
    assert queries.board(sale).goods[0].put_aside == 4


def whose(coop, sale, comment, buyer_id):
    with transaction():
        return taking.belongs(manager_of(coop), sale, comment.id, buyer_id)


def held(sale):
    """Pieces put aside, by the end of the buyer's number."""
    return {
        one.phone[-3:]: sum(line.quantity for line in one.lines if not line.unmet)
        for one in queries.board(sale).buyers
    }


TWO = "Lan: m1 x2, sđt 0912 345 678\nLan: 1 m1, sđt 0987 654 321\nLan: thêm 1 m1"


def test_two_people_of_one_name_never_share_a_parcel_unseen(coop, pack):
    sale = create_sale(coop, [pack], TWO)
    other, silent = queries.board(sale).comments
    assert [other.outcome, silent.outcome] == [Outcome.WHOSE] * 2 and other.phone == "0987 654 321"
    assert held(sale) == {"678": 2}, "nothing of the second Lan goes to the first one's address"
    second = whose(coop, sale, other, None)
    assert whose(coop, sale, other, None).id == second.id
    assert held(sale) == {"678": 2, "321": 1}
    with transaction():
        taking.take(manager_of(coop), sale, "Lan: 1 m1 nữa nhé\nLan: 1 m1, gọi 0912345678")
    waiting = queries.board(sale).comments
    assert [one.body for one in waiting] == ["thêm 1 m1", "1 m1 nữa nhé"], (
        "a name without a number is asked about"
    )
    assert held(sale) == {"678": 3, "321": 1}
    whose(coop, sale, waiting[1], second.id)
    assert held(sale) == {"678": 3, "321": 2}
    stranger = queries.buyers_of(create_sale(create_cooperative("HTX Bạn"), [], "Lan: hi").id)[0]
    with pytest.raises(NotFound):
        whose(coop, sale, waiting[0], stranger.id)


def test_one_person_with_a_new_number_is_one_person_and_what_waited_for_that_is_read(coop, pack):
    sale = create_sale(coop, [pack], TWO)
    first = queries.buyers_of(sale.id)[0]
    whose(coop, sale, queries.board(sale).comments[0], first.id)
    assert queries.board(sale).comments == () and held(sale) == {"321": 4}


def test_who_comes_too_late_is_told_what_is_left_another_lot_or_the_next_day(coop, pack):
    sale = create_sale(coop, [pack], "Bé: m1 9\nTú: m1 x5\nVân: m1")
    with transaction():
        operations.set_next(manager_of(coop), sale, clock.today() + timedelta(days=7))
    be, van = queries.board(sale).comments
    assert (
        "chỉ còn 5, chưa đủ 9" not in be.reply and "vừa hết mất rồi" in be.reply and "29/11/2026" in van.reply
    )
    with transaction():
        big = add_pack(
            SYSTEM, pack.product_id, label="Túi 1 kg", net_quantity=1_000, net_unit="g", price_vnd=120_000
        )
    lot = create_lot(coop, big, 3, slips=[])
    be, van = queries.board(sale).comments
    assert f"Còn Miến dong, Túi 1 kg, lô {lot.code}" in van.reply
    with pytest.raises(Invalid, match="sau hôm nay"), transaction():
        operations.set_next(manager_of(coop), sale, clock.today())


def test_what_could_not_be_met_stands_as_unmet_holds_nothing_and_is_met_when_there_is_enough_again(
    coop, pack
):
    me, sale = manager_of(coop), create_sale(coop, [pack], f"Tú: m1 x4\nBé: 2 m1 {ADDRESS}")
    tu, be = queries.board(sale).buyers
    assert (be.unmet, be.waits, be.lines[0].there_now, queries.board(sale).goods[0].left) == (
        True,
        False,
        False,
        1,
    )
    assert "chỉ còn 1, chưa đủ 2" in queries.board(sale).comments[0].reply
    with transaction():
        assert operations.order_for(me, sale, be.id, Method.COD) is None
    with pytest.raises(Invalid, match="Chỉ còn 1"), transaction():
        operations.meet(me, sale, be.lines[0].id)
    with transaction():
        operations.drop_line(me, sale, tu.lines[0].id)
        operations.meet(me, sale, be.lines[0].id)
        operations.meet(me, sale, be.lines[0].id)
    (be,) = queries.board(sale).buyers
    assert (be.unmet, be.ready, queries.board(sale).goods[0].left) == (False, True, 3)


def test_two_hundred_comments_are_taken_in_under_a_second_of_the_processor_database_and_all(app, coop, pack):
    packs = [
        pack,
        *(create_product(coop, name).packs[0] for name in ("Mật ong bạc hà", "Chè dây", "Tinh dầu quế")),
    ]
    for one in packs:
        create_lot(coop, one, 90, slips=[])
    sale, texts = (
        create_sale(coop, packs),
        [one.text.replace("\n", " ") for one in load()[1] if one.text.strip()],
    )
    said = [f"Khách {n % 150}: {texts[n % len(texts)]}" for n in range(200)]
    for n in range(0, 200, 5):
        said[n] += f", 09{10_000_000 + n % 150}, số {n} ngõ Mẫu, phường Cầu Giấy, Hà Nội"
    began = time.process_time()
    with count_queries(app) as counted, transaction():
        taken = taking.take(manager_of(coop), sale, "\n".join(said))
    spent = time.process_time() - began
    assert taken.new == 200 and taken.of[Outcome.PUT] > 50
    assert counted.count < 40, "a few statements for all of them"
    assert spent < 1


def test_what_is_held_up_is_meant_by_a_bare_word(coop, pack):
    sale, me = create_sale(coop, [pack]), manager_of(coop)
    with transaction():
        operations.show(me, sale, queries.goods_of(sale.id)[0].id)
        taking.take(me, sale, "Hoa: chốt 2")
    assert queries.board(sale).goods[0].put_aside == 2


def test_goods_of_two_packs_wait_for_a_person_and_are_put_aside_by_hand(coop, pack):
    other = create_product(coop, "Miến dong sợi nhỏ").packs[0]
    create_lot(coop, other, 5, slips=[])
    sale, me = create_sale(coop, [pack, other], "Hoa: 2 miến dong"), manager_of(coop)
    waiting = queries.board(sale).comments
    assert [one.outcome for one in waiting] == [Outcome.UNSURE]
    with transaction():
        operations.add_line(me, sale, waiting[0].buyer_id, "line-0001", other.id, 2)
        operations.add_line(me, sale, waiting[0].buyer_id, "line-0001", other.id, 2)  # a double tap
        operations.settle(me, sale, waiting[0].id)
    board = queries.board(sale)
    assert board.comments == () and board.buyers[0].lines[0].quantity == 2
    with pytest.raises(Invalid, match="Chỉ còn"), transaction():
        operations.add_line(me, sale, waiting[0].buyer_id, "line-0002", other.id, 4)


def test_everybody_ready_is_ordered_once_through_the_same_door_as_the_shop(coop, pack):
    sale, me = create_sale(coop, [pack], f"Hoa: m1 x2\nLan: 1 m1 {ADDRESS}"), manager_of(coop)
    hoa, lan = queries.buyers_of(sale.id)
    with pytest.raises(Invalid, match="địa chỉ"), transaction():
        operations.order_for(me, sale, hoa.id, Method.COD)
    with transaction():
        made = operations.order_for(me, sale, lan.id, Method.VIETQR)
    with transaction():
        assert operations.order_for(me, sale, lan.id, Method.VIETQR) is None
    assert (
        made is not None and made.purchase.door == Door.LIVE and made.purchase.buyer_phone == "+84987654321"
    )
    assert count(Order) == 1
    assert [one.code for one in queries.replies(sale.id)] == [made.code]
    assert queries.replies(sale.id)[0].text.endswith("/pay")
    assert (queries.board(sale).goods[0].ordered, queries.board(sale).goods[0].left) == (1, 2)


def test_a_closed_sale_takes_nothing_more_and_lets_go_of_what_it_counted_off(coop, pack):
    sale, me = create_sale(coop, [pack], "Hoa: m1 x2"), manager_of(coop)
    with transaction():
        operations.close(me, sale)
    with pytest.raises(Conflict):
        operations.own_sale(coop.id, sale.id)
    assert queries.board(sale).goods[0].left == 5


def test_names_and_comments_are_erased_thirty_days_after_the_end(coop, pack):
    sale, me = create_sale(coop, [pack], f"Lan: 1 m1 {ADDRESS}"), manager_of(coop)
    with transaction():
        operations.order_for(me, sale, queries.buyers_of(sale.id)[0].id, Method.COD)
        operations.close(me, sale)
    with clock.use(clock.now() + timedelta(days=29)), transaction():
        assert operations.erase_ended() == 0
    with clock.use(clock.now() + timedelta(days=31)), transaction():
        assert (operations.erase_ended(), operations.erase_ended()) == (1, 0)
    counts = [
        db.session.execute(select(func.count()).select_from(one)).scalar_one()
        for one in (LiveBuyer, LiveComment, LiveLine)
    ]
    assert counts == [0, 0, 0] and db.session.get(LiveSale, sale.id).erased_at
    assert count(Order) == 1


def test_words_that_name_two_goods_or_none_are_refused(coop, pack):
    sale, me = create_sale(coop, [pack]), manager_of(coop)
    other = create_product(coop, "Mật ong").packs[0]
    for pack_id, code in ((other.id, "M1"), (other.id, "1"), (987_654, "M9")):
        with pytest.raises(Invalid), transaction():
            operations.put_good(me, sale, pack_id, code)
    with pytest.raises(Invalid, match="Chưa thấy"), transaction():
        taking.take(me, sale, "không có tên")
    with pytest.raises(NotFound):
        operations.own_sale(create_cooperative("HTX Bạn").id, sale.id)
    with pytest.raises(NotAllowed):
        operations.open_sale(accounts.actor_for(Role.BUYER), coop.id, "another-key", "Buổi")


def test_a_board_of_many_comments_takes_the_same_statements(app, coop, pack):
    text = "\n".join(f"Khách {number}: m1 còn không" for number in range(200))
    few = create_sale(coop, [pack], "Hoa: m1")
    with count_queries(app) as one:
        queries.board(few)
    with transaction():
        taking.take(manager_of(coop), few, text)
    with count_queries(app) as many:
        assert len(queries.board(few).comments) == 200
    assert one.count == many.count <= 8
