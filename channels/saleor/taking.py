"""A shop's order becomes ours, by the one door that every order comes through: goods reserved, money owed, codes given.

What cannot be taken as it stands is held for a person, with the reason: nothing is guessed, and nothing is sold for
another price than the buyer saw.
"""

from accounts.rules import normalise_phone
from channels.saleor.models import SaleorOrder
from channels.saleor.remote import RemoteOrder
from channels.saleor.rules import OrderState, Problem
from channels.saleor.whereto import commune_of
from core.db import db
from core.errors import DomainError, Invalid
from orders.rules import Door, Method
from payments.operations import Buyer, Wanted, check_out


class Held(Exception):
    """Why a person must look. text: what was refused, in Vietnamese."""

    def __init__(self, problem: Problem, text: str = "") -> None:
        super().__init__(problem)
        self.problem, self.text = problem, text


def take(row: SaleorOrder, remote: RemoteOrder, channel_slug: str) -> None:
    """Make a shop's order ours, inside the caller's transaction; twice is harmless.

    An order without goods of ours, or one that was cancelled before, ends here. The row says what came of it.
    """
    row.number = remote.number[:40]
    ours = [one for one in remote.lines if one.pack_id is not None]
    if remote.cancelled or not ours or remote.channel != channel_slug:
        row.state, row.problem, row.problem_text = OrderState.ENDED, "", ""
        return
    if remote.status == "DRAFT":
        return
    try:
        if len(ours) != len(remote.lines):
            raise Held(Problem.FOREIGN)
        buyer = _buyer(row, remote)
        lines = [Wanted(one.pack_id or 0, one.quantity, one.unit_vnd) for one in ours]
        try:
            with db.session.begin_nested():
                made = check_out(
                    f"saleor:{row.instance_id}:{row.remote_id}", buyer, lines, Method.VIETQR,
                    agreed_total_vnd=remote.total_vnd, quiet=True,
                )  # fmt: skip
        except DomainError as error:
            raise Held(Problem.REFUSED, str(error)[:300]) from error
    except Held as held:
        row.state, row.problem, row.problem_text = OrderState.HELD, held.problem, held.text
        return
    row.purchase_id, row.state, row.problem, row.problem_text = made.id, OrderState.TAKEN, "", ""


def _buyer(row: SaleorOrder, remote: RemoteOrder) -> Buyer:
    phone = row.phone
    if not phone:
        try:
            phone = normalise_phone(remote.phone)
        except Invalid as error:
            raise Held(Problem.PHONE) from error
    commune_id = row.commune_id
    if commune_id is None:
        found = commune_of(remote.places)
        if found is None:
            raise Held(Problem.ADDRESS, ", ".join(remote.places)[:200])
        commune_id = found.id
    return Buyer(
        remote.name,
        phone,
        commune_id,
        remote.street or ", ".join(remote.places[:1]),
        note=remote.note,
        language=remote.language,
        door=Door.SALEOR,
    )
