"""Reads of weighing slips."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select

from cooperatives.models import Producer
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from households.models import Household, Person
from households.queries import head_names
from traceability.models import Batch, BatchInput, Crop, Slip, SlipVoid

PAGE_SIZE = 30


@dataclass(frozen=True)
class SlipLine:
    """A slip as a list shows it."""

    id: int
    number: str
    producer_name: str
    household_key: str
    village: str
    crop: str
    grade: str
    net_g: int
    used_g: int
    advance_vnd: int
    weighed_at: datetime
    weighed_on: date
    void: bool


@dataclass(frozen=True)
class SlipFilter:
    """What a list of slips is narrowed to; None and False mean no limit."""

    on: date | None = None
    producer_id: int | None = None
    crop_id: int | None = None
    unused: bool = False


@dataclass(frozen=True)
class SlipPage:
    """One page of slips, newest first, and what the whole selection weighs (void ones not counted)."""

    lines: list[SlipLine]
    total: int
    net_g: int
    page: int
    page_count: int


def slip_of(cooperative_id: int, slip_id: int) -> Slip:
    """A slip of this cooperative. Raises NotFound for another's as well."""
    return _found(
        db.session.execute(
            select(Slip).where(Slip.id == slip_id, Slip.cooperative_id == cooperative_id)
        ).scalar_one_or_none()
    )


def locked(slip_id: int) -> Slip:
    """A slip whose use nobody else changes until the transaction ends. Raises NotFound."""
    return _found(
        db.session.execute(select(Slip).where(Slip.id == slip_id).with_for_update()).scalar_one_or_none()
    )


def _found(slip: Slip | None) -> Slip:
    if slip is None:
        raise NotFound(N_("Không có phiếu cân này."), remedy=N_("Xem lại danh sách phiếu."))
    return slip


def void_of(slip_id: int) -> SlipVoid | None:
    """The void of a slip, None while it counts."""
    return db.session.execute(select(SlipVoid).where(SlipVoid.slip_id == slip_id)).scalar_one_or_none()


def used_g(slip_id: int) -> int:
    """Grams of a slip that went into batches, open or closed."""
    total = select(func.coalesce(func.sum(BatchInput.weight_g), 0)).where(BatchInput.slip_id == slip_id)
    return int(db.session.execute(total).scalar_one())


def batches_of(slip_id: int) -> Sequence[Row[tuple[int, str, int]]]:
    """The batches a slip went into: id, code, grams."""
    return db.session.execute(
        select(Batch.id, Batch.code, BatchInput.weight_g)
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .where(BatchInput.slip_id == slip_id)
        .order_by(Batch.id)
    ).all()


def crops() -> list[Crop]:
    """Every crop by name."""
    return list(db.session.execute(select(Crop).order_by(Crop.name_folded, Crop.id)).scalars())


_USED = (
    select(func.coalesce(func.sum(BatchInput.weight_g), 0)).where(BatchInput.slip_id == Slip.id)
    .correlate(Slip).scalar_subquery()
)  # fmt: skip


def _narrowed(cooperative_id: int, want: SlipFilter) -> list[object]:
    terms: list[object] = [Slip.cooperative_id == cooperative_id]
    if want.on is not None:
        terms.append(Slip.weighed_on == want.on)
    if want.producer_id is not None:
        terms.append(Slip.producer_id == want.producer_id)
    if want.crop_id is not None:
        terms.append(Slip.crop_id == want.crop_id)
    if want.unused:
        terms += [Slip.net_g > _USED, SlipVoid.id.is_(None)]
    return terms


def slip_page(cooperative_id: int, want: SlipFilter, page: int = 1) -> SlipPage:
    """A page of a cooperative's slips in two statements, whatever their number."""
    terms = _narrowed(cooperative_id, want)
    counted = func.coalesce(func.sum(Slip.net_g).filter(SlipVoid.id.is_(None)), 0)
    totals = db.session.execute(
        select(func.count(), counted)
        .select_from(Slip)
        .outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(*terms)  # type: ignore[arg-type]
    ).one()
    page_count = max(1, -(-totals[0] // PAGE_SIZE))
    page = min(max(1, page), page_count)
    lines = slip_lines(*terms, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return SlipPage(lines, totals[0], int(totals[1]), page, page_count)


def slip_lines(*terms: object, limit: int = 200, offset: int = 0) -> list[SlipLine]:
    """Slips that meet the terms, newest first, with the names a cooperative's staff may read."""
    rows = db.session.execute(
        select(Slip.id, Slip.number, Person.name, Producer.code, Household.key, Household.village,
               Crop.name.label("crop"), Slip.grade, Slip.net_g, _USED.label("used"), Slip.advance_vnd,
               Slip.weighed_at, Slip.weighed_on, Slip.household_id, SlipVoid.id.label("void_id"))
        .join(Producer, Producer.id == Slip.producer_id).join(Crop, Crop.id == Slip.crop_id)
        .outerjoin(Person, Person.id == Producer.person_id).outerjoin(Household, Household.id == Slip.household_id)
        .outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(*terms).order_by(Slip.weighed_at.desc(), Slip.id.desc()).limit(limit).offset(offset)  # type: ignore[arg-type]
    ).all()  # fmt: skip
    heads = heads_of_whole_homes(rows)
    return [
        SlipLine(row.id, row.number, row.name or heads.get(row.household_id) or row.code, row.key or "",
                 row.village or "", row.crop, row.grade, row.net_g, int(row.used), row.advance_vnd, row.weighed_at,
                 row.weighed_on, row.void_id is not None)
        for row in rows
    ]  # fmt: skip


def heads_of_whole_homes(rows: Sequence[Row[Any]]) -> dict[int, str]:
    """The head's name for the rows of a household that supplies as a whole; asks only where there is one.

    rows: with `name` of the person or None, and `household_id` of the slip's day.
    """
    nameless = {row.household_id for row in rows if row.name is None and row.household_id is not None}
    return head_names(nameless, clock.today()) if nameless else {}


def slips_by_id(slip_ids: Iterable[int]) -> list[SlipLine]:
    """The slips of these ids, newest first."""
    wanted = list(slip_ids)
    return slip_lines(Slip.id.in_(wanted), limit=max(1, len(wanted)))


def slip_line(cooperative_id: int, slip_id: int) -> SlipLine:
    """One slip as a list shows it. Raises NotFound."""
    found = slip_lines(Slip.id == slip_id, Slip.cooperative_id == cooperative_id, limit=1)
    if not found:
        raise NotFound(N_("Không có phiếu cân này."), remedy=N_("Xem lại danh sách phiếu."))
    return found[0]


def free_slips(cooperative_id: int) -> list[SlipLine]:
    """Slips with grams left for a batch, oldest first: what was harvested first is used first."""
    return list(reversed(slip_lines(*_narrowed(cooperative_id, SlipFilter(unused=True)))))
