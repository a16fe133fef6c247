"""Reads of case labels, and what one of them says."""

from flask import current_app
from sqlalchemy import select

from catalog.rules import is_restricted
from cooperatives.models import Cooperative
from core.clock import day_of
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from places.queries import place_name
from traceability.labels.cases.models import CaseLabel
from traceability.labels.cases.rules import Case, Packed
from traceability.numbers.models import LogisticUnit
from traceability.numbers.queries import unit_at

LABELS_SHOWN = 10


def case_of(unit: LogisticUnit) -> Case:
    """What the label of a unit says."""
    found = unit_at(unit.number)
    if found is None:
        raise NotFound(N_("Không có kiện này."))
    seller = db.session.get_one(Cooperative, unit.cooperative_id)
    place, config = place_name(seller.commune_id).full, current_app.config
    return Case(
        number=unit.number, base_url=config["BASE_URL"], seller=seller.name,
        address=", ".join(part for part in (seller.address_line, place) if part),
        packed=tuple(
            Packed(f"{one.product_name}, {one.pack_label.lower()}", one.gtin, is_restricted(one.gtin), one.lot_code,
                   one.pieces, one.expires_on)
            for one in found.inside
        ),
        made_on=day_of(unit.made_at), demo=bool(config["DEMO"]) or seller.is_demo,
    )  # fmt: skip


def labels_of(unit_id: int) -> list[CaseLabel]:
    """The newest labels of a unit."""
    rows = (
        select(CaseLabel)
        .where(CaseLabel.unit_id == unit_id)
        .order_by(CaseLabel.id.desc())
        .limit(LABELS_SHOWN)
    )
    return list(db.session.execute(rows).scalars())


def own_label(cooperative_id: int, label_id: int) -> CaseLabel:
    """A cooperative's own case label. Raises NotFound."""
    found = db.session.execute(
        select(CaseLabel).join(LogisticUnit, LogisticUnit.id == CaseLabel.unit_id)
        .where(CaseLabel.id == label_id, LogisticUnit.cooperative_id == cooperative_id)
    ).scalar_one_or_none()  # fmt: skip
    if found is None:
        raise NotFound(N_("Không có nhãn kiện này."), remedy=N_("Mở lại trang của kiện."))
    return found
