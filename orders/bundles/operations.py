"""A gift box becomes its parts when it is ordered."""

from collections.abc import Sequence

from catalog.bundles.queries import Content
from catalog.bundles.rules import divide
from catalog.queries import PackFact
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from orders.bundles.models import OrderBundle
from orders.models import OrderLine
from orders.rules import QUANTITY_MAX


def put_box(order_id: int, box: PackFact, quantity: int, contents: Sequence[Content]) -> None:
    """Write a box and the lines it explodes into; the lines' totals are the box's price to the đồng.

    From here on stock, lots, packing, the split and refunds know only the lines. Raises NotFound when a part is no
    longer sold, Invalid when a line would hold more than 999 packs.
    """
    if any(not one.on_sale for one in contents):
        raise NotFound(
            N_("Một món trong %(name)s không còn bán."),
            remedy=N_("Mở giỏ để bỏ hộp đó ra."),
            name=box.product_name,
        )
    if max(one.quantity for one in contents) * quantity > QUANTITY_MAX:
        raise Invalid(
            N_("%(name)s: nhiều nhất %(most)s hộp một đơn."), remedy=N_("Cần nhiều hơn thì gọi hợp tác xã."),
            field="quantity", name=box.product_name, most=QUANTITY_MAX // max(one.quantity for one in contents),
        )  # fmt: skip
    agreed = OrderBundle(
        order_id=order_id, pack_id=box.pack_id, product_name=box.product_name, pack_label=box.label,
        unit_price_vnd=box.price_vnd, quantity=quantity,
    )  # fmt: skip
    db.session.add(agreed)
    db.session.flush()
    by_pack = {one.pack_id: one for one in contents}
    for share in divide(box.price_vnd, [one.part for one in contents]):
        one, count = by_pack[share.pack_id], share.quantity * quantity
        db.session.add(OrderLine(
            order_id=order_id, pack_id=share.pack_id, product_name=one.name, pack_label=one.label,
            unit_price_vnd=share.unit_price_vnd, quantity=count, total_vnd=share.unit_price_vnd * count,
            gross_weight_g=one.gross_weight_g, bundle_id=agreed.id, bundle_name=box.product_name,
        ))  # fmt: skip
