"""Verbs over carriers: take a remittance's table, book it; delivered in part; claim what was lost, and how it ended."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.once import done_before, one_at_a_time, remember
from core.text import clean
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.parcels.operations import hold_packs, lost
from orders.rules import Event as OrderEvent
from orders.rules import Method
from orders.rules import State as OrderState
from payments import rules as money
from payments.carriers import queries, rules
from payments.carriers.columns import COLUMNS
from payments.carriers.models import CarrierClaim, CarrierLayout, RemittanceFile
from payments.carriers.rules import Outcome
from payments.cod.operations import collect_cod, remit_cod
from payments.cod.queries import is_remitted
from payments.models import CodRemittance, Payment
from payments.queries import payment_of
from payments.refunds.operations import give_back_prepayment, take_back_pieces
from payments.refunds.queries import lines_left
from payments.rules import Event, check_quantities
from payments.tables.columns import Headings, find_headings, first_row_of_words
from payments.tables.files import Rows
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line
from revenue.split.operations import deliver, refund_split, share_compensation

STAFF = (Role.MANAGER, Role.TREASURER)


# --- a remittance as a table


def send_file(
    actor: Actor, key: str, carrier: str, file_name: str, stored: str, rows: Rows
) -> RemittanceFile:
    """Take a carrier's table: its columns are found, nothing is booked yet. key: the form's; rows: as read."""
    actor.must_be(*STAFF)
    mine = cooperatives.of_organisation(actor.organisation_id)
    body = [mine.id, carrier, stored]
    if found := done_before("send_remittance", key, body):
        return db.session.get_one(RemittanceFile, int(found))
    plain = [row for _no, row in rows]
    headings = find_headings(plain, COLUMNS, queries.layout_of(mine.id, carrier)) or first_row_of_words(plain)
    if headings is None:
        raise Invalid(
            N_("Không thấy bảng nào trong tệp."),
            remedy=N_("Cần một dòng tiêu đề, ví dụ Mã vận đơn, Tiền thu hộ, và mỗi đơn một dòng ở dưới."),
            field="sheet",
        )
    made = RemittanceFile(
        key=key, cooperative_id=mine.id, carrier=carrier, file=stored, file_name=clean(file_name)[:120],
        headings=_pairs(headings), heading_no=rows[headings.place][0], by_user_id=actor.user_id, sent_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    remember("send_remittance", key, body, str(made.id))
    audit(actor, "send_remittance", f"remittance_file:{made.id}", ("file", "headings"))
    return made


def _pairs(headings: Headings) -> list[list[str]]:
    return [[text, key] for text, key in zip(headings.texts, headings.keys, strict=True)]


def headings_of(found: RemittanceFile, rows: Rows) -> Headings:
    """The headings of a file as they stand now."""
    place = next(n for n, (number, _row) in enumerate(rows) if number == found.heading_no)
    return Headings(
        place, tuple(text for text, _key in found.headings), tuple(key for _text, key in found.headings)
    )


def set_file_columns(actor: Actor, file_id: int, keys: Sequence[str]) -> RemittanceFile:
    """A person says what each column is; remembered for the carrier's next file. Raises Invalid for one given twice."""
    actor.must_be(*STAFF)
    found = _open_file(actor, file_id)
    known = {column.key for column in COLUMNS}
    wanted = [key if key in known else "" for key in keys][: len(found.headings)]
    wanted += [""] * (len(found.headings) - len(wanted))
    used = [key for key in wanted if key]
    if len(used) != len(set(used)):
        raise Invalid(N_("Hai cột đang mang cùng một nghĩa."), remedy=N_("Để một cột là Không đọc."))
    found.headings = [[text, key] for (text, _was), key in zip(found.headings, wanted, strict=True)]
    _remember(found)
    audit(actor, "set_remittance_columns", f"remittance_file:{found.id}", ("headings",))
    return found


def _remember(found: RemittanceFile) -> None:
    """What one person's file taught, added to what others' did, one by one."""
    one_at_a_time("carrier_layout", f"{found.cooperative_id}:{found.carrier}")
    wanted = select(CarrierLayout).where(
        CarrierLayout.cooperative_id == found.cooperative_id, CarrierLayout.carrier == found.carrier
    )
    row = db.session.execute(wanted).scalar_one_or_none() or CarrierLayout(
        cooperative_id=found.cooperative_id, carrier=found.carrier, layout={}
    )
    told = Headings(
        0, tuple(pair[0] for pair in found.headings), tuple(pair[1] for pair in found.headings)
    ).layout
    row.layout, row.changed_at = {**row.layout, **told}, clock.now()
    db.session.add(row)


def _open_file(actor: Actor, file_id: int) -> RemittanceFile:
    found = queries.file_for(file_id, actor.organisation_id, lock=True)
    if found.remittance_id is not None:
        raise Conflict(N_("Bảng kê này đã ghi rồi."), remedy=N_("Tải lại trang để xem."))
    return found


def book_file(
    actor: Actor, file_id: int, rows: Rows, received_on: date, reference: str = ""
) -> CodRemittance:
    """Book the rows that fit an order to the đồng as one remittance, with their fees; the others stay for a person.

    Twice is harmless. Raises Invalid where no row fits.
    """
    actor.must_be(*STAFF)
    found = queries.file_for(file_id, actor.organisation_id, lock=True)
    if found.remittance_id is not None:
        return db.session.get_one(CodRemittance, found.remittance_id)
    seen = rules.read_rows(rows, headings_of(found, rows))
    good = [
        one
        for one in queries.match(seen, queries.expected(found.cooperative_id), found.carrier)
        if one.outcome is Outcome.GOOD
    ]
    if not good:
        raise Invalid(
            N_("Chưa dòng nào khớp với đơn."),
            remedy=N_("Xem lại cột, hoặc đánh dấu từng đơn ở trang Tiền thu hộ."),
        )
    made = remit_cod(
        actor, f"file:{found.id}", [one.order_id for one in good if one.order_id], carrier=found.carrier,
        fee_vnd=sum(one.row.fee_vnd for one in good), shipping_vnd=sum(one.row.shipping_vnd for one in good),
        received_on=received_on, reference=reference,
    )  # fmt: skip
    found.remittance_id = made.id
    _remember(found)
    audit(actor, "book_remittance_file", f"remittance_file:{found.id}", ("remittance_id",))
    return made


# --- delivered in part


def deliver_part(actor: Actor, key: str, order_id: int, returned: Mapping[int, int]) -> Order:
    """The buyer took a part at the door and paid for that; the other pieces {line id: pieces} came back to quarantine.

    The whole sale is shared and what came back is taken from each share again, so that every part adds up; the carrier
    owes only what it collected: the pieces taken, and the delivery. key: the form's own.
    Raises Invalid where nothing or everything came back (that is a refusal), Conflict for an order not under way.
    """
    actor.must_be(*STAFF)
    order = order_queries.order_for(order_id, actor.organisation_id)
    back = {line_id: pieces for line_id, pieces in sorted(returned.items()) if pieces}
    body = [order_id, list(back.items())]
    if done_before("deliver_part", key, body):
        return order
    payment = payment_of(order_id, lock=True)
    db.session.refresh(order)
    _check_part(order, payment, back)
    hold_packs(order_queries.lines(order_id))
    deliver(actor, order_id)
    amounts = check_quantities(lines_left(order), back)
    theirs = check_quantities(lines_left(order, subsidised=True), back) if order.subsidy_vnd else {}
    less = sum(amounts.values())
    refund_split(actor, order_id, amounts, key=f"door:{order_id}", subsidised=theirs)
    for line_id, pieces in back.items():
        orders.mark_refunded(line_id, pieces)
        take_back_pieces(actor, order, line_id, pieces)
    if less:
        lines = money.post_reduced(order_id, less)
        post(actor.organisation_id or 0, money.KIND["reduced"], f"door:{order_id}:reduced", lines, clock.today(),
             order_id=order_id)  # fmt: skip
        payment.amount_vnd -= less
    collect_cod(actor, order_id)
    remember("deliver_part", key, body, str(order_id))
    audit(actor, "deliver_part", f"order:{order_id}", ("refunded_quantity", "amount_vnd"))
    return order_queries.order(order_id)


def _check_part(order: Order, payment: Payment, back: Mapping[int, int]) -> None:
    if payment.method != Method.COD or order.state != OrderState.SHIPPED:
        raise Conflict(N_("Đơn %(code)s không ở trên đường, hoặc không thu khi giao."), code=order.code,
                       remedy=N_("Đơn đã giao thì hoàn tiền từng món ở trang đơn."))  # fmt: skip
    if not back:
        raise Invalid(
            N_("Chưa ghi món nào quay về."), remedy=N_("Khách nhận hết thì bấm Đã giao và thu tiền.")
        )
    left = {line.id: line.quantity - line.refunded_quantity for line in order_queries.lines(order.id)}
    if all(back.get(line_id, 0) >= pieces for line_id, pieces in left.items()):
        raise Invalid(
            N_("Cả đơn quay về thì không phải giao một phần."), remedy=N_("Ghi Khách không nhận, hàng về.")
        )


# --- what a carrier lost


def claim_loss(actor: Actor, order_id: int, reason: str) -> CarrierClaim:
    """A carrier lost a parcel on the road, or does not pay over cash that it took.

    A parcel: the order is cancelled, what was prepaid is owed back, and the goods do not come back. Cash: it is taken
    out of what the carrier holds and disputed; the sale stays shared, so no producer waits for it. Once for an order;
    twice is harmless. Raises Conflict for an order that is neither.
    """
    actor.must_be(*STAFF)
    order = order_queries.order_for(order_id, actor.organisation_id)
    payment = payment_of(order_id, lock=True)
    db.session.refresh(order)
    if (known := queries.claim_of_order(order_id)) is not None:
        return known
    words = clean(reason)[:300]
    if not words:
        raise Invalid(
            N_("Chưa ghi lý do."), remedy=N_("Viết vài chữ, ví dụ: bên giao báo thất lạc."), field="reason"
        )
    if order.state == OrderState.SHIPPED:
        kind, claimed = "parcel", order.goods_vnd
        orders.advance(order, OrderEvent.LOSE, actor, words)
        give_back_prepayment(actor, order, N_("Bên giao làm mất hàng"))
        lost(order)
    elif payment.method == Method.COD and order.state == OrderState.DELIVERED and not is_remitted(order_id):
        collect_cod(actor, order_id)  # delivered by the sweep, and nobody had told of the cash
        kind, claimed = "money", payment.amount_vnd
        lines = money.post_claimed(order_id, claimed)
        post(actor.organisation_id or 0, money.KIND["claimed"], f"claim:{order_id}", lines, clock.today(),
             order_id=order_id)  # fmt: skip
    else:
        raise Conflict(N_("Đơn %(code)s không có gì để đòi bên giao."), code=order.code,
                       remedy=N_("Chỉ đòi hàng đang trên đường, hoặc tiền đã thu mà chưa nộp."))  # fmt: skip
    made = CarrierClaim(
        order_id=order_id, cooperative_id=order.cooperative_id, carrier=order.carrier, kind=kind, claimed_vnd=claimed,
        reason=words, opened_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "claim_loss", f"carrier_claim:{made.id}", ("kind", "claimed_vnd", "reason"))
    return made


def settle_claim(actor: Actor, claim_id: int, paid_vnd: int) -> CarrierClaim:
    """A claim ended: the carrier paid so much into the bank account, 0 for nothing, and no more will come.

    For a parcel the sum is shared as its sale would have been; for cash the rest is a loss of the cooperative. Twice is
    harmless with the same sum. Raises Invalid for a sum above the claim, Conflict for one that ended otherwise.
    """
    actor.must_be(*STAFF)
    found = queries.claim_for(claim_id, actor.organisation_id, lock=True)
    if found.settled_at is not None:
        if found.paid_vnd != paid_vnd:
            raise Conflict(N_("Khiếu nại này đã ghi kết quả khác."), remedy=N_("Tải lại trang để xem."))
        return found
    if not 0 <= paid_vnd <= found.claimed_vnd:
        raise Invalid(N_("Số tiền từ 0 đến %(most)s."), field="paid_vnd", most=vnd(found.claimed_vnd))
    if found.kind == "money":
        lines = money.post_settled(found.order_id, found.claimed_vnd, paid_vnd)
        post(actor.organisation_id or 0, money.KIND["settled"], f"claim:{found.order_id}:settled", lines, clock.today(),
             order_id=found.order_id)  # fmt: skip
        payment_of(found.order_id, lock=True).happen(Event.REMIT)
    elif paid_vnd:
        share_compensation(actor, found.order_id, paid_vnd, [Line(AccountKind.BANK, "", paid_vnd)])
    found.paid_vnd, found.settled_at = paid_vnd, clock.now()
    db.session.flush()
    audit(actor, "settle_claim", f"carrier_claim:{found.id}", ("paid_vnd", "settled_at"))
    return found
