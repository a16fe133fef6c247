"""What a buyer takes along to pay: the code as a picture."""

from flask import Blueprint, make_response
from flask.typing import ResponseReturnValue

from accounts.access import visitor
from orders import queries as orders
from payments.providers.vietqr import png
from payments.queries import no_such, pay_view

bp = Blueprint("transfers", __name__)


@bp.get("/orders/<token>/vietqr.png")
@visitor
def picture(token: str) -> ResponseReturnValue:
    """The code of what is still missing, named by the order's code; nothing when nothing is to be transferred."""
    order = orders.order_by_token(token)
    view = pay_view(order.id)
    if not view.payload:
        raise no_such()
    response = make_response(png(view.payload))
    response.mimetype = "image/png"
    response.headers["Content-Disposition"] = f'attachment; filename="VietQR-{order.code}.png"'
    response.headers["Cache-Control"] = "no-store"  # the sum changes when a part has come
    response.headers["X-Robots-Tag"] = "noindex"
    return response
