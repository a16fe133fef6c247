"""The family's page of its kilos."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from accounts.access import actor, signed_in
from cooperatives import queries as cooperatives
from revenue.disputes.queries import home_of, no_dispute
from revenue.mirror.queries import mirror_of

bp = Blueprint("mirror", __name__)


@bp.get("/me/statement/<int:producer_id>/kilos")
@signed_in
def kilos(producer_id: int) -> ResponseReturnValue:
    """Where one's kilos went, lot by lot. Somebody else's is answered like none."""
    if producer_id not in {one.id for one in cooperatives.producers_of_user(actor().user_id or 0)}:
        raise no_dispute()
    who, coop, phone = home_of(producer_id)
    seen = mirror_of(producer_id, request.args.get("page", 1, type=int))
    return render_template("revenue/mirror/kilos.html", seen=seen, who=who, coop=coop, phone=phone)
