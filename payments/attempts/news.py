"""News at our door: proved first, then noted once, then written. Five times, shuffled, late or forged, one result."""

from sqlalchemy import select

from core.db import db, transaction
from core.errors import NotFound
from core.i18n import N_
from payments.attempts import disputes, operations, refunds
from payments.attempts.models import Attempt, RailNews, RailRefund
from payments.providers.protocol import Answer, Forged, Notice, Provider, Receipt, RefundTold, Told
from payments.rails import queries as rails


def hear(rail: str, account_id: int, notice: Notice) -> Answer:
    """Read news for one merchant account and answer as its provider wants. Raises NotFound for an unknown account."""
    account = rails.account(account_id)
    if account.rail != rail or account.secrets is None:
        raise NotFound(N_("Không có cổng thanh toán này."))
    provider: Provider = rails.provider(account)
    db.session.rollback()
    try:
        told = provider.parse(notice)
    except Forged:
        return provider.answer(Receipt.FORGED)
    with transaction():
        receipt = note(account_id, told, notice)
    return provider.answer(receipt)


def note(account_id: int, told: Told, notice: Notice) -> Receipt:
    """Write proved news, inside the caller's transaction."""
    attempt_id = _attempt_of(account_id, told)
    if attempt_id is None:
        return Receipt.UNKNOWN
    operations.hold_still(attempt_id)
    if told.event_ref and _heard(account_id, told.event_ref):
        return Receipt.AGAIN
    receipt = _write(account_id, attempt_id, told)
    if told.event_ref and receipt not in (Receipt.LATER, Receipt.WRONG_AMOUNT):
        db.session.add(RailNews(rail_account_id=account_id, event_ref=told.event_ref, kind=told.kind[:60],
                                attempt_id=attempt_id, receipt=str(receipt), at=notice.at))  # fmt: skip
        db.session.flush()
    return receipt


def _heard(account_id: int, event_ref: str) -> bool:
    wanted = select(RailNews.id).where(
        RailNews.rail_account_id == account_id, RailNews.event_ref == event_ref
    )
    return db.session.execute(wanted).first() is not None


def _attempt_of(account_id: int, told: Told) -> int | None:
    """Which attempt the news is of: by our key, else by the provider's numbers; only of this account."""
    mine = select(Attempt.id).where(Attempt.rail_account_id == account_id)
    for column, value in (
        (Attempt.key, told.key), (Attempt.provider_ref, told.provider_ref), (Attempt.payment_ref, told.payment_ref),
    ):  # fmt: skip
        found = db.session.execute(mine.where(column == value)).scalar_one_or_none() if value else None
        if found is not None:
            return int(found)
    refund = _rail_refund(account_id, told.refund) if told.refund else None
    return refund.attempt_id if refund else None


def _rail_refund(account_id: int, told: RefundTold) -> RailRefund | None:
    mine = select(RailRefund).where(RailRefund.rail_account_id == account_id)
    for column, value in ((RailRefund.key, told.key), (RailRefund.refund_ref, told.seen.refund_ref)):
        found = db.session.execute(mine.where(column == value)).scalar_one_or_none() if value else None
        if found is not None:
            return found
    return None


def _write(account_id: int, attempt_id: int, told: Told) -> Receipt:
    receipts = []
    if told.seen is not None:
        receipts.append(operations.apply(attempt_id, told.seen))
    if told.refund is not None:
        refund = _rail_refund(account_id, told.refund)
        receipts.append(refunds.apply(refund.id, told.refund.seen) if refund else Receipt.UNKNOWN)
    if told.dispute is not None:
        receipts.append(disputes.apply(attempt_id, told.dispute))
    for weighty in (Receipt.LATER, Receipt.WRONG_AMOUNT, Receipt.APPLIED, Receipt.AGAIN):
        if weighty in receipts:
            return weighty
    return Receipt.UNKNOWN if receipts else Receipt.AGAIN
