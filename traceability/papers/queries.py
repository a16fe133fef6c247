"""Which papers speak of a lot, and what a paper names."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Row, Select, bindparam, exists, or_, select

from catalog.certificates.queries import covers
from catalog.certificates.rules import Scope
from catalog.models import Certificate
from cooperatives.models import Producer
from core.db import db, padded, run
from core.errors import NotFound
from core.i18n import N_
from traceability.balance.models import Plot
from traceability.batches.queries import graph_behind
from traceability.models import Crop, Lot, Slip
from traceability.papers.models import CertificateLot, CertificatePlot
from traceability.rules import FEW_HOUSEHOLDS


@cache
def _of_lot() -> Select[Any]:
    lot, product = bindparam("lot", type_=BigInteger), bindparam("product", type_=BigInteger)
    named = exists().where(CertificateLot.certificate_id == Certificate.id, CertificateLot.lot_id == lot)
    return (
        select(Certificate)
        .where(Certificate.cooperative_id == bindparam("cooperative", type_=BigInteger),
               or_(covers(product), named, Certificate.scope == Scope.PLOTS))
        .order_by(Certificate.valid_to.desc().nulls_first(), Certificate.id)
    )  # fmt: skip


def papers_of_lot(lot_id: int, product_id: int, cooperative_id: int) -> list[Row[Any]]:
    """The papers that may be shown with a lot, the longest holding first: columns of certificates.

    A paper of plots speaks of a lot only where every kilo weighed into it came from producers with such a plot of that
    crop on that day, and of five households or more: with fewer, a code of fields would point at a family.
    """
    asked = {"lot": lot_id, "product": product_id, "cooperative": cooperative_id}
    found = list(run(_of_lot(), asked))
    of_plots = [one.id for one in found if one.scope == Scope.PLOTS]
    hidden = set(of_plots) - _wholly_grown_on(lot_id, of_plots) if of_plots else set()
    return [one for one in found if one.id not in hidden]


def _wholly_grown_on(lot_id: int, certificate_ids: list[int]) -> set[int]:
    behind = {one.slip_id for made in graph_behind(lot_id).values() for one in made.inputs}
    if None in behind or not behind:
        return set()
    of_slips, of_papers = _grown_where()
    slips = run(of_slips, {"slips": padded(sorted(one for one in behind if one is not None))}).all()
    if len({one.household_id or f"producer:{one.producer_id}" for one in slips}) < FEW_HOUSEHOLDS:
        return set()
    fields = run(of_papers, {"papers": padded(certificate_ids)}).all()
    return {
        paper for paper in certificate_ids
        if all(any(_grew(field, slip) for field in fields if field.certificate_id == paper) for slip in slips)
    }  # fmt: skip


@cache
def _grown_where() -> tuple[Select[Any], Select[Any]]:
    """Who grew the harvest of `slips`, and the plots that `papers` name."""
    slips: BindParameter[int] = bindparam("slips", expanding=True)
    papers: BindParameter[int] = bindparam("papers", expanding=True)
    return (
        select(Slip.producer_id, Slip.crop_id, Slip.weighed_on, Slip.household_id).where(Slip.id.in_(slips)),
        select(CertificatePlot.certificate_id, Plot.producer_id, Plot.crop_id, Plot.from_on, Plot.to_on)
        .join(Plot, Plot.id == CertificatePlot.plot_id).where(CertificatePlot.certificate_id.in_(papers)),
    )  # fmt: skip


def _grew(field: Row[Any], slip: Row[Any]) -> bool:
    same = (field.producer_id, field.crop_id) == (slip.producer_id, slip.crop_id)
    return (
        same and field.from_on <= slip.weighed_on and (field.to_on is None or slip.weighed_on < field.to_on)
    )


def paper_of(cooperative_id: int, certificate_id: int) -> Certificate:
    """A cooperative's own paper. Raises NotFound."""
    found = db.session.get(Certificate, certificate_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không tìm thấy giấy tờ này."))
    return found


def lots_named(certificate_id: int) -> Sequence[Row[Any]]:
    """The lots that a paper names: id, code."""
    named = select(Lot.id, Lot.code).join(CertificateLot, CertificateLot.lot_id == Lot.id)
    return db.session.execute(
        named.where(CertificateLot.certificate_id == certificate_id).order_by(Lot.code)
    ).all()


def plots_named(certificate_id: int) -> Sequence[Row[Any]]:
    """The plots that a paper names: id, name, crop, area_m2, producer_id. For the cooperative alone."""
    return db.session.execute(
        select(Plot.id, Plot.name, Crop.name.label("crop"), Plot.area_m2, Producer.id.label("producer_id"))
        .join(CertificatePlot, CertificatePlot.plot_id == Plot.id).join(Crop, Crop.id == Plot.crop_id)
        .join(Producer, Producer.id == Plot.producer_id)
        .where(CertificatePlot.certificate_id == certificate_id).order_by(Plot.name)
    ).all()  # fmt: skip
