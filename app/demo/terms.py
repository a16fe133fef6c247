"""Terms being written, terms to come, and one batch bought outright: all after the story's last sale and pay run."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from accounts.rules import SYSTEM
from app.demo.cast import Cast, Stall
from app.demo.harvest import TARE_G, Step, Story
from cooperatives.operations import set_terms
from cooperatives.queries import terms_on
from cooperatives.rules import Terms
from cooperatives.terms.operations import save_draft
from cooperatives.terms.rules import Clause, ClauseKind, Per
from core import clock
from revenue.dealings.operations import post_purchase
from revenue.operations import weigh_and_advance
from revenue.terms.operations import write_hours
from traceability import operations as trace
from traceability.rules import Output

KEY, PRICE_VND = "demo-outright", 4_000
LABOUR = Clause(ClauseKind.LABOUR, Per.HOUR, amount_vnd=25_000)
PACKING = Clause(ClauseKind.FEE, Per.KG, amount_vnd=3_000, name="bao bì")


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """In the last half hour: two slips of 30 kg on top of the harvest; no money moves but what is owed for them."""
    yield end - timedelta(minutes=30), Step(_draft, cast.stalls[0])
    yield end - timedelta(minutes=25), Step(_to_come, cast.stalls[0])
    yield end - timedelta(minutes=20), Step(_buy, cast.stalls[0])


def _next_year() -> date:
    return date(clock.today().year + 1, 1, 1)


def _now(stall: Stall) -> Terms:
    return terms_on(stall.cooperative_id, clock.today()).as_terms()


def _draft(stall: Stall) -> None:
    """The assembly talks about a larger families' part, and less for grade 3."""
    now = _now(stall)
    save_draft(stall.manager, Terms(
        _next_year() + timedelta(days=59), now.producers_bp + 300, now.processing_bp - 300, now.fund_bp,
        dict(now.grade_factors_bp) | {"3": 6_000}, guaranteed_price=True, clauses=(LABOUR, PACKING),
    ))  # fmt: skip


def _to_come(stall: Stall) -> None:
    """From New Year: wages by the hour, packaging by the kilogram, and the fund has two names."""
    now = _now(stall)
    half = now.fund_bp // 2
    funds = tuple(
        Clause(ClauseKind.FUND, Per.RATE, rate_bp=rate, name=name)
        for name, rate in (("development", now.fund_bp - half), ("reserve", half)) if rate
    )  # fmt: skip
    set_terms(stall.manager, Terms(
        _next_year(), now.producers_bp, now.processing_bp, now.fund_bp, dict(now.grade_factors_bp),
        clauses=(LABOUR, PACKING, *funds),
    ))  # fmt: skip


def _buy(stall: Stall) -> None:
    """A neighbour's harvest is bought at the gate; nobody owes her a share of what it will bring."""
    goods = stall.products[0]
    slips = [
        weigh_and_advance(
            stall.manager, key=f"{KEY}-{place}", producer_id=member.producer_id, crop_id=goods.crop_id,
            gross_g=30_000 + TARE_G, tare_g=TARE_G, grade="1", price_vnd_per_kg=PRICE_VND, weighed_at=clock.now(),
        )
        for place, member in enumerate(stall.members[-2:])
    ]  # fmt: skip
    batch = trace.open_batch(stall.manager, KEY, goods.recipe_id, clock.today(), buying="outright")
    for one in slips:
        trace.add_slip(stall.manager, batch.id, one.id)
    for member in stall.members[:2]:
        write_hours(stall.manager, batch.id, member.producer_id, 210)
    output_g = batch.input_g * (batch.recipe.yield_min_bp + batch.recipe.yield_max_bp) // 20_000
    trace.close_batch(stall.manager, batch.id, [Output(goods.product_id, output_g, clock.today(), None)])
    post_purchase(SYSTEM, batch.id)
