"""A rail of ours connected to its sandbox."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from payments.providers import momo, vnpay, zalopay
from payments.providers.protocol import Ask, Known, Link, RefundAsk
from tests.conftest import NOW
from tests.wallets.process import Sandbox

KEY = "0a1b2c3d4e5f60718293a4b5"
OTHER = "ffffffffffffffffffffffff"
REFUND_KEY = "5b4a39281706f5e4d3c2b1a0"
MERCHANT: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "momo": (
        {"partner_code": "MOMO"},
        {"access_key": "F8BBA842ECF85", "secret_key": "K951B6PE1waDMi640xX08PD3vg6EkVlz"},
    ),
    "vnpay": ({"tmn_code": "CHOPHIEN"}, {"hash_secret": "VNPAYSANDBOXSECRET0123456789ABCD"}),
    "zalopay": (
        {"app_id": "2553"},
        {"key1": "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL", "key2": "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"},
    ),
}
MODULES: dict[str, Any] = {"momo": momo, "vnpay": vnpay, "zalopay": zalopay}


def link(rail: str, base: str, *, timeout_s: float = 5.0, **secrets: str) -> Link:
    """How a rail reaches its sandbox; `secrets` replaces some."""
    merchant, known = MERCHANT[rail]
    return Link(merchant, known | secrets, base, timeout_s, f"{base}/paymentv2/vpcpay.html")


def connect(rail: str, desk: Sandbox, **more: Any) -> Any:
    """Our side of a rail, against its sandbox."""
    return MODULES[rail].connect(link(rail, desk.url, **more))


def ask(key: str = KEY, amount_vnd: int = 95_000, **more: Any) -> Ask:
    """A payment to open."""
    made = Ask(key, amount_vnd, "Cho Phien CPABCDE2 CPABCDE3", "https://cho.example/pay/back/x",
               "https://cho.example/webhooks/rail/1", NOW, NOW + timedelta(minutes=45))  # fmt: skip
    return replace(made, **more)


def known(key: str = KEY, amount_vnd: int = 95_000, payment_ref: str = "") -> Known:
    """The same as our row has it."""
    return Known(key, amount_vnd, NOW, payment_ref=payment_ref)


def back(of: Known, amount_vnd: int, key: str = REFUND_KEY) -> RefundAsk:
    """Money to give back."""
    return RefundAsk(key, amount_vnd, of, "Hang vo", NOW)
