"""A member of the digital team fills in one product of the first stall; it waits for the manager's word."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from accounts.rules import Role
from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from catalog import operations as catalog
from catalog.measures.rules import mask_of, read_measure
from catalog.models import Category
from catalog.photos.operations import add_illustration
from core.db import db

STORY = (
    "Gừng núi đào cuối thu, củ nhỏ mà cay, thái lát phơi ba nắng trên gác bếp. Pha một ấm uống được cả buổi, "
    "trời lạnh bà con hay mời khách."
)


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Three hours before the end."""
    yield end - timedelta(hours=3), Step(_fill_in, cast)


def _fill_in(cast: Cast) -> list[Story]:
    helper, stall = cast.roles[Role.DIGITAL_TEAM], cast.stalls[0]
    category = db.session.execute(select(Category.id).where(Category.slug == "tra-duoc-lieu")).scalar_one()
    said = read_measure("2 lạng")
    draft = catalog.Draft(
        name="Trà gừng núi", category_id=category, story=STORY, ingredients="Gừng 100 %", storage="Để nơi khô, thoáng.",
        usage="Pha với nước sôi, chờ 5 phút rồi uống.", shelf_life_days=365, origin_commune_id=stall.commune_id,
        allergens="none", harvest_months=mask_of([11, 12]),
    )  # fmt: skip
    made = catalog.save_draft(helper, stall.cooperative_id, "demo-helped", draft)
    catalog.add_pack(helper, made.id, label=said.label, net_quantity=said.quantity, net_unit=said.unit,
                     price_vnd=45_000)  # fmt: skip
    add_illustration(helper, made.id, "tra", f"Trà gừng núi, {stall.spec['name']}")
    return []
