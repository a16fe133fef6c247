"""The verb that takes a change back."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.history.models import ProductChange
from catalog.history.operations import note, undoing
from catalog.history.rules import Deed, Value
from catalog.models import Pack, Photo, Product
from catalog.operations import (
    Draft,
    after_change,
    edit_pack,
    own_product,
    publish,
    retire_pack,
    save_draft,
    set_price,
    withdraw,
)
from catalog.photos.operations import delete_photo, describe, move_photo
from catalog.photos.rules import Shot
from catalog.rules import PACKS_MAX, PHOTOS_MAX, GtinKind, PhotoState, State, is_restricted
from catalog.weighed.operations import TERMS, band_before, change_weighed
from core import clock
from core.db import db
from core.errors import Conflict, NotFound
from core.i18n import N_

Fields = dict[str, Value]


def undo(actor: Actor, change_id: int) -> Product:
    """Set back what one change of a product did; the product. It is written down as a change that undoes that one.

    Raises Conflict in plain words where it cannot be: changed again since, undone before, sold under that barcode, or
    nothing that can be taken back. NotFound for another cooperative's.
    """
    actor.must_be(Role.MANAGER)
    change = db.session.get(ProductChange, change_id)
    if change is None:
        raise NotFound(N_("Không có lần sửa này."))
    product = own_product(actor, change.product_id)
    _must_be_open(change)
    was, became = json.loads(change.before), json.loads(change.after)
    with undoing(change.id):
        _WAYS[Deed(change.deed)](actor, product, change, was, became)
    audit(actor, "undo", f"product_change:{change.id}", fields=tuple(was))
    db.session.refresh(product)
    return product


def _must_be_open(change: ProductChange) -> None:
    again = db.session.execute(select(ProductChange.id).where(ProductChange.undoes_id == change.id)).first()
    if again is not None:
        raise Conflict(
            N_("Lần sửa này đã hoàn lại rồi."), remedy=N_("Muốn lấy lại thì hoàn lại dòng mới hơn.")
        )


def _must_stand(row: Product | Pack, became: Fields) -> None:
    """What is taken back is still as the change left it."""
    if any(getattr(row, name) != value for name, value in became.items()):
        raise Conflict(N_("Chỗ này đã sửa tiếp sau lần đó."), remedy=N_("Hoàn lại lần sửa mới hơn trước."))


def _words(actor: Actor, product: Product, _change: ProductChange, was: Fields, became: Fields) -> None:
    _must_stand(product, became)
    now = {name: getattr(product, name) for name in asdict(Draft())}
    save_draft(actor, product.cooperative_id, product.key, Draft(**(now | was)))


def _pack_of(change: ProductChange) -> Pack:
    return db.session.get_one(Pack, change.pack_id or 0)


def _pack(actor: Actor, product: Product, change: ProductChange, was: Fields, became: Fields) -> None:
    pack = _pack_of(change)
    _must_stand(pack, became)
    if "gtin" in was:
        _number(actor, product, pack, str(was["gtin"]))
    elif pack.price_per_kg_vnd is not None and was.keys() & set(TERMS):
        change_weighed(actor, pack.id, band_before(pack, was))
    elif "price_vnd" in was:
        set_price(actor, pack.id, int(was["price_vnd"] or 0))
    elif "active" in was:
        retire_pack(actor, pack.id)
    else:
        label, gross = was.get("label", pack.label), was.get("gross_weight_g", pack.gross_weight_g)
        edit_pack(actor, pack.id, label=str(label), gross_weight_g=int(gross or 0), price_vnd=pack.price_vnd)


def _number(actor: Actor, product: Product, pack: Pack, gtin: str) -> None:
    """Give a pack its former number back, unless goods were on sale under the present one, or others have it now."""
    if pack.stocked:
        raise Conflict(
            N_("Đã có hàng bán dưới mã %(gtin)s nên không đổi lại mã cũ được."),
            remedy=N_("Thêm quy cách mới nếu cần mã khác."), gtin=pack.gtin[1:],
        )  # fmt: skip
    if db.session.execute(select(Pack.id).where(Pack.gtin == gtin)).first() is not None:
        raise Conflict(N_("Mã cũ đã dùng cho quy cách khác."), remedy=N_("Mỗi quy cách một mã."))
    before = {"gtin": pack.gtin}
    pack.gtin, pack.gtin_kind = gtin, GtinKind.RESTRICTED if is_restricted(gtin) else GtinKind.OWN
    db.session.flush()
    note(actor, product, Deed.PACK, before, {"gtin": gtin}, pack.id)
    after_change(product)


def _pack_added(
    actor: Actor, _product: Product, change: ProductChange, _was: Fields, _became: Fields
) -> None:
    pack = _pack_of(change)
    if pack.stocked:
        raise Conflict(
            N_("Quy cách này đã có hàng bán dưới mã %(gtin)s nên không bỏ được."),
            remedy=N_("Không muốn bán nữa thì đánh dấu Thôi bán quy cách này."), gtin=pack.gtin[1:],
        )  # fmt: skip
    if not pack.active:
        raise Conflict(N_("Quy cách này đã thôi bán rồi."))
    retire_pack(actor, pack.id)


def _pack_retired(
    actor: Actor, product: Product, change: ProductChange, _was: Fields, _became: Fields
) -> None:
    pack, others = _pack_of(change), [one for one in product.packs if one.active]
    if pack.active:
        raise Conflict(N_("Quy cách này đang bán rồi."))
    same = [one for one in others if (one.label, one.net_quantity) == (pack.label, pack.net_quantity)]
    if same or len(others) >= PACKS_MAX:
        raise Conflict(
            N_("Đã có quy cách khác thay chỗ quy cách này."), remedy=N_("Bỏ bớt một quy cách rồi hoàn lại.")
        )
    pack.active = True
    db.session.flush()
    note(actor, product, Deed.PACK, {"active": False}, {"active": True}, pack.id)
    after_change(product)


def _state(actor: Actor, product: Product, _change: ProductChange, was: Fields, became: Fields) -> None:
    _must_stand(product, became)
    if became["state"] == State.PUBLISHED and was["state"] in (State.DRAFT, State.WITHDRAWN):
        withdraw(actor, product.id)
    elif (was["state"], became["state"]) == (State.PUBLISHED, State.WITHDRAWN):
        publish(actor, product.id)
    else:
        raise Conflict(
            N_("Bước này do người của chợ xem nên không hoàn lại được."),
            remedy=N_("Sửa chữ rồi bấm Đăng bán."),
        )


def _must_be_there(change: ProductChange) -> None:
    if db.session.get(Photo, change.photo_id or 0) is None:
        raise Conflict(N_("Ảnh này đã xoá rồi."), remedy=N_("Hoàn lại lần xoá ảnh trước."))


def _photo_added(
    actor: Actor, _product: Product, change: ProductChange, _was: Fields, _became: Fields
) -> None:
    _must_be_there(change)
    delete_photo(actor, change.photo_id or 0)


def _photo(actor: Actor, _product: Product, change: ProductChange, was: Fields, _became: Fields) -> None:
    _must_be_there(change)
    if "position" in was:
        move_photo(actor, change.photo_id or 0, int(was["position"] or 0))
    else:
        photo = db.session.get_one(Photo, change.photo_id)
        shot = was.get("shot", photo.shot)
        describe(actor, photo.id, str(was.get("alt", photo.alt)), Shot(str(shot)) if shot else None)


def _photo_deleted(
    actor: Actor, product: Product, _change: ProductChange, was: Fields, _became: Fields
) -> None:
    if was["state"] != PhotoState.READY:
        raise Conflict(N_("Ảnh này chưa xử lý xong lúc bị xoá."), remedy=N_("Chụp hoặc chọn lại ảnh."))
    place = len(product.photos)
    if place >= PHOTOS_MAX:
        raise Conflict(N_("Món đã đủ ảnh."), remedy=N_("Xoá bớt một ảnh rồi hoàn lại."))
    again = Photo(**was, key=f"undo:{secrets.token_urlsafe(12)}", product_id=product.id, position=place, cover=False,
                  work_state="done", added_at=clock.now())  # fmt: skip
    db.session.add(again)
    db.session.flush()
    note(actor, product, Deed.PHOTO_ADDED, {}, {"alt": again.alt}, photo_id=again.id)
    after_change(product)


def _never(_actor: Actor, _product: Product, change: ProductChange, _was: Fields, _became: Fields) -> None:
    if change.deed == Deed.CREATED:
        raise Conflict(
            N_("Đây là lúc ghi món lần đầu."), remedy=N_("Không bán nữa thì bấm Cất đi, thôi bán.")
        )
    raise Conflict(N_("Đã nhận rồi thì không trả lại được."), remedy=N_("Chỗ nào sai thì sửa chỗ đó."))


_WAYS: dict[Deed, Callable[[Actor, Product, ProductChange, Fields, Fields], None]] = {
    Deed.CREATED: _never,
    Deed.CONFIRMED: _never,
    Deed.WORDS: _words,
    Deed.PACK: _pack,
    Deed.PACK_ADDED: _pack_added,
    Deed.PACK_RETIRED: _pack_retired,
    Deed.STATE: _state,
    Deed.PHOTO_ADDED: _photo_added,
    Deed.PHOTO: _photo,
    Deed.PHOTO_DELETED: _photo_deleted,
}
