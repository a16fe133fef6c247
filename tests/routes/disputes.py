"""Who may read and answer what a family asks about its statement."""

import secrets
from typing import Any

from accounts.rules import Actor, Role
from cooperatives.queries import producers_of_user
from core.db import db, transaction
from households.operations import PersonFacts, add_person
from revenue.disputes.models import Dispute
from revenue.disputes.operations import Asked, open_dispute
from revenue.disputes.rules import About
from tests.routes.row import SIGNED_IN, Row

STAFF = frozenset({Role.MANAGER, Role.TREASURER})
BOTH = ("GET", "POST")


def a_dispute(producer_id: int, user_id: int) -> dict[str, int]:
    """A dispute of a producer, opened now by somebody of her household if there is none."""
    found = db.session.query(Dispute).filter_by(producer_id=producer_id).first()
    if found is None:
        asked = Asked(About.SUM, None, "Cân 42 ki-lô-gam, sao ghi 40?")
        with transaction():
            found = open_dispute(Actor(user_id, Role.PRODUCER), producer_id, secrets.token_hex(8), asked)
    return {"dispute_id": found.id}


def _mine(w: Any) -> dict[str, int]:
    return a_dispute(w.mine.id, w.users[Role.PRODUCER])


def _other(w: Any) -> dict[str, int]:
    """A dispute with the other cooperative."""
    from accounts.rules import SYSTEM
    from tests.factories.accounts import create_user

    found = db.session.query(Dispute).filter_by(producer_id=w.other_producer.id).first()
    if found is not None:
        return {"dispute_id": found.id}
    user_id = create_user("Bàn Thị Một").id
    from cooperatives.operations import add_producer
    from cooperatives.rules import StandingKind

    with transaction():
        member = add_person(SYSTEM, w.household.id, PersonFacts("Bàn Thị Một", user_id=user_id))
        made = add_producer(
            SYSTEM, StandingKind.MEMBER, cooperative_id=w.other_coop.id, person_id=member.id
        ).id
    assert made in {one.id for one in producers_of_user(user_id)}
    return a_dispute(made, user_id)


ROWS = [
    Row("disputes.new", SIGNED_IN, own=lambda w: {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: {"producer_id": w.producer.id}, methods=BOTH),
    Row("disputes.mine", SIGNED_IN, own=_mine, page=False, foreign=_other, methods=BOTH),
    Row("disputes.index", STAFF),
    Row("disputes.one", STAFF, own=_mine, foreign=_other, methods=BOTH),
]  # fmt: skip
