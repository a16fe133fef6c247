"""Reads of marketplaces: files, layouts, what codes mean there, orders, and what each site was told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from catalog.models import Pack, Product
from catalog.sheets.models import SheetCode
from channels.marketplaces.models import (
    MarketCategory,
    MarketFile,
    MarketLayout,
    MarketListing,
    MarketOrder,
    MarketSku,
)
from channels.marketplaces.rules import Kind, OrderState, Site, pack_of, sku_key
from channels.marketplaces.sales import Line
from cooperatives.models import Cooperative
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.bundles.models import OrderBundle
from orders.models import Order
from payments.models import Refund
from payments.rules import RefundSource, RefundState

FILES_SHOWN, ORDERS_SHOWN, IN_MAX = 12, 50, 500


def file_for(file_id: int, cooperative_id: int, kind: Kind, *, lock: bool = False) -> MarketFile:
    """A cooperative's file. Another's, or of another kind, is answered like none: NotFound."""
    found = db.session.get(MarketFile, file_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.cooperative_id != cooperative_id or found.kind != kind:
        raise NotFound(N_("Không có tệp này."), remedy=N_("Mở lại từ trang của sàn."))
    return found


def files_of(cooperative_id: int, site: Site) -> list[MarketFile]:
    """The newest files of a site."""
    wanted = select(MarketFile).where(MarketFile.cooperative_id == cooperative_id, MarketFile.site == site)
    return list(db.session.execute(wanted.order_by(MarketFile.id.desc()).limit(FILES_SHOWN)).scalars())


def by_key(key: str) -> MarketFile | None:
    """The file that a form's key brought."""
    return db.session.execute(select(MarketFile).where(MarketFile.key == key)).scalar_one_or_none()


def layout_of(cooperative_id: int, site: str, kind: str, fingerprint: str) -> MarketLayout | None:
    """What was agreed for a template like this: the same one's, else the newest of that site and kind."""
    wanted = select(MarketLayout).where(
        MarketLayout.cooperative_id == cooperative_id, MarketLayout.site == site, MarketLayout.kind == kind
    )
    same = (MarketLayout.fingerprint == fingerprint).desc()
    return db.session.execute(
        wanted.order_by(same, MarketLayout.changed_at.desc(), MarketLayout.id.desc()).limit(1)
    ).scalar_one_or_none()


def home_of(cooperative_id: int) -> int:
    """The commune of a cooperative."""
    return db.session.get_one(Cooperative, cooperative_id).commune_id


def categories(cooperative_id: int, site: str) -> dict[int, str]:
    """{our category id: the site's code}."""
    wanted = select(MarketCategory.category_id, MarketCategory.code).where(
        MarketCategory.cooperative_id == cooperative_id, MarketCategory.site == site
    )
    return dict(db.session.execute(wanted).tuples().all())


# --- which pack a site's text means


def skus(cooperative_id: int, site: str) -> dict[str, int]:
    """{folded text: pack id}: our codes, the cooperative's own, barcodes, and what a person said, which goes first.

    Three statements, whatever the number of packs.
    """
    mine = select(Pack.id, Pack.gtin).join(Product, Product.id == Pack.product_id)
    rows = db.session.execute(mine.where(Product.cooperative_id == cooperative_id)).all()
    found: dict[str, int] = {}
    for pack_id, gtin in rows:
        found[f"cp-{pack_id}"] = pack_id
        found[gtin] = found[gtin.lstrip("0")] = pack_id
    own = select(SheetCode.code, SheetCode.pack_id).where(SheetCode.cooperative_id == cooperative_id)
    said = select(MarketSku.sku, MarketSku.pack_id).where(
        MarketSku.cooperative_id == cooperative_id, MarketSku.site == site
    )
    for wanted in (own, said):
        for text, pack_id in db.session.execute(wanted):
            found[sku_key(text)] = pack_id
    return found


def pack_for(line: Line, known: Mapping[str, int]) -> int | None:
    """The pack that a line of a site's order means; None where nobody has said it yet."""
    if (named := pack_of(line.sku)) is not None and f"cp-{named}" in known:
        return known.get(sku_key(line.sku), named)
    return known.get(sku_key(line.sku)) or known.get(sku_key(line.name))


# --- orders


def orders_named(cooperative_id: int, site: str, numbers: Collection[str]) -> dict[str, MarketOrder]:
    """{number: what is known of it}. One statement per 500."""
    found: dict[str, MarketOrder] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), IN_MAX):
        rows = db.session.execute(
            select(MarketOrder).where(
                MarketOrder.cooperative_id == cooperative_id, MarketOrder.site == site,
                MarketOrder.number.in_(wanted[start : start + IN_MAX]),
            )
        ).scalars()  # fmt: skip
        found |= {row.number: row for row in rows}
    return found


def order_for(row_id: int, cooperative_id: int, site: str, *, lock: bool = False) -> MarketOrder:
    """A site's order. Raises NotFound for another's."""
    found = db.session.get(MarketOrder, row_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.cooperative_id != cooperative_id or found.site != site:
        raise NotFound(N_("Không tìm thấy đơn này."), remedy=N_("Mở lại từ trang của sàn."))
    return found


def held(cooperative_id: int, site: str) -> list[MarketOrder]:
    """Orders that wait for a person, oldest first."""
    wanted = select(MarketOrder).where(
        MarketOrder.cooperative_id == cooperative_id, MarketOrder.site == site, MarketOrder.problem != ""
    )
    return list(db.session.execute(wanted.order_by(MarketOrder.id).limit(ORDERS_SHOWN)).scalars())


@dataclass(frozen=True)
class OwnOrder:
    """A site's order that is ours. status: the site's word; state: where ours stands."""

    order_id: int
    code: str
    number: str
    status: str
    state: str
    total_vnd: int
    fee_vnd: int


def newest(cooperative_id: int, site: str) -> list[OwnOrder]:
    """The newest orders from a site. One statement."""
    rows = db.session.execute(
        select(Order.id, Order.code, MarketOrder.number, MarketOrder.status, Order.state, Order.total_vnd,
               MarketOrder.fee_vnd)
        .join(Order, Order.id == MarketOrder.order_id)
        .where(MarketOrder.cooperative_id == cooperative_id, MarketOrder.site == site)
        .order_by(Order.id.desc()).limit(20)
    )  # fmt: skip
    return [OwnOrder(*row) for row in rows]


def boxes_of(order_id: int) -> dict[int | None, tuple[int, int]]:
    """{box line's bundle id: (its pack id, boxes)}."""
    rows = db.session.execute(
        select(OrderBundle.id, OrderBundle.pack_id, OrderBundle.quantity).where(
            OrderBundle.order_id == order_id
        )
    )
    return {bundle_id: (pack_id, quantity) for bundle_id, pack_id, quantity in rows}


def owed_back(order_id: int) -> list[int]:
    """Refunds of an order that have not gone yet."""
    wanted = select(Refund.id).where(
        Refund.order_id == order_id, Refund.state == RefundState.DUE,
        Refund.source.in_([RefundSource.PREPAYMENT, RefundSource.DELIVERED]),
    )  # fmt: skip
    return list(db.session.execute(wanted.order_by(Refund.id)).scalars())


# --- what the pages show of a site


@dataclass(frozen=True)
class Spoken:
    """When a site was last spoken with. filled_at: a template was fetched; read_at: an order file was accepted;
    failed_at: one was that the worker gave up.

    taken, held, waiting: its orders by state here.
    """

    filled_at: datetime | None = None
    read_at: datetime | None = None
    taken: int = 0
    held: int = 0
    waiting: int = 0
    failed_at: datetime | None = None

    @property
    def broken(self) -> bool:
        """Whether the newest order file was given up half-way."""
        return self.failed_at is not None and (self.read_at is None or self.failed_at > self.read_at)

    @property
    def last_at(self) -> datetime | None:
        """The later of the two."""
        known = [one for one in (self.filled_at, self.read_at) if one is not None]
        return max(known) if known else None


def spoken(cooperative_id: int) -> dict[str, Spoken]:
    """{site: when it was last spoken with}, of the sites that were. Three statements."""
    told = dict(db.session.execute(
        select(MarketListing.site, func.max(MarketListing.told_at))
        .where(MarketListing.cooperative_id == cooperative_id).group_by(MarketListing.site)
    ).tuples().all())  # fmt: skip
    dead = MarketFile.work_state == "dead"
    files = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(MarketFile.site, func.max(MarketFile.accepted_at).filter(~dead),
                   func.max(MarketFile.accepted_at).filter(dead))
            .where(MarketFile.cooperative_id == cooperative_id, MarketFile.kind == Kind.ORDERS)
            .group_by(MarketFile.site)
        )
    }  # fmt: skip
    counts: dict[str, dict[str, int]] = {}
    for site, state, problem, count in db.session.execute(
        select(MarketOrder.site, MarketOrder.state, MarketOrder.problem != "", func.count())
        .where(MarketOrder.cooperative_id == cooperative_id)
        .group_by(MarketOrder.site, MarketOrder.state, MarketOrder.problem != "")
    ):
        mine = counts.setdefault(site, {})
        mine[state] = mine.get(state, 0) + count
        mine["problem"] = mine.get("problem", 0) + (count if problem else 0)
    return {
        site: Spoken(
            told.get(site), files.get(site, (None, None))[0], counts.get(site, {}).get(OrderState.TAKEN, 0),
            counts.get(site, {}).get("problem", 0), counts.get(site, {}).get(OrderState.WAITING, 0),
            files.get(site, (None, None))[1],
        )
        for site in {*told, *files, *counts}
    }  # fmt: skip
