"""Saying which plots there are and what a crop plausibly gives."""

from datetime import date

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Producer
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from traceability.balance.models import PlausibleYield, Plot
from traceability.models import Crop
from traceability.slips.operations import serve

AREA_MOST_M2 = 10_000_000
YIELD_MOST_G = 200_000


def add_plot(actor: Actor, producer_id: int, crop_id: int, name: str, area_m2: int, from_on: date) -> Plot:
    """A producer's field of one crop, from a day on. Raises Invalid, NotFound, or Conflict for a name that is taken."""
    actor.must_be(Role.MANAGER, Role.DIGITAL_TEAM)
    producer = db.session.get(Producer, producer_id)
    if producer is None or db.session.get(Crop, crop_id) is None:
        raise NotFound(N_("Không có người bán hoặc loại cây này."), remedy=N_("Chọn trong danh sách."))
    serve(actor, producer.cooperative_id)
    if not 1 <= area_m2 <= AREA_MOST_M2:
        raise Invalid(
            N_("Diện tích phải từ 1 m² đến 1.000 ha."),
            remedy=N_("Một sào Bắc Bộ là 360 m²."),
            field="area_m2",
        )
    name = clean(name)
    taken = select(Plot.id).where(Plot.cooperative_id == producer.cooperative_id, Plot.name == name)
    if db.session.execute(taken).first() is not None:
        raise Conflict(
            N_("Đã có ruộng tên này."), remedy=N_("Thêm tên nhà vào, ví dụ Nà Pò nhà Mẫu."), field="name"
        )
    plot = Plot(cooperative_id=producer.cooperative_id, producer_id=producer_id, crop_id=crop_id, name=name,
                area_m2=area_m2, from_on=from_on, added_at=clock.now(), by_user_id=actor.user_id)  # fmt: skip
    db.session.add(plot)
    db.session.flush()
    audit(actor, "add_plot", f"plot:{plot.id}", fields=("name", "area_m2"))
    return plot


def assume_yield(
    actor: Actor, cooperative_id: int, crop_id: int, from_on: date, most_g: int, source: str
) -> PlausibleYield:
    """The most that a square metre of a crop gives in a year, from a day on, and who says so. The same day replaces."""
    actor.must_be(Role.MANAGER)
    serve(actor, cooperative_id)
    if not 1 <= most_g <= YIELD_MOST_G:
        raise Invalid(
            N_("Năng suất phải từ 1 g đến 200 kg một mét vuông."),
            remedy=N_("4 kg một mét vuông là 40 tấn một héc-ta."),
            field="most_g",
        )  # fmt: skip
    source = clean(source)
    if len(source) < 5:
        raise Invalid(
            N_("Ghi ai nói con số này."),
            remedy=N_("Ví dụ: cán bộ khuyến nông xã, tháng 3/2026."),
            field="source",
        )
    one = db.session.execute(
        select(PlausibleYield).where(PlausibleYield.cooperative_id == cooperative_id,
                                     PlausibleYield.crop_id == crop_id, PlausibleYield.from_on == from_on)
    ).scalar_one_or_none()  # fmt: skip
    if one is None:
        one = PlausibleYield(cooperative_id=cooperative_id, crop_id=crop_id, from_on=from_on)
        db.session.add(one)
    one.most_g, one.source = most_g, source
    db.session.flush()
    audit(actor, "assume_yield", f"crop:{crop_id}", fields=("most_g", "source"))
    return one
