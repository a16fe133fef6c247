import secrets
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from catalog import queries, tasks
from catalog.models import Photo
from catalog.photos import operations as photos
from catalog.photos import pictures
from catalog.photos.pictures import NotAPicture
from catalog.photos.queries import photo_set
from catalog.photos.rules import Shot
from core import files
from core.db import db, transaction
from core.errors import FormErrors, Invalid, NotFound
from tests.catalog import phone
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of

COLOURS = [phone.RED, phone.GREEN, phone.BLUE, phone.YELLOW]


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation):
    served = pictures.make(phone.jpeg(orientation))
    for data in (*served.webp.values(), served.jpeg):
        assert all(phone.near(*pair) for pair in zip(phone.corners(opened(data)), COLOURS, strict=True))


def test_nothing_but_pixels_is_served():
    sent = phone.jpeg(6, icc_profile=phone.display_p3())
    assert b"thon Che Co" in sent and b"Exif" in sent
    served = pictures.make(sent)
    for data in (*served.webp.values(), served.jpeg):
        image = opened(data)
        assert not image.getexif() and "icc_profile" not in image.info and "comment" not in image.info
        assert not any(
            mark in data for mark in (b"Exif", b"EXIF", b"XMP", b"ICC", b"Che Co", b"GPS", b"Photoshop")
        )


def test_display_p3_becomes_srgb():
    strong = Image.new("RGB", (800, 600), (0, 255, 0))
    plain = opened(
        pictures.make(phone.encoded("PNG", Image.new("RGB", (800, 600), (180, 120, 60)))).webp[640]
    )
    converted = opened(
        pictures.make(
            phone.encoded("PNG", Image.new("RGB", (800, 600), (180, 120, 60)), icc_profile=phone.display_p3())
        ).webp[640]
    )
    assert phone.near(plain.convert("RGB").getpixel((99, 99)), (180, 120, 60), 4)
    red, _green, blue = converted.convert("RGB").getpixel((99, 99))
    assert red > 183 and blue < 57
    assert pictures.make(phone.encoded("PNG", strong, icc_profile=b"broken profile")).jpeg


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_each_format_is_taken(kind):
    served = pictures.make(phone.encoded(kind))
    assert {width: opened(data).width for width, data in served.webp.items()} == {
        1280: 1280,
        640: 640,
        320: 320,
        160: 160,
    }
    assert opened(served.jpeg).format == "JPEG" and (served.width_px, served.height_px) == (1280, 960)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "CMYK"])
def test_every_way_of_storing_colour_is_taken(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = (
        Image.new("I;16", (400, 300), 40_000) if mode == "I;16" else phone.upright((400, 300)).convert(mode)
    )
    assert opened(pictures.make(phone.encoded(kind, image)).webp[320]).mode == "RGB"


def test_transparent_parts_lie_on_white():
    served = pictures.make(phone.encoded("PNG", Image.new("RGBA", (400, 300), (0, 0, 0, 0))))
    assert phone.near(opened(served.jpeg).getpixel((50, 50)), (255, 255, 255), 3)


def test_small_pictures_are_not_blown_up():
    served = pictures.make(phone.jpeg(1, phone.upright((500, 400))))
    assert {width: opened(data).width for width, data in served.webp.items()} == {
        1280: 500,
        640: 500,
        320: 320,
        160: 160,
    }


def test_even_noise_stays_light_enough_for_one_bar():
    noise = Image.effect_noise((2000, 2000), 120).convert("RGB")
    served = pictures.make(phone.encoded("JPEG", noise, quality=90))
    assert (
        len(served.webp[640]) <= 40_000
        and len(served.webp[320]) <= 20_000
        and len(served.webp[1280]) <= 120_000
        and len(served.webp[160]) <= 1_500
    )


def _png_of(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "không phải ảnh"),
        (b"<!doctype html><script>alert(1)</script>", "không phải ảnh"),
        (b"PK\x03\x04" + b"\0" * 500, "không phải ảnh"),
        (b"GIF89a" + b"\0" * 500, "không phải ảnh"),
        (b"%PDF-1.7" + b"\0" * 500, "không phải ảnh"),
        (b"\xff\xd8\xff" + b"<script>" * 50, "hỏng"),
        (phone.jpeg()[:200], "hỏng"),
        (_png_of(9000, 9000), "50 triệu"),
        (_png_of(100_000, 100_000), "50 triệu"),
        (phone.encoded("PNG", phone.upright((40, 40))), "nhỏ quá"),
        (b"\xff\xd8\xff" + b"\0" * (16 * 1024 * 1024), "16 MB"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_reason(data, words):
    with pytest.raises(NotAPicture, match=words):
        pictures.make(data)


def test_hundreds_of_broken_uploads_crash_nothing():
    import random

    chance = random.Random(7)
    samples = [phone.jpeg(6, phone.upright((320, 240))), phone.encoded("PNG", phone.upright((320, 240))),
               phone.encoded("WEBP", phone.upright((320, 240)))]  # fmt: skip
    outcomes = set()
    for _ in range(300):
        data = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            pictures.make(bytes(data[: chance.randint(len(data) // 2, len(data))]))
            outcomes.add("served")
        except NotAPicture:
            outcomes.add("refused")
    assert "refused" in outcomes


# ---- with a database ----


@pytest.fixture
def product(ctx):
    return create_product(create_cooperative(), illustration="nam")


@pytest.fixture
def manager(product):
    return manager_of(queries.product(product.id) and _coop(product))


def _coop(product):
    from cooperatives.queries import cooperative

    return cooperative(product.cooperative_id)


def add(manager, product, data=None, key=None):
    original = files.put(data or phone.jpeg(6), ".bin")
    with transaction():
        return photos.add_photo(manager, product.id, key or secrets.token_hex(8), original).id


def test_a_photo_is_pending_until_the_worker_has_finished_it(manager, product):
    photo_id = add(manager, product)
    assert db.session.get_one(Photo, photo_id).state == "pending"
    assert tasks.finish_photos() == 1 and tasks.finish_photos() == 0
    photo = db.session.get_one(Photo, photo_id)
    assert (photo.state, photo.width_px, photo.height_px) == ("ready", 1280, 960)
    assert all(
        name.startswith("p/") for name in (photo.file_320, photo.file_640, photo.file_1280, photo.file_jpeg)
    )
    assert photo.original.startswith("x/")


def test_the_same_photo_sent_twice_is_one(manager, product):
    assert add(manager, product, key="same-photo") == add(manager, product, key="same-photo")


def test_photos_older_than_stamps_get_theirs_and_one_that_cannot_is_not_tried_again(manager, product):
    with transaction():
        for key in ("old", "gone"):
            original = files.put(phone.jpeg(1), ".jpg")
            photos.add_photo(manager, product.id, key, original)
    assert tasks.finish_photos() == 2 and tasks.stamp_old_photos() == 0
    with transaction():
        old, gone = db.session.query(Photo).filter(Photo.original.is_not(None)).order_by(Photo.id)
        made, old.file_160, gone.file_160, gone.file_jpeg = old.file_160, None, None, "p/00/gone.jpg"
    assert tasks.stamp_old_photos() == 2 and tasks.stamp_old_photos() == 0
    old, gone = db.session.query(Photo).filter(Photo.original.is_not(None)).order_by(Photo.id)
    assert opened(files.read(old.file_160)).size == opened(files.read(made)).size == (160, 160)
    assert gone.file_160 == ""


def test_a_photo_that_breaks_in_the_worker_says_so_and_is_not_tried_again(manager, product):
    photo_id = add(manager, product, phone.jpeg()[:5000])
    tasks.finish_photos()
    photo = db.session.get_one(Photo, photo_id)
    assert (photo.state, photo.work_state) == ("failed", "done") and "hỏng" in photo.error


def test_the_first_ready_photo_is_the_cover_and_can_be_changed(manager, product):
    first = product.photos[0].id
    second = add(manager, product)
    tasks.finish_photos()
    assert db.session.get_one(Photo, first).cover
    with transaction():
        photos.move_photo(manager, second, 0)
    assert db.session.get_one(Photo, second).cover and not db.session.get_one(Photo, first).cover
    assert queries.cards()[0].picture.webp[1][1].startswith("/media/p/")
    with transaction():
        photos.delete_photo(manager, second)
    assert [one.position for one in queries.photos(product.id)] == [0] and db.session.get_one(
        Photo, first
    ).cover


def test_a_product_on_sale_keeps_a_picture(manager, product):
    with pytest.raises(FormErrors), transaction():
        photos.delete_photo(manager, product.photos[0].id)
    assert queries.photos(product.id)


def test_a_photo_is_described_and_never_without_words(manager, product):
    suggested = "Miến dong từ xã Côn Minh, Thái Nguyên"
    for typed, kept in (("Gói miến <b>", "Gói miến <b>"), ("  ", suggested)):
        with transaction():
            photos.describe(manager, product.photos[0].id, typed)
        assert queries.photos(product.id)[0].alt == kept


def test_words_that_were_only_suggested_follow_the_shot_and_own_words_stay(manager, product):
    photo_id = add(manager, product)
    assert db.session.get_one(Photo, photo_id).alt == "Miến dong từ xã Côn Minh, Thái Nguyên"
    with transaction():
        photos.describe(manager, photo_id, "Miến dong từ xã Côn Minh, Thái Nguyên", Shot.BACK)
    assert db.session.get_one(Photo, photo_id).alt == "Nhãn mặt sau của Miến dong"
    with transaction():
        photos.describe(manager, photo_id, "Nhãn có số điện thoại hợp tác xã", Shot.FRONT)
    photo = db.session.get_one(Photo, photo_id)
    assert (photo.alt, photo.shot) == ("Nhãn có số điện thoại hợp tác xã", "front")


def again(manager, photo_id, data=None, key=None):
    original = files.put(data or phone.jpeg(3, phone.upright((640, 480))), ".bin")
    with transaction():
        return photos.replace_photo(manager, photo_id, key or secrets.token_hex(8), original).id


def test_a_photo_taken_again_takes_the_place_words_and_cover_of_the_old_one_when_it_is_ready(
    manager, product
):
    drawn, old = product.photos[0].id, add(manager, product)
    add(manager, product, phone.jpeg(1, phone.upright((400, 400))))
    tasks.finish_photos()
    with transaction():
        photos.move_photo(manager, old, 0)
        photos.describe(manager, old, "Bó miến", Shot.FRONT)
    new = again(manager, old, key="taken-again")
    assert again(manager, old, key="taken-again") == new  # the line broke, and it was sent twice
    assert db.session.get_one(Photo, old).cover  # buyers see the old one meanwhile
    assert [card.id for card in photo_set(product.id).cards][:2] == [old, drawn]
    assert photo_set(product.id).cards[0].again == "pending"
    tasks.finish_photos()
    first = queries.photos(product.id)[0]
    assert (first.id, first.alt, first.shot, first.cover, first.position) == (
        new,
        "Bó miến",
        "front",
        True,
        0,
    )
    assert db.session.get(Photo, old) is None and len(queries.photos(product.id)) == 3


def test_a_photo_that_cannot_be_taken_again_leaves_the_old_one(manager, product):
    old = product.photos[0].id
    again(manager, old, phone.jpeg()[:5000])
    tasks.finish_photos()
    card = photo_set(product.id).cards[0]
    assert (card.id, card.state, card.again) == (old, "ready", "failed")


def test_a_photo_taken_again_twice_is_the_second_one(manager, product):
    old = product.photos[0].id
    again(manager, old)
    last = again(manager, old, phone.jpeg(8, phone.upright((900, 700))))
    tasks.finish_photos()
    assert [one.id for one in queries.photos(product.id)] == [last]


def test_a_full_set_may_still_be_taken_again(manager, product):
    for _ in range(7):
        add(manager, product)
    assert again(manager, product.photos[0].id)
    assert len(photo_set(product.id).cards) == 8 and photo_set(product.id).room == 0


def test_the_set_says_which_shots_are_missing_and_which_pictures_are_poor(manager, product):
    with transaction():
        original = files.put(phone.jpeg(1, Image.new("RGB", (500, 400), (12, 12, 12))), ".bin")
        photos.add_photo(manager, product.id, "dark-front", original, shot=Shot.FRONT)
    tasks.finish_photos()
    found = photo_set(product.id)
    assert [one.shot for one in found.missing] == [Shot.BACK, Shot.HAND, Shot.INGREDIENTS, Shot.FIELD]
    assert [wrong for wrong, _remedy in found.faulty[0].faults] == [
        "Ảnh tối.", "Ảnh nhoè.", "Ảnh nhỏ, phóng lên không rõ.",
    ]  # fmt: skip
    assert found.steps == 1


def test_a_ninth_photo_is_refused(manager, product):
    for _ in range(7):
        add(manager, product)
    with pytest.raises(Invalid, match="8 ảnh"):
        add(manager, product)


def test_somebody_elses_photo_does_not_exist(product):
    stranger = manager_of(create_cooperative("HTX Khác"))
    for verb in (
        lambda: photos.delete_photo(stranger, product.photos[0].id),
        lambda: photos.move_photo(stranger, product.photos[0].id, 0),
        lambda: photos.describe(stranger, 10**9, "x"),
    ):
        with pytest.raises(NotFound), transaction():
            verb()
