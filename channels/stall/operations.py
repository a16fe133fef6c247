"""Verbs of an outing: goods out, what a phone takes along, goods back. Sales are in `settling`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.public import PictureView
from catalog.queries import pack_facts
from channels.stall import queries
from channels.stall.models import StallGood, StallOuting
from channels.stall.queries import good_row, goods_of, sales_of, sums
from channels.stall.rules import CODES_AT_ONCE, NAME_MAX_CHARS
from cooperatives.models import Cooperative
from cooperatives.queries import active_account
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from core.once import done_before, remember
from core.text import clean
from orders.elsewhere.operations import keep_codes
from payments.counter.operations import book_count
from payments.providers import vietqr
from revenue.ledger.operations import lock_book
from revenue.rules import stall
from traceability import operations as stock
from traceability.log.operations import hold_log
from traceability.models import Stock
from traceability.parcels.operations import hold_packs
from traceability.rules import MovementKind, Place


def holder(outing_id: int) -> str:
    """In whose name codes are kept."""
    return f"stall:{outing_id}"


def open_outing(
    actor: Actor, cooperative_id: int, key: str, *, name: str, commune_id: int, wanted: Mapping[tuple[int, int], int]
) -> StallOuting:  # fmt: skip
    """Carry goods out of the store to a fair: {(lot, pack): packs}. The web can sell them no more from this moment.

    key: the form's; again it is the same outing. Raises Invalid without a name, Conflict where the store has fewer.
    """
    actor.must_be(Role.MANAGER)
    title = clean(name)[:NAME_MAX_CHARS]
    if not title:
        raise Invalid(N_("Đặt tên cho chuyến bán."), remedy=N_("Ví dụ: Phiên chợ Bắc Hà."), field="name")
    body = [cooperative_id, title, commune_id, sorted([*pair, count] for pair, count in wanted.items())]
    if known := done_before("stall_outing", key, body):
        return queries.outing_of(cooperative_id, int(known))
    made = StallOuting(
        cooperative_id=cooperative_id, key=key, name=title, commune_id=commune_id, day_on=clock.today(),
        opened_at=clock.now(), opened_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    carry(actor, made, wanted)
    remember("stall_outing", key, body, str(made.id))
    audit(actor, "open_outing", f"stall_outing:{made.id}", ("name", "day_on"))
    return made


def carry(actor: Actor, outing: StallOuting, wanted: Mapping[tuple[int, int], int]) -> None:
    """Carry more goods {(lot, pack): packs} to an outing that is not back. Raises Conflict past the store."""
    actor.must_be(Role.MANAGER)
    if outing.closed_at is not None:
        raise Conflict(N_("Chuyến này đã về."), remedy=N_("Mở chuyến mới."))
    hold_packs(
        [pack_id for _lot, pack_id in wanted]
    )  # all of them first: after that the chain of audit is locked
    for (lot_id, pack_id), quantity in sorted(wanted.items(), key=lambda one: (one[0][1], one[0][0])):
        stock.move_stock(
            actor, lot_id, pack_id, quantity, Place.STORE, Place.STALL, outing.name.ljust(5, ".")
        )
        row = good_row(outing.id, lot_id, pack_id) or StallGood(
            stall_outing_id=outing.id, lot_id=lot_id, pack_id=pack_id, carried_quantity=0
        )
        row.carried_quantity += quantity
        db.session.add(row)
    db.session.flush()
    audit(actor, "carry_to_stall", f"stall_outing:{outing.id}", ("carried_quantity",))


def take_along(actor: Actor, outing: StallOuting, have: int) -> dict[str, Any]:
    """What a phone needs to sell without a line: goods with prices, the account's code, order codes of its own.

    have: codes that it still has; it gets as many as it lacks. No person is named in it.
    """
    actor.must_be(Role.MANAGER)
    if outing.closed_at is not None:
        raise Conflict(N_("Chuyến này đã về."), remedy=N_("Mở chuyến mới."))
    rows = goods_of(outing.id)
    facts = pack_facts({one.pack_id for one in rows})
    lacks = max(0, CODES_AT_ONCE - max(0, have))
    account = active_account(outing.cooperative_id)
    seller = db.session.get_one(Cooperative, outing.cooperative_id)
    codes = keep_codes(holder(outing.id), lacks) if lacks and account is not None else []
    audit(actor, "take_stall_along", f"stall_outing:{outing.id}", ("goods", "codes"), "offline till")
    return {
        "outing": {"id": outing.id, "name": outing.name, "seller": seller.name},
        "goods": [
            {
                "lot": one.lot_id, "pack": one.pack_id, "lot_code": one.lot_code, "name": one.name,
                "label": one.label, "price": facts[one.pack_id].price_vnd, "left": one.left,
                "gtin": facts[one.pack_id].gtin, "picture": _picture(facts[one.pack_id].picture),
            }
            for one in rows if one.pack_id in facts and not one.recalled
        ],
        "bank": account and {
            "head": _head(account.bank_bin, account.account_number), "name": account.bank_name,
            "number": account.account_number, "holder": vietqr.plain(seller.name).upper(),
        },
        "codes": codes,
    }  # fmt: skip


def _picture(view: PictureView | None) -> str:
    """The address of the smallest picture, or of our drawing; empty where there is neither."""
    if view is None:
        return ""
    return view.stamp or (view.webp[0][1] if view.webp else view.src)


def _head(bank_bin: str, account_number: str) -> str:
    """A VietQR text up to its amount: the phone adds sum, code and checksum."""
    whole = vietqr.build(bank_bin, account_number, amount_vnd=1)
    return whole[: whole.index("54011")]


@dataclass(frozen=True)
class Counted:
    """What was counted at the return: {good id: packs} and the box; why it differs."""

    goods: Mapping[int, int]
    cash_vnd: int
    reason: str = ""


def come_back(actor: Actor, outing: StallOuting, counted: Counted) -> StallOuting:
    """Goods come back into the store; what lacks is lost, what is too much is found, each with the reason given. The
    book of cash follows the box in the same way.

    Twice is harmless. Raises Conflict while a sale waits for a decision, Invalid for a difference without a reason.
    """
    actor.must_be(Role.MANAGER)
    if outing.closed_at is not None:
        return outing
    rows, money = goods_of(outing.id), sums(sales_of(outing.id))
    if money.held:
        raise Conflict(
            N_("Còn %(count)s lần bán chờ quyết."), remedy=N_("Quyết xong rồi đếm hàng về."), count=money.held
        )
    lacking = [one for one in rows if one.id not in counted.goods]
    if lacking:
        raise Invalid(N_("Chưa đếm %(name)s."), remedy=N_("Không còn thì ghi 0."), name=lacking[0].name)
    differs = any(counted.goods[one.id] != one.left for one in rows if not one.recalled)
    reason = clean(counted.reason)[:300]
    if (differs or counted.cash_vnd != money.cash_vnd) and len(reason) < 5:
        raise Invalid(
            N_("Hàng hoặc tiền về không đúng với sổ."), remedy=N_("Viết lý do, ví dụ: vỡ hai lọ dọc đường."),
            field="reason",
        )  # fmt: skip
    hold_packs([one.pack_id for one in rows])
    lock_book(actor.organisation_id or 0)
    hold_log()
    for one in sorted(rows, key=lambda row: (row.pack_id, row.lot_id)):
        _bring_back(actor, outing, one, counted.goods[one.id], reason)
    outing.closed_at, outing.reason = clock.now(), reason
    outing.cash_counted_vnd, outing.cash_expected_vnd = counted.cash_vnd, money.cash_vnd
    outing.closed_by_user_id = actor.user_id
    book_count(
        actor, stall(outing.id), holder(outing.id), counted.cash_vnd - money.cash_vnd, f"{outing.name}: {reason}"
    )  # fmt: skip
    db.session.flush()
    audit(actor, "close_outing", f"stall_outing:{outing.id}", ("closed_at", "cash_counted_vnd", "reason"))
    return outing


def _bring_back(actor: Actor, outing: StallOuting, one: queries.GoodRow, back: int, reason: str) -> None:
    """One lot's packs: the difference booked where they lie, then the rest carried into the store."""
    row = db.session.get_one(StallGood, one.id)
    if one.recalled:  # its packs went to quarantine when the lot was taken back, wherever they lay
        row.returned_quantity = one.left
        return
    if back < one.left:
        stock.lose_stock(
            actor, one.lot_id, one.pack_id, one.left - back, reason, MovementKind.LOST, Place.STALL
        )
        row.lost_quantity += one.left - back
    elif back > one.left:
        there = lying(one.lot_id, one.pack_id, Place.STALL)
        stock.count_stock(actor, one.lot_id, one.pack_id, there + back - one.left, reason, Place.STALL)
        row.found_quantity += back - one.left
    if back:
        stock.move_stock(
            actor, one.lot_id, one.pack_id, back, Place.STALL, Place.STORE, outing.name.ljust(5, ".")
        )
        row.returned_quantity += back
    db.session.flush()


def lying(lot_id: int, pack_id: int, place: Place) -> int:
    """Packs of a lot at a place, of all outings together."""
    here = select(Stock.on_hand).where(
        Stock.lot_id == lot_id, Stock.pack_id == pack_id, Stock.place == str(place)
    )
    return int(db.session.execute(here).scalar_one_or_none() or 0)
