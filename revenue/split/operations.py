"""Delivery and its undoing: the entry of a sale, of a refund, of a guarantee."""

from collections.abc import Mapping, Sequence

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.money import largest_remainder
from orders.operations import advance
from orders.parcels.operations import arrived
from orders.queries import order as order_row
from orders.rules import Event, Method, State
from orders.vouchers.queries import subsidy_of
from revenue.dealings.operations import cost_lines
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, lines_of, posted
from revenue.rules import AccountKind, Component, EntryKind, Line, order, producer, slip, subsidy
from revenue.split import queries, rules
from revenue.split.credits import Open
from revenue.subsidies import operations as subsidies
from revenue.tax import operations as taxes
from revenue.terms.queries import measures
from traceability.log.operations import hold_log

STAFF = (Role.MANAGER, Role.TREASURER)


def deliver(actor: Actor, order_id: int) -> Posted | None:
    """The goods arrived: the order becomes delivered and its sale is shared in one balanced entry.

    Of a VietQR order only what was really paid is shared; of cash on delivery, what the carrier owes; what a programme
    subsidises counts as paid, and is owed by it from now on. The terms are
    those of today. Idempotent by order. None when there is nothing to share. Raises Conflict in the wrong state,
    NotFound for another cooperative's order.
    """
    facts = _order_of(actor, order_id)
    if facts.state == State.DELIVERED:
        return posted(facts.organisation_id, f"sale:{order_id}")
    row = advance(order_row(order_id), Event.DELIVER, actor)
    made = post_sale(actor, facts)
    arrived(row)
    return made


def _order_of(actor: Actor, order_id: int) -> queries.OrderFacts:
    actor.must_be(*STAFF)
    facts = queries.order_facts(order_id)
    if actor.role is not Role.SYSTEM and actor.organisation_id != facts.organisation_id:
        raise queries.no_order()
    return facts


def post_sale(actor: Actor, facts: queries.OrderFacts) -> Posted | None:
    """Write the sale's entry; the order's state is the caller's business."""
    lock_book(facts.organisation_id)  # what is read from here on still holds when the entry is written
    hold_log()  # before the first audit line: whoever delivers tells the log afterwards
    own, theirs = queries.owed(facts)
    cod, due = facts.method == Method.COD, sum(own.values())
    bought = due if cod else min(due, queries.prepaid(facts.organisation_id, facts.id))
    paid = bought + (subsidised := sum(theirs.values()))
    if paid <= 0:
        return None
    terms = queries.terms_on(facts.cooperative_id, clock.today())
    parts = rules.over_lines(paid, {line: amount + theirs.get(line, 0) for line, amount in own.items()})
    lines = _paid_lines(facts, cod, bought, subsidised)
    lines += _share_lines(facts, {line: part for line, part in parts.items() if line}, terms)
    if shipping := parts.get(0, 0):
        lines.append(Line(AccountKind.SHIPPING_INCOME, "", -shipping, component=Component.SHIPPING))
    made = post(facts.organisation_id, EntryKind.SALE, f"sale:{facts.id}", lines, clock.today(),
                order_id=facts.id, terms_id=terms.id, note=facts.code)  # fmt: skip
    audit(actor, "share_sale", f"entry:{made.id}", fields=("postings",))
    if facts.subsidy_vnd:
        subsidies.spend(facts.id, facts.cooperative_id, subsidised)
    return made


def share_compensation(actor: Actor, order_id: int, amount_vnd: int, paid: Sequence[Line]) -> Posted:
    """A carrier paid for a parcel that it lost: the sum goes to whom the sale would have gone, by the packed lots and
    the terms of today. paid: the debits, where the money is. Once for an order."""
    facts = _order_of(actor, order_id)
    own, theirs = queries.owed(facts)
    goods = {line: amount + theirs.get(line, 0) for line, amount in own.items() if line}
    terms = queries.terms_on(facts.cooperative_id, clock.today())
    parts = {line: part for line, part in largest_remainder(amount_vnd, goods).items() if part}
    lines = [*paid, *_share_lines(facts, parts, terms)]
    made = post(facts.organisation_id, "carrier_compensation", f"compensation:{facts.id}", lines, clock.today(),
                order_id=facts.id, terms_id=terms.id, note=facts.code)  # fmt: skip
    audit(actor, "share_compensation", f"entry:{made.id}", fields=("postings",))
    return made


def _paid_lines(facts: queries.OrderFacts, cod: bool, bought_vnd: int, subsidised_vnd: int) -> list[Line]:
    """The debits of a sale: the buyer's part, and what a programme owes from now on."""
    lines = []
    if bought_vnd:
        kind = AccountKind.COD_RECEIVABLE if cod else AccountKind.BUYER_PREPAYMENT
        lines.append(Line(kind, order(facts.id), bought_vnd))
    if subsidised_vnd:
        lines.append(_receivable(facts.id, subsidised_vnd))
    return lines


def _receivable(order_id: int, amount_vnd: int, line_id: int | None = None) -> Line:
    """What the order's programme owes the cooperative: more, or with a refunded line less."""
    found = subsidy_of(order_id)
    assert found is not None, "an order with a subsidy names it"
    component = Component.SUBSIDY if line_id else ""
    return Line(AccountKind.SUBSIDY_RECEIVABLE, subsidy(found.id), amount_vnd, line_id, component=component)


def _share_lines(
    facts: queries.OrderFacts, amounts: Mapping[int, int], terms: queries.TermsOfDay
) -> list[Line]:
    packed = queries.packed_lots(facts.id)
    if any(not packed.get(line_id) for line_id in amounts):
        raise Conflict(N_("Đơn chưa ghi lô đã gói."), remedy=N_("Ghi lô ở bước gói hàng rồi làm lại."))
    given = queries.contributions({lot for lots in packed.values() for lot in lots})
    goods = measures(amounts) if terms.terms.measured else {}
    shares = [
        (line_id, lot_id, share)
        for line_id, amount in amounts.items()
        for lot_id, part in rules.over_lots(amount, packed[line_id]).items()
        for share in rules.split_lot(
            part, given[lot_id], terms.terms, goods.get((line_id, lot_id), rules.UNMEASURED)
        )
    ]
    still = _open(facts.organisation_id, terms, [share for _line, _lot, share in shares])
    lines = [line for line_id, lot_id, share in shares for line in _credit(still, share, line_id, lot_id)]
    return lines + cost_lines(facts.organisation_id, amounts, given, terms.terms)


def _open(organisation_id: int, terms: queries.TermsOfDay, shares: list[rules.Share]) -> Open:
    """How those who get something stand now, and what the tax office gets of it."""
    theirs = {(one.producer_id, one.household_id) for one in shares if one.producer_id is not None}
    tax = taxes.begin(organisation_id, clock.today(), theirs, asked=terms.withholds_tax)
    return Open.of(organisation_id, {who for who, _home in theirs}, tax)


def _credit(still: Open, share: rules.Share, line_id: int, lot_id: int) -> list[Line]:
    if share.producer_id is not None:
        return still.credit(
            share.producer_id, share.household_id, share.amount_vnd, share.component, line_id, lot_id,
            rule=share.rule, deal=share.deal,
        )  # fmt: skip
    kind, subject = rules.account_of(share)
    return [
        Line(kind, subject, -share.amount_vnd, line_id, lot_id, component=share.component, rule=share.rule,
             deal=share.deal)
    ]  # fmt: skip


def refund_split(
    actor: Actor, order_id: int, lines: Mapping[int, int], *, key: str, shipping_vnd: int = 0, recall: bool = False,
    note: str = "", subsidised: Mapping[int, int] | None = None,
) -> Posted:  # fmt: skip
    """Owe money back to a buyer, and take it from whom it went to.

    lines: order line id → đồng to give back to the buyer; subsidised: to the programme that paid a part of the line,
    whose budget has it again. shipping_vnd: of the shipping. Before delivery it comes out of the
    buyer's prepayment; afterwards out of what is left of each share, or, in a `recall` that the cooperative bears,
    out of its recall cost. Credits `refund_due` of the order; sending the money is `payments`' business (post
    refund_due + / bank −, with no component). `key` makes it idempotent: the same key with other amounts is a 409.
    Raises Invalid when more is asked than is left, NotFound for another cooperative's order.
    """
    facts = _order_of(actor, order_id)
    wanted = {line: amount for line, amount in lines.items() if amount}
    asked = wanted | ({0: shipping_vnd} if shipping_vnd else {})
    theirs = {line: amount for line, amount in (subsidised or {}).items() if amount}
    if (known := _same_refund(facts, f"refund:{key}", asked)) is not None:
        return known
    if not asked or any(amount < 0 for amount in asked.values()):
        raise Invalid(
            N_("Chưa có số tiền trả lại."), remedy=N_("Chọn món và số tiền trả lại."), field="amount_vnd"
        )
    lock_book(facts.organisation_id)
    delivered = posted(facts.organisation_id, f"sale:{order_id}") is not None
    gross = _sum(asked, theirs if delivered else {})
    _check_left(queries.left_to_refund(facts) if delivered else _prepaid_left(facts), gross)
    terms = queries.terms_of_sale(order_id) if delivered else None
    gross.pop(0, None)
    if terms is None:
        taken = _buyer_lines(AccountKind.BUYER_PREPAYMENT, order_id, asked, 1)
    elif recall and terms.recall_borne_by == "cooperative":
        taken = _recall_lines(gross)
    else:
        taken = _taken_lines(facts, gross)
    if terms is not None and shipping_vnd:
        taken.append(Line(AccountKind.SHIPPING_INCOME, "", shipping_vnd, component=Component.SHIPPING))
    due = _buyer_lines(AccountKind.REFUND_DUE, order_id, asked, -1)
    if terms is not None:
        due += [_receivable(order_id, -amount, line) for line, amount in theirs.items()]
    made = post(facts.organisation_id, EntryKind.REFUND, f"refund:{key}", due + taken, clock.today(),
                order_id=order_id, terms_id=terms.id if terms else None, note=note)  # fmt: skip
    audit(actor, "share_refund", f"entry:{made.id}", fields=("postings",))
    _top_up(actor, facts, {one.lot_id for one in taken if one.lot_id})
    if theirs and delivered:
        subsidies.take_back(order_id, facts.cooperative_id, sum(theirs.values()), key)
    elif theirs:
        subsidies.release(order_id, sum(theirs.values()))
    return made


def _sum(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {line: one.get(line, 0) + other.get(line, 0) for line in sorted({*one, *other})}


def _buyer_lines(kind: AccountKind, order_id: int, asked: Mapping[int, int], sign: int) -> list[Line]:
    return [
        Line(kind, order(order_id), sign * amount, line or None,
             component=Component.REFUND if line else Component.SHIPPING)
        for line, amount in asked.items()
    ]  # fmt: skip


def _same_refund(facts: queries.OrderFacts, key: str, asked: Mapping[int, int]) -> Posted | None:
    known = posted(facts.organisation_id, key)
    if known is None:
        return None
    due = {line.order_line_id or 0: -line.amount_vnd for line in lines_of(known.id)
           if line.kind is AccountKind.REFUND_DUE and line.subject == order(facts.id)}  # fmt: skip
    if due != dict(asked):
        raise Conflict(
            N_("Lần trả lại này đã ghi với số tiền khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
        )
    return known


def _prepaid_left(facts: queries.OrderFacts) -> dict[int, int]:
    """Before delivery: what each line still costs, and never more than was paid."""
    costs, paid = queries.costs_before_refunds(facts), queries.prepaid(facts.organisation_id, facts.id)
    return {line: min(cost, paid) for line, cost in costs.items()} | {-1: paid}


def _check_left(left: Mapping[int, int], asked: Mapping[int, int]) -> None:
    over = [(line, amount) for line, amount in asked.items() if amount > left.get(line, 0)]
    if sum(asked.values()) > left.get(-1, sum(left.values())):
        over.append((-1, sum(asked.values())))
    for line, _amount in over:
        raise Invalid(
            N_("Chỉ còn %(left)s có thể trả lại."), remedy=N_("Sửa số tiền rồi làm lại."), field="amount_vnd",
            left=vnd(left.get(line, sum(left.values()))),
        )  # fmt: skip


def _recall_lines(wanted: Mapping[int, int]) -> list[Line]:
    """A recall borne by the cooperative: the producers keep their shares, the lots are named all the same."""
    shares = queries.posted_shares(wanted)
    lines = []
    for line_id, amount in wanted.items():
        lots: dict[int, int] = {}
        for key, share in shares.items():
            if key[0] == line_id:
                lots[key[1]] = lots.get(key[1], 0) + share.left_vnd
        lines += [
            Line(
                AccountKind.RECALL_COST, "", part, line_id, lot_id, component=Component.RECALL, rule="recall"
            )
            for lot_id, part in rules.divide(amount, lots).items()
        ]
    return lines


def _taken_lines(facts: queries.OrderFacts, wanted: Mapping[int, int]) -> list[Line]:
    """The debits that take a refund back from what is left of each share of its line."""
    shares = queries.posted_shares(wanted)
    payable = queries.of_producers(
        facts.organisation_id, AccountKind.PRODUCER_PAYABLE, {key[3] for key in shares if key[3]}
    )
    owed = {who: -amount for who, amount in payable.items()}
    lines: list[Line] = []
    for line_id, amount in wanted.items():
        left = {
            key: share.left_vnd for key, share in shares.items() if key[0] == line_id and share.left_vnd > 0
        }
        for key, part in rules.refund(amount, left).items():
            lines += _take(key, shares[key], part, owed)
    return lines


def _take(
    key: queries.ShareKey, share: queries.PostedShare, amount_vnd: int, owed: dict[int, int]
) -> list[Line]:
    line_id, lot_id, component, who, home, rule, deal = key
    if share.account is not None:  # the cooperative's own part, or tax that was kept back
        kind, subject = share.account
        return [Line(AccountKind(kind), subject, amount_vnd, line_id, lot_id or None, who or None, home or None,
                     component, rule, deal)]  # fmt: skip
    back = rules.take_back(
        amount_vnd, share.payable_left_vnd, owed.get(who, 0), share.advances_left, share.netted_left_vnd
    )
    owed[who] = owed.get(who, 0) - back.payable_vnd
    parts = [(AccountKind.PRODUCER_PAYABLE, producer(who), back.payable_vnd),
             (AccountKind.PRODUCER_RECEIVABLE, producer(who), back.receivable_vnd)]  # fmt: skip
    parts += [(AccountKind.PRODUCER_ADVANCE, slip(one), part) for one, part in back.advances]
    return [
        Line(kind, subject, part, line_id, lot_id or None, who, home or None, component, rule, deal)
        for kind, subject, part in parts if part
    ]  # fmt: skip


def settle_lot(actor: Actor, lot_id: int, *, occasion: str = "close") -> Posted | None:
    """A lot closed under a guaranteed price: where its shares earned less, the cooperative adds the shortfall.

    Guaranteed is the slip's own price for the grams that went into the lot. `occasion` is part of the key; each
    posts only what is missing by then. None where nothing is guaranteed or nothing is missing.
    """
    facts = queries.lot_facts(lot_id)
    actor.must_serve(facts.organisation_id)
    terms = queries.terms_on(facts.cooperative_id, facts.made_on)
    if not terms.guaranteed_price:
        return None
    lock_book(facts.organisation_id)
    earned = queries.earned_from_lot(lot_id)
    missing = {
        who: rules.shortfall(promised, earned.get(who, 0))
        for who, promised in queries.guaranteed(lot_id).items()
    }
    missing = {who: amount for who, amount in missing.items() if amount}
    if not missing:
        return None
    given = queries.contributions([lot_id])[lot_id]
    theirs = {(who, home or None) for who, home in missing}
    tax = taxes.begin(facts.organisation_id, clock.today(), theirs, asked=terms.withholds_tax)
    still = Open.of(facts.organisation_id, {who for who, _home in missing}, tax)
    lines: list[Line] = []
    for (who, home), amount in sorted(missing.items()):
        deal = rules.deal_of_home(given, who, home or None, terms.terms)
        lines.append(Line(AccountKind.COOPERATIVE_INCOME, "", amount, lot_id=lot_id, component=Component.GUARANTEE,
                          rule="guarantee", deal=deal))  # fmt: skip
        lines += still.credit(who, home or None, amount, Component.GUARANTEE, None, lot_id, rule="guarantee",
                              deal=deal)  # fmt: skip
    return post(facts.organisation_id, EntryKind.GUARANTEE, f"guarantee:{lot_id}:{occasion}", lines, clock.today(),
                terms_id=terms.id)  # fmt: skip


def _top_up(actor: Actor, facts: queries.OrderFacts, lot_ids: set[int]) -> None:
    """After a refund, a lot whose guarantee was settled is settled again for what is missing now."""
    for lot_id in sorted(lot_ids & queries.guaranteed_lots(facts.organisation_id)):
        settle_lot(actor, lot_id, occasion=f"refund:{queries.refund_count(lot_id)}")
