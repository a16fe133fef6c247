"""Reads of payouts: what a producer is owed, what can be sent, and the code that sends it."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.queries import user
from cooperatives.bank.rules import bank
from cooperatives.models import Producer
from core import clock
from core.crypto import decrypt
from core.db import db
from core.errors import Invalid, NotFound
from core.format import instant
from core.i18n import N_
from payments.payouts import rules
from payments.payouts.models import ProducerAccount
from payments.providers import vietqr
from payments.queries import organisation_of
from revenue.queries import balance
from revenue.rules import AccountKind
from revenue.rules import producer as producer_subject

FIELD = "producer_account.payee"


def owner_of(producer_id: int) -> str:
    """Whose encrypted text it is."""
    return f"producer:{producer_id}"


def producer_of(producer_id: int, organisation_id: int | None, *, lock: bool = False) -> Producer:
    """A producer of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    found = db.session.get(Producer, producer_id, with_for_update=lock or None)
    if found is None or organisation_of(found.cooperative_id) != organisation_id:
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    return found


@dataclass(frozen=True)
class Account:
    """Where a producer's money goes, opened for staff. `fresh`: changed so lately that she should be asked."""

    bank_bin: str
    bank_name: str
    number: str
    holder: str
    changed_at: datetime
    changed_by: str
    fresh: bool
    hold_until: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether nothing may be sent there yet."""
        return self.hold_until is not None and self.hold_until > clock.now()


def account_of(producer_id: int) -> Account | None:
    """A producer's account; None while nobody has said. The caller has checked who asks."""
    wanted = select(ProducerAccount).where(ProducerAccount.producer_id == producer_id)
    row = db.session.execute(wanted).scalar_one_or_none()
    if row is None:
        return None
    number, holder = json.loads(decrypt(row.payee, field=FIELD, owner=owner_of(producer_id)))
    return Account(row.bank_bin, bank(row.bank_bin).short, number, holder, row.changed_at,
                   user(row.changed_by_user_id).name, rules.is_fresh(row.changed_at, clock.now()),
                   row.hold_until)  # fmt: skip


def usable_account(producer_id: int) -> Account:
    """A producer's account that money may go to now. Raises Invalid while there is none, or while it is held."""
    found = account_of(producer_id)
    if found is None:
        raise Invalid(N_("Nhà này chưa có tài khoản."), remedy=N_("Ghi tài khoản trước, hoặc trả tiền mặt."))
    if found.hold_until is not None and found.held:
        raise Invalid(
            N_("Số tài khoản mới đổi, đến %(when)s mới chuyển được."),
            remedy=N_("Gọi hỏi lại nhà này, hoặc trả tiền mặt."), when=instant(found.hold_until),
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Due:
    """What a producer is owed, and what the bank account holds by the book; đồng."""

    owed_vnd: int
    bank_vnd: int

    @property
    def most_vnd(self) -> int:
        """The most that can be sent now."""
        return rules.most(self.owed_vnd, self.bank_vnd)


def due(producer: Producer) -> Due:
    """What can be paid to a producer by bank."""
    book = organisation_of(producer.cooperative_id)
    owed = -balance(book, AccountKind.PRODUCER_PAYABLE, producer_subject(producer.id))
    return Due(owed, balance(book, AccountKind.BANK))


@dataclass(frozen=True)
class Code:
    """The VietQR that sends so much to a producer. It names an account: for signed-in staff alone."""

    purpose: str
    payload: str
    qr_matrix: tuple[tuple[bool, ...], ...]


def code_for(account: Account, producer_code: str, amount_vnd: int) -> Code:
    """The code to scan with the cooperative's banking app."""
    words = rules.purpose(producer_code)
    payload = vietqr.build(account.bank_bin, account.number, amount_vnd=amount_vnd, purpose=words)
    return Code(words, payload, vietqr.matrix(payload))
