"""Stripe's objects, as small as its description allows."""

from typing import Any

Plain = dict[str, Any]


def session(number: str, params: Plain, now: int, url: str) -> Plain:
    """A checkout session."""
    total = sum(int(one["price_data"]["unit_amount"]) * int(one["quantity"]) for one in params["line_items"])
    return {
        "id": f"cs_test_{number}", "object": "checkout.session", "livemode": False, "created": now, "mode": "payment",
        "status": "open", "payment_status": "unpaid", "payment_method_types": ["card"], "custom_fields": [],
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None,
                        "terms_of_service_acceptance": None},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "shipping_options": [], "currency": params["line_items"][0]["price_data"]["currency"], "amount_total": total,
        "amount_subtotal": total, "client_reference_id": params.get("client_reference_id"),
        "metadata": params.get("metadata", {}), "expires_at": int(params["expires_at"]), "payment_intent": None,
        "success_url": params.get("success_url"), "cancel_url": params.get("cancel_url"), "url": url,
        "locale": params.get("locale"), "adaptive_pricing": {"enabled": False},
    }  # fmt: skip


def intent(number: str, amount: int, currency: str, data: Plain, now: int) -> Plain:
    """An intent: of a session whose buyer has begun to pay, or made by itself."""
    return {
        "id": f"pi_{number}", "object": "payment_intent", "livemode": False, "created": now,
        "status": "requires_payment_method", "amount": amount, "amount_received": 0,
        "currency": currency, "client_secret": f"pi_{number}_secret_{now}", "next_action": None,
        "metadata": data.get("metadata", {}), "description": data.get("description"),
        "latest_charge": None, "last_payment_error": None, "payment_method_types": ["card"],
    }  # fmt: skip


def charge(number: str, of: Plain, now: int, booked: str) -> Plain:
    """The money of an intent."""
    amount = of["amount"]
    return {
        "id": f"ch_{number}", "object": "charge", "livemode": False, "created": now, "amount": amount,
        "amount_captured": amount, "amount_refunded": 0, "currency": of["currency"], "captured": True, "paid": True,
        "refunded": False, "disputed": False, "status": "succeeded", "metadata": of["metadata"],
        "payment_intent": of["id"], "balance_transaction": booked,
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
    }  # fmt: skip


def booked(number: str, source: str, amount: int, fee: int, kind: str, category: str, now: int) -> Plain:
    """A line of the balance. The account settles in đồng unless told otherwise."""
    details = [
        {"amount": fee, "currency": "vnd", "type": "stripe_fee", "application": None, "description": None}
    ]
    return {
        "id": f"txn_{number}", "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee,
        "currency": "vnd", "created": now, "available_on": now + 86_400, "type": kind, "reporting_category": category,
        "status": "pending", "balance_type": "payments", "source": source, "exchange_rate": None, "description": None,
        "fee_details": details if fee else [],
    }  # fmt: skip


def refund(number: str, of: Plain, params: Plain, now: int) -> Plain:
    """Money given back."""
    return {
        "id": f"re_{number}", "object": "refund", "amount": int(params["amount"]), "currency": of["currency"],
        "created": now, "charge": of["id"], "payment_intent": of["payment_intent"], "status": "succeeded",
        "reason": params.get("reason"), "metadata": params.get("metadata", {}), "balance_transaction": None,
    }  # fmt: skip


def dispute(number: str, of: Plain, amount: int, lines: list[Plain], now: int) -> Plain:
    """A buyer's bank wants the money back."""
    words = " ".join(
        """access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
        cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip
        customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id
        product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation service_date
        service_documentation shipping_address shipping_carrier shipping_date shipping_documentation
        shipping_tracking_number uncategorized_file uncategorized_text""".splitlines()
    ).split()
    return {
        "id": f"dp_{number}", "object": "dispute", "livemode": False, "created": now, "amount": amount,
        "currency": of["currency"], "charge": of["id"], "payment_intent": of["payment_intent"],
        "status": "needs_response", "reason": "fraudulent", "metadata": {}, "is_charge_refundable": False,
        "balance_transactions": lines, "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(words) | {"enhanced_evidence": {}},
        "evidence_details": {"due_by": now + 7 * 86_400, "enhanced_eligibility": {}, "has_evidence": False,
                             "past_due": False, "submission_count": 0},
    }  # fmt: skip


def event(number: str, kind: str, found: Plain, now: int) -> Plain:
    """News of an object."""
    return {
        "id": f"evt_{number}", "object": "event", "livemode": False, "created": now, "type": kind,
        "pending_webhooks": 1, "api_version": "2026-08-26.dahlia", "data": {"object": found},
        "request": {"id": None, "idempotency_key": None},
    }  # fmt: skip


def error(kind: str, code: str, message: str) -> Plain:
    """An error's body."""
    return {"error": {"type": kind, "code": code, "message": message}}
