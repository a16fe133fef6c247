"""The door at which providers tell of payments."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from accounts.access import public
from core import clock
from payments.attempts.news import hear
from payments.providers.protocol import Notice

bp = Blueprint("rails", __name__)
BODY_MOST = 256 * 1024


@bp.route("/webhooks/<any(stripe, momo, vnpay, zalopay):rail>/<int:account_id>", methods=["GET", "POST"])
@public
def notify(rail: str, account_id: int) -> ResponseReturnValue:
    """News of a payment. The secret is chosen by the account in the address, before the body is trusted.

    GET as well: VNPay tells by an address with a signed query.
    """
    notice = Notice(
        request.method, request.args.to_dict(), {name.lower(): value for name, value in request.headers.items()},
        request.get_data()[:BODY_MOST], clock.now(),
    )  # fmt: skip
    answer = hear(rail, account_id, notice)
    return Response(answer.body, answer.status, content_type=answer.content_type)


CSRF_EXEMPT = [notify]
