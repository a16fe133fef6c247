"""Who may open a household's pages: its own people; consents of others are not found."""

from sqlalchemy import select

from core.db import db
from households.models import Consent
from tests.routes.row import SIGNED_IN, Row


def _foreign_consent(world: object) -> dict[str, int]:
    """Any consent; nobody of the matrix lives in its household. A number that does not exist serves as well."""
    return {"consent_id": db.session.execute(select(Consent.id).limit(1)).scalar() or 999_999}


ROWS = [
    Row("households.mine", SIGNED_IN),
    Row(
        "households.create", SIGNED_IN, methods=("GET", "POST"), page=False
    ),  # sends on those who have a household
    Row("households.add_person", SIGNED_IN, methods=("GET", "POST"), page=False),
    Row(
        "households.withdraw",
        SIGNED_IN,
        own=_foreign_consent,
        foreign=_foreign_consent,
        methods=("POST",),
        page=False,
    ),
]
