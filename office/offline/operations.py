"""What a phone hands in, each exactly once: a repeated key is answered as before and changes nothing."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from accounts.drafts.operations import drop_draft
from accounts.operations import audit
from accounts.phone import check_key, since
from accounts.rules import Actor
from catalog.models import Photo, Product
from catalog.operations import Draft, add_pack, save_draft
from catalog.photos.operations import add_photo
from catalog.weighed.operations import add_weighed
from catalog.weighed.rules import Band
from cooperatives.queries import of_organisation
from core import clock, once
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from office.offline.queries import WEIGHERS, names
from revenue.slips.operations import weigh_and_advance
from traceability.models import Slip


@dataclass(frozen=True)
class PhoneProduct:
    """The few things asked where there is no line; the rest is added later. net_quantity: whole g, ml or pieces.

    band: of goods weighed at packing, begun on the longer form with a line; then there is no amount and no price.
    """

    name: str
    category_id: int | None = None
    story: str = ""
    net_quantity: int | None = None
    net_unit: str = "g"
    price_vnd: int | None = None
    label: str = ""
    ingredients: str = ""
    usage: str = ""
    storage: str = ""
    warning: str = ""
    band: Band | None = None


def product_from_phone(actor: Actor, key: str, sent: PhoneProduct) -> int:
    """Make a draft product under the phone's key; its id. What came once is never written over by a late repeat.

    Raises Conflict when the key came with other words, or was finished on another page meanwhile.
    """
    coop = of_organisation(actor.organisation_id)
    key, body = check_key(key), asdict(sent) | {"cooperative": coop.id}
    once.one_at_a_time("phone product", key)
    earlier = once.done_before("phone product", key, body)
    if earlier is not None:
        return int(earlier)
    if db.session.execute(select(Product.id).where(Product.key == key)).scalar_one_or_none() is not None:
        raise Conflict(N_("Món này đã gửi rồi, ở một trang khác."), remedy=N_("Xem ở trang Hàng."))
    words = Draft(
        name=sent.name, category_id=sent.category_id, story=sent.story, origin_commune_id=coop.commune_id,
        ingredients=sent.ingredients, usage=sent.usage, storage=sent.storage, warning=sent.warning,
    )  # fmt: skip
    product_id = save_draft(actor, coop.id, key, words).id
    if sent.net_quantity is not None or sent.price_vnd is not None or sent.band is not None:
        _pack(actor, product_id, sent)
    once.remember("phone product", key, body, str(product_id))
    drop_draft(actor, key)
    return product_id


def _pack(actor: Actor, product_id: int, sent: PhoneProduct) -> None:
    """Its one pack. A price without an amount, or the reverse, is asked for: nothing typed is dropped silently."""
    if sent.band is not None and sent.price_vnd is not None:
        raise Invalid(
            N_("Món này đã ghi giá một ki-lô."),
            remedy=N_("Cân khi gói thì xoá ô giá bán."),
            field="price_vnd",
        )
    if sent.band is not None:
        add_weighed(actor, product_id, sent.band)
        return
    if sent.net_quantity is None:
        raise Invalid(N_("Ghi lượng trong một gói, ví dụ 500."), field="net_quantity")
    if sent.price_vnd is None:
        raise Invalid(N_("Ghi giá bán, ví dụ 65000."), field="price_vnd")
    add_pack(actor, product_id, label=sent.label, net_quantity=sent.net_quantity, net_unit=sent.net_unit,
             price_vnd=sent.price_vnd)  # fmt: skip


def photo_from_phone(actor: Actor, key: str, photo_key: str, original: str) -> int:
    """Add a picture to the product of this key; its id. original: name of the private file as sent, already looked at.

    A picture that was taken away again since it first came does not come back with a late repeat.
    """
    body = {"product": check_key(key)}
    once.one_at_a_time("phone photo", check_key(photo_key))
    earlier = once.done_before("phone photo", photo_key, body)
    if earlier is not None:
        return int(earlier)
    product_id = db.session.execute(select(Product.id).where(Product.key == key)).scalar_one_or_none()
    if product_id is None:
        raise NotFound(N_("Không có món này."))
    photo: Photo = add_photo(actor, product_id, f"phone:{photo_key}", original)
    once.remember("phone photo", photo_key, body, str(photo.id))
    return photo.id


def slip_from_phone(actor: Actor, key: str, ago_s: str, **figures: Any) -> Slip:
    """Write a slip that was agreed at the scale some seconds ago. `figures` as `weigh_and_advance` takes them.

    The same key gives the same slip. Raises what weighing raises, SlipChanged for other figures under the key.
    """
    slip = weigh_and_advance(actor, key=check_key(key), weighed_at=clock.now() - since(ago_s), **figures)
    drop_draft(actor, key)
    return slip


def take_names(actor: Actor) -> dict[str, Any]:
    """Hand the names of an offline slip to the actor's phone, and leave a line in the book that it was done."""
    actor.must_be(*WEIGHERS)
    found = names(actor)
    audit(actor, "take names along", f"organisation:{actor.organisation_id}", purpose="offline slip")
    return found
