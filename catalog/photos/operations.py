"""Verbs of pictures: accept at once, finish later, order, describe, delete."""

from sqlalchemy import delete, func, select

from accounts.operations import audit
from accounts.rules import Actor
from catalog.models import Photo, Product
from catalog.operations import after_change, follow_photo, own_product
from catalog.photos.pictures import NotAPicture, Served, paper
from catalog.rules import PHOTO_MAX_BYTES, PHOTOS_MAX, PhotoState
from core import clock, files, work
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.text import clean

ALT_MAX_CHARS = 200


def add_photo(actor: Actor, product_id: int, key: str, original: str, alt: str = "") -> Photo:
    """Take in a picture: a row in state pending that the worker will finish. The same key again is the same picture.

    original: name of the private file with the bytes as sent, which `pictures.sniff` accepted.
    """
    product = own_product(actor, product_id)
    same = db.session.execute(select(Photo).where(Photo.key == key)).scalar_one_or_none()
    if same is not None:
        if same.product_id != product.id:
            raise NotFound(N_("Không có ảnh này."))
        return same
    position = _next_position(product.id)
    if position >= PHOTOS_MAX:
        raise Invalid(
            N_("Mỗi món có nhiều nhất %(most)s ảnh."),
            remedy=N_("Xóa bớt một ảnh."),
            field="photos",
            most=PHOTOS_MAX,
        )
    photo = Photo(key=key, product_id=product.id, original=original, alt=_alt(alt) or product.name, position=position,
                  state=PhotoState.PENDING, cover=False, added_at=clock.now())  # fmt: skip
    db.session.add(photo)
    db.session.flush()
    audit(actor, "add photo", f"photo:{photo.id}")
    return photo


def add_illustration(actor: Actor, product_id: int, name: str, alt: str) -> Photo:
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
    return int(db.session.execute(select(func.count()).where(Photo.product_id == product_id)).scalar_one())


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


def describe(actor: Actor, photo_id: int, alt: str) -> Photo:
    """Say in words what a picture shows, for people who do not see it."""
    photo, product = _own_photo(actor, photo_id)
    photo.alt = _alt(alt) or product.name
    db.session.flush()
    after_change(product)
    return photo


def move_photo(actor: Actor, photo_id: int, position: int) -> None:
    """Put a picture at a place from 0; 0 makes it the cover once it is ready."""
    photo, product = _own_photo(actor, photo_id)
    order = [one for one in _in_order(product.id) if one.id != photo.id]
    order.insert(max(0, min(position, len(order))), photo)
    for place, one in enumerate(order):
        one.position = place
    db.session.flush()
    after_change(product)


def delete_photo(actor: Actor, photo_id: int) -> None:
    """Take a picture away. A product on sale keeps at least one: else FormErrors, and nothing is changed."""
    photo, product = _own_photo(actor, photo_id)
    db.session.execute(delete(Photo).where(Photo.id == photo.id))
    db.session.expire_all()
    for place, one in enumerate(_in_order(product.id)):
        one.position = place
    db.session.flush()
    audit(actor, "delete photo", f"photo:{photo_id}")
    after_change(product)


def _in_order(product_id: int) -> list[Photo]:
    wanted = select(Photo).where(Photo.product_id == product_id).order_by(Photo.position, Photo.id)
    return list(db.session.execute(wanted).scalars())


def store(served: Served) -> dict[str, object]:
    """Write the finished files to the public store; the columns that name them."""
    names = {f"file_{width}": files.put(data, ".webp", public=True) for width, data in served.webp.items()}
    names["file_jpeg"] = files.put(served.jpeg, ".jpg", public=True)
    return names | {"width_px": served.width_px, "height_px": served.height_px}


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
        return files.put(paper(data), ".jpg")
    except NotAPicture as error:
        raise Invalid(
            error.message, remedy=N_("Gửi tệp PDF, hoặc ảnh chụp rõ trang giấy."), field="scan"
        ) from error


def finish(photo_id: int, columns: dict[str, object]) -> None:
    """The worker's effect: the picture is ready, and stands on the card if it is the first."""
    if work.settle(Photo, photo_id, state=PhotoState.READY, error=None, **columns):
        _follow(photo_id)


def fail(photo_id: int, message: str) -> None:
    """The worker could not show it; the manager sees why."""
    if work.settle(Photo, photo_id, state=PhotoState.FAILED, error=message):
        _follow(photo_id)


def _follow(photo_id: int) -> None:
    db.session.expire_all()
    follow_photo(db.session.get_one(Photo, photo_id).product_id)
