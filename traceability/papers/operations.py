"""Verbs: which lots or plots a paper speaks of."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select

from accounts.rules import Actor
from catalog.certificates.operations import own_certificate, set_scope
from catalog.certificates.rules import Scope
from catalog.models import Certificate
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.pages import touch
from traceability.balance.models import Plot
from traceability.models import Lot
from traceability.papers.models import CertificateLot, CertificatePlot


def name_scope(
    actor: Actor, certificate_id: int, scope: Scope, *, product_ids: Iterable[int] = (),
    lot_ids: Iterable[int] = (), plot_ids: Iterable[int] = (), covers: str = "",
) -> Certificate:  # fmt: skip
    """Say what a paper speaks of: goods (none named: all), or at least one lot, or at least one plot.

    covers: fields or packing house in the paper's own words. Raises Invalid where lots or plots are missing, NotFound
    for another cooperative's.
    """
    paper = own_certificate(actor, certificate_id)
    lots = _own(Lot, set(lot_ids), paper) if scope is Scope.LOTS else []
    plots = _own(Plot, set(plot_ids), paper) if scope is Scope.PLOTS else []
    if scope is Scope.LOTS and not lots:
        raise Invalid(N_("Chọn ít nhất một lô."), field="lots")
    if scope is Scope.PLOTS and not plots:
        raise Invalid(N_("Chọn ít nhất một ruộng."), field="plots",
                      remedy=N_("Chưa có ruộng thì ghi ở trang Cân đối khối lượng."))  # fmt: skip
    before = db.session.execute(
        delete(CertificateLot).where(CertificateLot.certificate_id == paper.id).returning(CertificateLot.lot_id)
    ).scalars().all()  # fmt: skip
    db.session.execute(delete(CertificatePlot).where(CertificatePlot.certificate_id == paper.id))
    if lots:
        db.session.execute(
            insert(CertificateLot), [{"certificate_id": paper.id, "lot_id": one} for one in lots]
        )
    if plots:
        db.session.execute(
            insert(CertificatePlot), [{"certificate_id": paper.id, "plot_id": one} for one in plots]
        )
    touch(*(f"lot:{one}" for one in {*before, *lots}))
    return set_scope(actor, certificate_id, scope, product_ids, covers, named=lots or plots)


def _own(model: Any, ids: set[int], paper: Certificate) -> list[int]:
    found = db.session.execute(
        select(model.id).where(model.id.in_(sorted(ids)), model.cooperative_id == paper.cooperative_id)
    ).scalars().all()  # fmt: skip
    if set(found) != ids:
        raise NotFound(N_("Không có lô hoặc ruộng này."))
    return sorted(found)
