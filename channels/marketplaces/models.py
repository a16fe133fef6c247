"""Files that came from sites, what their columns and codes mean, what each site was last told, and its orders."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from channels.marketplaces.rules import FileState, Kind, OrderState, Problem, Site, Status
from core.db import Base, Big, Id, Instant, ref
from core.work import Claimable


def _one_of(column: str, values: type, *more: str) -> CheckConstraint:
    listed = ", ".join(repr(str(value)) for value in (*values, *more))  # type: ignore[misc]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class MarketFile(Claimable, Base):
    """A template or an order file that a manager sent. An accepted order file is the worker's; a template never is."""

    __tablename__ = "market_file"
    __table_args__ = (
        UniqueConstraint("key"),
        _one_of("site", Site),
        _one_of("kind", Kind),
        _one_of("state", FileState),
        CheckConstraint("row_count >= 0 AND done_count >= 0", name="counts_not_negative"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="of the form: a second tap is the same file")
    cooperative_id: Mapped[int] = ref("cooperative.id")
    site: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=str(FileState.OPEN))
    file: Mapped[str] = mapped_column(comment="private, as sent; '' when it was thrown away")
    file_name: Mapped[str]
    rows_file: Mapped[str] = mapped_column(default="", comment="private: an order file's cells, read once")
    sheet: Mapped[str] = mapped_column(default="", comment="which sheet of a template is filled")
    fingerprint: Mapped[str] = mapped_column(comment="of its headings: the same template is known again")
    columns: Mapped[list[Any]] = mapped_column(JSON, comment="[heading, key, constant] of each column")
    heading_no: Mapped[int] = mapped_column(default=0, comment="the row of the headings")
    first_no: Mapped[int] = mapped_column(default=0, comment="of a template: the first row that we write")
    row_count: Mapped[int] = mapped_column(default=0, comment="orders in the file, or rows that were filled")
    done_count: Mapped[int] = mapped_column(default=0, comment="orders looked at since it was accepted")
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    sent_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]


class MarketLayout(Base):
    """What the columns of one template or order file mean, as a person agreed; used for the next of its kind."""

    __tablename__ = "market_layout"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "site", "kind", "fingerprint"),
        _one_of("site", Site),
        _one_of("kind", Kind),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    site: Mapped[str]
    kind: Mapped[str]
    fingerprint: Mapped[str]
    layout: Mapped[dict[str, Any]] = mapped_column(JSON, comment="folded heading: [key, constant]")
    first_no: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Instant]


class MarketCategory(Base):
    """The site's own code for one of our categories, as the manager copied it from there."""

    __tablename__ = "market_category"
    __table_args__ = (_one_of("site", Site),)
    cooperative_id: Mapped[int] = ref("cooperative.id", primary_key=True, index=False)
    site: Mapped[str] = mapped_column(primary_key=True)
    category_id: Mapped[int] = ref("category.id", primary_key=True, index=False)
    code: Mapped[str]


class MarketSku(Base):
    """A site's text for goods, where it is not our code, and the pack that a person said it means."""

    __tablename__ = "market_sku"
    __table_args__ = (_one_of("site", Site),)
    cooperative_id: Mapped[int] = ref("cooperative.id", primary_key=True, index=False)
    site: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True, comment="folded")
    pack_id: Mapped[int] = ref("pack.id")


class MarketListing(Base):
    """What a site was last told of a pack, in a template that was filled and fetched."""

    __tablename__ = "market_listing"
    __table_args__ = (
        _one_of("site", Site),
        CheckConstraint("price_vnd > 0 AND stock >= 0", name="told_amounts"),
    )
    cooperative_id: Mapped[int] = ref("cooperative.id", primary_key=True, index=False)
    site: Mapped[str] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = ref("pack.id", primary_key=True)
    price_vnd: Mapped[Big]
    stock: Mapped[int]
    told_at: Mapped[Instant]


class MarketOrder(Base):
    """An order of a site, once for each of its numbers. What it says of its buyer leaves with it when it is ours."""

    __tablename__ = "market_order"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "site", "number"),
        _one_of("site", Site),
        _one_of("state", OrderState),
        _one_of("status", Status),
        _one_of("problem", Problem, ""),
        CheckConstraint("(state = 'taken') = (order_id IS NOT NULL)", name="taken_is_ours"),
    )
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    site: Mapped[str]
    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=str(OrderState.WAITING))
    status: Mapped[str] = mapped_column(comment="the site's, in our words; the last that was news")
    told: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="lines and sums; the buyer too until it is ours"
    )
    order_id: Mapped[int | None] = ref("sale_order.id")
    fee_vnd: Mapped[Big] = mapped_column(default=0, comment="what the site keeps of it, as posted")
    fee_step: Mapped[int] = mapped_column(default=0, comment="how often that was said")
    problem: Mapped[str] = mapped_column(default="")
    problem_text: Mapped[str] = mapped_column(default="", comment="what was refused, in Vietnamese; no name")
    given_up: Mapped[bool] = mapped_column(default=False, comment="a person cancels it at the site")
    file_id: Mapped[int | None] = ref("market_file.id", index=False, comment="the last that spoke of it")
    changed_at: Mapped[Instant]
