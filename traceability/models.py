"""Tables of crops, slips, recipes, batches, lots, stock and movements. Stock and bulk are folds over movements."""

from datetime import date
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Big, Id, Instant, immutable, ref
from traceability.rules import (
    GRADES,
    BatchState,
    Buying,
    Confirmation,
    LotKind,
    LotState,
    MovementKind,
    Place,
    Purchase,
)


def one_of(column: str, values: type[StrEnum] | tuple[str, ...], name: str) -> CheckConstraint:
    """A CHECK that a text column holds one of these words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(v)) for v in values)})", name=name)


class Crop(Base):
    """What is weighed in: a plant or raw material, the same word for all cooperatives."""

    __tablename__ = "crop"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    name_folded: Mapped[str] = mapped_column(index=True)
    illustration: Mapped[str | None] = mapped_column(comment="name of static/img/products/<name>.svg")


@immutable
class Slip(Base):
    """A weighing slip: what one producer delivered, as agreed at the scale. Wrong slips are voided, never changed."""

    __tablename__ = "slip"
    __table_args__ = (
        CheckConstraint("net_g = gross_g - tare_g", name="net_is_gross_less_tare"),
        CheckConstraint("net_g > 0 AND tare_g >= 0", name="net_positive"),
        CheckConstraint("price_vnd_per_kg >= 0 AND advance_vnd >= 0", name="money_not_negative"),
        CheckConstraint("price_vnd_per_kg = CAST(price_vnd_per_kg AS BIGINT)", name="price_vnd_per_kg_whole"),
        one_of("grade", GRADES, "grade_known"),
        one_of("confirmed_how", Confirmation, "confirmation_known"),
        UniqueConstraint("cooperative_id", "number"),
        UniqueConstraint("cooperative_id", "key"),
        Index(None, "cooperative_id", "weighed_on"),
        Index(None, "producer_id", "weighed_on"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="the phone's own key: a second tap gives the same slip")
    number: Mapped[str] = mapped_column(comment="PC-26-0058: counted per cooperative and year")
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    producer_id: Mapped[int] = ref("producer.id", index=False)
    household_id: Mapped[int | None] = ref("household.id")  # of that day: later moves never rewrite income
    crop_id: Mapped[int] = ref("crop.id")
    gross_g: Mapped[Big]
    tare_g: Mapped[Big]
    net_g: Mapped[Big]
    grade: Mapped[str]
    price_vnd_per_kg: Mapped[Big]
    advance_vnd: Mapped[Big]
    weighed_at: Mapped[Instant]
    weighed_on: Mapped[date]
    recorded_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    confirmed_how: Mapped[str]


@immutable
class SlipVoid(Base):
    """That a slip does not count, and why."""

    __tablename__ = "slip_void"
    id: Mapped[Id]
    slip_id: Mapped[int] = ref("slip.id", unique=True, index=False)
    reason: Mapped[str]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


class Recipe(Base):
    """How a cooperative makes something, and how much of the input may plausibly come out."""

    __tablename__ = "recipe"
    __table_args__ = (
        CheckConstraint("0 < yield_min_bp AND yield_min_bp <= yield_max_bp", name="yield_band"),
        CheckConstraint("yield_max_bp <= 10000", name="yield_at_most_whole"),
        CheckConstraint(
            "density_g_per_l IS NULL OR density_g_per_l BETWEEN 300 AND 3000", name="density_plausible"
        ),
        UniqueConstraint("cooperative_id", "name"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    name: Mapped[str]
    product_id: Mapped[int | None] = ref("product.id")
    yield_min_bp: Mapped[int]
    yield_max_bp: Mapped[int]
    density_g_per_l: Mapped[int | None] = mapped_column(comment="grams a litre, so that packs in ml weigh")
    active: Mapped[bool] = mapped_column(default=True)


class Batch(Base):
    """One making: inputs go in while it is open; closing it gives lots and fixes its mass for good."""

    __tablename__ = "batch"
    __table_args__ = (
        one_of("state", BatchState, "state_known"),
        CheckConstraint("output_g <= input_g", name="no_mass_from_nothing"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        one_of("buying", Buying, "buying_known"),
        one_of("purchase", Purchase, "purchase_known"),
        UniqueConstraint("cooperative_id", "code"),
        UniqueConstraint("cooperative_id", "key"),
        Index("ix_batch_purchase", "id", sqlite_where=text("purchase = 'to_post'"),
              postgresql_where=text("purchase = 'to_post'")),
    )  # fmt: skip
    id: Mapped[Id]
    key: Mapped[str]
    code: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    recipe_id: Mapped[int] = ref("recipe.id")
    state: Mapped[str] = mapped_column(default=BatchState.OPEN)
    made_on: Mapped[date]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]
    input_g: Mapped[Big] = mapped_column(default=0)
    output_g: Mapped[Big] = mapped_column(default=0)
    loss_reason: Mapped[str] = mapped_column(
        default="", comment="why the yield lay outside the recipe's band"
    )
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    buying: Mapped[str] = mapped_column(
        default=Buying.CONSIGNED, comment="of slips put in, unless the input says otherwise"
    )
    purchase: Mapped[str] = mapped_column(
        default=Purchase.NOTHING, comment="whether what it bought outright stands in the book"
    )
    recipe: Mapped[Recipe] = relationship()


class BatchInput(Base):
    """One thing that went into a batch: part of a slip, bulk of a lot, or other material (mass without a slip).

    An edge of the graph. Both directions are covered by an index, for recursive walks over ten million of them.
    """

    __tablename__ = "batch_input"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="weight_positive"),
        CheckConstraint(
            "(slip_id IS NOT NULL AND lot_id IS NULL AND material_name = '') OR (slip_id IS NULL AND lot_id IS NOT NULL"
            " AND material_name = '') OR (slip_id IS NULL AND lot_id IS NULL AND material_name <> '')",
            name="one_source",
        ),
        CheckConstraint("buying IN ('', 'consigned', 'outright')", name="buying_known"),
        CheckConstraint("slip_id IS NOT NULL OR buying = ''", name="buying_of_slips"),
        UniqueConstraint("slip_id", "batch_id"),
        UniqueConstraint("lot_id", "batch_id"),
        Index(None, "batch_id", "lot_id", "slip_id", "weight_g"),
        Index("ix_batch_input_material", "material_name", "batch_id", sqlite_where=text("material_name <> ''"),
              postgresql_where=text("material_name <> ''")),
    )  # fmt: skip
    id: Mapped[Id]
    batch_id: Mapped[int] = ref("batch.id", index=False)
    slip_id: Mapped[int | None] = ref("slip.id", index=False)
    lot_id: Mapped[int | None] = ref("lot.id", index=False)
    material_name: Mapped[str] = mapped_column(default="")
    weight_g: Mapped[Big]
    buying: Mapped[str] = mapped_column(
        default="", comment="of a slip; empty in old rows, which were consigned"
    )
    at: Mapped[Instant]


class Lot(Base):
    """Goods of one product made together; GS1 application identifier 10."""

    __tablename__ = "lot"
    __table_args__ = (
        one_of("kind", LotKind, "kind_known"),
        one_of("state", LotState, "state_known"),
        CheckConstraint("length(code) BETWEEN 1 AND 20", name="code_length"),
        CheckConstraint("bulk_g >= 0 AND bulk_g <= output_g", name="bulk_in_output"),
        CheckConstraint("kind = 'real' OR (output_g = 0 AND batch_id IS NULL)", name="planned_has_no_mass"),
        CheckConstraint("expires_on IS NULL OR expires_on >= made_on", name="expires_after_made"),
        CheckConstraint("(state = 'recalled') = (recalled_at IS NOT NULL)", name="recalled_has_time"),
        UniqueConstraint("cooperative_id", "code"),  # so unique per GTIN too
        Index(None, "batch_id", "output_g"),
        Index(None, "product_id", "state", "expires_on"),
    )
    id: Mapped[Id]
    code: Mapped[str]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    product_id: Mapped[int] = ref("product.id", index=False)
    batch_id: Mapped[int | None] = ref("batch.id", index=False)
    kind: Mapped[str] = mapped_column(default=LotKind.REAL)
    state: Mapped[str] = mapped_column(default=LotState.OPEN)
    made_on: Mapped[date] = mapped_column(comment="for a planned lot, the day it is promised for")
    expires_on: Mapped[date | None]
    output_g: Mapped[Big] = mapped_column(default=0)
    bulk_g: Mapped[Big] = mapped_column(default=0, comment="not yet packed or used; a fold over movements")
    recall_reason: Mapped[str] = mapped_column(default="")
    recalled_at: Mapped[Instant | None]
    created_at: Mapped[Instant]


class Stock(Base):
    """How many packs of a lot lie at a place, and how many of them orders hold. A cached fold over movements."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("0 <= reserved AND reserved <= on_hand", name="reserved_within_on_hand"),
        CheckConstraint("place = 'store' OR reserved = 0", name="only_the_store_reserves"),
        one_of("place", Place, "place_known"),
        UniqueConstraint("lot_id", "pack_id", "place"),
        Index(None, "pack_id", "place"),
    )
    id: Mapped[Id]
    lot_id: Mapped[int] = ref("lot.id", index=False)
    pack_id: Mapped[int] = ref("pack.id", index=False)
    place: Mapped[str]
    on_hand: Mapped[Big]
    reserved: Mapped[Big] = mapped_column(default=0)


@immutable
class Movement(Base):
    """One change of stock (a pack at a place) or of a lot's bulk (no pack, no place). Never changed afterwards."""

    __tablename__ = "movement"
    __table_args__ = (
        one_of("kind", MovementKind, "kind_known"),
        CheckConstraint("(pack_id IS NULL) = (place IS NULL)", name="pack_has_place"),
        CheckConstraint(
            "pack_id IS NOT NULL OR (on_hand_change = 0 AND reserved_change = 0)", name="bulk_no_packs"
        ),
        CheckConstraint(
            "on_hand_change <> 0 OR reserved_change <> 0 OR bulk_change_g <> 0", name="changes_something"
        ),
        CheckConstraint("on_hand_change = CAST(on_hand_change AS BIGINT)", name="on_hand_change_whole"),
        CheckConstraint("reserved_change = CAST(reserved_change AS BIGINT)", name="reserved_change_whole"),
        Index(None, "lot_id", "pack_id", "place"),
        Index("ix_movement_ref", "ref", sqlite_where=text("ref <> ''"), postgresql_where=text("ref <> ''")),
    )
    id: Mapped[Id]
    lot_id: Mapped[int] = ref("lot.id", index=False)
    pack_id: Mapped[int | None] = ref("pack.id")
    place: Mapped[str | None]
    kind: Mapped[str]
    on_hand_change: Mapped[Big] = mapped_column(default=0)
    reserved_change: Mapped[Big] = mapped_column(default=0)
    bulk_change_g: Mapped[Big] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    ref: Mapped[str] = mapped_column(default="", comment="what it was for: line:17, batch:3")


for _noun in (
    "epcis",
    "log",
    "labels",
    "balance",
    "numbers",
    "papers",
):  # the subpackages' tables belong to the same part
    if find_spec(f"traceability.{_noun}") and find_spec(f"traceability.{_noun}.models"):
        import_module(f"traceability.{_noun}.models")
