"""What every rail with a merchant account speaks: open a payment, ask about it, close it, give money back, read news.

One implementation each in stripe.py, momo.py, vnpay.py and zalopay.py. An implementation holds no state, opens no
transaction and touches no table: it turns these frozen values into HTTP and back. Everything may be called twice under
the same key and then means the same payment. `payments.rails` chooses and builds it, `payments.attempts` keeps rows.

Rules for implementers: amounts are whole đồng (a rail that wants × 100 multiplies inside); instants are aware UTC (a
rail that wants Vietnam's clock converts inside); a call gives up after `Link.timeout_s`; an answer that cannot be
trusted (signature, amount, currency) is never read as paid. Raise `ProviderDown` when nobody knows what happened,
`ProviderRefused` when the provider said no for good, `Forged` for news whose sender is not proved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.errors import DomainError
from core.i18n import N_

TIMEOUT_S = 10.0
NOBODY = "127.0.0.1"  # where no buyer stands behind a call


class ProviderDown(DomainError):
    """No answer, a broken one, or a 5xx: what happened is unknown. Ask again later under the same key."""

    status = 503

    def __init__(self, why: str) -> None:
        super().__init__(
            N_("Bên thanh toán chưa trả lời."), remedy=N_("Thử lại sau ít phút, hoặc chọn cách trả khác.")
        )
        self.why = why  # class of the fault or HTTP status, for logs and the staff's page; no personal data


class ProviderRefused(DomainError):
    """The provider answered and said no; asking again changes nothing. `code` is its own word."""

    def __init__(self, code: str) -> None:
        super().__init__(N_("Bên thanh toán không nhận khoản này."), remedy=N_("Chọn cách trả khác."))
        self.code = code


class Forged(DomainError):
    """News whose signature does not fit, is too old, or speaks of another merchant. Nothing of it is used."""

    status = 400

    def __init__(self, why: str = "signature") -> None:
        super().__init__(N_("Tin báo tiền không chứng minh được là của bên thanh toán."))
        self.why = why


class Standing(StrEnum):
    """Where the provider says that a payment stands."""

    OPEN = "open"  # the buyer may pay
    PENDING = "pending"  # the buyer paid or proves who they are; the provider has not decided
    PAID = "paid"
    FAILED = "failed"  # refused for good; this payment can never be paid any more
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MISSING = "missing"  # the provider has never heard of it


class RefundStanding(StrEnum):
    """Where the provider says that a refund stands."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    MISSING = "missing"


class DisputeStanding(StrEnum):
    """A buyer's bank took the money back, and how that ended."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


class Receipt(StrEnum):
    """What we did with news, for the answer that the provider wants to read."""

    APPLIED = "applied"
    AGAIN = "again"  # known already: nothing changed
    UNKNOWN = "unknown"  # no payment of ours
    WRONG_AMOUNT = "wrong_amount"
    FORGED = "forged"
    LATER = "later"  # we could not store it now: please send it again


@dataclass(frozen=True)
class Link:
    """How to reach one merchant account. merchant: what is not secret (a terminal's code). secrets: opened for it.

    api_base: from the settings (STRIPE_API_BASE …), no slash at its end. Field names: `payments.rails.rules.RAILS`.
    pay_base: the page to which the buyer is sent, for a rail that has it at an address of its own (VNPay).
    """

    merchant: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    api_base: str
    timeout_s: float = TIMEOUT_S
    pay_base: str = ""


@dataclass(frozen=True)
class Ask:
    """A payment to open.

    key: ours, stable, 24 hexadecimal digits, the same at every repetition. description: ASCII, at most 60, the order
    codes. return_url: where the browser comes back to. notify_url: where the provider tells of it. asked_at: when the
    attempt was written, the same at every repetition (some rails want the day in their own number). language: vi | en.
    """

    key: str
    amount_vnd: int
    description: str
    return_url: str
    notify_url: str
    asked_at: datetime
    expires_at: datetime
    language: str = "vi"
    ip: str = NOBODY  # VNPay wants the buyer's; never stored


@dataclass(frozen=True)
class Known:
    """A payment that was asked for, as our row has it.

    provider_ref: the provider's number of it, empty when it never answered. payment_ref: its number of the money,
    known once paid. paid_at: None until paid. asked_at as in `Ask`.
    """

    key: str
    amount_vnd: int
    asked_at: datetime
    provider_ref: str = ""
    payment_ref: str = ""
    paid_at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """The provider has the payment. pay_url: where the buyer goes. raw_state: the provider's own word."""

    provider_ref: str
    pay_url: str
    raw_state: str
    payment_ref: str = ""


@dataclass(frozen=True)
class Seen:
    """What the provider says of a payment.

    amount_vnd: what it took, or is to take; None when it does not say. payment_ref, paid_at: of the money, once paid.
    fee_vnd: what the provider keeps, None while it is not known. pay_url: where the buyer can still pay, if told.
    raw_state: its own word (no card data, no name), at most 60 characters.
    """

    standing: Standing
    raw_state: str
    amount_vnd: int | None = None
    provider_ref: str = ""
    payment_ref: str = ""
    paid_at: datetime | None = None
    fee_vnd: int | None = None
    pay_url: str = ""


@dataclass(frozen=True)
class RefundAsk:
    """Money to give back. key: ours and stable, 24 hexadecimal digits. reason: ASCII, at most 60."""

    key: str
    amount_vnd: int
    of: Known
    reason: str
    asked_at: datetime
    ip: str = NOBODY


@dataclass(frozen=True)
class RefundSeen:
    """What the provider says of a refund. refund_ref: its number of it."""

    standing: RefundStanding
    raw_state: str
    refund_ref: str = ""


@dataclass(frozen=True)
class RefundTold:
    """News of a refund: ours by `key` or by the provider's number (one is enough)."""

    seen: RefundSeen
    key: str = ""


@dataclass(frozen=True)
class DisputeTold:
    """News of a dispute. fee_vnd: what the provider charges for it so far."""

    dispute_ref: str
    standing: DisputeStanding
    amount_vnd: int
    raw_state: str
    at: datetime
    fee_vnd: int = 0


@dataclass(frozen=True)
class Notice:
    """A request at our door, as it came. headers: names in lower case. query: of the address, decoded once."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Told:
    """News whose sender is proved. It names the payment by `key`, else by `provider_ref` or `payment_ref`.

    event_ref: the provider's number of the news, empty when it has none. All of seen, refund and dispute may be None:
    news that says nothing to us.
    """

    event_ref: str
    kind: str
    key: str = ""
    provider_ref: str = ""
    payment_ref: str = ""
    seen: Seen | None = None
    refund: RefundTold | None = None
    dispute: DisputeTold | None = None


@dataclass(frozen=True)
class Answer:
    """What to say to the provider."""

    status: int
    body: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True)
class Movement:
    """One line of the provider's own book, for reconciliation. amount_vnd: signed, gross; fee_vnd: kept by it.

    kind: payment | refund | dispute | dispute_back | payout | other. ref: of the money (payment_ref, refund_ref,
    dispute_ref). currency: upper case; amounts are đồng only where it is VND.
    """

    movement_ref: str
    kind: str
    ref: str
    amount_vnd: int
    fee_vnd: int
    currency: str
    at: datetime
    raw_kind: str


class Provider(Protocol):
    """One merchant account of one rail."""

    def create(self, ask: Ask) -> Opened:
        """Open a payment. The same key again gives the same payment, never a second one.

        Raises ProviderDown, ProviderRefused.
        """
        ...

    def query(self, known: Known) -> Seen:
        """Where a payment stands. Standing.MISSING when the provider never heard of it. Raises ProviderDown."""
        ...

    def cancel(self, known: Known) -> Seen:
        """Close a payment so that it cannot be paid any more, and say where it stands then.

        A rail that cannot close one answers like `query`: OPEN then means that money may still come.
        """
        ...

    def refund(self, ask: RefundAsk) -> RefundSeen:
        """Give money back. The same key again is the same refund. Raises ProviderDown, ProviderRefused."""
        ...

    def query_refund(self, ask: RefundAsk, refund_ref: str) -> RefundSeen:
        """Where a refund stands; MISSING when the provider never heard of it. Raises ProviderDown."""
        ...

    def parse(self, notice: Notice) -> Told:
        """Prove the sender, then read. Raises Forged; Invalid when a proved body cannot be read."""
        ...

    def answer(self, receipt: Receipt) -> Answer:
        """What the provider wants to read after news."""
        ...

    def probe(self) -> None:
        """A small harmless call: does the rail live, do our keys fit? Raises ProviderDown, ProviderRefused."""
        ...


class WithBook(Protocol):
    """A rail whose own book can be read line by line."""

    def movements(self, since: datetime) -> Iterable[Movement]:
        """Its book from `since` on, oldest first. Raises ProviderDown."""
        ...
