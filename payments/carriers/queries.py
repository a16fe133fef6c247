"""Reads of carriers: what each holds and for how long, a remittance matched to orders, the claims."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import clock
from core.db import db
from orders.models import Order, Purchase
from orders.rules import Method, is_code
from orders.rules import State as OrderState
from payments.carriers.models import CarrierClaim, CarrierLayout, RemittanceFile
from payments.carriers.rules import Age, Outcome, Row, age, same_carrier, tracking_key
from payments.models import CodRemittanceLine, Payment
from payments.queries import no_such, organisation_of
from payments.rules import codes_in

NOBODY = "?"


@dataclass(frozen=True)
class Lying:
    """One order's cash at a carrier."""

    order_id: int
    code: str
    buyer_name: str
    carrier: str
    tracking_number: str
    amount_vnd: int
    since: datetime
    age: Age


@dataclass(frozen=True)
class Ageing:
    """What carriers hold: {carrier: {class: đồng}}, and each order, the oldest first."""

    by_carrier: Mapping[str, Mapping[Age, int]]
    rows: tuple[Lying, ...]

    def of(self, one: Age) -> int:
        """Đồng of one class over all carriers."""
        return sum(sums[one] for sums in self.by_carrier.values())


def ageing(cooperative_id: int, carrier: str = "") -> Ageing:
    """Cash of delivered orders, not paid over and not disputed, by carrier and time. One statement.

    An order that the sweep took for delivered counts from that day, though no carrier has told of the cash yet: in the
    book the carrier has it too.
    """
    since = func.coalesce(Payment.collected_at, Order.delivered_at).label("since")
    paid = select(CodRemittanceLine.id).where(CodRemittanceLine.order_id == Order.id).exists()
    claimed = select(CarrierClaim.id).where(CarrierClaim.order_id == Order.id).exists()
    wanted = (
        select(Order.id, Order.code, Purchase.buyer_name, Order.carrier, Order.tracking_number, Payment.amount_vnd,
               since)
        .join(Payment, Payment.order_id == Order.id).join(Purchase, Purchase.id == Order.purchase_id)
        .where(Order.cooperative_id == cooperative_id, Payment.method == Method.COD)
        .where(Order.state == OrderState.DELIVERED, ~paid, ~claimed)
        .order_by(since, Order.id)
    )  # fmt: skip
    now = clock.now()
    rows = tuple(
        Lying(row.id, row.code, row.buyer_name, row.carrier, row.tracking_number, row.amount_vnd, row.since,
              age(now - row.since))
        for row in db.session.execute(wanted)
    )  # fmt: skip
    sums: dict[str, Counter[Age]] = {}
    for row in rows:
        sums.setdefault(row.carrier or NOBODY, Counter())[row.age] += row.amount_vnd
    by_carrier = {name: {one: sums[name][one] for one in Age} for name in sorted(sums)}
    return Ageing(by_carrier, tuple(row for row in rows if not carrier or row.carrier == carrier))


# --- remittance files


def layout_of(cooperative_id: int, carrier: str) -> Mapping[str, str]:
    """What a carrier's headings mean, as remembered."""
    wanted = select(CarrierLayout.layout).where(
        CarrierLayout.cooperative_id == cooperative_id, CarrierLayout.carrier == carrier
    )
    return db.session.execute(wanted).scalar_one_or_none() or {}


def file_for(file_id: int, organisation_id: int | None, *, lock: bool = False) -> RemittanceFile:
    """A carrier's file of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    found = db.session.get(RemittanceFile, file_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or organisation_of(found.cooperative_id) != organisation_id:
        raise no_such()
    return found


def files(cooperative_id: int, most: int = 20) -> list[RemittanceFile]:
    """The newest files of a cooperative's carriers."""
    wanted = select(RemittanceFile).where(RemittanceFile.cooperative_id == cooperative_id)
    return list(db.session.execute(wanted.order_by(RemittanceFile.id.desc()).limit(most)).scalars())


@dataclass(frozen=True)
class Matched:
    """One row with what it turned out to be. expected_vnd: what the book says the order's cash is."""

    row: Row
    outcome: Outcome
    order_id: int | None = None
    order_code: str = ""
    expected_vnd: int = 0


@dataclass(frozen=True)
class Expected:
    """An order that a carrier may pay over."""

    order_id: int
    code: str
    tracking: str
    amount_vnd: int
    paid: bool
    claimed: bool
    carrier: str = ""


def expected(cooperative_id: int) -> list[Expected]:
    """Cash orders that are under way or delivered. One statement."""
    paid = select(CodRemittanceLine.id).where(CodRemittanceLine.order_id == Order.id).exists()
    claimed = select(CarrierClaim.id).where(CarrierClaim.order_id == Order.id).exists()
    rows = db.session.execute(
        select(Order.id, Order.code, Order.tracking_number, Payment.amount_vnd, paid, claimed, Order.carrier)
        .join(Payment, Payment.order_id == Order.id)
        .where(Order.cooperative_id == cooperative_id, Payment.method == Method.COD)
        .where(Order.state.in_([OrderState.SHIPPED, OrderState.DELIVERED]))
    )
    return [
        Expected(row[0], row[1], tracking_key(row[2]), row[3], bool(row[4]), bool(row[5]), row[6])
        for row in rows
    ]


def match(rows: Sequence[Row], known: Sequence[Expected], carrier: str = "") -> tuple[Matched, ...]:
    """Find each row's order, by its code in any text of the row, else by the tracking number. carrier: whose table it
    is; an order that another carries is not booked from it."""
    by_code = {one.code: one for one in known}
    by_tracking: dict[str, list[Expected]] = {}
    for one in known:
        by_tracking.setdefault(one.tracking, []).append(one)
    seen: set[int] = set()
    found = []
    for row in rows:
        mine = _order_of(row, by_code, by_tracking)
        outcome = _outcome(row, mine, seen, carrier)
        found.append(Matched(row, outcome, *((mine.order_id, mine.code, mine.amount_vnd) if mine else ())))
        if mine is not None:
            seen.add(mine.order_id)
    return tuple(found)


def _order_of(
    row: Row, by_code: Mapping[str, Expected], by_tracking: Mapping[str, Sequence[Expected]]
) -> Expected | None:
    codes = [code for code in codes_in(f"{row.code} {row.tracking}", is_code) if code in by_code]
    if len(codes) == 1:
        return by_code[codes[0]]
    for number in (row.tracking, row.code):
        alike = by_tracking.get(tracking_key(number), []) if tracking_key(number) else []
        if len(alike) == 1:
            return alike[0]
    return None


def _outcome(row: Row, one: Expected | None, seen: set[int], carrier: str) -> Outcome:
    if row.fault is not None:
        return Outcome.FAULT
    if one is None:
        return Outcome.UNKNOWN
    if one.order_id in seen:
        return Outcome.TWICE
    if one.paid:
        return Outcome.PAID
    if one.claimed:
        return Outcome.CLAIMED
    if not same_carrier(one.carrier, carrier):
        return Outcome.OTHER
    return Outcome.GOOD if row.collected_vnd == one.amount_vnd else Outcome.DIFFERS


# --- claims


@dataclass(frozen=True)
class ClaimRow:
    """One claim of the list."""

    id: int
    order_code: str
    carrier: str
    kind: str
    claimed_vnd: int
    paid_vnd: int
    reason: str
    opened_at: datetime
    settled_at: datetime | None


def claims(cooperative_id: int) -> tuple[ClaimRow, ...]:
    """A cooperative's claims: open ones first, the oldest on top. One statement."""
    rows = db.session.execute(
        select(CarrierClaim.id, Order.code, CarrierClaim.carrier, CarrierClaim.kind, CarrierClaim.claimed_vnd,
               CarrierClaim.paid_vnd, CarrierClaim.reason, CarrierClaim.opened_at, CarrierClaim.settled_at)
        .join(Order, Order.id == CarrierClaim.order_id)
        .where(CarrierClaim.cooperative_id == cooperative_id)
        .order_by(CarrierClaim.settled_at.is_not(None), CarrierClaim.opened_at).limit(200)
    )  # fmt: skip
    return tuple(ClaimRow(*row) for row in rows)


def claim_for(claim_id: int, organisation_id: int | None, *, lock: bool = False) -> CarrierClaim:
    """A claim of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    found = db.session.get(CarrierClaim, claim_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or organisation_of(found.cooperative_id) != organisation_id:
        raise no_such()
    return found


def claim_of_order(order_id: int) -> CarrierClaim | None:
    """The claim for an order, if one was made."""
    return db.session.execute(
        select(CarrierClaim).where(CarrierClaim.order_id == order_id)
    ).scalar_one_or_none()


def open_claims(cooperative_id: int) -> tuple[int, int]:
    """How many claims are open, and their đồng."""
    mine = CarrierClaim.cooperative_id == cooperative_id, CarrierClaim.settled_at.is_(None)
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(CarrierClaim.claimed_vnd), 0)).where(*mine)
    ).one()
    return row[0], int(row[1])
