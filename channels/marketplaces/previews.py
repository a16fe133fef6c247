"""What accepting an order file would do, order by order, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog import queries as catalog
from channels.marketplaces import queries
from channels.marketplaces.models import MarketFile, MarketOrder
from channels.marketplaces.rules import DOES, Outcome, Site, Status
from channels.marketplaces.sales import Sale
from channels.marketplaces.tasks import is_known

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """One order of a file, and what would come of it. short: how many pieces are lacking, by name."""

    sale: Sale
    outcome: Outcome
    short: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Preview:
    """A file looked at. rows: those a person must see first, at most SHOWN; counts: of all; sum_vnd, fee_vnd: of what
    is taken."""

    rows: tuple[Row, ...]
    counts: dict[Outcome, int]
    total: int
    sum_vnd: int
    fee_vnd: int

    @property
    def doing(self) -> int:
        """How many orders accepting would touch."""
        return sum(count for outcome, count in self.counts.items() if outcome in DOES)


def preview(found: MarketFile, sales: Sequence[Sale]) -> Preview:
    """Judge every order of a file. Four statements and one per 500 orders; nothing is written."""
    site = Site(found.site)
    known = queries.orders_named(found.cooperative_id, site, {sale.number for sale in sales})
    skus = queries.skus(found.cooperative_id, site)
    packs = {pack for sale in sales for line in sale.lines if (pack := queries.pack_for(line, skus))}
    facts = catalog.pack_facts(packs)
    left = {pack_id: fact.available for pack_id, fact in facts.items()}
    names = {pack_id: f"{fact.product_name}, {fact.label}" for pack_id, fact in facts.items()}
    rows = {
        id(sale): _judged(sale, known.get(sale.number), skus, left, names)
        for sale in sorted(sales, key=lambda sale: sale.placed_at)
    }
    made = [rows[id(sale)] for sale in sales]
    counts = {one: n for one in Outcome if (n := sum(row.outcome is one for row in made))}
    first = list(reversed(Outcome))
    made.sort(key=lambda row: (first.index(row.outcome), row.sale.row_no))
    fresh = [row.sale for row in made if row.outcome is Outcome.NEW]
    return Preview(
        tuple(made[:SHOWN]), counts, len(made), sum(sale.total_vnd for sale in fresh),
        sum(sale.fee_vnd for sale in fresh),
    )  # fmt: skip


def _judged(
    sale: Sale,
    known: MarketOrder | None,
    skus: Mapping[str, int],
    left: dict[int, int],
    names: Mapping[int, str],
) -> Row:
    if sale.faults:
        return Row(sale, Outcome.FAULTY)
    if is_known(known, sale):
        return Row(sale, Outcome.SAME)
    if known is not None and known.order_id is not None:
        return Row(sale, Outcome.CHANGED)
    if sale.status is Status.UNPAID:
        return Row(sale, Outcome.WAITING)
    if sale.status in (Status.CANCELLED, Status.RETURNED):
        return Row(sale, Outcome.ENDED)
    wanted: dict[int, int] = {}
    for line in sale.lines:
        pack_id = queries.pack_for(line, skus)
        if pack_id is None:
            return Row(sale, Outcome.UNKNOWN)
        wanted[pack_id] = wanted.get(pack_id, 0) + line.quantity
    short = tuple((names[one], n - left[one]) for one, n in wanted.items() if n > left.get(one, 0))
    if short:
        return Row(sale, Outcome.SHORT, short)
    for pack_id, pieces in wanted.items():
        left[pack_id] -= pieces
    return Row(sale, Outcome.AGAIN if known is not None and known.problem else Outcome.NEW)
