"""What happens behind the counter: sessions, intents, charges, refunds, disputes, the balance, and the news of them."""

import copy
from typing import Any

from tests.stripe_server import objects
from tests.stripe_server.objects import Plain

FEE_BP, FEE_FIXED, DISPUTE_FEE = 340, 5_000, 350_000


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, status: int, kind: str, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.body = status, objects.error(kind, code, message or code)


class Desk:
    """The state of one account."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.rows: dict[str, Plain] = {}
        self.data: dict[str, Plain] = {}  # of a session: what its intent will be made of
        self.events: list[Plain] = []
        self.count = 0
        self.refunds_wait = False
        self.door = "https://hooks.stripe.com"  # where the buyer's bank asks

    def _number(self) -> str:
        self.count += 1
        return f"{self.count:012}"

    def _tell(self, kind: str, found: Plain) -> None:
        self.events.append(objects.event(self._number(), kind, copy.deepcopy(found), self.now))

    def get(self, number: str) -> Plain:
        """A row by its number."""
        if number not in self.rows:
            raise Refused(404, "invalid_request_error", "resource_missing", f"No such object: '{number}'")
        return self.rows[number]

    def expanded(self, found: Plain, wanted: list[str]) -> Plain:
        """A copy with the named fields as objects."""
        made = copy.deepcopy(found)
        for path in wanted:
            place = made
            for key in path.split("."):
                if isinstance(place.get(key), str):
                    place[key] = copy.deepcopy(self.rows[place[key]])
                place = place.get(key) or {}
        return made

    # --- what the SDK asks for

    def create_session(self, params: Plain, url: str) -> Plain:
        """A new session. Its end must lie between 30 minutes and a day ahead."""
        if not 1_800 <= int(params["expires_at"]) - self.now <= 86_400:
            raise Refused(400, "invalid_request_error", "parameter_invalid", "expires_at out of range")
        number = self._number()
        made = objects.session(number, params, self.now, f"{url}/pay/cs_test_{number}")
        self.rows[made["id"]], self.data[made["id"]] = made, params.get("payment_intent_data", {})
        return made

    def expire_session(self, number: str) -> Plain:
        """End a session that nobody paid."""
        found = self.get(number)
        if found["status"] != "open":
            raise Refused(400, "invalid_request_error", "resource_not_open", f"is {found['status']}")
        found["status"], found["url"] = "expired", None
        if found["payment_intent"]:
            held = self.get(found["payment_intent"])
            held["status"] = "canceled"
            self._tell("payment_intent.canceled", held)
        self._tell("checkout.session.expired", found)
        return found

    def create_intent(self, params: Plain) -> Plain:
        """An intent by itself. Whole amounts only; the description holds the rest."""
        if int(params["amount"]) <= 0:
            raise Refused(400, "invalid_request_error", "amount_too_small")
        held = objects.intent(self._number(), int(params["amount"]), params["currency"], params, self.now)
        self.rows[held["id"]] = held
        self._tell("payment_intent.created", held)
        return held

    def cancel_intent(self, number: str, params: Plain) -> Plain:
        """End an intent that nobody paid. One inside a session ends with it."""
        held = self.get(number)
        inside = any(
            one.get("payment_intent") == number
            for one in self.rows.values()
            if one["object"] == "checkout.session"
        )
        if inside or held["status"] in ("succeeded", "canceled", "processing"):
            raise Refused(
                400, "invalid_request_error", "payment_intent_unexpected_state", f"is {held['status']}"
            )
        held |= {"status": "canceled", "canceled_at": self.now, "next_action": None,
                 "cancellation_reason": params.get("cancellation_reason")}  # fmt: skip
        self._tell("payment_intent.canceled", held)
        return held

    def create_refund(self, params: Plain) -> Plain:
        """Give back a part or all of an intent's charge."""
        paid = self.get(self.get(params["payment_intent"])["latest_charge"] or "none")
        amount = int(params["amount"])
        if paid["disputed"]:
            raise Refused(400, "invalid_request_error", "charge_disputed")
        if paid["refunded"]:
            raise Refused(400, "invalid_request_error", "charge_already_refunded")
        if amount > paid["amount"] - paid["amount_refunded"]:
            raise Refused(400, "invalid_request_error", "amount_too_large")
        made = objects.refund(self._number(), paid, params, self.now)
        paid["amount_refunded"] += amount
        paid["refunded"] = paid["amount_refunded"] == paid["amount"]
        made["balance_transaction"] = self._book(made["id"], -amount, 0, "refund", "refund")["id"]
        self.rows[made["id"]] = made
        if self.refunds_wait:
            made["status"] = "pending"
        self._tell("refund.created", made)
        self._tell("charge.refunded", paid)
        return made

    def _book(self, source: str, amount: int, fee: int, kind: str, category: str) -> Plain:
        made = objects.booked(self._number(), source, amount, fee, kind, category, self.now)
        self.rows[made["id"]] = made
        return made

    def balance(self) -> Plain:
        """What the account holds."""
        total = sum(one["net"] for one in self.rows.values() if one["object"] == "balance_transaction")
        return {"object": "balance", "livemode": False, "available": [{"amount": total, "currency": "vnd"}],
                "pending": [{"amount": 0, "currency": "vnd"}]}  # fmt: skip

    def movements(self, since: int, expand: bool) -> list[Plain]:
        """The balance's lines, newest first."""
        found = [
            one
            for one in self.rows.values()
            if one["object"] == "balance_transaction" and one["created"] >= since
        ]
        return [self.expanded(one, ["source"]) if expand else one for one in reversed(found)]

    # --- what the test tells to happen

    def buyer(self, number: str, how: str) -> Plain:
        """The buyer on the hosted page: success, decline, 3ds (begins), 3ds_ok, 3ds_fail."""
        found = self.get(number)
        if found["status"] != "open":
            raise Refused(400, "invalid_request_error", "resource_not_open")
        if not found["payment_intent"]:
            held = objects.intent(
                self._number(), found["amount_total"], found["currency"], self.data[number], self.now
            )
            self.rows[held["id"]], found["payment_intent"] = held, held["id"]
        self._card(self.get(found["payment_intent"]), how, found)
        return found

    def card_page(self, number: str, how: str) -> Plain:
        """The buyer on a partner's card page, which confirms an intent: the same ways."""
        held = self.get(number)
        if held["status"] in ("succeeded", "canceled"):
            raise Refused(400, "invalid_request_error", "payment_intent_unexpected_state")
        self._card(held, how, None)
        return held

    def _card(self, held: Plain, how: str, found: Plain | None) -> None:
        held["next_action"] = None
        if how == "3ds":
            held["status"], held["last_payment_error"] = "requires_action", None
            back = (held["metadata"] or {}).get("return_url")
            held["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {
                "url": f"{self.door}/redirect/{held['id']}", "return_url": back}}  # fmt: skip
            self._tell("payment_intent.requires_action", held)
        elif how in ("decline", "3ds_fail"):
            code = "payment_intent_authentication_failure" if how == "3ds_fail" else "card_declined"
            held["status"] = "requires_payment_method"
            held["last_payment_error"] = {"type": "card_error", "code": code, "message": code}
            self._tell("payment_intent.payment_failed", held)
        else:
            self._pay(found, held)

    def _pay(self, found: Plain | None, held: Plain) -> None:
        fee = held["amount"] * FEE_BP // 10_000 + FEE_FIXED
        number = self._number()
        booked = self._book(f"ch_{number}", held["amount"], fee, "charge", "charge")
        paid = objects.charge(number, held, self.now, booked["id"])
        self.rows[paid["id"]] = paid
        held |= {"status": "succeeded", "amount_received": held["amount"], "latest_charge": paid["id"],
                 "last_payment_error": None}  # fmt: skip
        self._tell("payment_intent.succeeded", held)
        self._tell("charge.succeeded", paid)
        if found is not None:
            found |= {"status": "complete", "payment_status": "paid", "url": None}
            self._tell("checkout.session.completed", found)

    def finish_refund(self, number: str, how: str) -> Plain:
        """A refund that waited: succeeded or failed."""
        found = self.get(number)
        found["status"] = how
        if how == "failed":
            found["failure_reason"] = "declined"
            paid = self.get(found["charge"])
            paid["amount_refunded"] -= found["amount"]
            paid["refunded"] = False
        self._tell("refund.failed" if how == "failed" else "refund.updated", found)
        return found

    def dispute(self, intent: str, amount: int | None) -> Plain:
        """The buyer's bank takes money back."""
        paid = self.get(self.get(intent)["latest_charge"])
        taken = amount or paid["amount"]
        number = self._number()
        line = self._book(f"dp_{number}", -taken, DISPUTE_FEE, "adjustment", "dispute")
        made = objects.dispute(number, paid, taken, [copy.deepcopy(line)], self.now)
        self.rows[made["id"]], paid["disputed"] = made, True
        self._tell("charge.dispute.created", made)
        self._tell("charge.dispute.funds_withdrawn", made)
        return made

    def close_dispute(self, number: str, how: str) -> Plain:
        """won or lost."""
        found = self.get(number)
        found["status"] = how
        if how == "won":
            line = self._book(number, found["amount"], 0, "adjustment", "dispute_reversal")
            found["balance_transactions"].append(copy.deepcopy(line))
            self._tell("charge.dispute.funds_reinstated", found)
        self._tell("charge.dispute.closed", found)
        return found

    def order(self, what: str, told: Plain) -> Any:
        """One act of the test."""
        acts: dict[str, Any] = {
            "buyer": self.buyer, "card_page": self.card_page, "dispute": self.dispute,
            "close_dispute": self.close_dispute, "finish_refund": self.finish_refund, "expire": self.expire_session,
        }  # fmt: skip
        return acts[what](**told)
