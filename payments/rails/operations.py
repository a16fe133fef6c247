"""Verbs of rails: set the keys, note whether a rail answers, try one that did not."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import or_, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt, encrypt
from core.db import db, transaction
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.once import one_at_a_time
from payments.providers.protocol import Provider, ProviderDown, ProviderRefused
from payments.rails import queries, rules
from payments.rails.models import RailAccount
from payments.rails.rules import RAILS, Setting
from revenue.collector.queries import collector_of

log = logging.getLogger(__name__)
Result = TypeVar("Result")


def set_rail(actor: Actor, rail: str, typed: Mapping[str, str], *, enabled: bool) -> RailAccount:
    """Write down a collector's keys for a rail; an empty secret keeps the one that is there. Stored encrypted.

    Raises Invalid naming the first setting that is missing, NotFound for anybody but a collector's manager.
    """
    actor.must_be(Role.MANAGER)
    own = collector_of(actor.organisation_id).id
    facts = RAILS.get(rail)
    if facts is None:
        raise NotFound(N_("Không có cổng thanh toán này."))
    one_at_a_time("rail", f"{own}:{rail}")
    found = queries.account_of(own, rail) or RailAccount(
        organisation_id=own, rail=rail, merchant="{}", enabled=False, failures_count=0, failed_why=""
    )
    found.changed_at, found.changed_by_user_id = clock.now(), actor.user_id
    db.session.add(found)
    db.session.flush()
    secrets = _opened(found)
    merchant: dict[str, str] = json.loads(found.merchant)
    for one in facts.settings:
        _take(one, typed.get(one.name, "").strip(), secrets if one.secret else merchant)
    plain = json.dumps(secrets)
    found.secrets = encrypt(plain, field=queries.FIELD, owner=queries.owner_of(found.id))
    found.merchant, found.enabled, found.failures_count, found.probe_due_at = (
        json.dumps(merchant), enabled, 0, None,
    )  # fmt: skip
    db.session.flush()
    audit(actor, "set_rail", f"rail_account:{found.id}", ("merchant", "secrets", "enabled"))
    return found


def _opened(found: RailAccount) -> dict[str, str]:
    if found.secrets is None:
        return {}
    opened: dict[str, str] = json.loads(
        decrypt(found.secrets, field=queries.FIELD, owner=queries.owner_of(found.id))
    )
    return opened


def _take(one: Setting, typed: str, into: dict[str, str]) -> None:
    if typed == "-" and one.optional:
        into.pop(one.name, None)
    elif typed and one.is_address and not rules.is_page(typed):
        raise Invalid(N_("Địa chỉ trang phải bắt đầu bằng https://."), field=one.name,
                      remedy=N_("Hỏi lại đối tác giữ tài khoản Stripe."))  # fmt: skip
    elif typed:
        into[one.name] = typed[:300]
    elif one.name not in into and not one.optional:
        raise Invalid(N_("Chưa có “%(label)s”."), field=one.name, label=one.label,
                      remedy=N_("Lấy ở trang quản lý của cổng thanh toán."))  # fmt: skip


def call(account_id: int, act: Callable[[Provider], Result]) -> Result:
    """Ask a provider something, outside any transaction, and note whether it answered. Raises what the provider does.

    A refusal is an answer: the rail lives.
    """
    found = queries.account(account_id)
    provider = queries.provider(found)
    failures = found.failures_count
    db.session.rollback()  # no read transaction is held open while we wait for somebody else's machine
    try:
        result = act(provider)
    except ProviderDown as error:
        log.warning("rail down", extra={"account": account_id, "error": error.why[:60]})
        _failed(account_id, error.why)
        raise
    except ProviderRefused:
        _answered(account_id, failures)
        raise
    _answered(account_id, failures)
    return result


def _answered(account_id: int, failures: int) -> None:
    """Nothing is written while all goes well: the row would be one that every payment waits for."""
    if not failures:
        return
    with transaction():
        db.session.execute(
            update(RailAccount)
            .where(RailAccount.id == account_id)
            .values(failures_count=0, probe_due_at=None, answered_at=clock.now())
        )


def _failed(account_id: int, why: str) -> None:
    with transaction():
        found = db.session.get_one(RailAccount, account_id, with_for_update=True, populate_existing=True)
        found.failures_count += 1
        found.failed_at, found.failed_why = clock.now(), why[:60]
        found.probe_due_at = rules.next_probe(found.failures_count, clock.now())


def try_account(account_id: int) -> None:
    """Call a provider once, harmlessly, because a person wants to know, and note that it answered.

    Raises ProviderDown or ProviderRefused with what it said.
    """
    call(account_id, lambda provider: provider.probe())
    with transaction():
        db.session.get_one(RailAccount, account_id).answered_at = clock.now()


def probe_rails(rail: str | None = None) -> int:
    """Try every rail that failed and is due; how many live again. The worker's duty, and a command's."""
    due = select(RailAccount.id).where(
        RailAccount.secrets.is_not(None), RailAccount.failures_count > 0,
        or_(RailAccount.probe_due_at.is_(None), RailAccount.probe_due_at <= clock.now()),
    )  # fmt: skip
    if rail is not None:
        due = due.where(RailAccount.rail == rail)
    ids = list(db.session.execute(due).scalars())
    db.session.rollback()
    return sum(_probe(account_id) for account_id in ids)


def _probe(account_id: int) -> int:
    try:
        call(account_id, lambda provider: provider.probe())
    except ProviderDown:
        return 0
    except (
        ProviderRefused
    ) as error:  # it lives, but our keys do not fit: it is not offered until somebody looks
        _failed(account_id, f"refused {error.code}")
        return 0
    return 1
