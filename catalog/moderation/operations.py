"""Verbs of moderation: record a request, take down, appeal, answer; give notice of a suspension, carry it out."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from accounts.operations import audit
from accounts.queries import staff_of
from accounts.rules import SYSTEM, Actor, Role
from catalog.models import Product
from catalog.moderation import rules
from catalog.moderation.models import SuspensionNotice, Takedown
from catalog.moderation.queries import blocking
from catalog.moderation.rules import Event, NoticeState, State
from catalog.rules import State as ProductState
from catalog.search.operations import reindex
from cooperatives import operations as cooperatives
from cooperatives.queries import cooperative, of_organisation
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.format import instant
from core.i18n import N_, _
from core.limits import limit
from core.pages import touch
from core.text import clean
from messages.operations import send

DOWN = N_(
    "Chợ Phiên: món %(name)s bị gỡ theo yêu cầu của %(authority)s, văn bản %(number)s. Mở mục Thông báo của chợ."
)
ANSWERED = N_("Chợ Phiên: chợ đã trả lời đơn xin xem lại món %(name)s. Mở mục Thông báo của chợ.")
NOTICE = N_(
    "Chợ Phiên: gian hàng %(name)s sẽ tạm dừng từ %(when)s. Lý do và cách trả lời ở mục Thông báo của chợ."
)
CLOSED = N_(
    "Chợ Phiên: gian hàng %(name)s đã tạm dừng. Lý do ở mục Thông báo của chợ. Đơn đang làm vẫn làm tiếp."
)
WITHDRAWN = N_("Chợ Phiên: đã rút báo tạm dừng gian hàng %(name)s. Bà con bán như thường.")


def tell_managers(cooperative_id: int, template: str, key: str, **parts: str) -> int:
    """One message to each manager of a cooperative; how many."""
    organisation_id = cooperative(cooperative_id).organisation_id
    managers = {
        person.phone
        for grant, person in (staff_of(organisation_id) if organisation_id else [])
        if grant.role == Role.MANAGER
    }
    for phone in sorted(managers):
        send(
            phone, "moderation", _(template, **parts), f"{key}:{phone}", party=f"cooperative:{cooperative_id}"
        )
    return len(managers)


def _required(value: str, most: int, message: str, field: str) -> str:
    words = clean(value, lines=field in ("reason", "appeal", "answer"))[:most]
    if not words:
        raise Invalid(message, field=field)
    return words


def record(
    actor: Actor, key: str, slug: str, *, authority: str, document_number: str, document_on: date, reason: str,
    received_at: datetime,
) -> Takedown:  # fmt: skip
    """Record an authority's request; from `received_at` the clock of 24 hours runs. Twice under a key is one request.

    slug: of the product. Raises Invalid for a fact that is missing or an instant in the future, NotFound for no such
    product, Conflict where the same document already names this product.
    """
    actor.must_be(Role.ADMINISTRATOR)
    earlier = db.session.execute(select(Takedown).where(Takedown.key == key)).scalar_one_or_none()
    if earlier is not None:
        return earlier
    found = db.session.execute(select(Product).where(Product.slug == slug)).scalar_one_or_none()
    if found is None:
        raise Invalid(
            N_("Không có món nào ở địa chỉ này."), remedy=N_("Chép địa chỉ trang hàng."), field="address"
        )
    if received_at > clock.now():
        raise Invalid(
            N_("Lúc nhận không thể ở ngày mai."), remedy=N_("Xem lại ngày giờ."), field="received_at"
        )
    number = _required(document_number, 60, N_("Ghi số văn bản."), "document_number")
    if db.session.execute(
        select(Takedown.id).where(Takedown.product_id == found.id, Takedown.document_number == number)
    ).first():
        raise Conflict(N_("Văn bản này đã ghi cho món này rồi."), remedy=N_("Mở danh sách để xem."))
    made = Takedown(
        key=key, product_id=found.id, authority=_required(authority, 120, N_("Ghi cơ quan yêu cầu."), "authority"),
        document_number=number, document_on=document_on, received_at=received_at, recorded_at=clock.now(),
        reason=_required(reason, 1000, N_("Ghi lý do, hợp tác xã đọc đúng những chữ này."), "reason"),
        due_at=rules.due_at(received_at, limit("takedown_hours")), recorded_by_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "record takedown", f"takedown:{made.id}", ("document_number", "received_at"))
    return made


def _move(actor: Actor, takedown_id: int, event: Event, **values: object) -> Takedown:
    """Move a take-down along its table; of two at once one wins."""
    found = db.session.get(Takedown, takedown_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(N_("Không có yêu cầu này."))
    before, after = found.state, rules.next_state(found.state, event)
    db.session.execute(
        update(Takedown)
        .where(Takedown.id == takedown_id, Takedown.state == before)
        .values(state=after, **values)
    )
    db.session.refresh(found)
    audit(actor, f"takedown {event}", f"takedown:{takedown_id}", ("state",))
    return found


def take_down(actor: Actor, takedown_id: int, *, automatic: bool = False) -> Takedown:
    """Take the listing off the shelf now; nobody finds it from the commit on, and the cooperative is told why.

    Raises Conflict when it was taken down before.
    """
    actor.must_be(Role.ADMINISTRATOR)
    found = _move(actor, takedown_id, Event.TAKE_DOWN, down_at=clock.now(), automatic=automatic)
    product = db.session.get_one(Product, found.product_id, with_for_update=True, populate_existing=True)
    product.state, product.publish_requested_at = ProductState.WITHDRAWN, None
    product.review_note = found.reason
    product.version += 1
    db.session.flush()
    reindex(product.id)
    touch("goods", f"product:{product.id}", f"cooperative:{product.cooperative_id}")
    tell_managers(product.cooperative_id, DOWN, f"takedown:{found.id}:down", name=product.name,
                  authority=found.authority, number=found.document_number)  # fmt: skip
    return found


def _own_takedown(actor: Actor, takedown_id: int) -> tuple[Takedown, Product]:
    actor.must_be(Role.MANAGER)
    found = db.session.get(Takedown, takedown_id)
    product = db.session.get(Product, found.product_id) if found else None
    mine = of_organisation(actor.organisation_id).id
    if found is None or product is None or product.cooperative_id != mine or found.state == State.ASKED:
        raise NotFound(N_("Không có yêu cầu này."))
    return found, product


def appeal(actor: Actor, takedown_id: int, text: str) -> Takedown:
    """The cooperative asks for another look, saying why. Raises NotFound for another's, Conflict after the first."""
    _own_takedown(actor, takedown_id)
    words = _required(text, 2000, N_("Viết vì sao món này nên được bán lại."), "appeal")
    return _move(actor, takedown_id, Event.APPEAL, appeal=words, appealed_at=clock.now())


def answer_appeal(actor: Actor, takedown_id: int, answer: str, *, lift: bool) -> Takedown:
    """Keep the listing down, or let the cooperative publish it again; it is told either way."""
    actor.must_be(Role.ADMINISTRATOR)
    words = _required(answer, 2000, N_("Viết câu trả lời, hợp tác xã đọc đúng những chữ này."), "answer")
    event = Event.LIFT if lift else Event.KEEP
    found = _move(actor, takedown_id, event, answer=words, answered_at=clock.now())
    product = db.session.get_one(Product, found.product_id)
    tell_managers(product.cooperative_id, ANSWERED, f"takedown:{found.id}:{found.state}", name=product.name)
    return found


def refuse_if_taken_down(product_id: int) -> None:
    """Called before a product is published: Conflict while an authority's request stands against it."""
    found = blocking(product_id)
    if found is not None:
        raise Conflict(
            N_("Món này bị gỡ theo văn bản %(number)s nên chưa bán lại được."),
            remedy=N_("Mở mục Thông báo của chợ để xem lý do và xin xem lại."),
            number=found.document_number,
        )


def take_down_late() -> int:
    """What nobody has acted on two hours before the limit is taken down by the worker; how many."""
    soon = clock.now() + rules.AUTOMATIC_BEFORE
    wanted = (
        select(Takedown.id)
        .where(Takedown.state == State.ASKED, Takedown.due_at <= soon)
        .order_by(Takedown.id)
    )
    ids = list(db.session.execute(wanted.limit(50)).scalars())
    for takedown_id in ids:
        take_down(SYSTEM, takedown_id, automatic=True)
    return len(ids)


# ---- suspension with notice ----


def give_notice(
    actor: Actor, key: str, cooperative_id: int, reason: str, document_number: str = ""
) -> SuspensionNotice:
    """Tell a cooperative that its shop closes in 5 days (a setting), and why. With the number of an authority's
    document it closes at once. Raises Conflict while another notice stands or where the shop is not open.
    """
    actor.must_be(Role.ADMINISTRATOR)
    earlier = db.session.execute(
        select(SuspensionNotice).where(SuspensionNotice.key == key)
    ).scalar_one_or_none()
    if earlier is not None:
        return earlier
    found, now = cooperative(cooperative_id), clock.now()
    standing = select(SuspensionNotice.id).where(
        SuspensionNotice.cooperative_id == cooperative_id, SuspensionNotice.state == NoticeState.GIVEN
    )
    if found.state != "approved" or db.session.execute(standing).first():
        raise Conflict(N_("Gian hàng này không mở, hoặc đã có báo tạm dừng."), remedy=N_("Mở hồ sơ để xem."))
    number = clean(document_number)[:60]
    made = SuspensionNotice(
        key=key, cooperative_id=cooperative_id, document_number=number, given_at=now, given_by_id=actor.user_id,
        reason=_required(reason, 1000, N_("Ghi lý do, hợp tác xã đọc đúng những chữ này."), "reason"),
        effective_at=now if number else now + timedelta(days=limit("suspension_days")),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "give suspension notice", f"suspension_notice:{made.id}", ("reason", "effective_at"))
    if number:
        carry_out(made.id)
    else:
        tell_managers(cooperative_id, NOTICE, f"suspension:{made.id}:given", name=found.name,
                      when=instant(made.effective_at))  # fmt: skip
    return made


def withdraw_notice(actor: Actor, notice_id: int) -> SuspensionNotice:
    """Take a notice back before it takes effect. Raises Conflict afterwards."""
    actor.must_be(Role.ADMINISTRATOR)
    found = _settle(notice_id, NoticeState.WITHDRAWN)
    audit(actor, "withdraw suspension notice", f"suspension_notice:{notice_id}", ("state",))
    tell_managers(found.cooperative_id, WITHDRAWN, f"suspension:{notice_id}:withdrawn",
                  name=cooperative(found.cooperative_id).name)  # fmt: skip
    return found


def _settle(notice_id: int, state: NoticeState) -> SuspensionNotice:
    changed = db.session.execute(
        update(SuspensionNotice)
        .where(SuspensionNotice.id == notice_id, SuspensionNotice.state == NoticeState.GIVEN)
        .values(state=state, settled_at=clock.now())
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(N_("Báo tạm dừng này đã xong."), remedy=N_("Mở lại trang để xem."))
    found = db.session.get_one(SuspensionNotice, notice_id)
    db.session.refresh(found)
    return found


def carry_out(notice_id: int) -> SuspensionNotice:
    """Close the shop as the notice said. Orders under way go on."""
    found = _settle(notice_id, NoticeState.DONE)
    shop = cooperative(found.cooperative_id)
    if shop.state == "approved":
        cooperatives.suspend(SYSTEM, shop.id)
    touch("goods", "cooperatives", f"cooperative:{shop.id}")
    tell_managers(shop.id, CLOSED, f"suspension:{notice_id}:done", name=shop.name)
    return found


def carry_out_due() -> int:
    """Notices whose day has come; how many."""
    wanted = select(SuspensionNotice.id).where(
        SuspensionNotice.state == NoticeState.GIVEN, SuspensionNotice.effective_at <= clock.now()
    )
    ids = list(db.session.execute(wanted.limit(50)).scalars())
    for notice_id in ids:
        carry_out(notice_id)
    return len(ids)
