"""The rails that a collector can offer: their settings, and whether one is up. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import cast
from urllib.parse import urlsplit

from core.i18n import N_
from orders.rules import Method
from payments.providers.protocol import Link, Provider


@dataclass(frozen=True)
class Setting:
    """One thing that a rail must be told. Secret ones are encrypted and never shown again."""

    name: str
    label: str
    secret: bool = False
    optional: bool = False
    is_address: bool = False  # of a page: https, or this machine for trying


@dataclass(frozen=True)
class Rail:
    """One rail. module: of payments.providers, imported when the rail is used; it has `connect(link) -> Provider`.

    tells_fee: whether `query` says what the provider kept, so that it is asked until it does.
    """

    name: str
    method: Method
    label: str
    module: str
    base_setting: str  # the environment variable with the address of its interface
    settings: tuple[Setting, ...]
    page_setting: str = ""  # the same for the page of the buyer, where that has an address of its own
    tells_fee: bool = False


RAILS: dict[str, Rail] = {
    one.name: one
    for one in (
        Rail("stripe", Method.CARD, N_("Thẻ quốc tế"), "payments.providers.stripe", "STRIPE_API_BASE", (
            Setting("secret_key", N_("Khoá bí mật (sk_… hoặc rk_…)"), secret=True),
            Setting("webhook_secret", N_("Khoá ký tin báo (whsec_…)"), secret=True),
            Setting("webhook_secret_before", N_("Khoá ký cũ, còn nhận khi đang đổi khoá"), secret=True, optional=True),
            Setting("card_page", N_("Trang nhập thẻ của đối tác, https://… (trống: dùng trang của Stripe)"),
                    optional=True, is_address=True),
        ), tells_fee=True),
        Rail("momo", Method.MOMO, N_("Ví MoMo"), "payments.providers.momo", "MOMO_API_BASE", (
            Setting("partner_code", N_("Mã đối tác (partnerCode)")),
            Setting("access_key", N_("Khoá truy cập (accessKey)"), secret=True),
            Setting("secret_key", N_("Khoá bí mật (secretKey)"), secret=True),
        )),
        Rail("vnpay", Method.VNPAY, N_("Thẻ và tài khoản qua VNPay"), "payments.providers.vnpay", "VNPAY_API_BASE", (
            Setting("tmn_code", N_("Mã website (vnp_TmnCode)")),
            Setting("hash_secret", N_("Khoá ký (vnp_HashSecret)"), secret=True),
        ), page_setting="VNPAY_PAY_URL"),
        Rail("zalopay", Method.ZALOPAY, N_("Ví ZaloPay"), "payments.providers.zalopay", "ZALOPAY_API_BASE", (
            Setting("app_id", N_("Mã ứng dụng (app_id)")),
            Setting("key1", N_("Khoá key1"), secret=True),
            Setting("key2", N_("Khoá key2, dùng cho tin báo"), secret=True),
        )),
    )
}  # fmt: skip
RAIL_OF: dict[Method, str] = {rail.method: rail.name for rail in RAILS.values()}
DOWN_AFTER = 3  # failures in a row
PROBE_EVERY = timedelta(seconds=30)
PROBE_MOST = timedelta(minutes=10)


TEST_HOSTS = ("test", "sandbox", "sb-", "localhost", "127.0.0.1")


def is_test(address: str, secrets: Iterable[str] = ()) -> bool:
    """Whether no real money moves there: the provider's own place for trying, or a key of its test mode.

    >>> is_test("https://sb-openapi.zalopay.vn"), is_test("https://openapi.zalopay.vn")
    (True, False)
    >>> is_test("https://api.stripe.com", ["sk_test_1"])
    True
    """
    host = (urlsplit(address).hostname or "").lower()
    return any(word in host for word in TEST_HOSTS) or any(
        one.startswith(("sk_test_", "rk_test_")) for one in secrets
    )


def is_page(address: str) -> bool:
    """Whether buyers may be sent to an address: https, or this machine for trying; nothing behind a # or ?.

    >>> is_page("https://pay.example/card"), is_page("http://pay.example/card"), is_page("http://127.0.0.1:9/card")
    (True, False, True)
    """
    found = urlsplit(address)
    here = found.scheme == "http" and found.hostname in ("localhost", "127.0.0.1")
    return bool(found.hostname) and (found.scheme == "https" or here) and not (found.query or found.fragment)


def connect(rail: str, link: Link) -> Provider:
    """The provider behind a rail. Its module, and what it stands on, is imported now and not before."""
    return cast(Provider, import_module(RAILS[rail].module).connect(link))


def is_up(failures: int) -> bool:
    """Whether a rail is offered after so many failures in a row."""
    return failures < DOWN_AFTER


def next_probe(failures: int, now: datetime) -> datetime:
    """When a rail that failed is tried again: 30 s, doubled with each further failure, at most 10 minutes."""
    steps = min(max(failures - DOWN_AFTER, 0), 10)
    return now + min(PROBE_EVERY * (1 << steps), PROBE_MOST)
