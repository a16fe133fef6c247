"""Writing and voiding weighing slips."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative, Producer
from cooperatives.queries import household_of_producer, standing_of
from core import clock
from core.db import db, run
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.once import next_number
from core.text import clean, fold
from traceability.epcis.operations import Step, record
from traceability.epcis.rules import crop as crop_goods
from traceability.models import Crop, Slip, SlipVoid
from traceability.rules import Confirmation
from traceability.slips import queries
from traceability.slips.rules import SlipChanged, check_slip, slip_number

WEIGHERS = (Role.MANAGER, Role.DIGITAL_TEAM)
_SERVED = select(Cooperative.__table__.c.organisation_id).where(
    Cooperative.__table__.c.id == bindparam("cooperative")
)


def add_crop(actor: Actor, name: str, illustration: str | None = None) -> Crop:
    """The crop of this name, made if nobody has weighed it before. Names are matched without marks or case."""
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    name = clean(name)
    if not 2 <= len(name) <= 60:
        raise Invalid(
            N_("Tên cây dài từ 2 đến 60 chữ."),
            remedy=N_("Viết như bà con vẫn gọi, ví dụ Sả tươi."),
            field="name",
        )
    known = db.session.execute(
        select(Crop).where(Crop.name_folded == fold(name), Crop.name == name)
    ).scalar_one_or_none()
    if known is not None:
        return known
    crop = Crop(name=name, name_folded=fold(name), illustration=illustration)
    db.session.add(crop)
    db.session.flush()
    audit(actor, "add_crop", f"crop:{crop.id}")
    return crop


def weigh(actor: Actor, key: str, producer_id: int, crop_id: int, gross_g: int, tare_g: int, grade: str,
          price_vnd_per_kg: int, advance_vnd: int, weighed_at: datetime | None = None, *,
          confirmed_how: str = Confirmation.IN_PERSON) -> Slip:  # fmt: skip
    """Write the slip of one weighing, in grams and đồng; its household is that of the day.

    The same key gives the same slip again; with other figures it raises SlipChanged (409). Raises FormErrors for
    wrong figures, Invalid for a producer without standing that day. The money of an advance is posted by `revenue`.
    """
    actor.must_be(*WEIGHERS)
    producer = db.session.get(Producer, producer_id)
    if producer is None:
        raise NotFound(N_("Không có người giao hàng này."), remedy=N_("Chọn lại trong danh sách."))
    serve(actor, producer.cooperative_id)
    figures = {"producer_id": producer_id, "crop_id": crop_id, "gross_g": gross_g, "tare_g": tare_g, "grade": grade,
               "price_vnd_per_kg": price_vnd_per_kg, "advance_vnd": advance_vnd}  # fmt: skip
    if (known := _earlier(producer.cooperative_id, key)) is not None:
        if any(getattr(known, name) != value for name, value in figures.items()):
            raise SlipChanged(
                N_("Phiếu %(number)s đã ghi với số khác."),
                remedy=N_("Mở phiếu cũ xem lại."),
                number=known.number,
            )
        return known
    now = clock.now()
    weighed_at = weighed_at or now
    net_g = check_slip(gross_g, tare_g, grade, price_vnd_per_kg, advance_vnd, weighed_at, now)
    _check_crop(crop_id)
    _check_standing(producer_id, weighed_at)
    slip = Slip(
        **figures, key=key, net_g=net_g, cooperative_id=producer.cooperative_id, weighed_at=weighed_at,
        weighed_on=clock.day_of(weighed_at), household_id=household_of_producer(producer_id, clock.day_of(weighed_at)),
        number=_next_number(producer.cooperative_id, weighed_at), recorded_at=now, by_user_id=actor.user_id,
        confirmed_how=Confirmation(confirmed_how),
    )  # fmt: skip
    db.session.add(slip)
    db.session.flush()
    _record(Step.WEIGHED, slip, slip.weighed_at)
    audit(actor, "weigh", f"slip:{slip.id}", fields=("net_g", "grade", "price_vnd_per_kg", "advance_vnd"))
    return slip


def void_slip(actor: Actor, slip_id: int, reason: str) -> Slip:
    """Say that a slip does not count, and why. A second void changes nothing.

    Raises Conflict while any of it is in a batch: take it out first. Money is undone by `revenue.operations.void_slip`.
    """
    actor.must_be(*WEIGHERS)
    slip = queries.locked(slip_id)
    serve(actor, slip.cooperative_id)
    if queries.void_of(slip.id) is not None:
        return slip
    reason = clean(reason)
    if len(reason) < 5:
        raise Invalid(
            N_("Viết vì sao bỏ phiếu."), remedy=N_("Ví dụ: cân nhầm bao của nhà khác."), field="reason"
        )
    if queries.used_g(slip.id):
        raise Conflict(
            N_("Phiếu %(number)s đã vào mẻ."), remedy=N_("Lấy phiếu ra khỏi mẻ trước."), number=slip.number
        )
    now = clock.now()
    db.session.execute(
        insert(SlipVoid).values(slip_id=slip.id, reason=reason, at=now, by_user_id=actor.user_id)
    )
    _record(Step.SLIP_VOIDED, slip, now)
    audit(actor, "void_slip", f"slip:{slip.id}", fields=("reason",))
    return slip


def serve(actor: Actor, cooperative_id: int) -> None:
    """Raise NotFound unless the actor works for this cooperative: others' things are answered as missing."""
    organisation_id = run(_SERVED, {"cooperative": cooperative_id}).scalar_one()
    if actor.role is not Role.SYSTEM and actor.organisation_id != organisation_id:
        raise NotFound(N_("Không có trong sổ của hợp tác xã."), remedy=N_("Xem lại danh sách."))


def cooperative_of(actor: Actor) -> int:
    """The cooperative the actor works for. Raises NotFound when there is none."""
    found = db.session.execute(
        select(Cooperative.id).where(Cooperative.organisation_id == actor.organisation_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return found


def _earlier(cooperative_id: int, key: str) -> Slip | None:
    return db.session.execute(
        select(Slip).where(Slip.cooperative_id == cooperative_id, Slip.key == key)
    ).scalar_one_or_none()


def _check_crop(crop_id: int) -> None:
    if db.session.get(Crop, crop_id) is None:
        raise Invalid(
            N_("Chưa có cây này."), remedy=N_("Chọn trong danh sách, hoặc thêm cây mới."), field="crop_id"
        )


def _check_standing(producer_id: int, weighed_at: datetime) -> None:
    if standing_of(producer_id, clock.day_of(weighed_at)) is None:
        raise Invalid(
            N_("Ngày cân này người giao chưa là thành viên hay hộ liên kết."),
            remedy=N_("Ghi ngày bắt đầu ở trang Bà con rồi cân lại."), field="producer_id",
        )  # fmt: skip


def _next_number(cooperative_id: int, weighed_at: datetime) -> str:
    year = clock.day_of(weighed_at).year
    return slip_number(year, next_number(f"slip:{cooperative_id}:{year}"))


def _record(step: Step, slip: Slip, at: datetime) -> None:
    closed = {"slip": slip.number, "producer": slip.producer_id, "net_g": slip.net_g, "grade": slip.grade}
    record(step, cooperative_id=slip.cooperative_id, at=at, goods=[crop_goods(slip.crop_id)], closed=closed,
           subject=f"slip:{slip.id}")  # fmt: skip
