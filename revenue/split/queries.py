"""What the split needs to know: the order, its packed lots, who gave what to them, the terms, what is open."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, case, func, select

from cooperatives.models import (
    Cooperative,
    Producer,
    SettlementTerms,
    Standing,
    TermsClause,
    TermsGrade,
)
from cooperatives.rules import StandingKind
from cooperatives.rules import Terms as Written
from cooperatives.terms.rules import Clause
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from orders.models import Allocation, Order, OrderLine
from orders.weighed.queries import lessened
from revenue.ledger import queries as ledger
from revenue.models import Account, Entry, Ledger, Posting
from revenue.rules import SHARES, AccountKind, Component, EntryKind, order
from revenue.split import rules
from revenue.split.rules import Contribution, Terms
from traceability import queries as traceability
from traceability.models import Lot
from traceability.rules import Buying

GUARANTEED = [str(Component.PRODUCERS), str(Component.GUARANTEE)]
GIVEN_BACK = [str(AccountKind.REFUND_DUE), str(AccountKind.SUBSIDY_RECEIVABLE)]
PRODUCERS_KINDS = (
    str(AccountKind.PRODUCER_PAYABLE), str(AccountKind.PRODUCER_ADVANCE), str(AccountKind.PRODUCER_RECEIVABLE),
)  # fmt: skip
ShareKey = tuple[
    int, int, str, int, int, str, str
]  # line, lot, component, producer or 0, household or 0, rule, deal


@dataclass(frozen=True)
class OrderFacts:
    """An order as the ledger sees it; amounts in đồng."""

    id: int
    code: str
    cooperative_id: int
    organisation_id: int
    method: str
    state: str
    shipping_vnd: int
    discount_vnd: int = 0
    subsidy_vnd: int = 0


@dataclass(frozen=True)
class TermsOfDay:
    """The settlement terms in force on a day, with their row's id."""

    id: int
    terms: Terms
    guaranteed_price: bool
    recall_borne_by: str
    withholds_tax: bool = False
    advance_bp: int = 10_000


@dataclass
class PostedShare:
    """How one share of a sale was posted, and how much of it was taken back since."""

    payable_vnd: int = 0  # credited at the sale
    netted_vnd: int = 0
    advances: dict[int, int] = field(default_factory=dict)  # slip → credited at the sale
    reopened: dict[int, int] = field(default_factory=dict)  # slip → debited by refunds
    taken_vnd: int = 0  # debited by refunds, all accounts
    account: tuple[str, str] | None = None  # kind and subject, of a share that is not owed to a producer

    @property
    def left_vnd(self) -> int:
        """What the share still is."""
        return self.payable_vnd + self.netted_vnd + sum(self.advances.values()) - self.taken_vnd

    @property
    def payable_left_vnd(self) -> int:
        """What of it was posted as payable and was not yet taken back: refunds take that first."""
        return self.payable_vnd - min(self.taken_vnd, self.payable_vnd)

    @property
    def advances_left(self) -> dict[int, int]:
        """What of it still settles advances, by slip."""
        return {slip: amount - self.reopened.get(slip, 0) for slip, amount in self.advances.items()}

    @property
    def netted_left_vnd(self) -> int:
        """What of it still settles an earlier debt."""
        return self.left_vnd - self.payable_left_vnd - sum(self.advances_left.values())


def order_facts(order_id: int) -> OrderFacts:
    """One order. Raises NotFound."""
    row = db.session.execute(
        select(
            Order.id, Order.code, Order.cooperative_id, Cooperative.organisation_id, Order.method, Order.state,
            Order.shipping_vnd, Order.discount_vnd, Order.subsidy_vnd,
        ).join(Cooperative, Cooperative.id == Order.cooperative_id).where(Order.id == order_id)
    ).one_or_none()  # fmt: skip
    if row is None or row.organisation_id is None:
        raise no_order()
    return OrderFacts(*row)


def no_order() -> NotFound:
    """The answer for an order that is not there, or is another cooperative's."""
    return NotFound(N_("Không có đơn này."), remedy=N_("Xem lại danh sách đơn."))


def refunded_before(organisation_id: int, order_id: int) -> dict[int, int]:
    """What was already given back of each line (0: shipping) before delivery, from the buyer's prepayment."""
    rows = db.session.execute(
        select(func.coalesce(Posting.order_line_id, 0), func.sum(Posting.amount_vnd))
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id,
            Account.kind == str(AccountKind.BUYER_PREPAYMENT),
            Account.subject == order(order_id),
            Posting.component.in_([str(Component.REFUND), str(Component.SHIPPING)]),
            Posting.amount_vnd > 0,
        )
        .group_by(Posting.order_line_id)
    )
    return {int(line): int(amount) for line, amount in rows}


def costs_before_refunds(facts: OrderFacts) -> dict[int, int]:
    """What each line (0: shipping) costs after what was given back by amount; pieces given back are not looked at."""
    own, subsidised = _costs(facts, by_pieces=False)
    return {line: amount + subsidised.get(line, 0) for line, amount in own.items()}


def owed(facts: OrderFacts) -> tuple[dict[int, int], dict[int, int]]:
    """What each line (0: shipping) of an order costs now, after discount and after what was given back.

    Two parts: the buyer's, and the programme's that subsidises it.
    """
    return _costs(facts, by_pieces=True)


def _costs(facts: OrderFacts, *, by_pieces: bool) -> tuple[dict[int, int], dict[int, int]]:
    lines = db.session.execute(
        select(OrderLine.id, OrderLine.total_vnd, OrderLine.quantity, OrderLine.refunded_quantity)
        .where(OrderLine.order_id == facts.id)
        .order_by(OrderLine.id)
    ).all()
    parts = rules.line_parts(
        {line.id: line.total_vnd for line in lines}, facts.discount_vnd, facts.subsidy_vnd
    )
    back = refunded_before(facts.organisation_id, facts.id)
    lighter = lessened(facts.id)
    own, subsidised = {0: max(0, facts.shipping_vnd - back.get(0, 0))}, {}
    for line in lines:
        mine, theirs = parts[line.id]
        gone, all_of = (line.refunded_quantity if by_pieces else 0), line.quantity
        less, their_less = lighter.get(line.id, (0, 0))
        left = mine - less  # what was weighed at packing costs less than was prepaid
        own[line.id] = max(0, min(mine - back.get(line.id, 0), left - left * gone // all_of))
        subsidised[line.id] = (theirs - their_less) - (theirs - their_less) * gone // all_of
    return own, subsidised


def packed_lots(order_id: int) -> dict[int, dict[int, int]]:
    """The lots that each line was packed from: line → lot → pieces, or grams of goods that were weighed at packing."""
    parts = func.coalesce(Allocation.packed_g, Allocation.quantity)
    rows = db.session.execute(
        select(Allocation.order_line_id, Allocation.lot_id, parts)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .where(OrderLine.order_id == order_id, Allocation.packed.is_(True))
        .order_by(Allocation.order_line_id, Allocation.lot_id)
    )
    lots: dict[int, dict[int, int]] = {}
    for line, lot, quantity in rows:
        lots.setdefault(line, {})[lot] = int(quantity)
    return lots


def contributions(lot_ids: Iterable[int]) -> dict[int, list[Contribution]]:
    """Who gave what to each lot, walked in the trace graph, with each producer's stable key."""
    raw = {lot: traceability.contributions(lot) for lot in lot_ids}
    wanted = {one.producer_id for found in raw.values() for one in found}
    keys, members = _producers(wanted)
    return {
        lot: [
            Contribution(keys[c.producer_id], c.producer_id, c.household_id, c.grams, c.grade,
                         _holds(members.get(c.producer_id, ()), c.weighed_on), c.buying == Buying.OUTRIGHT)
            for c in found
        ]
        for lot, found in raw.items()
    }  # fmt: skip


def _producers(
    producer_ids: Iterable[int],
) -> tuple[dict[int, str], dict[int, list[tuple[date, date | None]]]]:
    """Producers' stable keys, and the days from and until (exclusive) which they were members. One statement."""
    member = and_(Standing.producer_id == Producer.id, Standing.kind == str(StandingKind.MEMBER))
    rows = db.session.execute(
        select(Producer.id, Producer.key, Standing.from_on, Standing.to_on)
        .outerjoin(Standing, member)
        .where(Producer.id.in_(list(producer_ids)))
    )
    keys: dict[int, str] = {}
    spans: dict[int, list[tuple[date, date | None]]] = {}
    for who, key, from_on, to_on in rows:
        keys[who] = key
        if from_on is not None:
            spans.setdefault(who, []).append((from_on, to_on))
    return keys, spans


def _holds(spans: Iterable[tuple[date, date | None]], on: date) -> bool:
    return any(from_on <= on and (to_on is None or on < to_on) for from_on, to_on in spans)


def terms_on(cooperative_id: int, on: date) -> TermsOfDay:
    """The terms of a day. Raises Invalid when the cooperative has none."""
    row = db.session.execute(
        select(SettlementTerms)
        .where(SettlementTerms.cooperative_id == cooperative_id, SettlementTerms.from_on <= on)
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        raise Invalid(
            N_("Hợp tác xã chưa có quy chế chia cho ngày này."), remedy=N_("Đặt quy chế chia rồi làm lại.")
        )
    return _of_row(row)


def terms(terms_id: int) -> TermsOfDay:
    """Terms by id, as an entry names them."""
    return _of_row(db.session.get_one(SettlementTerms, terms_id))


def _of_row(row: SettlementTerms) -> TermsOfDay:
    grades = db.session.execute(
        select(TermsGrade.grade, TermsGrade.factor_bp).where(TermsGrade.terms_id == row.id)
    )
    clauses = db.session.execute(
        select(
            TermsClause.kind, TermsClause.per, TermsClause.rate_bp, TermsClause.amount_vnd, TermsClause.name
        )
        .where(TermsClause.terms_id == row.id)
        .order_by(TermsClause.number)
    )
    split = Terms(
        row.producers_bp, row.processing_bp, row.fund_bp, {row.grade: row.factor_bp for row in grades},
        tuple(Clause(*one) for one in clauses), row.member_agreement,
    )  # fmt: skip
    return TermsOfDay(
        row.id, split, row.guaranteed_price, row.recall_borne_by, row.withholds_tax, row.advance_bp
    )


def of_draft(draft: Written) -> Terms:
    """The terms that a manager writes, as the split takes them."""
    return Terms(
        draft.producers_bp, draft.processing_bp, draft.fund_bp, draft.grade_factors_bp, tuple(draft.clauses),
        draft.member_agreement,
    )  # fmt: skip


def open_advances(organisation_id: int, producer_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Each producer's advances not yet earned: producer → [(slip, đồng)…], the oldest first."""
    total = func.sum(Posting.amount_vnd)
    rows = db.session.execute(
        select(Posting.producer_id, Account.subject, total)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id, Account.kind == str(AccountKind.PRODUCER_ADVANCE),
            Posting.producer_id.in_(list(producer_ids)),
        )
        .group_by(Posting.producer_id, Account.id, Account.subject).having(total > 0).order_by(Account.id)
    )  # fmt: skip
    found: dict[int, list[tuple[int, int]]] = {}
    for producer_id, subject, amount in rows:
        found.setdefault(producer_id, []).append((int(subject.partition(":")[2]), int(amount)))
    return found


def of_producers(organisation_id: int, kind: AccountKind, producer_ids: Iterable[int]) -> dict[int, int]:
    """The balance of one kind of account by producer, đồng, debit +."""
    rows = db.session.execute(
        select(Posting.producer_id, func.sum(Posting.amount_vnd))
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id, Account.kind == str(kind),
            Posting.producer_id.in_(list(producer_ids)),
        )
        .group_by(Posting.producer_id)
    )  # fmt: skip
    return {int(who): int(amount) for who, amount in rows}


def _amount_where(condition: object) -> object:
    return func.coalesce(func.sum(case((condition, Posting.amount_vnd), else_=0)), 0)  # type: ignore[arg-type]


def posted_shares(line_ids: Iterable[int]) -> dict[ShareKey, PostedShare]:
    """Every share of these lines as posted, with what refunds took back."""
    credit, debit = _amount_where(Posting.amount_vnd < 0), _amount_where(Posting.amount_vnd > 0)
    dims = (
        Posting.order_line_id,
        Posting.lot_id,
        Posting.component,
        Posting.producer_id,
        Posting.household_id,
        Posting.rule,
        Posting.deal,
    )
    rows = db.session.execute(
        select(*dims, Account.kind, Account.subject, credit, debit)  # type: ignore[call-overload]
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.order_line_id.in_(list(line_ids)), Posting.component.in_([str(one) for one in SHARES]))
        .group_by(*dims, Account.kind, Account.subject)
        .order_by(*dims)
    )
    shares: dict[ShareKey, PostedShare] = {}
    for line, lot, component, who, home, rule, deal, kind, subject, credited, debited in rows:
        share = shares.setdefault((line, lot or 0, component, who or 0, home or 0, rule, deal), PostedShare())
        _add(share, kind, subject, -int(credited), int(debited))
    return shares


def _add(share: PostedShare, kind: str, subject: str, credited: int, debited: int) -> None:
    share.taken_vnd += debited
    if kind == AccountKind.PRODUCER_ADVANCE:
        slip_id = int(subject.partition(":")[2])
        share.advances[slip_id], share.reopened[slip_id] = credited, debited
    elif kind == AccountKind.PRODUCER_RECEIVABLE:
        share.netted_vnd += credited
    else:
        share.payable_vnd += credited
        if kind not in PRODUCERS_KINDS:
            share.account = kind, subject


def refunded(order_id: int) -> dict[int, int]:
    """What was given back of each line (0: shipping) after delivery, to buyer and programme, by all refunds."""
    rows = db.session.execute(
        select(func.coalesce(Posting.order_line_id, 0), -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, and_(Account.id == Posting.account_id, Account.kind.in_(GIVEN_BACK)))
        .where(
            Entry.order_id == order_id,
            Entry.kind == str(EntryKind.REFUND),
            Posting.component != "",
            Entry.terms_id.is_not(None),
        )  # before delivery no terms are at work, and the sale was less by it already
        .group_by(Posting.order_line_id)
    )
    return {int(line): int(amount) for line, amount in rows}


def sold(order_id: int) -> dict[int, int]:
    """What each line (0: shipping) brought at delivery, from the sale's own entry."""
    components = [str(one) for one in (*SHARES, Component.SHIPPING)]
    rows = db.session.execute(
        select(func.coalesce(Posting.order_line_id, 0), -func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Entry.order_id == order_id, Entry.kind == str(EntryKind.SALE), Posting.component.in_(components)
        )
        .group_by(Posting.order_line_id)
    )
    return {int(line): int(amount) for line, amount in rows}


def prepaid(organisation_id: int, order_id: int) -> int:
    """What a buyer has paid for an order that is not yet delivered, đồng."""
    return -ledger.balance(organisation_id, AccountKind.BUYER_PREPAYMENT, order(order_id))


def left_to_refund(facts: OrderFacts) -> dict[int, int]:
    """After delivery: what of each line (0: shipping) was not yet given back."""
    back = refunded(facts.id)
    return {line: amount - back.get(line, 0) for line, amount in sold(facts.id).items()}


def terms_of_sale(order_id: int) -> TermsOfDay:
    """The terms under which an order's sale was shared."""
    asked = select(Entry.terms_id).where(Entry.order_id == order_id, Entry.kind == str(EntryKind.SALE))
    return terms(int(db.session.execute(asked).scalar_one() or 0))


@dataclass(frozen=True)
class LotFacts:
    """A lot as the guarantee sees it."""

    cooperative_id: int
    organisation_id: int
    made_on: date


def lot_facts(lot_id: int) -> LotFacts:
    """Whose lot, and made when. Raises NotFound."""
    row = db.session.execute(
        select(Lot.cooperative_id, Cooperative.organisation_id, Lot.made_on)
        .join(Cooperative, Cooperative.id == Lot.cooperative_id)
        .where(Lot.id == lot_id)
    ).one_or_none()
    if row is None or row.organisation_id is None:
        raise NotFound(N_("Không có lô này."))
    return LotFacts(*row)


def earned_from_lot(lot_id: int) -> dict[tuple[int, int], int]:
    """What each (producer, household or 0) earned from a lot so far, guarantees included."""
    rows = db.session.execute(
        select(Posting.producer_id, func.coalesce(Posting.household_id, 0), -func.sum(Posting.amount_vnd))
        .where(Posting.lot_id == lot_id, Posting.producer_id.is_not(None), Posting.component.in_(GUARANTEED))
        .group_by(Posting.producer_id, Posting.household_id)
    )
    return {(int(who), int(home)): int(amount) for who, home, amount in rows}


def guaranteed(lot_id: int) -> dict[tuple[int, int], int]:
    """What each (producer, household or 0) was promised for the grams in a lot, at the price of the slips."""
    promised: dict[tuple[int, int], int] = {}
    for one in traceability.contributions(lot_id):
        if one.buying == Buying.OUTRIGHT:
            continue  # paid at that price already
        key = (one.producer_id, one.household_id or 0)
        promised[key] = promised.get(key, 0) + one.grams * one.price_vnd_per_kg // 1000
    return promised


def guaranteed_lots(organisation_id: int) -> set[int]:
    """The lots whose guarantee was settled."""
    rows = db.session.execute(
        select(Posting.lot_id).distinct().join(Entry, Entry.id == Posting.entry_id)
        .join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == organisation_id, Entry.kind == str(EntryKind.GUARANTEE))
    )  # fmt: skip
    return {int(lot) for (lot,) in rows if lot is not None}


def refund_count(lot_id: int) -> int:
    """How many refunds touched a lot."""
    asked = (
        select(func.count(Entry.id.distinct())).join(Posting, Posting.entry_id == Entry.id)
        .where(Posting.lot_id == lot_id, Entry.kind == str(EntryKind.REFUND))
    )  # fmt: skip
    return int(db.session.execute(asked).scalar_one())


def lots_to_settle(limit: int = 500) -> list[int]:
    """Closed lots made under a guaranteed price whose shortfall, if any, is not posted yet."""
    settled = select(Entry.id).where(Entry.kind == str(EntryKind.GUARANTEE), Posting.lot_id == Lot.id)
    settled = settled.join(Posting, Posting.entry_id == Entry.id)
    promised = select(SettlementTerms.id).where(
        SettlementTerms.cooperative_id == Lot.cooperative_id, SettlementTerms.guaranteed_price.is_(True)
    )
    rows = db.session.execute(
        select(Lot.id)
        .where(Lot.state == "closed", promised.exists(), ~settled.correlate(Lot).exists())
        .order_by(Lot.id.desc())
        .limit(limit)
    )
    return [lot for (lot,) in rows]
