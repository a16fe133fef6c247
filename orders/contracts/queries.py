"""What an order's contract says, in both languages, from what was stored when it was placed."""

from flask import current_app
from flask_babel import force_locale

from core.format import instant, vnd, weight
from core.i18n import N_, _
from orders.contracts.parts import Part, filled
from orders.contracts.wordings import agreed
from orders.models import Order
from orders.public import OrderPage, order_page

TITLE = N_("Hợp đồng mua hàng %(code)s")
MADE = N_("Lập lúc %(when)s trên Chợ Phiên, khi người mua bấm đặt hàng.")


def _places(order: Order, page: OrderPage) -> dict[str, str]:
    return agreed(order.purchase.wording).limits | {
        "days_min": str(page.days_min), "days_max": str(page.days_max), "method": page.method_text,
        "complaints": f"{current_app.config['BASE_URL']}/complaints/new",
    }  # fmt: skip


def clauses(order: Order, page: OrderPage, language: str) -> list[tuple[str, str]]:
    """The clauses of the wording that the buyer agreed to, filled in."""
    found = agreed(order.purchase.wording).wording
    return filled(found.en if language == "en" else found.vi, _places(order, page))


def _part(order: Order) -> Part:
    """The contract in the language in force."""
    page = order_page(order)
    seller = "\n".join(filter(None, (
        page.seller_name, _("Số đăng ký %(number)s", number=page.seller_registration), page.seller_address,
        page.seller_phone_text,
    )))  # fmt: skip
    buyer = "\n".join((page.buyer_name, page.buyer_phone, page.address))
    lines = tuple(
        (
            f"{one.quantity} × {one.name}, {one.label} ({vnd(one.unit_price_vnd)})"
            + (f". {one.weighing.terms}" if one.weighing else ""),
            vnd(one.total_vnd),
        )
        for one in page.lines
    )
    sums: tuple[tuple[str, str], ...] = (
        (_("Đưa hàng (%(weight)s)", weight=weight(page.weight_g)), vnd(page.shipping_vnd)),
        (_("Tất cả, đã gồm thuế"), vnd(page.total_vnd)),
    )
    if page.discount_vnd:
        sums = ((_("Giảm giá"), vnd(-page.discount_vnd)), *sums)
    if page.subsidy_vnd:
        sums = ((_("%(payer)s trả", payer=page.payer), vnd(-page.subsidy_vnd)), *sums)
    note = _("Dữ liệu minh hoạ: hợp đồng này không có giá trị.") if current_app.config["DEMO"] else ""
    return Part(
        _(TITLE, code=page.code), _(MADE, when=instant(page.placed_at)),
        ((_("Người bán"), seller), (_("Người mua"), buyer)), _("Hàng"), lines, sums, _places(order, page), note,
    )  # fmt: skip


def pdf(order: Order) -> bytes:
    """The contract as a file, in both languages."""
    from orders.contracts.drawing import (
        draw,  # brings 30 MB of PDF machinery, for the few who keep a contract
    )

    with force_locale("vi"):
        vi = _part(order)
    with force_locale("en"):
        en = _part(order)
    return draw(vi, en, agreed(order.purchase.wording).wording, order.code, order.placed_at)
