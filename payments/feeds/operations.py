"""The verb that keeps or drops the secret of an account's feed."""

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.once import one_at_a_time
from payments.feeds import queries
from payments.feeds.models import BankFeed
from payments.providers import payos


def set_payos_key(actor: Actor, account_id: int, key: str) -> None:
    """Keep the checksum key of payOS for an account; an empty key turns the feed off. It is never shown again.

    Raises Invalid for a key that cannot be one, NotFound for another cooperative's account.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    account = queries.account_for(account_id, actor.organisation_id)
    if key and len(key) < 16:
        raise Invalid(N_("Khóa này ngắn quá, cần ít nhất 16 ký tự."), field="payos_key")
    if actor.user_id is None:
        raise Invalid(N_("Đổi khoá cần một người có tên."), field="payos_key")
    one_at_a_time("bank_feed", str(account.id))
    found = queries.feed(account.id, payos.PROVIDER)
    if not key:
        if found is not None:
            db.session.delete(found)
    else:
        if found is None:
            found = BankFeed(bank_account_id=account.id, provider=payos.PROVIDER)
            db.session.add(found)
        owner = queries.owner_of(account.id, payos.PROVIDER)
        found.secret = encrypt(key, field=queries.FIELD, owner=owner)
        found.set_at, found.set_by_user_id = clock.now(), actor.user_id
    db.session.flush()
    audit(actor, "set payos key", f"bank_account:{account.id}", ("secret",))
