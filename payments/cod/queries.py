"""Reads of cash on delivery: what carriers still have to collect, what they have collected, what they paid over."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core.db import db
from orders.models import Order, Purchase
from orders.rules import Method
from orders.rules import State as OrderState
from payments.models import CarrierClaim, CodRemittance, CodRemittanceLine, Payment
from payments.rules import State

MOST = 200  # rows of one list; a cooperative with more has its carriers remit


@dataclass(frozen=True)
class CodRow:
    """One order of a list. `at`: shipped, or collected."""

    order_id: int
    code: str
    buyer_name: str
    carrier: str
    tracking_number: str
    amount_vnd: int
    at: datetime | None


@dataclass(frozen=True)
class RemittanceRow:
    """One payment by a carrier."""

    id: int
    carrier: str
    reference: str
    received_on: date
    gross_vnd: int
    fee_vnd: int
    shipping_vnd: int
    order_count: int

    @property
    def costs_vnd(self) -> int:
        """What the carrier held back."""
        return self.fee_vnd + self.shipping_vnd

    @property
    def net_vnd(self) -> int:
        """What reached the bank."""
        return self.gross_vnd - self.costs_vnd


@dataclass(frozen=True)
class CodPage:
    """The three lists of cash on delivery."""

    under_way: tuple[CodRow, ...]
    collected: tuple[CodRow, ...]
    remitted: tuple[RemittanceRow, ...]

    @property
    def under_way_vnd(self) -> int:
        """Cash that carriers still have to collect."""
        return sum(row.amount_vnd for row in self.under_way)

    @property
    def collected_vnd(self) -> int:
        """Cash that carriers hold."""
        return sum(row.amount_vnd for row in self.collected)

    def only(self, carrier: str) -> tuple[CodRow, ...]:
        """What one carrier holds; all when none is named."""
        return tuple(row for row in self.collected if not carrier or row.carrier == carrier)

    @property
    def carriers(self) -> tuple[str, ...]:
        """Those who hold or carry."""
        return tuple(sorted({row.carrier for row in (*self.collected, *self.under_way) if row.carrier}))


def _rows(cooperative_id: int, at: object, *where: object) -> tuple[CodRow, ...]:
    wanted = (
        select(
            Order.id,
            Order.code,
            Purchase.buyer_name,
            Order.carrier,
            Order.tracking_number,
            Payment.amount_vnd,
            at,
        )  # type: ignore[call-overload]
        .join(Payment, Payment.order_id == Order.id)
        .join(Purchase, Purchase.id == Order.purchase_id)
        .where(Order.cooperative_id == cooperative_id, Payment.method == Method.COD, *where)
        .order_by(at, Order.id)
        .limit(MOST)
    )
    return tuple(CodRow(*row) for row in db.session.execute(wanted))


def cod_page(cooperative_id: int) -> CodPage:
    """A cooperative's cash on delivery. Three statements."""
    shipped = Payment.state == State.TO_COLLECT, Order.state.in_([OrderState.SHIPPED, OrderState.DELIVERED])
    paid_over = select(CodRemittanceLine.id).where(CodRemittanceLine.order_id == Order.id).exists()
    under_way = _rows(cooperative_id, Order.shipped_at, *shipped)
    claimed = select(CarrierClaim.id).where(CarrierClaim.order_id == Order.id).exists()
    collected = _rows(
        cooperative_id, Payment.collected_at, Payment.collected_at.is_not(None), ~paid_over, ~claimed
    )
    return CodPage(under_way, collected, remittances(cooperative_id))


def remittances(cooperative_id: int, most: int = 20) -> tuple[RemittanceRow, ...]:
    """The newest payments by carriers."""
    rows = db.session.execute(
        select(CodRemittance.id, CodRemittance.carrier, CodRemittance.reference, CodRemittance.received_on,
               CodRemittance.gross_vnd, CodRemittance.fee_vnd, CodRemittance.shipping_vnd,
               func.count(CodRemittanceLine.id))
        .join(CodRemittanceLine, CodRemittanceLine.remittance_id == CodRemittance.id)
        .where(CodRemittance.cooperative_id == cooperative_id)
        .group_by(CodRemittance.id).order_by(CodRemittance.id.desc()).limit(most)
    )  # fmt: skip
    return tuple(RemittanceRow(*row) for row in rows)


def is_remitted(order_id: int) -> bool:
    """Whether a carrier has paid this order over."""
    return (
        db.session.execute(select(CodRemittanceLine.id).where(CodRemittanceLine.order_id == order_id)).first()
        is not None
    )
