"""Reads of a product's changes, in words."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from accounts.models import User
from catalog.forms import UNITS, shelf_life_text
from catalog.history.models import ProductChange
from catalog.history.rules import DEED_NAMES, FIELD_NAMES, Deed, Value
from catalog.kinds.rules import ALLERGENS, NONE, codes_of
from catalog.measures.rules import months_of
from catalog.models import Category, Pack, PriceChange
from core.db import db
from core.format import vnd, weight
from core.i18n import N_, _
from places.queries import place_name

PAGE_SIZE = 20
STATE_NAMES = {
    "draft": N_("Bản nháp"), "held": N_("Chờ người xem lại"), "published": N_("Đang bán"), "withdrawn": N_("Đã cất"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldChange:
    """One field: its name and how it reads before and after; '' for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One change as the page shows it. owner: for whom a helper wrote, ''; undone: it was taken back since."""

    id: int
    deed: str
    subject: str
    at: datetime
    by: str
    owner: str
    fields: tuple[FieldChange, ...]
    undoes: datetime | None
    undone: bool
    final: bool


def changes(product_id: int, page: int) -> tuple[list[Change], int]:
    """A page of a product's changes, the newest first, and how many there are. At most six queries."""
    total = db.session.execute(
        select(func.count()).where(ProductChange.product_id == product_id)
    ).scalar_one()
    mine = _statement().where(ProductChange.product_id == product_id).order_by(ProductChange.id.desc())
    rows = db.session.execute(mine.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    words = _words(rows)
    return [_change(row, words) for row in rows], int(total)


def _statement() -> Any:
    by, owner, later, former = aliased(User), aliased(User), aliased(ProductChange), aliased(ProductChange)
    return (
        select(ProductChange, by.name.label("by"), owner.name.label("owner"), Pack.label.label("subject"),
               later.id.label("undone"), former.at.label("undoes"))
        .outerjoin(by, by.id == ProductChange.by_user_id).outerjoin(owner, owner.id == ProductChange.owner_user_id)
        .outerjoin(Pack, Pack.id == ProductChange.pack_id).outerjoin(later, later.undoes_id == ProductChange.id)
        .outerjoin(former, former.id == ProductChange.undoes_id)
    )  # fmt: skip


@dataclass(frozen=True)
class _Words:
    categories: dict[int, str]
    communes: dict[int, str]
    people: dict[int, str]


def _words(rows: Sequence[Row[Any]]) -> _Words:
    """The names behind the numbers in these changes."""
    found: dict[str, set[int]] = {"category_id": set(), "origin_commune_id": set(), "helper_user_id": set()}
    for row in rows:
        for side in (row[0].before, row[0].after):
            for name, value in json.loads(side).items():
                if name in found and value:
                    found[name].add(value)
    return _Words(
        _names(Category, found["category_id"]),
        {one: place_name(one).full for one in found["origin_commune_id"]},
        _names(User, found["helper_user_id"]),
    )


def _names(model: Any, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {
        row[0]: row[1]
        for row in db.session.execute(select(model.id, model.name).where(model.id.in_(sorted(ids))))
    }


def _change(row: Row[Any], words: _Words) -> Change:
    change: ProductChange = row[0]
    was, became = json.loads(change.before), json.loads(change.after)
    shown = [name for name in FIELD_NAMES if name in was or name in became]
    fields = tuple(
        FieldChange(FIELD_NAMES[name], say(name, was.get(name), words), say(name, became.get(name), words))
        for name in shown
    )
    fields = tuple(one for one in fields if one.before or one.after)
    deed = Deed(change.deed)
    return Change(
        change.id, DEED_NAMES[deed], row.subject or "", change.at, row.by or "", row.owner or "", fields, row.undoes,
        row.undone is not None, deed in (Deed.CREATED, Deed.CONFIRMED),
    )  # fmt: skip


def say(name: str, value: Value, words: _Words) -> str:
    """A field's value as people read it."""
    if name == "position" and value is not None:
        return str(int(value) + 1)
    if value in (None, "", 0):
        return ""
    if isinstance(value, bool):
        return _("Có")
    if name == "state":
        return _(STATE_NAMES[str(value)]) if value in STATE_NAMES else ""
    if name == "allergens":
        return ", ".join(
            _("Không có chất nào") if code == NONE else _(ALLERGENS[code]) for code in codes_of(str(value))
        )
    if name == "net_unit":
        return _(UNITS[value])  # type: ignore[index]
    return _said_number(name, value, words) if isinstance(value, int) else str(value)


def _said_number(name: str, value: int, words: _Words) -> str:
    ways = {
        "category_id": lambda: words.categories.get(value, ""),
        "origin_commune_id": lambda: words.communes.get(value, ""),
        "helper_user_id": lambda: words.people.get(value, ""),
        "shelf_life_days": lambda: shelf_life_text(value),
        "harvest_months": lambda: ", ".join(_("Tháng %(month)s", month=one) for one in months_of(value)),
        "price_vnd": lambda: vnd(value),
        "price_per_kg_vnd": lambda: vnd(value),
        "piece_min_g": lambda: weight(value),
        "gross_weight_g": lambda: weight(value),
        "ocop_stars": lambda: _("%(stars)s sao", stars=value),
    }
    return ways[name]() if name in ways else str(value)


def price_history(pack_id: int) -> list[PriceChange]:
    """A pack's prices, newest first."""
    found = select(PriceChange).where(PriceChange.pack_id == pack_id).order_by(PriceChange.id.desc())
    return list(db.session.execute(found).scalars())
