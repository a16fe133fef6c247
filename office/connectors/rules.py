"""What goes out, how it is signed, and how an answer is read. Pure.

A body is signed with HMAC-SHA256 over `<seconds>.<key>.<body>`; the receiver knows the secret, compares in constant
time, and refuses what is older than it likes. The key of a letter stays the same however often it is sent, so that the
receiver counts one. The scheme is ours until a system says what it wants (ADR 38).
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.errors import Invalid
from core.i18n import N_

SECRET_LEAST, NAME_MAX, ADDRESS_MAX, RECEIPT_MAX = 16, 80, 300, 120
SIGNATURE = "X-ChoPhien-Signature"
KEY = "Idempotency-Key"
BODY_MAX_BYTES = 2_000_000


class Kind(StrEnum):
    """How a connector hands a document over."""

    HTTP = "http"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Document:
    """A letter as a connector gets it. key: the same at every try. body: JSON as it was written down."""

    key: str
    subject: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """That the other side took it. number: what it called the delivery, or empty. It does not mean that it accepted
    the format."""

    number: str
    status: int


class Down(Exception):
    """Nobody answered, or the answer was trouble of theirs: try again later."""


class Refused(Exception):
    """The other side said no; sending the same again would not help."""


class Connector(Protocol):
    """Anything that hands a document over. Raises Down or Refused."""

    def send(self, document: Document) -> Receipt:
        """Hand one document over; the same key twice counts once on the other side."""
        ...


def signature(secret: str, at: int, key: str, body: bytes) -> str:
    """The value of the signature's header. at: whole seconds since 1970.

    >>> signature("s" * 16, 1, "k", b"{}")[:9]
    't=1,v1=40'
    """
    told = f"{at}.{key}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()}"


def checks(secret: str, header: str, key: str, body: bytes, *, now: int, within_s: int = 300) -> bool:
    """Whether a signature belongs to a body and is fresh: for receivers, and for our tests of them."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    told = parts.get("t", "")
    if not (told.isascii() and told.isdigit() and len(told) < 15) or abs(now - int(told)) > within_s:
        return False
    return hmac.compare_digest(signature(secret, int(told), key, body), header)


def outcome(status: int, number: str) -> Receipt:
    """What an answer means. Raises Down for what may pass by itself, Refused for a no. No redirect is followed."""
    if 200 <= status < 300:
        return Receipt(number[:RECEIPT_MAX], status)
    if status in (408, 425, 429) or status >= 500:
        raise Down(f"status {status}")
    raise Refused(f"status {status}")


def check_settings(kind: Kind, name: str, address: str, secret: str, *, plain: bool) -> None:
    """A connector that may be written down. plain: whether http:// is let through (never in production).

    Raises Invalid at its field.
    """
    if not name:
        raise Invalid(N_("Đặt tên cho nơi nhận."), field="name")
    if len(secret) < SECRET_LEAST:
        raise Invalid(N_("Khoá ký dài ít nhất %(least)s ký tự."), field="secret", least=SECRET_LEAST)
    if kind is Kind.HTTP and not address.startswith(("https://", "http://") if plain else "https://"):
        raise Invalid(N_("Địa chỉ phải bắt đầu bằng https://."), field="address")
    if kind is Kind.FILE and not (address.isascii() and address.replace("-", "").isalnum()):
        raise Invalid(N_("Tên thư mục chỉ gồm chữ không dấu, số và gạch nối."), field="address")
