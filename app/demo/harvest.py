"""Members' harvest becomes lots: slips with advances, a batch, packs in the store."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import ParamSpec, TypeAlias

from app.demo.cast import Member, Stall
from app.demo.goods import Goods
from core import clock
from revenue.operations import weigh_and_advance
from traceability import operations as trace
from traceability.rules import Output

Args = ParamSpec("Args")
Story: TypeAlias = "tuple[datetime, Step]"
TARE_G = 400


class Step:
    """One verb of the story, to be carried out at its instant; what it brings about later, if anything."""

    def __init__(
        self, do: "Callable[Args, list[Story] | None]", *args: Args.args, **named: Args.kwargs
    ) -> None:
        self.do: Callable[[], list[Story] | None] = partial(do, *args, **named)

    def __call__(self) -> "list[Story]":
        return self.do() or []


class Making:
    """One lot on its way: who delivers how much, and how many packs come out."""

    def __init__(self, random: Random, stall: Stall, goods: Goods, on: datetime, number: int) -> None:
        self.random, self.stall, self.goods, self.on, self.number = random, stall, goods, on, number
        self.slips: list[int] = []
        self.counts = {
            pack_id: random.randint(45, 120) if i == 0 else random.randint(20, 50)
            for i, (pack_id, *_rest) in enumerate(goods.packs)
        }
        self.output_g = sum(self.counts[p] * goods.pack_mass_g(q, u) for p, q, u, _v in goods.packs)
        self.input_g = -(-self.output_g * 10_000 // goods.spec["yield_bp"])
        many = random.randint(3, 4) if random.random() < 0.25 else random.randint(5, 9)
        most = max(1, self.input_g // 2_500)  # nobody brings less than two kilograms
        self.hands = random.sample(stall.members, min(many, most, len(stall.members)))

    def stories(self) -> Iterator[Story]:
        """The slips in the days before, then the batch."""
        parts = [self.random.randint(60, 140) for _ in self.hands]
        for at, (member, part) in enumerate(zip(self.hands, parts, strict=True)):
            day = self.on - timedelta(days=1 + at % 6, hours=self.random.randint(0, 5), minutes=at)
            yield day, Step(self.weigh, member, max(2_000, self.input_g * part // sum(parts)), at)
        yield self.on, Step(self.make)

    def weigh(self, member: Member, net_g: int, at: int) -> None:
        """One slip, about half of what the harvest will bring paid at once."""
        goods = self.goods
        value = sum(self.counts[p] * price for p, _q, _u, price in goods.packs)
        half = value * self.stall.spec["terms"][0] // 20_000
        per_kg = max(500, round(half * 1000 / self.input_g / 100) * 100)
        grade = self.random.choice("1112223")
        advance = net_g * per_kg // 1000 // 1000 * 1000 if self.random.random() < 0.8 else 0
        slip = weigh_and_advance(
            self.stall.manager,
            key=f"demo-{self.stall.spec['id']}-{goods.product_id}-{self.number}-{at}",
            producer_id=member.producer_id,
            crop_id=goods.crop_id,
            gross_g=net_g + TARE_G,
            tare_g=TARE_G,
            grade=grade,
            price_vnd_per_kg=per_kg,
            advance_vnd=advance,
            weighed_at=clock.now(),
        )
        self.slips.append(slip.id)

    def make(self) -> None:
        """The batch: slips in, a lot out, packed into the store."""
        goods, manager, day = self.goods, self.stall.manager, clock.today()
        batch = trace.open_batch(
            manager, f"demo-batch-{goods.product_id}-{self.number}", goods.recipe_id, day
        )
        for slip_id in self.slips:
            trace.add_slip(manager, batch.id, slip_id)
        lots = trace.close_batch(manager, batch.id, [Output(goods.product_id, self.output_g + 50, day, None)])
        for pack_id, count in self.counts.items():
            trace.pack_lot(manager, lots[0].id, pack_id, count)


def makings(random: Random, stalls: list[Stall], start: datetime, end: datetime) -> list[Making]:
    """Two lots of most products over the year, fresh goods again in the last days."""
    found: list[Making] = []
    span = (end - start).days
    for stall in stalls:
        for goods in stall.products:
            first = start + timedelta(days=random.randint(4, 10), hours=random.randint(1, 4))
            second = start + timedelta(days=random.randint(span // 2, span - 40), hours=2)
            fresh = (goods.spec["shelf_days"] or 999) < 60
            dates = [first, second] if random.random() < 0.6 or fresh else [first]
            if fresh:
                dates.append(end - timedelta(days=1, hours=3))
            found += [Making(random, stall, goods, on, number) for number, on in enumerate(dates)]
    return found
