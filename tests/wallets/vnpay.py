"""A sandbox of VNPay 2.1.0: verifies signature, fields, amount, website and time of each call; sends news by address.

Its own road to the signature: the address as it came, cut into pieces and sorted, never decoded.
"""

import hashlib
import hmac
import json
import re
import urllib.parse
from datetime import UTC, datetime
from typing import Any

from tests.wallets.desk import HANOI, Desk, News, Payment, Refund, Reply, Request, run

TMN, SECRET = "CHOPHIEN", "VNPAYSANDBOXSECRET0123456789ABCD"
PAY = {"vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_Amount", "vnp_CreateDate", "vnp_CurrCode", "vnp_IpAddr",
       "vnp_Locale", "vnp_OrderInfo", "vnp_OrderType", "vnp_ReturnUrl", "vnp_TxnRef", "vnp_ExpireDate"}  # fmt: skip
STATUS = {"open": "01", "processing": "01", "paid": "00", "failed": "02", "expired": "02"}
RESPONSE = {"paid": "00", "failed": "24", "expired": "11", "processing": "07"}
REFUND_STATUS = {"processing": "05", "done": "00", "failed": "09"}


def sha512(text: str) -> str:
    """HMAC-SHA512 under the website's secret."""
    return hmac.new(SECRET.encode("ascii"), text.encode("utf-8"), hashlib.sha512).hexdigest()


def piped(*values: Any) -> str:
    """The signature of values in a row."""
    return sha512("|".join(map(str, values)))


def when(text: Any) -> datetime | None:
    """yyyyMMddHHmmss of Vietnam's clock."""
    if not re.fullmatch(r"\d{14}", str(text)):
        return None
    return datetime.strptime(str(text), "%Y%m%d%H%M%S").replace(tzinfo=HANOI).astimezone(UTC)


def written(instant: datetime) -> str:
    """The reverse of `when`."""
    return instant.astimezone(HANOI).strftime("%Y%m%d%H%M%S")


class VNPay(Desk):
    """VNPay's desk. settings: ipn_url, the address noted for the website."""

    def __init__(self) -> None:
        super().__init__()
        self.seen_today: set[tuple[str, str]] = set()

    def serve(self, request: Request) -> Reply | None:
        """The page of the buyer, and the interface for questions and refunds."""
        if request.method == "GET" and request.path == "/paymentv2/vpcpay.html":
            fault = self._open(request.query)
            page = f"<title>VNPay sandbox</title><p>{fault or 'ok'}"
            return Reply(200, page.encode(), "text/html")
        if request.method == "POST" and request.path == "/merchant_webapi/api/transaction":
            return Reply(200, json.dumps(self._interface(request)).encode())
        return None

    def _open(self, query: str) -> str:
        pieces = [one for one in query.split("&") if not one.startswith("vnp_SecureHash")]
        params = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        fault = ""
        if params.get("vnp_SecureHash") != sha512("&".join(sorted(pieces))):
            fault = "signature"
        elif not set(params) >= PAY or any(not one.split("=", 1)[1] for one in pieces):
            fault = "fields"
        elif (
            params["vnp_TmnCode"] != TMN or params["vnp_Version"] != "2.1.0" or params["vnp_Command"] != "pay"
        ):
            fault = "website, version or command"
        else:
            fault = self._wrong(params)
        if fault:
            self.complain(fault)
            return fault
        ref, expires = params["vnp_TxnRef"], when(params["vnp_ExpireDate"])
        if ref not in self.payments:
            made = Payment(ref, int(params["vnp_Amount"]) // 100, self.settings.get("ipn_url", ""),
                           params["vnp_ReturnUrl"], self.now, expires, request=params)  # fmt: skip
            self.payments[ref] = made
        elif self.payments[ref].request != params:
            self.complain("TxnRef again with other words")
            return "01"
        return ""

    def _wrong(self, params: dict[str, str]) -> str:
        created, expires = when(params["vnp_CreateDate"]), when(params["vnp_ExpireDate"])
        if not re.fullmatch(r"\d{3,12}", params["vnp_Amount"]) or int(params["vnp_Amount"]) % 100:
            return "amount is not × 100"
        if params["vnp_CurrCode"] != "VND" or params["vnp_Locale"] not in ("vn", "en"):
            return "currency or language"
        if created is None or not self.near(created) or expires is None or expires <= created:
            return "time"
        if not re.fullmatch(r"[A-Za-z0-9]{1,100}", params["vnp_TxnRef"]):
            return "TxnRef"
        if not re.fullmatch(r"[A-Za-z0-9 .:-]{1,255}", params["vnp_OrderInfo"]):
            return "OrderInfo"
        return "" if params["vnp_ReturnUrl"].startswith(("http://", "https://")) else "ReturnUrl"

    # --- questions and refunds

    def _interface(self, request: Request) -> dict[str, Any]:
        body = request.json()
        if request.content_type != "application/json" or not isinstance(body, dict):
            self.complain("not json")
            return {"vnp_ResponseCode": "03"}
        verb = body.get("vnp_Command")
        if body.get("vnp_TmnCode") != TMN:
            self.complain("website")
            return {"vnp_ResponseCode": "02"}
        if verb not in ("querydr", "refund") or body.get("vnp_Version") != "2.1.0":
            self.complain("command")
            return {"vnp_ResponseCode": "03"}
        try:
            ours = self._query_hash(body) if verb == "querydr" else self._refund_hash(body)
        except KeyError as missing:
            self.complain(f"missing {missing}")
            return {"vnp_ResponseCode": "03"}
        if body.get("vnp_SecureHash") != ours:
            self.complain("signature")
            return {"vnp_ResponseCode": "97"}
        if not 1 <= len(body["vnp_RequestId"]) <= 32 or not body["vnp_RequestId"].isalnum():
            self.complain("RequestId")
            return {"vnp_ResponseCode": "03"}
        return self._querydr(body) if verb == "querydr" else self._refund(body)

    def _query_hash(self, b: dict[str, Any]) -> str:
        return piped(b["vnp_RequestId"], b["vnp_Version"], b["vnp_Command"], b["vnp_TmnCode"], b["vnp_TxnRef"],
                     b["vnp_TransactionDate"], b["vnp_CreateDate"], b["vnp_IpAddr"], b["vnp_OrderInfo"])  # fmt: skip

    def _refund_hash(self, b: dict[str, Any]) -> str:
        return piped(b["vnp_RequestId"], b["vnp_Version"], b["vnp_Command"], b["vnp_TmnCode"],
                     b["vnp_TransactionType"], b["vnp_TxnRef"], b["vnp_Amount"], b["vnp_TransactionNo"],
                     b["vnp_TransactionDate"], b["vnp_CreateBy"], b["vnp_CreateDate"], b["vnp_IpAddr"],
                     b["vnp_OrderInfo"])  # fmt: skip

    def _repeated(self, body: dict[str, Any]) -> bool:
        mark = (written(self.now)[:8], body["vnp_RequestId"])
        again = mark in self.seen_today
        self.seen_today.add(mark)
        return again

    def _querydr(self, body: dict[str, Any]) -> dict[str, Any]:
        created = when(body["vnp_CreateDate"])
        if created is None or not self.near(created):
            self.complain("time")
            return self._signed({"vnp_ResponseCode": "03"}, query=True)
        if self._repeated(body):
            return self._signed({"vnp_ResponseCode": "94"}, query=True)
        payment = self.payments.get(body["vnp_TxnRef"])
        if payment is None or body["vnp_TransactionDate"] != payment.request["vnp_CreateDate"]:
            return self._signed({"vnp_ResponseCode": "91"}, query=True)
        refunds = [one for one in self.refunds.values() if one.payment is payment]
        if refunds:
            last = refunds[-1]
            told = {
                "vnp_TransactionType": last.request["vnp_TransactionType"],
                "vnp_Amount": str(last.amount_vnd * 100),
                "vnp_TransactionStatus": REFUND_STATUS[last.state],
                "vnp_TransactionNo": str(last.number),
            }
        else:
            status = payment.code if payment.state == "processing" and payment.code else STATUS[payment.state]
            amount = self.settings.get("queried_amount", payment.amount_vnd)
            told = {"vnp_TransactionType": "01", "vnp_Amount": str(amount * 100), "vnp_TransactionStatus": status,
                    "vnp_TransactionNo": str(payment.number)}  # fmt: skip
        paid = written(payment.paid_at) if payment.paid_at else ""
        return self._signed(told | {
            "vnp_ResponseCode": "00", "vnp_TxnRef": payment.ref, "vnp_PayDate": paid, "vnp_BankCode": "NCB",
            "vnp_OrderInfo": payment.request["vnp_OrderInfo"],
        }, query=True)  # fmt: skip

    def _signed(self, told: dict[str, Any], *, query: bool) -> dict[str, Any]:
        full = {"vnp_ResponseId": f"r{next(self.numbers)}", "vnp_Command": "querydr" if query else "refund",
                "vnp_Message": "said", "vnp_TmnCode": TMN} | told  # fmt: skip
        names = ["ResponseId", "Command", "ResponseCode", "Message", "TmnCode", "TxnRef", "Amount", "BankCode",
                 "PayDate", "TransactionNo", "TransactionType", "TransactionStatus", "OrderInfo"]  # fmt: skip
        names += ["PromotionCode", "PromotionAmount"] if query else []
        made = piped(*(full.get(f"vnp_{name}", "") for name in names))
        return full | {"vnp_SecureHash": made[::-1] if self.settings.get("forge_answers") else made}

    def _refund(self, body: dict[str, Any]) -> dict[str, Any]:
        payment = self.payments.get(body["vnp_TxnRef"])
        if self._repeated(body):
            return self._signed({"vnp_ResponseCode": "94"}, query=False)
        if payment is None or body["vnp_TransactionDate"] != payment.request["vnp_CreateDate"]:
            return self._signed({"vnp_ResponseCode": "91"}, query=False)
        if payment.state != "paid" or body["vnp_TransactionNo"] not in ("0", str(payment.number)):
            return self._signed({"vnp_ResponseCode": "95"}, query=False)
        amount, kind = int(body["vnp_Amount"]), body["vnp_TransactionType"]
        gone = sum(
            one.amount_vnd
            for one in self.refunds.values()
            if one.payment is payment and one.state != "failed"
        )
        whole = amount // 100 == payment.amount_vnd
        if amount % 100 or (kind == "02") != whole or kind not in ("02", "03") or not body["vnp_CreateBy"]:
            self.complain("amount, type or maker of a refund")
            return self._signed({"vnp_ResponseCode": "03"}, query=False)
        if gone + amount // 100 > payment.amount_vnd:
            return self._signed({"vnp_ResponseCode": "95"}, query=False)
        made = Refund(body["vnp_RequestId"], payment, amount // 100, "processing", next(self.numbers), body)
        self.refunds[made.ref] = made
        return self._signed({
            "vnp_ResponseCode": "00", "vnp_TxnRef": payment.ref, "vnp_Amount": str(amount), "vnp_BankCode": "NCB",
            "vnp_PayDate": written(self.now), "vnp_TransactionNo": str(made.number), "vnp_TransactionType": kind,
            "vnp_TransactionStatus": "05", "vnp_OrderInfo": body["vnp_OrderInfo"],
        }, query=False)  # fmt: skip

    # --- news

    def _ended(self, payment: Payment, change: dict[str, Any]) -> str:
        code = str(change.get("code") or payment.code or RESPONSE[payment.state])
        told = {
            "vnp_Amount": str(change.get("amount_vnd", payment.amount_vnd) * 100), "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{payment.number}", "vnp_CardType": "ATM",
            "vnp_OrderInfo": payment.request["vnp_OrderInfo"], "vnp_PayDate": written(payment.paid_at or self.now),
            "vnp_ResponseCode": code, "vnp_TmnCode": change.get("merchant", TMN),
            "vnp_TransactionNo": str(payment.number),
            "vnp_TransactionStatus": change.get("status", "00" if code == "00" else "02"),
            "vnp_TxnRef": change.get("ref", payment.ref),
        }  # fmt: skip
        signed = urllib.parse.urlencode(sorted(told.items()))
        made = sha512(signed)
        return f"{signed}&vnp_SecureHash={made[::-1] if change.get('forge') else made}"

    def news(self, payment: Payment, change: dict[str, Any]) -> News | None:
        """GET at the address noted for the website."""
        return News("GET", f"{self.settings['ipn_url']}?{self._ended(payment, change)}")

    def back(self, payment: Payment) -> str:
        """The same parameters at the return address."""
        return f"{payment.return_url}?{self._ended(payment, {})}"


if __name__ == "__main__":
    run(VNPay())
