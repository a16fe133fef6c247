"""Reads of payouts: what came back, what was confirmed, what one person may still pay today, and why a sum is owed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Exists, String, cast, func, literal, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.models import Order
from revenue.ledger.queries import ledger_id
from revenue.models import Account, Entry, Ledger, Payout, Posting
from revenue.payouts.models import PayoutConfirmation, PayoutLimit, ProducerPin
from revenue.payouts.rules import ALONE_VND, Credit, first_paid, unpaid_part
from revenue.rules import AccountKind, PayMethod
from revenue.rules import producer as producer_subject
from traceability.models import Lot

WHY_MOST = 200


def returned_key(payout_id: int) -> str:
    """The ledger key of a payout that the bank sent back."""
    return f"payout-returned:{payout_id}"


def was_returned() -> Exists:
    """The condition that the payout of the outer statement came back."""
    back = aliased(Entry)
    return (
        select(back.id)
        .where(
            back.ledger_id == Payout.ledger_id,
            back.key == literal("payout-returned:") + cast(Payout.id, String),
        )
        .exists()
    )


def was_reversed() -> Exists:
    """The condition that the payout of the outer statement was a mistake and was undone."""
    back = aliased(Entry)
    return (
        select(back.id)
        .where(
            back.ledger_id == Payout.ledger_id,
            back.key == literal("reverse:") + cast(Payout.entry_id, String),
        )
        .exists()
    )


@dataclass(frozen=True)
class Fate:
    """What became of a payout. how: see `rules.How`, '' for cash nobody confirmed and for transfers."""

    reversed: bool
    returned: bool
    returned_note: str
    how: str
    confirmed_at: datetime | None
    unconfirmed: bool


def fate(payout: Payout) -> Fate:
    """What became of a payout, in two statements."""
    keys = {f"reverse:{payout.entry_id}", returned_key(payout.id)}
    rows = db.session.execute(
        select(Entry.key, Entry.note).where(Entry.ledger_id == payout.ledger_id, Entry.key.in_(keys))
    )
    found = dict(rows.tuples().all())
    said = db.session.execute(
        select(PayoutConfirmation.how, PayoutConfirmation.at).where(PayoutConfirmation.payout_id == payout.id)
    ).one_or_none()
    gone = bool(found)
    note = found.get(returned_key(payout.id), "")
    return Fate(
        f"reverse:{payout.entry_id}" in found, returned_key(payout.id) in found, note.partition(": ")[2],
        said.how if said else "", said.at if said else None,
        payout.method == PayMethod.CASH and said is None and not gone,
    )  # fmt: skip


def limit_on(organisation_id: int, day: date) -> int:
    """How much one person may pay out alone on a day, đồng."""
    found = db.session.execute(
        select(PayoutLimit.limit_vnd)
        .where(
            PayoutLimit.organisation_id == organisation_id,
            PayoutLimit.from_on <= day,
            PayoutLimit.approved_at.is_not(None),
        )
        .order_by(PayoutLimit.from_on.desc(), PayoutLimit.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return ALONE_VND if found is None else found


def limits(organisation_id: int) -> list[PayoutLimit]:
    """Every limit an organisation wrote, the newest first."""
    query = select(PayoutLimit).where(PayoutLimit.organisation_id == organisation_id)
    return list(db.session.execute(query.order_by(PayoutLimit.id.desc())).scalars())


def alone_today(organisation_id: int) -> int:
    """What was paid out today without a second person, đồng; what was undone or came back does not count."""
    asked = (
        select(func.coalesce(func.sum(Payout.amount_vnd), 0))
        .join(Ledger, Ledger.id == Payout.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id,
            Payout.paid_at >= clock.start_of(clock.today()),
            Payout.approved_by_user_id.is_(None),
            Payout.by_user_id.is_not(None),
            ~was_returned(),
            ~was_reversed(),
        )
    )
    return int(db.session.execute(asked).scalar_one())


def unconfirmed_cash(organisation_id: int) -> list[Payout]:
    """Cash that no producer has confirmed, the newest first, at most a hundred."""
    said = select(PayoutConfirmation.id).where(PayoutConfirmation.payout_id == Payout.id).exists()
    query = (
        select(Payout)
        .where(
            Payout.ledger_id == ledger_id(organisation_id),
            Payout.method == PayMethod.CASH,
            ~said,
            ~was_returned(),
            ~was_reversed(),
        )
        .order_by(Payout.id.desc())
        .limit(100)
    )
    return list(db.session.execute(query).scalars())


def payouts_page(organisation_id: int, page: int, size: int = 30) -> list[tuple[Payout, bool, bool, bool]]:
    """A page of payouts, newest first: (payout, reversed, returned, confirmed)."""
    said = select(PayoutConfirmation.id).where(PayoutConfirmation.payout_id == Payout.id).exists()
    query = (
        select(Payout, was_reversed(), was_returned(), said)
        .where(Payout.ledger_id == ledger_id(organisation_id))
        .order_by(Payout.id.desc())
        .offset((max(1, page) - 1) * size)
        .limit(size)
    )
    return [(one, bool(a), bool(b), bool(c)) for one, a, b, c in db.session.execute(query)]


def pin_of(producer_id: int) -> ProducerPin | None:
    """A producer's PIN, if she has chosen one."""
    return db.session.execute(
        select(ProducerPin).where(ProducerPin.producer_id == producer_id)
    ).scalar_one_or_none()


@dataclass(frozen=True)
class Reason:
    """One sale (or refund kept, or guarantee) that a sum owed to a producer comes from, đồng."""

    entry_id: int
    on: date
    kind: str
    order_id: int | None
    order_code: str
    lot_codes: str
    amount_vnd: int
    whole_vnd: int


def why_paid(
    organisation_id: int, producer_id: int, owed_vnd: int, amount_vnd: int, upto_seq: int | None = None
) -> list[Reason]:
    """Which sales a payment settles when the oldest are paid first, newest first. owed_vnd: all that was owed then.

    upto_seq: as the book stood after that entry. Looks at the newest 200 credits.
    """
    credit = -func.sum(Posting.amount_vnd)
    asked = (
        select(Entry.id, credit)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id,
            Account.kind == str(AccountKind.PRODUCER_PAYABLE),
            Account.subject == producer_subject(producer_id),
        )
        .group_by(Entry.id, Entry.seq)
        .having(credit > 0)
        .order_by(Entry.seq.desc())
        .limit(WHY_MOST)
    )
    if upto_seq is not None:
        asked = asked.where(Entry.seq <= upto_seq)
    credits = [Credit(entry, int(amount)) for entry, amount in db.session.execute(asked)]
    parts = first_paid(unpaid_part(credits, owed_vnd), amount_vnd)
    return _described(producer_id, parts, {one.entry_id: one.amount_vnd for one in credits})


def _described(producer_id: int, parts: list[Credit], whole: dict[int, int]) -> list[Reason]:
    ids = [one.entry_id for one in parts]
    rows = db.session.execute(
        select(Entry.id, Entry.on, Entry.kind, Entry.order_id, func.coalesce(Order.code, ""))
        .outerjoin(Order, Order.id == Entry.order_id)
        .where(Entry.id.in_(ids))
    )
    facts = {row[0]: row for row in rows}
    lots: dict[int, set[str]] = {}
    for entry, code in db.session.execute(
        select(Posting.entry_id, Lot.code)
        .join(Lot, Lot.id == Posting.lot_id)
        .where(Posting.entry_id.in_(ids), Posting.producer_id == producer_id)
    ):
        lots.setdefault(entry, set()).add(code)
    return [
        Reason(one.entry_id, facts[one.entry_id][1], facts[one.entry_id][2], facts[one.entry_id][3],
               facts[one.entry_id][4], ", ".join(sorted(lots.get(one.entry_id, ()))), one.amount_vnd,
               whole[one.entry_id])
        for one in parts
    ]  # fmt: skip


def payable_upto(organisation_id: int, upto_on: date) -> dict[int, int]:
    """What producers earned up to a day and have not been paid, đồng by producer id: credits of those days less
    everything taken off since. Only what is more than 0, and never more than is owed now."""
    earned = func.sum(Posting.amount_vnd).filter(Posting.amount_vnd < 0, Entry.on <= upto_on)
    taken = func.coalesce(func.sum(Posting.amount_vnd).filter(Posting.amount_vnd > 0), 0)
    rows = db.session.execute(
        select(Posting.producer_id, -earned - taken)
        .join(Entry, Entry.id == Posting.entry_id)
        .join(Account, Account.id == Posting.account_id)
        .join(Ledger, Ledger.id == Account.ledger_id)
        .where(
            Ledger.organisation_id == organisation_id,
            Account.kind == str(AccountKind.PRODUCER_PAYABLE),
            Posting.producer_id.is_not(None),
        )
        .group_by(Posting.producer_id)
        .having(-earned - taken > 0)
    )
    return {int(who): int(amount) for who, amount in rows}


def last_paid(organisation_id: int) -> dict[int, datetime]:
    """When each producer was last paid."""
    rows = db.session.execute(
        select(Payout.producer_id, func.max(Payout.paid_at))
        .where(Payout.ledger_id == ledger_id(organisation_id))
        .group_by(Payout.producer_id)
    )
    return dict(rows.tuples().all())


def payout_in(organisation_id: int, payout_id: int) -> Payout:
    """A payout of this organisation. Raises NotFound for another's."""
    found = db.session.execute(
        select(Payout)
        .join(Ledger, Ledger.id == Payout.ledger_id)
        .where(Payout.id == payout_id, Ledger.organisation_id == organisation_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có lần trả này."), remedy=N_("Xem lại danh sách."))
    return found
