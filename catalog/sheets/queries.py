"""Reads of imports and of the goods that a table is compared with."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from accounts.rules import Actor
from catalog.models import Category, Pack, Photo, Product
from catalog.queries import facts_from
from catalog.rules import Facts, State
from catalog.sheets.lines import Lookups, category_words
from catalog.sheets.models import SheetCode, SheetHeading, SheetImport, SheetRow
from catalog.sheets.plans import PRODUCT_FIELDS, Goods, PackThere, ProductThere
from catalog.sheets.rules import Outcome
from cooperatives.models import Cooperative
from cooperatives.queries import of_organisation
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from core.text import fold
from places.models import Unit
from places.queries import province_of, valid_on
from places.rules import Level

PAGE = 50
CHUNK = 500  # parameters of one IN, far below SQLite's limit


def own_import(actor: Actor, key: str) -> SheetImport:
    """An import of the actor's cooperative by its key. Raises NotFound for everybody else's."""
    found = db.session.execute(select(SheetImport).where(SheetImport.key == key)).scalar_one_or_none()
    if found is None or found.cooperative_id != of_organisation(actor.organisation_id).id:
        raise NotFound(N_("Không có bảng này."), remedy=N_("Về trang Nhập hàng từ bảng."))
    return found


def imports_of(cooperative_id: int, most: int = 10) -> Sequence[SheetImport]:
    """The newest imports of a cooperative."""
    wanted = select(SheetImport).where(SheetImport.cooperative_id == cooperative_id)
    return db.session.execute(wanted.order_by(SheetImport.id.desc()).limit(most)).scalars().all()


def counts(import_id: int) -> dict[str, int]:
    """How many rows there are of each outcome, every outcome named; and 'doubts': rows that want a second look."""
    rows = db.session.execute(
        select(SheetRow.outcome, func.count())
        .where(SheetRow.import_id == import_id)
        .group_by(SheetRow.outcome)
    )
    found = {str(outcome): 0 for outcome in Outcome} | dict(rows.tuples().all())
    return found | {"doubts": _count_doubts(import_id)}


def _has_doubts() -> sa.ColumnElement[bool]:
    return func.json_array_length(SheetRow.doubts) > 0


def _count_doubts(import_id: int) -> int:
    mine = (SheetRow.import_id == import_id, SheetRow.outcome != Outcome.FAULTY, _has_doubts())
    return int(db.session.execute(select(func.count()).where(*mine)).scalar_one())


def rows_page(import_id: int, shown: str, page: int) -> Sequence[SheetRow]:
    """A page of the rows of an outcome, or of those with doubts, in the table's order."""
    which = (
        (SheetRow.outcome != Outcome.FAULTY, _has_doubts())
        if shown == "doubts"
        else (SheetRow.outcome == shown,)
    )
    wanted = select(SheetRow).where(SheetRow.import_id == import_id, *which).order_by(SheetRow.row_no)
    return db.session.execute(wanted.limit(PAGE).offset((page - 1) * PAGE)).scalars().all()


def rows_with(import_id: int, outcomes: Iterable[str]) -> Sequence[Row[Any]]:
    """Number, cells and faults of rows with these outcomes, in the table's order."""
    wanted = select(SheetRow.row_no, SheetRow.cells, SheetRow.faults)
    mine = (SheetRow.import_id == import_id, SheetRow.outcome.in_(list(outcomes)))
    return db.session.execute(wanted.where(*mine).order_by(SheetRow.row_no)).all()


def cells_of(import_id: int) -> Sequence[Row[Any]]:
    """Number and cells of every row, in the table's order."""
    wanted = select(SheetRow.row_no, SheetRow.cells).where(SheetRow.import_id == import_id)
    return db.session.execute(wanted.order_by(SheetRow.row_no)).all()


def remembered(cooperative_id: int) -> dict[str, str]:
    """What headings meant in this cooperative's tables before."""
    wanted = select(SheetHeading.heading, SheetHeading.column_key)
    return dict(
        db.session.execute(wanted.where(SheetHeading.cooperative_id == cooperative_id)).tuples().all()
    )


def category_rows() -> list[tuple[int, str, str, str]]:
    """Every category: id, slug, name, English name."""
    wanted = select(Category.id, Category.slug, Category.name, Category.name_en).order_by(Category.position)
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(wanted)]


def lookups(cooperative: Cooperative, pictures: frozenset[str] | None) -> Lookups:
    """What words in a cooperative's table may mean today."""
    rows = category_rows()
    return Lookups(
        category_words(rows),
        tuple(name for _id, _slug, name, _english in rows),
        _communes(),
        province_of(cooperative.commune_id).folded,
        pictures,
    )


def _communes() -> dict[tuple[str, str, str], int]:
    """(folded name, folded kind or '', folded province) → id, for today's communes. Without a kind the first wins."""
    province = aliased(Unit)
    wanted = (
        select(Unit.id, Unit.folded, Unit.kind, province.folded)
        .join(province, province.id == Unit.parent_id)
        .where(Unit.level == Level.COMMUNE, valid_on(clock.today()))
        .order_by(Unit.kind.desc(), Unit.id)
    )
    found: dict[tuple[str, str, str], int] = {}
    for row_id, name, kind, of in db.session.execute(wanted).tuples():
        found[(name, fold(kind), of)] = row_id
        found.setdefault((name, "", of), row_id)
    return found


def goods(cooperative: Cooperative, gtins: Iterable[str] = ()) -> Goods:
    """Everything that a cooperative has, in three queries; `elsewhere` of the 14-digit numbers asked for."""
    packs: dict[int, list[PackThere]] = {}
    for row in _packs(cooperative.id):
        packs.setdefault(row.product_id, []).append(
            PackThere(
                row.id,
                row.product_id,
                row.label,
                row.net_quantity,
                row.net_unit,
                row.price_vnd,
                row.gross_weight_g,
                row.gtin,
                row.gtin_kind == "own",
                row.code or "",
                row.price_per_kg_vnd,
            )
        )
    wanted = select(Product.id, *(getattr(Product, name) for name in PRODUCT_FIELDS))
    rows = db.session.execute(wanted.where(Product.cooperative_id == cooperative.id).order_by(Product.id))
    products = tuple(
        ProductThere(row[0], dict(zip(PRODUCT_FIELDS, row[1:], strict=True)), tuple(packs.get(row[0], ())))
        for row in rows
    )
    mine = {pack.gtin for found in packs.values() for pack in found}
    return Goods(products, cooperative.gs1_prefix, _taken(set(gtins) - mine))


def _packs(cooperative_id: int) -> Sequence[Row[Any]]:
    return db.session.execute(
        select(
            Pack.id,
            Pack.product_id,
            Pack.label,
            Pack.net_quantity,
            Pack.net_unit,
            Pack.price_vnd,
            Pack.gross_weight_g,
            Pack.gtin,
            Pack.gtin_kind,
            SheetCode.code,
            Pack.price_per_kg_vnd,
        )
        .join(Product, Product.id == Pack.product_id)
        .outerjoin(SheetCode, SheetCode.pack_id == Pack.id)
        .where(Product.cooperative_id == cooperative_id, Pack.active)
        .order_by(Pack.product_id, Pack.position, Pack.id)
    ).all()


def _taken(gtins: set[str]) -> frozenset[str]:
    """Which of these numbers some pack has already."""
    wanted, found = sorted(gtins), set[str]()
    for start in range(0, len(wanted), CHUNK):
        found |= set(
            db.session.execute(
                select(Pack.gtin).where(Pack.gtin.in_(wanted[start : start + CHUNK]))
            ).scalars()
        )
    return frozenset(found)


def unit_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """'Xã Côn Minh, Thái Nguyên' by id."""
    province = aliased(Unit)
    wanted = select(Unit.id, Unit.kind, Unit.name, province.name).outerjoin(
        province, province.id == Unit.parent_id
    )
    rows = db.session.execute(wanted.where(Unit.id.in_(sorted(set(unit_ids)))))
    return {row[0]: f"{row[1]} {row[2]}, {row[3]}" for row in rows}


def export_rows(cooperative_id: int) -> Sequence[Row[Any]]:
    """Everything that goes into an exported table, a row for each active pack, and one for a product without packs."""
    return db.session.execute(
        select(
            Product,
            Category.name.label("category"),
            Pack.label,
            Pack.net_quantity,
            Pack.net_unit,
            Pack.price_vnd,
            Pack.gross_weight_g,
            Pack.gtin,
            Pack.available,
            SheetCode.code,
            Pack.price_per_kg_vnd,
        )
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(Pack, sa.and_(Pack.product_id == Product.id, Pack.active))
        .outerjoin(SheetCode, SheetCode.pack_id == Pack.id)
        .where(Product.cooperative_id == cooperative_id)
        .order_by(Product.name_folded, Product.id, Pack.position, Pack.id)
    ).all()


def facts_of(products: Sequence[Product]) -> dict[int, Facts]:
    """What publishing is judged by, for many products in three queries."""
    ids = [one.id for one in products]
    kinds = dict(db.session.execute(select(Category.id, Category.kind)).tuples().all())
    packs = _lists(select(Pack.product_id, Pack.gtin).where(Pack.product_id.in_(ids), Pack.active))
    alive = (Photo.product_id.in_(ids), Photo.work_state != "dead")
    states = _lists(select(Photo.product_id, Photo.state).where(*alive))
    return {
        one.id: facts_from(
            one, kinds.get(one.category_id or 0), packs.get(one.id, []), states.get(one.id, [])
        )
        for one in products
    }


def published_facts(product_ids: set[int]) -> tuple[dict[int, Facts], dict[int, str]]:
    """Facts of those of these products that are on sale, and the kind of every category."""
    wanted, found = sorted(product_ids), dict[int, Facts]()
    for start in range(0, len(wanted), CHUNK):
        some = (Product.id.in_(wanted[start : start + CHUNK]), Product.state == State.PUBLISHED)
        found |= facts_of(db.session.execute(select(Product).where(*some)).scalars().all())
    return found, dict(db.session.execute(select(Category.id, Category.kind)).tuples().all())


def _lists(wanted: sa.Select[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for product_id, value in db.session.execute(wanted).tuples():
        found.setdefault(product_id, []).append(value)
    return found


def drafts(cooperative_id: int, page: int) -> tuple[list[Product], int]:
    """A page of a cooperative's drafts, the newest first, and how many there are."""
    mine = (Product.cooperative_id == cooperative_id, Product.state == State.DRAFT)
    total = db.session.execute(select(func.count()).select_from(Product).where(*mine)).scalar_one()
    wanted = select(Product).where(*mine).order_by(Product.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.execute(wanted).scalars()), int(total)
