"""The split as arithmetic: parts always add up, nothing is ever negative, a refund of everything leaves zero.

Largest remainder throughout. `docs/guide/split.md` holds worked tables; the tests read the tables from that page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from cooperatives.terms.rules import Clause, ClauseKind, Per
from core.money import largest_remainder, share_bp
from revenue.rules import AccountKind, Component, Deal

GRADE_FACTOR_BP = 10_000
Key = TypeVar("Key", bound="str | int | tuple[object, ...]")
Worker = tuple[str, int, int]  # the producer's stable key, id, household or 0


@dataclass(frozen=True)
class Terms:
    """How a sale is shared from a day on: the three rates add up to 10,000 basis points.

    clauses: what is paid out of the processing part, in this order, and the names of the fund's parts; a clause's
    number is its place, from 1. member_agreement: what members supply counts as internal.
    """

    producers_bp: int
    processing_bp: int
    fund_bp: int
    grade_factors_bp: Mapping[str, int]
    clauses: tuple[Clause, ...] = ()
    member_agreement: bool = True

    @property
    def measured(self) -> bool:
        """Whether a clause counts kilograms or hours, so that `Goods` must be known."""
        return any(clause.per != Per.RATE for clause in self.clauses)


@dataclass(frozen=True)
class Contribution:
    """What one producer, in the household of the slip's day, put into a lot. `key` breaks ties and never changes.

    member: of the slip's day; outright: the harvest was bought, so its maker has no part in what it brings.
    """

    key: str
    producer_id: int
    household_id: int | None
    grams: int
    grade: str
    member: bool = False
    outright: bool = False


@dataclass(frozen=True)
class Goods:
    """What clauses by the kilogram and the hour count: grams sold of a lot in a line, out of a batch of so many grams.

    minutes: who worked on that batch, and how long.
    """

    grams: int = 0
    batch_g: int = 0
    minutes: Mapping[Worker, int] = field(default_factory=dict)

    def part(self, of: int, whole: int) -> "Goods":
        """The same for a part of the line's goods."""
        return Goods(self.grams * of // whole, self.batch_g, self.minutes) if whole else self


UNMEASURED = Goods()


@dataclass(frozen=True)
class Share:
    """One part of a sale: which component, and whose when it is the producers'. rule: the clause that made it."""

    component: Component
    producer_id: int | None
    household_id: int | None
    amount_vnd: int
    rule: str = ""
    deal: str = ""


@dataclass(frozen=True)
class Settled:
    """How a producer's share is posted: over advances (slip → đồng, oldest first), over a debt, the rest payable."""

    advances: tuple[tuple[int, int], ...]
    receivable_vnd: int
    payable_vnd: int


@dataclass(frozen=True)
class TakenBack:
    """How a refunded share is posted: from what is still owed, as a debt where it was paid, by re-opening advances."""

    payable_vnd: int
    receivable_vnd: int
    advances: tuple[tuple[int, int], ...]


def divide(total: int, weights: Mapping[Key, int | Fraction]) -> dict[Key, int]:
    """Largest remainder, without the parts that came to nothing; an empty answer where nothing weighs anything."""
    if total == 0 or not any(weights.values()):
        return {}
    return {key: part for key, part in largest_remainder(total, weights).items() if part}


def over_lines(paid_vnd: int, owed: Mapping[int, int]) -> dict[int, int]:
    """What was paid, over what each line (0: shipping) costs. Exact when all was paid; in proportion when less was."""
    return divide(min(paid_vnd, sum(owed.values())), owed)


def line_parts(totals: Mapping[int, int], discount_vnd: int, subsidy_vnd: int) -> dict[int, tuple[int, int]]:
    """Of each line after the cooperative's discount: what the buyer pays, and what a programme does.

    >>> line_parts({1: 65_000, 2: 35_000}, 10_000, 18_000)
    {1: (46800, 11700), 2: (25200, 6300)}
    """
    cut = divide(discount_vnd, totals)
    kept = {line: total - cut.get(line, 0) for line, total in totals.items()}
    paid = divide(subsidy_vnd, kept)
    return {line: (amount - paid.get(line, 0), paid.get(line, 0)) for line, amount in kept.items()}


def over_lots(amount_vnd: int, packed: Mapping[int, int]) -> dict[int, int]:
    """A line's amount over the lots it was packed from, by pieces."""
    return divide(amount_vnd, packed)


def over_components(amount_vnd: int, terms: Terms) -> dict[Component, int]:
    """A lot's amount over producers, processing and fund."""
    rates = {  # a number first, so that a tie goes to the producers
        (1, Component.PRODUCERS): terms.producers_bp,
        (2, Component.PROCESSING): terms.processing_bp,
        (3, Component.FUND): terms.fund_bp,
    }
    return {key[1]: part for key, part in divide(amount_vnd, rates).items()}


def weight(contribution: Contribution, terms: Terms) -> int:
    """Grams × grade factor. A grade that the terms do not name counts in full."""
    return contribution.grams * terms.grade_factors_bp.get(contribution.grade, GRADE_FACTOR_BP)


def deal_of(contribution: Contribution, terms: Terms) -> Deal:
    """Bought outright or consigned, internal or external."""
    internal = contribution.member and terms.member_agreement
    if contribution.outright:
        return Deal.OUTRIGHT_INTERNAL if internal else Deal.OUTRIGHT_EXTERNAL
    return Deal.CONSIGNED_INTERNAL if internal else Deal.CONSIGNED_EXTERNAL


def deal_of_home(
    contributions: Iterable[Contribution], producer_id: int, household_id: int | None, terms: Terms
) -> str:
    """The deal under which most of one producer's consigned harvest came, where a sum is hers alone."""
    grams: dict[str, int] = {}
    for one in contributions:
        if (one.producer_id, one.household_id) == (producer_id, household_id) and not one.outright:
            deal = str(deal_of(one, terms))
            grams[deal] = grams.get(deal, 0) + one.grams
    return max(grams, key=lambda deal: (grams[deal], deal)) if grams else ""


def over_producers(amount_vnd: int, contributions: Iterable[Contribution], terms: Terms) -> list[Share]:
    """The producers' part over producers by grams × grade factor, then over the households one producer lived in.

    Where some of her slips count as internal and some as external, her part is divided once more, by the same rule.
    """
    by_producer: dict[tuple[str, int], dict[tuple[int, str], int]] = {}
    for one in contributions:
        places = by_producer.setdefault((one.key, one.producer_id), {})
        place = one.household_id or 0, str(deal_of(one, terms))
        places[place] = places.get(place, 0) + weight(one, terms)
    parts = divide(amount_vnd, {who: sum(places.values()) for who, places in by_producer.items()})
    shares = []
    for who, part in sorted(parts.items()):
        homes: dict[int, dict[str, int]] = {}
        for (home, deal), grams in by_producer[who].items():
            homes.setdefault(home, {})[deal] = grams
        for home, amount in sorted(
            divide(part, {home: sum(d.values()) for home, d in homes.items()}).items()
        ):
            for deal, share in sorted(divide(amount, homes[home]).items()):
                shares.append(Share(Component.PRODUCERS, who[1], home or None, share, "producers", deal))
    return shares


def over_deals(
    component: Component, amount_vnd: int, contributions: Iterable[Contribution], terms: Terms
) -> list[Share]:
    """The cooperative's part, by whose goods earned it: internal and external apart, by grams × grade factor."""
    weights: dict[str, int] = {}
    for one in contributions:
        deal = str(deal_of(one, terms))
        weights[deal] = weights.get(deal, 0) + weight(one, terms)
    parts = divide(amount_vnd, weights) or ({"": amount_vnd} if amount_vnd else {})
    return [Share(component, None, None, part, str(component), deal) for deal, part in sorted(parts.items())]


def over_funds(amount_vnd: int, terms: Terms) -> list[Share]:
    """The fund's part over the funds that the terms name; one fund without a name where they name none."""
    funds = {
        (n, one.name): one.rate_bp for n, one in enumerate(terms.clauses, 1) if one.kind == ClauseKind.FUND
    }
    parts = divide(amount_vnd, funds)
    if not parts:
        return [Share(Component.FUND, None, None, amount_vnd, "fund")] if amount_vnd else []
    return [
        Share(Component.FUND, None, None, part, f"fund:{name}") for (_n, name), part in sorted(parts.items())
    ]


def clause_vnd(clause: Clause, amount_vnd: int, goods: Goods) -> int:
    """What a clause asks for of goods that brought an amount; rounded down to the đồng.

    >>> clause_vnd(Clause("labour", "kg", amount_vnd=4_000), 65_000, Goods(grams=1_500))
    6000
    """
    if clause.per == Per.RATE:
        return share_bp(amount_vnd, clause.rate_bp)
    if clause.per == Per.KG:
        return clause.amount_vnd * goods.grams // 1000
    worked = sum(goods.minutes.values())
    return clause.amount_vnd * worked * goods.grams // (60 * goods.batch_g) if goods.batch_g else 0


def over_clauses(part_vnd: int, amount_vnd: int, terms: Terms, goods: Goods) -> tuple[list[Share], int]:
    """What clauses take of a part, in the order written, and what is left of it. None takes more than is there.

    amount_vnd: what the goods brought altogether, of which a rate is counted.
    """
    shares: list[Share] = []
    for number, clause in enumerate(terms.clauses, 1):
        if clause.kind == ClauseKind.FUND:
            continue
        if not (taken := min(part_vnd, clause_vnd(clause, amount_vnd, goods))):
            continue
        part_vnd -= taken
        rule = f"{clause.kind}:{number}"
        workers = goods.minutes if clause.kind == ClauseKind.LABOUR else {}
        paid = divide(taken, workers)
        shares += [
            Share(Component.LABOUR, who[1], who[2] or None, part, rule) for who, part in sorted(paid.items())
        ] or [Share(Component(clause.kind), None, None, taken, rule)]
    return shares, part_vnd


def split_lot(
    amount_vnd: int, contributions: Sequence[Contribution], terms: Terms, goods: Goods = UNMEASURED
) -> list[Share]:
    """One lot's part of a line, shared. Where no slip weighs anything the producers' part is `UNTRACED`.

    What was bought outright has no producers' part: after the clauses all of it is the cooperative's (`OUTRIGHT`). A
    lot of both kinds is divided between them first, by grams × grade factor.
    """
    theirs = [one for one in contributions if not one.outright]
    bought = [one for one in contributions if one.outright and weight(one, terms)]
    if not bought:
        return _consigned(amount_vnd, theirs, terms, goods)
    weights = {1: sum(weight(one, terms) for one in theirs), 2: sum(weight(one, terms) for one in bought)}
    parts, whole = divide(amount_vnd, weights), sum(weights.values())
    of_ours = goods.part(weights[2], whole)
    rest = Goods(goods.grams - of_ours.grams, goods.batch_g, goods.minutes)
    shares = _consigned(parts.get(1, 0), theirs, terms, rest) if parts.get(1) else []
    taken, left = over_clauses(parts.get(2, 0), parts.get(2, 0), terms, of_ours)
    return merged([*shares, *taken, *over_deals(Component.OUTRIGHT, left, bought, terms)])


def _consigned(
    amount_vnd: int, contributions: Sequence[Contribution], terms: Terms, goods: Goods
) -> list[Share]:
    shares: list[Share] = []
    for component, amount in over_components(amount_vnd, terms).items():
        if component is Component.PRODUCERS:
            producers = over_producers(amount, contributions, terms)
            shares += producers or [Share(Component.UNTRACED, None, None, amount, "producers")]
        elif component is Component.FUND:
            shares += over_funds(amount, terms)
        else:
            taken, left = over_clauses(amount, amount_vnd, terms, goods)
            shares += [*taken, *over_deals(component, left, contributions, terms)]
    return shares


def merged(shares: Iterable[Share]) -> list[Share]:
    """The same parts, those of one clause, person and deal as one."""
    sums: dict[Share, int] = {}
    for one in shares:
        key = replace(one, amount_vnd=0)
        sums[key] = sums.get(key, 0) + one.amount_vnd
    return [replace(key, amount_vnd=amount) for key, amount in sums.items() if amount]


def account_of(share: Share) -> tuple[AccountKind, str]:
    """Where a share that is no producer's is posted: account and subject."""
    if share.component is Component.FUND:
        return AccountKind.FUND, share.rule.partition(":")[2]
    if share.component is Component.PLATFORM:
        return AccountKind.PLATFORM_FEE_DUE, ""
    return AccountKind.COOPERATIVE_INCOME, ""


def settle(share_vnd: int, open_advances: Sequence[tuple[int, int]], owed_back_vnd: int) -> Settled:
    """A share first settles the producer's oldest open advances [(slip, đồng)…], then a debt, the rest is payable."""
    left, settled = share_vnd, []
    for slip_id, open_vnd in open_advances:
        part = min(left, open_vnd)
        if part > 0:
            settled.append((slip_id, part))
            left -= part
    receivable = min(left, max(owed_back_vnd, 0))
    return Settled(tuple(settled), receivable, left - receivable)


def refund(amount_vnd: int, left: Mapping[Key, int]) -> dict[Key, int]:
    """A refund over what is left of each share. Never a difference of cumulative splits: that can go negative.

    Raises ValueError when more is asked than is left.
    """
    if amount_vnd > sum(left.values()):
        raise ValueError("more than is left of the sale")
    return divide(amount_vnd, left)


def take_back(
    amount_vnd: int,
    payable_left_vnd: int,
    owed_now_vnd: int,
    advances_left: Mapping[int, int],
    netted_left_vnd: int,
) -> TakenBack:
    """How a producer's refunded part is taken: payable first, then advances re-opened in the proportions first posted.

    payable_left_vnd: what of this share was posted as payable and not yet taken back; owed_now_vnd: what the producer
    is owed altogether (what of the payable was already paid becomes a debt, netted later and never asked in cash);
    advances_left, netted_left_vnd: what of this share settled advances and an earlier debt.
    """
    from_payable = min(amount_vnd, payable_left_vnd)
    owed = min(from_payable, max(owed_now_vnd, 0))
    pool = {(1, slip_id): left for slip_id, left in advances_left.items()} | {(2, 0): netted_left_vnd}
    rest = refund(amount_vnd - from_payable, pool)
    again = rest.pop((2, 0), 0)
    return TakenBack(
        owed, from_payable - owed + again, tuple((key[1], part) for key, part in sorted(rest.items()))
    )


def shortfall(guaranteed_vnd: int, earned_vnd: int) -> int:
    """What the cooperative adds when a lot closes under a guaranteed price."""
    return max(0, guaranteed_vnd - earned_vnd)
