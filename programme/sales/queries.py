"""Reads of sales: from revenue's postings, with the names of cooperatives and products."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from catalog.models import Product
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.i18n import _
from programme.reach.queries import PaidHouseholds, paid_households
from programme.rules import Month, hidden, is_shown, month_of, months_until
from programme.sales.rules import Sale, Sum, by_month, csv_cell, matrix, sums, total
from revenue.collector.moves import Flows, flows
from revenue.models import Entry
from revenue.queries import sales_by_month


@dataclass(frozen=True)
class Seller:
    """A cooperative that sells here."""

    id: int
    organisation_id: int
    name: str


def sellers() -> dict[int, Seller]:
    """Every cooperative that was ever approved, by id, in the order of names."""
    rows = db.session.execute(
        select(Cooperative.id, Cooperative.organisation_id, Cooperative.name)
        .where(Cooperative.organisation_id.is_not(None))
        .order_by(Cooperative.name_folded)
    )
    return {row.id: Seller(*row) for row in rows}


def sales(
    since: date, until: date, known: dict[int, Seller], cooperative_id: int | None = None
) -> list[Sale]:
    """Delivered goods from `since` to before `until`, of all cooperatives or one, in one statement."""
    of = {one.organisation_id: one.id for one in known.values()}
    only = known[cooperative_id].organisation_id if cooperative_id is not None else None
    return [
        Sale(of[row.organisation_id], row.product_id, Month(row.year, row.month), row.door, row.goods_vnd,
             row.producers_vnd)
        for row in sales_by_month(since, until, only, by_door=True)
        if row.organisation_id in of
    ]  # fmt: skip


def years() -> list[int]:
    """The calendar years in which money moved, newest first; this year always."""
    first = db.session.execute(select(func.min(Entry.on))).scalar_one()
    this = clock.today().year
    return list(range(this, (first.year if first else this) - 1, -1))


@dataclass(frozen=True)
class Bar:
    """A cooperative's month. households_vnd: None when so few families share it that one could be known."""

    name: str
    goods_vnd: int
    households_vnd: int | None


@dataclass(frozen=True)
class Overview:
    """The first page: one month, the year behind it, and whom it reached."""

    month: Month
    choices: tuple[Month, ...]
    months: tuple[Month, ...]
    line: tuple[Sum, ...]
    bars: tuple[Bar, ...]
    paid: PaidHouseholds
    is_running: bool
    today: date

    @property
    def now(self) -> Sum:
        """The month itself."""
        return self.line[-1]

    @property
    def before(self) -> Sum:
        """The month before it."""
        return self.line[-2]

    @property
    def shows_part(self) -> bool:
        """Whether the families' part of this month may be printed: not when it is the money of one to four."""
        return is_shown(self.paid.count)

    @property
    def draws_part(self) -> bool:
        """Whether the families' part may be drawn for every month."""
        return all(is_shown(count) for count in self.paid.by_month)


def overview(month: Month) -> Overview:
    """The month with the twelve months that end in it. Five statements."""
    known, months, today = sellers(), months_until(month), clock.today()
    sold = sales(months[0].first, month.plus(1).first, known)
    paid = paid_households(months, today)
    return Overview(
        month=month,
        choices=tuple(reversed(months_until(month_of(today), 24))),
        months=tuple(months),
        line=tuple(by_month(sold, months)),
        bars=_bars([one for one in sold if one.month == month], known, paid),
        paid=paid,
        is_running=month == month_of(today),
        today=today,
    )


def _bars(sold: list[Sale], known: dict[int, Seller], paid: PaidHouseholds) -> tuple[Bar, ...]:
    """Each cooperative's month, largest first; the families' part is hidden where it would tell one family's sum."""
    of = sums(sold, lambda one: one.cooperative_id)
    counts = [paid.by_organisation.get(known[coop].organisation_id, 0) for coop in of]
    gone = hidden(counts)
    return tuple(
        Bar(known[coop].name, one.goods_vnd, None if place in gone else one.households_vnd)
        for place, (coop, one) in enumerate(of.items())
    )


@dataclass(frozen=True)
class Revenue:
    """A calendar year of one or all cooperatives. Goods only: the families' part stands in the overview."""

    year: int
    years: tuple[int, ...]
    cooperative_id: int | None
    sellers: tuple[Seller, ...]
    months: tuple[Month, ...]
    whole_vnd: int
    month_sums: tuple[int, ...]
    rows: tuple[tuple[str, int, tuple[int, ...]], ...]  # cooperative, year, each month, đồng
    products: tuple[tuple[str, str, int], ...]  # product, cooperative, đồng
    channels: tuple[tuple[str, int], ...]
    flows: Flows | None  # what passed through collectors; None where there never was one


def revenue(year: int | None, cooperative_id: int | None) -> Revenue:
    """A year's sales along each dimension. Five statements. An unknown year or cooperative counts as not asked."""
    known, offered, today = sellers(), years(), clock.today()
    year = year if year in offered else offered[0]
    one = cooperative_id if cooperative_id in known else None
    sold = sales(date(year, 1, 1), date(year + 1, 1, 1), known, one)
    months = [Month(year, number) for number in range(1, (today.month if year == today.year else 12) + 1)]
    return Revenue(
        year=year, years=tuple(offered), cooperative_id=one, sellers=tuple(known.values()), months=tuple(months),
        whole_vnd=total(sold).goods_vnd,
        month_sums=tuple(row.goods_vnd for row in by_month(sold, months)),
        rows=tuple((known[coop].name, sum(cells), tuple(cells)) for coop, cells in matrix(sold, months).items()),
        products=_products(sold, known),
        channels=tuple((name, row.goods_vnd) for name, row in sums(sold, lambda row: row.channel).items()),
        flows=flows(date(year, 1, 1), date(year + 1, 1, 1), [known[one].organisation_id] if one else None),
    )  # fmt: skip


def _product_names(product_ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(Product.id, Product.name).where(Product.id.in_(product_ids)))
    return {row.id: row.name for row in rows}


def _products(sold: list[Sale], known: dict[int, Seller]) -> tuple[tuple[str, str, int], ...]:
    found = sums(sold, lambda row: (row.product_id, row.cooperative_id))
    names = _product_names({product_id for product_id, _coop in found})
    return tuple((names[product], known[coop].name, row.goods_vnd) for (product, coop), row in found.items())


def revenue_csv(year: int | None, cooperative_id: int | None, is_demo: bool) -> str:
    """The year by month, cooperative, product and channel, for a spreadsheet; a first line says it is invented."""
    known, offered = sellers(), years()
    year = year if year in offered else offered[0]
    one = cooperative_id if cooperative_id in known else None
    sold = sales(date(year, 1, 1), date(year + 1, 1, 1), known, one)
    names = _product_names({row.product_id for row in sold})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if is_demo:
        writer.writerow([_("Dữ liệu minh hoạ: người, giá và số liệu không có thật")])
    writer.writerow([_("Tháng"), _("HTX"), _("Món"), _("Kênh bán"), _("Doanh thu (đồng)")])
    for row in sorted(
        sold, key=lambda row: (row.month, known[row.cooperative_id].name, names[row.product_id])
    ):
        seller, product = csv_cell(known[row.cooperative_id].name), csv_cell(names[row.product_id])
        writer.writerow([row.month.code, seller, product, row.channel, row.goods_vnd])
    return "\ufeff" + out.getvalue()
