"""Clauses of settlement terms: parts always add up, nothing is negative, and no clause touches the families' part."""

from hypothesis import given
from hypothesis import strategies as st

from cooperatives.terms.rules import FUNDS, Clause, ClauseKind, Per
from revenue.rules import AccountKind, Component
from revenue.split import rules
from revenue.split.rules import Contribution, Goods, Terms

GRADES = {"1": 10_000, "2": 8_500, "3": 7_000}
amounts = st.integers(1, 50_000_000)


@st.composite
def clauses(draw: st.DrawFn, fund_bp: int) -> tuple[Clause, ...]:
    found = []
    if draw(st.booleans()):
        found.append(Clause(ClauseKind.PLATFORM, Per.RATE, rate_bp=draw(st.integers(1, 3_000))))
    for _n in range(draw(st.integers(0, 2))):
        found.append(Clause(ClauseKind.FEE, Per.RATE, rate_bp=draw(st.integers(1, 3_000)), name="bao bì"))
        found.append(Clause(ClauseKind.FEE, Per.KG, amount_vnd=draw(st.integers(1, 50_000)), name="tem"))
    if draw(st.booleans()):
        found.append(Clause(ClauseKind.LABOUR, Per.KG, amount_vnd=draw(st.integers(1, 50_000))))
    if draw(st.booleans()):
        found.append(Clause(ClauseKind.LABOUR, Per.HOUR, amount_vnd=draw(st.integers(1, 200_000))))
    if fund_bp >= 3 and draw(st.booleans()):
        cut = draw(st.integers(1, fund_bp - 1))
        found += [Clause(ClauseKind.FUND, Per.RATE, rate_bp=cut, name=FUNDS[0]),
                  Clause(ClauseKind.FUND, Per.RATE, rate_bp=fund_bp - cut, name=FUNDS[1])]  # fmt: skip
    return tuple(draw(st.permutations(found)))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    producers = draw(st.integers(0, 10_000))
    processing = draw(st.integers(0, 10_000 - producers))
    fund = 10_000 - producers - processing
    return Terms(producers, processing, fund, GRADES, draw(clauses(fund)), draw(st.booleans()))


given_ = st.lists(
    st.builds(
        Contribution, key=st.sampled_from("abcd"), producer_id=st.just(0), household_id=st.sampled_from([None, 1, 2]),
        grams=st.integers(0, 100_000), grade=st.sampled_from("123"), member=st.booleans(), outright=st.booleans(),
    ).map(lambda c: Contribution(c.key, ord(c.key), c.household_id, c.grams, c.grade, c.member, c.outright)),
    max_size=6,
)  # fmt: skip
goods = st.builds(
    Goods, grams=st.integers(0, 30_000), batch_g=st.integers(0, 60_000),
    minutes=st.dictionaries(st.tuples(st.sampled_from("xy"), st.integers(1, 2), st.integers(0, 2)),
                            st.integers(1, 3_000), max_size=3)
    .map(lambda found: {("xy"[one[1] - 1], *one[1:]): minutes for one, minutes in found.items()}),  # one key a worker
)  # fmt: skip


@given(amounts, given_, terms(), goods)
def test_whatever_the_clauses_the_parts_add_up_and_none_is_negative(
    amount: int, contributions: list[Contribution], of_day: Terms, counted: Goods
) -> None:
    shares = rules.split_lot(amount, contributions, of_day, counted)
    assert sum(share.amount_vnd for share in shares) == amount
    assert all(share.amount_vnd > 0 for share in shares)


@given(amounts, given_, terms(), goods)
def test_no_clause_takes_a_dong_from_the_families(
    amount: int, contributions: list[Contribution], of_day: Terms, counted: Goods
) -> None:
    bare = Terms(of_day.producers_bp, of_day.processing_bp, of_day.fund_bp, GRADES)

    def families(found: list[rules.Share]) -> dict[tuple[int | None, int | None], int]:
        sums: dict[tuple[int | None, int | None], int] = {}
        for one in found:
            if one.component is Component.PRODUCERS:
                place = one.producer_id, one.household_id
                sums[place] = sums.get(place, 0) + one.amount_vnd
        return sums

    with_clauses = rules.split_lot(amount, contributions, of_day, counted)
    assert families(with_clauses) == families(rules.split_lot(amount, contributions, bare))


@given(amounts, given_, terms(), goods, st.lists(st.integers(1, 100), max_size=5))
def test_a_refund_over_what_is_left_of_every_part_ends_at_zero(
    amount: int, contributions: list[Contribution], of_day: Terms, counted: Goods, percents: list[int]
) -> None:
    shares = rules.split_lot(amount, contributions, of_day, counted)
    left = {(str(one.component), one.producer_id or 0, one.household_id or 0, one.rule, one.deal): one.amount_vnd
            for one in shares}  # fmt: skip
    assert len(left) == len(shares), "every part has a name of its own"
    for percent in [*percents, 100]:
        back = rules.refund(sum(left.values()) * percent // 100, left)
        left = {key: mine - back.get(key, 0) for key, mine in left.items()}
        assert min(left.values()) >= 0
    assert not any(left.values())


@given(amounts, given_, terms())
def test_the_order_of_slips_changes_nothing(
    amount: int, contributions: list[Contribution], of_day: Terms
) -> None:
    mirrored = list(reversed(contributions))
    assert sorted(map(str, rules.split_lot(amount, contributions, of_day))) == sorted(
        map(str, rules.split_lot(amount, mirrored, of_day))
    )


def test_labour_goes_to_those_whose_hours_are_written_and_to_the_cooperative_where_none_are() -> None:
    by_kg = Terms(6000, 3000, 1000, GRADES, (Clause("labour", "kg", amount_vnd=4_000),))
    slips = [Contribution("a", 1, 10, 1_000, "1")]
    worked = Goods(1_000, 5_000, {("a", 1, 10): 60, ("b", 2, 20): 180})
    shares = {
        (s.component, s.producer_id): s.amount_vnd for s in rules.split_lot(100_000, slips, by_kg, worked)
    }
    assert shares == {(Component.PRODUCERS, 1): 60_000, (Component.LABOUR, 1): 1_000, (Component.LABOUR, 2): 3_000,
                      (Component.PROCESSING, None): 26_000, (Component.FUND, None): 10_000}  # fmt: skip
    nobody = {
        (s.component, s.producer_id): s.amount_vnd
        for s in rules.split_lot(100_000, slips, by_kg, Goods(1_000))
    }
    assert nobody[Component.LABOUR, None] == 4_000


def test_labour_by_the_hour_is_paid_as_the_batch_sells() -> None:
    hourly = Clause("labour", "hour", amount_vnd=30_000)
    worked = {("a", 1, 0): 90, ("b", 2, 0): 30}
    assert rules.clause_vnd(hourly, 0, Goods(2_500, 10_000, worked)) == 15_000, (
        "two hours, a quarter of the batch"
    )
    assert rules.clause_vnd(hourly, 0, Goods(10_000, 10_000, worked)) == 60_000
    assert rules.clause_vnd(hourly, 0, Goods(0, 0, worked)) == 0


def test_a_clause_takes_no_more_than_the_processing_part_holds() -> None:
    greedy = Terms(9_000, 1_000, 0, GRADES, (Clause("fee", "kg", amount_vnd=1_000_000, name="tem"),
                                             Clause("labour", "kg", amount_vnd=5_000)))  # fmt: skip
    shares = rules.split_lot(100_000, [Contribution("a", 1, None, 5, "1")], greedy, Goods(1_000))
    assert {s.component: s.amount_vnd for s in shares} == {Component.PRODUCERS: 90_000, Component.FEE: 10_000}


def test_each_part_knows_its_account_and_its_clause() -> None:
    terms_ = Terms(5000, 3000, 2000, GRADES, (
        Clause("platform", "rate", rate_bp=100), Clause("fee", "rate", rate_bp=200, name="bao bì"),
        Clause("fund", "rate", rate_bp=1500, name="development"), Clause("fund", "rate", rate_bp=500, name="reserve"),
    ))  # fmt: skip
    shares = rules.split_lot(100_000, [Contribution("a", 1, None, 5, "1", member=True)], terms_)
    found = {s.rule: (rules.account_of(s), s.amount_vnd) for s in shares if s.producer_id is None}
    assert found == {
        "platform:1": ((AccountKind.PLATFORM_FEE_DUE, ""), 1_000),
        "fee:2": ((AccountKind.COOPERATIVE_INCOME, ""), 2_000),
        "processing": ((AccountKind.COOPERATIVE_INCOME, ""), 27_000),
        "fund:development": ((AccountKind.FUND, "development"), 15_000),
        "fund:reserve": ((AccountKind.FUND, "reserve"), 5_000),
    }


def test_goods_bought_outright_bring_their_makers_no_share() -> None:
    of_day = Terms(6000, 3000, 1000, GRADES)
    both = [
        Contribution("a", 1, None, 300, "1", member=True),
        Contribution("b", 2, None, 100, "1", outright=True),
    ]
    shares = {
        (s.component, s.producer_id, s.deal): s.amount_vnd for s in rules.split_lot(100_000, both, of_day)
    }
    assert shares == {
        (Component.PRODUCERS, 1, "consigned-internal"): 45_000,
        (Component.PROCESSING, None, "consigned-internal"): 22_500,
        (Component.FUND, None, ""): 7_500,
        (Component.OUTRIGHT, None, "outright-external"): 25_000,
    }


def test_a_member_without_a_written_agreement_is_external() -> None:
    one = Contribution("a", 1, None, 1, "1", member=True)
    assert rules.deal_of(one, Terms(1, 1, 1, GRADES)) == "consigned-internal"
    assert rules.deal_of(one, Terms(1, 1, 1, GRADES, member_agreement=False)) == "consigned-external"
