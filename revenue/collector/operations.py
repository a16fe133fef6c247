"""Verbs of collected money. Each writes both books in one transaction, the cooperatives' first, the collector's last.

The payment's rows are locked by the caller before: order, cooperative's book, collector's book, always in that order,
several orders by id, so that no two wait for each other.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from accounts.models import Organisation
from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.format import vnd
from core.i18n import N_
from core.money import check_price
from core.once import next_number
from core.text import clean
from revenue.closing.operations import post_for_day
from revenue.collector import queries, rules
from revenue.collector.models import Remittance
from revenue.collector.rules import Kind, Part, RemittanceState
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, balance
from revenue.rules import AccountKind
from revenue.rules import order as order_subject

STAFF = (Role.MANAGER, Role.TREASURER)


def collect(
    collector_id: int, rail: str, parts: Sequence[Part], *, ref: str, on: date, note: str = ""
) -> Posted:
    """Buyers' money came to a collector over a rail, for these orders. `ref` names the payment: again is harmless."""
    for part in parts:
        post_for_day(part.organisation_id, Kind.COLLECTED, f"collected:{ref}:{part.order_id}",
             rules.collected_here(collector_id, part), on, order_id=part.order_id, note=note)  # fmt: skip
    return post_for_day(collector_id, Kind.COLLECTED, f"collected:{ref}", rules.collected_there(rail, parts), on,
                order_id=parts[0].order_id if len(parts) == 1 else None, note=note)  # fmt: skip


def charge_fee(collector_id: int, rail: str, parts: Sequence[Part], *, ref: str, on: date) -> Posted | None:
    """What the provider kept, borne by each order's cooperative: `to_order_vnd` of a part is its fee."""
    return _cost(collector_id, rail, parts, Kind.RAIL_FEE, AccountKind.PROVIDER_FEE, ref, on)


def _cost(
    collector_id: int, rail: str, parts: Sequence[Part], kind: Kind, account: AccountKind, ref: str, on: date
) -> Posted | None:
    borne = [part for part in parts if part.to_order_vnd]
    for part in borne:
        post_for_day(part.organisation_id, kind, f"{kind}:{ref}:{part.order_id}",
             rules.cost_here(collector_id, account, part.to_order_vnd), on, order_id=part.order_id)  # fmt: skip
    if not borne:
        return None
    return post_for_day(collector_id, kind, f"{kind}:{ref}", rules.cost_there(rail, _by_cooperative(borne)), on,
                order_id=borne[0].order_id if len(borne) == 1 else None)  # fmt: skip


def _by_cooperative(parts: Sequence[Part]) -> dict[int, int]:
    sums: dict[int, int] = {}
    for part in parts:
        sums[part.cooperative_id] = sums.get(part.cooperative_id, 0) + part.to_order_vnd
    return sums


def give_back(collector_id: int, rail: str, part: Part, *, subject: str, ref: str, on: date) -> Posted:
    """The provider paid a buyer back (`to_order_vnd`): it was owed under `subject`, and the collector owes less.

    After a remittance the balance turns over, and the next remittance is that much smaller.
    """
    here = rules.cost_here(collector_id, AccountKind.REFUND_DUE, part.to_order_vnd, subject)
    post_for_day(
        part.organisation_id, Kind.RAIL_REFUND, f"rail-refund:{ref}", here, on, order_id=part.order_id
    )
    there = rules.cost_there(rail, {part.cooperative_id: part.to_order_vnd})
    return post_for_day(
        collector_id, Kind.RAIL_REFUND, f"rail-refund:{ref}", there, on, order_id=part.order_id
    )


def open_dispute(collector_id: int, rail: str, dispute_id: int, amount_vnd: int, on: date) -> Posted:
    """A buyer's bank took money back for the time being: only the collector's book knows of it yet."""
    lines = rules.held(rail, dispute_id, amount_vnd)
    return post_for_day(collector_id, Kind.DISPUTE_OPENED, f"dispute:{dispute_id}:opened", lines, on)


def charge_dispute(collector_id: int, rail: str, dispute_id: int, parts: Sequence[Part], on: date) -> None:
    """What the provider charges for a dispute, borne like its other fees."""
    _cost(collector_id, rail, parts, Kind.RAIL_FEE, AccountKind.PROVIDER_FEE, f"dispute:{dispute_id}", on)


def win_dispute(collector_id: int, rail: str, dispute_id: int, amount_vnd: int, on: date) -> Posted:
    """The money is back."""
    lines = [line.mirrored() for line in rules.held(rail, dispute_id, amount_vnd)]
    return post_for_day(collector_id, Kind.DISPUTE_WON, f"dispute:{dispute_id}:won", lines, on)


def lose_dispute(
    collector_id: int, dispute_id: int, parts: Sequence[Part], on: date, *, prepaid: Mapping[int, int]
) -> Posted:
    """The money is gone. prepaid: order id → đồng that were still the buyer's own (goods not delivered); the rest is
    the cooperative's cost: its members keep their shares, as in a recall that it bears.
    """
    for part in parts:
        own = prepaid.get(part.order_id, 0)
        lines = rules.cost_here(
            collector_id, AccountKind.BUYER_PREPAYMENT, own, order_subject(part.order_id)
        ) + rules.cost_here(collector_id, AccountKind.DISPUTE_COST, part.to_order_vnd - own)
        post_for_day(part.organisation_id, Kind.DISPUTE_LOST, f"dispute:{dispute_id}:lost:{part.order_id}", lines, on,
             order_id=part.order_id)  # fmt: skip
    there = rules.lost_there(dispute_id, _by_cooperative(parts))
    return post_for_day(collector_id, Kind.DISPUTE_LOST, f"dispute:{dispute_id}:lost", there, on)


# --- what people enter


def _collector(actor: Actor) -> int:
    """The collector that a person acts for. Raises NotFound for another kind of organisation."""
    actor.must_be(*STAFF)
    return queries.collector_of(actor.organisation_id).id


def settle(actor: Actor, rail: str, amount_vnd: int, key: str, reference: str = "") -> Posted:
    """The provider paid out to the collector's bank, as its book says. The same key is the same money.

    Raises Invalid for more than the provider holds.
    """
    own = _collector(actor)
    check_price(amount_vnd, field="amount_vnd")
    lock_book(own)
    held = balance(own, AccountKind.RAIL_CLEARING, rules.rail(rail))
    lines = rules.settled(rail, amount_vnd)
    if amount_vnd > held and queries.posted_before(own, f"rail-settled:{key}") is None:
        raise Invalid(
            N_("Cổng thanh toán chỉ còn giữ %(held)s."), remedy=N_("Xem lại số tiền trong sổ ngân hàng."),
            field="amount_vnd", held=vnd(max(held, 0)),
        )  # fmt: skip
    made = post(
        own, Kind.RAIL_SETTLED, f"rail-settled:{key}", lines, clock.today(), note=clean(reference)[:80]
    )
    audit(actor, "settle_rail", f"entry:{made.id}", ("amount_vnd", "reference"))
    return made


def remit(actor: Actor, cooperative_id: int, amount_vnd: int, key: str, reference: str = "") -> Remittance:
    """Enter a bank transfer to a cooperative: it is owed so much less, and awaits the cooperative's word.

    The same key is the same transfer. Raises Invalid for more than is owed or than the bank holds, NotFound for a
    cooperative that is owed nothing by this collector.
    """
    own = _collector(actor)
    there = db.session.get(Cooperative, cooperative_id)
    if there is None or there.organisation_id is None:
        raise NotFound(N_("Không có hợp tác xã này."), remedy=N_("Chọn lại trong danh sách."))
    lock_book(there.organisation_id)
    lock_book(own)
    if (known := _by_key(own, key)) is not None:
        if (known.cooperative_id, known.amount_vnd) != (cooperative_id, amount_vnd):
            raise Conflict(
                N_("Lần chuyển này đã ghi với số khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
            )
        return known
    owed = queries.owed_to(own, cooperative_id)
    if not 0 < amount_vnd <= owed:
        raise Invalid(
            N_("Còn nợ hợp tác xã này %(owed)s, không chuyển quá số đó."), remedy=N_("Sửa số tiền rồi làm lại."),
            field="amount_vnd", owed=vnd(max(owed, 0)),
        )  # fmt: skip
    made = Remittance(
        collector_id=own, cooperative_id=cooperative_id, key=key, number=_number(), amount_vnd=amount_vnd,
        state=RemittanceState.SENT, reference=clean(reference)[:80], sent_on=clock.today(),
        sent_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    here, over_there = rules.remitted(made.id, own, cooperative_id, amount_vnd)
    post(there.organisation_id, Kind.REMITTED, f"remitted:{made.id}", here, made.sent_on, note=made.number)
    post(own, Kind.REMITTED, f"remitted:{made.id}", over_there, made.sent_on, note=made.number)
    audit(actor, "remit", f"remittance:{made.id}", ("amount_vnd", "reference"))
    return made


def _number() -> str:
    month = f"{clock.today():%y%m}"
    return f"NT-{month}-{next_number(f'remittance:{month}'):03}"


def _by_key(collector_id: int, key: str) -> Remittance | None:
    return db.session.execute(
        select(Remittance).where(Remittance.collector_id == collector_id, Remittance.key == key)
    ).scalar_one_or_none()


def _locked(remittance_id: int) -> tuple[Remittance, int]:
    """A remittance, and its cooperative's organisation."""
    found = db.session.get(Remittance, remittance_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise queries.no_remittance()
    return found, db.session.get_one(Cooperative, found.cooperative_id).organisation_id or 0


def confirm(actor: Actor, remittance_id: int) -> Remittance:
    """The cooperative's staff see the money in their bank. Twice is harmless. Raises Conflict after a return."""
    actor.must_be(*STAFF)
    found, organisation_id = _locked(remittance_id)
    if actor.organisation_id != organisation_id:
        raise queries.no_remittance()
    if found.state == RemittanceState.CONFIRMED:
        return found
    _close(actor, found, "confirm")
    lines = rules.arrived(found.id, found.amount_vnd)
    post(
        organisation_id,
        Kind.REMITTANCE_IN,
        f"remittance-in:{found.id}",
        lines,
        clock.today(),
        note=found.number,
    )
    audit(actor, "confirm_remittance", f"remittance:{found.id}", ("state",))
    return found


def take_back(actor: Actor, remittance_id: int) -> Remittance:
    """The bank returned a transfer that was not confirmed: it is owed again, and in the collector's bank again."""
    own = _collector(actor)
    found, organisation_id = _locked(remittance_id)
    if found.collector_id != own:
        raise queries.no_remittance()
    if found.state == RemittanceState.RETURNED:
        return found
    _close(actor, found, "return")
    here, there = rules.remitted(found.id, own, found.cooperative_id, found.amount_vnd)
    for book, lines in ((organisation_id, here), (own, there)):
        mirror = [line.mirrored() for line in lines]
        post(
            book,
            Kind.REMITTANCE_BACK,
            f"remittance-back:{found.id}",
            mirror,
            clock.today(),
            note=found.number,
        )
    audit(actor, "return_remittance", f"remittance:{found.id}", ("state",))
    return found


def _close(actor: Actor, found: Remittance, event: str) -> None:
    found.state = str(rules.after(found.state, event))
    found.closed_at, found.closed_by_user_id = clock.now(), actor.user_id
    db.session.flush()


def open_collector(name: str) -> Organisation:
    """Make a collector with its own book. For the operator: nobody becomes one through a page."""
    from accounts.operations import create_organisation
    from revenue.ledger.operations import open_ledger

    made = create_organisation("collector", name)
    open_ledger(made.id)
    return made
