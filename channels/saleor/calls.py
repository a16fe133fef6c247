"""Calling a shop, and noting whether it answered: a shop that is down is left alone for a while, and harms no other."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import update

from channels.saleor import queries, rules
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.models import SaleorInstance
from core import clock
from core.db import db, transaction

log = logging.getLogger(__name__)
Result = TypeVar("Result")
NOTED_EVERY = timedelta(seconds=20)  # how exact "answered last" is: no write for each call


def may_call(found: SaleorInstance) -> bool:
    """Whether a shop is not to be left alone now."""
    return found.pause_until is None or found.pause_until <= clock.now()


def call(instance_id: int, act: Callable[[Client], Result], *, anyway: bool = False) -> Result:
    """Let `act` speak to a shop, outside any transaction. anyway: also while it is left alone (a person wants to know).

    Raises ShopDown, at once where it is left alone, and ShopRefused. A refusal is an answer: the shop lives.
    """
    found = queries.instance(instance_id)
    if not anyway and not may_call(found):
        raise ShopDown("left alone")
    shop, failures, answered = queries.client(found), found.failures_count, found.answered_at
    db.session.rollback()  # no read transaction is held open while we wait for somebody else's machine
    try:
        with shop:
            result = act(shop)
    except ShopDown as error:
        failed(instance_id, error)
        raise
    except ShopRefused as error:
        log.warning("shop refused", extra={"instance": instance_id, "error": error.code})
        _answered(instance_id, 1, None)
        raise
    _answered(instance_id, failures, answered)
    return result


def failed(instance_id: int, error: ShopDown) -> None:
    """Note that a shop gave no answer, and leave it alone for a while: longer each time."""
    log.warning("shop down", extra={"instance": instance_id, "error": error.why})
    with transaction():
        found = queries.instance(instance_id, lock=True)
        found.failures_count += 1
        found.failed_at, found.failed_why = clock.now(), error.why
        found.pause_until = rules.next_try(found.failures_count, clock.now(), error.after_s)


def _answered(instance_id: int, failures: int, answered: object) -> None:
    """Nothing is written while all goes well and was noted a moment ago."""
    fresh = answered is not None and answered > clock.now() - NOTED_EVERY  # type: ignore[operator]
    if fresh and not failures:
        return
    with transaction():
        db.session.execute(
            update(SaleorInstance)
            .where(SaleorInstance.id == instance_id)
            .values(answered_at=clock.now(), failures_count=0, pause_until=None)
        )
