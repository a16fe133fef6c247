"""A sandbox of MoMo v2: verifies signature, fields, amount and merchant of each call; sends news as MoMo does.

Its own road to the signature: the names sorted, whatever they are, with the access key among them.
"""

import hashlib
import hmac
import json
import re
import urllib.parse
from typing import Any

from tests.wallets.desk import Desk, News, Payment, Refund, Reply, Request, run

ACCESS, SECRET, PARTNER = "F8BBA842ECF85", "K951B6PE1waDMi640xX08PD3vg6EkVlz", "MOMO"
CREATE = {"partnerCode", "requestId", "orderId", "amount", "orderInfo", "redirectUrl", "ipnUrl", "requestType",
          "extraData"}  # fmt: skip
QUERY = {"partnerCode", "requestId", "orderId"}
REFUND = {"partnerCode", "orderId", "requestId", "amount", "transId", "description"}
ORDER_ID = re.compile(r"^[0-9a-zA-Z]([-_.]*[0-9a-zA-Z]+)*$")
WORDS = {0: "Successful.", 13: "Merchant authentication failed.", 20: "Bad format request.", 22: "Out of range.",
         40: "Duplicated requestId.", 41: "Duplicated orderId.", 42: "OrderId is not found.",
         1000: "Waiting for user confirmation.", 1081: "Refund rejected."}  # fmt: skip
CODES = {"open": 1000, "processing": 7000, "paid": 0, "failed": 1006, "expired": 1005}


def signature(fields: dict[str, Any]) -> str:
    """HMAC-SHA256 over the sorted names."""
    told = {**fields, "accessKey": ACCESS}
    text = "&".join(f"{name}={told[name]}" for name in sorted(told))
    return hmac.new(SECRET.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest()


class MoMo(Desk):
    """MoMo's desk."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: dict[str, bytes] = {}  # by requestId: a final result is given again

    def serve(self, request: Request) -> Reply | None:
        """POST /v2/gateway/api/{create, query, refund}; GET /pay/<ref> is the page of the buyer."""
        if request.method == "GET" and request.path.startswith("/pay/"):
            return Reply(200, b"<title>MoMo sandbox</title>", "text/html")
        verb = request.path.removeprefix("/v2/gateway/api/")
        if request.method != "POST" or verb not in ("create", "query", "refund"):
            return None
        body = request.json()
        wanted = {"create": CREATE, "query": QUERY, "refund": REFUND}[verb]
        code = self._check(request, body, wanted)
        found = getattr(self, f"_{verb}")(body) if code == 0 else {"resultCode": code}
        told = body if isinstance(body, dict) else {}
        echo = {
            name: told[name] for name in ("partnerCode", "orderId", "requestId", "amount") if name in told
        }
        full = echo | {"message": WORDS.get(found["resultCode"], "?"), "responseTime": self._millis()} | found
        content = json.dumps(full).encode()
        if code == 0 and verb != "query":
            content = self.answered.setdefault(f"{verb}:{body['requestId']}", content)
        return Reply(200 if code == 0 else 400, content)

    def _millis(self) -> int:
        return int(self.now.timestamp() * 1000)

    def _check(self, request: Request, body: Any, wanted: set[str]) -> int:
        if (
            request.content_type != "application/json"
            or not isinstance(body, dict)
            or not wanted <= set(body)
        ):
            self.complain("fields")
            return 20
        if body["partnerCode"] != PARTNER:
            self.complain("merchant")
            return 13
        if body.get("signature") != signature({name: body[name] for name in wanted}):
            self.complain("signature")
            return 13
        if "accessKey" in body or "secretKey" in body:
            self.complain("a key in the message")
            return 20
        if not ORDER_ID.match(body["orderId"]) or len(body["requestId"]) > 50:
            self.complain("orderId")
            return 20
        return self._check_amount(body) if "amount" in wanted else 0

    def _check_amount(self, body: dict[str, Any]) -> int:
        amount = body["amount"]
        if isinstance(amount, bool) or not isinstance(amount, int):
            self.complain("amount is no whole number")
            return 20
        if not 1_000 <= amount <= 50_000_000:
            self.complain("amount out of range")
            return 22
        return 0

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        ref = body["orderId"]
        urls = (body["redirectUrl"], body["ipnUrl"])
        if body["requestType"] != "captureWallet" or not all(
            one.startswith(("http://", "https://")) for one in urls
        ):
            self.complain("create")
            return {"resultCode": 20}
        known = self.payments.get(ref)
        if known is not None and known.request != body:
            return {"resultCode": 41}
        if known is None:
            self.payments[ref] = Payment(ref, body["amount"], urls[1], urls[0], self.now, request=body)
        host = self.settings.get("host", "http://127.0.0.1")
        return {"resultCode": 0, "payUrl": f"{host}/pay/{ref}"}

    def _query(self, body: dict[str, Any]) -> dict[str, Any]:
        payment = self.payments.get(body["orderId"])
        if payment is None:
            return {"resultCode": 42, "amount": 0, "transId": 0}
        code = int(payment.code or CODES[payment.state]) if payment.state != "paid" else 0
        listed = [
            {"orderId": one.ref, "amount": one.amount_vnd, "transId": one.number,
             "resultCode": {"done": 0, "processing": 7002, "failed": 1080}[one.state]}
            for one in self.refunds.values() if one.payment is payment
        ]  # fmt: skip
        amount = self.settings.get("queried_amount", payment.amount_vnd)
        return {
            "resultCode": code,
            "amount": amount,
            "transId": payment.number,
            "payType": "qr",
            "refundTrans": listed,
        }

    def _refund(self, body: dict[str, Any]) -> dict[str, Any]:
        paid = [one for one in self.payments.values() if one.number and one.number == body["transId"]]
        if not paid:
            self.complain("refund of nothing")
            return {"resultCode": 42}
        if body["orderId"] in self.payments:
            self.complain("refund under the payment's id")
            return {"resultCode": 41}
        if body["orderId"] in self.refunds:
            return {"resultCode": 41}
        gone = sum(
            one.amount_vnd
            for one in self.refunds.values()
            if one.payment is paid[0] and one.state != "failed"
        )
        if gone + body["amount"] > paid[0].amount_vnd:
            return {"resultCode": 1081}
        state = self.settings.get("refund_state", "done")
        made = Refund(body["orderId"], paid[0], body["amount"], state, next(self.numbers), body)
        self.refunds[made.ref] = made
        return {"resultCode": {"done": 0, "processing": 7002, "failed": 1080}[state], "transId": made.number}

    def _ended(self, payment: Payment, change: dict[str, Any]) -> dict[str, Any]:
        code = change.get(
            "code", payment.code if payment.state != "paid" and payment.code else CODES[payment.state]
        )
        told = {
            "partnerCode": change.get("merchant", PARTNER), "orderId": change.get("ref", payment.ref),
            "requestId": payment.ref, "amount": change.get("amount_vnd", payment.amount_vnd),
            "orderInfo": payment.request["orderInfo"], "orderType": "momo_wallet", "transId": payment.number,
            "resultCode": int(code), "message": WORDS.get(int(code), "Giao dịch không thành công & kết thúc."),
            "payType": "qr", "responseTime": int((payment.paid_at or self.now).timestamp() * 1000), "extraData": "",
        }  # fmt: skip
        made = signature(told)
        return told | {"signature": ("0" * 8 + made[8:]) if change.get("forge") else made}

    def news(self, payment: Payment, change: dict[str, Any]) -> News | None:
        """POST with JSON to the address given at create."""
        return News(
            "POST", payment.notify_url, json.dumps(self._ended(payment, change), ensure_ascii=False).encode()
        )

    def back(self, payment: Payment) -> str:
        """The same fields, in the address."""
        return f"{payment.return_url}?{urllib.parse.urlencode(self._ended(payment, {}))}"


if __name__ == "__main__":
    run(MoMo())
