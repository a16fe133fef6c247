"""What Stripe's objects mean to us. Pure: dictionaries as its API and its events bring them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from payments.providers.protocol import (
    DisputeStanding,
    DisputeTold,
    RefundSeen,
    RefundStanding,
    RefundTold,
    Seen,
    Standing,
)

Plain = Mapping[str, Any]
# An intent that waits for a card after a refusal is still open: the session's page lets the buyer try another.
INTENT: dict[str, Standing] = {
    "requires_payment_method": Standing.OPEN,
    "requires_confirmation": Standing.OPEN,
    "requires_action": Standing.PENDING,
    "requires_capture": Standing.PENDING,
    "processing": Standing.PENDING,
    "succeeded": Standing.PAID,
    "canceled": Standing.CANCELLED,
}
REFUND: dict[str, RefundStanding] = {
    "succeeded": RefundStanding.DONE,
    "pending": RefundStanding.PENDING,
    "requires_action": RefundStanding.PENDING,
    "failed": RefundStanding.FAILED,
    "canceled": RefundStanding.FAILED,
}


def _when(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _dong(amount: object, currency: object) -> int:
    """An amount in đồng; 0, which is the amount of no attempt, for another currency."""
    return int(amount) if isinstance(amount, int) and str(currency).lower() == "vnd" else 0


def _refused(intent: Plain) -> str:
    """Why the last card was refused, as Stripe names it: "card_declined"."""
    error = intent.get("last_payment_error") or {}
    return str(error.get("decline_code") or error.get("code") or "")


def intent_seen(intent: Plain) -> Seen:
    """A payment intent."""
    status = str(intent["status"])
    standing, why = INTENT.get(status, Standing.OPEN), _refused(intent)
    charge = intent.get("latest_charge")
    paid = standing is Standing.PAID
    amount = intent.get("amount_received") if paid else intent.get("amount")
    return Seen(
        standing,
        f"{status}:{why}" if why and not paid else status,
        amount_vnd=_dong(amount, intent.get("currency")),
        payment_ref=str(intent["id"]),
        paid_at=_when(charge.get("created") if isinstance(charge, Mapping) else intent.get("created"))
        if paid
        else None,
        fee_vnd=_fee(charge) if isinstance(charge, Mapping) else None,
    )


def session_seen(session: Plain) -> Seen:
    """A checkout session, with its intent where that came along."""
    intent = session.get("payment_intent")
    inner = intent_seen(intent) if isinstance(intent, Mapping) else None
    status, paid = str(session.get("status") or ""), session["payment_status"] == "paid"
    standing = Standing.OPEN
    if paid:
        standing = Standing.PAID
    elif status == "expired":
        standing = Standing.EXPIRED
    elif status == "complete" or (inner and inner.standing is Standing.PENDING):
        standing = Standing.PENDING
    return Seen(
        standing,
        f"{status}/{inner.raw_state}" if inner else f"{status}/{session['payment_status']}",
        amount_vnd=_dong(session.get("amount_total"), session.get("currency")),
        provider_ref=str(session["id"]),
        payment_ref=inner.payment_ref if inner else str(intent or ""),
        paid_at=inner.paid_at if inner and paid else None,
        fee_vnd=inner.fee_vnd if inner and paid else None,
        pay_url=str(session.get("url") or ""),
    )


def in_dong(part: int, whole: int, whole_vnd: int) -> int:
    """A part of an amount in another currency, as đồng of the same amount, rounded half up.

    An account abroad settles in its own currency: of a charge of 250,000 đ that came as 9.50 USD a fee of 0.65 USD is
    17,105 đ.

    >>> in_dong(65, 950, 250_000)
    17105
    """
    return (2 * part * whole_vnd + whole) // (2 * whole) if whole else 0


def _fee(charge: Plain) -> int | None:
    """What Stripe kept of a charge, đồng; None until its book says."""
    booked = charge.get("balance_transaction")
    if not isinstance(booked, Mapping):
        return None
    if booked["currency"] == "vnd":
        return int(booked["fee"])
    return in_dong(int(booked["fee"]), int(booked["amount"]), _dong(charge["amount"], charge["currency"]))


def refund_told(refund: Plain) -> RefundTold:
    """A refund."""
    status = str(refund.get("status") or "pending")
    why = refund.get("failure_reason")
    seen = RefundSeen(
        REFUND.get(status, RefundStanding.PENDING), f"{status}:{why}" if why else status, str(refund["id"])
    )
    return RefundTold(seen, str((refund.get("metadata") or {}).get("refund", "")))


def dispute_told(dispute: Plain) -> DisputeTold | None:
    """A dispute; None for an inquiry, in which no money has moved, and for another currency."""
    status, amount = str(dispute["status"]), _dong(dispute["amount"], dispute["currency"])
    if status.startswith("warning") or status == "prevented" or not amount:
        return None
    standing = {"won": DisputeStanding.WON, "lost": DisputeStanding.LOST}.get(status, DisputeStanding.OPENED)
    at = _when(dispute["created"])
    assert at is not None, "required by the description"
    return DisputeTold(str(dispute["id"]), standing, amount, status, at, _dispute_fee(dispute, amount))


def _dispute_fee(dispute: Plain, amount_vnd: int) -> int:
    total = 0
    for row in dispute.get("balance_transactions") or ():
        fee, moved = int(row["fee"]), abs(int(row["amount"]))
        total += fee if row["currency"] == "vnd" else in_dong(fee, moved, amount_vnd)
    return max(total, 0)
