"""A PaymentIntent of our own, for a collector whose partner has a card page: made before the order is promised.

The partner abroad, who holds the Stripe account, may keep the card form on a page of its own (with Stripe's script,
under its own PCI duties). Then we create the intent, send the buyer there with the intent's client secret behind the
`#`, which no server's log sees, and ask Stripe how it stands. The page confirms it; 3-D Secure that the page left
unfinished is finished at the address that Stripe names. Pure: parameters in, dictionaries as the API brings them.
Source: Stripe's OpenAPI description of 2026-08-26 (`/v1/payment_intents`). Never tried with a real partner.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from payments.providers.protocol import Ask, Seen, Standing
from payments.providers.stripe_events import intent_seen

PREFIX = "pi_"
ASKED = {"expand": ["latest_charge.balance_transaction"]}
GIVEN_UP = {"cancellation_reason": "abandoned"}


def is_intent(ref: str) -> bool:
    """Whether a number of Stripe's is that of an intent.

    >>> is_intent("pi_123"), is_intent("cs_test_123")
    (True, False)
    """
    return ref.startswith(PREFIX)


def params(ask: Ask) -> dict[str, Any]:
    """What makes an intent for exactly one payment by card, captured at once."""
    return {
        "amount": ask.amount_vnd,
        "currency": "vnd",
        "payment_method_types": ["card"],
        "description": ask.description,
        "metadata": {"attempt": ask.key, "return_url": ask.return_url, "language": ask.language},
    }


def page_link(page: str, intent: Mapping[str, Any]) -> str:
    """Where the buyer types the card: the partner's page, told which intent and where to come back to."""
    told = intent.get("metadata") or {}
    words = {
        "payment_intent": intent["id"], "client_secret": intent.get("client_secret") or "",
        "return_url": told.get("return_url", ""), "language": told.get("language", "vi"),
    }  # fmt: skip
    return f"{page}#{urlencode(words)}"


def seen(page: str, intent: Mapping[str, Any]) -> Seen:
    """How an intent of ours stands, with where the buyer goes on: 3-D Secure's address, else the card page."""
    found = replace(intent_seen(intent), provider_ref=str(intent["id"]))
    if found.standing is Standing.OPEN:
        return replace(found, pay_url=page_link(page, intent) if page else "")
    redirect = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return replace(found, pay_url=str(redirect.get("url") or ""))


def told(page: str, intent: Mapping[str, Any]) -> Seen:
    """An intent as an event brings it: of one that we made also where the buyer goes on, so that a proof begun at the
    bank is found again before anybody asks Stripe. The intent inside a session knows no such place."""
    if "return_url" not in (intent.get("metadata") or {}) or not intent.get("client_secret"):
        return intent_seen(intent)
    return seen(page, intent)
