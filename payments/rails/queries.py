"""Reads of rails: what buyers may choose now, and how to reach a merchant account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import Table, bindparam, select

from core.crypto import decrypt
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from orders.rules import Method
from payments.providers.protocol import Link, Provider
from payments.rails import rules
from payments.rails.models import RailAccount
from payments.rails.rules import RAILS

FIELD = "rail_account.secrets"
_ACCOUNT = cast(Table, RailAccount.__table__)
_OFFERED = (
    select(_ACCOUNT.c.id, _ACCOUNT.c.rail, _ACCOUNT.c.failures_count, _ACCOUNT.c.organisation_id)
    .where(_ACCOUNT.c.enabled == bindparam("yes"))
    .order_by(_ACCOUNT.c.id)
)


def owner_of(account_id: int) -> str:
    """Whose encrypted text it is."""
    return f"rail_account:{account_id}"


@dataclass(frozen=True)
class Offer:
    """One rail as a buyer may choose it. up: False while it does not answer; it is named then, with the reason."""

    account_id: int
    rail: str
    method: Method
    label: str
    up: bool
    collector_id: int


def offers() -> list[Offer]:
    """The rails of today, one account each (the oldest that is up, else the oldest), in a fixed order."""
    found: dict[str, Offer] = {}
    for row in run(_OFFERED, {"yes": True}):
        facts, up = RAILS[row.rail], rules.is_up(row.failures_count)
        known = found.get(row.rail)
        if known is None or (up and not known.up):
            found[row.rail] = Offer(row.id, row.rail, facts.method, facts.label, up, row.organisation_id)
    return [found[name] for name in RAILS if name in found]


def offer_for(method: Method) -> Offer | None:
    """The account that a new payment by this method goes to; None when there is none or it does not answer."""
    return next((one for one in offers() if one.method == method and one.up), None)


def account(account_id: int) -> RailAccount:
    """A merchant account. Raises NotFound."""
    found = db.session.get(RailAccount, account_id)
    if found is None:
        raise NotFound(N_("Không có cổng thanh toán này."))
    return found


def account_of(organisation_id: int, rail: str) -> RailAccount | None:
    """A collector's account on a rail."""
    wanted = select(RailAccount).where(
        RailAccount.organisation_id == organisation_id, RailAccount.rail == rail
    )
    return db.session.execute(wanted).scalar_one_or_none()


def accounts(rail: str | None = None) -> list[RailAccount]:
    """Accounts with keys, of one rail or all."""
    wanted = select(RailAccount).where(RailAccount.secrets.is_not(None)).order_by(RailAccount.id)
    if rail is not None:
        wanted = wanted.where(RailAccount.rail == rail)
    return list(db.session.execute(wanted).scalars())


def provider(found: RailAccount) -> Provider:
    """The provider behind an account, with its keys opened for this call."""
    sealed = found.secrets
    if sealed is None:
        raise NotFound(N_("Cổng thanh toán này chưa có khoá."))
    secrets = json.loads(decrypt(sealed, field=FIELD, owner=owner_of(found.id)))
    base = current_app.config["RAIL_BASES"][RAILS[found.rail].base_setting]
    page = current_app.config["RAIL_BASES"].get(RAILS[found.rail].page_setting, "")
    return rules.connect(found.rail, Link(json.loads(found.merchant), secrets, base, pay_base=page))


@dataclass(frozen=True)
class RailStatus:
    """One rail as its collector sees it.

    configured: its keys are there. enabled: buyers may choose it while it is up. test: no real money moves there.
    address: of its interface. answered_at: last sign of life after a failure, or of a try;
    failed_at, failed_why: last failure, as noted. merchant: what is not secret. webhook: where the provider tells.
    """

    rail: str
    label: str
    account_id: int | None
    configured: bool
    enabled: bool
    up: bool
    test: bool
    address: str
    merchant: Mapping[str, str]
    webhook: str
    answered_at: datetime | None
    failed_at: datetime | None
    failed_why: str


def _opened(found: RailAccount) -> dict[str, str]:
    if found.secrets is None:
        return {}
    opened: dict[str, str] = json.loads(decrypt(found.secrets, field=FIELD, owner=owner_of(found.id)))
    return opened


def status(organisation_id: int, rail: str) -> RailStatus:
    """Where a collector's rail stands; raises NotFound for a rail that does not exist."""
    facts = RAILS.get(rail)
    if facts is None:
        raise NotFound(N_("Không có cổng thanh toán này."))
    found = account_of(organisation_id, rail)
    address = current_app.config["RAIL_BASES"][facts.base_setting]
    if found is None:
        test = rules.is_test(address)
        return RailStatus(rail, facts.label, None, False, False, True, test, address, {}, "", None, None, "")
    return RailStatus(
        rail, facts.label, found.id, found.secrets is not None, found.enabled, rules.is_up(found.failures_count),
        rules.is_test(address, _opened(found).values()), address, json.loads(found.merchant), webhook_address(found),
        found.answered_at, found.failed_at, found.failed_why,
    )  # fmt: skip


def webhook_address(found: RailAccount) -> str:
    """Where the provider tells of payments to this account."""
    return f"{current_app.config['BASE_URL']}/webhooks/{found.rail}/{found.id}"
