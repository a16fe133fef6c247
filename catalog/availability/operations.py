"""How many pieces of a pack can be sold, as `traceability` tells, and of a gift box: as often as its parts allow.

The number is written once, when the transaction that moved a part is about to commit, boxes by ascending id: after
every lock on stock. Written at each movement, two orders that share a box's parts would wait for each other.
"""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Select,
    Table,
    and_,
    bindparam,
    case,
    event,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from catalog.bundles.models import BundlePart
from catalog.models import Pack, Product
from catalog.rules import State
from catalog.search.operations import STOCK, follow_stock
from core import clock
from core.db import db, run
from core.pages import touch

_PACK = Pack.__table__
assert isinstance(_PACK, Table)
_LOCK = select(_PACK.c.id).where(_PACK.c.id == bindparam("box")).with_for_update(key_share=True)
_SET = update(_PACK).where(_PACK.c.id == bindparam("box"))
_PIECES = select(_PACK.c.product_id, _PACK.c.available, _PACK.c.available_until).where(
    _PACK.c.id == bindparam("pack")
)
_SET_PIECES = update(_PACK).where(_PACK.c.id == bindparam("pack"), ~_PACK.c.bundle).values(
    {name: bindparam(name) for name in ("available", "available_until", "promised", "promised_on")}
    | {"stocked": or_(_PACK.c.stocked, bindparam("any", type_=Boolean))}
)  # fmt: skip


@cache
def _boxes() -> tuple[Select[Any], Select[Any]]:
    """The boxes, with their products, that hold parameter `pack` or are it; and those that hold packs of `product`."""
    part, box = BundlePart.__table__, _PACK
    wanted = (
        select(part.c.bundle_pack_id, box.c.product_id)
        .join(box, box.c.id == part.c.bundle_pack_id)
        .distinct()
    )
    pack: Any = bindparam("pack")
    inside = select(_PACK.c.id).where(_PACK.c.product_id == bindparam("product")).correlate(None)
    return (
        wanted.where(or_(part.c.pack_id == pack, part.c.bundle_pack_id == pack)),
        wanted.where(or_(part.c.pack_id.in_(inside), part.c.bundle_pack_id.in_(inside))),
    )


@cache
def _made_of() -> Select[Any]:
    """How many of parameter `box` can be sold on parameter `day`, until when that holds, how many of goods that are
    made already, and by when the others are."""
    part, pack, product = BundlePart.__table__, _PACK.alias(), Product.__table__
    day: Any = bindparam("day")
    sold = and_(
        pack.c.active,
        product.c.state == State.PUBLISHED,
        or_(pack.c.available_until.is_(None), pack.c.available_until >= day),
    )
    pieces, promised = case((sold, pack.c.available), else_=0), case((sold, pack.c.promised), else_=0)
    return (
        select(func.coalesce(func.min(pieces // part.c.quantity), literal(0)), func.min(pack.c.available_until),
               func.coalesce(func.min((pieces - promised) // part.c.quantity), literal(0)),
               func.max(pack.c.promised_on))
        .select_from(part).join(pack, pack.c.id == part.c.pack_id).join(product, product.c.id == pack.c.product_id)
        .where(part.c.bundle_pack_id == bindparam("box"))
    )  # fmt: skip


def set_available(
    pack_id: int, available: int, until: date | None, *, promised: int = 0, promised_on: date | None = None
) -> None:
    """Told by `traceability`: how many pieces can be sold, and the last day on which that holds. Pieces are not
    content: the product's version stays. promised: of these, pieces not made yet, all sent by `promised_on`."""
    told = {
        "available": available,
        "available_until": until,
        "promised": promised,
        "promised_on": promised_on,
    }
    touch(*_pages_of(pack_id, available > 0, until))
    run(_SET_PIECES, told | {"pack": pack_id, "any": available > 0})
    if loaded := db.session.identity_map.get(identity_key(Pack, pack_id)):
        db.session.expire(loaded, [*told, "stocked"])
    follow_stock(pack_id)
    follow(pack_id)


def _pages_of(pack_id: int, any_left: bool, until: date | None) -> tuple[str, ...]:
    """How many are left is on the product's own page; on lists it is there or sold out."""
    before = run(_PIECES, {"pack": pack_id}).one()
    same = (before.available > 0, before.available_until) == (any_left, until)
    return (f"product:{before.product_id}",) if same else (f"product:{before.product_id}", "goods")


def follow(pack_id: int) -> None:
    """The pieces of a pack have changed: the boxes that hold it are counted again when this transaction commits."""
    _remember(run(_boxes()[0], {"pack": pack_id}).tuples().all())


def follow_product(product_id: int) -> None:
    """A product went on sale, or off: the boxes that hold a pack of it are counted again."""
    _remember(run(_boxes()[1], {"product": product_id}).tuples().all())


def _remember(found: Any) -> None:
    if found:
        touch("goods", *(f"product:{product_id}" for _box, product_id in found))
        db.session().info.setdefault("boxes", set()).update(box for box, _product in found)


@event.listens_for(db.session, "before_commit")
def _count_again(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get("boxes"):
        return
    session.flush()
    connection, day = session.connection(), clock.today()
    for box in sorted(session.info.pop("boxes")):
        connection.execute(_LOCK, {"box": box})  # then read: what others did to the parts has been committed
        number, until, made, promised_on = connection.execute(_made_of(), {"box": box, "day": day}).one()
        told = {
            "available": number,
            "available_until": until,
            "promised": number - made,
            "promised_on": promised_on,
        }
        connection.execute(_SET.values(told), {"box": box})
        connection.execute(STOCK, {"pack": box})


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("boxes", None)
