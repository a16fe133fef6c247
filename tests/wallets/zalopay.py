"""A sandbox of ZaloPay v2: verifies signature, fields, amount, day and time of each call; calls back when paid."""

import hashlib
import hmac
import json
import re
import urllib.parse
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.wallets.desk import HANOI, Desk, News, Payment, Refund, Reply, Request, run

APP, KEY1, KEY2 = "2553", "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL", "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"
ASKED_FOR = timedelta(hours=48)
SAID = {1: "success", 2: "failed", 3: "processing"}


def sha256(key: str, text: str) -> str:
    """HMAC-SHA256, hexadecimal."""
    return hmac.new(bytes(key, "utf-8"), bytes(text, "utf-8"), hashlib.sha256).hexdigest()


class ZaloPay(Desk):
    """ZaloPay's desk."""

    def serve(self, request: Request) -> Reply | None:
        """POST /v2/{create, query, refund, query_refund}, form or JSON; GET /pay/<number> is the buyer's page."""
        if request.method == "GET" and request.path.startswith("/pay/"):
            return Reply(200, b"<title>ZaloPay sandbox</title>", "text/html")
        verb = request.path.removeprefix("/v2/")
        if request.method != "POST" or verb not in ("create", "query", "refund", "query_refund"):
            return None
        body = request.json() if request.content_type == "application/json" else request.form()
        if not isinstance(body, dict):
            return self._fail(-401, "body")
        try:
            answer: Reply = getattr(self, f"_{verb}")({name: str(value) for name, value in body.items()})
            return answer
        except KeyError as missing:
            return self._fail(-401, f"missing {missing}")

    def _say(self, code: int, sub: int = 1, **more: Any) -> Reply:
        told = {
            "return_code": code,
            "return_message": SAID[code],
            "sub_return_code": sub,
            "sub_return_message": "",
        }
        return Reply(200, json.dumps(told | more).encode())

    def _fail(self, sub: int, complaint: str = "") -> Reply:
        if complaint:
            self.complain(complaint)
        return self._say(2, sub)

    def _unsigned(self, body: dict[str, str], text: str) -> Reply | None:
        if body["app_id"] != APP:
            return self._fail(-402, "app_id")
        return None if body["mac"] == sha256(KEY1, text) else self._fail(-402, "signature")

    def _time_near(self, text: str) -> bool:
        return text.isdigit() and self.near(datetime.fromtimestamp(int(text) / 1000, UTC))

    def _create(self, b: dict[str, str]) -> Reply:
        parts = (
            b["app_id"],
            b["app_trans_id"],
            b["app_user"],
            b["amount"],
            b["app_time"],
            b["embed_data"],
            b["item"],
        )
        if fault := self._unsigned(b, "|".join(parts)):
            return fault
        number, lasts = b["app_trans_id"], b.get("expire_duration_seconds", "900")
        if not re.fullmatch(self.now.astimezone(HANOI).strftime("%y%m%d") + r"_\w{1,33}", number):
            return self._fail(-401, "app_trans_id is not of today in Vietnam")
        if not re.fullmatch(r"[1-9]\d{0,11}", b["amount"]) or not self._time_near(b["app_time"]):
            return self._fail(-401, "amount or time")
        if (
            not lasts.isdigit()
            or not 300 <= int(lasts) <= 2_592_000
            or not b["description"]
            or len(b["app_user"]) > 50
        ):
            return self._fail(-401, "how long, words or user")
        embed, item = json.loads(b["embed_data"]), json.loads(b["item"])
        if (
            not isinstance(embed, dict)
            or not isinstance(item, list)
            or not b["callback_url"].startswith("http")
        ):
            return self._fail(-401, "embed_data, item or callback_url")
        if number in self.payments:
            return self._fail(-68)
        ends = self.now + timedelta(seconds=int(lasts))
        self.payments[number] = Payment(number, int(b["amount"]), b["callback_url"], embed.get("redirecturl", ""),
                                        self.now, ends, request=dict(b))  # fmt: skip
        host = self.settings.get("host", "http://127.0.0.1")
        return self._say(
            1, order_url=f"{host}/pay/{number}", zp_trans_token="t", order_token="o", qr_code="q"
        )

    def _query(self, b: dict[str, str]) -> Reply:
        if fault := self._unsigned(b, f"{b['app_id']}|{b['app_trans_id']}|{KEY1}"):
            return fault
        payment = self.payments.get(b["app_trans_id"])
        if payment is None or self.now - payment.created_at > ASKED_FOR or payment.state == "expired":
            return self._fail(-54)
        if payment.state == "failed":
            return self._say(2, int(payment.code or -1), is_processing=False)
        if payment.state != "paid":
            return self._say(3, -49, is_processing=payment.state == "processing")
        assert payment.paid_at
        return self._say(
            1, is_processing=False, amount=self.settings.get("queried_amount", payment.amount_vnd),
            zp_trans_id=payment.number, server_time=int(payment.paid_at.timestamp() * 1000), discount_amount=0,
        )  # fmt: skip

    def _refund(self, b: dict[str, str]) -> Reply:
        text = "|".join((b["app_id"], b["zp_trans_id"], b["amount"], b["description"], b["timestamp"]))
        if fault := self._unsigned(b, text):
            return fault
        day = self.now.astimezone(HANOI).strftime("%y%m%d")
        known = b["m_refund_id"] in self.refunds
        if not known and not re.fullmatch(rf"{day}_{APP}_\w{{1,34}}", b["m_refund_id"]):
            return self._fail(-401, "m_refund_id")
        if not self._time_near(b["timestamp"]) or not re.fullmatch(r"[1-9]\d{0,11}", b["amount"]):
            return self._fail(-401, "amount or time")
        paid = [
            one
            for one in self.payments.values()
            if str(one.number) == b["zp_trans_id"] and one.state == "paid"
        ]
        if known or not paid:
            return self._fail(-1)
        gone = sum(
            one.amount_vnd
            for one in self.refunds.values()
            if one.payment is paid[0] and one.state != "failed"
        )
        if gone + int(b["amount"]) > paid[0].amount_vnd:
            return self._fail(-2)
        made = Refund(b["m_refund_id"], paid[0], int(b["amount"]), "processing", next(self.numbers), dict(b))
        self.refunds[made.ref] = made
        return self._say(1, refund_id=made.number)

    def _query_refund(self, b: dict[str, str]) -> Reply:
        if fault := self._unsigned(b, f"{b['app_id']}|{b['m_refund_id']}|{b['timestamp']}"):
            return fault
        if not self._time_near(b["timestamp"]):
            return self._fail(-401, "time")
        found = self.refunds.get(b["m_refund_id"])
        if found is None:
            return self._fail(-1)
        return self._say({"done": 1, "failed": 2, "processing": 3}[found.state])

    def news(self, payment: Payment, change: dict[str, Any]) -> News | None:
        """POST of {data, mac}; only of payments that succeeded."""
        if payment.state != "paid" and not change:
            return None
        at = int((payment.paid_at or self.now).timestamp() * 1000)
        data = json.dumps({
            "app_id": int(change.get("merchant", APP)), "app_trans_id": change.get("ref", payment.ref),
            "app_time": int(payment.request["app_time"]), "app_user": payment.request["app_user"],
            "amount": change.get("amount_vnd", payment.amount_vnd), "embed_data": payment.request["embed_data"],
            "item": payment.request["item"], "zp_trans_id": payment.number, "server_time": at, "channel": 38,
            "merchant_user_id": "x", "user_fee_amount": 0, "discount_amount": 0,
        })  # fmt: skip
        made = sha256(KEY1 if change.get("forge") else KEY2, data)
        body = json.dumps({"data": data, "mac": made, "type": 1}).encode()
        return News("POST", payment.notify_url, body)

    def back(self, payment: Payment) -> str:
        """status 1 is paid; the checksum is under key2."""
        status = "1" if payment.state == "paid" else "-49"
        told = {
            "appid": APP, "apptransid": payment.ref, "pmcid": "38", "bankcode": "", "amount": str(payment.amount_vnd),
            "discountamount": "0", "status": status,
        }  # fmt: skip
        checksum = sha256(KEY2, "|".join(told.values()))
        return f"{payment.return_url}?{urllib.parse.urlencode(told | {'checksum': checksum})}"


if __name__ == "__main__":
    run(ZaloPay())
