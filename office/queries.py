"""The manager's day: what waits, what money came, what runs out. Each figure from the part that owns it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from accounts.rules import Actor
from catalog.models import Pack, Photo, Product
from catalog.moderation.queries import waiting_notices
from catalog.queries import certificates_ending
from catalog.questions.queries import count_waiting
from catalog.rules import State
from cooperatives.models import Cooperative
from cooperatives.queries import active_account, of_organisation
from core import clock
from core.db import db
from orders.complaints.queries import waiting as complaints_waiting
from orders.queries import board_counts
from orders.reviews.queries import count_unanswered
from payments.cod.queries import cod_page
from payments.refunds.queries import refunds
from payments.transfers.queries import transfers
from revenue.queries import Week, money_week, owed
from traceability.stock.queries import expiring

LOW_PIECES = 8
SOON_DAYS = 30


@dataclass(frozen=True)
class Low:
    """A pack that runs out."""

    product_id: int
    name: str
    label: str
    pieces: int


@dataclass(frozen=True)
class Ending:
    """A paper or a lot that ends, or has ended. days: from today, negative when past."""

    kind: str
    name: str
    on: date
    days: int
    ref_id: int


@dataclass(frozen=True)
class Day:
    """One page for the morning."""

    cooperative: Cooperative
    orders: dict[str, int]
    suspense: int
    suspense_vnd: int
    refunds_due: int
    refunds_vnd: int
    to_collect: int
    week: Week
    owed_vnd: int
    owed_count: int
    low: tuple[Low, ...]
    ending: tuple[Ending, ...]
    drafts: int
    failed_photos: int
    has_account: bool
    questions: int = 0
    reviews: int = 0
    complaints: int = 0
    notices: int = 0

    @property
    def jobs(self) -> int:
        """How many things wait for somebody."""
        waiting = sum(self.orders[tab] for tab in ("to_confirm", "to_pack", "to_ship", "problems"))
        return waiting + self.suspense + self.refunds_due + self.questions + self.complaints + self.notices


def day(actor: Actor) -> Day:
    """The day of the cooperative the actor works for."""
    found = of_organisation(actor.organisation_id)
    waiting, due = transfers(found.id), refunds(found.id)
    open_now = [one for one in owed(actor.organisation_id or 0) if one.owed_vnd > 0]
    drafts, failed = _unfinished(found.id)
    return Day(
        cooperative=found,
        orders=board_counts(found.id),
        suspense=waiting.waiting,
        suspense_vnd=waiting.waiting_vnd,
        refunds_due=due.due,
        refunds_vnd=due.due_vnd,
        to_collect=len(cod_page(found.id).under_way),
        week=money_week(actor.organisation_id or 0),
        owed_vnd=sum(one.owed_vnd for one in open_now),
        owed_count=len(open_now),
        low=low_packs(found.id),
        ending=_ending(found.id),
        drafts=drafts,
        failed_photos=failed,
        has_account=active_account(found.id) is not None,
        complaints=complaints_waiting(found.id),
        notices=waiting_notices(found.id),
        questions=count_waiting(found.id),
        reviews=count_unanswered(found.id, clock.now() - timedelta(days=SOON_DAYS)),
    )


def low_packs(cooperative_id: int) -> tuple[Low, ...]:
    """Published packs of which fewer than eight can be sold today, the scarcest first."""
    rows = db.session.execute(
        select(Product.id, Product.name, Pack.label, Pack.available)
        .join(Product, Product.id == Pack.product_id)
        .where(
            Product.cooperative_id == cooperative_id,
            Product.state == State.PUBLISHED,
            Pack.active,
            ~Pack.bundle,
            Pack.available < LOW_PIECES,
        )
        .order_by(Pack.available, Product.name)
        .limit(8)
    )
    return tuple(Low(*row) for row in rows)


def _unfinished(cooperative_id: int) -> tuple[int, int]:
    mine = Product.cooperative_id == cooperative_id
    drafts = db.session.execute(select(Product.id).where(mine, Product.state == State.DRAFT)).all()
    failed = db.session.execute(
        select(Photo.id).join(Product, Product.id == Photo.product_id).where(mine, Photo.state == "failed")
    ).all()
    return len(drafts), len(failed)


def _ending(cooperative_id: int) -> tuple[Ending, ...]:
    """Certificates and lots in the store that end within 30 days or have ended, the soonest first."""
    today = clock.today()
    papers = [
        Ending("certificate", row.number, row.valid_to, (row.valid_to - today).days, row.id)
        for row in certificates_ending(today + timedelta(days=SOON_DAYS))
        if row.cooperative_id == cooperative_id
    ]
    lots = [
        Ending(
            "lot",
            f"{line.product_name}, {line.lot_code}",
            line.expires_on,
            (line.expires_on - today).days,
            line.lot_id,
        )
        for line in expiring(cooperative_id, today, SOON_DAYS)
        if line.expires_on is not None
    ]
    return tuple(sorted(papers + lots, key=lambda one: one.on)[:8])
