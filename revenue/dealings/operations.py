"""Entries of goods bought outright: the purchase when a batch closes, the cost as they sell, the rest at the end."""

from collections.abc import Iterable, Mapping

from accounts.operations import audit
from accounts.rules import Actor
from cooperatives.models import Cooperative
from cooperatives.queries import standing_of
from cooperatives.rules import StandingKind
from core import clock
from core.db import db
from revenue.dealings import queries, rules
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, balance
from revenue.rules import AccountKind, Component, Deal, EntryKind, Line
from revenue.split.credits import Open
from revenue.split.queries import contributions as given_to
from revenue.split.queries import lot_facts, terms_on
from revenue.split.rules import Contribution, Terms
from traceability.batches.queries import locked
from traceability.batches.ways import mark_purchased
from traceability.rules import Purchase


def post_purchase(actor: Actor, batch_id: int) -> Posted | None:
    """What a closed batch bought outright: its makers are owed the slips' price, less what they had at the scale.

    Goods bought + · advance, debt, payable of each producer −. Once a batch. None where there is nothing to pay.
    """
    batch = locked(batch_id)
    if batch.purchase != Purchase.TO_POST:
        return None
    own = db.session.get_one(Cooperative, batch.cooperative_id).organisation_id or 0
    actor.must_serve(own)
    lock_book(own)
    terms = terms_on(batch.cooperative_id, batch.made_on)
    found = [one for one in queries.bought_in(batch_id) if one.value_vnd]
    still, lines = Open.of(own, {one.producer_id for one in found}), []
    for one in found:
        member = standing_of(one.producer_id, one.weighed_on) is StandingKind.MEMBER
        internal = member and terms.terms.member_agreement
        deal = str(Deal.OUTRIGHT_INTERNAL if internal else Deal.OUTRIGHT_EXTERNAL)
        lines.append(Line(AccountKind.GOODS_BOUGHT, "", one.value_vnd, component=Component.PURCHASE, rule="outright",
                          deal=deal))  # fmt: skip
        lines += still.credit(one.producer_id, one.household_id, one.value_vnd, Component.PURCHASE, None, None,
                              rule="outright", deal=deal)  # fmt: skip
    mark_purchased(batch_id)
    if not lines:
        return None
    made = post(own, EntryKind.PURCHASE, f"purchase:{batch_id}", lines, clock.today(), terms_id=terms.id,
                note=batch.code)  # fmt: skip
    audit(actor, "buy_outright", f"batch:{batch_id}", fields=("postings",))
    return made


def cost_lines(
    organisation_id: int, line_ids: Iterable[int], given: Mapping[int, list[Contribution]], terms: Terms
) -> list[Line]:
    """Of a sale: the cost of what it takes out of lots that were bought outright. Empty for all other lots.

    Never more than the lot cost, nor than the book holds: a purchase that is not posted yet is met at the lot's end.
    """
    bought = [lot for lot, found in given.items() if any(one.outright for one in found)]
    if not bought:
        return []
    left = balance(organisation_id, AccountKind.GOODS_BOUGHT, "")
    costs = {lot: queries.costs(lot, terms, given[lot]) for lot in bought}
    of_lot = {lot: sum(costs[lot].values()) - queries.relieved(lot) for lot in bought}
    lines: list[Line] = []
    for (line_id, lot), (sold, whole) in sorted(queries.sold_parts(line_ids, bought).items()):
        for deal, cost in sorted(costs[lot].items()):
            part = max(0, min(rules.part_of_cost(cost, sold, whole), left, of_lot[lot]))
            left, of_lot[lot] = left - part, of_lot[lot] - part
            lines += _moved(part, lot, deal, line_id)
    return lines


def _moved(amount_vnd: int, lot_id: int, deal: str, line_id: int | None = None) -> list[Line]:
    if not amount_vnd:
        return []
    return [
        Line(
            kind, "", sign * amount_vnd, line_id, lot_id, component=Component.COST, rule="outright", deal=deal
        )
        for kind, sign in ((AccountKind.COST_OF_GOODS, 1), (AccountKind.GOODS_BOUGHT, -1))
    ]


def write_off(actor: Actor, lot_id: int) -> Posted | None:
    """A lot bought outright is used up: what of its own cost no sale bore is cost now. Once a lot.

    The part of the lot that went into later batches is theirs. None where nothing is left.
    """
    facts = lot_facts(lot_id)
    actor.must_serve(facts.organisation_id)
    lock_book(facts.organisation_id)
    terms = terms_on(facts.cooperative_id, facts.made_on)
    costs = queries.costs(lot_id, terms.terms, given_to([lot_id])[lot_id])
    if not costs:
        return None
    onward, whole = queries.used_onward(lot_id)
    cost = sum(costs.values())
    left = cost - rules.part_of_cost(cost, onward, whole) - queries.relieved(lot_id)
    left = max(0, min(left, balance(facts.organisation_id, AccountKind.GOODS_BOUGHT, "")))
    lines = _moved(left, lot_id, max(costs, key=lambda deal: (costs[deal], deal)))
    if not lines:
        return None
    return post(
        facts.organisation_id, EntryKind.COST, f"cost:{lot_id}", lines, clock.today(), terms_id=terms.id
    )
