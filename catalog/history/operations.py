"""Writing down a change, in the transaction that makes it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from accounts.rules import Actor, Role
from catalog.helping import queries as helping
from catalog.history.models import ProductChange
from catalog.history.rules import Deed, Value, difference
from catalog.models import Product
from core import clock
from core.db import db

_undoing: ContextVar[list[int] | None] = ContextVar("undoing", default=None)


@contextmanager
def undoing(change_id: int) -> Iterator[None]:
    """The first change noted inside undoes this one, and says so."""
    before = _undoing.set([change_id])
    try:
        yield
    finally:
        _undoing.reset(before)


def note(
    actor: Actor, product: Product, deed: Deed, before: Mapping[str, Any], after: Mapping[str, Any],
    pack_id: int | None = None, photo_id: int | None = None,
) -> None:  # fmt: skip
    """Write down what changed of a product; nothing where nothing did. What a helper changed waits for the owner."""
    was, becomes = difference(before, after)
    if not was and deed not in (Deed.CREATED, Deed.PHOTO_ADDED):
        return
    owner = None
    if actor.role is Role.DIGITAL_TEAM:
        owner = helping.owner_for(actor, product.cooperative_id)
        product.helper_user_id = actor.user_id
    pending = _undoing.get()
    db.session.add(
        ProductChange(
            product_id=product.id, pack_id=pack_id, photo_id=photo_id, deed=deed,
            before=as_json(was), after=as_json(becomes), at=clock.now(), by_user_id=actor.user_id, owner_user_id=owner,
            undoes_id=pending.pop() if pending else None,
        )
    )  # fmt: skip
    db.session.flush()


def as_json(fields: Mapping[str, Value]) -> str:
    """Changed fields as they are kept."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)
