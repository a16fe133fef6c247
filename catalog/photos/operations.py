"""Verbs of pictures: accept at once, finish later, order, describe, delete."""

from sqlalchemy import delete, func, select, update

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor
from catalog.history.operations import note
from catalog.history.rules import Deed, Value
from catalog.models import Photo, Product
from catalog.operations import after_change, follow_photo, own_product
from catalog.photos.darkroom import paper_safely
from catalog.photos.heads import NotAPicture, Served
from catalog.photos.rules import Shot, suggested_alt
from catalog.rules import PHOTO_MAX_BYTES, PHOTOS_MAX, PhotoState
from core import clock, files, work
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.pages import touch
from core.text import clean
from places.queries import place_name

ALT_MAX_CHARS = 200


def add_photo(
    actor: Actor, product_id: int, key: str, original: str, alt: str = "", *, shot: Shot | None = None
) -> Photo:
    """Take in a picture: a row in state pending that the worker will finish. The same key again is the same picture.

    original: name of the private file with the bytes as sent, which `heads.sniff` accepted. alt: empty for the words
    that shot, product and place suggest.
    """
    product = own_product(actor, product_id)
    same = _sent_before(key, product)
    if same is not None:
        return same
    position = _next_position(product.id)
    if position >= PHOTOS_MAX:
        raise Invalid(
            N_("Mỗi món có nhiều nhất %(most)s ảnh."),
            remedy=N_("Xóa bớt một ảnh."),
            field="photos",
            most=PHOTOS_MAX,
        )
    return _pending(actor, key, product, original, position, _alt(alt) or suggested(product, shot), shot)


def replace_photo(actor: Actor, photo_id: int, key: str, original: str) -> Photo:
    """Take a picture again. The old one is shown until the new one is ready, which then takes its place and words.

    The same key again is the same picture.
    """
    photo, product = _own_photo(actor, photo_id)
    same = _sent_before(key, product)
    if same is not None:
        return same
    made = _pending(actor, key, product, original, photo.position, photo.alt, photo.shot)
    made.replaces_id = photo.id
    db.session.flush()
    return made


def _sent_before(key: str, product: Product) -> Photo | None:
    same = db.session.execute(select(Photo).where(Photo.key == key)).scalar_one_or_none()
    if same is not None and same.product_id != product.id:
        raise NotFound(N_("Không có ảnh này."))
    return same


def _pending(
    actor: Actor, key: str, product: Product, original: str, position: int, alt: str, shot: str | None
) -> Photo:
    photo = Photo(key=key, product_id=product.id, original=original, alt=alt, position=position, shot=shot,
                  state=PhotoState.PENDING, cover=False, added_at=clock.now())  # fmt: skip
    db.session.add(photo)
    db.session.flush()
    note(actor, product, Deed.PHOTO_ADDED, {}, {"alt": alt}, photo_id=photo.id)
    audit(actor, "add photo", f"photo:{photo.id}")
    return photo


def suggested(product: Product, shot: Shot | None) -> str:
    """Words for a reader who does not see the picture, from the product's name and where it is made."""
    place = place_name(product.origin_commune_id).full if product.origin_commune_id else ""
    return suggested_alt(shot, product.name, place)[:ALT_MAX_CHARS] if product.name else ""


def add_illustration(actor: Actor, product_id: int, name: str, alt: str, shot: Shot | None = None) -> Photo:
    """Show one of our drawings where a photo will be; readers see that it is drawn.

    name: of static/img/products/<name>.svg.
    """
    product = own_product(actor, product_id)
    key = f"illustration:{product.id}:{name}"
    same = db.session.execute(select(Photo).where(Photo.key == key)).scalar_one_or_none()
    if same is not None:
        return same
    photo = Photo(
        key=key,
        product_id=product.id,
        illustration=name,
        alt=_alt(alt),
        shot=shot,
        position=_next_position(product.id),
        state=PhotoState.READY,
        cover=False,
        work_state="done",
        added_at=clock.now(),
    )
    db.session.add(photo)
    db.session.flush()
    after_change(product)
    return photo


def _alt(text: str) -> str:
    return clean(text)[:ALT_MAX_CHARS]


def _next_position(product_id: int) -> int:
    """How many pictures there are; one taken again counts once."""
    mine = select(func.count()).where(Photo.product_id == product_id, Photo.replaces_id.is_(None))
    return int(db.session.execute(mine).scalar_one())


def _own_photo(actor: Actor, photo_id: int) -> tuple[Photo, Product]:
    photo = db.session.get(Photo, photo_id)
    if photo is None:
        raise NotFound(N_("Không có ảnh này."))
    return photo, own_product(actor, photo.product_id)


def product_of(actor: Actor, photo_id: int) -> int:
    """The product a photo of the actor's cooperative belongs to. Raises NotFound."""
    return _own_photo(actor, photo_id)[1].id


def shift_photo(actor: Actor, photo_id: int, by: int) -> None:
    """Move a picture so many places later (or earlier, below 0)."""
    photo, _product = _own_photo(actor, photo_id)
    move_photo(actor, photo_id, max(0, photo.position + by))


def describe(actor: Actor, photo_id: int, alt: str, shot: Shot | None = None) -> Photo:
    """Say which shot a picture is, and in words what it shows, for people who do not see it.

    Words that were only suggested for another shot are suggested anew.
    """
    photo, product = _own_photo(actor, photo_id)
    before = {"alt": photo.alt, "shot": photo.shot}
    untouched = _alt(alt) in ("", suggested(product, Shot(photo.shot) if photo.shot else None))
    photo.alt = suggested(product, shot) if untouched else _alt(alt)
    photo.shot = shot
    db.session.flush()
    note(actor, product, Deed.PHOTO, before, {"alt": photo.alt, "shot": shot}, photo_id=photo.id)
    after_change(product)
    return photo


def move_photo(actor: Actor, photo_id: int, position: int) -> None:
    """Put a picture at a place from 0; 0 makes it the cover once it is ready."""
    photo, product = _own_photo(actor, photo_id)
    order = [one for one in _in_order(product.id) if one.id != photo.id]
    order.insert(max(0, min(position, len(order))), photo)
    before = {"position": photo.position}
    for place, one in enumerate(order):
        one.position = place
    db.session.flush()
    note(actor, product, Deed.PHOTO, before, {"position": photo.position}, photo_id=photo.id)
    after_change(product)


def delete_photo(actor: Actor, photo_id: int) -> None:
    """Take a picture away. A product on sale keeps at least one: else FormErrors, and nothing is changed."""
    photo, product = _own_photo(actor, photo_id)
    note(actor, product, Deed.PHOTO_DELETED, _kept_of(photo), {}, photo_id=photo.id)
    _remove(photo.id, product.id)
    audit(actor, "delete photo", f"photo:{photo_id}")
    after_change(product)


def _kept_of(photo: Photo) -> dict[str, Value]:
    """What is needed to show this picture again: its files stay, named by their content."""
    own = ("id", "key", "product_id", "position", "cover", "added_at", "replaces_id")
    names = [
        one.key for one in Photo.__table__.columns if one.key not in own and not one.key.startswith("work_")
    ]
    return {name: value for name in names if isinstance(value := getattr(photo, name), str | int)}


def _remove(photo_id: int, product_id: int, heir_id: int | None = None) -> None:
    """Delete a row; what was to replace it replaces its heir."""
    waiting = (Photo.replaces_id == photo_id, Photo.id != (heir_id or 0))
    db.session.execute(update(Photo).where(*waiting).values(replaces_id=heir_id))
    db.session.execute(delete(Photo).where(Photo.id == photo_id))
    touch("goods", f"product:{product_id}")
    db.session.expire_all()
    for place, one in enumerate(_in_order(product_id)):
        one.position = place
    db.session.flush()


def _in_order(product_id: int) -> list[Photo]:
    wanted = select(Photo).where(Photo.product_id == product_id).order_by(Photo.position, Photo.id)
    return list(db.session.execute(wanted).scalars())


def store(served: Served) -> dict[str, object]:
    """Write the finished files to the public store; the columns that name them."""
    names = {f"file_{width}": files.put(data, ".webp", public=True) for width, data in served.webp.items()}
    names["file_jpeg"] = files.put(served.jpeg, ".jpg", public=True)
    numbers = ("width_px", "height_px", "sent_width_px", "sent_height_px", "brightness", "sharpness")
    return names | {name: getattr(served, name) for name in numbers}


def keep_paper(data: bytes) -> str:
    """Store a certificate's scan privately and return its name: a PDF as sent, a photo drawn again without metadata.

    Raises Invalid at field "scan" for anything else and for what is too heavy.
    """
    if data.startswith(b"%PDF-") and len(data) <= PHOTO_MAX_BYTES:
        return files.put(data, ".pdf")
    if data.startswith(b"%PDF-"):
        raise Invalid(
            N_("Tệp PDF nặng quá 16 MB."), remedy=N_("Chụp ảnh trang giấy rồi gửi ảnh."), field="scan"
        )
    try:
        return files.put(paper_safely(data), ".jpg")
    except NotAPicture as error:
        raise Invalid(
            error.message, remedy=N_("Gửi tệp PDF, hoặc ảnh chụp rõ trang giấy."), field="scan"
        ) from error


def finish(photo_id: int, columns: dict[str, object]) -> None:
    """The worker's effect: the picture is ready, takes the place of the one it replaces, and stands on the card if it
    is the first."""
    if work.settle(Photo, photo_id, state=PhotoState.READY, error=None, **columns):
        db.session.expire_all()
        photo = db.session.get_one(Photo, photo_id)
        if photo.replaces_id is not None:
            _take_place(photo)
        if not photo.alt:  # it was sent before the product had a name
            product = db.session.get_one(Product, photo.product_id)
            photo.alt = suggested(product, Shot(photo.shot) if photo.shot else None)
        follow_photo(photo.product_id)


def _take_place(photo: Photo) -> None:
    """Words, shot, place and cover of the one it replaces pass over, as they are by now."""
    old = db.session.get_one(Photo, photo.replaces_id)
    photo.position, photo.alt, photo.shot, photo.replaces_id = old.position, old.alt, old.shot, None
    db.session.flush()
    product = db.session.get_one(Product, photo.product_id)
    note(SYSTEM, product, Deed.PHOTO_DELETED, _kept_of(old), {}, photo_id=old.id)
    _remove(old.id, photo.product_id, heir_id=photo.id)


def add_stamp(photo_id: int, name: str) -> None:
    """The worker's effect for a photo older than stamps. name: of the public file; empty where none can be made."""
    photo = db.session.get(Photo, photo_id)
    if photo is not None and photo.file_160 is None:
        photo.file_160 = name
        db.session.flush()
        touch(*photo.page_tags())


def fail(photo_id: int, message: str) -> None:
    """The worker could not show it; the manager sees why, and what it was to replace stays."""
    if work.settle(Photo, photo_id, state=PhotoState.FAILED, error=message):
        db.session.expire_all()
        follow_photo(db.session.get_one(Photo, photo_id).product_id)
