"""Stripe: cards, by its hosted Checkout page, or by an intent for a partner's card page. The one module that imports
its SDK, and only once a card is used.

Source: Stripe's OpenAPI description of 2026-08-26 (the version we pin: tests hold every request and answer against it)
and docs.stripe.com on idempotent requests and webhook signatures. VND has no decimals: amounts go as they are. Stripe
takes no merchants of Viet Nam (domain.md): the account is a partner's abroad. Never reached by us for real.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import stripe
from stripe import StripeClient

from core.errors import Invalid
from core.i18n import N_
from payments.providers import stripe_intents
from payments.providers.protocol import (
    Answer,
    Ask,
    Forged,
    Known,
    Link,
    Movement,
    Notice,
    Opened,
    ProviderDown,
    ProviderRefused,
    Receipt,
    RefundAsk,
    RefundSeen,
    RefundStanding,
    Seen,
    Standing,
    Told,
)
from payments.providers.stripe_events import dispute_told, refund_told, session_seen

VERSION = "2026-08-26.dahlia"
logging.getLogger("stripe").setLevel(logging.WARNING)  # it tells of every call at info
RETRIES = 1  # by the SDK, under the same idempotency key; further ones are the worker's
TOLERANCE = timedelta(seconds=300)
LATEST = ["payment_intent.latest_charge.balance_transaction"]
Result = TypeVar("Result")


def connect(link: Link) -> "Stripe":
    """The account behind a link."""
    return Stripe(link)


@lru_cache(maxsize=8)
def _client(secret_key: str, api_base: str, timeout_s: float) -> StripeClient:
    """One client for each account in a process: its connection is kept open between calls."""
    return StripeClient(
        secret_key, stripe_version=VERSION, base_addresses={"api": api_base}, max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=timeout_s),
    )  # fmt: skip


class Stripe:
    """One Stripe account."""

    def __init__(self, link: Link) -> None:
        self._secrets, self._page = link.secrets, link.merchant.get("card_page", "")
        self._v1 = _client(link.secrets["secret_key"], link.api_base, link.timeout_s / (RETRIES + 1)).v1

    def create(self, ask: Ask) -> Opened:
        """A Checkout Session for exactly one payment, or an intent where a partner's page takes the card."""
        return self._create_intent(ask) if self._page else self._create_session(ask)

    def _create_intent(self, ask: Ask) -> Opened:
        made = _plain(_asked(
            lambda: self._v1.payment_intents.create(stripe_intents.params(ask), {"idempotency_key": ask.key})  # type: ignore[arg-type]
        ))  # fmt: skip
        return Opened(made["id"], stripe_intents.page_link(self._page, made), str(made["status"]), made["id"])

    def _create_session(self, ask: Ask) -> Opened:
        params: dict[str, Any] = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "line_items": [{
                "quantity": 1,
                "price_data": {
                    "currency": "vnd", "unit_amount": ask.amount_vnd, "product_data": {"name": ask.description},
                },
            }],
            "client_reference_id": ask.key,
            "metadata": {"attempt": ask.key},
            "payment_intent_data": {"metadata": {"attempt": ask.key}, "description": ask.description},
            "adaptive_pricing": {"enabled": False},  # the buyer pays the đồng that they saw
            "success_url": ask.return_url,
            "cancel_url": ask.return_url,
            "locale": "vi" if ask.language == "vi" else "en",
            "expires_at": int(ask.expires_at.timestamp()),
        }  # fmt: skip
        made = _asked(
            lambda: self._v1.checkout.sessions.create(params, {"idempotency_key": ask.key})  # type: ignore[arg-type]
        )
        seen = session_seen(_plain(made))
        if not made.url:
            raise ProviderRefused("no address")
        return Opened(made.id, made.url, seen.raw_state, seen.payment_ref)

    def query(self, known: Known) -> Seen:
        """Where a session or an intent stands, with its charge and fee."""
        if stripe_intents.is_intent(known.provider_ref or known.payment_ref):
            return self._query_intent(known.provider_ref or known.payment_ref)
        if not known.provider_ref:  # its answer never reached us, so nobody ever had its address
            return Seen(Standing.MISSING, "unknown")
        try:
            found = _asked(
                lambda: self._v1.checkout.sessions.retrieve(known.provider_ref, {"expand": LATEST})
            )
        except ProviderRefused as error:
            if error.code == "resource_missing":
                return Seen(Standing.MISSING, error.code)
            raise
        return session_seen(_plain(found))

    def _query_intent(self, number: str) -> Seen:
        try:
            found = _asked(lambda: self._v1.payment_intents.retrieve(number, stripe_intents.ASKED))  # type: ignore[arg-type]
        except ProviderRefused as error:
            if error.code == "resource_missing":
                return Seen(Standing.MISSING, error.code)
            raise
        return stripe_intents.seen(self._page, _plain(found))

    def cancel(self, known: Known) -> Seen:
        """Expire a session, cancel an intent. One that was paid or has ended says so instead."""
        if stripe_intents.is_intent(known.provider_ref):
            return self._cancel_intent(known)
        if known.provider_ref:
            try:
                ended = _asked(lambda: self._v1.checkout.sessions.expire(known.provider_ref))
            except ProviderRefused:
                return self.query(known)
            return session_seen(_plain(ended))
        return Seen(Standing.MISSING, "unknown")

    def _cancel_intent(self, known: Known) -> Seen:
        number = known.provider_ref
        try:
            ended = _asked(lambda: self._v1.payment_intents.cancel(number, stripe_intents.GIVEN_UP))  # type: ignore[arg-type]
        except ProviderRefused:  # paid, or the buyer's bank is deciding
            return self.query(known)
        return stripe_intents.seen(self._page, _plain(ended))

    def refund(self, ask: RefundAsk) -> RefundSeen:
        """Give back a part or all of an intent."""
        params: dict[str, Any] = {
            "payment_intent": ask.of.payment_ref, "amount": ask.amount_vnd, "metadata": {"refund": ask.key},
            "reason": "requested_by_customer",
        }  # fmt: skip
        made = _asked(lambda: self._v1.refunds.create(params, {"idempotency_key": ask.key}))  # type: ignore[arg-type]
        return refund_told(_plain(made)).seen

    def query_refund(self, ask: RefundAsk, refund_ref: str) -> RefundSeen:
        """Where a refund stands."""
        try:
            found = _asked(lambda: self._v1.refunds.retrieve(refund_ref))
        except ProviderRefused as error:
            if error.code == "resource_missing":
                return RefundSeen(RefundStanding.MISSING, error.code, refund_ref)
            raise
        return refund_told(_plain(found)).seen

    def parse(self, notice: Notice) -> Told:
        """Prove an event by either of two secrets (one is on its way out), then read it."""
        self._prove(notice)
        try:
            event = json.loads(notice.body)
            return _told(event, event["data"]["object"], self._page)
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), name="data") from error

    def _prove(self, notice: Notice) -> None:
        header = notice.headers.get("stripe-signature", "")
        for name in ("webhook_secret", "webhook_secret_before"):
            if (secret := self._secrets.get(name)) and _fits(notice.body, header, secret):
                break
        else:
            raise Forged
        at = next((part[2:] for part in header.split(",") if part.startswith("t=")), "0")
        if abs(notice.at.timestamp() - int(at)) > TOLERANCE.total_seconds():
            raise Forged("too old")

    def answer(self, receipt: Receipt) -> Answer:
        """Anything but 2xx is sent again for three days."""
        status = {Receipt.FORGED: 400, Receipt.LATER: 503}.get(receipt, 200)
        return Answer(status, json.dumps({"received": status == 200}))

    def probe(self) -> None:
        """Read the balance: the smallest thing that needs our key."""
        _asked(lambda: self._v1.balance.retrieve())

    def movements(self, since: datetime) -> Iterable[Movement]:
        """Stripe's own book, oldest first."""
        params: dict[str, Any] = {
            "created": {"gte": int(since.timestamp())}, "limit": 100, "expand": ["data.source"],
        }  # fmt: skip
        found = _asked(
            lambda: [_plain(one) for one in self._v1.balance_transactions.list(params).auto_paging_iter()]  # type: ignore[arg-type]
        )
        return [_movement(one) for one in reversed(found)]


def _asked(act: Callable[[], Result]) -> Result:
    """Call the SDK; its errors become ours. A key that is refused counts as down: nobody could pay."""
    try:
        return act()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError) as error:
        raise ProviderDown(type(error).__name__) from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise ProviderRefused(str(error.code or error.http_status)) from error
    except stripe.StripeError as error:
        raise ProviderDown(f"{type(error).__name__} {error.http_status}") from error


def _plain(found: Any) -> dict[str, Any]:
    plain: dict[str, Any] = found.to_dict()
    return plain


def _fits(body: bytes, header: str, secret: str) -> bool:
    """Whether a signature is made with a secret; its age is judged apart, by our own clock."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body.decode(), header, secret, tolerance=None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError, IndexError, ValueError):
        return False


def _told(event: Mapping[str, Any], told: Mapping[str, Any], page: str) -> Told:
    kind = str(event["type"])
    key = str((told.get("metadata") or {}).get("attempt", ""))
    intent = told.get("payment_intent") or ""
    payment_ref = str(intent if isinstance(intent, str) else intent["id"])
    if told["object"] == "checkout.session":
        return Told(str(event["id"]), kind, key, str(told["id"]), payment_ref, session_seen(told))
    if told["object"] == "payment_intent":
        ours = (
            kind == "payment_intent.created"
        )  # the answer to our own call says it, and where the buyer goes
        seen = stripe_intents.told(page, told) if "status" in told and not ours else None
        return Told(str(event["id"]), kind, key, "", str(told["id"]), seen)
    if told["object"] == "refund":
        return Told(str(event["id"]), kind, "", "", payment_ref, refund=refund_told(told))
    if told["object"] == "dispute":
        return Told(str(event["id"]), kind, "", "", payment_ref, dispute=dispute_told(told))
    return Told(str(event["id"]), kind, key, "", payment_ref)


KINDS = {
    "charge": "payment", "payment": "payment", "refund": "refund", "payment_refund": "refund", "payout": "payout",
}  # fmt: skip


def _movement(row: Mapping[str, Any]) -> Movement:
    source = row.get("source")
    named: Mapping[str, Any] = source if isinstance(source, Mapping) else {"id": source or ""}
    kind = KINDS.get(row["type"], "other")
    if row["reporting_category"] in ("dispute", "dispute_reversal"):
        kind = "dispute" if row["reporting_category"] == "dispute" else "dispute_back"
    ref = named.get("payment_intent") if kind == "payment" else named.get("id")
    return Movement(
        row["id"], kind, str(ref or ""), int(row["amount"]), int(row["fee"]), str(row["currency"]).upper(),
        datetime.fromtimestamp(row["created"], UTC), str(row["type"]),
    )  # fmt: skip
