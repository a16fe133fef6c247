"""Reads of form C: its officer's own page, and counting. Never shown by name anywhere else."""

from sqlalchemy import select

from core.crypto import decrypt
from core.db import db
from registry.traits.models import CaseTraits
from registry.traits.rules import Traits

FIELD = "case_traits.said"


def traits_of_case(case_id: int) -> Traits | None:
    """What form C said of a case; None before."""
    said = db.session.execute(
        select(CaseTraits.said).where(CaseTraits.case_id == case_id)
    ).scalar_one_or_none()
    return Traits.read(decrypt(said, field=FIELD, owner=f"case:{case_id}")) if said is not None else None
