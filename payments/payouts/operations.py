"""The one verb of a producer's account. Paying itself is `revenue.operations.pay_producer`."""

import json

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.bank.rules import bank
from cooperatives.rules import check_account_number, holder_name
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Invalid
from core.i18n import N_, _
from payments.payouts.models import ProducerAccount
from payments.payouts.queries import FIELD, account_of, owner_of, producer_of
from payments.payouts.rules import HOLD_FOR
from revenue.payouts.operations import tell

STAFF = (Role.MANAGER, Role.TREASURER)
CHANGED = N_(
    "Tài khoản nhận tiền của nhà mình vừa đổi. 48 giờ nữa mới có tiền chuyển tới đó. "
    "Không phải nhà mình đổi thì gọi ngay hợp tác xã."
)


def set_producer_account(
    actor: Actor, producer_id: int, bank_bin: str, account_number: str, holder: str
) -> ProducerAccount:
    """Write down to which bank account a producer wants her money, as she said it; stored encrypted.

    A number that takes the place of another is held 48 hours, and she is told by message.

    Raises Invalid for an unlisted bank or a number that cannot be, NotFound for another cooperative's producer.
    """
    actor.must_be(*STAFF)
    if actor.user_id is None:
        raise Invalid(N_("Đổi tài khoản cần một người có tên."))
    producer_of(producer_id, actor.organisation_id, lock=True)
    plain = json.dumps([check_account_number(account_number), holder_name(holder)])
    values = {
        "bank_bin": bank(bank_bin).bin, "payee": encrypt(plain, field=FIELD, owner=owner_of(producer_id)),
        "changed_at": clock.now(), "changed_by_user_id": actor.user_id,
    }  # fmt: skip
    before = account_of(producer_id)
    made = db.session.execute(
        select(ProducerAccount).where(ProducerAccount.producer_id == producer_id)
    ).scalar_one_or_none() or ProducerAccount(producer_id=producer_id)
    if before is not None and (before.bank_bin, before.number) != (bank_bin, json.loads(plain)[0]):
        made.hold_until = clock.now() + HOLD_FOR
        tell(producer_id, f"producer_account:{producer_id}:{clock.now().timestamp():.0f}", _(CHANGED))
    for name, value in values.items():
        setattr(made, name, value)
    db.session.add(made)
    db.session.flush()
    audit(actor, "set_producer_account", f"producer:{producer_id}", ("bank", "number", "holder"))
    return made
