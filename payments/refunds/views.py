"""The slip of a refund, for the cooperative's money staff alone."""

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from core import files
from payments.queries import no_such
from payments.refunds.queries import refund_for

bp = Blueprint("refunds", __name__)


@bp.get("/manage/refunds/<int:refund_id>/proof")
@roles(Role.MANAGER, Role.TREASURER)
def proof(refund_id: int) -> ResponseReturnValue:
    """The picture that was kept of the bank's slip."""
    found = refund_for(refund_id, actor().organisation_id)
    if found.proof is None:
        raise no_such()
    response = send_file(BytesIO(files.read(found.proof)), mimetype="image/webp", max_age=0)
    response.headers["Cache-Control"] = "no-store"
    return response
