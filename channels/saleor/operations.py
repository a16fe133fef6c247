"""Verbs of people: allow a shop, pause it, sell in it or not, mend or refuse an order of it."""

from datetime import timedelta

from sqlalchemy import select, update

from accounts.operations import audit
from accounts.rules import Actor, Role, normalise_phone
from catalog.models import Product
from channels.saleor import queries
from channels.saleor.models import SaleorInstance, SaleorListing, SaleorOrder, SaleorSeller
from channels.saleor.rules import InstanceState, ListingState, OrderState, is_api
from cooperatives.queries import of_organisation
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.i18n import N_
from core.once import one_at_a_time
from core.text import clean
from places.queries import find_address
from revenue.collector.queries import collector_of

CHANNEL_DEFAULT = "vietnam"
HEARD_EVERY = timedelta(seconds=30)


def allow_instance(actor: Actor, label: str, api_url: str, channel_slug: str) -> SaleorInstance:
    """Put a shop on the list of those that may install the app. The collector takes its buyers' money.

    Raises Invalid for an address that cannot be one, or that is on the list already; NotFound for anybody but a
    collector's manager.
    """
    actor.must_be(Role.MANAGER)
    own = collector_of(actor.organisation_id).id
    address, name, channel = api_url.strip(), clean(label)[:60], clean(channel_slug)[:60] or CHANNEL_DEFAULT
    if not is_api(address):
        raise Invalid(
            N_("Địa chỉ chưa đúng."), remedy=N_("Chép địa chỉ API của cửa hàng, ví dụ https://shop.example/graphql/."),
            field="api_url",
        )  # fmt: skip
    if not name:
        raise Invalid(N_("Chưa có tên cửa hàng."), remedy=N_("Ghi tên để bà con nhận ra."), field="label")
    one_at_a_time("saleor-instance", address)
    if queries.instance_at(address) is not None:
        raise Invalid(N_("Cửa hàng này đã có trong danh sách."), field="api_url")
    made = SaleorInstance(
        organisation_id=own, label=name, api_url=address, channel_slug=channel, state=InstanceState.ALLOWED,
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "allow_saleor", f"saleor_instance:{made.id}", ("api_url", "channel_slug"))
    return made


def set_paused(actor: Actor, instance_id: int, *, paused: bool) -> SaleorInstance:
    """Stop speaking to a shop, or speak again. Raises Conflict before it was installed."""
    actor.must_be(Role.MANAGER)
    found = queries.instance_for(instance_id, collector_of(actor.organisation_id).id)
    if found.state == InstanceState.ALLOWED:
        raise Conflict(N_("Cửa hàng chưa cài ứng dụng."), remedy=N_("Cài xong rồi mới ngừng được."))
    found.state = InstanceState.PAUSED if paused else InstanceState.INSTALLED
    found.pause_until = None
    audit(actor, "pause_saleor", f"saleor_instance:{instance_id}", ("state",))
    return found


def sell_there(actor: Actor, instance_id: int, *, joined: bool) -> None:
    """A cooperative's goods go to a shop, or leave it: the worker follows within seconds. Twice is harmless."""
    actor.must_be(Role.MANAGER)
    own = of_organisation(actor.organisation_id).id
    found = queries.instance(instance_id)
    if found.state == InstanceState.ALLOWED:
        raise Conflict(N_("Cửa hàng này chưa mở."), remedy=N_("Chờ bên thu hộ nối xong."))
    one_at_a_time("saleor-seller", f"{instance_id}:{own}")
    row = db.session.get(SaleorSeller, (instance_id, own), populate_existing=True)
    if row is None:
        row = SaleorSeller(
            instance_id=instance_id, cooperative_id=own, joined_at=clock.now(), left_at=clock.now()
        )
        db.session.add(row)
    if joined and row.left_at is not None:
        row.joined_at, row.left_at = clock.now(), None
    elif not joined and row.left_at is None:
        row.left_at = clock.now()
    db.session.flush()
    audit(actor, "sell_at_saleor", f"saleor_instance:{instance_id}", ("joined_at", "left_at"))


def try_listings(actor: Actor, instance_id: int) -> int:
    """Send a cooperative's refused goods again now; how many."""
    actor.must_be(Role.MANAGER)
    own = of_organisation(actor.organisation_id).id
    mine = select(Product.id).where(Product.cooperative_id == own)
    done = db.session.execute(
        update(SaleorListing)
        .where(SaleorListing.instance_id == instance_id, SaleorListing.product_id.in_(mine))
        .where(SaleorListing.fault != "")
        .values(state=ListingState.PENDING, due_at=None, media_hash="")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _own_order(actor: Actor, instance_id: int, row_id: int) -> SaleorOrder:
    actor.must_be(Role.MANAGER)
    queries.instance_for(instance_id, collector_of(actor.organisation_id).id)
    queries.order_row(instance_id, row_id)
    return db.session.get_one(SaleorOrder, row_id, with_for_update=True, populate_existing=True)


def mend_order(
    actor: Actor, instance_id: int, row_id: int, *, phone: str = "", place: str = ""
) -> SaleorOrder:
    """Write the phone number or the commune that a shop's order lacks, and try it again.

    place: "xã Côn Minh, Thái Nguyên", old names too. Raises Invalid where it names no commune, or several.
    """
    row = _own_order(actor, instance_id, row_id)
    if phone.strip():
        row.phone = normalise_phone(phone)
    if place.strip():
        found = find_address(place)
        if found.exact is None:
            names = ", ".join(one.name for one in found.candidates[:5])
            raise Invalid(
                N_("Chưa rõ là xã nào. %(names)s"), remedy=N_("Ghi đủ xã và tỉnh, ví dụ: xã Côn Minh, Thái Nguyên."),
                field="place", names=names,
            )  # fmt: skip
        row.commune_id = found.exact.id
    knock_again(row)
    audit(actor, "mend_saleor_order", f"saleor_order:{row_id}", ("phone", "commune_id"))
    return row


def refuse_order(actor: Actor, instance_id: int, row_id: int) -> SaleorOrder:
    """An order that is not taken: it is cancelled in the shop. Raises Conflict for one that is ours already."""
    row = _own_order(actor, instance_id, row_id)
    if row.purchase_id is not None or row.state == OrderState.ENDED:
        raise Conflict(N_("Đơn này chợ đã nhận."), remedy=N_("Mở đơn của chợ rồi huỷ ở đó."))
    row.refused = True
    knock_again(row)
    audit(actor, "refuse_saleor_order", f"saleor_order:{row_id}", ("refused",))
    return row


def knock_again(row: SaleorOrder) -> None:
    """Let the worker look at an order now."""
    row.knock_count += 1
    if row.work_state != "working":
        row.work_state, row.work_due_at, row.work_attempts = "pending", None, 0
    db.session.flush()


def knock(instance_id: int, remote_id: str, number: str = "") -> SaleorOrder:
    """Something happened to an order of a shop: the worker reads it there. Any number of times, in any order."""
    one_at_a_time("saleor-order", f"{instance_id}:{remote_id}")
    row = db.session.execute(
        select(SaleorOrder)
        .where(SaleorOrder.instance_id == instance_id, SaleorOrder.remote_id == remote_id)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        row = SaleorOrder(
            instance_id=instance_id,
            remote_id=remote_id[:200],
            number=clean(number)[:40],
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row
    knock_again(row)
    return row


def heard(instance_id: int) -> None:
    """A shop spoke to us and proved it. Noted to the half minute, so that a rush of news is not a rush of writes."""
    now = clock.now()
    db.session.execute(
        update(SaleorInstance)
        .where(SaleorInstance.id == instance_id)
        .where(SaleorInstance.heard_at.is_(None) | (SaleorInstance.heard_at < now - HEARD_EVERY))
        .values(heard_at=now)
    )
