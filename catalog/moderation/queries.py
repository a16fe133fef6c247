"""Reads of moderation: what waits, under which clock, and what a cooperative was told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from catalog.models import Product
from catalog.moderation import rules
from catalog.moderation.models import SuspensionNotice, Takedown
from catalog.moderation.rules import BLOCKING, NOTICE_TEXT, STATE_TEXT, NoticeState, State
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_


@dataclass(frozen=True)
class TakedownView:
    """A request with its goods, seller and clock. state_text: a message id. hours, minutes: left until it is due."""

    row: Takedown
    name: str
    slug: str
    seller: str
    state_text: str
    hours: int
    minutes: int
    late: bool


def _view(row: Takedown, product: Product, seller: str, now: datetime) -> TakedownView:
    hours, minutes = rules.left(row.due_at, now)
    late = row.due_at < (row.down_at or now)
    return TakedownView(
        row,
        product.name or product.slug,
        product.slug,
        seller,
        STATE_TEXT[State(row.state)],
        hours,
        minutes,
        late,
    )


def takedowns(cooperative_id: int | None = None, *, limit: int = 200) -> list[TakedownView]:
    """Requests, those that wait for somebody first; of one cooperative without those not acted on yet. One query."""
    waits = case({State.ASKED: 0, State.APPEALED: 1}, value=Takedown.state, else_=2)
    wanted = (
        select(Takedown, Product, Cooperative.name)
        .join(Product, Product.id == Takedown.product_id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .order_by(waits, Takedown.due_at, Takedown.id)
        .limit(limit)
    )
    if cooperative_id is not None:
        wanted = wanted.where(Product.cooperative_id == cooperative_id, Takedown.state != State.ASKED)
    now = clock.now()
    return [_view(row, product, seller, now) for row, product, seller in db.session.execute(wanted)]


def takedown(takedown_id: int, cooperative_id: int | None = None) -> TakedownView:
    """One request. Raises NotFound, also for another cooperative's or one it was not told of yet."""
    wanted = (
        select(Takedown, Product, Cooperative.name)
        .join(Product, Product.id == Takedown.product_id)
        .join(Cooperative, Cooperative.id == Product.cooperative_id)
        .where(Takedown.id == takedown_id)
    )
    if cooperative_id is not None:
        wanted = wanted.where(Product.cooperative_id == cooperative_id, Takedown.state != State.ASKED)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound(N_("Không có yêu cầu này."))
    row, product, seller = found
    return _view(row, product, seller, clock.now())


def blocking(product_id: int) -> Takedown | None:
    """The request that keeps a product from being published, if there is one."""
    wanted = select(Takedown).where(Takedown.product_id == product_id, Takedown.state.in_(BLOCKING))
    return db.session.execute(wanted.order_by(Takedown.id).limit(1)).scalar_one_or_none()


@dataclass(frozen=True)
class NoticeView:
    """A notice of suspension; state_text: a message id."""

    row: SuspensionNotice
    state_text: str


def notices(cooperative_id: int) -> list[NoticeView]:
    """What a cooperative was told about its shop, the newest first."""
    wanted = select(SuspensionNotice).where(SuspensionNotice.cooperative_id == cooperative_id)
    rows = db.session.execute(wanted.order_by(SuspensionNotice.id.desc())).scalars()
    return [NoticeView(row, NOTICE_TEXT[NoticeState(row.state)]) for row in rows]


def waiting_notices(cooperative_id: int) -> int:
    """How many things of moderation a cooperative's manager should read now: listings down, a suspension to come."""
    down = (
        select(func.count())
        .select_from(Takedown)
        .join(Product, Product.id == Takedown.product_id)
        .where(Product.cooperative_id == cooperative_id, Takedown.state == State.DOWN)
    )
    given = (
        select(func.count())
        .select_from(SuspensionNotice)
        .where(SuspensionNotice.cooperative_id == cooperative_id, SuspensionNotice.state == NoticeState.GIVEN)
    )
    return sum(db.session.execute(select(down.scalar_subquery(), given.scalar_subquery())).one())
