"""How a batch's slips were taken: bought outright, or sold for their makers. One harvest has one way everywhere."""

from collections.abc import Iterable

from sqlalchemy import func, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from core.db import db
from core.errors import Conflict, NotFound
from core.i18n import N_
from traceability.batches import queries
from traceability.models import Batch, BatchInput, Lot
from traceability.rules import BatchState, Buying, Purchase
from traceability.slips.operations import serve


def said_of(slip_id: int, but_batch_id: int | None = None) -> str:
    """What was said of a slip in the batches it is in already; "" where it is in none."""
    asked = select(func.count(BatchInput.id), func.max(BatchInput.buying)).where(
        BatchInput.slip_id == slip_id
    )
    if but_batch_id is not None:
        asked = asked.where(BatchInput.batch_id != but_batch_id)
    count, said = db.session.execute(asked).one()
    return str(said or Buying.CONSIGNED) if count else ""


def set_buying(actor: Actor, batch_id: int, buying: str, input_ids: Iterable[int] = ()) -> None:
    """Say of an open batch, or of single inputs, whether the harvest was bought outright or is sold for its maker.

    Raises Conflict once the batch is closed, or for a slip of which a batch before said otherwise; NotFound.
    """
    actor.must_be(Role.MANAGER)
    batch = queries.locked(batch_id)
    serve(actor, batch.cooperative_id)
    if batch.state != BatchState.OPEN:
        raise Conflict(N_("Mẻ %(code)s đã đóng."), remedy=N_("Mở mẻ mới."), code=batch.code)
    way, chosen = Buying(buying), set(input_ids)
    mine = select(BatchInput).where(BatchInput.batch_id == batch.id, BatchInput.slip_id.is_not(None))
    rows = list(db.session.execute(mine).scalars())
    if chosen - {row.id for row in rows}:
        raise NotFound(N_("Không có phiếu cân này."), remedy=N_("Xem lại danh sách phiếu."))
    if not chosen:
        batch.buying = way
    for row in rows:
        if chosen and row.id not in chosen:
            continue
        if said_of(row.slip_id or 0, batch.id) not in ("", way):
            raise Conflict(
                N_("Phiếu này mẻ trước đã ghi cách mua khác."),
                remedy=N_("Một lần giao chỉ có một cách: mua đứt, hoặc bán hộ."),
            )
        row.buying = way
    db.session.flush()
    audit(actor, "set_buying", f"batch:{batch.id}", fields=("buying",))


def to_follow(batch_id: int) -> Purchase:
    """Whether the book must follow a batch that closes now. POSTED: bought goods are in it, through a lot of before."""
    mine = select(BatchInput.id).where(BatchInput.batch_id == batch_id)
    bought = mine.where(BatchInput.buying == Buying.OUTRIGHT)
    if db.session.execute(bought.limit(1)).first():
        return Purchase.TO_POST
    through = mine.join(Lot, Lot.id == BatchInput.lot_id).join(Batch, Batch.id == Lot.batch_id)
    through = through.where(Batch.purchase != Purchase.NOTHING)
    return Purchase.POSTED if db.session.execute(through.limit(1)).first() else Purchase.NOTHING


def mark_purchased(batch_id: int) -> None:
    """The book holds what a batch bought outright."""
    db.session.execute(update(Batch).where(Batch.id == batch_id).values(purchase=Purchase.POSTED))
