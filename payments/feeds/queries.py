"""Reads of feeds: the secret of an account, opened for one check, and which accounts have one."""

from sqlalchemy import select

from cooperatives import queries as cooperatives
from cooperatives.models import BankAccount
from core.crypto import decrypt
from core.db import db
from payments.feeds.models import BankFeed
from payments.queries import no_such, organisation_of

FIELD = "bank_feed.secret"


def owner_of(account_id: int, provider: str) -> str:
    """Whose encrypted text it is."""
    return f"bank_account:{account_id}:{provider}"


def feed(account_id: int, provider: str) -> BankFeed | None:
    """The feed of an account, if it has one."""
    wanted = select(BankFeed).where(BankFeed.bank_account_id == account_id, BankFeed.provider == provider)
    return db.session.execute(wanted).scalar_one_or_none()


def secret_of(account_id: int, provider: str) -> str:
    """The secret of an account's feed; empty when it has none, which fits no signature."""
    found = feed(account_id, provider)
    return decrypt(found.secret, field=FIELD, owner=owner_of(account_id, provider)) if found else ""


def account_for(account_id: int, organisation_id: int | None) -> BankAccount:
    """A bank account of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    found = db.session.get(BankAccount, account_id)
    if found is None or organisation_of(found.cooperative_id) != organisation_id:
        raise no_such()
    return found


def accounts_in_use(cooperative_id: int) -> list[BankAccount]:
    """The accounts that money may have reached: all but those only proposed, the one in force first."""
    found = [one for one in cooperatives.accounts(cooperative_id) if one.state != "proposed"]
    return sorted(found, key=lambda one: (one.state != "active", -one.id))


def fed(account_ids: list[int], provider: str) -> set[int]:
    """Which accounts have a feed of this service."""
    wanted = select(BankFeed.bank_account_id).where(
        BankFeed.bank_account_id.in_(account_ids), BankFeed.provider == provider
    )
    return set(db.session.execute(wanted).scalars())
