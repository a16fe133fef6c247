"""Reads for the list of calls: each cooperative's last sale, waiting orders, stock and papers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from accounts.rules import show_phone
from catalog.models import Certificate, Pack, Product
from catalog.queries import certificates_ending
from catalog.rules import State as ProductState
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from orders.models import Order
from orders.rules import UNPAID
from orders.rules import State as OrderState
from places.queries import place_names
from programme.calls.rules import SOON_DAYS, Matter, State, matters, urgency

NO_SALE = (*UNPAID, OrderState.CANCELLED, OrderState.EXPIRED, OrderState.REFUSED)
NOT_SENT = (OrderState.TO_CONFIRM, OrderState.TO_PACK, OrderState.PACKED)


@dataclass(frozen=True)
class Call:
    """A cooperative and what to talk about. phone is the cooperative's own, E.164; shown as people write it."""

    name: str
    slug: str
    place: str
    phone: str
    phone_shown: str
    matters: tuple[Matter, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether one matter should not wait."""
        return any(one.is_urgent for one in self.matters)


@dataclass(frozen=True)
class Calls:
    """Whom to ring, the most pressing first, and whom not."""

    rows: tuple[Call, ...]
    well: tuple[str, ...]
    count: int


def calls() -> Calls:
    """Every approved cooperative. Seven statements, however many there are."""
    today = clock.today()
    found = db.session.execute(
        select(Cooperative.id, Cooperative.name, Cooperative.slug, Cooperative.phone, Cooperative.commune_id,
               Cooperative.decided_at)
        .where(Cooperative.state == "approved").order_by(Cooperative.name_folded)
    ).all()  # fmt: skip
    states = _states({row.id: _day(row.decided_at) or today for row in found}, today)
    places = place_names({row.commune_id for row in found})
    rows = [
        Call(row.name, row.slug, places[row.commune_id].full, row.phone, show_phone(row.phone),
             matters(states[row.id], today))
        for row in found
    ]  # fmt: skip
    waiting = sorted((row for row in rows if row.matters), key=lambda row: urgency(row.matters))
    return Calls(tuple(waiting), tuple(row.name for row in rows if not row.matters), len(rows))


def _day(instant: datetime | None) -> date | None:
    return clock.day_of(instant) if instant else None


def _states(since: dict[int, date], today: date) -> dict[int, State]:
    sold, waiting, ends, pieces = _last_sales(), _waiting(), _ends(today), _pieces()
    return {
        coop: State(day, sold.get(coop), tuple(waiting[coop]), tuple(ends[coop]), tuple(pieces[coop]))
        for coop, day in since.items()
    }


def _last_sales() -> dict[int, date]:
    rows = db.session.execute(
        select(Order.cooperative_id, func.max(Order.placed_at))
        .where(Order.state.not_in(NO_SALE))
        .group_by(Order.cooperative_id)
    )
    return {coop: clock.day_of(at) for coop, at in rows}


def _waiting() -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    rows = db.session.execute(
        select(Order.cooperative_id, Order.placed_at, Order.paid_at).where(Order.state.in_(NOT_SENT))
    )
    for coop, placed_at, paid_at in rows:
        found[coop].append(clock.day_of(paid_at or placed_at))
    return found


def _ends(today: date) -> dict[int, list[date]]:
    """The last day of each certificate that has ended or ends soon, unless a newer one of its kind follows it."""
    found: dict[int, list[date]] = defaultdict(list)
    newest: dict[tuple[int, int | None, str], date] = {}
    for row in certificates_ending(today + timedelta(days=SOON_DAYS)):
        newest[row.cooperative_id, row.product_id, row.kind] = row.valid_to
    for coop, product_id, kind in _renewed(today) & newest.keys():
        del newest[coop, product_id, kind]
    for (coop, _product, _kind), day in newest.items():
        found[coop].append(day)
    return found


def _renewed(today: date) -> set[tuple[int, int | None, str]]:
    """What has a certificate that holds beyond the days we look at."""
    beyond = Certificate.valid_to.is_(None) | (Certificate.valid_to > today + timedelta(days=SOON_DAYS))
    rows = db.session.execute(
        select(Certificate.cooperative_id, Certificate.product_id, Certificate.kind).where(beyond)
    )
    return {(row.cooperative_id, row.product_id, row.kind) for row in rows}


def _pieces() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(
        select(Product.cooperative_id, Pack.available)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.state == ProductState.PUBLISHED, Pack.active)
    )
    for coop, available in rows:
        found[coop].append(available)
    return found
