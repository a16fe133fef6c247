"""Live sales for tests."""

from channels.live import operations, taking
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from core.db import db, transaction
from tests.factories.cooperatives import manager_of

TEXT = "Hoa Hồng: m1 x2\nLan Anh: 1 m1 0987654321 số 5 ngõ 2, phường Cầu Giấy, Hà Nội\nTú: m1 còn không shop"


def create_sale(coop, packs=(), text="", *, me=None) -> LiveSale:
    """An open sale with packs under M1, M2 … and comments taken."""
    me = me or manager_of(coop)
    with transaction():
        sale = operations.open_sale(me, coop.id, f"live-{coop.id:08}", "Tối thứ bảy")
        for number, pack in enumerate(packs, 1):
            operations.put_good(me, sale, pack.id, f"M{number}")
        if text:
            taking.take(me, sale, text)
    return sale


def first(sale_id, model):
    """The first row of a sale's goods, buyers, comments; of lines the first of its first buyer."""
    rows = db.session.query(model)
    if model is LiveLine:
        return (
            rows.join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
            .filter_by(live_sale_id=sale_id)
            .first()
        )
    return rows.filter_by(live_sale_id=sale_id).order_by(model.id).first()


__all__ = ["TEXT", "LiveBuyer", "LiveComment", "LiveGood", "LiveLine", "create_sale", "first"]
