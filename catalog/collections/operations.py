"""Verbs of collections: an administrator puts one together, and changes it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.collections import queries
from catalog.collections.models import Collection, CollectionProduct
from catalog.collections.rules import INTRO_MAX, LISTED_MAX, TITLE_MAX, Rule
from catalog.models import Category, Product
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.pages import touch
from core.text import clean, slugify


@dataclass(frozen=True)
class Shelf:
    """What an administrator writes about a collection. slugs: of the products listed by hand, in order."""

    title: str
    title_en: str
    intro: str
    intro_en: str
    illustration: str
    rule: Rule
    from_on: date
    to_on: date | None = None
    category_id: int | None = None
    position: int = 0
    slugs: Sequence[str] = ()


def save_collection(actor: Actor, collection_id: int | None, shelf: Shelf) -> Collection:
    """Put a collection together, or change it. The path follows the title of the first saving and then stays.

    Raises Invalid for empty titles, dates in the wrong order, an unknown drawing, category or product.
    """
    actor.must_be(Role.ADMINISTRATOR)
    ids = _checked(shelf)
    values = {name: value for name, value in asdict(shelf).items() if name != "slugs"}
    values |= {
        name: clean(str(values[name]), lines="intro" in name)
        for name in ("title", "title_en", "intro", "intro_en")
    }
    if shelf.rule is not Rule.CATEGORY:
        values["category_id"] = None
    if collection_id is None:
        found = Collection(slug=_free_slug(shelf.title), **values)
        db.session.add(found)
    else:
        found = queries.find(collection_id)
        for name, value in values.items():
            setattr(found, name, value)
    db.session.flush()
    db.session.execute(delete(CollectionProduct).where(CollectionProduct.collection_id == found.id))
    if ids:
        rows = [
            {"collection_id": found.id, "product_id": one, "position": place} for place, one in enumerate(ids)
        ]
        db.session.execute(insert(CollectionProduct), rows)
    audit(actor, "save collection", f"collection:{found.id}", tuple(values))
    touch("collections", "goods")
    return found


def _checked(shelf: Shelf) -> list[int]:
    for name, most in (
        ("title", TITLE_MAX),
        ("title_en", TITLE_MAX),
        ("intro", INTRO_MAX),
        ("intro_en", INTRO_MAX),
    ):
        length = len(clean(getattr(shelf, name)))
        if length > most or (not length and name.startswith("title")):
            raise Invalid(N_("Viết từ 1 đến %(most)s chữ."), field=name, most=most)
    if shelf.to_on is not None and shelf.to_on < shelf.from_on:
        raise Invalid(N_("Ngày dọn phải sau ngày mở."), field="to_on")
    drawings = Path(current_app.static_folder or "") / "img" / "products"
    if not (drawings / f"{slugify(shelf.illustration)}.svg").is_file():
        raise Invalid(N_("Không có hình vẽ tên này."), field="illustration")
    if shelf.rule is Rule.CATEGORY and (
        shelf.category_id is None or db.session.get(Category, shelf.category_id) is None
    ):
        raise Invalid(N_("Chọn một loại trong danh sách."), field="category_id")
    return _ids(shelf.slugs) if shelf.rule is Rule.LISTED else []


def _ids(slugs: Sequence[str]) -> list[int]:
    wanted = list(dict.fromkeys(slugs))
    if len(wanted) > LISTED_MAX:
        raise Invalid(N_("Mỗi gian nhiều nhất %(most)s món."), field="slugs", most=LISTED_MAX)
    found = dict(
        db.session.execute(select(Product.slug, Product.id).where(Product.slug.in_(wanted))).tuples().all()
    )
    unknown = [slug for slug in wanted if slug not in found]
    if unknown:
        raise Invalid(
            N_("Không có món nào ở đường dẫn %(paths)s."), remedy=N_("Chép lại đường dẫn từ trang hàng."),
            field="slugs", paths=", ".join(unknown[:5]),
        )  # fmt: skip
    return [found[slug] for slug in wanted]


def _free_slug(title: str) -> str:
    base, number = slugify(title), 1
    slug = base
    while db.session.execute(select(Collection.id).where(Collection.slug == slug)).first():
        number += 1
        slug = f"{base}-{number}"
    return slug
