"""An order as a shop says it is, in types. Amounts come as floats and leave as whole đồng."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channels.saleor.rules import CURRENCY, pack_of, whole_vnd
from channels.saleor.whereto import places_of

OURS = "CP-"  # every payment and refund that we name begins so
CANCELLED = frozenset({"CANCELED", "EXPIRED"})


class OtherCurrency(ValueError):
    """An amount that is not in whole đồng."""


@dataclass(frozen=True)
class RemoteLine:
    """One line of a shop's order. pack_id: None for goods that are not ours. unit_vnd: what the buyer pays for one."""

    id: str
    pack_id: int | None
    quantity: int
    fulfilled: int
    unit_vnd: int


@dataclass(frozen=True)
class RemotePayment:
    """A payment in a shop. charged_vnd: still taken, after refunds. reports: names of refunds that ended well."""

    id: str
    psp: str
    charged_vnd: int
    refunded_vnd: int
    pending_vnd: int
    may_refund: bool
    reports: frozenset[str]
    failed_count: int

    @property
    def ours(self) -> bool:
        """Whether the money came here and we told the shop of it."""
        return self.psp.startswith(OURS)

    @property
    def came_vnd(self) -> int:
        """What the buyer paid, whatever went back since."""
        return self.charged_vnd + self.refunded_vnd + self.pending_vnd


@dataclass(frozen=True)
class RemoteParcel:
    """A fulfilment: {line id: pieces}."""

    id: str
    tracking: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RemoteOrder:
    """A shop's order. places: texts that may name its commune (`whereto`)."""

    id: str
    number: str
    status: str
    channel: str
    language: str
    note: str
    total_vnd: int
    captured_vnd: int
    name: str
    phone: str
    street: str
    places: tuple[str, ...]
    lines: tuple[RemoteLine, ...]
    payments: tuple[RemotePayment, ...]
    parcels: tuple[RemoteParcel, ...]

    @property
    def cancelled(self) -> bool:
        """Whether it will not be sent."""
        return self.status in CANCELLED

    @property
    def paid_there_vnd(self) -> int:
        """What the buyer paid in the shop, without what was paid here and told there; refunds not taken off."""
        theirs = sum(one.came_vnd for one in self.payments if not one.ours)
        told = sum(one.charged_vnd for one in self.payments if one.ours)
        return max(theirs, self.captured_vnd - told)

    @property
    def refunded_there_vnd(self) -> int:
        """What the shop paid back of it."""
        return sum(one.refunded_vnd for one in self.payments if not one.ours)


def _vnd(money: Mapping[str, Any]) -> int:
    if money["currency"] != CURRENCY:
        raise OtherCurrency(str(money["currency"]))
    try:
        return whole_vnd(money["amount"])
    except ValueError as error:
        raise OtherCurrency(str(error)) from error


def read(told: Mapping[str, Any]) -> RemoteOrder:
    """An order in the shape of `documents.ORDER`. Raises OtherCurrency."""
    address: Mapping[str, Any] = told["shippingAddress"] or {}
    words = {name: str(address.get(name) or "").strip() for name in (
        "firstName", "lastName", "phone", "streetAddress1", "streetAddress2", "cityArea", "city", "countryArea",
    )}  # fmt: skip
    return RemoteOrder(
        id=told["id"], number=told["number"], status=told["status"], channel=told["channel"]["slug"],
        language="en" if str(told["languageCodeEnum"]).startswith("EN") else "vi", note=told["customerNote"],
        total_vnd=_vnd(told["total"]["gross"]), captured_vnd=_vnd(told["totalCharged"]),
        name=f"{words['lastName']} {words['firstName']}".strip(), phone=words["phone"],
        street=", ".join(one for one in (words["streetAddress1"], words["streetAddress2"]) if one),
        places=places_of(words), lines=tuple(_line(one) for one in told["lines"]),
        payments=tuple(_payment(one) for one in told["transactions"]),
        parcels=tuple(_parcel(one) for one in told["fulfillments"] if one["status"] != "CANCELED"),
    )  # fmt: skip


def _line(told: Mapping[str, Any]) -> RemoteLine:
    variant = told["variant"] or {}
    pack_id = pack_of(variant.get("externalReference")) or pack_of(told["productSku"])
    return RemoteLine(
        told["id"], pack_id, told["quantity"], told["quantityFulfilled"], _vnd(told["unitPrice"]["gross"])
    )


def _payment(told: Mapping[str, Any]) -> RemotePayment:
    events = told["events"] or ()
    return RemotePayment(
        id=told["id"], psp=told["pspReference"] or "", charged_vnd=_vnd(told["chargedAmount"]),
        refunded_vnd=_vnd(told["refundedAmount"]), pending_vnd=_vnd(told["refundPendingAmount"]),
        may_refund="REFUND" in told["actions"],
        reports=frozenset(one["pspReference"] for one in events if one["type"] == "REFUND_SUCCESS"),
        failed_count=sum(one["type"] == "REFUND_FAILURE" for one in events),
    )  # fmt: skip


def _parcel(told: Mapping[str, Any]) -> RemoteParcel:
    lines = tuple(
        (one["orderLine"]["id"], one["quantity"]) for one in told["lines"] or () if one["orderLine"]
    )
    return RemoteParcel(told["id"], told["trackingNumber"], lines)
